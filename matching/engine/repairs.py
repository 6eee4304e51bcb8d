"""What can be changed in a problem so that a cell exists: levers, each a list of values from mild to drastic.

A change is plain data that the owner of the project understands as well::

    {"target": "problem", "field": "budget", "value": 21000}
    {"target": "seat", "position": 2, "field": "min_seniority", "value": 2}
    {"target": "seat", "position": 2, "field": "languages", "key": "en.speaking", "value": 4}
    {"target": "seat", "position": 2, "field": "language_evidence", "key": "en", "value": 0}
    {"target": "seat", "position": 2, "field": "skills", "skill": 12, "attribute": "level", "value": 3}
    {"target": "need", "position": 0, "field": "count", "value": 1}
    {"target": "pin", "ref": 107, "field": "removed", "value": true}
    {"target": "banned", "ref": 107, "field": "removed", "value": true}
    {"target": "earlier", "position": 0, "field": "most_in_common", "value": 3}

Positions are those of ``Problem.seats``, ``needs`` and ``earlier``. A language floor or skill level of 0 means
that the floor goes away. ``starts_on`` moves only the day by which people must be available: ``free_minutes`` and
``overlap_minutes`` were computed for the original dates and stay as they are, so after such a repair a new snapshot
decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching.engine.eligibility import language_floors
from matching.engine.outcome import Repair
from matching.engine.problem import Cefr, Country, Need, Problem, Seat, SkillFloor

# What one step of each kind is taken to cost, in dollars a month, to order repairs. A budget repair is its own price.
PRICES = {
    "language_floor": 400,
    "language_evidence": 200,
    "client_facing": 1_500,
    "seniority_floor": 300,
    "skill_level": 300,
    "skill_evidence": 200,
    "countries": 500,
    "overlap": 4,  # a minute a day
    "weekly_minutes": 1,
    "max_rate": 1,  # a dollar a month
    "start": 40,  # a day
    "need_level": 300,
    "need_evidence": 200,
    "need_count": 800,
    "need_dropped": 1_500,
    "bridges": 1_000,
    "specialists": 1_000,
    "routes": 600,
    "pin_removed": 350,
    "ban_removed": 350,
    "in_common": 100,
    "cell_size": 800,
    "seat_optional": 5_000,
}
SHORTEST_WEEK = 60  # minutes
LEAST_SHARE_OF_WEEK = 0.5  # below half of the asked hours a seat is another seat


@dataclass(frozen=True)
class Lever:
    """One thing to change, with its values from mild to drastic: whatever a value allows, the next one allows too.

    ``rule`` names the rule that the lever loosens, as a ``Conflict`` names it.
    """

    code: str
    rule: str
    change: dict[str, Any]
    values: tuple[int | list[int], ...]
    steps: tuple[int, ...]
    before: int | list[int] | None = None

    def repair(self, index: int) -> Repair:
        """The repair that sets the lever to its value at ``index``."""
        value = self.values[index]
        code = "need_dropped" if self.code == "need_count" and value == 0 else self.code
        price = PRICES[code] * (1 if code == "need_dropped" else self.steps[index])
        change = self.change | {"value": value}
        return Repair(code, change, price, {"before": self.before, "after": value, "rule": self.rule})


def apply_repair(problem: Problem, repair: Repair) -> Problem:
    """The problem with one change made. Raises ``ValueError`` for a change that does not fit the problem."""
    change = repair.change
    target, name, value = change["target"], change["field"], change["value"]
    try:
        if target == "problem":
            return replace(problem, **{name: value})
        if target == "seat":
            seat = _changed_seat(problem.seats[change["position"]], change)
            return replace(problem, seats=_put(problem.seats, change["position"], seat))
        if target == "need":
            need = replace(problem.needs[change["position"]], **{name: value})
            return replace(problem, needs=_put(problem.needs, change["position"], need))
        if target == "pin":
            return replace(problem, pins=tuple(pin for pin in problem.pins if pin.ref != change["ref"]))
        if target == "banned":
            return replace(problem, banned=tuple(ref for ref in problem.banned if ref != change["ref"]))
        if target == "earlier":
            cell = replace(problem.earlier[change["position"]], most_in_common=value)
            return replace(problem, earlier=_put(problem.earlier, change["position"], cell))
    except (IndexError, TypeError) as error:
        raise ValueError(f"a change that does not fit the problem: {change}") from error
    raise ValueError(f"a change of nothing that is known: {change}")


def _put(items: tuple[Any, ...], position: int, item: Any) -> tuple[Any, ...]:
    return (*items[:position], item, *items[position + 1 :])


def _changed_seat(seat: Seat, change: dict[str, Any]) -> Seat:
    name, value = change["field"], change["value"]
    if name in ("languages", "language_evidence"):
        floors = dict(getattr(seat, name)) | {change["key"]: value}
        kept: dict[str, Any] = {name: tuple((key, step) for key, step in floors.items() if step)}
        return replace(seat, **kept)
    if name == "skills":
        return replace(seat, skills=tuple(_changed_skills(seat.skills, change)))
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value}
    return replace(seat, **fields)


def _changed_skills(skills: tuple[SkillFloor, ...], change: dict[str, Any]) -> Iterator[SkillFloor]:
    for floor in skills:
        if floor.skill != change["skill"]:
            yield floor
        elif change["attribute"] != "level" or change["value"]:
            yield replace(floor, **{change["attribute"]: change["value"]})


def _down(
    code: str, rule: str, change: dict[str, Any], before: int, least: int, most_steps: int | None = None
) -> Iterator[Lever]:
    """A lever that goes down in steps of one."""
    values = tuple(range(before - 1, least - 1, -1))[:most_steps]
    if values:
        yield Lever(code, rule, change, values, tuple(before - value for value in values), before)


def _seat_levers(problem: Problem, position: int) -> Iterator[Lever]:
    seat, people = problem.seats[position], problem.market.people

    def change(name: str, **more: Any) -> dict[str, Any]:
        return {"target": "seat", "position": position, "field": name} | more

    for key, level in language_floors(problem, seat):
        least = Cefr.B2 if seat.client_facing and key == problem.bridge_language else 0
        rule = f"seat:{position}/language:{key}"
        yield from _down("language_floor", rule, change("languages", key=key), level, least)
    for language, step in seat.language_evidence:
        rule = f"seat:{position}/language_evidence:{language}"
        yield from _down("language_evidence", rule, change("language_evidence", key=language), step, 0)
    facing = dict(seat.languages).get(problem.bridge_language, 0) < Cefr.B2
    if seat.client_facing and facing:
        rule = f"seat:{position}/language:{problem.bridge_language}"
        yield Lever("client_facing", rule, change("client_facing"), (False,), (1,), True)
    yield from _down("seniority_floor", f"seat:{position}/seniority", change("min_seniority"), seat.min_seniority, 1)
    for floor in seat.skills:
        rule, skill = f"seat:{position}/skill:{floor.skill}", {"skill": floor.skill}
        yield from _down("skill_level", rule, change("skills", **skill, attribute="level"), floor.level, 0)
        evidence = change("skills", **skill, attribute="evidence")
        yield from _down("skill_evidence", rule, evidence, floor.evidence, 0)
    if set(seat.countries) != {Country.MEXICO, Country.UNITED_STATES}:
        everywhere = [Country.MEXICO, Country.UNITED_STATES]
        rule = f"seat:{position}/country"
        yield Lever("countries", rule, change("countries"), (everywhere,), (1,), list(seat.countries))
    lower = np.unique(people.overlap_minutes[people.overlap_minutes < seat.min_overlap_minutes])[::-1].tolist()
    if lower:
        rule, asked = f"seat:{position}/overlap", seat.min_overlap_minutes
        steps = tuple(asked - minutes for minutes in lower)
        yield Lever("overlap", rule, change("min_overlap_minutes"), tuple(max(0, m) for m in lower), steps, asked)
    yield from _hours_lever(seat, position, change("weekly_minutes"))
    yield from _rate_lever(problem, seat, position, change("max_rate_cents"))


def _hours_lever(seat: Seat, position: int, change: dict[str, Any]) -> Iterator[Lever]:
    asked = seat.weekly_minutes
    least = max(SHORTEST_WEEK, int(asked * LEAST_SHARE_OF_WEEK))
    values = tuple(range((asked - 1) // 60 * 60, least - 1, -60))
    if values:
        steps = tuple(asked - minutes for minutes in values)
        yield Lever("weekly_minutes", f"seat:{position}", change, values, steps, asked)


def _rate_lever(problem: Problem, seat: Seat, position: int, change: dict[str, Any]) -> Iterator[Lever]:
    if not seat.max_rate_cents:
        return
    rates = problem.market.people.rate_cents
    higher = np.unique(rates[rates > seat.max_rate_cents]).tolist()
    if higher:
        # Cents an hour as dollars a month: minutes/60 · 52/12 / 100.
        steps = tuple(max(1, (rate - seat.max_rate_cents) * seat.weekly_minutes * 13 // 18_000) for rate in higher)
        yield Lever("max_rate", f"seat:{position}/rate", change, tuple(higher), steps, seat.max_rate_cents)


def _need_levers(need: Need, position: int) -> Iterator[Lever]:
    if not need.count:
        return
    change, rule = {"target": "need", "position": position}, f"need:{position}"
    yield from _down("need_count", rule, change | {"field": "count"}, need.count, 0)
    yield from _down("need_level", rule, change | {"field": "level"}, need.level, 1)
    if need.skill is not None:
        yield from _down("need_evidence", rule, change | {"field": "evidence"}, need.evidence, 0)


def levers(problem: Problem) -> tuple[Lever, ...]:
    """Every single change worth trying, but for the budget and for leaving a seat empty."""
    found: list[Lever] = []
    change: dict[str, Any]
    for position in range(len(problem.seats)):
        found += _seat_levers(problem, position)
    for position, need in enumerate(problem.needs):
        found += _need_levers(need, position)
    whole = {"target": "problem"}
    found += _down("bridges", "bridges", whole | {"field": "bridges"}, problem.bridges, 0)
    found += _down("specialists", "specialists", whole | {"field": "specialists"}, problem.specialists, 0)
    days = problem.market.people.available_from
    later = np.unique(days[(days > problem.starts_on) & (days <= problem.ends_on)]).tolist()
    if later:
        steps = tuple(day - problem.starts_on for day in later)
        found.append(Lever("start", "start", whole | {"field": "starts_on"}, tuple(later), steps, problem.starts_on))
    if problem.allowed_routes & 0xFF != 0xFF:
        change = whole | {"field": "allowed_routes"}
        found.append(Lever("routes", "routes", change, (0xFF,), (1,), problem.allowed_routes))
    for ref in dict.fromkeys(pin.ref for pin in problem.pins):
        change = {"target": "pin", "ref": ref, "field": "removed"}
        found.append(Lever("pin_removed", f"pin:{ref}", change, (True,), (1,), ref))
    for ref in problem.banned:
        change = {"target": "banned", "ref": ref, "field": "removed"}
        found.append(Lever("ban_removed", f"banned:{ref}", change, (True,), (1,), ref))
    for position, cell in enumerate(problem.earlier):
        change = {"target": "earlier", "position": position, "field": "most_in_common"}
        values = tuple(range(cell.most_in_common + 1, len(cell.refs) + 1))
        if values:
            steps = tuple(value - cell.most_in_common for value in values)
            found.append(Lever("in_common", f"earlier:{position}", change, values, steps, cell.most_in_common))
    found += _down("cell_size", "size", whole | {"field": "least"}, problem.least, 0)
    places = sum(seat.most for seat in problem.seats)
    if 0 < problem.most < places:
        values = tuple(range(problem.most + 1, places + 1))
        steps = tuple(value - problem.most for value in values)
        found.append(Lever("cell_size", "most", whole | {"field": "most"}, values, steps, problem.most))
    return tuple(found)


def optional_seat(problem: Problem, position: int) -> Lever:
    """The last resort: the seat may stay empty."""
    change = {"target": "seat", "position": position, "field": "least"}
    return Lever("seat_optional", f"seat:{position}", change, (0,), (1,), problem.seats[position].least)


def budget_repair(problem: Problem, least_cost: int) -> Repair:
    """The budget raised to what the cheapest cell costs."""
    change = {"target": "problem", "field": "budget", "value": least_cost}
    more = least_cost - problem.budget
    return Repair(
        "budget", change, more, {"before": problem.budget, "after": least_cost, "more": more, "rule": "budget"}
    )

"""Why there is no cell, and the smallest changes that would allow one.

Three answers, from cheap to dear: seats and needs that nobody can fill, found without solving; a minimal set of rules
that cannot hold together, shrunk by deletion (Chinneck 2008, "Feasibility and Infeasibility in Optimization"); and
repairs, each at its mildest value, found by bisection and confirmed by solving again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from matching.engine import eligibility
from matching.engine.clock import Clock
from matching.engine.feasibility import EMPTY_ALLOWED, Questions, Unanswered
from matching.engine.outcome import Blocked, Conflict, Diagnosis, Limits, Repair
from matching.engine.problem import Cefr, Country, Problem
from matching.engine.repairs import Lever, apply_repair, budget_repair, levers, optional_seat

BOUNDLESS = 2**40  # dollars: no cell costs this much
SHARE_FOR_REPAIRS, SHARE_FOR_CONFLICT = 0.5, 0.25


def blocked(problem: Problem) -> tuple[Blocked, ...]:
    """Seats with fewer eligible people than they need, and needs with too few holders whom any seat would take."""
    found, everybody = [], len(problem.market.people)
    seated = np.zeros(everybody, bool)
    for position, seat in enumerate(problem.seats):
        rows = eligibility.eligible(problem, position)
        if seat.most:
            seated[rows] = True
        if len(rows) < seat.least:
            removed = eligibility.removals(problem, position)
            found.append(Blocked("seat", position, _last_rule(removed), removed))
    for position, need in enumerate(problem.needs):
        rows, counts = eligibility.everybody(problem), []
        for rule in eligibility.need_rules(problem, need):
            kept = rows[rule.passes(rows)]
            counts.append((rule.code, len(rows) - len(kept)))
            rows = kept
        counts.append(("seat", int((~seated[rows]).sum())))
        if int(seated[rows].sum()) < need.count:
            removed = tuple(counts)
            found.append(Blocked("need", position, _last_rule(removed), removed))
    return tuple(found)


def _last_rule(removed: tuple[tuple[str, int], ...]) -> str:
    """The last rule that removed anybody; ``market`` where there was nobody to remove."""
    return next((code for code, count in reversed(removed) if count), "market")


@dataclass(frozen=True)
class _Rule:
    """A rule of the problem that can be given up as a whole."""

    code: str
    give_up: Callable[[Problem], Problem]


def _seat_rules(problem: Problem, position: int) -> list[_Rule]:
    """A seat's floors one by one, and the seat itself: with its function, hours and contract it may stay empty."""

    def on_seat(code: str, **fields: object) -> _Rule:
        def give_up(given: Problem) -> Problem:
            seats = list(given.seats)
            seats[position] = replace(seats[position], **fields)  # type: ignore[arg-type]
            return replace(given, seats=tuple(seats))

        return _Rule(f"seat:{position}/{code}" if code else f"seat:{position}", give_up)

    def without(kind: str, name: str | int) -> _Rule:
        def give_up(given: Problem) -> Problem:
            seats, seat = list(given.seats), given.seats[position]
            if kind == "skill":
                seats[position] = replace(seat, skills=tuple(f for f in seat.skills if f.skill != name))
            elif kind == "language_evidence":
                shown = tuple(floor for floor in seat.language_evidence if floor[0] != name)
                seats[position] = replace(seat, language_evidence=shown)
            else:
                languages = tuple(floor for floor in seat.languages if floor[0] != name)
                facing = seat.client_facing and name != given.bridge_language
                seats[position] = replace(seat, languages=languages, client_facing=facing)
            return replace(given, seats=tuple(seats))

        return _Rule(f"seat:{position}/{kind}:{name}", give_up)

    seat, rules = problem.seats[position], []
    if seat.min_seniority > 1:
        rules.append(on_seat("seniority", min_seniority=1))
    if set(seat.countries) != {Country.MEXICO, Country.UNITED_STATES}:
        rules.append(on_seat("country", countries=(Country.MEXICO, Country.UNITED_STATES)))
    if seat.min_overlap_minutes > 0:
        rules.append(on_seat("overlap", min_overlap_minutes=0))
    if seat.max_rate_cents:
        rules.append(on_seat("rate", max_rate_cents=0))
    rules += [
        without("language", key) for key, level in eligibility.language_floors(problem, seat) if level > Cefr.NONE
    ]
    rules += [without("language_evidence", language) for language, step in seat.language_evidence if step]
    rules += [without("skill", floor.skill) for floor in seat.skills]
    if seat.least:
        rules.append(on_seat("", least=0))
    return rules


def rules_of(problem: Problem, size: int) -> tuple[_Rule, ...]:
    """Every rule that can be given up, those of least interest to a client first; ``size`` is the least size left."""

    def on_problem(code: str, **fields: object) -> _Rule:
        return _Rule(code, lambda given: replace(given, **fields))  # type: ignore[arg-type]

    def without_pin(ref: int) -> _Rule:
        return _Rule(
            f"pin:{ref}", lambda given: replace(given, pins=tuple(pin for pin in given.pins if pin.ref != ref))
        )

    def without_ban(ref: int) -> _Rule:
        return _Rule(f"banned:{ref}", lambda given: replace(given, banned=tuple(r for r in given.banned if r != ref)))

    def without_earlier(position: int) -> _Rule:
        def give_up(given: Problem) -> Problem:
            cell = replace(given.earlier[position], most_in_common=len(given.earlier[position].refs))
            return replace(given, earlier=(*given.earlier[:position], cell, *given.earlier[position + 1 :]))

        return _Rule(f"earlier:{position}", give_up)

    def without_need(position: int) -> _Rule:
        def give_up(given: Problem) -> Problem:
            need = replace(given.needs[position], count=0)
            return replace(given, needs=(*given.needs[:position], need, *given.needs[position + 1 :]))

        return _Rule(f"need:{position}", give_up)

    rules = [without_earlier(i) for i in range(len(problem.earlier))]
    rules += [without_ban(ref) for ref in problem.banned] + [
        without_pin(ref) for ref in dict.fromkeys(pin.ref for pin in problem.pins)
    ]
    rules += [on_problem("size", least=size)] if problem.least > size else []
    rules += [on_problem("most", most=0)] if problem.most else []
    rules += [on_problem("routes", allowed_routes=0xFF)] if problem.allowed_routes & 0xFF != 0xFF else []
    latest = int(problem.market.people.available_from.max(initial=problem.starts_on))
    rules += [on_problem("start", starts_on=latest)] if latest > problem.starts_on else []
    for position in range(len(problem.seats)):
        rules += _seat_rules(problem, position)
    rules += [on_problem("specialists", specialists=0)] if problem.specialists else []
    rules += [on_problem("bridges", bridges=0)] if problem.bridges else []
    rules += [without_need(i) for i, need in enumerate(problem.needs) if need.count]
    return (*rules, on_problem("budget", budget=BOUNDLESS))


def _given_up(problem: Problem, rules: Sequence[_Rule]) -> Problem:
    for rule in rules:
        problem = rule.give_up(problem)
    return problem


def _shrink(problem: Problem, rules: Sequence[_Rule], ask: Questions) -> tuple[_Rule, ...]:
    """A minimal subset of rules that no cell keeps while all others are given up; ``problem`` keeps ``rules`` only.

    Rules of one seat are first given up together, which saves most of the questions.
    """
    kept = list(rules)
    groups: dict[str, list[_Rule]] = {}
    for rule in rules:
        groups.setdefault(rule.code.split("/")[0], []).append(rule)
    for group in groups.values():
        candidate = _given_up(problem, group)
        if not ask.has_cell(candidate):
            problem, kept = candidate, [rule for rule in kept if rule not in group]
    for rule in [rule for rule in kept if len(groups[rule.code.split("/")[0]]) > 1]:
        candidate = rule.give_up(problem)
        if not ask.has_cell(candidate):
            problem = candidate
            kept.remove(rule)
    return tuple(kept)


def conflict(problem: Problem, ask: Questions) -> Conflict | None:
    """A minimal set of rules that cannot hold together, or None when even without any rule there is no cell."""
    rules = rules_of(problem, EMPTY_ALLOWED)
    if not ask.has_cell(_given_up(problem, rules)):
        return None
    return Conflict(tuple(rule.code for rule in _shrink(problem, rules, ask)))


def _mildest(problem: Problem, lever: Lever, ask: Questions) -> Repair | None:
    """The lever at the mildest value that makes the problem feasible, or None if no value does."""

    def suffices(index: int) -> bool:
        return ask.has_cell(apply_repair(problem, lever.repair(index)))

    if not suffices(len(lever.values) - 1):
        return None
    low, high = 0, len(lever.values) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle + 1, high)
    return lever.repair(low)


def _budget_repair(problem: Problem, ask: Questions) -> Repair | None:
    """The budget that the cheapest cell takes, if money alone is what lacks."""
    found = ask.cheapest(replace(problem, budget=BOUNDLESS))
    return budget_repair(problem, found.cost) if found.ended == "cell" and found.cost > problem.budget else None


def repairs(problem: Problem, ask: Questions) -> tuple[tuple[Repair, ...], bool]:
    """Every single repair at its mildest value, cheapest first, and whether all kinds were tried in time."""
    found, complete = [], True
    tries: list[Callable[[], Repair | None]] = [lambda: _budget_repair(problem, ask)]
    tries += [lambda lever=lever: _mildest(problem, lever, ask) for lever in levers(problem)]  # type: ignore[misc]
    for attempt in tries:
        try:
            repair = attempt()
        except Unanswered:
            complete = False
            continue
        if repair is not None:
            found.append(repair)
    return tuple(sorted(found, key=lambda repair: (repair.price, repair.code, str(repair.change)))), complete


def combination(problem: Problem, ask: Questions) -> tuple[Repair, ...]:
    """The fewest rules whose loosening makes a cell possible, each as mildly as the others allow; () if there are none.

    Whole seats are given up only where nothing else helps. Minimal conflicts are collected until a smallest set that
    hits all of them suffices (implicit hitting sets; Reiter 1987), so that no smaller set of rules can do.
    """
    every = rules_of(problem, 0)
    rules = tuple(rule for rule in every if rule.code not in _seat_codes(problem))
    if not ask.has_cell(_given_up(problem, rules)):
        rules = every
        if not ask.has_cell(_given_up(problem, rules)):
            return ()
    conflicts: list[frozenset[str]] = []
    while True:
        chosen = _smallest_hitting(conflicts)
        relaxed = [rule for rule in rules if rule.code in chosen]
        candidate = _given_up(problem, relaxed)
        if ask.has_cell(candidate):
            return _as_repairs(problem, chosen, ask)
        others = [rule for rule in rules if rule.code not in chosen]
        conflicts.append(frozenset(rule.code for rule in _shrink(candidate, others, ask)))


def _seat_codes(problem: Problem) -> set[str]:
    """The rules that say that a seat must be filled at all."""
    return {f"seat:{position}" for position in range(len(problem.seats))}


def _smallest_hitting(conflicts: list[frozenset[str]]) -> frozenset[str]:
    """A smallest set with a member in every conflict, the first in alphabetical order."""
    pool = sorted(frozenset().union(*conflicts))
    for size in range(len(pool) + 1):
        for chosen in combinations(pool, size):
            if all(conflict & set(chosen) for conflict in conflicts):
                return frozenset(chosen)
    return frozenset(pool)


def _as_repairs(problem: Problem, chosen: frozenset[str], ask: Questions) -> tuple[Repair, ...]:
    """Levers for rules that were given up as a whole, set one after the other to the mildest value that still does.

    A rule without a lever of its own strength (a client-facing floor, a seat) falls back on leaving its seat empty.
    """
    picked: list[Lever] = []
    for code in sorted(chosen - {"budget"}):
        fitting = [lever for lever in levers(problem) if lever.rule == code and lever.code != "weekly_minutes"]
        # Levers of one rule are alternatives; the most drastic one stands for the rule.
        strongest = [lever for lever in fitting if lever.code in ("skill_level", "need_count")] or fitting
        if not strongest and code.startswith("seat:"):
            strongest = [optional_seat(problem, int(code.split("/")[0].split(":")[1]))]
        picked += strongest[:1]
    base, done = problem, []
    for position, lever in enumerate(picked):
        rest = base
        for other in picked[position + 1 :]:
            rest = apply_repair(rest, other.repair(len(other.values) - 1))
        if "budget" in chosen:
            rest = replace(rest, budget=BOUNDLESS)
        repair = _mildest(rest, lever, ask)
        if repair is None and lever.rule.startswith("seat:"):
            repair = _mildest(rest, optional_seat(problem, int(lever.change["position"])), ask)
        if repair is None:
            return ()
        done.append(repair)
        base = apply_repair(base, repair)
    if "budget" in chosen:
        money = _budget_repair(base, ask)
        if money is None:
            return tuple(done) if ask.has_cell(base) else ()
        done.append(money)
    return tuple(done)


def diagnose(problem: Problem, limits: Limits = Limits()) -> Diagnosis:  # noqa: B008
    """Why an infeasible problem has no cell, and what would mend it, within ``limits.seconds``.

    Every repair is at its mildest, alone sufficient, and was confirmed by proving that a cell exists. A feasible
    problem gets an empty diagnosis.
    """
    clock = Clock(limits.seconds)
    ask = Questions(clock)
    try:
        if ask.has_cell(problem):
            return Diagnosis((), None, ())
    except Unanswered:
        return Diagnosis(blocked(problem), None, (), complete=False)
    stuck = blocked(problem)
    found, complete = repairs(problem, ask.before(Clock(limits.seconds * SHARE_FOR_REPAIRS)))
    core: Conflict | None = None
    together: tuple[Repair, ...] = ()
    try:
        core = conflict(problem, ask.before(Clock(min(clock.left, limits.seconds * SHARE_FOR_CONFLICT))))
        if not found and complete:
            together = combination(problem, ask)
            complete = bool(together)
    except Unanswered:
        complete = False
    return Diagnosis(stuck, core, found, complete, together)

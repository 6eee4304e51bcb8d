"""Reasons: facts about a cell, its members and its needs, as stable codes with numbers. Words are found elsewhere.

Of the cell: ``bridges``, ``specialists``, ``within_budget`` or ``budget_binding``, ``shared_hours``,
``worked_together``, ``given_up_for_cohesion``, ``proven_best`` or ``within_gap``. Of a need:
``covers_need``, ``thin_coverage`` (a must that only one member holds), ``sole_holder`` (a wish alike),
``wish_not_held``. Of a member: ``main_function``, ``above_seniority_floor``, ``language_above_floor``,
``starts_promptly``, ``bridge``, ``specialist``, ``pinned``, ``certificate_expires_soon``, ``runner_up`` (who would come
in their place), ``no_runner_up``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from matching.engine.eligibility import language_floors, posting_of
from matching.engine.instance import Placement, whole_points
from matching.engine.outcome import Cell, Reason
from matching.engine.problem import Cefr, Country, Problem
from matching.engine.runner_up import RunnerUp, View, runners_up

SOON = 90  # days after the end of the engagement within which an expiring certificate is worth a word
BINDING_SHARE = 0.02  # of the budget: what is left of it is less than this


def reasons(problem: Problem, cell: Cell, members: list[Placement], views: Sequence[View]) -> tuple[Reason, ...]:
    """Every fact worth telling about a cell; ``members`` are its (row, seat).

    ``views`` are where runners-up are looked for, the last one being the whole market.
    """
    found = [*_of_cell(problem, cell, members), *_of_needs(problem, cell)]
    for row, seat in sorted(members, key=lambda member: (member[1], member[0])):
        found += _of_member(problem, row, seat)
    ordered = sorted(members, key=lambda member: (member[1], member[0]))
    total = whole_points(views[-1].instance.evaluate(ordered))
    for member, other in zip(ordered, runners_up(views, ordered), strict=True):
        found.append(_runner_up(problem, member, other, total))
    return tuple(found)


def _of_cell(problem: Problem, cell: Cell, members: list[Placement]) -> Iterator[Reason]:
    people = problem.market.people
    left = problem.budget - cell.cost
    code = "budget_binding" if left < problem.budget * BINDING_SHARE else "within_budget"
    yield Reason(code, {"cost": cell.cost, "budget": problem.budget, "left": left})
    rows = np.array([row for row, _ in members], np.int32)
    yield Reason("shared_hours", {"least_minutes": int(people.overlap_minutes[rows].min(initial=1440))})
    spoken = people.languages.get(problem.bridge_language)
    fluent = 0 if spoken is None else int((spoken[rows] >= Cefr.C1).sum())
    if fluent:
        yield Reason("bridges", {"count": fluent, "asked": problem.bridges, "language": problem.bridge_language})
    abroad = int((people.country[rows] == Country.UNITED_STATES).sum())
    if abroad:
        yield Reason("specialists", {"count": abroad, "asked": problem.specialists})
    if cell.cohesion:
        yield Reason("worked_together", {"collaborations": cell.cohesion})
    if cell.best_value > cell.value:
        yield Reason("given_up_for_cohesion", {"points": cell.best_value - cell.value, "best": cell.best_value})
    if cell.status == "optimal":
        yield Reason("proven_best", {"bound": cell.bound})
    else:
        yield Reason("within_gap", {"value": cell.value, "bound": cell.bound, "gap": cell.gap})


def _of_needs(problem: Problem, cell: Cell) -> Iterator[Reason]:
    for need, line in zip(problem.needs, cell.coverage, strict=True):
        if line.responsible is None:
            yield Reason("wish_not_held", {"key": need.key}, need=line.need)
            continue
        data = {"key": need.key, "points": line.points, "holders": len(line.holders), "asked": need.count}
        yield Reason("covers_need", data, ref=line.responsible, need=line.need)
        if line.backup is None:
            code = "thin_coverage" if need.count else "sole_holder"
            yield Reason(
                code, {"key": need.key, "holders": 1, "asked": need.count}, ref=line.responsible, need=line.need
            )


def _of_member(problem: Problem, row: int, position: int) -> Iterator[Reason]:
    people, seat = problem.market.people, problem.seats[position]
    ref = int(people.ref[row])

    def fact(code: str, **data: object) -> Reason:
        return Reason(code, data, ref=ref, seat=position)

    if int(people.main_function[row]) == seat.function:
        yield fact("main_function", function=seat.function)
    seniority = int(people.seniority[row])
    if seniority > seat.min_seniority:
        yield fact("above_seniority_floor", asked=seat.min_seniority, found=seniority)
    for key, level in language_floors(problem, seat):
        spoken = int(people.languages[key][row]) if key in people.languages else 0
        if spoken > level:
            yield fact("language_above_floor", language=key, asked=level, found=spoken)
    bridge = people.languages.get(problem.bridge_language)
    if bridge is not None and int(bridge[row]) >= Cefr.C1:
        yield fact("bridge", language=problem.bridge_language, found=int(bridge[row]))
    if int(people.country[row]) == Country.UNITED_STATES:
        yield fact("specialist", country=Country.UNITED_STATES)
    weeks = (problem.starts_on - int(people.available_from[row])) // 7
    if weeks >= problem.policy.prompt_start_points > 0:
        yield fact("starts_promptly", weeks=weeks)
    if any(pin.ref == ref for pin in problem.pins):
        yield fact("pinned")
    for floor in seat.skills:
        posting = posting_of(problem, floor.skill)
        valid = int(posting.valid_through[np.searchsorted(posting.person, row)])
        if valid and valid <= problem.ends_on + SOON:
            yield fact("certificate_expires_soon", skill=floor.skill, valid_through=valid, ends_on=problem.ends_on)


def _runner_up(problem: Problem, member: Placement, found: RunnerUp | None, total: int) -> Reason:
    """Who would take the seat if this member were not there and nobody else moved, and how much less that is worth."""
    ref, seat = int(problem.market.people.ref[member[0]]), member[1]
    if found is None:
        return Reason("no_runner_up", {}, ref=ref, seat=seat)
    data = {
        "ref": int(problem.market.people.ref[found.row]),
        "points_less": total - whole_points(found.value),
        "cost": found.cost,
    }
    return Reason("runner_up", data, ref=ref, seat=seat)

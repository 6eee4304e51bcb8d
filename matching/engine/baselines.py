"""Yardsticks: what the market does today, and what an impatient program would do. Neither is offered to a client."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.instance import Instance, Placement, build
from matching.engine.outcome import Verdict
from matching.engine.problem import Problem
from matching.engine.verify import verify


@dataclass(frozen=True)
class Baseline:
    """``members`` as (ref, seat); the judge's ``verdict`` says whether the cell holds, what it costs and is worth."""

    members: tuple[tuple[int, int], ...]
    verdict: Verdict

    @property
    def feasible(self) -> bool:
        return self.verdict.holds

    @property
    def cost(self) -> int:
        return self.verdict.cost


def _judged(problem: Problem, chosen: list[Placement]) -> Baseline:
    refs = problem.market.people.ref
    members = tuple((int(refs[row]), seat) for row, seat in sorted(chosen, key=lambda member: (member[1], member[0])))
    return Baseline(members, verify(problem, members))


def best_single_hires(problem: Problem) -> Baseline:
    """Staff augmentation: seat after seat the best single hire of those left, blind to budget, needs and each other.

    The objective of a hire is the person's own fit and cost. Seats that nobody fits stay empty.
    """
    instance, chosen = build(problem), []
    taken = np.zeros(len(instance.people), bool)
    for position, seat in enumerate(instance.seats):
        for _ in range(max(seat.least, 1)):
            free = np.flatnonzero(~taken[seat.local])
            if len(free):
                best = int(seat.local[free[np.argmax(seat.value[free])]])
                taken[best] = True
                chosen.append((int(instance.people[best]), position))
    return _judged(problem, chosen)


def greedy(problem: Problem) -> Baseline:
    """Adds, one at a time, the pair that raises the objective most while the budget still lets the others be filled.

    It counts what a person earns for needs that nobody covers yet, but never takes a decision back.
    """
    instance = build(problem)
    chosen: list[Placement] = []
    open_places = [max(seat.least, 1) for seat in instance.seats]
    taken, spent = np.zeros(len(instance.people), bool), 0.0
    covered = [0.0] * len(instance.needs)
    while any(open_places):
        best = _best_addition(instance, open_places, taken, spent, covered)
        if best is None:
            break
        position, at = best
        seat = instance.seats[position]
        local = int(seat.local[at])
        taken[local], spent = True, spent + float(seat.cost[at])
        open_places[position] -= 1
        for number, need in enumerate(instance.needs):
            covered[number] = max(covered[number], float(need.lookup(seat.local[at : at + 1])[1][0]))
        chosen.append((int(instance.people[local]), position))
    return _judged(problem, chosen)


def _best_addition(
    instance: Instance,
    open_places: list[int],
    taken: np.ndarray[tuple[int], np.dtype[np.bool_]],
    spent: float,
    covered: list[float],
) -> tuple[int, int] | None:
    """(seat, position in its list) of the pair that adds most, or None if nothing fits."""
    cheapest = [float(seat.cost[~taken[seat.local]].min(initial=np.inf)) for seat in instance.seats]
    reserve = sum(cost * places for cost, places in zip(cheapest, open_places, strict=True) if places)
    best, found = -np.inf, None
    for position, seat in enumerate(instance.seats):
        if not open_places[position]:
            continue
        affordable = spent + reserve - cheapest[position] + seat.cost <= instance.budget
        candidates = np.flatnonzero(~taken[seat.local] & affordable)
        if not len(candidates):
            continue
        worth = seat.value[candidates].copy()
        for need, have in zip(instance.needs, covered, strict=True):
            worth += np.maximum(0.0, need.lookup(seat.local[candidates])[1] - have)
        top = int(np.argmax(worth))
        if worth[top] > best:
            best, found = float(worth[top]), (position, int(candidates[top]))
    return found

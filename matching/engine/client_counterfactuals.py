"""What one rule costs the client: the smallest change of it that admits a better cell, and by how much. All exact.

Loosening a rule can only admit more cells, so the best value rises step by step along a lever and the first step that
helps is found by bisection. Points stay those of the project as it stands: whoever a loosened floor lets in is judged
by the floor that was asked for, so that a cell is not called better because less was asked of it.
"""

from __future__ import annotations

from dataclasses import replace

from matching.engine.bounding import seed
from matching.engine.clock import Clock
from matching.engine.feasibility import Unanswered
from matching.engine.instance import Instance, Lists, build, whole_points
from matching.engine.model import Model
from matching.engine.optimum import Optimum, find_optimum, lacks_people
from matching.engine.outcome import BetterCell, Cell, ClientCounterfactuals, Limits, Repair
from matching.engine.pricing import NOTHING, Duals, bound
from matching.engine.problem import Problem
from matching.engine.repairs import apply_repair, budget_repair, levers


def best_cell(instance: Instance, clock: Clock) -> Optimum | None:
    """The proven optimum of an instance, None if it has no cell. Raises ``Unanswered`` when time runs out."""
    if lacks_people(instance):
        return None
    if clock.expired:
        raise Unanswered
    model = Model(instance)
    model.add_people(instance, seed(instance))
    found = find_optimum(instance, model, NOTHING, clock)
    if found.ended == "infeasible":
        return None
    if found.ended != "proven" or found.members is None:
        raise Unanswered
    return found


class _Better:
    """Which loosened problems have a better cell than the given one, and how good it is."""

    def __init__(self, problem: Problem, value: int, clock: Clock) -> None:
        self._problem, self._value, self._clock = problem, value, clock
        self._lists = Lists(scored_as=problem)
        self._prices: list[Duals] = []

    def value(self, changed: Problem) -> int | None:
        """The best value under changed rules if it exceeds the given one, else None."""
        if self._clock.expired:
            raise Unanswered
        instance = build(changed, self._lists, ties=False)
        shape = (len(instance.needs), len(instance.cuts))
        for prices in self._prices:
            # Any prices bound any problem of their shape, and those of its neighbors bound it well.
            if shape == (len(prices.best), len(prices.cuts)) and bound(instance, prices).value < self._value + 1:
                return None
        found = best_cell(instance, self._clock)
        if found is None:
            return None
        if found.given is not None:
            self._prices = [found.given.duals, *self._prices][:4]
        best = whole_points(found.value)
        return best if best > self._value else None

    def along(self, changes: list[Repair]) -> BetterCell | None:
        """The first of these changes, from mild to drastic, that admits a better cell."""
        most = self.value(apply_repair(self._problem, changes[-1]))
        if most is None:
            return None
        low, high, best = 0, len(changes) - 1, most
        while low < high:
            middle = (low + high) // 2
            value = self.value(apply_repair(self._problem, changes[middle]))
            if value is None:
                low = middle + 1
            else:
                high, best = middle, value
        return BetterCell(changes[low], best, best - self._value, most - self._value)

    def budget(self) -> BetterCell | None:
        """The least budget with a better cell: no cell costs more than the dearest people together."""
        dearest = build(replace(self._problem, budget=2**40), self._lists, ties=False).budget
        most = self.value(replace(self._problem, budget=dearest)) if dearest > self._problem.budget else None
        if most is None:
            return None
        low, high, best = self._problem.budget + 1, dearest, most
        while low < high:
            middle = (low + high) // 2
            value = self.value(replace(self._problem, budget=middle))
            if value is None:
                low = middle + 1
            else:
                high, best = middle, value
        return BetterCell(budget_repair(self._problem, low), best, best - self._value, most - self._value)


def counterfactuals_for_client(problem: Problem, cell: Cell, limits: Limits = Limits()) -> ClientCounterfactuals:  # noqa: B008
    """For each rule with a price, the mildest change that alone admits a cell worth more than ``cell``, cheapest first.

    ``cell`` is the best one of ``problem``, counted before cohesion spent its share; for an alternative, ``problem``
    must name the cells before it as ``earlier``. Rules that admit nothing better are left out. Takes at most about
    ``limits.seconds``.
    """
    better, complete, found = _Better(problem, cell.best_value, Clock(limits.seconds)), True, []
    tries = [better.budget]
    for lever in levers(problem):
        changes = [lever.repair(index) for index in range(len(lever.values))]
        tries.append(lambda changes=changes: better.along(changes))  # type: ignore[misc]
    for attempt in tries:
        try:
            answer = attempt()
        except Unanswered:
            complete = False
            continue
        if answer is not None:
            found.append(answer)
    found.sort(key=lambda entry: (entry.change.price, entry.change.code, str(entry.change.change)))
    return ClientCounterfactuals(cell.best_value, tuple(found), complete)

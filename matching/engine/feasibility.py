"""Whether a problem has a cell at all, asked many times over of problems that differ in one rule each.

Answers teach: a cell that was found is tried first on the next problem, and prices that proved one problem to have no
cell are tried on the next one too, since any prices are valid for any problem of that shape. Lists of eligible people
are kept as long as the rules behind them stay the same. What remains is asked of the cheapest cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np

from matching.engine.bounding import seed
from matching.engine.clock import Clock
from matching.engine.instance import Instance, Lists, build
from matching.engine.optimum import Cheapest, cheapest, lacks_people
from matching.engine.pricing import Duals, bound
from matching.engine.problem import Problem
from matching.engine.verify import verify

EMPTY_ALLOWED = -1  # as the least size, in questions only: even a cell of nobody would do
MOST_WITNESSES = 6
MOST_PROOFS = 8

Members = tuple[tuple[int, int], ...]


class Unanswered(Exception):
    """A question whether a cell exists was not answered in time."""


@dataclass
class _Memory:
    """What earlier answers left behind: lists of people, cells by (ref, seat), and prices by (needs, cuts)."""

    lists: Lists = field(default_factory=Lists)
    witnesses: list[Members] = field(default_factory=list)
    proofs: dict[tuple[int, int], list[Duals]] = field(default_factory=dict)


class Questions:
    """Questions about problems over one market, to be answered before ``clock`` is over."""

    def __init__(self, clock: Clock, memory: _Memory | None = None) -> None:
        self.clock = clock
        self._memory = memory or _Memory()

    def before(self, clock: Clock) -> Questions:
        """The same questioner, with what it has learned, under another clock."""
        return Questions(clock, self._memory)

    def instance(self, problem: Problem) -> Instance:
        return build(problem, self._memory.lists, ties=False)

    def has_cell(self, problem: Problem) -> bool:
        """Whether any cell exists. Raises ``Unanswered`` when that stays open."""
        if self.clock.expired:
            self.give_up()
        if is_vacuous(problem) or any(verify(problem, members).holds for members in self._memory.witnesses):
            return True
        instance = self.instance(problem)
        if lacks_people(instance):
            return False
        shape = (len(instance.needs), len(instance.cuts))
        if any(bound(instance, duals).value < 0 for duals in self._memory.proofs.get(shape, ())):
            return False
        few = _few_of(instance)
        found = Cheapest("stopped") if lacks_people(few) else cheapest(few, self.clock, limit=instance.budget)
        if found.members is None:
            found = cheapest(instance, self.clock, limit=instance.budget)
        self._learn(problem, instance, found)
        if found.ended == "stopped":
            self.give_up()
        return found.members is not None

    def cheapest(self, problem: Problem) -> Cheapest:
        """The cheapest cell at any budget. Raises ``Unanswered`` when it is not known in time."""
        if self.clock.expired:
            self.give_up()
        instance = self.instance(problem)
        found = cheapest(instance, self.clock, limit=None)
        if found.ended not in ("cell", "infeasible"):
            self.give_up()
        self._learn(problem, instance, found)
        return found

    def give_up(self) -> NoReturn:
        raise Unanswered

    def _learn(self, problem: Problem, instance: Instance, found: Cheapest) -> None:
        if found.members is not None:
            refs = problem.market.people.ref
            members = tuple((int(refs[row]), seat) for row, seat in found.members)
            self._memory.witnesses = [members, *self._memory.witnesses][:MOST_WITNESSES]
        elif found.contradiction is not None:
            shape = (len(instance.needs), len(instance.cuts))
            known = self._memory.proofs.get(shape, [])
            self._memory.proofs[shape] = [found.contradiction, *known][:MOST_PROOFS]


def _few_of(instance: Instance) -> Instance:
    """The people worth starting from: where a cell is easy to find, it is found among them."""
    chosen = np.zeros(len(instance.people), bool)
    chosen[seed(instance)] = True
    return instance.restrict([chosen[seat.local] for seat in instance.seats])


def is_vacuous(problem: Problem) -> bool:
    """Nothing is asked any more, not even a member: every seat may stay empty and nothing must be covered."""
    return (
        problem.least == EMPTY_ALLOWED
        and all(seat.least == 0 for seat in problem.seats)
        and not any(need.count for need in problem.needs)
        and not (problem.bridges or problem.specialists or problem.pins)
    )

"""Exact search of a band: depth first over seats, in blocks of partial cells, the best bound first.

The bound of a partial cell is the Lagrangian, from which is subtracted, on the way down, every slack that can no longer
vanish: gains counted twice, surplus holders, overlap with earlier cells that can no longer be used up, budget that can
no longer be spent. Leaves are evaluated exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.engine import kernel
from matching.engine.clock import Clock
from matching.engine.instance import Floats, Instance, Placement
from matching.engine.knapsack import choice, purse
from matching.engine.pricing import NOTHING, Duals, constant, price

FIRST_BLOCK = 64
LARGEST_BLOCK = 8_192
CHILDREN_AT_ONCE = 60_000  # bounds the memory of one expansion
VERY_FEW_PAIRS, FEW_PAIRS = 60, 300  # up to so many, tables of money are not worth their while
DIVE_PAIRS = 64  # of a seat that a dive looks at for each partial cell
# Partial cells; beyond this it pays to divide the band and to bound its parts anew.
NODES_OF_A_BRANCH = 60_000 if kernel.COMPILED is None else 500_000

Integers = NDArray[np.int64]
_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True)
class Found:
    """``members`` of the best cell worth at least the target, or None; ``open_bound``: what was left unsearched."""

    members: list[Placement] | None
    value: float
    finished: bool
    open_bound: float
    nodes: int


@dataclass(frozen=True)
class _Block:
    """Partial cells with the same seats filled; every array has one row per partial cell."""

    chosen: Integers
    worth: Floats
    double: Floats
    spent: Floats
    top: Floats
    held: Integers
    common: Integers

    def take(self, rows: Integers) -> _Block:
        return _Block(
            self.chosen[rows],
            self.worth[rows],
            self.double[rows],
            self.spent[rows],
            self.top[rows],
            self.held[rows],
            self.common[rows],
        )


class _Search:
    """One run over one instance of single places: seats by length of their lists, pairs by descending worth."""

    def __init__(self, instance: Instance, duals: Duals, target: float, clock: Clock, nodes: int) -> None:
        self._clock, self._duals, self._unit, self._most_nodes = clock, duals, instance.unit, nodes
        self._best, self._best_chosen = target - instance.unit, None
        self._open, self._finished, self.nodes = NOTHING, True, 0
        worth = price(instance, duals)
        seats = instance.seats
        self._order = np.argsort([len(seat.local) for seat in seats], kind="stable")
        ranks = [np.argsort(-worth[s], kind="stable") for s in self._order]
        self._start = np.concatenate([[0], np.cumsum([len(rank) for rank in ranks])]).astype(np.int64)

        def joined(arrays: list[NDArray[_Number]]) -> NDArray[_Number]:
            return np.concatenate([array[rank] for array, rank in zip(arrays, ranks, strict=True)])

        self._person = joined([seats[s].local for s in self._order])
        self._worth = joined([worth[s] for s in self._order])
        self._cost = joined([seats[s].cost for s in self._order])
        self._value = joined([seats[s].value for s in self._order])
        everyone = np.arange(len(instance.people), dtype=np.int32)
        looked_up = [need.lookup(everyone) for need in instance.needs]
        shape = (len(instance.needs), len(everyone))
        self._gain = np.array([gain for _, gain in looked_up]).reshape(shape).T.copy()
        self._holds = np.array([holds for holds, _ in looked_up], np.int64).reshape(shape).T.copy()
        self._in_cut = np.zeros((len(everyone), len(instance.cuts)), np.int64)
        for position, cut in enumerate(instance.cuts):
            self._in_cut[instance.cut_members(cut), position] = 1
        self._count = np.array([need.count for need in instance.needs], np.int64)
        self._most = np.array([cut.most for cut in instance.cuts], np.int64)
        self._cut_price = np.zeros(len(instance.cuts))
        self._cut_price[: len(duals.cuts)] = duals.cuts
        self._budget, self._constant = float(instance.budget), constant(instance, duals)
        self._look_ahead()
        self._look_at_money()
        self._people = instance.people

    def _look_ahead(self) -> None:
        """What the seats after each one can still bring: worth, least and most cost, holders, strength."""
        depth, needs = len(self._start) - 1, len(self._count)
        self._later, self._cheapest, self._dearest = np.zeros(depth), np.zeros(depth), np.zeros(depth)
        self._seats_holding = np.zeros((depth, needs), np.int64)
        self._later_top = np.zeros((depth, needs))
        for s in range(depth - 2, -1, -1):
            following = slice(self._start[s + 1], self._start[s + 2])
            people = self._person[following]
            self._later[s] = self._later[s + 1] + self._worth[following].max()
            self._cheapest[s] = self._cheapest[s + 1] + self._cost[following].min()
            self._dearest[s] = self._dearest[s + 1] + self._cost[following].max()
            self._seats_holding[s] = self._seats_holding[s + 1] + self._holds[people].max(0)
            self._later_top[s] = np.maximum(self._later_top[s + 1], self._gain[people].max(0))

    def _look_at_money(self) -> None:
        """What the seats after each one bring at most for every step of money, with and without the people of each cut.

        Where there is little to search the tables cost more than they save, and bound nothing.
        """
        depth, pairs = len(self._start) - 1, len(self._person)
        least = [self._cost[a:b].min() for a, b in pairwise(self._start.tolist())]
        money = purse(self._budget, float(np.sum(least)))
        self._step, self._tail = money.step, np.full((depth, money.steps), np.inf)
        self._apart = np.full((len(self._most), depth, money.steps), np.inf)
        if pairs <= VERY_FEW_PAIRS:
            return
        self._tail[-1], self._apart[:, -1] = 0.0, 0.0
        for s in range(depth - 2, -1, -1):
            following = slice(self._start[s + 1], self._start[s + 2])
            unpriced = self._worth[following] + self._duals.budget * self._cost[following]
            extra = self._cost[following] - least[s + 1]
            self._tail[s] = choice(money, extra, unpriced).added_to(self._tail[s + 1])
            for cut in range(len(self._most) if pairs > FEW_PAIRS else 0):
                other = self._in_cut[self._person[following], cut] == 0
                self._apart[cut, s] = choice(money, extra[other], unpriced[other]).added_to(self._apart[cut, s + 1])

    def run_compiled(self, descend: kernel.Kernel) -> Found:
        """The same by the loop in ``kernel``; the clock is looked at before it only."""
        if self._clock.expired:
            return Found(None, NOTHING, False, self._constant + self._later_and_first(), 0)
        band = kernel.Band(
            start=self._start,
            person=self._person.astype(np.int64),
            worth=self._worth,
            cost=self._cost,
            value=self._value,
            gain=self._gain,
            holds=self._holds,
            in_cut=self._in_cut,
            asked=self._count,
            most=self._most,
            best_price=self._duals.best,
            cover_price=self._duals.cover,
            cut_price=self._cut_price,
            budget_price=self._duals.budget,
            budget=self._budget,
            constant=self._constant,
            later=self._later,
            cheapest=self._cheapest,
            dearest=self._dearest,
            seats_holding=self._seats_holding,
            later_top=self._later_top,
            tail=self._tail,
            apart=self._apart,
            step=self._step,
        )
        best, chosen, self.nodes, finished = descend(band, self._best, self._unit, self._most_nodes)
        open_bound = NOTHING if finished else self._constant + self._later_and_first()
        members = None if chosen[0] < 0 else self._members(chosen)
        return Found(members, NOTHING if members is None else float(best), bool(finished), open_bound, self.nodes)

    def _later_and_first(self) -> float:
        """The worth that all seats together can bring at most."""
        return float(self._later[0] + self._worth[: self._start[1]].max())

    def _members(self, chosen: Integers) -> list[Placement]:
        seat_of = np.searchsorted(self._start, chosen, side="right") - 1
        members = [
            (int(self._people[self._person[pair]]), int(self._order[seat]))
            for seat, pair in zip(seat_of, chosen, strict=True)
        ]
        return sorted(members, key=lambda member: member[1])

    def _root(self) -> _Block:
        """The cell with no seat filled."""
        needs, cuts = len(self._count), len(self._most)
        return _Block(
            chosen=np.zeros((1, 0), np.int64),
            worth=np.zeros(1),
            double=np.zeros(1),
            spent=np.zeros(1),
            top=np.zeros((1, needs)),
            held=np.zeros((1, needs), np.int64),
            common=np.zeros((1, cuts), np.int64),
        )

    def run(self) -> Found:
        self._descend(0, self._root(), np.full(1, np.inf))
        if self._best_chosen is None:
            return Found(None, NOTHING, self._finished, self._open, self.nodes)
        members = self._members(self._best_chosen)
        return Found(members, self._best, self._finished, self._open, self.nodes)

    def dive(self, width: int) -> Found:
        """A good cell, not proven best: of the partial cells at each seat the ``width`` of highest bound go on."""
        block = self._root()
        for seat in range(len(self._start) - 1):
            count = np.minimum(self._admissible(seat, block), DIVE_PAIRS)
            block, bounds = self._children(seat, block, count)
            if not len(bounds):
                break
            if seat == len(self._start) - 2:
                self._close(block)
                break
            keep = np.argsort(-bounds, kind="stable")[:width]
            block = block.take(keep)
        members = None if self._best_chosen is None else self._members(self._best_chosen)
        return Found(members, NOTHING if members is None else self._best, False, np.inf, self.nodes)

    def _descend(self, seat: int, block: _Block, bounds: Floats) -> None:
        """Expands partial cells, sorted by descending bound, in batches; notes what is left open when time runs out."""
        at, width = 0, FIRST_BLOCK
        while at < len(bounds):
            if bounds[at] < self._best + self._unit:
                return
            if not self._finished or self._clock.expired or self.nodes > self._most_nodes:
                self._finished = False
                self._open = max(self._open, float(bounds[at]))
                return
            rows = np.arange(at, min(at + width, len(bounds)))
            count = self._admissible(seat, block.take(rows))
            fit = max(1, int(np.searchsorted(np.cumsum(count), CHILDREN_AT_ONCE, side="right")))
            rows, count = rows[:fit], count[:fit]
            at, width = at + fit, min(4 * width, LARGEST_BLOCK)
            self._expand(seat, block.take(rows), count)

    def _admissible(self, seat: int, block: _Block) -> Integers:
        """How many pairs of the seat, from the best down, each partial cell could take and still beat the best."""
        worth = self._worth[self._start[seat] : self._start[seat + 1]]
        needed = self._best + self._unit - self._constant - self._later[seat] - block.worth + block.double
        count: Integers = np.searchsorted(-worth, -needed, side="right").astype(np.int64)
        return count

    def _expand(self, seat: int, block: _Block, count: Integers) -> None:
        child, bounds = self._children(seat, block, count)
        if seat == len(self._start) - 2:
            self._close(child)
        elif len(bounds):
            order = np.argsort(-bounds, kind="stable")
            self._descend(seat + 1, child.take(order), bounds[order])

    def _children(self, seat: int, block: _Block, count: Integers) -> tuple[_Block, Floats]:
        """Each partial cell with each of its ``count`` first pairs, where that can still be better, and the bounds."""
        total = int(count.sum())
        self.nodes += total
        parent = np.repeat(np.arange(len(count)), count)
        pair = self._start[seat] + np.arange(total) - np.repeat(np.cumsum(count) - count, count)
        ahead = self._ahead(seat, (self._budget - block.spent)[parent] - self._cost[pair])
        hopeful = ahead + block.worth[parent] + self._worth[pair] >= self._goal + block.double[parent]
        fits = np.flatnonzero(hopeful & (ahead > NOTHING))
        parent, pair, ahead = parent[fits], pair[fits], ahead[fits]
        person = self._person[pair]
        new = np.ones(len(pair), bool)
        for earlier in range(seat):
            new &= self._person[block.chosen[parent, earlier]] != person
        parent, pair, ahead = parent[new], pair[new], ahead[new]
        child, bounds, better = self._judge(seat, block, parent, pair, ahead)
        keep = np.flatnonzero(better)
        return child.take(keep), bounds[keep]

    @property
    def _goal(self) -> float:
        """What a partial cell and the seats ahead must bring to beat the best cell."""
        return self._best + self._unit - self._constant

    def _ahead(self, seat: int, left: Floats) -> Floats:
        """What the seats after this one bring at most with so much money left, unspent money counted as it is priced.

        Nothing where not even the cheapest could be paid.
        """
        steps = self._steps(seat, left)
        poor = steps < 0
        steps[poor] = 0
        price = self._duals.budget
        found: Floats = self._tail[seat][steps] - price * left
        np.minimum(found, self._later[seat] - price * np.maximum(0.0, left - self._dearest[seat]), out=found)
        found[poor] = NOTHING
        return found

    def _steps(self, seat: int, left: Floats) -> Integers:
        """So much money as whole steps above what the seats after this one cost at least, below zero if too little."""
        steps: Integers = ((left - self._cheapest[seat]) // self._step).astype(np.int64)
        return steps

    def _judge(
        self, seat: int, block: _Block, parent: Integers, pair: Integers, ahead: Floats
    ) -> tuple[_Block, Floats, NDArray[np.bool_]]:
        """The children, their bounds, and which of them can still become a cell better than the best."""
        duals, left = self._duals, len(self._start) - 2 - seat
        person = self._person[pair]
        gain, top = self._gain[person], block.top[parent]
        held, common = block.held[parent] + self._holds[person], block.common[parent] + self._in_cut[person]
        double = block.double[parent] + np.maximum(0.0, np.minimum(gain, top) - duals.best).sum(1)
        top = np.maximum(top, gain)
        spent = block.spent[parent] + self._cost[pair]
        worth = block.worth[parent] + self._worth[pair]
        loss = (duals.cover * np.maximum(0, held - self._count)).sum(1)
        loss += np.maximum(0.0, duals.best - np.maximum(top, self._later_top[seat])).sum(1)
        fits = (held + self._seats_holding[seat] >= self._count).all(1)
        if len(self._most):
            fits &= (common <= self._most).all(1)
            loss += (self._cut_price * np.maximum(0, self._most - common - left)).sum(1)
            for cut in range(len(self._most)):
                used_up = np.flatnonzero(common[:, cut] == self._most[cut])
                if len(used_up):
                    money = self._budget - spent[used_up]
                    apart = self._apart[cut, seat][self._steps(seat, money)] - duals.budget * money
                    ahead[used_up] = np.minimum(ahead[used_up], apart)
        bounds = self._constant + worth + ahead - double - loss
        fits &= bounds >= self._best + self._unit
        chosen = np.column_stack([block.chosen[parent], pair])
        return _Block(chosen, worth, double, spent, top, held, common), bounds, fits

    def _close(self, cells: _Block) -> None:
        """Complete cells: keeps the best, exactly evaluated."""
        if not len(cells.chosen):
            return
        exact = self._value[cells.chosen].sum(1) + cells.top.sum(1)
        winner = int(np.argmax(exact))
        if exact[winner] >= self._best + self._unit:
            self._best, self._best_chosen = float(exact[winner]), cells.chosen[winner]


def search(
    instance: Instance,
    duals: Duals,
    target: float,
    clock: Clock,
    nodes: int = NODES_OF_A_BRANCH,
    descend: kernel.Kernel | None = kernel.COMPILED,
) -> Found:
    """The best cell of the instance worth at least ``target``, and whether the search was finished.

    Needs an instance of single places. It stops after ``nodes`` partial cells or when the time is over, and says in
    ``open_bound`` what it may have missed at most. Without ``descend`` it goes in blocks of numpy.
    """
    if any(not len(seat.local) for seat in instance.seats):
        return Found(None, NOTHING, True, NOTHING, 0)
    prepared = _Search(instance, duals, target, clock, nodes)
    return prepared.run() if descend is None else prepared.run_compiled(descend)


def dive(instance: Instance, duals: Duals, target: float, width: int, clock: Clock) -> Found:
    """A good cell worth at least ``target`` in little time, not proven best: ``width`` partial cells at each seat."""
    if any(not len(seat.local) for seat in instance.seats):
        return Found(None, NOTHING, True, NOTHING, 0)
    return _Search(instance, duals, target, clock, 0).dive(width)

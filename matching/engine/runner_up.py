"""Who would come in the place of a member if nobody else moved: exactly, and without looking at everybody.

A cell with one member exchanged is a cell like any other, so no exchange is worth more than the bound of the pair that
comes in. Pairs are looked at from the highest bound down, until the best exchange found beats every bound left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.instance import Instance, Placement
from matching.engine.pricing import NOTHING, Bound

FIRST_PAIRS = 256
WIDENING = 8


@dataclass(frozen=True)
class RunnerUp:
    """``row`` of the market, the ``value`` of the cell with them (in units of the instance), and their own cost."""

    row: int
    value: float
    cost: int


@dataclass(frozen=True)
class View:
    """A part of the market: ``bound`` prices its pairs (None where nothing is known), ``outside`` bounds every cell
    with any other pair."""

    instance: Instance
    bound: Bound | None
    outside: float


class _Members:
    """What a cell has of each member, in one view: worth, cost, needs held and their gains, and who is in which cut."""

    def __init__(self, view: View, members: list[Placement]) -> None:
        self.view, instance = view, view.instance
        self.local = instance.locate(np.array([row for row, _ in members], np.int32))[0]
        pairs = [instance.pair(member) for member in members]
        self.value, self.cost = (np.array(column) for column in zip(*pairs, strict=True))
        looked_up = [need.lookup(self.local) for need in instance.needs]
        shape = (len(instance.needs), len(members))
        self.holds = np.array([holds for holds, _ in looked_up], bool).reshape(shape)
        self.gain = np.array([gain for _, gain in looked_up]).reshape(shape)
        rows = instance.people[self.local]
        counted = [np.ones(len(rows), bool) if cut.rows is None else np.isin(rows, cut.rows) for cut in instance.cuts]
        self.counted = np.array(counted, bool).reshape(len(instance.cuts), len(members))

    def without(self, leaving: int, position: int) -> _Rest:
        """What the cell still has when one of them leaves a seat."""
        stay = np.arange(len(self.local)) != leaving
        return _Rest(
            instance=self.view.instance,
            position=position,
            taken=self.local,
            spent=float(self.cost[stay].sum()),
            value=float(self.value[stay].sum()),
            held=self.holds[:, stay].sum(1).tolist(),
            top=self.gain[:, stay].max(1, initial=0.0).tolist(),
            common=self.counted[:, stay].sum(1).tolist(),
        )


@dataclass(frozen=True)
class _Rest:
    """The members who stay, and what the cell still has of them; ``taken`` are all of its people, by local number."""

    instance: Instance
    position: int
    taken: NDArray[np.int32]
    spent: float
    value: float
    held: list[int]
    top: list[float]
    common: list[int]

    def best(self, at: NDArray[np.intp]) -> RunnerUp | None:
        """The best exchange among some pairs of the seat, or None if no rule-abiding one is there."""
        instance, seat = self.instance, self.instance.seats[self.position]
        # Rules that most people break come first: only who is left is asked for strength.
        at = at[seat.cost[at] + self.spent <= instance.budget]
        for person in self.taken.tolist():
            at = at[seat.local[at] != person]
        for need, held in zip(instance.needs, self.held, strict=True):
            if held < need.count:
                at = at[held + need.lookup(seat.local[at])[0] >= need.count]
        for cut, common in zip(instance.cuts, self.common, strict=True):
            if common >= cut.most and len(at):
                counted = cut.rows is None or np.isin(instance.people[seat.local[at]], cut.rows)
                at = at[common + np.broadcast_to(counted, at.shape) <= cut.most]
        if not len(at):
            return None
        worth = seat.value[at] + self.value
        for need, top in zip(instance.needs, self.top, strict=True):
            worth += np.maximum(need.lookup(seat.local[at])[1], top)
        best = int(np.argmax(worth))
        return RunnerUp(int(instance.people[seat.local[at[best]]]), float(worth[best]), int(seat.cost[at[best]]))


def runners_up(views: Sequence[View], members: list[Placement]) -> list[RunnerUp | None]:
    """The best person for the place of each member while all others stay, None where nobody fits.

    Views are tried in their order until one settles it; the last one must be of the whole market.
    """
    usable = [view for view in views if all(view.instance.holds(member) for member in members)]
    known = [_Members(view, members) for view in usable]
    found: list[RunnerUp | None] = []
    for leaving, (_, position) in enumerate(members):
        best: RunnerUp | None = None
        for given in known:
            best = _best_in(given.view, given.without(leaving, position))
            if given.view.outside == NOTHING or (best is not None and best.value >= given.view.outside):
                break
        found.append(best)
    return found


def _best_in(view: View, rest: _Rest) -> RunnerUp | None:
    size = pairs = len(view.instance.seats[rest.position].local)
    if view.bound is not None and pairs > FIRST_PAIRS:
        size, upper = FIRST_PAIRS, view.bound.upper_of(rest.position)
        while size < pairs:
            order = np.argpartition(-upper, size)
            found = rest.best(np.sort(order[:size]))
            if found is not None and found.value >= upper[order[size]]:
                return found
            size *= WIDENING
    return rest.best(np.arange(pairs))

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


class _Rest:
    """The members who stay, and what the cell still has of them."""

    def __init__(self, instance: Instance, members: list[Placement], leaving: Placement) -> None:
        self.instance, self.position = instance, leaving[1]
        staying = [member for member in members if member != leaving]
        local = instance.locate(np.array([row for row, _ in members], np.int32))[0]
        self.local = instance.locate(np.array([row for row, _ in staying], np.int32))[0]
        self.taken = local
        pairs = [instance.pair(member) for member in staying]
        self.spent = sum(cost for _, cost in pairs)
        self.value = sum(value for value, _ in pairs)
        looked_up = [need.lookup(self.local) for need in instance.needs]
        self.held = [int(holds.sum()) for holds, _ in looked_up]
        self.top = [float(gain.max(initial=0.0)) for _, gain in looked_up]
        self.common = [
            len(self.local) if cut.rows is None else int(np.isin(instance.people[self.local], cut.rows).sum())
            for cut in instance.cuts
        ]

    def best(self, at: NDArray[np.intp]) -> RunnerUp | None:
        """The best exchange among some pairs of the seat, or None if no rule-abiding one is there."""
        instance, seat = self.instance, self.instance.seats[self.position]
        # Rules that most people break come first: only who is left is asked for strength.
        at = at[seat.cost[at] + self.spent <= instance.budget]
        at = at[~np.isin(seat.local[at], self.taken)]
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


def runner_up(views: Sequence[View], members: list[Placement], leaving: Placement) -> RunnerUp | None:
    """The best person for the place of ``leaving`` while all others stay, or None if nobody fits.

    Views are tried in their order until one settles it; the last one must be of the whole market.
    """
    for view in views:
        if all(view.instance.holds(member) for member in members):
            found = _best_in(view, members, leaving)
            if view.outside == NOTHING or (found is not None and found.value >= view.outside):
                return found
    return None


def _best_in(view: View, members: list[Placement], leaving: Placement) -> RunnerUp | None:
    rest = _Rest(view.instance, members, leaving)
    size = pairs = len(view.instance.seats[leaving[1]].local)
    if view.bound is not None and pairs > FIRST_PAIRS:
        size, upper = FIRST_PAIRS, view.bound.upper_of(leaving[1])
        while size < pairs:
            order = np.argpartition(-upper, size)
            found = rest.best(np.sort(order[:size]))
            if found is not None and found.value >= upper[order[size]]:
                return found
            size *= WIDENING
    return rest.best(np.arange(pairs))

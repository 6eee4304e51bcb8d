"""Who would come in the place of a member if nobody else moved: exactly, and without looking at everybody.

A cell with one member exchanged is a cell like any other, so no exchange is worth more than the bound of the pair that
comes in. Pairs are looked at from the highest bound down, until the best exchange found beats every bound left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.instance import Floats, Instance, Placement

FIRST_PAIRS = 256
WIDENING = 8


@dataclass(frozen=True)
class RunnerUp:
    """``row`` of the market, the ``value`` of the cell with them (in units of the instance), and their own cost."""

    row: int
    value: float
    cost: int


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
        local, worth = seat.local[at], seat.value[at] + self.value
        fits = ~np.isin(local, self.taken) & (seat.cost[at] + self.spent <= instance.budget)
        for need, held, top in zip(instance.needs, self.held, self.top, strict=True):
            holds, gain = need.lookup(local)
            worth += np.maximum(gain, top)
            fits &= held + holds >= need.count
        for cut, common in zip(instance.cuts, self.common, strict=True):
            counted = True if cut.rows is None else np.isin(instance.people[local], cut.rows)
            fits &= common + np.asarray(counted) <= cut.most
        possible = np.flatnonzero(fits)
        if not len(possible):
            return None
        best = possible[np.argmax(worth[possible])]
        return RunnerUp(int(instance.people[local[best]]), float(worth[best]), int(seat.cost[at[best]]))


def runner_up(
    instance: Instance, members: list[Placement], leaving: Placement, upper: Floats | None
) -> RunnerUp | None:
    """The best person for the place of ``leaving`` while all others stay, or None if nobody fits.

    ``upper`` bounds every cell with each pair of that seat; without it all pairs are looked at.
    """
    rest, pairs = _Rest(instance, members, leaving), len(instance.seats[leaving[1]].local)
    size = pairs if upper is None else FIRST_PAIRS
    while upper is not None and size < pairs:
        order = np.argpartition(-upper, size)
        found = rest.best(np.sort(order[:size]))
        if found is not None and found.value >= upper[order[size]]:
            return found
        size *= WIDENING
    return rest.best(np.arange(pairs))

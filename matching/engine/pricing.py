"""The Lagrangian bound: what every pair is worth under prices on the shared rules, and what no cell can exceed.

For any multipliers that are not negative the bound holds, so nothing has to be trusted about where they came from. They
are rounded to a binary grid, and every sum below stays under 2**53 grid steps, so float64 adds without rounding and no
tolerance enters a proof (Geoffrion 1974, "Lagrangean relaxation for integer programming").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.eligibility import Rows
from matching.engine.instance import Floats, Instance

NOTHING = -np.inf
GRID_BITS = 24


def grid_bits(budget: int) -> int:
    """Binary digits after the point that keep every bound exact in float64 for a budget of this size."""
    return max(4, min(GRID_BITS, 47 - budget.bit_length()))


@dataclass(frozen=True)
class Duals:
    """Multipliers of the shared rules, all >= 0 and on a grid of ``bits`` binary digits.

    ``best``: one responsible holder per need; ``cover``: enough holders; ``budget``; ``cuts``; ``person``: one seat per
    person, for ``person_rows`` (rows of the market) only. ``scored`` is False for a proof that no cell exists: then the
    objective counts nothing and a bound below zero is a contradiction (Farkas).
    """

    best: Floats
    cover: Floats
    budget: float
    cuts: Floats
    person_rows: Rows
    person: Floats
    bits: int
    scored: bool = True


@dataclass(frozen=True)
class Bound:
    """``value``: no cell is worth more. ``worth`` per seat and pair, ``thresholds`` per seat for it to reach."""

    value: float
    thresholds: tuple[float, ...]
    worth: tuple[Floats, ...]
    duals: Duals

    def upper_of(self, position: int) -> Floats:
        """Per pair of a seat: no cell in which this person sits there is worth more."""
        return self.value + np.minimum(0.0, self.worth[position] - self.thresholds[position])

    def upper(self) -> list[Floats]:
        """``upper_of`` each seat."""
        return [self.upper_of(position) for position in range(len(self.worth))]


def price(instance: Instance, duals: Duals) -> list[Floats]:
    """Worth of every pair under the prices, one pass. One float64 array per seat."""
    shared = np.zeros(len(instance.people))
    for need, best, cover in zip(instance.needs, duals.best, duals.cover, strict=True):
        if duals.scored:
            stronger = np.flatnonzero(need.gain > best)
            shared[need.local[stronger]] += need.gain[stronger] - best
        if cover:
            shared[need.local] += cover
    for cut, multiplier in zip(instance.cuts, duals.cuts, strict=False):
        if multiplier:
            shared[instance.cut_members(cut)] -= multiplier
    if len(duals.person):
        at, here = instance.locate(duals.person_rows)
        shared[at[here]] -= duals.person[here]
    return [
        (seat.value if duals.scored else 0.0) - duals.budget * seat.cost + shared[seat.local] for seat in instance.seats
    ]


def constant(instance: Instance, duals: Duals) -> float:
    """The part of the bound that does not depend on who is chosen."""
    total = duals.budget * instance.budget
    total += float(duals.best.sum()) if duals.scored else 0.0
    total -= sum(float(cover) * need.count for need, cover in zip(instance.needs, duals.cover, strict=True))
    total += sum(float(price) * cut.most for cut, price in zip(instance.cuts, duals.cuts, strict=False))
    if len(duals.person):
        total += float(duals.person[instance.locate(duals.person_rows)[1]].sum())
    return total


def bound(instance: Instance, duals: Duals) -> Bound:
    """Upper bound on every cell of the instance, with the threshold that each pair has to reach.

    In a seat for ``least``..``most`` people the best cell takes everybody of positive worth within those limits;
    whoever is not among them enters by replacing the last one taken or, where there is room, by an addition at a loss.
    """
    worth = price(instance, duals)
    total, thresholds = constant(instance, duals), []
    for seat, values in zip(instance.seats, worth, strict=True):
        if len(values) < seat.least:
            return Bound(NOTHING, (0.0,) * len(worth), tuple(worth), duals)
        if seat.most == 1 == seat.least:
            threshold = float(values.max())
            total += threshold
        else:
            room = min(seat.most, len(values))
            top = -np.sort(-np.partition(values, len(values) - room)[len(values) - room :]) if room else values[:0]
            taken = max(seat.least, int((top > 0).sum()))
            total += float(top[:taken].sum())
            last = float(top[taken - 1]) if taken else 0.0
            threshold = last if taken and taken == seat.most else min(last, 0.0)
        thresholds.append(threshold)
    return Bound(total, tuple(thresholds), tuple(worth), duals)

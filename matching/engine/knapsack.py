"""The budget kept as a rule instead of priced: what seats can bring at most for so much money, one pair from each.

Under the prices of all other rules a cell is a choice of one pair per seat within the budget, a knapsack with multiple
choice (Sinha and Zoltners 1979). Solved over steps of money it bounds a cell more tightly than a price on money does,
above all where little is left to spend. Costs are rounded down to whole steps, so that no cell is missed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.instance import Floats, Instance
from matching.engine.pricing import NOTHING, Bound, constant

MOST_STEPS = 1_024
SHARPENED = 20_000  # pairs


@dataclass(frozen=True)
class Purse:
    """``spare`` dollars above what the cheapest pairs cost together, in steps of ``step`` dollars; below 0: no cell."""

    spare: float
    step: float

    @property
    def steps(self) -> int:
        """How long a table is: one entry for every number of whole steps to spend, none included."""
        return max(0, int(self.spare // self.step)) + 1

    def whole(self, dollars: Floats) -> NDArray[np.int64]:
        """Dollars, 0 or more, as whole steps, rounded down."""
        return (dollars // self.step).astype(np.int64)


def purse(budget: float, cheapest: float) -> Purse:
    """The money of a cell whose cheapest pairs cost ``cheapest`` dollars together."""
    spare = budget - cheapest
    return Purse(spare, max(1.0, float(np.ceil(spare / MOST_STEPS))))


@dataclass(frozen=True)
class Choice:
    """The pairs of a seat that are worth buying: ``steps`` ascending, each dearer one worth more."""

    steps: NDArray[np.int64]
    worth: Floats

    def added_to(self, table: Floats) -> Floats:
        """The table with this seat filled too: per step of money the most that all its seats bring together."""
        found = np.full(len(table), NOTHING)
        for steps, worth in zip(self.steps.tolist(), self.worth.tolist(), strict=True):
            np.maximum(found[steps:], table[: len(table) - steps] + worth, out=found[steps:])
        return found


def choice(given: Purse, extra: Floats, worth: Floats) -> Choice:
    """The pairs worth buying out of those that cost ``extra`` dollars above the seat's cheapest, money not priced."""
    steps = given.whole(extra)
    order = np.lexsort((-worth, steps))
    order = order[steps[order] < given.steps]
    best = np.maximum.accumulate(worth[order])
    better = np.flatnonzero(np.concatenate([best[:1] > NOTHING, best[1:] > best[:-1]]))
    return Choice(steps[order[better]], worth[order[better]])


def _all_but_one(table: Floats, choices: list[Choice]) -> list[Floats]:
    """For each seat the table with all other seats added, halving the seats at each turn."""
    if len(choices) == 1:
        return [table]
    half = len(choices) // 2
    with_first, with_second = table, table
    for entry in choices[:half]:
        with_first = entry.added_to(with_first)
    for entry in choices[half:]:
        with_second = entry.added_to(with_second)
    return [*_all_but_one(with_second, choices[:half]), *_all_but_one(with_first, choices[half:])]


def upper_within_budget(instance: Instance, bound: Bound, masks: list[NDArray[np.bool_]]) -> list[Floats]:
    """Per seat and pair under its mask: no cell with that pair and others under their masks is worth more.

    Needs single places. Each bound is at most the one of ``bound`` by itself, up to the rounding of costs.
    """
    price = bound.duals.budget
    costs = [seat.cost[mask] for seat, mask in zip(instance.seats, masks, strict=True)]
    if not all(len(cost) for cost in costs):
        return [np.full(len(cost), NOTHING) for cost in costs]
    least = [float(cost.min()) for cost in costs]
    money = purse(instance.budget, sum(least))
    if money.spare < 0:
        return [np.full(len(cost), NOTHING) for cost in costs]
    extra = [cost - low for cost, low in zip(costs, least, strict=True)]
    unpriced = [worth[mask] + price * cost for worth, mask, cost in zip(bound.worth, masks, costs, strict=True)]
    choices = [choice(money, more, worth) for more, worth in zip(extra, unpriced, strict=True)]
    others = _all_but_one(np.zeros(money.steps), choices)
    base = constant(instance, bound.duals) - price * instance.budget
    found = []
    for more, worth, table in zip(extra, unpriced, others, strict=True):
        left = money.spare - more
        upper = np.full(len(worth), NOTHING)
        payable = left >= 0
        upper[payable] = base + worth[payable] + table[money.whole(left[payable])]
        found.append(upper)
    return found


def sharpened(instance: Instance, bound: Bound, floor: float) -> list[Floats]:
    """Upper bounds of all pairs, those of the most promising ones with the budget as a rule.

    A cell uses promising pairs only, or one of the others: then the best bound among those others holds for it.
    """
    upper = bound.upper()
    if not instance.has_single_places or not bound.duals.budget:
        return upper
    together = np.concatenate(upper)
    cut = floor
    if len(together) > SHARPENED:
        cut = max(floor, float(np.partition(together, len(together) - SHARPENED)[len(together) - SHARPENED]))
    masks = [values >= cut for values in upper]
    others = max((float(v[~m].max()) for v, m in zip(upper, masks, strict=True) if not m.all()), default=NOTHING)
    for values, mask, sharp in zip(upper, masks, upper_within_budget(instance, bound, masks), strict=True):
        values[mask] = np.minimum(values[mask], np.maximum(sharp, others))
    return upper

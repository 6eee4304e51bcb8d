"""From bound to optimum: search the pairs of highest bound first, and widen until nothing left out can be better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.engine import kernel
from matching.engine.branching import branch_and_bound
from matching.engine.clock import Clock
from matching.engine.instance import Floats, Instance, Placement
from matching.engine.knapsack import sharpened
from matching.engine.model import solve_whole
from matching.engine.opening import open_cell
from matching.engine.pricing import NOTHING, Bound
from matching.engine.search import NODES_OF_A_BRANCH, dive

FIRST_BAND = 30
FIRST_BAND_PER_SEAT = 12
WIDENING = 4
DIVED, DIVE_WIDTHS = 300, (64, 256)  # pairs, and partial cells kept at each seat
MARGIN, MARGIN_POINTS = 0.004, 6.0  # of the most that a cell can be worth: so far below it the first band reaches
# Pairs: a band for which it is worth to look for a better cell first.
WIDE = 1_000 if kernel.COMPILED is None else 4000
LEAP = 5_000  # pairs: a band may be so wide at once if a good cell says that nothing beyond it matters

Report = Callable[[float | None, float], None]


@dataclass(frozen=True)
class Band:
    """What the bands of an instance gave.

    ``ended`` is ``proven`` (``members`` is optimal, or None: no cell), ``narrow`` (what is outside the instance may be
    better), ``lost`` (no cell among ``patience`` pairs: ask what the cheapest costs) or ``stopped`` (out of time).
    ``upper`` bounds every cell, in units of the instance.
    """

    ended: str
    members: list[Placement] | None
    value: float
    upper: float


def _search_exactly(
    instance: Instance, bound: Bound, target: float, clock: Clock
) -> tuple[list[Placement] | None, float, bool, float]:
    """(members, value, finished, bound of what was not searched): by branches where places are single, else HiGHS."""
    if instance.has_single_places:
        found = branch_and_bound(instance, bound.duals, target, clock, NODES_OF_A_BRANCH)
        return found.members, found.value, found.finished, found.open_bound
    members, upper, finished = solve_whole(instance, clock)
    value = NOTHING if members is None else instance.evaluate(members)
    return members, value, finished, NOTHING if finished else upper


def _reaching(ranked: Floats, goal: float) -> int:
    """How many of these bounds, in descending order, reach the goal."""
    return int(np.searchsorted(-ranked, -goal, side="right"))


def _good_cell(
    instance: Instance, bound: Bound, upper: list[Floats], ranked: Floats, least: float, clock: Clock
) -> tuple[list[Placement] | None, float]:
    """(members, value) of a cell worth ``least`` found in little time, if one is found.

    It tells how far down it is worth to look. Where a narrow search leaves a wide band a wider one is tried.
    """
    best: list[Placement] | None = None
    value = NOTHING
    if not instance.has_single_places:
        members, reached = open_cell(instance, bound.duals, upper)
        return (members, reached) if reached >= least else (best, value)
    if len(ranked) < WIDE:
        return best, value
    promising = float(ranked[min(DIVED, len(ranked)) - 1])
    few = instance.restrict([values >= promising for values in upper])
    for width in DIVE_WIDTHS:
        found = dive(few, bound.duals, least, width, clock)
        if found.members is not None:
            best, value, least = found.members, found.value, found.value + instance.unit
        if _reaching(ranked, least) < WIDE:
            break
    return best, value


def best_in_band(
    instance: Instance,
    bound: Bound,
    outside: float,
    clock: Clock,
    incumbent: list[Placement] | None = None,
    at_least: float = NOTHING,
    patience: float = np.inf,
    report: Report | None = None,
    at_most: float = np.inf,
) -> Band:
    """The best cell of an instance worth ``at_least`` so much, with its proof.

    ``outside`` bounds every cell that uses a pair which is not in the instance at all; ``incumbent`` is a known cell.
    No cell is taken to be worth more than ``at_most``: that only says how wide a band to begin with.
    """
    best, unit = incumbent, instance.unit
    value = NOTHING if incumbent is None else instance.evaluate(incumbent)
    ceiling = max(bound.value, outside)
    size = FIRST_BAND + FIRST_BAND_PER_SEAT * len(instance.seats)
    upper = sharpened(instance, bound, max(at_least, value)) if instance.pairs > size else bound.upper()
    ranked = np.sort(np.concatenate(upper))[::-1] if upper else np.zeros(0)
    if np.isfinite(at_most):
        size = max(size, _reaching(ranked, at_most - max(MARGIN_POINTS, MARGIN * abs(at_most))))
    dived = False
    while True:
        if not len(ranked):
            sure = outside == NOTHING or outside < max(value + unit, at_least)
            return Band("proven" if sure else "narrow", best, value, max(value, outside))
        if not dived and (size > WIDE or not instance.has_single_places):
            dived = True
            found, reached = _good_cell(instance, bound, upper, ranked, max(value + unit, at_least), clock)
            if found is not None:
                best, value = found, reached
        floor = max(value + unit, at_least)
        if (needed := _reaching(ranked, floor)) <= LEAP:
            size = max(size, needed)
        cut = max(floor, float(ranked[min(size, len(ranked)) - 1]))
        masks = [values >= cut for values in upper]
        excluded = max((float(v[~m].max()) for v, m in zip(upper, masks, strict=True) if not m.all()), default=NOTHING)
        if best is None and excluded == NOTHING and patience < np.inf:
            return Band("lost", None, NOTHING, ceiling)
        # Below what is left out nothing could be proven yet, so a first search need not look there.
        target = max(cut if excluded > NOTHING else floor, outside)
        members, worth, finished, open_bound = _search_exactly(instance.restrict(masks), bound, target, clock)
        if members is not None and worth > value:
            best, value = members, worth
        left_out = max(excluded, outside)
        if report is not None:
            report(value if best is not None else None, min(ceiling, max(left_out, open_bound, value)))
        if not finished:
            return Band("stopped", best, value, ceiling)
        worthwhile = max(value + unit, at_least)
        if left_out == NOTHING or left_out < worthwhile:
            return Band("proven", best, value, value)
        if excluded < max(worthwhile, outside):
            return Band("narrow", best, value, ceiling)
        if clock.expired:
            return Band("stopped", best, value, ceiling)
        pairs = sum(int(mask.sum()) for mask in masks)
        if not dived:
            dived = True
            found, reached = _good_cell(instance, bound, upper, ranked, worthwhile, clock)
            if found is not None:
                best, value = found, reached
        if best is None and pairs > patience:
            return Band("lost", None, NOTHING, ceiling)
        size = WIDENING * max(size, pairs)


def claimed_bound(upper: float, unit: float) -> int:
    """A bound in the units of an instance as a bound in whole points: a tie-break took less than half a point away."""
    return int(np.floor(upper)) if unit == 1.0 else int(np.floor(upper + 0.5))

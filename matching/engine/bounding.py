"""Column generation: the relaxation over a pool of people, priced against everybody until nobody outside would help."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.clock import Clock
from matching.engine.eligibility import Rows
from matching.engine.instance import Floats, Instance
from matching.engine.model import Model
from matching.engine.pricing import Bound, bound

SEED_PER_LIST = 8
SAMPLED_PAIRS = 4_000
NEW_PER_SEAT = 15
CLOSE_ENOUGH = 0.3  # points between the pool's optimum and the bound over everybody
BROKEN = 1e-6


def seed(instance: Instance) -> Rows:
    """Local numbers of people worth starting from: best and cheapest of each seat, strongest holders of each need."""
    chosen, promise = [], np.zeros(len(instance.people))
    for need in instance.needs:
        promise[need.local] += need.gain * 0.5
    for seat in instance.seats:
        sample = np.arange(0, len(seat.local), max(1, len(seat.local) // SAMPLED_PAIRS))
        people, value = seat.local[sample], seat.value[sample]
        count = SEED_PER_LIST * (min(seat.most, SEED_PER_LIST) if seat.least < seat.most else 1)
        for key in (value + promise[people], -seat.cost[sample], value):
            chosen.append(people[np.argsort(-key, kind="stable")[:count]])
    for need in instance.needs:
        chosen.append(need.local[_strongest(need.gain, max(SEED_PER_LIST, need.count))])
    return np.unique(np.concatenate(chosen)) if chosen else np.zeros(0, np.int32)


def _strongest(gain: Floats, count: int) -> NDArray[np.intp]:
    """Positions of ``count`` of the largest gains."""
    if len(gain) <= count:
        return np.arange(len(gain))
    return np.argpartition(-gain, count)[:count]


@dataclass(frozen=True)
class Relaxed:
    """``broken``: how much of the rules the relaxation had to break; above ``BROKEN`` it found no fractional cell."""

    bound: Bound
    broken: float


def generate(instance: Instance, model: Model, clock: Clock, source: Instance | None = None) -> Relaxed:
    """The best bound that column generation reaches over everybody in the instance, and whether rules stay broken.

    With a ``source`` the model is that of a whole of which the instance is a part, and is confined to it.
    """
    best: Bound | None = None
    if source is not None:
        model.confine(instance)
    while True:
        duals, optimum, seat_duals, broken = model.relax(instance, clock)
        found = bound(instance, duals)
        if best is None or found.value < best.value:
            best = found
        if found.value - optimum < CLOSE_ENOUGH or clock.expired:
            return Relaxed(best, broken)
        new = []
        for seat, worth, dual in zip(instance.seats, found.worth, seat_duals, strict=True):
            violators = np.flatnonzero(worth > dual + BROKEN)
            if len(violators) > NEW_PER_SEAT:
                violators = violators[np.argpartition(-worth[violators], NEW_PER_SEAT)[:NEW_PER_SEAT]]
            new.append(seat.local[violators])
        if not new:
            return Relaxed(best, broken)
        helpful = np.concatenate(new)
        if source is not None:
            added = model.add_people(source, source.locate(instance.people[helpful])[0])
            model.confine(instance)
        else:
            added = model.add_people(instance, helpful)
        if not added:
            return Relaxed(best, broken)


def contradiction(instance: Instance, model: Model, clock: Clock) -> Bound | None:
    """A bound below zero on an objective of nothing: the proof that the instance has no cell, or None."""
    model.count_only_breaches(True)
    proof = generate(instance, model, clock).bound
    model.count_only_breaches(False)
    return proof if proof.value < 0 else None

"""Branch and bound over the search: where a band is too much for one search, its seats are split and bounded anew.

A search goes down with the prices of one relaxation. Where that leaves too many partial cells, the seat that the
relaxation splits most is divided: one branch for each person whom the relaxation puts there in part, and one without
them. Each branch has a relaxation of its own, hence prices that fit it and a much lower bound. The branch of the
highest bound comes first, so that the bound of the whole falls steadily even if the time does not suffice.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from matching.engine.bounding import generate, seed
from matching.engine.clock import Clock
from matching.engine.eligibility import Mask
from matching.engine.instance import Instance, Placement
from matching.engine.knapsack import sharpened
from matching.engine.model import Model
from matching.engine.pricing import NOTHING, Bound, Duals, bound
from matching.engine.search import Found, search

SPLIT = 1e-4  # a smaller share of a person in a seat is rounding
MOST_IN_SUPPORT = 6  # a seat divided among more people than this is divided among its best ones


class _Tree:
    """Open branches by descending bound; every branch is an instance of its own with the prices that bounded it."""

    def __init__(self, target: float, unit: float, clock: Clock) -> None:
        self._clock, self._unit = clock, unit
        self.value, self.members = target - unit, list[Placement]()
        self._open: list[tuple[float, int, Instance, Duals]] = []
        self._made = self.nodes = 0

    def push(self, instance: Instance, found: Bound) -> None:
        """Opens a branch with whatever pairs of the instance could still be in a better cell."""
        goal = self.value + self._unit
        if found.value < goal:
            return
        uppers = sharpened(instance, found, goal)
        top = min((float(upper.max()) for upper in uppers), default=NOTHING)
        if top < goal:
            return
        self.open(instance.restrict([upper >= goal for upper in uppers]), found.duals, top)

    def open(self, instance: Instance, duals: Duals, top: float) -> None:
        """Opens a branch as it is; no cell of it is worth more than ``top``."""
        heappush(self._open, (-top, self._made, instance, duals))
        self._made += 1

    def run(self, nodes: int) -> Found:
        """Works branch after branch, each with a search of at most ``nodes`` partial cells before it is divided."""
        while self._open:
            top, _, instance, duals = heappop(self._open)
            if -top < self.value + self._unit:
                break
            if self._clock.expired:
                return self._found(min(-top, bound(instance, duals).value))
            found = search(instance, duals, self.value + self._unit, self._clock, nodes)
            self.nodes += found.nodes
            if found.members is not None:
                self.value, self.members = found.value, found.members
            if not found.finished:
                if self._clock.expired:
                    return self._found(min(-top, bound(instance, duals).value))
                self._divide(instance)
        return self._found(NOTHING)

    def _found(self, left: float) -> Found:
        """The answer when every cell left open is worth ``left`` at most."""
        members = self.members or None
        return Found(members, self.value if members else NOTHING, left == NOTHING, left, self.nodes)

    def _divide(self, instance: Instance) -> None:
        """Bounds the branch anew and opens its parts."""
        model = Model(instance)
        model.add_people(instance, seed(instance))
        relaxed = generate(instance, model, self._clock).bound
        for masks in _parts(instance, model, relaxed):
            part = instance.restrict(masks)
            if not all(len(seat.local) for seat in part.seats):
                continue
            inherited = bound(part, relaxed.duals)
            if inherited.value < self.value + self._unit:
                continue
            tighter = generate(part, model, self._clock, source=instance).bound
            self.push(part, tighter if tighter.value < inherited.value else inherited)


def _parts(instance: Instance, model: Model, relaxed: Bound) -> list[list[Mask]]:
    """Masks of the parts into which an instance is divided; together they hold every cell of it, none holds two."""
    shares = [model.shares(instance, position) for position in range(len(instance.seats))]
    spread = [float((share**2).sum()) if len(share) > 1 else np.inf for share in shares]
    position = int(np.argmin(spread))
    seat, share = instance.seats[position], shares[position]
    support = np.flatnonzero(share > SPLIT)
    if len(support) < 2:
        # The relaxation is at one with itself here: what divides best is then the longest list, at its middle.
        position = int(np.argmax([len(seat.local) for seat in instance.seats]))
        seat, worth = instance.seats[position], relaxed.worth[position]
        upper_half = np.zeros(len(worth), bool)
        upper_half[np.argsort(-worth, kind="stable")[: len(worth) // 2]] = True
        return [_kept(instance, position, upper_half), _kept(instance, position, ~upper_half)]
    support = support[np.argsort(-share[support], kind="stable")][:MOST_IN_SUPPORT]
    parts = []
    for at in support:
        masks = [other.local != seat.local[at] for other in instance.seats]
        masks[position] = np.arange(len(seat.local)) == at
        parts.append(masks)
    rest = np.ones(len(seat.local), bool)
    rest[support] = False
    return [*parts, _kept(instance, position, rest)]


def _kept(instance: Instance, position: int, mask: Mask) -> list[Mask]:
    """Everything, but in one seat only what is under the mask."""
    masks = [np.ones(len(seat.local), bool) for seat in instance.seats]
    masks[position] = mask
    return masks


def branch_and_bound(instance: Instance, duals: Duals, target: float, clock: Clock, nodes: int) -> Found:
    """The best cell of an instance of single places worth at least ``target``, as ``search`` answers.

    ``nodes`` is how many partial cells one search may look at before its branch is divided.
    """
    if not all(len(seat.local) for seat in instance.seats):
        return Found(None, NOTHING, True, NOTHING, 0)
    tree = _Tree(target, instance.unit, clock)
    tree.open(instance, duals, np.inf)
    return tree.run(nodes)

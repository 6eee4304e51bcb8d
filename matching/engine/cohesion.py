"""Lexicographic cohesion, exactly: among cells near enough to the optimum the most cohesive, then the most valuable.

Only people with a past collaboration inside the band can add cohesion, and a set of them costs a cell at least the sum
of its losses against the bound. So few sets survive; each is tried, the most cohesive first, by a search with it
seated, and the first that fits is optimal. As an additive bonus in the objective cohesion would ruin the bound instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from matching.engine.branching import branch_and_bound
from matching.engine.clock import Clock
from matching.engine.eligibility import Rows
from matching.engine.instance import Floats, Instance, NeedList, Placement
from matching.engine.model import solve_whole
from matching.engine.pricing import Bound
from matching.engine.problem import Collaborations
from matching.engine.search import NODES_OF_A_BRANCH

MOST_SETS = 20_000
MOST_TRIALS = 4_000


@dataclass(frozen=True)
class Cohesive:
    """``complete`` is False when limits were reached before everything more cohesive was refuted."""

    members: list[Placement]
    cohesion: int
    complete: bool


def collaborations_among(collaborations: Collaborations, rows: Rows) -> list[tuple[int, int, int]]:
    """Collaborations among these rows of the market (ascending) as (position, position, weight).

    Each is found from its first person, so the cost follows the people asked about and not the whole graph.
    """
    starts = np.searchsorted(collaborations.first, rows)
    counts = np.searchsorted(collaborations.first, rows, side="right") - starts
    person = np.repeat(np.arange(len(rows)), counts)
    at = np.arange(len(person)) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    partner = collaborations.second[at]
    found = np.minimum(np.searchsorted(rows, partner), len(rows) - 1)
    inside = np.flatnonzero(rows[found] == partner) if len(rows) else at
    weights = collaborations.weight[at[inside]]
    return list(zip(person[inside].tolist(), found[inside].tolist(), weights.tolist(), strict=True))


def cohesion_of(collaborations: Collaborations, rows: list[int]) -> int:
    """Past collaborations among these rows of the market, each counted by its weight (1..3)."""
    return sum(weight for _, _, weight in collaborations_among(collaborations, np.array(sorted(rows), np.int32)))


def _unions(
    edges: list[tuple[int, int, int]], losses: Floats, allowance: float, size: int
) -> dict[frozenset[int], int]:
    """The cohesion of every union of collaborations of at most ``size`` people whose losses fit into the allowance."""
    first, second = np.array([a for a, _, _ in edges], np.intp), np.array([b for _, b, _ in edges], np.intp)
    partners: dict[int, dict[int, int]] = {}
    for a, b, weight in edges:
        partners.setdefault(a, {})[b] = weight
        partners.setdefault(b, {})[a] = weight
    known: dict[frozenset[int], int] = {}
    waiting = [(frozenset[int](), 0.0, 0)]
    inside = np.zeros(len(losses), bool)
    while waiting and len(known) <= MOST_SETS:
        people, lost, cohesion = waiting.pop()
        inside[list(people)] = True
        more = np.where(inside[first], 0.0, losses[first]) + np.where(inside[second], 0.0, losses[second])
        fits = np.flatnonzero((more <= allowance - lost) & ~(inside[first] & inside[second]))
        inside[list(people)] = False
        for edge in fits.tolist():
            union, gained = people, cohesion
            for newcomer in (int(first[edge]), int(second[edge])):
                if newcomer not in union:
                    gained += sum(w for other, w in partners[newcomer].items() if other in union)
                    union = union | {newcomer}
            if len(union) <= size and union not in known:
                known[union] = gained
                waiting.append((union, lost + float(more[edge]), gained))
    return known


class _Band:
    """The pairs that a cell of at least ``target`` can contain, with what each of them loses against the bound."""

    def __init__(self, instance: Instance, bound: Bound, target: float, clock: Clock) -> None:
        masks = [upper >= target for upper in bound.upper()]
        self.instance, self.duals, self._clock = instance.restrict(masks), bound.duals, clock
        self.allowance = bound.value - target
        self.losses = [
            np.maximum(0.0, threshold - worth[mask])
            for threshold, worth, mask in zip(bound.thresholds, bound.worth, masks, strict=True)
        ]
        self.least_loss = np.full(len(self.instance.people), np.inf)
        for seat, loss in zip(self.instance.seats, self.losses, strict=True):
            np.minimum.at(self.least_loss, seat.local, loss)

    def places_of(self, person: int) -> list[tuple[int, int]]:
        """(seat, position in its list) of every pair of a person."""
        places = []
        for position, seat in enumerate(self.instance.seats):
            at = int(np.searchsorted(seat.local, person))
            if at < len(seat.local) and seat.local[at] == person:
                places.append((position, at))
        return places

    def best_with(
        self, seated: list[tuple[int, tuple[int, int]]], target: float
    ) -> tuple[list[Placement] | None, bool]:
        """The best cell with these people in these places, worth at least ``target``; and whether that was finished."""
        spent = sum(float(self.losses[seat][at]) for _, (seat, at) in seated)
        if spent > self.allowance:
            return None, True
        masks = [loss <= self.allowance - spent for loss in self.losses]
        for person, (seat, at) in seated:
            for position, pairs in enumerate(self.instance.seats):
                if position != seat:
                    masks[position] &= pairs.local != person
                elif pairs.most == 1:
                    masks[position] = np.arange(len(pairs.local)) == at
                else:
                    masks[position][at] = True
        if self.instance.has_single_places:
            found = branch_and_bound(self.instance.restrict(masks), self.duals, target, self._clock, NODES_OF_A_BRANCH)
            return found.members, found.finished
        forced = tuple(NeedList(np.array([person], np.int32), np.zeros(1), 1) for person, _ in seated)
        asked = replace(self.instance, needs=(*self.instance.needs, *forced))
        members, _, finished = solve_whole(asked.restrict(masks), self._clock)
        if members is not None and self.instance.evaluate(members) < target:
            members = None
        return members, finished


def most_cohesive(
    instance: Instance,
    bound: Bound,
    optimum: list[Placement],
    floor: int,
    collaborations: Collaborations,
    clock: Clock,
) -> Cohesive:
    """The most cohesive cell worth at least ``floor`` whole points, then the most valuable, then the canonical one.

    ``bound`` must have priced this instance, and every cell of ``floor`` points must lie within it.
    """
    least = floor - 1 + instance.unit
    band = _Band(instance, bound, least, clock)
    best = (cohesion_of(collaborations, [row for row, _ in optimum]), instance.evaluate(optimum), optimum)
    edges = [
        edge
        for edge in collaborations_among(collaborations, band.instance.people)
        if band.least_loss[edge[0]] + band.least_loss[edge[1]] <= band.allowance
    ]
    if not edges:
        return Cohesive(optimum, best[0], True)
    size = sum(seat.most for seat in instance.seats)
    sets = _unions(edges, band.least_loss, band.allowance, size)
    complete, trials = len(sets) <= MOST_SETS, 0
    ranked = sorted(
        ((cohesion, sorted(people)) for people, cohesion in sets.items()), key=lambda item: (-item[0], item[1])
    )
    for cohesion, people in ranked:
        if cohesion < best[0] or (cohesion == best[0] and best[2] is optimum):
            break
        for places in product(*(band.places_of(person) for person in people)):
            singles = [seat for seat, _ in places if instance.seats[seat].most == 1]
            if len(set(singles)) < len(singles):
                continue
            trials += 1
            if trials > MOST_TRIALS or clock.expired:
                return Cohesive(best[2], best[0], False)
            target = least if cohesion > best[0] else best[1] + instance.unit
            members, finished = band.best_with(list(zip(people, places, strict=True)), target)
            complete &= finished
            if members is not None:
                reached = cohesion_of(collaborations, [row for row, _ in members])
                best = (reached, instance.evaluate(members), members)
    return Cohesive(best[2], best[0], complete)

"""A problem as the solver sees it: a list of pairs per seat, a list of holders per need, a budget and cuts.

Everything that a cell must hold is a need with holders, gain and count: skills and languages, but also bridges, US
specialists, a pin without a seat (its only holder is that person) and the least size of an open cell (everybody
holds it). Everything a cell may not have too much of is a cut: an earlier cell, or the largest size (everybody).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.engine import eligibility, scoring
from matching.engine.eligibility import Mask, Rows
from matching.engine.problem import Cefr, Country, Need, Problem, SkillFloor

Floats = NDArray[np.float64]
Placement = tuple[int, int]  # (row of the market, seat)
_List = TypeVar("_List")

MOST_TIE_BITS = 30


@dataclass(frozen=True)
class SeatList:
    """Eligible pairs of a seat: ``local`` person numbers ascending, with value in points and cost in dollars."""

    local: Rows
    value: Floats
    cost: Floats
    least: int
    most: int


@dataclass(frozen=True)
class NeedList:
    """Holders of a need by ascending local number, with their gain in points; ``count`` of them are asked for."""

    local: Rows
    gain: Floats
    count: int

    def lookup(self, local: Rows) -> tuple[Mask, Floats]:
        """Which of these people hold the need, and their gain (0 for those who do not)."""
        if not len(self.local):
            return np.zeros(len(local), bool), np.zeros(len(local))
        at = np.minimum(np.searchsorted(self.local, local), len(self.local) - 1)
        holds = self.local[at] == local
        return holds, np.where(holds, self.gain[at], 0.0)


@dataclass(frozen=True)
class Cut:
    """At most ``most`` of these people (rows of the market, ascending) in the cell; None means everybody."""

    rows: Rows | None
    most: int


@dataclass(frozen=True)
class Instance:
    """Local person number -> ``people`` (row of the market, ascending).

    Values are multiples of ``unit``: whole points, or points with a canonical tie-break below half a point.
    """

    people: Rows
    seats: tuple[SeatList, ...]
    needs: tuple[NeedList, ...]
    budget: int
    cuts: tuple[Cut, ...]
    unit: float

    @property
    def has_single_places(self) -> bool:
        """Whether every seat takes exactly one person, which is what the band search can do."""
        return all(seat.least == 1 == seat.most for seat in self.seats)

    @property
    def pairs(self) -> int:
        return sum(len(seat.local) for seat in self.seats)

    def locate(self, rows: Rows) -> tuple[Rows, Mask]:
        """Local numbers of rows of the market, and which of them are here at all."""
        if not len(self.people):
            return np.zeros(len(rows), np.int32), np.zeros(len(rows), bool)
        at = np.minimum(np.searchsorted(self.people, rows), len(self.people) - 1).astype(np.int32)
        return at, self.people[at] == rows

    def cut_members(self, cut: Cut) -> Rows:
        """Local numbers of the people that a cut counts."""
        if cut.rows is None:
            return np.arange(len(self.people), dtype=np.int32)
        at, here = self.locate(cut.rows)
        return at[here]

    def restrict(self, masks: list[Mask]) -> Instance:
        """Keep only the pairs under the masks (one per seat) and number the people anew: later passes become short."""
        positions = [np.flatnonzero(mask) for mask in masks]
        kept = [seat.local[at] for seat, at in zip(self.seats, positions, strict=True)]
        stays = np.zeros(len(self.people), bool)
        for local in kept:
            stays[local] = True
        keep = np.flatnonzero(stays)
        number = np.empty(len(stays), np.int32)  # meaningful for those who stay only
        number[keep] = np.arange(len(keep), dtype=np.int32)
        seats = tuple(
            replace(seat, local=number[local], value=seat.value[at], cost=seat.cost[at])
            for seat, at, local in zip(self.seats, positions, kept, strict=True)
        )
        needs = []
        for need in self.needs:
            here = np.flatnonzero(stays[need.local])
            needs.append(NeedList(number[need.local[here]], need.gain[here], need.count))
        return replace(self, people=self.people[keep], seats=seats, needs=tuple(needs))

    def with_cut(self, cut: Cut) -> Instance:
        return replace(self, cuts=(*self.cuts, cut))

    def holds(self, member: Placement) -> bool:
        """Whether a pair is here."""
        row, seat = member
        local, here = self.locate(np.array([row], np.int32))
        pairs = self.seats[seat].local
        at = int(np.searchsorted(pairs, local[0]))
        return bool(here[0]) and at < len(pairs) and bool(pairs[at] == local[0])

    def pair(self, member: Placement) -> tuple[float, float]:
        """(value, cost) of a pair that is here, in the units of this instance and in dollars."""
        pairs, local = self.seats[member[1]], self.locate(np.array([member[0]], np.int32))[0][0]
        at = int(np.searchsorted(pairs.local, local))
        return float(pairs.value[at]), float(pairs.cost[at])

    def evaluate(self, members: list[Placement]) -> float:
        """Objective of a cell whose pairs are all here, in the units of this instance."""
        local = self.locate(np.array([row for row, _ in members], np.int32))[0]
        total = sum(self.pair(member)[0] for member in members)
        for need in self.needs:
            total += float(need.lookup(local)[1].max(initial=0.0))
        return total


def whole_points(value: float) -> int:
    """The objective without its tie-break: ties only ever take less than half a point away."""
    return int(np.ceil(value))


def tie_bits(budget: int) -> int:
    """Binary digits after the point for ties, such that no sum with this budget in it outgrows the 53 of float64."""
    return max(8, min(MOST_TIE_BITS, 47 - budget.bit_length()))


def tie_break(refs: NDArray[np.int64], position: int, places: int, bits: int) -> Floats:
    """A fixed pseudo-random fraction per pair, so small that a cell of ``places`` loses less than half a point by it.

    Equal cells are thereby ordered once and for all by who is in them, and not by the path of the search. The mixing is
    a multiplication and the first round of the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
    """
    x = refs.astype(np.uint64)
    x *= np.uint64(0x9E3779B97F4A7C15)
    x += np.uint64((position + 1) * 0xD1B54A32D192ED03 % 2**64)
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    # The upper bits are mixed best.
    x >>= np.uint64(64 - max(0, bits - 1 - max(0, places - 1).bit_length()))
    return x.astype(np.float64) * 2.0**-bits


def _seat_list(problem: Problem, position: int, scored_as: Problem | None) -> tuple[Rows, Floats, Floats]:
    """(rows, value, cost) of everybody eligible; ``scored_as`` may be a stricter problem whose points count instead."""
    seat, found = problem.seats[position], eligibility.candidates(problem, position)
    if not seat.most:
        found = eligibility.Candidates(found.rows[:0], tuple(at[:0] for at in found.claims))
    rates = problem.market.people.rate_cents[found.rows]
    cost = charged = scoring.monthly_cost(rates, seat.weekly_minutes)
    if scored_as is not None:
        charged = scoring.monthly_cost(rates, scored_as.seats[position].weekly_minutes)
        found = eligibility.with_claims_of(scored_as, position, found.rows)
    points = scoring.fit_points(scored_as or problem, position, found)
    points -= scoring.cost_points(problem.policy, charged)
    return found.rows, points.astype(np.float64), cost.astype(np.float64)


def _need_list(problem: Problem, need: Need) -> tuple[Rows, Floats]:
    """Everybody who holds a need, and their gain."""
    if need.skill is None:
        rows = eligibility.holders(problem, need)
        strength = scoring.language_strength(eligibility.language_levels(problem, need.language or "")[rows])
    else:
        posting = eligibility.posting_of(problem, need.skill)
        at = eligibility.good_claims(problem, SkillFloor(need.skill, need.level, need.evidence))
        rows, strength = posting.person[at], scoring.claim_strength(posting, at)
    return rows, scoring.skill_gain(need, strength).astype(np.float64)


def _required(problem: Problem, known: Lists) -> list[tuple[Rows, Floats, int]]:
    """(holders, gains, count) of everything that must be covered: the problem's needs first, in their order."""
    people, required = problem.market.people, []
    for need in problem.needs:
        required.append((*known.need(problem, need), need.count))

    def plain(rows: NDArray[np.integer], count: int) -> tuple[Rows, Floats, int]:
        return rows.astype(np.int32), np.zeros(len(rows)), count

    if problem.bridges:
        spoken = eligibility.language_levels(problem, problem.bridge_language)
        required.append(plain(np.flatnonzero(spoken >= Cefr.C1), problem.bridges))
    if problem.specialists:
        required.append(plain(np.flatnonzero(people.country == Country.UNITED_STATES), problem.specialists))
    for pin in problem.pins:
        required.append(plain(eligibility.rows_of(problem, (pin.ref,)), 1))
    if sum(seat.least for seat in problem.seats) < max(1, problem.least):
        required.append(plain(eligibility.everybody(problem), max(1, problem.least)))
    return required


def _cuts(problem: Problem) -> tuple[Cut, ...]:
    cuts = [cut_of(problem, cell.refs, cell.most_in_common) for cell in problem.earlier]
    if problem.most and sum(seat.most for seat in problem.seats) > problem.most:
        cuts.append(Cut(None, problem.most))
    return tuple(cuts)


def cut_of(problem: Problem, refs: tuple[int, ...], most: int) -> Cut:
    """The cut that lets at most ``most`` of these people come back."""
    return Cut(eligibility.rows_of(problem, refs), most)


class Lists:
    """Seat lists and need lists of problems over one market, kept while the rules behind them stay the same.

    For callers who ask about many problems that differ in little. The lists kept last take the place of the oldest.
    Points are those of ``scored_as``, if given, whose rules may be stricter: what somebody misses there counts against
    them as much as the same step above would count for them.
    """

    def __init__(self, most: int = 64, scored_as: Problem | None = None) -> None:
        self._most, self._scored_as = most, scored_as
        self._seats: dict[Hashable, tuple[Rows, Floats, Floats]] = {}
        self._needs: dict[Hashable, tuple[Rows, Floats]] = {}

    def seat(self, problem: Problem, position: int) -> tuple[Rows, Floats, Floats]:
        """(rows, value, cost) of a seat, as ``_seat_list`` gives them."""
        seat = problem.seats[position]
        key = (
            replace(seat, key="", least=0),
            position,
            problem.pins,
            problem.banned,
            problem.starts_on,
            problem.ends_on,
            problem.allowed_routes,
            problem.bridge_language,
            problem.policy,
        )
        return self._kept(self._seats, key, lambda: _seat_list(problem, position, self._scored_as))

    def need(self, problem: Problem, need: Need) -> tuple[Rows, Floats]:
        """(rows, gain) of a need, as ``_need_list`` gives them."""
        key = (replace(need, key="", count=0), problem.ends_on)
        return self._kept(self._needs, key, lambda: _need_list(problem, need))

    def _kept(self, known: dict[Hashable, _List], key: Hashable, make: Callable[[], _List]) -> _List:
        if key not in known:
            if len(known) >= self._most:
                del known[next(iter(known))]
            known[key] = make()
        return known[key]


def build(problem: Problem, known: Lists | None = None, *, ties: bool = True) -> Instance:
    """All hard rules and all features of everybody, in one pass. A cell has at least one member.

    ``known`` keeps lists of problems over the same market; they are not written to. Without ``ties`` values are whole
    points, and which of equal cells is found is left open.
    """
    known = known or Lists()
    single = ties and all(seat.least == 1 == seat.most for seat in problem.seats)
    lists = [known.seat(problem, position) for position in range(len(problem.seats))]
    taken = np.zeros(len(problem.market.people), bool)
    for rows, _, _ in lists:
        taken[rows] = True
    people = np.flatnonzero(taken).astype(np.int32)
    number = np.empty(len(taken), np.int32)  # meaningful for the people taken only
    number[people] = np.arange(len(people), dtype=np.int32)
    dearest = sum(_largest(cost, seat.most) for seat, (_, _, cost) in zip(problem.seats, lists, strict=True))
    budget = min(problem.budget, dearest)
    bits = tie_bits(budget)
    if single:
        lists = [
            (rows, value - tie_break(problem.market.people.ref[rows], position, len(lists), bits), cost)
            for position, (rows, value, cost) in enumerate(lists)
        ]
    seats = tuple(
        SeatList(number[rows], value, cost, seat.least, seat.most)
        for seat, (rows, value, cost) in zip(problem.seats, lists, strict=True)
    )
    needs = []
    for rows, gain, count in _required(problem, known):
        here = taken[rows]
        needs.append(NeedList(number[rows[here]], gain[here], count))
    return Instance(people, seats, tuple(needs), budget, _cuts(problem), 2.0**-bits if single else 1.0)


def _largest(cost: Floats, count: int) -> int:
    """The sum of the ``count`` largest."""
    if not count or not len(cost):
        return 0
    if count == 1:
        return int(cost.max())
    return int(np.sort(cost)[::-1][:count].sum())

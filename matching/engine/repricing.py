"""Everybody's features and the Lagrangian bound once more, in int64 over dense columns, to check certificates.

Nothing here is shared with the solver: rules and points are written out again, over whole columns instead of postings,
and prices are integers, so the bound is exact without an argument about rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Cefr, Country, Problem, Seat, evidence_column

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class SeatColumn:
    """Per person of the market: may they sit here, what is it worth in points, what does it cost in dollars."""

    allowed: Flags
    value: Whole
    cost: Whole
    least: int
    most: int


@dataclass(frozen=True)
class NeedColumn:
    """Per person of the market: do they hold it and what do they gain; ``count`` of them are asked for."""

    holds: Flags
    gain: Whole
    count: int


@dataclass(frozen=True)
class Features:
    """The whole problem as columns. ``cuts``: (who is counted, at most how many)."""

    seats: tuple[SeatColumn, ...]
    needs: tuple[NeedColumn, ...]
    cuts: tuple[tuple[Flags, int], ...]
    budget: int


class _Columns:
    """Dense columns of the market: a claim that nobody made reads 0."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.size = problem, len(problem.market.people)

    def wide(self, name: str) -> Whole:
        column: Whole = getattr(self.problem.market.people, name).astype(np.int64)
        return column

    def language(self, key: str) -> Whole:
        column = self.problem.market.people.languages.get(key)
        return np.zeros(self.size, np.int64) if column is None else column.astype(np.int64)

    def skill(self, skill: int, evidence: int) -> tuple[Whole, Whole]:
        """(level, strength) of claims with enough evidence that stay certified, else 0."""
        level, strength = np.zeros(self.size, np.int64), np.zeros(self.size, np.int64)
        posting = self.problem.market.postings.get(skill)
        if posting is not None:
            good = (posting.evidence >= evidence) & (
                (posting.valid_through >= self.problem.ends_on) | (posting.valid_through == 0)
            )
            who, claimed = posting.person[good], posting.level[good].astype(np.int64)
            level[who] = claimed
            strength[who] = claimed * 16 + np.clip(posting.years[good].astype(np.int64), 0, 10) * 2
        return level, strength


def _seat_column(columns: _Columns, position: int, seat: Seat) -> SeatColumn:
    problem, policy = columns.problem, columns.problem.policy
    refs, rate = columns.wide("ref"), columns.wide("rate_cents")
    allowed = np.bitwise_and(columns.wide("functions") >> seat.function, 1) == 1
    allowed &= np.logical_or.reduce([columns.wide("country") == country for country in seat.countries] or [~allowed])
    allowed &= np.bitwise_and(columns.wide("routes"), problem.allowed_routes) > 0
    allowed &= (rate > -1) & ((rate <= seat.max_rate_cents) | (seat.max_rate_cents == 0))
    allowed &= columns.wide("seniority") >= seat.min_seniority
    allowed &= columns.wide("available_from") <= problem.starts_on
    allowed &= columns.wide("free_minutes") >= seat.weekly_minutes
    allowed &= columns.wide("overlap_minutes") >= seat.min_overlap_minutes
    for ref in problem.banned:
        allowed &= refs != ref
    for pin in problem.pins:
        if pin.seat is not None and pin.seat != position:
            allowed &= refs != pin.ref
    here = {pin.ref for pin in problem.pins if pin.seat == position}
    if here and len(here) >= seat.most:
        allowed &= np.isin(refs, sorted(here))
    value = np.where(columns.wide("main_function") == seat.function, policy.main_function_points, 0)
    value += policy.seniority_step_points * np.clip(
        columns.wide("seniority") - seat.min_seniority, None, policy.steps_counted
    )
    floors = dict(seat.languages)
    if seat.client_facing:
        floors[problem.bridge_language] = max(int(Cefr.B2), floors.get(problem.bridge_language, 0))
    for key, level in floors.items():
        spoken = columns.language(key)
        allowed &= spoken >= level
        value += policy.language_step_points * np.clip(spoken - level, None, policy.steps_counted)
    for language, step in seat.language_evidence:
        allowed &= columns.language(evidence_column(language)) >= step
    value += np.clip((problem.starts_on - columns.wide("available_from")) // 7, None, policy.prompt_start_points)
    for floor in seat.skills:
        level_column, strength = columns.skill(floor.skill, floor.evidence)
        allowed &= (level_column >= floor.level) & (level_column > 0)
        if policy.skill_strength_divisor:
            value += strength // policy.skill_strength_divisor
    monthly = rate * seat.weekly_minutes * 52
    cost = (monthly + 71_999) // 72_000
    if policy.cost_per_point:
        value -= cost // policy.cost_per_point
    return SeatColumn(allowed, value, cost, seat.least, seat.most)


def features(problem: Problem) -> Features:
    """Everything about everybody; one row per person of the market."""
    columns = _Columns(problem)
    nobody, nothing = np.zeros(columns.size, bool), np.zeros(columns.size, np.int64)
    seats = tuple(_seat_column(columns, position, seat) for position, seat in enumerate(problem.seats))
    needs = []
    for need in problem.needs:
        if need.skill is None:
            level = columns.language(need.language or "")
            strength = level * 16
        else:
            level, strength = columns.skill(need.skill, need.evidence)
            level = np.where(strength > 0, level, -1)
        holds = level >= need.level
        needs.append(NeedColumn(holds, np.where(holds, need.weight * strength // 2, 0), need.count))
    if problem.bridges:
        needs.append(NeedColumn(columns.language(problem.bridge_language) >= Cefr.C1, nothing, problem.bridges))
    if problem.specialists:
        abroad = columns.wide("country") == Country.UNITED_STATES
        needs.append(NeedColumn(abroad, nothing, problem.specialists))
    needs += [NeedColumn(columns.wide("ref") == pin.ref, nothing, 1) for pin in problem.pins]
    if sum(seat.least for seat in problem.seats) < max(1, problem.least):
        needs.append(NeedColumn(~nobody, nothing, max(1, problem.least)))
    # What the dearest people would cost together: a budget beyond it is no rule at all.
    dearest = sum(int(np.sort(seat.cost[seat.allowed])[::-1][: seat.most].sum()) for seat in seats)
    return Features(seats, tuple(needs), _cuts(problem, columns, ~nobody), min(problem.budget, dearest))


def _cuts(problem: Problem, columns: _Columns, everybody: Flags) -> tuple[tuple[Flags, int], ...]:
    cuts = [(np.isin(columns.wide("ref"), list(cell.refs)), cell.most_in_common) for cell in problem.earlier]
    if problem.most and sum(seat.most for seat in problem.seats) > problem.most:
        cuts.append((everybody, problem.most))
    return tuple(cuts)


@dataclass(frozen=True)
class Repriced:
    """``bound`` in units of ``2**-bits`` points, None when a seat has nobody left; ``upper`` per seat and person."""

    bound: int | None
    upper: tuple[Whole, ...]


def reprice(given: Features, duals: dict[str, Any], refs: Whole, alive: list[Flags]) -> Repriced:
    """The bound under integer prices, over the pairs still alive. Raises ``ValueError`` for a price below zero."""
    bits, scored = int(duals["bits"]), bool(duals["scored"])
    prices = [*duals["best"], *duals["cover"], duals["budget"], *duals["cuts"], *(p for _, p in duals["person"])]
    if min(prices) < 0 or not 0 <= bits <= 30:
        raise ValueError("a certificate with a price below zero")
    shared, constant = np.zeros(len(refs), np.int64), int(duals["budget"]) * given.budget
    for need, best, cover in zip(given.needs, duals["best"], duals["cover"], strict=True):
        if scored:
            shared += np.where(need.holds, np.clip((need.gain << bits) - best, 0, None), 0)
            constant += int(best)
        shared += np.where(need.holds, int(cover), 0)
        constant -= int(cover) * need.count
    for (who, most), price in zip(given.cuts, duals["cuts"], strict=False):
        shared -= np.where(who, int(price), 0)
        constant += int(price) * most
    for ref, price in duals["person"]:
        row = int(np.searchsorted(refs, ref))
        if row == len(refs) or int(refs[row]) != ref:
            raise ValueError("a certificate that prices a stranger")
        shared[row] -= int(price)
        constant += int(price)
    worths = [
        ((seat.value << bits) if scored else 0) - int(duals["budget"]) * seat.cost + shared for seat in given.seats
    ]
    total, thresholds = constant, []
    for seat, worth, living in zip(given.seats, worths, alive, strict=True):
        values = np.sort(worth[living])[::-1]
        if len(values) < seat.least or seat.most < seat.least:
            return Repriced(None, ())
        gains = np.concatenate([[0], np.cumsum(values[: seat.most])])
        taken = seat.least + int(np.argmax(gains[seat.least :]))
        total += int(gains[taken])
        # Somebody else comes in for the last one taken, or, where there is room, beside them.
        swap = int(values[taken - 1]) if taken else None
        add = 0 if taken < seat.most else None
        thresholds.append(min(entry for entry in (swap, add) if entry is not None) if seat.most else 0)
    upper = tuple(total + np.minimum(0, worth - threshold) for worth, threshold in zip(worths, thresholds, strict=True))
    return Repriced(total, upper)

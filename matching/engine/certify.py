"""Checks a stored certificate: the cell by the judge, the bound by re-pricing everybody, and whoever is left by HiGHS.

It trusts nothing that the solver said but the prices, which cannot make a bound wrong, only weak. It runs from the
stored problem, months later, with the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import highspy
import numpy as np

from matching.engine.codec import digest
from matching.engine.problem import EarlierCell, Problem
from matching.engine.repricing import Features, Flags, features, reprice
from matching.engine.verify import verify

INFINITY = highspy.kHighsInf
FEASIBLE_POINT = 2


@dataclass(frozen=True)
class Certification:
    """``confirmed``, ``refuted``, or ``undecided`` when the time did not suffice; ``code`` says by what.

    ``priced`` pairs were re-priced, ``survivors`` of them could still be in a better cell and were solved again;
    ``better`` is the value of a cell that refutes the bound.
    """

    verdict: Literal["confirmed", "refuted", "undecided"]
    code: str
    priced: int
    survivors: int
    better: int | None = None


def certify(
    problem: Problem, cell_members: Sequence[tuple[int, int]], certificate: dict[str, Any], seconds: float = 20.0
) -> Certification:
    """Confirms or refutes that the cell keeps every rule and that no cell is worth more than the certified bound.

    ``cell_members`` are (ref, seat); ``certificate`` is ``Cell.certificate``, as stored. What cohesion was allowed to
    spend is checked against the policy; that no equally near cell is more cohesive is not.
    """
    if certificate.get("format") != 1 or certificate["problem"] != digest(problem):
        return Certification("refuted", "another_problem", 0, 0)
    earlier = tuple(EarlierCell(tuple(cell["refs"]), cell["most_in_common"]) for cell in certificate["earlier"])
    value, best, bound = certificate["value"], certificate["best_value"], certificate["bound"]
    judged = replace(problem, earlier=problem.earlier + earlier)
    if not verify(judged, cell_members, value).holds:
        return Certification("refuted", "cell_breaks_rules", 0, 0)
    if not value <= best <= bound or value < best - abs(best) * problem.policy.cohesion_permille // 1000:
        return Certification("refuted", "numbers_disagree", 0, 0)
    given, refs = features(problem), problem.market.people.ref.astype(np.int64)
    own = tuple((np.isin(refs, cell.refs), cell.most_in_common) for cell in earlier)
    given = replace(given, cuts=given.cuts + own)
    alive = [seat.allowed.copy() for seat in given.seats]
    priced = sum(int(flags.sum()) for flags in alive)
    try:
        for duals in certificate["duals"]:
            goal = (bound + 1) << int(duals["bits"])
            repriced = reprice(given, duals, refs, alive)
            if repriced.bound is None or repriced.bound < goal:
                return Certification("confirmed", "by_bound", priced, 0)
            alive = [flags & (upper >= goal) for flags, upper in zip(alive, repriced.upper, strict=True)]
    except (ValueError, KeyError, TypeError):
        return Certification("refuted", "malformed_prices", priced, 0)
    survivors = sum(int(flags.sum()) for flags in alive)
    if any(int(flags.sum()) < seat.least for flags, seat in zip(alive, given.seats, strict=True)):
        return Certification("confirmed", "by_bound", priced, survivors)
    return _solve_survivors(given, alive, bound, priced, survivors, seconds)


def certify_infeasible(problem: Problem, certificate: dict[str, Any], seconds: float = 20.0) -> Certification:
    """Confirms or refutes that no cell exists, by the prices of the certificate and, where they leave people, by HiGHS.

    Under prices on the rules every cell is worth at least nothing, so a bound below zero is a proof (Farkas's lemma),
    and a pair whose bound is below zero is in no cell. What is left then lacks somebody, or has no cell by an integer
    program over it. ``better`` is the value of a cell that refutes the claim.
    """
    if certificate.get("format") != 1 or certificate["problem"] != digest(problem):
        return Certification("refuted", "another_problem", 0, 0)
    given = features(problem)
    alive = [seat.allowed for seat in given.seats]
    priced = sum(int(flags.sum()) for flags in alive)
    if _lacks_people(given, alive):
        return Certification("confirmed", "by_eligibility", priced, priced)
    for duals in certificate["duals"]:
        try:
            repriced = reprice(given, duals | {"scored": False}, problem.market.people.ref.astype(np.int64), alive)
        except (ValueError, KeyError, TypeError):
            return Certification("refuted", "malformed_prices", priced, 0)
        if repriced.bound is None or repriced.bound < 0:
            return Certification("confirmed", "by_bound", priced, 0)
        alive = [flags & (upper >= 0) for flags, upper in zip(alive, repriced.upper, strict=True)]
    survivors = sum(int(flags.sum()) for flags in alive)
    if _lacks_people(given, alive):
        return Certification("confirmed", "by_bound", priced, survivors)
    finished, best = IntegerProgram(given, alive).solve(seconds)
    if best is not None:
        return Certification("refuted", "a_cell_exists", priced, survivors, best)
    if not finished:
        return Certification("undecided", "out_of_time", priced, survivors)
    return Certification("confirmed", "by_search", priced, survivors)


def _lacks_people(given: Features, alive: list[Flags]) -> bool:
    """Whether a seat has fewer people left than it needs, or a need fewer holders with a seat left."""
    seated = np.logical_or.reduce(alive) if alive else np.zeros(0, bool)
    return (
        not alive
        or any(
            int(flags.sum()) < seat.least or seat.most < seat.least
            for flags, seat in zip(alive, given.seats, strict=True)
        )
        or any(int((need.holds & seated).sum()) < need.count for need in given.needs)
    )


def _solve_survivors(
    given: Features, alive: list[Flags], bound: int, priced: int, survivors: int, seconds: float
) -> Certification:
    """The best cell among the survivors, as an integer program written row by row."""
    program = IntegerProgram(given, alive)
    status, best = program.solve(seconds)
    if best is not None and best > bound:
        return Certification("refuted", "better_cell", priced, survivors, best)
    if not status:
        return Certification("undecided", "out_of_time", priced, survivors)
    return Certification("confirmed", "by_search", priced, survivors)


class IntegerProgram:
    """x per surviving pair, y per holder and need, in HiGHS, one column at a time."""

    def __init__(self, given: Features, alive: list[Flags]) -> None:
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        self._columns = 0
        people = sorted({int(row) for flags in alive for row in np.flatnonzero(flags)})
        pairs: dict[int, list[tuple[int, int]]] = {row: [] for row in people}
        for position, (seat, flags) in enumerate(zip(given.seats, alive, strict=True)):
            for row in np.flatnonzero(flags).tolist():
                pairs[row].append((position, self._column(-float(seat.value[row]), integer=True)))
        by_seat: list[list[int]] = [[] for _ in given.seats]
        spent: list[tuple[int, float]] = []
        for row in people:
            self._row(-INFINITY, 1.0, [(column, 1.0) for _, column in pairs[row]])
            for position, column in pairs[row]:
                by_seat[position].append(column)
                spent.append((column, float(given.seats[position].cost[row])))
        for seat, columns in zip(given.seats, by_seat, strict=True):
            self._row(float(seat.least), float(seat.most), [(column, 1.0) for column in columns])
        self._row(-INFINITY, float(given.budget), spent)
        for who, most in given.cuts:
            self._row(-INFINITY, float(most), [(c, 1.0) for row in people if who[row] for _, c in pairs[row]])
        for need in given.needs:
            held = [row for row in people if need.holds[row]]
            if need.count:
                self._row(float(need.count), INFINITY, [(c, 1.0) for row in held for _, c in pairs[row]])
            responsible = []
            for row in held:
                if need.gain[row] > 0:
                    column = self._column(-float(need.gain[row]), integer=False)
                    self._row(-INFINITY, 0.0, [(column, 1.0), *((c, -1.0) for _, c in pairs[row])])
                    responsible.append((column, 1.0))
            self._row(-INFINITY, 1.0, responsible)

    def _column(self, cost: float, *, integer: bool) -> int:
        self._highs.addCol(cost, 0.0, 1.0, 0, np.zeros(0, np.int32), np.zeros(0))
        if integer:
            self._highs.changeColIntegrality(self._columns, highspy.HighsVarType.kInteger)
        self._columns += 1
        return self._columns - 1

    def _row(self, lower: float, upper: float, entries: list[tuple[int, float]]) -> None:
        columns = np.array([column for column, _ in entries], np.int32)
        self._highs.addRow(lower, upper, len(entries), columns, np.array([factor for _, factor in entries], float))

    def solve(self, seconds: float) -> tuple[bool, int | None]:
        """(finished, best value or None)."""
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        self._highs.setOptionValue("mip_abs_gap", 0.9)
        self._highs.setOptionValue("time_limit", max(0.01, seconds))
        self._highs.run()
        done = self._highs.getModelStatus() in (
            highspy.HighsModelStatus.kOptimal,
            highspy.HighsModelStatus.kInfeasible,
        )
        info = self._highs.getInfo()
        if info.primal_solution_status != FEASIBLE_POINT:
            return done, None
        return done, -round(info.objective_function_value)

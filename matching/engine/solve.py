"""Up to K cells out of everybody, each the proven optimum among cells that differ enough from those before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from matching.engine import explain
from matching.engine.band import Report, claimed_bound
from matching.engine.bounding import seed
from matching.engine.clock import Clock
from matching.engine.codec import digest
from matching.engine.cohesion import cohesion_of, most_cohesive
from matching.engine.instance import Instance, Placement, build, cut_of, whole_points
from matching.engine.model import Model
from matching.engine.optimum import Optimum, find_optimum, near_the_top
from matching.engine.outcome import (
    Cell,
    Composed,
    Coverage,
    Infeasible,
    Limits,
    Member,
    OutOfTime,
    Progress,
    Replay,
    Result,
)
from matching.engine.pricing import NOTHING, Bound, Duals, bound
from matching.engine.problem import EarlierCell, Problem
from matching.engine.runner_up import View
from matching.engine.version import ENGINE_VERSION, SOLVER_VERSION

Tell = Callable[[Progress], None]

COHESION_SHARE_OF_TIME = 0.5


class _Composition:
    """The state of one run: the whole instance, the part near the top, the warm relaxation, and the cells so far."""

    def __init__(self, problem: Problem, limits: Limits, progress: Tell | None) -> None:
        self._problem, self._limits, self._tell = problem, limits, progress
        self._clock = Clock(limits.seconds)
        self._report("features", 0)
        self._digest = digest(problem)
        self._whole = build(problem)
        self._model = Model(self._whole)
        self._model.add_people(self._whole, seed(self._whole))
        self._near: Instance | None = None
        self._outside = NOTHING
        self._root: Duals | None = None
        self._everywhere: Bound | None = None
        self._cells: list[Cell] = []
        self._at_most = np.inf

    def run(self) -> Result:
        while len(self._cells) < self._limits.cells:
            optimum = self._next()
            if optimum.members is None:
                return self._without(optimum)
            self._cells.append(self._cell(optimum))
            if self._clock.expired:
                break
            self._differ_from(optimum, self._cells[-1])
        return Composed(tuple(self._cells), exhausted=False, replay=self._replay())

    def _next(self) -> Optimum:
        """The next optimum: near the first cell if that proves it, else anywhere."""
        report = self._reporter()
        self._report("bound", len(self._cells))
        start: list[Placement] | None = None
        if self._near is not None and self._at_most > self._outside:
            optimum = find_optimum(
                self._near, self._model, self._outside, self._clock, report=report, at_most=self._at_most
            )
            if optimum.ended in ("proven", "stopped") and optimum.members is not None:
                return optimum
            start = optimum.members
        return find_optimum(self._whole, self._model, NOTHING, self._clock, start, report, self._at_most)

    def _without(self, optimum: Optimum) -> Result:
        """The answer when the next cell was not found."""
        if self._cells:
            return Composed(tuple(self._cells), exhausted=optimum.ended == "infeasible", replay=self._replay())
        if optimum.ended == "infeasible":
            return Infeasible(optimum.proof, self._replay(), self._refutation(optimum.contradiction))
        upper = claimed_bound(optimum.upper, self._whole.unit) if np.isfinite(optimum.upper) else None
        return OutOfTime(upper, self._replay())

    def _differ_from(self, optimum: Optimum, cell: Cell) -> None:
        """Cuts the cell off for those that follow; after the first one also narrows the view to what is near it."""
        if self._root is None and optimum.bound is not None:
            self._root = optimum.bound.duals
            if optimum.outside == NOTHING:
                self._near, self._outside = near_the_top(self._whole, optimum.bound, cell.best_value)
            else:
                self._near, self._outside = optimum.instance, optimum.outside
            if self._outside == NOTHING:
                self._near = None
        self._at_most = optimum.value
        cut = cut_of(self._problem, cell.refs, len(cell.members) // 2)
        self._whole = self._whole.with_cut(cut)
        if self._near is not None:
            self._near = self._near.with_cut(cut)
        self._model.add_cut(cut)

    def _cell(self, optimum: Optimum) -> Cell:
        members, instance = optimum.members or [], optimum.instance
        best = whole_points(instance.evaluate(members))
        proven, complete = optimum.ended == "proven", False
        upper = best if proven else claimed_bound(optimum.upper, instance.unit)
        if proven and optimum.bound is not None:
            members, complete = self._cohere(optimum.bound, instance, optimum.outside, members, best)
        rows = [row for row, _ in members]
        value = whole_points(self._whole.evaluate(members))
        placed = self._members(members)
        coverage = self._coverage(rows)
        cell = Cell(
            members=placed,
            coverage=coverage,
            value=value,
            best_value=best,
            bound=upper,
            status="optimal" if proven else "within_gap",
            cost=sum(member.cost for member in placed),
            cohesion=cohesion_of(self._problem.market.collaborations, rows),
            reasons=(),
            certificate=self._certificate(optimum, value, best, upper, proven, complete),
        )
        if self._everywhere is None:
            self._everywhere = optimum.given
        views = (View(instance, optimum.bound, optimum.outside), View(self._whole, self._everywhere, NOTHING))
        found = explain.reasons(self._problem, cell, members, views)
        return replace(cell, reasons=found)

    def _cohere(
        self, found: Bound, instance: Instance, outside: float, members: list[Placement], best: int
    ) -> tuple[list[Placement], bool]:
        """The most cohesive cell within the policy's share of the optimum, and whether that is proven."""
        together = self._problem.market.collaborations
        if not len(together.first):
            return members, True
        self._report("cohesion", len(self._cells), best, best)
        floor = best - abs(best) * self._problem.policy.cohesion_permille // 1000
        if outside >= floor - 1 + instance.unit:
            instance, found = self._whole, bound(self._whole, found.duals)
        clock = Clock(self._clock.left * COHESION_SHARE_OF_TIME)
        cohesive = most_cohesive(instance, found, members, floor, together, clock)
        return cohesive.members, cohesive.complete

    def _members(self, members: list[Placement]) -> tuple[Member, ...]:
        people, placed = self._problem.market.people, []
        for row, seat in sorted(members, key=lambda member: (member[1], member[0])):
            value, cost = self._whole.pair((row, seat))
            placed.append(Member(int(people.ref[row]), seat, whole_points(value), int(cost)))
        return tuple(placed)

    def _coverage(self, rows: list[int]) -> tuple[Coverage, ...]:
        """Holders of each need by strength, the lower ref first among equals."""
        people, ordered, lines = self._problem.market.people, sorted(rows), []
        local = self._whole.locate(np.array(ordered, np.int32))[0]
        for position in range(len(self._problem.needs)):
            holds, gain = self._whole.needs[position].lookup(local)
            ranking = [i for i in np.argsort(-gain, kind="stable") if holds[i]]
            refs = tuple(int(people.ref[ordered[i]]) for i in ranking)
            lines.append(
                Coverage(
                    need=position,
                    responsible=refs[0] if refs else None,
                    backup=refs[1] if len(refs) > 1 else None,
                    holders=refs,
                    points=int(gain[ranking[0]]) if refs else 0,
                )
            )
        return tuple(lines)

    def _certificate(
        self, optimum: Optimum, value: int, best: int, upper: int, proven: bool, complete: bool
    ) -> dict[str, Any]:
        people = self._problem.market.people.ref
        found = optimum.bound.duals if optimum.bound is not None else None
        root = self._root or found
        return {
            "format": 1,
            "problem": self._digest,
            "value": value,
            "best_value": best,
            "bound": upper,
            "proven": proven,
            "cohesion_proven": complete,
            "earlier": [{"refs": list(cell.refs), "most_in_common": len(cell.members) // 2} for cell in self._cells],
            "duals": [multipliers(entry, people) for entry in ((root,) if root is found else (root, found)) if entry],
        }

    def _refutation(self, duals: Duals | None) -> dict[str, Any]:
        """The certificate that no cell exists; where people are lacking the problem itself is the proof."""
        people = self._problem.market.people.ref
        prices = [] if duals is None else [multipliers(duals, people)]
        return {"format": 1, "problem": self._digest, "duals": prices}

    def _replay(self) -> Replay:
        return Replay(
            problem_digest=self._digest,
            policy=self._problem.policy.name,
            engine_version=ENGINE_VERSION,
            solver_version=SOLVER_VERSION,
            seconds=self._clock.elapsed,
        )

    def _report(self, stage: str, cell: int, value: int | None = None, upper: int | None = None) -> None:
        if self._tell is not None:
            steps = {"features": 0.0, "bound": 0.1, "search": 0.4, "cohesion": 0.8}
            share = (cell + steps[stage]) / max(1, self._limits.cells)
            self._tell(Progress(stage, min(1.0, share), cell, value, upper))

    def _reporter(self) -> Report:
        def report(value: float | None, upper: float) -> None:
            best = whole_points(value) if value is not None else None
            self._report("search", len(self._cells), best, claimed_bound(upper, self._whole.unit))

        return report


def multipliers(duals: Duals, refs: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, Any]:
    """Duals as JSON-able integers in units of ``2**-bits``; persons by ref."""
    scale = 2.0**duals.bits

    def whole(values: Any) -> list[int]:
        return [int(x) for x in np.rint(np.asarray(values, float) * scale)]

    return {
        "bits": duals.bits,
        "scored": duals.scored,
        "best": whole(duals.best),
        "cover": whole(duals.cover),
        "budget": whole([duals.budget])[0],
        "cuts": whole(duals.cuts),
        "person": [[int(refs[row]), price] for row, price in zip(duals.person_rows, whole(duals.person), strict=True)],
    }


def solve(problem: Problem, limits: Limits = Limits(), progress: Tell | None = None) -> Result:  # noqa: B008
    """Up to ``limits.cells`` cells, best first, or the proof that there is none, or ``OutOfTime``.

    Cell k is the optimum among cells that share at most half of their members with each earlier one (half of the
    earlier cell's size, rounded down). The same problem gives the same cells, member for member, as long as the time
    suffices; where it does not, the cell says ``within_gap`` with a proven bound. ``progress`` is called in between.
    Raises ``ValueError`` for a run of no cells.
    """
    if limits.cells < 1:
        raise ValueError("a run looks for one cell at least")
    return _Composition(problem, limits, progress).run()


def earlier_cells(cells: tuple[Cell, ...]) -> tuple[EarlierCell, ...]:
    """The difference rules that these cells put on the next one, to judge or certify it outside of its run."""
    return tuple(EarlierCell(cell.refs, len(cell.members) // 2) for cell in cells)

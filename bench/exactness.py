"""Rows 1 and 2: are the cells the best ones, judged by enumeration and by the integer program over everybody?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bench import markets
from bench.plan import Plan
from bench.sampling import Tell, computed, median, milliseconds, people
from bench.targets import Measured, Target, at_least
from matching.engine import Composed, EarlierCell, Infeasible, Limits, Problem, earlier_cells, solve
from matching.engine.clock import Clock
from matching.engine.instance import build
from matching.engine.model import solve_whole
from tests.engine.instances import tiny_problem
from tests.engine.oracle import Oracle

CELLS_OF_TINY = 3
CELLS = 5
SECONDS = 60.0
INTEGER_PROGRAM_SECONDS = 60.0
FASTER = 50.0


@dataclass
class Agreement:
    """How many answers were compared, and on how many both sides agreed."""

    asked: int = 0
    agreed: int = 0

    def note(self, agrees: bool) -> None:
        """Count one answer."""
        self.asked += 1
        self.agreed += agrees

    @property
    def percent(self) -> float | None:
        return 100 * self.agreed / self.asked if self.asked else None


def enumerate_all(plan: Plan, tell: Tell) -> Measured:
    """Row 1: tiny problems with every kind of rule, each enumerated whole; up to three cells of each are compared."""
    found, cells, refusals = Measured(), Agreement(), Agreement()
    ours, theirs = 0.0, 0.0
    for number in range(plan.enumerated):
        problem = tiny_problem(np.random.default_rng([plan.seed, number]))
        result, seconds = computed(solve, problem, Limits(CELLS_OF_TINY, SECONDS))
        oracle, table_seconds = computed(Oracle, problem)
        ours, theirs = ours + seconds, theirs + table_seconds
        earlier: tuple[EarlierCell, ...] = ()
        for cell in result.cells if isinstance(result, Composed) else ():
            truth, seconds = computed(oracle.best, earlier)
            theirs += seconds
            cells.note(truth is not None and cell.best_value == truth.value)
            earlier = (*earlier, *earlier_cells((cell,)))
        if isinstance(result, Infeasible) or (isinstance(result, Composed) and result.exhausted):
            truth, seconds = computed(oracle.best, earlier)
            theirs += seconds
            refusals.note(truth is None)
        tell("enumerating tiny problems", (number + 1) / plan.enumerated)
    beside = f"brute force over {plan.enumerated} problems"
    found.add("1", f"{cells.asked} cells with the optimal objective", cells.percent, "%", Target("=", 100.0), beside)
    what = f"{refusals.asked} answers “there is no (further) cell” agreed"
    found.add("1", what, refusals.percent, "%", Target("=", 100.0), beside)
    found.samples["enumeration"] = {
        "problems": plan.enumerated,
        "cells": vars(cells),
        "refusals": vars(refusals),
        "seconds": ours,
        "brute_force_seconds": theirs,
    }
    return found


def against_integer_program(plan: Plan, tell: Tell) -> Measured:
    """Row 2: five cells each, against one integer program per cell over every eligible pair and nothing pruned."""
    found, cells = Measured(), Agreement()
    given = markets.market(plan.integer_people, plan.seed)
    rows, unfinished = [], 0
    for number, problem in enumerate(markets.projects(given, plan.integer_projects, plan.seed)):
        result, ours = computed(solve, problem, Limits(CELLS, SECONDS))
        theirs, pairs = 0.0, 0
        composed = result.cells if isinstance(result, Composed) else ()
        for position, cell in enumerate(composed):
            value, seconds, pairs = _integer_optimum(problem, earlier_cells(composed[:position]))
            theirs += seconds
            unfinished += value is None
            if value is not None:
                cells.note(cell.best_value == value)
            share = (number + (position + 1) / len(composed)) / plan.integer_projects
            tell("the unpruned integer program", share)
        rows.append({"pairs": pairs, "cells": len(composed), "seconds": ours, "integer_program_seconds": theirs})
    ratios = [row["integer_program_seconds"] / row["seconds"] for row in rows if row["cells"]]
    size = people(plan.integer_people)
    what = f"{cells.asked} cells over {size} people with the optimal objective"
    beside = f"unpruned MIP ({unfinished} of them not done in {INTEGER_PROGRAM_SECONDS:.0f} s)"
    found.add("2", what, cells.percent, "%", Target("=", 100.0), beside)
    slower = milliseconds(median([row["integer_program_seconds"] for row in rows]))
    faster = milliseconds(median([row["seconds"] for row in rows]))
    beside = f"MIP {slower}, engine {faster} for five cells"
    found.add("2", f"times faster, p50 of {len(ratios)} projects", median(ratios), "×", at_least(FASTER), beside)
    total = sum(row["integer_program_seconds"] for row in rows) / sum(row["seconds"] for row in rows)
    found.add("2", "times faster, all of them together", total, "×", None, beside)
    found.samples["integer_program"] = {"people": plan.integer_people, "projects": rows}
    return found


def _integer_optimum(problem: Problem, earlier: tuple[EarlierCell, ...]) -> tuple[int | None, float, int]:
    """(value in whole points, None where time ran out; seconds with the making of the model; pairs)."""
    instance = build(replace(problem, earlier=(*problem.earlier, *earlier)))
    (members, upper, finished), seconds = computed(solve_whole, instance, Clock(INTEGER_PROGRAM_SECONDS))
    return (round(upper) if finished and members is not None else None), seconds, instance.pairs

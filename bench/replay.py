"""Row 4b: the same problem, policy and seed give the same cells, here, again, and in new processes on any kernel."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from importlib.util import find_spec

from bench import markets
from bench.plan import Plan
from bench.sampling import Tell, people
from bench.targets import Measured, Target
from matching.engine import Composed, Limits, Result, solve

CELLS = 5
SECONDS = 60.0
MOST_PEOPLE = 100_000
Answer = list[list[list[int]]]
"""Cells of a project, each a list of [ref, seat]."""


def answers(size: int, seed: int, count: int) -> list[Answer]:
    """Compose for ``count`` projects and return who sits where."""
    given = markets.market(size, seed)
    return [_members(solve(problem, Limits(CELLS, SECONDS))) for problem in markets.projects(given, count, seed)]


def _members(result: Result) -> Answer:
    cells = result.cells if isinstance(result, Composed) else ()
    return [[[member.ref, member.seat] for member in cell.members] for cell in cells]


def kernels() -> list[str]:
    """The kernels of the band search that can run here."""
    return ["numpy", *(["numba"] if find_spec("numba") is not None else [])]


def replay(plan: Plan, tell: Tell) -> Measured:
    """Compose in this process, then in a new one per kernel, and compare member for member."""
    found = Measured()
    size = min(plan.sizes[-1], MOST_PEOPLE)
    here = answers(size, plan.seed, plan.replayed_projects)
    tell("the same cells again", 1 / (len(kernels()) + 1))
    equal, compared = 0, 0
    for number, kernel in enumerate(kernels()):
        elsewhere = _in_another_process(kernel, size, plan.seed, plan.replayed_projects)
        for one, other in zip(here, elsewhere, strict=True):
            compared += max(len(one), len(other))
            equal += sum(a == b for a, b in zip(one, other, strict=False))
        tell("the same cells again", (number + 2) / (len(kernels()) + 1))
    share = 100 * equal / compared if compared else None
    what = f"{people(size)}: {compared} cells equal, member for member"
    found.add("4b", what, share, "%", Target("=", 100.0), f"new processes, kernels: {', '.join(kernels())}")
    found.samples["replay"] = {"people": size, "cells": compared, "equal": equal, "kernels": kernels()}
    return found


def _in_another_process(kernel: str, size: int, seed: int, count: int) -> list[Answer]:
    command = [sys.executable, "-m", "bench.replay", str(size), str(seed), str(count)]
    environment = {**os.environ, "CELULA_KERNEL": kernel}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    told: list[Answer] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Print the cells of seeded projects as JSON.")
    for name in ("size", "seed", "count"):
        parser.add_argument(name, type=int)
    print(json.dumps(answers(**vars(parser.parse_args()))))

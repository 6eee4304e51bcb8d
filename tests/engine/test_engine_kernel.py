"""The compiled search, the same loop uncompiled, and the search in blocks: one answer."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from matching.engine import Composed, Limits, Problem, solve
from matching.engine import kernel as kernels
from matching.engine.bounding import generate, seed
from matching.engine.branching import branch_and_bound
from matching.engine.clock import Clock
from matching.engine.instance import Instance, build
from matching.engine.model import Model
from matching.engine.optimum import lacks_people
from matching.engine.pricing import NOTHING, Duals
from matching.engine.search import Found, search
from tests.engine.instances import market_of, project_of, tiny_problem

KERNELS = [None, kernels.descend, *([kernels.COMPILED] if kernels.COMPILED else [])]
ENDLESS = 10**9


def relaxed(problem: Problem) -> tuple[Instance, Duals] | None:
    """An instance with the prices of its relaxation, None where it plainly has no cell."""
    instance = build(problem)
    if lacks_people(instance):
        return None
    model = Model(instance)
    model.add_people(instance, seed(instance))
    return instance, generate(instance, model, Clock(60)).bound.duals


def enumerated(instance: Instance) -> float:
    """The best value of an instance of single places, by all combinations of its pairs."""
    best = NOTHING
    for pairs in product(*(range(len(seat.local)) for seat in instance.seats)):
        local = [int(seat.local[at]) for seat, at in zip(instance.seats, pairs, strict=True)]
        cost = sum(seat.cost[at] for seat, at in zip(instance.seats, pairs, strict=True))
        held = [need.lookup(np.array(local, np.int32))[0].sum() >= need.count for need in instance.needs]
        if len(set(local)) == len(local) and cost <= instance.budget and all(held):
            members = [(int(instance.people[person]), seat) for seat, person in enumerate(local)]
            best = max(best, instance.evaluate(members))
    return best


@pytest.mark.parametrize("batch", range(4))
def test_every_kernel_finds_what_enumeration_finds_whatever_the_prices(batch: int) -> None:
    found = 0
    for number in range(40):
        rng = np.random.default_rng([101, batch, number])
        prepared = relaxed(tiny_problem(rng))
        if prepared is None:
            continue
        instance, duals = prepared
        noise = [replace(duals, cover=np.rint(duals.cover * rng.uniform(0, 2, len(duals.cover))), bits=0)]
        best = enumerated(instance)
        for prices, kernel in product([duals, *noise], KERNELS):
            answer = search(instance, prices, NOTHING if best == NOTHING else best, Clock(60), ENDLESS, kernel)
            assert answer.finished
            assert answer.value == best
            if answer.members is not None:
                assert instance.evaluate(answer.members) == best
                none = search(instance, prices, best + instance.unit, Clock(60), ENDLESS, kernel)
                assert none.members is None
                found += 1
    assert found >= 40


@pytest.mark.parametrize("number", range(6))
def test_every_kernel_names_the_same_members_and_so_does_a_divided_band(number: int) -> None:
    rng = np.random.default_rng([102, number])
    prepared = relaxed(project_of(rng, market_of(rng, 300), 4, 0.1))
    assert prepared is not None
    instance, duals = prepared
    answers: list[Found] = [search(instance, duals, NOTHING, Clock(60), ENDLESS, kernel) for kernel in KERNELS]
    assert answers[0].members is not None
    # So few partial cells for each search that the band is divided many times over.
    answers += [branch_and_bound(instance, duals, answers[0].value, Clock(60), nodes) for nodes in (8, 40, 400)]
    assert all(answer.finished for answer in answers)
    assert all((answer.members, answer.value) == (answers[0].members, answers[0].value) for answer in answers)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_search_that_stops_early_says_what_it_may_have_missed(kernel: kernels.Kernel | None) -> None:
    rng = np.random.default_rng(103)
    prepared = relaxed(project_of(rng, market_of(rng, 300), 5, 0.1))
    assert prepared is not None
    instance, duals = prepared
    whole = search(instance, duals, NOTHING, Clock(60), ENDLESS, kernel)
    part = search(instance, duals, NOTHING, Clock(60), 5, kernel)
    assert not part.finished
    assert part.open_bound >= whole.value


def test_a_run_without_the_compiler_gives_the_same_cells() -> None:
    rng = np.random.default_rng(104)
    problem = project_of(rng, market_of(rng, 500, density=2), 5, 0.05)
    result = solve(problem, Limits(4, 60))
    assert isinstance(result, Composed)
    script = (
        "import numpy as np;"
        "from matching.engine import Limits, kernel, solve;"
        "from tests.engine.instances import market_of, project_of;"
        "assert kernel.COMPILED is None;"
        "rng = np.random.default_rng(104);"
        "problem = project_of(rng, market_of(rng, 500, density=2), 5, 0.05);"
        "print([cell.members for cell in solve(problem, Limits(4, 60)).cells])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"CELULA_KERNEL": "numpy", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert told.stdout.strip() == str([cell.members for cell in result.cells])


def test_the_search_that_is_prepared_is_the_one_that_is_used() -> None:
    script = (
        "import numpy as np;"
        "from matching.engine import Limits, kernel, prepare, solve;"
        "from tests.engine.instances import market_of, project_of;"
        "prepare();"
        "before = len(kernel.COMPILED.signatures) if kernel.COMPILED else 0;"
        "rng = np.random.default_rng(104);"
        "solve(project_of(rng, market_of(rng, 500, density=2), 5, 0.05), Limits(4, 60));"
        "print(before, len(kernel.COMPILED.signatures) if kernel.COMPILED else 0)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    before, after = told.stdout.split()
    assert before == after

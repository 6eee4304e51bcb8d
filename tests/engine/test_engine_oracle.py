"""The solver against brute force: objective, feasibility, alternatives and cohesion, all exactly equal."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    Composed,
    EarlierCell,
    Infeasible,
    Limits,
    Problem,
    certify,
    solve,
    verify,
)
from matching.engine.certify import IntegerProgram
from matching.engine.repricing import features
from tests.engine.instances import covering, market_of, open_problem, project_of, tiny_problem
from tests.engine.oracle import Oracle

CELLS = 3
SHARES = (0, 10, 50)  # permille of the objective that cohesion may spend


def assert_equals_brute_force(problem: Problem) -> tuple[int, int]:
    """Solves for three cells and compares each of them, or their absence; returns (cells compared, refusals agreed)."""
    result, oracle = solve(problem, Limits(CELLS, 60)), Oracle(problem)
    assert isinstance(result, Composed | Infeasible)
    cells = result.cells if isinstance(result, Composed) else ()
    earlier: tuple[EarlierCell, ...] = ()
    for cell in cells:
        truth = oracle.best(earlier)
        assert truth is not None
        assert (cell.status, cell.best_value, cell.bound) == ("optimal", truth.value, truth.value)
        assert (cell.cohesion, cell.value) == (truth.cohesion, truth.cohesive_value)
        judged = replace(problem, earlier=problem.earlier + earlier)
        verdict = verify(judged, [(m.ref, m.seat) for m in cell.members], cell.value)
        assert verdict.holds, verdict.violations
        assert (verdict.cost, verdict.members, verdict.coverage) == (cell.cost, cell.members, cell.coverage)
        earlier = (*earlier, EarlierCell(cell.refs, len(cell.members) // 2))
    if len(cells) == CELLS:
        return CELLS, 0
    assert oracle.best(earlier) is None
    assert isinstance(result, Infeasible) or result.exhausted
    return len(cells), 1


@pytest.mark.parametrize("batch", range(10))
def test_every_tiny_problem_gets_the_answer_of_brute_force(batch: int) -> None:
    found = refused = 0
    for number in range(52):
        rng = np.random.default_rng([1, batch, number])
        cells, none = assert_equals_brute_force(tiny_problem(rng, int(rng.choice(SHARES))))
        found, refused = found + cells, refused + none
    assert found >= 30
    assert refused >= 10


@pytest.mark.parametrize("batch", range(4))
def test_every_tiny_open_cell_gets_the_size_and_value_of_brute_force(batch: int) -> None:
    found = 0
    for number in range(30):
        rng = np.random.default_rng([2, batch, number])
        found += assert_equals_brute_force(open_problem(rng, int(rng.choice(SHARES))))[0]
    assert found >= 12


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    budget=st.integers(0, 40_000),
    bridges=st.integers(0, 2),
    specialists=st.integers(0, 1),
    counts=st.lists(st.integers(0, 3), min_size=5, max_size=5),
    weights=st.lists(st.integers(0, 10), min_size=5, max_size=5),
    permille=st.sampled_from(SHARES),
)
def test_whatever_is_asked_of_a_tiny_market_brute_force_agrees(
    seed: int, budget: int, bridges: int, specialists: int, counts: list[int], weights: list[int], permille: int
) -> None:
    base = tiny_problem(np.random.default_rng(seed), permille)
    needs = tuple(
        replace(need, count=count, weight=weight)
        for need, count, weight in zip(base.needs, counts, weights, strict=False)
    )
    problem = replace(base, needs=needs, budget=budget, bridges=bridges, specialists=specialists)
    assert_equals_brute_force(problem)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(20))
def test_cells_out_of_two_thousand_people_equal_an_unpruned_integer_program(number: int) -> None:
    rng = np.random.default_rng([3, number])
    market = market_of(np.random.default_rng([4, number % 4]), 2_000)
    problem = replace(project_of(rng, market, int(rng.integers(3, 8)), float(rng.choice([0.02, 0.15]))))
    result = solve(problem, Limits(1, 60))
    given_features = features(problem)
    finished, best = IntegerProgram(given_features, [seat.allowed for seat in given_features.seats]).solve(60)
    assert finished
    if best is None:
        assert isinstance(result, Infeasible)
    else:
        assert isinstance(result, Composed)
        assert (result.cells[0].best_value, result.cells[0].status) == (best, "optimal")


def steiner_triples(dimension: int) -> list[list[int]]:
    """Lines of the affine space over three elements: the triples behind the instances stein9 and stein27."""
    points = [tuple(p) for p in np.ndindex(*([3] * dimension))]
    lines = set()
    for a, b in combinations(range(len(points)), 2):
        third = tuple((-x - y) % 3 for x, y in zip(points[a], points[b], strict=True))
        lines.add(tuple(sorted((a, b, points.index(third)))))
    return [list(line) for line in sorted(lines)]


@pytest.mark.parametrize(("dimension", "optimum"), [(2, 5), (3, 18)])
def test_the_steiner_covering_problems_have_their_published_optimum(dimension: int, optimum: int) -> None:
    # Fulkerson, Nemhauser and Trotter 1974: a smallest set of points that meets every triple.
    triples = steiner_triples(dimension)
    sets = [[line for line, triple in enumerate(triples) if point in triple] for point in range(3**dimension)]
    problem = covering(sets, [1] * len(sets))
    result = solve(problem, Limits(1, 60))
    assert isinstance(result, Composed)
    assert (-result.cells[0].value, result.cells[0].status) == (optimum, "optimal")
    assert len(result.cells[0].members) == optimum


@pytest.mark.parametrize("number", range(12))
def test_a_weighted_set_cover_costs_what_enumeration_says(number: int) -> None:
    rng = np.random.default_rng([5, number])
    elements, n = int(rng.integers(4, 9)), int(rng.integers(6, 11))
    sets = [rng.permutation(elements)[: int(rng.integers(1, 4))].tolist() for _ in range(n)]
    sets.append([e for e in range(elements) if not any(e in members for members in sets)])
    costs = [int(c) for c in rng.integers(1, 30, len(sets))]
    covers = (
        sum(costs[i] for i in chosen)
        for size in range(1, len(sets) + 1)
        for chosen in combinations(range(len(sets)), size)
        if len({e for i in chosen for e in sets[i]}) == elements
    )
    result = solve(covering(sets, costs), Limits(1, 60))
    assert isinstance(result, Composed)
    assert -result.cells[0].value == min(covers)


@pytest.mark.parametrize("number", range(20))
def test_every_certificate_of_a_tiny_run_is_confirmed_and_none_a_point_lower(number: int) -> None:
    rng = np.random.default_rng([6, number])
    problem = (tiny_problem if number % 2 else open_problem)(rng, 50)
    result = solve(problem, Limits(CELLS, 60))
    for cell in result.cells if isinstance(result, Composed) else ():
        members = [(m.ref, m.seat) for m in cell.members]
        assert certify(problem, members, cell.certificate).verdict == "confirmed"
        forged = cell.certificate | {"bound": cell.bound - 1, "best_value": cell.bound - 1}
        assert certify(problem, members, forged).verdict == "refuted"

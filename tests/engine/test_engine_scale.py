"""What only matters where there are many people: looking near the top first changes nothing but the time it takes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from matching.engine import Composed, Limits, Problem, certify, digest, solve
from matching.engine import optimum as optima
from matching.engine import runner_up as runners
from matching.engine.cohesion import cohesion_of, collaborations_among
from matching.engine.instance import build
from matching.engine.pricing import NOTHING
from matching.engine.runner_up import View, runners_up
from tests.engine.instances import collaborations, market_of, project_of

LIMITS = Limits(3, 60)


@cache
def large(number: int) -> Problem:
    """A problem with more pairs than are looked at together at first."""
    rng = np.random.default_rng([121, number])
    problem = project_of(rng, market_of(np.random.default_rng([122, number % 2]), 4_000), 4 + number % 3, 0.1)
    seats = tuple(replace(seat, skills=(), min_seniority=max(1, seat.min_seniority - 1)) for seat in problem.seats)
    problem = replace(problem, seats=seats)
    assert build(problem).pairs > optima.FEW_PAIRS
    return problem


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1, 3])
def test_wherever_one_looks_first_the_cells_are_the_same(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = solve(large(number), LIMITS)
    monkeypatch.setattr(optima, "FEW_PAIRS", 10**9)
    everywhere = solve(large(number), LIMITS)
    monkeypatch.setattr(optima, "FEW_PAIRS", 0)
    monkeypatch.setattr(optima, "NEAR_SHARE", 0.0)
    monkeypatch.setattr(optima, "NEAR_POINTS", 2.0)
    nowhere = solve(large(number), LIMITS)
    for result in (everywhere, nowhere):
        assert isinstance(usual, Composed)
        assert isinstance(result, Composed)
        assert [cell.members for cell in result.cells] == [cell.members for cell in usual.cells]
        assert [cell.bound for cell in result.cells] == [cell.bound for cell in usual.cells]
        assert [cell.reasons for cell in result.cells] == [cell.reasons for cell in usual.cells]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_every_cell_out_of_thousands_is_certified(number: int) -> None:
    result = solve(large(number), LIMITS)
    assert isinstance(result, Composed)
    assert len(result.cells) == LIMITS.cells
    for cell in result.cells:
        found = certify(large(number), [(m.ref, m.seat) for m in cell.members], cell.certificate)
        assert found.verdict == "confirmed"
        assert found.survivors < found.priced / 3


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_runner_up_is_the_best_of_everybody(number: int) -> None:
    problem = large(number)
    result = solve(problem, Limits(1, 60))
    assert isinstance(result, Composed)
    row = {int(ref): at for at, ref in enumerate(problem.market.people.ref)}
    members = [(row[member.ref], member.seat) for member in result.cells[0].members]
    whole = build(problem)
    told = {reason.ref: reason for reason in result.cells[0].reasons if reason.code.endswith("runner_up")}
    assert len(told) == len(members)
    for leaving, expected in zip(members, runners_up([View(whole, None, NOTHING)], members), strict=True):
        reason = told[int(problem.market.people.ref[leaving[0]])]
        if expected is None:
            assert reason.code == "no_runner_up"
            continue
        assert reason.data["ref"] == int(problem.market.people.ref[expected.row])
        assert reason.data["points_less"] == result.cells[0].value - int(np.ceil(expected.value))


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_runner_up_is_the_same_however_few_are_looked_at_first(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = solve(large(number), LIMITS)
    for first, widening in ((1, 2), (3, 3), (10**6, 2)):
        monkeypatch.setattr(runners, "FIRST_PAIRS", first)
        monkeypatch.setattr(runners, "WIDENING", widening)
        again = solve(large(number), LIMITS)
        assert isinstance(usual, Composed)
        assert isinstance(again, Composed)
        assert [cell.reasons for cell in again.cells] == [cell.reasons for cell in usual.cells]


def test_collaborations_are_found_from_either_person_alike() -> None:
    rng = np.random.default_rng(123)
    together = collaborations(rng, 200, 3_000)
    pairs = {(int(a), int(b)): int(w) for a, b, w in zip(together.first, together.second, together.weight, strict=True)}
    for _ in range(50):
        rows = sorted(rng.choice(200, int(rng.integers(0, 12)), replace=False).tolist())
        expected = {(a, b): w for (a, b), w in pairs.items() if a in rows and b in rows}
        assert cohesion_of(together, rows[::-1]) == sum(expected.values())
        found = collaborations_among(together, np.array(rows, np.int32))
        assert {(rows[a], rows[b]): w for a, b, w in found} == expected


def test_a_changed_problem_has_a_digest_of_its_own() -> None:
    problem = large(0)
    first = digest(problem)
    assert digest(problem) == first
    assert digest(replace(problem, budget=problem.budget + 1)) != first
    assert digest(replace(problem)) == first

"""The yardsticks never beat the optimum, and the judge says what they break."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matching.engine import Composed, Limits, best_single_hires, greedy, solve
from tests.engine.instances import lone_problem, market_of, project_of


@pytest.mark.parametrize("number", range(8))
def test_a_feasible_yardstick_is_worth_no_more_than_the_optimum(number: int) -> None:
    rng = np.random.default_rng([91, number])
    problem = project_of(rng, market_of(rng, 300), 4, 0.3)
    result = solve(problem, Limits(1, 30))
    assert isinstance(result, Composed)
    for baseline in (best_single_hires(problem), greedy(problem)):
        assert len(baseline.members) == 4
        if baseline.feasible:
            assert baseline.verdict.value <= result.cells[0].best_value


def test_hiring_seat_by_seat_ignores_what_the_whole_cell_must_hold() -> None:
    rng = np.random.default_rng(92)
    problem = project_of(rng, market_of(rng, 300), 4, 0.0)
    hires = best_single_hires(replace(problem, bridges=4))
    assert not hires.feasible
    assert "bridges" in {violation.rule for violation in hires.verdict.violations}


def test_greedy_takes_what_pays_most_and_stays_within_the_budget() -> None:
    rng = np.random.default_rng(93)
    problem = project_of(rng, market_of(rng, 300), 4, 0.3)
    assert greedy(problem).cost <= problem.budget
    assert greedy(replace(problem, budget=10)).members == ()


def test_the_only_candidate_is_everybodys_choice() -> None:
    assert best_single_hires(lone_problem()).members == greedy(lone_problem()).members == ((7, 0),)
    assert greedy(lone_problem()).feasible

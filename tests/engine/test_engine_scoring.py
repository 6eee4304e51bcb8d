"""The objective, number by number."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from matching.engine import Cefr, Composed, Limits, Need, Policy, Problem, solve, verify
from matching.engine.eligibility import candidates
from matching.engine.scoring import fit_points, language_strength, monthly_cost, skill_gain
from tests.engine.instances import EN, STARTS_ON, lone_problem, with_people, with_seat


def points_of(problem: Problem) -> list[int]:
    """Points of whoever is eligible for the first seat, before cost."""
    return fit_points(problem, 0, candidates(problem, 0)).tolist()


@pytest.mark.parametrize(("cents", "minutes"), [(0, 2400), (1, 60), (4_000, 2_400), (12_345, 1_799), (2**31 - 1, 3600)])
def test_a_monthly_cost_is_the_exact_fraction_rounded_up(cents: int, minutes: int) -> None:
    exact = Fraction(cents, 100) * Fraction(minutes, 60) * Fraction(52, 12)
    assert monthly_cost(np.array([cents], np.int32), minutes).tolist() == [ceil(exact)]


def test_the_lone_person_is_worth_what_a_hand_counts() -> None:
    # Fit: main function 10, no steps above the floors, starts on the day 0, strength 16*4 + 2*6 = 76, 76 // 4 = 19.
    assert points_of(lone_problem()) == [29]
    # Need: 5 * 76 // 2 = 190. Cost: 4,000 cents for 40 hours are 6,933.33 dollars a month, 6,934 // 40 = 173 points.
    result = solve(lone_problem(), Limits(1, 10))
    assert isinstance(result, Composed)
    assert (result.cells[0].value, result.cells[0].cost) == (29 + 190 - 173, 6_934)


@pytest.mark.parametrize(
    ("columns", "points"),
    [
        ({"seniority": 4}, 5),
        ({"seniority": 5}, 10),
        ({"english": Cefr.C1}, 8),
        ({"english": Cefr.C2}, 16),
        ({"available_from": STARTS_ON - 6}, 0),
        ({"available_from": STARTS_ON - 7}, 1),
        ({"available_from": STARTS_ON - 700}, 10),
        ({"main_function": 1}, -10),
    ],
)
def test_steps_above_a_floor_earn_what_the_policy_says(columns: dict[str, int], points: int) -> None:
    problem = with_people(lone_problem(), **columns)
    assert points_of(problem) == [29 + points]
    assert verify(problem, [(7, 0)]).members[0].points == 29 + points - 173


def test_more_than_two_steps_earn_no_more_than_two() -> None:
    low = with_seat(lone_problem(), min_seniority=1, languages=((EN, Cefr.A1),), client_facing=False)
    assert points_of(low) == [29 + 2 * 5 + 2 * 8]


def test_a_language_need_gains_by_its_level() -> None:
    strength = language_strength(np.array([Cefr.B2], np.uint8))
    assert skill_gain(Need("english", language=EN, level=1, weight=3), strength).tolist() == [3 * 64 // 2]


def test_a_policy_of_zeros_leaves_every_cell_worth_nothing() -> None:
    zeros = Policy("none", 0, 0, 0, 0, 0, 0, 0, 0)
    problem = replace(lone_problem(), policy=zeros, needs=(replace(lone_problem().needs[0], weight=0),))
    result = solve(problem, Limits(1, 10))
    assert isinstance(result, Composed)
    assert result.cells[0].value == verify(problem, [(7, 0)]).value == 0

"""Reasons are facts: every number in them can be found in the problem or counted again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matching.engine import Cell, Composed, Limits, Need, Problem, Reason, solve, verify
from tests.engine.instances import ENDS_ON, STARTS_ON, lone_problem, market_of, project_of, with_claim, with_people


def composed(problem: Problem) -> Cell:
    result = solve(problem, Limits(1, 30))
    assert isinstance(result, Composed)
    return result.cells[0]


def codes(cell: Cell) -> set[str]:
    return {reason.code for reason in cell.reasons}


def only(cell: Cell, code: str) -> Reason:
    (reason,) = [reason for reason in cell.reasons if reason.code == code]
    return reason


def test_a_cell_that_spends_its_budget_says_so() -> None:
    tight = only(composed(lone_problem()), "budget_binding")
    assert tight.data == {"cost": 6_934, "budget": 6_934, "left": 0}
    roomy = only(composed(replace(lone_problem(), budget=10_000)), "within_budget")
    assert roomy.data["left"] == 3_066


def test_a_must_with_one_holder_is_thin_and_names_them() -> None:
    reason = only(composed(lone_problem()), "thin_coverage")
    assert (reason.need, reason.ref, reason.data["asked"]) == (0, 7, 1)


def test_a_wish_that_nobody_holds_is_told() -> None:
    problem = replace(lone_problem(), needs=(Need("rare", skill=9, level=1, count=0),))
    assert only(composed(problem), "wish_not_held").need == 0


def test_what_a_member_brings_above_the_floors_is_told() -> None:
    cell = composed(with_people(lone_problem(), seniority=4, english=5, available_from=STARTS_ON - 100))
    assert only(cell, "above_seniority_floor").data == {"asked": 3, "found": 4}
    assert only(cell, "language_above_floor").data == {"language": "en.speaking", "asked": 4, "found": 5}
    assert only(cell, "bridge").ref == 7
    assert only(cell, "starts_promptly").data == {"weeks": 14}
    assert only(cell, "bridges").data["count"] == 1


def test_nothing_above_the_floors_is_not_told() -> None:
    silent = {"above_seniority_floor", "language_above_floor", "bridge", "bridges", "starts_promptly", "specialist"}
    assert not silent & codes(composed(lone_problem()))


@pytest.mark.parametrize(("valid", "told"), [(ENDS_ON, True), (ENDS_ON + 90, True), (ENDS_ON + 91, False), (0, False)])
def test_a_certificate_that_ends_soon_after_the_engagement_is_told(valid: int, told: bool) -> None:
    cell = composed(with_claim(lone_problem(), 4, 6, 1, valid))
    assert ("certificate_expires_soon" in codes(cell)) == told


def test_a_member_without_anybody_to_step_in_is_told() -> None:
    assert only(composed(lone_problem()), "no_runner_up").ref == 7


def test_the_runner_up_would_make_a_lawful_cell_worth_exactly_so_much_less() -> None:
    rng = np.random.default_rng(81)
    problem = replace(project_of(rng, market_of(rng, 500, density=0), 5, 0.3))
    cell = composed(problem)
    runners = [reason for reason in cell.reasons if reason.code == "runner_up"]
    assert runners
    for reason in runners:
        members = [(reason.data["ref"] if m.ref == reason.ref else m.ref, m.seat) for m in cell.members]
        verdict = verify(problem, members, cell.value - reason.data["points_less"])
        assert verdict.holds, verdict.violations
        assert reason.data["points_less"] >= 0

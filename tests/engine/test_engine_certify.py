"""Certificates: honest ones are confirmed, forged ones refuted, and the prices are the only thing taken on trust."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching.engine import (
    Cell,
    Composed,
    Infeasible,
    Limits,
    Problem,
    certify,
    certify_infeasible,
    decode,
    digest,
    encode,
    solve,
)
from matching.engine.clock import Clock
from matching.engine.eligibility import eligible
from matching.engine.instance import build
from matching.engine.optimum import cheapest
from matching.engine.repricing import features
from tests.engine.instances import market_of, open_problem, project_of, tiny_problem


@pytest.fixture(scope="module")
def run() -> tuple[Problem, tuple[Cell, ...]]:
    """Three cells out of 600 people."""
    rng = np.random.default_rng(31)
    problem = project_of(rng, market_of(rng, 600, density=3), 5, 0.1)
    result = solve(problem, Limits(3, 30))
    assert isinstance(result, Composed)
    return problem, result.cells


def members_of(cell: Cell) -> list[tuple[int, int]]:
    return [(member.ref, member.seat) for member in cell.members]


def stored(certificate: dict[str, Any]) -> dict[str, Any]:
    """As it comes back from a database."""
    return json.loads(json.dumps(certificate))


def test_every_cell_of_a_run_is_confirmed_from_the_stored_bytes(run: tuple[Problem, tuple[Cell, ...]]) -> None:
    problem, cells = run
    assert len(cells) == 3
    for cell in cells:
        found = certify(decode(encode(problem)), members_of(cell), stored(cell.certificate))
        assert found.verdict == "confirmed"
        assert found.priced == sum(len(eligible(problem, seat)) for seat in range(len(problem.seats)))


def test_a_bound_that_is_a_point_too_low_is_refuted_by_a_better_cell(run: tuple[Problem, tuple[Cell, ...]]) -> None:
    problem, (first, second, _) = run
    # The second cell, passed off as the best of all.
    forged = first.certificate | {"value": second.value, "best_value": second.value, "bound": second.value}
    found = certify(problem, members_of(second), forged)
    assert (found.verdict, found.code, found.better) == ("refuted", "better_cell", first.best_value)


def test_a_value_that_is_too_high_is_refuted(run: tuple[Problem, tuple[Cell, ...]]) -> None:
    problem, (cell, *_) = run
    forged = cell.certificate | {key: cell.certificate[key] + 1 for key in ("value", "best_value", "bound")}
    assert certify(problem, members_of(cell), forged).code == "cell_breaks_rules"


def test_a_bound_below_the_value_is_refuted(run: tuple[Problem, tuple[Cell, ...]]) -> None:
    problem, (cell, *_) = run
    forged = cell.certificate | {"bound": cell.value - 1}
    assert certify(problem, members_of(cell), forged).code == "numbers_disagree"


def test_a_certificate_of_another_problem_is_refuted(run: tuple[Problem, tuple[Cell, ...]]) -> None:
    problem, (cell, *_) = run
    richer = replace(problem, budget=problem.budget + 1)
    assert certify(richer, members_of(cell), cell.certificate).code == "another_problem"


def test_prices_below_zero_and_prices_of_strangers_are_refused(run: tuple[Problem, tuple[Cell, ...]]) -> None:
    problem, (cell, *_) = run
    for change in ({"budget": -1}, {"person": [[3, 5]]}, {"best": []}):
        forged = cell.certificate | {"duals": [cell.certificate["duals"][0] | change]}
        assert certify(problem, members_of(cell), forged).code == "malformed_prices"


def test_arbitrary_prices_can_weaken_a_bound_but_never_confirm_a_false_one(
    run: tuple[Problem, tuple[Cell, ...]],
) -> None:
    problem, (first, second, _) = run
    rng = np.random.default_rng(8)
    for _ in range(5):
        prices = first.certificate["duals"][0]
        noise = {name: [int(price * rng.uniform(0, 2)) for price in prices[name]] for name in ("best", "cover")} | {
            "budget": int(prices["budget"] * rng.uniform(0, 2))
        }
        honest = first.certificate | {"duals": [prices | noise]}
        assert certify(problem, members_of(first), honest).verdict == "confirmed"
        numbers = {"value": second.value, "best_value": second.value, "bound": second.value}
        assert certify(problem, members_of(second), honest | numbers).verdict == "refuted"


def test_a_cell_with_a_gap_is_confirmed_by_its_prices_alone(run: tuple[Problem, tuple[Cell, ...]]) -> None:
    problem, (cell, *_) = run
    loose = cell.certificate | {"proven": False, "bound": cell.bound + 10_000}
    found = certify(problem, members_of(cell), loose)
    assert (found.verdict, found.code, found.survivors) == ("confirmed", "by_bound", 0)


@pytest.mark.parametrize("number", range(30))
def test_both_readings_of_the_rules_agree_on_everybody(number: int) -> None:
    rng = np.random.default_rng([33, number])
    problem = (tiny_problem if number % 2 else open_problem)(rng)
    solver, checker = build(problem), features(problem)
    for position, (seat, column) in enumerate(zip(solver.seats, checker.seats, strict=True)):
        rows = solver.people[seat.local]
        assert np.flatnonzero(column.allowed).tolist() == rows.tolist() == eligible(problem, position).tolist()
        assert np.ceil(seat.value).astype(int).tolist() == column.value[rows].tolist()
        assert seat.cost.astype(int).tolist() == column.cost[rows].tolist()
    for need, column in zip(solver.needs, checker.needs, strict=True):
        rows = solver.people[need.local]
        assert np.flatnonzero(column.holds[solver.people]).tolist() == need.local.tolist()
        assert need.gain.astype(int).tolist() == column.gain[rows].tolist()


def refused(number: int) -> Problem:
    """A problem that often has no cell: tiny, open, or over 150 people with a budget that is a little short."""
    rng = np.random.default_rng([34, number])
    if number % 3 == 0:
        return tiny_problem(rng)
    if number % 3 == 1:
        return open_problem(rng)
    problem = project_of(rng, market_of(rng, 150), 4, 0.0)
    cheapest_cell = cheapest(build(replace(problem, budget=10**6)), Clock(20), limit=None)
    return replace(problem, budget=max(0, cheapest_cell.cost - 1 - number % 5))


def test_every_refusal_comes_with_a_certificate_that_anybody_can_check() -> None:
    proofs: dict[str, set[str]] = {}
    for number in range(240):
        problem = refused(number)
        result = solve(problem, Limits(1, 10))
        if isinstance(result, Infeasible):
            found = certify_infeasible(problem, stored(result.certificate))
            assert found.verdict == "confirmed", (number, result.proof, found)
            proofs.setdefault(result.proof, set()).add(found.code)
    assert proofs.keys() >= {"eligibility", "relaxation", "search"}
    assert proofs["eligibility"] == {"by_eligibility"}
    assert proofs["relaxation"] == {"by_bound"}


def test_prices_that_say_nothing_prove_nothing_by_themselves() -> None:
    problem = next(p for p in map(refused, range(2, 240, 3)) if isinstance(solve(p, Limits(1, 10)), Infeasible))
    result = solve(problem, Limits(1, 10))
    assert isinstance(result, Infeasible)
    (prices,) = result.certificate["duals"]
    free = {"best": [0] * len(prices["best"]), "cover": [0] * len(prices["cover"]), "person": [], "budget": 0}
    harmless = result.certificate | {"duals": [prices | free]}
    assert certify_infeasible(problem, harmless).code == "by_search"


def test_a_refusal_of_a_problem_that_has_a_cell_is_refuted_by_one() -> None:
    refuted = 0
    for number in range(60):
        problem = tiny_problem(np.random.default_rng([35, number]))
        poor = replace(problem, budget=0)
        claim, truth = solve(poor, Limits(1, 10)), solve(problem, Limits(1, 10))
        if isinstance(truth, Composed) and isinstance(claim, Infeasible) and claim.certificate["duals"]:
            forged = stored(claim.certificate) | {"problem": digest(problem)}
            assert certify_infeasible(poor, forged).code == "another_problem"
            found = certify_infeasible(problem, forged)
            assert (found.verdict, found.code, found.better) == ("refuted", "a_cell_exists", truth.cells[0].best_value)
            refuted += 1
    assert refuted >= 10

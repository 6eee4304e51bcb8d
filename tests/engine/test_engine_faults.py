"""Odd markets and odd wishes: each ends in an answer or a clear diagnosis in its time, never in a wrong claim."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest

from matching.engine import (
    Composed,
    Infeasible,
    Limits,
    Market,
    Need,
    People,
    Policy,
    Problem,
    Seat,
    certify,
    certify_infeasible,
    diagnose,
    greedy,
    solve,
    verify,
)
from tests.engine.instances import EN, STARTS_ON, lone_problem, market_of, people_of, project_of, with_people

SLACK = 1.5  # seconds for what cannot be interrupted


def crowd(size: int) -> Market:
    """So many people who are all the same, and fit the lone problem's seat without its skill."""
    alike = vars(lone_problem().market.people)
    columns = {name: np.repeat(column, size) for name, column in alike.items() if name not in ("ref", "languages")}
    languages = {key: np.repeat(column, size) for key, column in alike["languages"].items()}
    together = lone_problem().market.collaborations
    return Market(People(ref=np.arange(size, dtype=np.int64), languages=languages, **columns), {}, together)


def seats(count: int) -> tuple[Seat, ...]:
    seat = replace(lone_problem().seats[0], skills=())
    return tuple(replace(seat, key=f"seat-{i}") for i in range(count))


def assert_holds(problem: Problem, result: object, cells: int) -> Composed:
    """Every cell keeps the rules, and every proof is confirmed."""
    assert isinstance(result, Composed)
    assert len(result.cells) == cells
    for cell in result.cells:
        members = [(member.ref, member.seat) for member in cell.members]
        assert verify(problem, members).holds
        assert certify(problem, members, cell.certificate).verdict == "confirmed"
    return result


def test_forty_thousand_people_who_tie_make_one_answer_and_make_it_again() -> None:
    problem = replace(lone_problem(), market=crowd(40_000), seats=seats(3), needs=(), budget=30_000)
    begin = perf_counter()
    first = assert_holds(problem, solve(problem, Limits(3, 20)), 3)
    assert perf_counter() - begin < 20
    assert all(cell.status == "optimal" for cell in first.cells)
    assert len({cell.value for cell in first.cells}) == 1
    # The same people, fewer of them: whoever was chosen is chosen again as long as they are there.
    chosen = sorted(ref for cell in first.cells for ref in cell.refs)
    rest = [ref for ref in range(0, 40_000, 2) if ref not in chosen]
    again = solve(replace(problem, banned=tuple(rest)), Limits(3, 20))
    assert isinstance(again, Composed)
    assert [cell.members for cell in again.cells] == [cell.members for cell in first.cells]


def test_a_seat_that_everybody_fits_and_one_that_nobody_fits() -> None:
    market = crowd(2_000)
    anyone = replace(seats(1)[0], min_seniority=1, languages=(), client_facing=False, min_overlap_minutes=0)
    problem = replace(lone_problem(), market=market, seats=(anyone,), needs=())
    assert_holds(problem, solve(problem, Limits(2, 10)), 2)
    nobody = replace(anyone, key="nobody", min_seniority=5)
    refused = replace(problem, seats=(anyone, nobody), budget=20_000)
    result = solve(refused, Limits(1, 10))
    assert isinstance(result, Infeasible)
    assert certify_infeasible(refused, result.certificate).code == "by_eligibility"
    diagnosis = diagnose(refused, Limits(1, 20))
    assert [(entry.kind, entry.index, entry.last_rule) for entry in diagnosis.blocked] == [("seat", 1, "seniority")]
    assert [repair.code for repair in diagnosis.repairs] == ["seniority_floor"]


def test_a_project_whose_rules_admit_nobody_is_told_which_rule_and_in_time() -> None:
    rng = np.random.default_rng(111)
    problem = project_of(rng, market_of(rng, 800), 4, 0.1)
    strict = replace(problem, seats=tuple(replace(seat, max_rate_cents=1) for seat in problem.seats))
    begin = perf_counter()
    diagnosis = diagnose(strict, Limits(1, 6))
    assert perf_counter() - begin < 6 + SLACK
    assert [entry.kind for entry in diagnosis.blocked[:4]] == ["seat"] * 4
    assert dict(diagnosis.blocked[0].removed)["rate"] > 0


def test_a_need_that_nobody_holds_is_named_and_can_be_dropped() -> None:
    problem = replace(lone_problem(), needs=(Need("unknown", skill=99, level=1, count=1, weight=5),))
    result = solve(problem, Limits(1, 10))
    assert isinstance(result, Infeasible)
    assert certify_infeasible(problem, result.certificate).verdict == "confirmed"
    diagnosis = diagnose(problem, Limits(1, 10))
    assert [(entry.kind, entry.index) for entry in diagnosis.blocked] == [("need", 0)]
    assert "need_dropped" in [repair.code for repair in diagnosis.repairs]


def test_a_wish_that_nobody_holds_costs_nothing() -> None:
    wish = Need("unknown", skill=99, level=1, count=0, weight=5)
    plain, wishing = lone_problem(), replace(lone_problem(), needs=(*lone_problem().needs, wish))
    first, second = (solve(problem, Limits(1, 10)) for problem in (plain, wishing))
    assert isinstance(first, Composed)
    assert isinstance(second, Composed)
    assert (first.cells[0].value, first.cells[0].members) == (second.cells[0].value, second.cells[0].members)
    assert any(reason.code == "wish_not_held" for reason in second.cells[0].reasons)


@pytest.mark.parametrize("stream", range(4))
def test_weights_of_zero_leave_any_cell_as_good_as_any_other(stream: int) -> None:
    rng = np.random.default_rng([112, stream])
    problem = project_of(rng, market_of(rng, 400), 4, 0.3)
    needs = tuple(replace(need, weight=0) for need in problem.needs)
    problem = replace(problem, needs=needs, policy=Policy("none", 0, 0, 0, 0, 0, 0, 0, 0))
    result = solve(problem, Limits(3, 20))
    cells = result.cells if isinstance(result, Composed) else ()
    assert cells
    assert all((cell.value, cell.bound, cell.status) == (0, 0, "optimal") for cell in cells)
    assert_holds(problem, result, len(cells))


def test_a_budget_of_nothing_is_refused_with_proof_and_priced_to_the_dollar() -> None:
    rng = np.random.default_rng(113)
    problem = replace(project_of(rng, market_of(rng, 400), 3, 0.1), budget=0)
    result = solve(problem, Limits(1, 10))
    assert isinstance(result, Infeasible)
    assert certify_infeasible(problem, result.certificate).verdict == "confirmed"
    money = next(repair for repair in diagnose(problem, Limits(1, 20)).repairs if repair.code == "budget")
    enough = int(money.change["value"])
    assert isinstance(solve(replace(problem, budget=enough), Limits(1, 20)), Composed)
    assert isinstance(solve(replace(problem, budget=enough - 1), Limits(1, 20)), Infeasible)


def test_dates_long_past_leave_nobody_who_could_start() -> None:
    problem = replace(lone_problem(), starts_on=STARTS_ON - 10_000, ends_on=STARTS_ON - 9_900)
    result = solve(problem, Limits(1, 10))
    assert isinstance(result, Infeasible)
    assert certify_infeasible(problem, result.certificate).verdict == "confirmed"
    (entry,) = (entry for entry in diagnose(problem, Limits(1, 10)).blocked if entry.kind == "seat")
    assert entry.last_rule == "available"


def test_a_start_after_the_end_is_answered_by_the_rules_as_they_are_written() -> None:
    problem = replace(lone_problem(), starts_on=STARTS_ON + 400)
    result = solve(problem, Limits(1, 10))
    assert_holds(problem, result, 1)


def test_people_whose_rate_is_not_known_are_never_chosen_and_never_crash() -> None:
    problem = with_people(replace(lone_problem(), market=crowd(50), seats=seats(2), needs=()), rate_cents=-1)
    assert isinstance(solve(problem, Limits(1, 10)), Infeasible)
    assert greedy(problem).members == ()


def test_rates_beyond_all_measure_do_not_blur_a_proof() -> None:
    people = people_of(np.random.default_rng(114), 60)
    people = replace(with_people(replace(lone_problem(), market=crowd(60)), rate_cents=2_000_000_000).market.people)
    problem = replace(lone_problem(), market=Market(people, {}, crowd(1).collaborations), seats=seats(2), needs=())
    assert isinstance(solve(problem, Limits(1, 10)), Infeasible)
    rich = replace(problem, budget=10**13, seats=tuple(replace(seat, max_rate_cents=0) for seat in problem.seats))
    found = assert_holds(rich, solve(rich, Limits(2, 10)), 2)
    assert all(cell.status == "optimal" for cell in found.cells)


def test_a_language_that_the_market_does_not_know_removes_everybody() -> None:
    problem = replace(
        lone_problem(), seats=(replace(lone_problem().seats[0], languages=((EN, 4), ("nah.speaking", 1))),)
    )
    assert isinstance(solve(problem, Limits(1, 10)), Infeasible)
    (entry,) = (entry for entry in diagnose(problem, Limits(1, 10)).blocked if entry.kind == "seat")
    assert entry.last_rule == "language:nah.speaking"

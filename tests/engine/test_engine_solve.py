"""What a caller of ``solve`` can rely on: limits, repetition, ties, edges of the market, progress."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from time import perf_counter

import numpy as np
import pytest

from matching.engine import (
    Collaborations,
    Composed,
    EarlierCell,
    Infeasible,
    Limits,
    Market,
    Need,
    OutOfTime,
    Pin,
    Policy,
    Problem,
    Progress,
    Seat,
    certify,
    prepare,
    solve,
    verify,
)
from matching.engine.instance import build
from tests.engine.instances import (
    lone_problem,
    market_of,
    open_problem,
    people_of,
    project_of,
    tiny_problem,
    with_people,
)

LONE = vars(lone_problem().market.people)
ALIKE = {name: int(column[0]) for name, column in LONE.items() if name not in ("ref", "languages")}
ALIKE |= {"english": 4, "english_evidence": 1}


def hard_problem() -> Problem:
    """Eight like seats over many like people with many needs and a tight budget: no quick proof."""
    rng = np.random.default_rng(61)
    market = market_of(rng, 1_500, skills=30)
    people = replace(
        market.people,
        functions=np.full(1_500, 0b100, np.uint8),
        seniority=rng.integers(2, 4, 1_500).astype(np.uint8),
    )
    needs = tuple(Need(f"need-{k}", skill=k, level=3, count=2, weight=5) for k in range(6, 20))
    return Problem(
        market=Market(people, market.postings, market.collaborations),
        seats=tuple(Seat(f"seat-{i}", function=2, weekly_minutes=1_200) for i in range(8)),
        needs=needs,
        budget=45_000,
        starts_on=lone_problem().starts_on,
        ends_on=lone_problem().ends_on,
    )


@pytest.mark.parametrize("seconds", [0.3, 1.0])
def test_the_time_limit_is_kept_and_what_was_not_proven_is_not_called_optimal(seconds: float) -> None:
    problem = hard_problem()
    prepare()
    begin = perf_counter()
    result = solve(problem, Limits(5, seconds))
    assert perf_counter() - begin < seconds + 1.5
    if isinstance(result, Composed):
        last = result.cells[-1]
        assert len(result.cells) < 5 or last.status == "within_gap"
        assert not result.exhausted
        assert all(cell.bound >= cell.value for cell in result.cells)
        assert (last.status == "within_gap") or last.bound == last.best_value
    else:
        assert isinstance(result, OutOfTime)


def test_what_an_unfinished_run_says_about_its_gap_can_be_certified() -> None:
    problem = hard_problem()
    result = solve(problem, Limits(1, 1.5))
    assert isinstance(result, Composed | OutOfTime)
    for cell in result.cells if isinstance(result, Composed) else ():
        found = certify(problem, [(m.ref, m.seat) for m in cell.members], cell.certificate, seconds=5)
        assert found.verdict == "confirmed"
        assert found.code == "by_bound" or cell.status == "optimal"


def test_a_run_of_no_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="one cell"):
        solve(lone_problem(), Limits(0, 1))


def test_without_any_time_the_answer_is_out_of_time_and_not_infeasible() -> None:
    result = solve(hard_problem(), Limits(1, 0.0))
    assert isinstance(result, OutOfTime)


@pytest.mark.parametrize("number", range(5))
def test_the_same_problem_gives_the_same_cells_member_for_member(number: int) -> None:
    rng = np.random.default_rng([62, number])
    problem = project_of(rng, market_of(rng, 400, density=2), 5, 0.1)
    first, second = solve(problem, Limits(4, 60)), solve(problem, Limits(4, 60))
    assert isinstance(first, Composed)
    assert isinstance(second, Composed)
    assert first.cells == second.cells
    assert first.replay.problem_digest == second.replay.problem_digest


def test_of_equal_cells_the_same_one_is_chosen_whatever_the_search_meets_first() -> None:
    base = lone_problem()
    people = people_of(np.random.default_rng(63), 40)
    alike = with_people(
        replace(
            base,
            market=Market(people, {}, base.market.collaborations),
            seats=tuple(replace(base.seats[0], key=f"seat-{i}", skills=()) for i in range(3)),
            needs=(),
            budget=30_000,
        ),
        **ALIKE,
    )
    result = solve(alike, Limits(1, 20))
    assert isinstance(result, Composed)
    chosen = result.cells[0]
    # The same people in another order of seats and with others banned: the tie-break looks at who they are.
    others = [int(ref) for ref in alike.market.people.ref if int(ref) not in chosen.refs]
    again = solve(replace(alike, banned=tuple(others[::2])), Limits(1, 20))
    assert isinstance(again, Composed)
    assert again.cells[0].members == chosen.members
    without = solve(replace(alike, banned=(chosen.refs[0],)), Limits(1, 20))
    assert isinstance(without, Composed)
    assert without.cells[0].value == chosen.value
    assert set(without.cells[0].refs) != set(chosen.refs)


def test_the_canonical_one_of_equal_cells_is_the_first_by_its_tie_break() -> None:
    base = lone_problem()
    seat = replace(base.seats[0], skills=())
    alike = with_people(
        replace(
            base,
            market=Market(people_of(np.random.default_rng(72), 12), {}, base.market.collaborations),
            seats=(seat, replace(seat, key="second")),
            needs=(),
            budget=20_000,
        ),
        **ALIKE,
    )
    instance = build(alike)
    ranking = sorted(
        (-instance.evaluate([(first, 0), (second, 1)]), first, second) for first, second in permutations(range(12), 2)
    )
    assert ranking[0][0] < ranking[1][0]
    assert np.ceil(-ranking[0][0]) == np.ceil(-ranking[-1][0])
    result = solve(alike, Limits(1, 20))
    assert isinstance(result, Composed)
    refs = alike.market.people.ref
    assert result.cells[0].refs == (int(refs[ranking[0][1]]), int(refs[ranking[0][2]]))


def test_ties_never_take_a_whole_point_from_a_cell() -> None:
    for number in range(20):
        problem = tiny_problem(np.random.default_rng([64, number]))
        instance = build(problem)
        assert instance.unit < 1
        most = sum(float((np.ceil(seat.value) - seat.value).max(initial=0.0)) for seat in instance.seats)
        assert most < 0.5


def test_a_market_of_one_person_fills_a_cell_of_one() -> None:
    result = solve(lone_problem(), Limits(3, 10))
    assert isinstance(result, Composed)
    assert result.exhausted
    assert [cell.refs for cell in result.cells] == [(7,)]


def test_an_empty_market_has_no_cell() -> None:
    nobody = market_of(np.random.default_rng(0), 0)
    result = solve(replace(lone_problem(), market=nobody), Limits(1, 10))
    assert isinstance(result, Infeasible)
    assert result.proof == "eligibility"


def test_a_project_without_seats_has_no_cell() -> None:
    result = solve(replace(lone_problem(), seats=(), needs=()), Limits(1, 10))
    assert isinstance(result, Infeasible)


@pytest.mark.parametrize(
    "change",
    [
        {"budget": 0},
        {"budget": 6_933},
        {"needs": (Need("nobody", skill=77, level=1),)},
        {"bridges": 1},
        {"specialists": 1},
        {"pins": (Pin(8),)},
        {"banned": (7,)},
        {"earlier": (EarlierCell((7,), 0),)},
        {"least": 2},
    ],
)
def test_a_rule_that_the_only_person_breaks_is_proven_infeasible(change: dict[str, object]) -> None:
    result = solve(replace(lone_problem(), **change), Limits(1, 10))
    assert isinstance(result, Infeasible)


def test_free_people_fit_a_budget_of_nothing() -> None:
    problem = replace(with_people(lone_problem(), rate_cents=0), budget=0)
    result = solve(problem, Limits(1, 10))
    assert isinstance(result, Composed)
    assert (result.cells[0].cost, result.cells[0].value) == (0, 29 + 190)


def test_an_unlimited_budget_does_not_blur_the_proof() -> None:
    rng = np.random.default_rng(65)
    problem = project_of(rng, market_of(rng, 300), 4, 0.1)
    rich, richer = (solve(replace(problem, budget=budget), Limits(1, 20)) for budget in (10**7, 10**15))
    assert isinstance(rich, Composed)
    assert isinstance(richer, Composed)
    assert (rich.cells[0].refs, rich.cells[0].bound) == (richer.cells[0].refs, richer.cells[0].bound)


def test_an_open_cell_of_nobody_is_not_a_cell() -> None:
    problem = replace(
        open_problem(np.random.default_rng(66)),
        needs=(),
        bridges=0,
        specialists=0,
        least=0,
        most=0,
        budget=10**6,
        policy=Policy(cost_per_point=1),
    )
    problem = replace(problem, seats=tuple(replace(seat, least=0) for seat in problem.seats))
    result = solve(problem, Limits(1, 10))
    assert isinstance(result, Composed)
    assert len(result.cells[0].members) == 1
    assert result.cells[0].value < 0


def test_alternatives_share_at_most_half_of_their_members() -> None:
    rng = np.random.default_rng(67)
    problem = project_of(rng, market_of(rng, 500), 5, 0.15)
    result = solve(problem, Limits(4, 30))
    assert isinstance(result, Composed)
    refs = [set(cell.refs) for cell in result.cells]
    assert len(refs) == 4
    assert max(len(a & b) for i, a in enumerate(refs) for b in refs[:i]) <= 2
    values = [cell.best_value for cell in result.cells]
    assert values == sorted(values, reverse=True)


def test_cells_of_an_earlier_run_are_kept_apart_from() -> None:
    rng = np.random.default_rng(68)
    problem = project_of(rng, market_of(rng, 500), 4, 0.15)
    one_run = solve(problem, Limits(2, 30))
    assert isinstance(one_run, Composed)
    first = one_run.cells[0]
    second = solve(replace(problem, earlier=(EarlierCell(first.refs, 2),)), Limits(1, 30))
    assert isinstance(second, Composed)
    assert second.cells[0].members == one_run.cells[1].members


def test_people_who_know_each_other_are_preferred_within_the_share_and_not_beyond() -> None:
    base = lone_problem()
    people = with_people(
        replace(base, market=Market(people_of(np.random.default_rng(69), 3), {}, base.market.collaborations)),
        **ALIKE,
    ).market.people
    # The third asks for 80 dollars a month more, which weighs two points, and has worked with the first.
    people = replace(people, rate_cents=np.array([4_000, 4_000, 4_046], np.int32))
    together = Collaborations(np.array([0], np.int32), np.array([2], np.int32), np.array([2], np.uint8))
    seat = replace(base.seats[0], skills=(), max_rate_cents=0)
    problem = replace(
        base,
        market=Market(people, {}, together),
        seats=(seat, replace(seat, key="second")),
        needs=(),
        budget=20_000,
    )
    for permille, expected in ((5, 0), (6, 0), (10, 2)):
        result = solve(replace(problem, policy=Policy(cohesion_permille=permille)), Limits(1, 10))
        assert isinstance(result, Composed)
        cell = result.cells[0]
        assert cell.best_value == -326
        assert (cell.cohesion, cell.gap) == ((2, 2) if expected else (0, 0))


def test_progress_is_told_in_stages_and_never_goes_back_within_a_cell() -> None:
    heard: list[Progress] = []
    rng = np.random.default_rng(70)
    problem = project_of(rng, market_of(rng, 300, density=3), 4, 0.1)
    result = solve(problem, Limits(2, 30), heard.append)
    assert isinstance(result, Composed)
    assert {entry.stage for entry in heard} == {"features", "bound", "search", "cohesion"}
    shares = [entry.share for entry in heard]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    told = [entry for entry in heard if entry.value is not None and entry.bound is not None]
    assert told
    assert all(entry.bound >= entry.value for entry in told)


def test_pins_and_bans_are_kept_and_cost_value() -> None:
    rng = np.random.default_rng(71)
    problem = project_of(rng, market_of(rng, 1_500), 4, 0.3)
    free = solve(problem, Limits(1, 20))
    assert isinstance(free, Composed)
    tries = ((star, solve(replace(problem, banned=(star.ref,)), Limits(1, 20))) for star in free.cells[0].members)
    star, banned = next((star, result) for star, result in tries if isinstance(result, Composed))
    assert star.ref not in banned.cells[0].refs
    assert banned.cells[0].best_value <= free.cells[0].best_value
    pinned = solve(replace(problem, pins=(Pin(banned.cells[0].members[1].ref, 1),)), Limits(1, 20))
    assert isinstance(pinned, Composed)
    assert (banned.cells[0].members[1].ref, 1) in [(m.ref, m.seat) for m in pinned.cells[0].members]
    assert verify(problem, [(m.ref, m.seat) for m in pinned.cells[0].members]).holds

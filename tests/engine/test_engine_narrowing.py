"""Leaving out whoever no seat would take changes no cell, no value, no bound, and no refusal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matching.engine import (
    Collaborations,
    Composed,
    EarlierCell,
    Infeasible,
    Limits,
    Pin,
    Problem,
    certify,
    decode,
    encode,
    narrow,
    solve,
    verify,
)
from matching.engine.eligibility import eligible
from tests.engine.instances import market_of, open_problem, project_of, tiny_problem

LIMITS = Limits(3, 60)


def values(problem: Problem) -> list[tuple[int, int]]:
    result = solve(problem, LIMITS)
    assert isinstance(result, Composed | Infeasible)
    return [(cell.value, cell.bound) for cell in result.cells] if isinstance(result, Composed) else []


@pytest.mark.parametrize("make", [tiny_problem, open_problem])
def test_random_problems_have_the_same_best_cell_after_narrowing(make: object) -> None:
    smaller = feasible = 0
    for seed in range(60):
        problem = make(np.random.default_rng(seed))  # type: ignore[operator]
        narrowed, rows = narrow(problem)
        smaller += len(rows) < len(problem.market.people)
        wide, tight = values(problem), values(narrowed)
        feasible += bool(wide)
        # Later cells may differ where several first ones are worth the same: refs break ties.
        assert wide[:1] == tight[:1]
    assert smaller > 10
    assert feasible > 0


def test_a_narrowed_market_keeps_whom_a_seat_would_take_and_what_is_known_of_them() -> None:
    problem = project_of(np.random.default_rng(5), market_of(np.random.default_rng(5), 3000), 4, 1.3)
    narrowed, rows = narrow(problem)
    seats = range(len(problem.seats))
    assert set(rows.tolist()) == set().union(*(eligible(problem, seat).tolist() for seat in seats))
    for seat in seats:
        assert rows[eligible(narrowed, seat)].tolist() == eligible(problem, seat).tolist()
    together, few = problem.market.collaborations, narrowed.market.collaborations
    kept = set(rows.tolist())
    expected = [
        (first, second, weight)
        for first, second, weight in zip(together.first, together.second, together.weight, strict=True)
        if first in kept and second in kept
    ]
    assert list(zip(rows[few.first], rows[few.second], few.weight, strict=True)) == expected
    assert expected


def test_cells_of_a_narrowed_problem_stand_after_storage_and_before_the_wide_judge() -> None:
    problem = project_of(np.random.default_rng(6), market_of(np.random.default_rng(6), 3000), 4, 1.3)
    narrowed, rows = narrow(problem)
    result = solve(narrowed, LIMITS)
    assert isinstance(result, Composed)
    cell = result.cells[0]
    members = [(member.ref, member.seat) for member in cell.members]
    assert certify(decode(encode(narrowed)), members, cell.certificate).verdict == "confirmed"
    refs = problem.market.people.ref
    assert verify(problem, [(int(refs[rows[ref]]), seat) for ref, seat in members], cell.value).holds


def test_pins_bans_and_earlier_cells_name_the_same_people_after_narrowing() -> None:
    problem = project_of(np.random.default_rng(7), market_of(np.random.default_rng(7), 2000), 3, 1.5)
    seated = [int(problem.market.people.ref[eligible(problem, seat)[1]]) for seat in range(3)]
    stranger = next(
        int(problem.market.people.ref[row]) for row in range(2000) if row not in set(narrow(problem)[1].tolist())
    )
    named = replace(
        problem,
        pins=(Pin(seated[0], 0),),
        banned=(seated[1], stranger),
        earlier=(EarlierCell((seated[2], stranger), 1),),
    )
    narrowed, rows = narrow(named)
    refs = problem.market.people.ref[rows]
    assert [int(refs[pin.ref]) for pin in narrowed.pins] == [seated[0]]
    assert {int(refs[ref]) for ref in narrowed.banned} <= {seated[1]}
    assert [int(refs[ref]) for ref in narrowed.earlier[0].refs] == [seated[2]]
    assert values(named)[:1] == values(narrowed)[:1]


def test_a_pinned_person_whom_no_seat_takes_stays_and_so_does_the_refusal() -> None:
    problem = project_of(np.random.default_rng(8), market_of(np.random.default_rng(8), 2000), 3, 1.5)
    kept = set(narrow(problem)[1].tolist())
    stranger = next(row for row in range(2000) if row not in kept)
    pinned = replace(problem, pins=(Pin(int(problem.market.people.ref[stranger])),))
    narrowed, rows = narrow(pinned)
    assert stranger in rows
    assert values(pinned) == values(narrowed) == []


def test_collaborations_out_of_order_are_refused() -> None:
    problem = project_of(np.random.default_rng(9), market_of(np.random.default_rng(9), 200), 3, 1.5)
    backward = Collaborations(np.array([5, 2], np.int32), np.array([6, 3], np.int32), np.array([1, 1], np.uint8))
    with pytest.raises(ValueError, match="ascending"):
        narrow(replace(problem, market=replace(problem.market, collaborations=backward)))

"""What would have to change, for the client and for a person: the mildest change, exactly, against brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matching.engine import (
    BetterCell,
    Composed,
    Limits,
    Market,
    Pin,
    Posting,
    Problem,
    apply_repair,
    counterfactuals_for_client,
    counterfactuals_for_person,
    solve,
)
from matching.engine.eligibility import eligible
from matching.engine.repairs import levers
from matching.engine.verify import pair_points
from tests.engine.instances import STARTS_ON, lone_problem, market_of, project_of, tiny_problem
from tests.engine.oracle import Oracle

MINUTE = Limits(1, 60)


class ScoredAs(Oracle):
    """Brute force under loosened rules, with the points of the problem as it was."""

    def __init__(self, changed: Problem, original: Problem) -> None:
        super().__init__(changed)
        self._pairs = [
            {row: (pair_points(original, row, seat), cost) for row, (_, cost) in pairs.items()}
            for seat, pairs in enumerate(self._pairs)
        ]


def truth(changed: Problem, original: Problem) -> int | None:
    found = ScoredAs(changed, original).best()
    return None if found is None else found.value


def solvable(stream: int, wanted: int) -> list[tuple[Problem, int]]:
    """Tiny problems that have a cell, with its value."""
    found = []
    for number in range(20 * wanted):
        problem = tiny_problem(np.random.default_rng([stream, number]))
        best = Oracle(problem).best()
        if best is not None:
            found.append((problem, best.value))
        if len(found) == wanted:
            break
    return found


@pytest.mark.parametrize("stream", [81, 82, 83])
def test_the_mildest_change_that_admits_a_better_cell_is_that_of_brute_force(stream: int) -> None:
    compared = 0
    for problem, value in solvable(stream, 8):
        result = solve(problem, MINUTE)
        assert isinstance(result, Composed)
        answer = counterfactuals_for_client(problem, result.cells[0], MINUTE)
        assert (answer.complete, answer.value) == (True, value)
        told = {str({k: v for k, v in entry.change.change.items() if k != "value"}): entry for entry in answer.better}
        for lever in levers(problem):
            values = [truth(apply_repair(problem, lever.repair(i)), problem) for i in range(len(lever.values))]
            helpful = [i for i, worth in enumerate(values) if worth is not None and worth > value]
            entry = told.pop(str(lever.change), None)
            if not helpful:
                assert entry is None
                continue
            first, last = values[helpful[0]], values[-1]
            assert first is not None
            assert last is not None
            expected = BetterCell(lever.repair(helpful[0]), first, first - value, last - value)
            assert entry == expected
            compared += 1
        assert set(told) <= {str({"target": "problem", "field": "budget"})}
    assert compared >= 4


def test_the_least_budget_that_buys_a_better_cell_is_exact_to_the_dollar() -> None:
    raised = 0
    for generous, _ in solvable(84, 24):
        best = solve(generous, MINUTE)
        assert isinstance(best, Composed)
        problem = replace(generous, budget=best.cells[0].cost - 1)
        result = solve(problem, MINUTE)
        if not isinstance(result, Composed):
            continue
        value = result.cells[0].best_value
        answer = counterfactuals_for_client(problem, result.cells[0], MINUTE)
        money = [entry for entry in answer.better if entry.change.code == "budget"]
        rich = truth(replace(problem, budget=10**7), problem)
        assert rich is not None
        assert bool(money) == (rich > value)
        for entry in money:
            budget = entry.change.change["value"]
            assert truth(replace(problem, budget=budget), problem) == entry.value == value + entry.gain
            assert truth(replace(problem, budget=budget - 1), problem) == value
            assert entry.most == rich - value
            raised += 1
    assert raised >= 3


def test_a_cell_is_not_better_because_less_was_asked_of_the_same_people() -> None:
    # The only person is far above both floors; lower floors would only give the same person more points.
    problem = replace(lone_problem(), seats=(replace(lone_problem().seats[0], min_seniority=3),))
    result = solve(problem, MINUTE)
    assert isinstance(result, Composed)
    assert counterfactuals_for_client(problem, result.cells[0], MINUTE).better == ()


def with_value(problem: Problem, ref: int, code: str, name: str | int | None, value: int) -> Problem:
    """The problem with one thing about one person changed, over the full market."""
    market, row = problem.market, int(np.searchsorted(problem.market.people.ref, ref))
    people = market.people
    if code in ("language", "language_evidence"):
        assert isinstance(name, str)
        column = people.languages[name].copy()
        column[row] = value
        return _over(problem, replace(market, people=replace(people, languages=people.languages | {name: column})))
    if code == "skill":
        assert isinstance(name, int)
        return _over(problem, replace(market, postings=market.postings | {name: _claim(market, name, row, value)}))
    field = {"rate": "rate_cents", "hours": "free_minutes", "date": "available_from", "seniority": "seniority"}[code]
    column = getattr(people, field).copy()
    column[row] = value
    return _over(problem, replace(market, people=replace(people, **{field: column})))


def _over(problem: Problem, market: Market) -> Problem:
    return replace(problem, market=market)


def _claim(market: Market, skill: int, row: int, level: int) -> Posting:
    zero = np.zeros(0, np.uint8)
    old = market.postings.get(skill, Posting(np.zeros(0, np.int32), zero, zero, zero, np.zeros(0, np.int32)))
    at = int(np.searchsorted(old.person, row))
    if at < len(old.person) and old.person[at] == row:
        levels = old.level.copy()
        levels[at] = level
        return replace(old, level=levels)
    new = {"person": row, "level": level, "years": 0, "evidence": 0, "valid_through": 0}
    return Posting(**{name: np.insert(getattr(old, name), at, value) for name, value in new.items()})


def enters(problem: Problem, ref: int, value: int) -> bool:
    """Whether some cell with this person is worth that much."""
    best = Oracle(replace(problem, pins=(*problem.pins, Pin(ref)))).best()
    return best is not None and best.value >= value


def steps(problem: Problem, ref: int) -> list[tuple[str, str | int | None, list[int]]]:
    """Everything about a person that can be raised, from mild to drastic, written out once more."""
    row, people = int(np.searchsorted(problem.market.people.ref, ref)), problem.market.people
    keys = {key for seat in problem.seats for key, _ in seat.languages} | {problem.bridge_language}
    keys |= {need.language for need in problem.needs if need.language}
    skills = {floor.skill for seat in problem.seats for floor in seat.skills}
    skills |= {need.skill for need in problem.needs if need.skill is not None}
    found: list[tuple[str, str | int | None, list[int]]] = [
        ("language", key, list(range(int(people.languages[key][row]) + 1, 7))) for key in sorted(keys)
    ]
    for language in sorted({language for seat in problem.seats for language, _ in seat.language_evidence}):
        shown = f"{language}.evidence"
        found.append(("language_evidence", shown, list(range(int(people.languages[shown][row]) + 1, 2))))
    for skill in sorted(skills):
        posting = problem.market.postings.get(skill)
        claimed = [] if posting is None else posting.level[posting.person == row].tolist()
        found.append(("skill", skill, list(range((claimed or [0])[0] + 1, 6))))
    minutes = {seat.weekly_minutes for seat in problem.seats}
    found.append(("hours", None, sorted(m for m in minutes if m > people.free_minutes[row])))
    days = [STARTS_ON - 7 * weeks for weeks in range(11)]
    found.append(("date", None, [day for day in days if day < people.available_from[row]]))
    found.append(("seniority", None, list(range(int(people.seniority[row]) + 1, 6))))
    return found


def test_a_person_enters_by_exactly_the_changes_that_brute_force_finds() -> None:
    changed = entered = 0
    for number, (problem, value) in enumerate(solvable(86, 30)):
        ref = int(problem.market.people.ref[number % len(problem.market.people)])
        answer = counterfactuals_for_person(problem, ref, MINUTE)
        assert (answer.value, answer.complete, answer.enters) == (value, True, enters(problem, ref, value))
        if answer.enters:
            assert answer.changes == ()
            entered += 1
            continue
        told = {(change.code, change.name): change for change in answer.changes}
        rate = told.pop(("rate", None), None)
        if rate is not None:
            assert enters(with_value(problem, ref, "rate", None, rate.after), ref, value)
            assert not enters(with_value(problem, ref, "rate", None, rate.after + 1), ref, value)
        else:
            assert not enters(with_value(problem, ref, "rate", None, 1), ref, value)
        for code, name, values in steps(problem, ref):
            first = next((v for v in values if enters(with_value(problem, ref, code, name, v), ref, value)), None)
            change = told.pop((code, name), None)
            assert (None if change is None else change.after) == first
            if change is not None:
                moved = with_value(problem, ref, code, name, change.after)
                best = Oracle(replace(moved, pins=(*problem.pins, Pin(ref, change.seat)))).best()
                assert best is not None
                assert best.value == change.value >= value
                changed += 1
        assert not told
    assert changed >= 10
    assert 5 <= entered <= 25


def test_a_stranger_has_no_counterfactuals() -> None:
    with pytest.raises(ValueError, match="nobody"):
        counterfactuals_for_person(lone_problem(), 8, MINUTE)


def test_what_could_not_be_tried_in_time_is_not_called_impossible() -> None:
    rng = np.random.default_rng(89)
    problem = project_of(rng, market_of(rng, 400), 4, 0.1)
    result = solve(problem, MINUTE)
    assert isinstance(result, Composed)
    assert not counterfactuals_for_client(problem, result.cells[0], Limits(1, 0.0)).complete
    outsider = next(int(ref) for ref in problem.market.people.ref if int(ref) not in result.cells[0].refs)
    answer = counterfactuals_for_person(problem, outsider, Limits(1, 0.0))
    assert (answer.complete, answer.changes) == (False, ())


def test_somebody_out_of_four_hundred_enters_as_their_change_says() -> None:
    rng = np.random.default_rng(90)
    problem = project_of(rng, market_of(rng, 400), 4, 0.1)
    result = solve(problem, MINUTE)
    assert isinstance(result, Composed)
    best, tried = result.cells[0].best_value, 0
    near = [row for position in range(4) for row in eligible(problem, position)[:15].tolist()]
    for ref in problem.market.people.ref[near].tolist():
        answer = counterfactuals_for_person(problem, ref, MINUTE, value=best)
        for change in answer.changes:
            moved = with_value(problem, ref, change.code, change.name, change.after)
            again = solve(replace(moved, pins=(Pin(ref),)), MINUTE)
            assert isinstance(again, Composed)
            assert again.cells[0].best_value == change.value >= best
            tried += 1
        if tried >= 4:
            break
    assert tried >= 4

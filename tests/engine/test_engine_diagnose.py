"""Why there is no cell: what is blocked, what cannot hold together, and changes that are just enough."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from matching.engine import (
    Blocked,
    Cefr,
    Composed,
    Limits,
    Need,
    Pin,
    Problem,
    Repair,
    apply_repair,
    diagnose,
    solve,
)
from matching.engine.clock import Clock
from matching.engine.diagnose import rules_of
from matching.engine.feasibility import EMPTY_ALLOWED, Questions
from matching.engine.repairs import levers
from tests.engine.instances import (
    EN,
    STARTS_ON,
    lone_problem,
    market_of,
    open_problem,
    project_of,
    tiny_problem,
    with_people,
    with_seat,
)
from tests.engine.oracle import Oracle

MINUTE = Limits(seconds=60)


def infeasible(kind: int, count: int) -> Iterator[Problem]:
    """Tiny problems without a cell, fixed (0) or open (1)."""
    for number in range(count):
        rng = np.random.default_rng([41, kind, number])
        problem = (tiny_problem, open_problem)[kind](rng)
        if Oracle(problem).best() is None:
            yield problem


def milder(problem: Problem, repair: Repair) -> Iterator[Repair]:
    """The same repair one notch less."""
    if repair.code == "budget":
        yield replace(repair, change=repair.change | {"value": repair.change["value"] - 1})
    for lever in levers(problem):
        key = {name: value for name, value in repair.change.items() if name != "value"}
        if lever.change == key and repair.change["value"] in lever.values:
            at = lever.values.index(repair.change["value"])
            if at:
                yield lever.repair(at - 1)


@pytest.mark.parametrize("kind", [0, 1])
def test_every_repair_alone_allows_a_cell_and_a_milder_one_does_not(kind: int) -> None:
    repaired = 0
    for problem in infeasible(kind, 80):
        diagnosis = diagnose(problem, MINUTE)
        for repair in diagnosis.repairs:
            assert Oracle(apply_repair(problem, repair)).best() is not None
            for less in milder(problem, repair):
                assert Oracle(apply_repair(problem, less)).best() is None
                repaired += 1
        assert [r.price for r in diagnosis.repairs] == sorted(r.price for r in diagnosis.repairs)
    assert repaired >= 10


@pytest.mark.parametrize("kind", [0, 1])
def test_every_conflict_holds_and_falls_apart_without_any_of_its_rules(kind: int) -> None:
    clock, checked = Clock(120), 0
    for problem in infeasible(kind, 40):
        conflict = diagnose(problem, MINUTE).conflict
        assert conflict is not None
        rules = rules_of(problem, EMPTY_ALLOWED)
        assert {rule.code for rule in rules} >= set(conflict.rules)
        for left_out in (None, *conflict.rules):
            relaxed = problem
            for rule in rules:
                if rule.code not in conflict.rules or rule.code == left_out:
                    relaxed = rule.give_up(relaxed)
            assert Questions(clock).has_cell(relaxed) == (left_out is not None)
            checked += 1
    assert checked >= 40


@pytest.mark.parametrize("kind", [0, 1])
def test_where_no_single_change_helps_a_smallest_combination_does(kind: int) -> None:
    combined = 0
    for problem in infeasible(kind, 60):
        diagnosis = diagnose(problem, MINUTE)
        if diagnosis.repairs:
            assert diagnosis.combination == ()
            continue
        assert diagnosis.complete == bool(diagnosis.combination)
        mended = problem
        for repair in diagnosis.combination:
            mended = apply_repair(mended, repair)
        if diagnosis.combination:
            assert Oracle(mended).best() is not None
            combined += 1
    assert combined >= 3


@pytest.mark.parametrize(
    ("problem", "rule", "repair"),
    [
        (with_people(lone_problem(), seniority=2), "seniority", ("seniority_floor", 2)),
        (with_people(lone_problem(), overlap_minutes=360), "overlap", ("overlap", 360)),
        (with_people(lone_problem(), available_from=STARTS_ON + 9), "available", ("start", STARTS_ON + 9)),
        (with_people(lone_problem(), free_minutes=2_000), "free_time", ("weekly_minutes", 1_980)),
        (with_people(lone_problem(), country=1), "country", ("countries", [0, 1])),
        (with_people(lone_problem(), routes=2), "route", ("routes", 255)),
        (with_seat(lone_problem(), max_rate_cents=3_500), "rate", ("max_rate", 4_000)),
        (with_seat(lone_problem(), languages=((EN, Cefr.C2),)), f"language:{EN}", ("language_floor", Cefr.B2)),
        (replace(lone_problem(), banned=(7,)), "banned", ("ban_removed", True)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_lone_candidate_who_misses_one_floor_gets_that_floor_as_the_repair(
    problem: Problem, rule: str, repair: tuple[str, object]
) -> None:
    diagnosis = diagnose(problem, MINUTE)
    assert diagnosis.blocked[0].kind == "seat"
    assert diagnosis.blocked[0].last_rule == rule
    assert (rule, 1) in diagnosis.blocked[0].removed
    assert repair in [(found.code, found.change["value"]) for found in diagnosis.repairs]
    for found in diagnosis.repairs:
        assert isinstance(solve(apply_repair(problem, found), Limits(1, 10)), Composed)


def test_two_floors_missed_at_once_are_both_lowered_and_the_seat_stays() -> None:
    diagnosis = diagnose(with_people(lone_problem(), seniority=2, overlap_minutes=360), MINUTE)
    assert diagnosis.repairs == ()
    assert [(repair.code, repair.change["value"]) for repair in diagnosis.combination] == [
        ("overlap", 360),
        ("seniority_floor", 2),
    ]


def test_a_seat_is_left_empty_only_where_nothing_else_helps() -> None:
    problem = lone_problem()
    hopeless = replace(problem.seats[0], key="operator", function=3)
    diagnosis = diagnose(replace(problem, seats=(problem.seats[0], hopeless)), MINUTE)
    assert [(repair.code, repair.change["position"]) for repair in diagnosis.combination] == [("seat_optional", 1)]


def test_a_budget_one_dollar_short_is_repaired_by_one_dollar() -> None:
    diagnosis = diagnose(replace(lone_problem(), budget=6_933, needs=()), MINUTE)
    assert diagnosis.blocked == ()
    assert diagnosis.conflict is not None
    assert set(diagnosis.conflict.rules) == {"budget", "seat:0"}
    first = diagnosis.repairs[0]
    assert (first.code, first.price, first.change["value"]) == ("budget", 1, 6_934)


def test_a_need_that_nobody_holds_is_blocked_and_can_be_dropped() -> None:
    problem = replace(lone_problem(), needs=(Need("rare", skill=5, level=1),))
    diagnosis = diagnose(problem, MINUTE)
    assert diagnosis.blocked == (
        Blocked("need", 0, "skill:5", (("skill:5", 1), ("evidence:5", 0), ("certificate:5", 0), ("seat", 0))),
    )
    assert [(repair.code, repair.change) for repair in diagnosis.repairs] == [
        ("need_dropped", {"target": "need", "position": 0, "field": "count", "value": 0})
    ]


def test_a_holder_whom_no_seat_would_take_is_counted_as_such() -> None:
    problem = with_seat(lone_problem(), function=0)
    found = next(entry for entry in diagnose(problem, MINUTE).blocked if entry.kind == "need")
    assert (found.last_rule, found.removed[-1]) == ("seat", ("seat", 1))


def test_a_pin_of_a_stranger_can_be_removed() -> None:
    problem = replace(lone_problem(), pins=(Pin(99),))
    diagnosis = diagnose(problem, MINUTE)
    assert [repair.code for repair in diagnosis.repairs] == ["pin_removed"]
    assert apply_repair(problem, diagnosis.repairs[0]).pins == ()


def test_an_empty_market_blocks_every_seat_and_nothing_mends_it() -> None:
    problem = lone_problem()
    nobody = replace(
        problem,
        market=market_of(np.random.default_rng(0), 0),
        needs=(),
    )
    diagnosis = diagnose(nobody, MINUTE)
    assert [(entry.index, entry.last_rule) for entry in diagnosis.blocked] == [(0, "market")]
    assert (diagnosis.repairs, diagnosis.complete) == ((), False)


def test_a_feasible_problem_has_nothing_to_diagnose() -> None:
    diagnosis = diagnose(lone_problem(), MINUTE)
    assert (diagnosis.blocked, diagnosis.conflict, diagnosis.repairs, diagnosis.complete) == ((), None, (), True)


def test_without_time_the_diagnosis_says_that_it_is_incomplete() -> None:
    diagnosis = diagnose(with_people(lone_problem(), seniority=2), Limits(seconds=0.0))
    assert not diagnosis.complete
    assert diagnosis.blocked[0].last_rule == "seniority"


def test_changes_survive_json_and_unknown_ones_are_refused() -> None:
    problem = with_people(lone_problem(), seniority=2)
    repair = diagnose(problem, MINUTE).repairs[0]
    again = replace(repair, change=json.loads(json.dumps(repair.change)))
    assert apply_repair(problem, again) == apply_repair(problem, repair)
    for change in (
        {"target": "moon", "field": "phase", "value": 1},
        {"target": "seat", "position": 9, "field": "min_seniority", "value": 1},
        {"target": "need", "position": 0, "field": "phase", "value": 1},
    ):
        with pytest.raises(ValueError, match="a change"):
            apply_repair(problem, replace(repair, change=change))


def test_a_diagnosis_over_a_thousand_people_finds_the_dollars_that_lack() -> None:
    rng = np.random.default_rng(43)
    problem = project_of(rng, market_of(rng, 1_000), 5, 0.05)
    least = diagnose(replace(problem, budget=1), MINUTE).repairs
    money = next(repair for repair in least if repair.code == "budget").change["value"]
    assert isinstance(solve(replace(problem, budget=money), Limits(1, 30)), Composed)
    assert not isinstance(solve(replace(problem, budget=money - 1), Limits(1, 30)), Composed)

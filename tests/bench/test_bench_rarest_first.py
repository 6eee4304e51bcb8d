"""RarestFirst against a search over all pairs, and judged like any other cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.rarest_first import UNREACHABLE, Graph, rarest_first
from matching.engine import Collaborations, Problem
from matching.engine.eligibility import eligible
from tests.engine.instances import collaborations, market_of, project_of


def steps_between(together: Collaborations, people: int) -> np.ndarray:
    """Floyd and Warshall, as the slow and certain way to all distances."""
    steps = np.full((people, people), np.inf)
    np.fill_diagonal(steps, 0)
    steps[together.first, together.second] = steps[together.second, together.first] = 1
    for middle in range(people):
        steps = np.minimum(steps, steps[:, middle : middle + 1] + steps[middle : middle + 1])
    return steps


def problem_of(seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    market = market_of(rng, 120, skills=12)
    return project_of(rng, replace(market, collaborations=collaborations(rng, 120, 110)), 4, 0.3)


@pytest.mark.parametrize("seed", range(5))
def test_distances_are_the_shortest_from_the_nearest_source(seed: int) -> None:
    rng = np.random.default_rng(seed)
    together = collaborations(rng, 40, 35)
    sources = rng.choice(40, 3, replace=False).astype(np.int32)
    truth = steps_between(together, 40)[sources].min(axis=0)
    found = Graph(together, 40).distances(sources)
    assert np.array_equal(np.where(found == UNREACHABLE, np.inf, found), truth)


@pytest.mark.parametrize("seed", range(8))
def test_the_farthest_colleague_of_the_first_member_is_as_near_as_can_be(seed: int) -> None:
    problem = problem_of(seed)
    steps = steps_between(problem.market.collaborations, len(problem.market.people))
    lists = [eligible(problem, position) for position in range(len(problem.seats))]
    rare = min(range(len(lists)), key=lambda position: len(lists[position]))
    least = min(max(steps[row, rows].min() for rows in lists) for row in lists[rare].tolist())
    baseline = rarest_first(problem, Graph(problem.market.collaborations, len(problem.market.people)))
    rows = {seat: int(np.searchsorted(problem.market.people.ref, ref)) for ref, seat in baseline.members}
    assert max(steps[rows[rare], lists[position]].min() for position in rows) == least


def test_nobody_sits_twice_and_the_judge_has_the_last_word() -> None:
    for seed in range(8):
        problem = problem_of(seed)
        baseline = rarest_first(problem, Graph(problem.market.collaborations, len(problem.market.people)))
        assert len({ref for ref, _ in baseline.members}) == len(baseline.members) == len(problem.seats)
        rules = {violation.rule for violation in baseline.verdict.violations}
        assert rules <= {"budget", "need", "bridges", "specialists"}


def test_seats_that_nobody_fits_stay_empty() -> None:
    problem = problem_of(0)
    nobody = replace(problem.seats[0], weekly_minutes=100_000)
    empty = replace(problem, seats=(nobody, *problem.seats[1:]))
    graph = Graph(problem.market.collaborations, len(problem.market.people))
    assert {seat for _, seat in rarest_first(empty, graph).members} == {1, 2, 3}
    hopeless = replace(problem, seats=(nobody,))
    assert rarest_first(hopeless, graph).members == ()

"""The judge catches every kind of violation of a cell, and recomputes its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from matching.engine import Composed, EarlierCell, Limits, Need, Pin, Problem, solve, verify
from tests.engine.instances import EN, lone_problem, market_of, project_of, with_people

Members = list[tuple[int, int]]
Case = Callable[[Problem, Members], tuple[Problem, Members]]


def composed() -> tuple[Problem, Members, int]:
    """A problem over 300 people and its best cell of four."""
    rng = np.random.default_rng(21)
    problem = project_of(rng, market_of(rng, 300), 4, 0.2)
    result = solve(problem, Limits(1, 30))
    assert isinstance(result, Composed)
    cell = result.cells[0]
    return problem, [(member.ref, member.seat) for member in cell.members], cell.value


def stranger_free(problem: Problem, members: Members) -> int:
    """Somebody of the market who is not in the cell."""
    return next(int(ref) for ref in problem.market.people.ref if int(ref) not in {m for m, _ in members})


CASES: list[tuple[str, Case]] = [
    ("stranger", lambda p, m: (p, [(5, m[0][1]), *m[1:]])),
    ("no_such_seat", lambda p, m: (p, [(m[0][0], 17), *m[1:]])),
    ("person_twice", lambda p, m: (p, [m[0], (m[0][0], m[1][1]), *m[2:]])),
    ("seat_count", lambda p, m: (p, m[1:])),
    ("seat_count", lambda p, m: (p, [*m, (stranger_free(p, m), m[0][1])])),
    ("size", lambda p, m: (p, [])),
    ("size", lambda p, m: (replace(p, least=5), m)),
    ("size", lambda p, m: (replace(p, most=3), m)),
    ("budget", lambda p, m: (replace(p, budget=verify(p, m).cost - 1), m)),
    ("need", lambda p, m: (replace(p, needs=(*p.needs, Need("nobody", skill=9_999, level=1))), m)),
    ("need", lambda p, m: (replace(p, needs=(Need("all", language=EN, level=6, count=5),)), m)),
    ("bridges", lambda p, m: (replace(p, bridges=5), m)),
    ("specialists", lambda p, m: (replace(p, specialists=5), m)),
    ("pinned", lambda p, m: (replace(p, pins=(Pin(stranger_free(p, m)),)), m)),
    ("pinned", lambda p, m: (replace(p, pins=(Pin(m[0][0], m[1][1]),)), m)),
    ("banned", lambda p, m: (replace(p, banned=(m[2][0],)), m)),
    ("in_common", lambda p, m: (replace(p, earlier=(EarlierCell(tuple(r for r, _ in m), 3),)), m)),
    ("function", lambda p, m: (with_people(p, functions=0), m)),
]


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule}-{i}" for i, (rule, _) in enumerate(CASES)])
def test_the_judge_names_what_a_spoiled_cell_breaks(rule: str, case: Case) -> None:
    problem, members, value = composed()
    assert verify(problem, members, value).holds
    verdict = verify(*case(problem, members))
    assert rule in {violation.rule for violation in verdict.violations}


def test_a_claimed_value_is_counted_again() -> None:
    problem, members, value = composed()
    verdict = verify(problem, members, value + 1)
    assert [violation.rule for violation in verdict.violations] == ["value"]
    assert (verdict.value, verdict.violations[0].data) == (value, {"asked": value, "found": value + 1})


def test_the_best_holder_is_responsible_and_the_second_is_the_backup() -> None:
    rng = np.random.default_rng(3)
    problem = replace(lone_problem(), market=market_of(rng, 50))
    skill, posting = next((k, p) for k, p in problem.market.postings.items() if len(p.person) >= 3)
    problem = replace(problem, needs=(Need("skill", skill=skill, level=1, weight=2),))
    rows = posting.person[:3]
    refs = [int(problem.market.people.ref[row]) for row in rows]
    strength = [16 * int(posting.level[i]) + 2 * min(10, int(posting.years[i])) for i in range(3)]
    expected = [ref for _, ref in sorted(zip([-s for s in strength], refs, strict=True))]
    line = verify(problem, [(ref, 0) for ref in refs]).coverage[0]
    assert (line.responsible, line.backup, list(line.holders)) == (expected[0], expected[1], expected)
    assert line.points == max(strength)


def test_cohesion_counts_each_pair_by_its_weight() -> None:
    rng = np.random.default_rng(4)
    problem = replace(lone_problem(), market=market_of(rng, 40))
    together = problem.market.collaborations
    pair = [int(problem.market.people.ref[row]) for row in (together.first[0], together.second[0])]
    assert verify(problem, [(ref, 0) for ref in pair]).cohesion == int(together.weight[0])

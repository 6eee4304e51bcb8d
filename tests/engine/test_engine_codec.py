"""Problems as bytes: the same before and after, and nothing that the rules cannot see."""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np
import pytest

from matching.engine import Composed, EarlierCell, Limits, Pin, Problem, decode, digest, encode, solve
from matching.engine.codec import MAGIC
from tests.engine.instances import lone_problem, market_of, open_problem, project_of, tiny_problem


def sample(number: int) -> Problem:
    rng = np.random.default_rng([51, number])
    problem = (tiny_problem if number % 2 else open_problem)(rng)
    refs = tuple(int(ref) for ref in problem.market.people.ref[:3])
    return replace(problem, banned=refs[:1], pins=(Pin(refs[1], 0), Pin(refs[2])), earlier=(EarlierCell(refs, 2),))


@pytest.mark.parametrize("number", range(12))
def test_a_problem_comes_back_with_every_rule_and_every_visible_column(number: int) -> None:
    problem = sample(number)
    again = decode(encode(problem))
    assert replace(again, market=problem.market) == problem
    for name, column in vars(problem.market.people).items():
        if name != "languages":
            assert np.array_equal(getattr(again.market.people, name), column)
            assert getattr(again.market.people, name).dtype == column.dtype
    assert encode(again) == encode(problem)
    assert digest(again) == digest(problem)


@pytest.mark.parametrize("number", range(6))
def test_a_decoded_problem_is_solved_to_the_same_cells(number: int) -> None:
    problem = tiny_problem(np.random.default_rng([52, number]))
    first, second = solve(problem, Limits(3, 20)), solve(decode(encode(problem)), Limits(3, 20))
    assert type(first) is type(second)
    if isinstance(first, Composed) and isinstance(second, Composed):
        assert first.cells == second.cells


def test_skills_and_languages_that_no_rule_mentions_stay_out() -> None:
    problem = lone_problem()
    rng = np.random.default_rng(53)
    market = market_of(rng, 30)
    wide = replace(problem, market=market)
    again = decode(encode(wide))
    assert set(again.market.postings) <= {1}
    assert set(again.market.people.languages) == {"en.speaking", "en.evidence"}
    narrow = replace(wide, market=replace(market, postings={1: market.postings[1]}))
    assert digest(narrow) == digest(wide)


def test_any_change_of_a_rule_or_a_person_changes_the_digest() -> None:
    problem = lone_problem()
    seat = replace(problem.seats[0], min_seniority=2)
    people = replace(problem.market.people, seniority=np.array([4], np.uint8))
    variants = [
        problem,
        replace(problem, budget=problem.budget + 1),
        replace(problem, seats=(seat,)),
        replace(problem, policy=replace(problem.policy, cost_per_point=41)),
        replace(problem, banned=(1,)),
        replace(problem, market=replace(problem.market, people=people)),
    ]
    assert len({digest(variant) for variant in variants}) == len(variants)


def test_the_order_of_bans_and_of_the_postings_does_not_matter() -> None:
    problem = tiny_problem(np.random.default_rng(54))
    shuffled = dict(reversed(problem.market.postings.items()))
    other = replace(problem, banned=(300, 200), market=replace(problem.market, postings=shuffled))
    assert digest(other) == digest(replace(problem, banned=(200, 300)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"something else",
        MAGIC + b"not zlib",
        MAGIC + zlib.compress(b""),
        MAGIC + zlib.compress(b"\xff" * 16),
        MAGIC + zlib.compress(b"\x02\0\0\0\0\0\0\0{}"),
        encode(lone_problem())[:-9],
        MAGIC + zlib.compress(zlib.decompress(encode(lone_problem())[len(MAGIC) :]) + b"x"),
        MAGIC + zlib.compress(zlib.decompress(encode(lone_problem())[len(MAGIC) :])[:-1]),
    ],
)
def test_bytes_that_are_no_problem_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="problem"):
        decode(data)


def test_two_thousand_people_take_little_room() -> None:
    rng = np.random.default_rng(55)
    problem = project_of(rng, market_of(rng, 2_000), 6, 0.1)
    assert len(encode(problem)) < 60_000

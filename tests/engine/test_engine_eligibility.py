"""Each hard rule alone: one person who fits one seat exactly, and the rule that shuts them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from matching.engine import Cefr, Country, Evidence, Need, Pin, Problem, SkillFloor, verify
from matching.engine.eligibility import eligible, holders, removals
from tests.engine.instances import EN, ENDS_ON, STARTS_ON, lone_problem, with_claim, with_people, with_seat

Break = Callable[[Problem], Problem]

BREAKS: list[tuple[str, Break]] = [
    ("banned", lambda p: replace(p, banned=(7,))),
    ("pinned", lambda p: replace(p, pins=(Pin(99, 0),))),
    ("pinned", lambda p: replace(p, pins=(Pin(7, 1),))),
    ("function", lambda p: with_people(p, functions=0b1011)),
    ("country", lambda p: with_people(p, country=Country.UNITED_STATES)),
    ("route", lambda p: with_people(p, routes=0b10)),
    ("rate", lambda p: with_people(p, rate_cents=-1)),
    ("rate", lambda p: with_people(p, rate_cents=4_001)),
    ("rate", lambda p: with_seat(with_people(p, rate_cents=-1), max_rate_cents=0)),
    ("seniority", lambda p: with_people(p, seniority=2)),
    ("available", lambda p: with_people(p, available_from=STARTS_ON + 1)),
    ("free_time", lambda p: with_people(p, free_minutes=2_399)),
    ("overlap", lambda p: with_people(p, overlap_minutes=419)),
    (f"language:{EN}", lambda p: with_people(p, english=Cefr.B1)),
    (f"language:{EN}", lambda p: with_seat(with_people(p, english=Cefr.B1), languages=())),
    (f"language:{EN}", lambda p: with_seat(p, languages=((EN, Cefr.C1),))),
    ("language_evidence:en", lambda p: with_people(p, english_evidence=Evidence.SELF_DECLARED)),
    ("language_evidence:en", lambda p: with_seat(p, language_evidence=(("en", Evidence.VERIFIED),))),
    ("language_evidence:es", lambda p: with_seat(p, language_evidence=(("es", Evidence.TESTED),))),
    ("skill:1", lambda p: with_claim(p, 3, 6, 1, ENDS_ON)),
    ("skill:2", lambda p: with_seat(p, skills=(SkillFloor(2, 1),))),
    ("evidence:1", lambda p: with_claim(p, 4, 6, 0, ENDS_ON)),
    ("certificate:1", lambda p: with_claim(p, 4, 6, 1, ENDS_ON - 1)),
]


def test_somebody_who_meets_every_floor_exactly_is_eligible() -> None:
    problem = lone_problem()
    assert eligible(problem, 0).tolist() == [0]
    assert all(count == 0 for _, count in removals(problem, 0))


@pytest.mark.parametrize(("code", "breaking"), BREAKS, ids=[f"{code}-{i}" for i, (code, _) in enumerate(BREAKS)])
def test_one_broken_rule_shuts_the_only_candidate_out_and_is_named(code: str, breaking: Break) -> None:
    problem = breaking(lone_problem())
    assert eligible(problem, 0).tolist() == []
    assert [name for name, count in removals(problem, 0) if count] == [code]


@pytest.mark.parametrize(("code", "breaking"), BREAKS, ids=[f"{code}-{i}" for i, (code, _) in enumerate(BREAKS)])
def test_the_judge_names_the_same_rule_by_its_own_reading(code: str, breaking: Break) -> None:
    verdict = verify(breaking(lone_problem()), [(7, 0)])
    assert code in {violation.rule for violation in verdict.violations}


def test_a_seat_that_faces_the_client_asks_for_spoken_b2_without_being_told() -> None:
    silent = with_seat(lone_problem(), languages=())
    assert eligible(with_people(silent, english=Cefr.B1), 0).tolist() == []
    assert eligible(with_seat(with_people(silent, english=Cefr.B1), client_facing=False), 0).tolist() == [0]


def test_a_certificate_that_lasts_to_the_last_day_still_counts_towards_a_need() -> None:
    need = lone_problem().needs[0]
    assert holders(lone_problem(), need).tolist() == [0]
    assert holders(with_claim(lone_problem(), 4, 6, 1, ENDS_ON - 1), need).tolist() == []
    assert holders(with_claim(lone_problem(), 4, 6, 1, 0), need).tolist() == [0]


def test_a_language_can_be_a_need() -> None:
    problem = lone_problem()
    assert holders(problem, Need("english", language=EN, level=Cefr.B2)).tolist() == [0]
    assert holders(problem, Need("english", language=EN, level=Cefr.C1)).tolist() == []
    assert holders(problem, Need("french", language="fr.speaking", level=Cefr.A1)).tolist() == []


def test_a_skill_that_nobody_claims_removes_everybody() -> None:
    problem = lone_problem()
    nobody = replace(problem, market=replace(problem.market, postings={}))
    assert eligible(nobody, 0).tolist() == []
    assert dict(removals(nobody, 0))["skill:1"] == 1

"""A language test counts for an engagement only if its result lasts until the end of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from marketplace.accounts.permissions import Role
from marketplace.clients.models import Project
from marketplace.clients.services import projects
from marketplace.clients.specification import LanguageFloor, SkillFloor
from marketplace.kernel import clock
from matching import diagnoses, engine, snapshots
from matching.engine.eligibility import eligible, removals
from matching.index.keeper import Keeper
from matching.narrative import repairs
from matching.narrative.names import Names
from profiles.levels import Cefr, Evidence
from profiles.models import Professional
from profiles.services import languages
from tests.factories import accounts, clients, profiles

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """A project with one seat, which asks for tested English."""
    floor = LanguageFloor("en", Cefr.B2, evidence=Evidence.TESTED)
    seat = clients.seat(skills=(SkillFloor("cobol", 3),), languages=(floor,))
    return clients.project(clients.organization(), seats=(seat,), bridges=0)


def engineer(**evidence: object) -> Professional:
    person = profiles.professional()
    profiles.claim(person, "cobol", 4)
    profiles.speaks(person, level=Cefr.B2, **evidence)
    return person


def taken_for(project: Project) -> list[Professional]:
    taken = snapshots.take(project)
    return list(Professional.objects.filter(pk__in=[taken.people[row] for row in eligible(taken.problem, 0)]))


@pytest.mark.parametrize(
    ("evidence", "days_after_the_end", "counts"),
    [
        (Evidence.TESTED, None, True),
        (Evidence.TESTED, 0, True),
        (Evidence.TESTED, -1, False),
        (Evidence.VERIFIED, 40, True),
        (Evidence.SELF_DECLARED, None, False),
    ],
)
def test_a_result_must_last_until_the_last_day_of_the_engagement(
    project: Project, evidence: int, days_after_the_end: int | None, counts: bool
) -> None:
    expires = None if days_after_the_end is None else project.ends_on + dt.timedelta(days=days_after_the_end)
    person = engineer(evidence=evidence, evidence_expires_on=expires)
    assert taken_for(project) == ([person] if counts else [])


def test_a_verified_score_lasts_as_long_as_its_test_is_valid(project: Project) -> None:
    person = engineer()
    recruiter = accounts.actor(accounts.user(Role.RECRUITER))
    languages.set_one(
        professional=person,
        language="en",
        speaking=Cefr.B2,
        test="TOEFL iBT",
        raw_score="4.5",
        scale_version="1-6 (2026)",
        tested_on=clock.today() - dt.timedelta(days=30),
        actor=None,
    )
    assert taken_for(project) == []
    row = languages.verify(
        professional=person, language="en", speaking=Cefr.B2, evidence=Evidence.TESTED, actor=recruiter
    )
    assert row.evidence_expires_on is not None
    assert taken_for(project) == [person]
    project.ends_on = row.evidence_expires_on + dt.timedelta(days=1)
    assert taken_for(project) == []
    languages.set_one(professional=person, language="en", speaking=Cefr.C1, actor=None)
    row.refresh_from_db()
    assert row.evidence == Evidence.SELF_DECLARED
    assert row.evidence_expires_on is None


def test_the_refusal_is_counted_and_its_repair_amends_the_project(project: Project) -> None:
    engineer(evidence=Evidence.TESTED, evidence_expires_on=project.ends_on - dt.timedelta(days=1))
    problem = snapshots.take(project).problem
    assert dict(removals(problem, 0))["language_evidence:en"] == 1
    wanted = engine.Repair(
        "language_evidence",
        {"target": "seat", "position": 0, "field": "language_evidence", "key": "en", "value": 0},
        200,
        {"before": 1, "after": 0, "rule": "seat:0/language_evidence:en"},
    )
    loosened = engine.apply_repair(problem, wanted)
    assert len(eligible(loosened, 0)) == 1
    assert dict(loosened.seats[0].languages) == {"en.speaking": Cefr.B2}
    told = diagnoses.changes_as_json(project, problem, [wanted])[0]
    assert told["amendment"] == {"seats": {"0": {"language_evidence": {"en": 0}}}}
    sentence = repairs.repair_text(told["code"], told["change"], told["data"], Names("USD", seats=["Engineer"]))
    assert "evidence for English" in sentence
    projects.amend(project=project, changes={"seats": {0: {"language_evidence": {"en": 0}}}}, actor=None)
    floor = project.seats.get(position=0).languages.get()
    assert (floor.level, floor.evidence) == (Cefr.B2, Evidence.SELF_DECLARED)


def test_the_strictest_floor_of_a_language_speaks_for_all_of_it() -> None:
    floors = (
        LanguageFloor("en", Cefr.B2, evidence=Evidence.TESTED),
        LanguageFloor("en", Cefr.C1, "reading", Evidence.VERIFIED),
        LanguageFloor("es", Cefr.B1),
    )
    made = clients.project(clients.organization(), seats=(clients.seat(languages=floors),))
    assert snapshots.take(made).problem.seats[0].language_evidence == (("en", Evidence.VERIFIED),)


@pytest.mark.django_db(transaction=True)
def test_the_index_sees_when_a_result_lasts_longer(project: Project, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "index")
    person = engineer(evidence=Evidence.TESTED, evidence_expires_on=project.ends_on - dt.timedelta(days=1))
    assert evidence_in(snapshots.take_from_index(project, keeper)) == [Evidence.SELF_DECLARED]
    person.languages.update(evidence_expires_on=project.ends_on)
    assert evidence_in(snapshots.take_from_index(project, keeper)) == [Evidence.TESTED]


def evidence_in(taken: snapshots.Taken) -> list[int]:
    return [int(step) for step in taken.problem.market.people.languages["en.evidence"]]

"""Claims to skills, over HTTP: words become skills or are refused with the nearest names; evidence stays with them."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from profiles.levels import Evidence, SkillKind
from profiles.models import SkillClaim
from profiles.services.skills import names
from tests.factories import profiles

SKILLS = "/api/v1/professionals/me/skills"


@pytest.fixture
def known(db):
    for code in ("cobol", "jcl", "db2", "java", "spring-boot"):
        profiles.skill(code)
    profiles.skill("aml-bsa", name_en="Anti-money laundering", name_es="Prevención de lavado de dinero")


@pytest.fixture
def mine(cast, api, known):
    return api(cast.professional)


def held(cast):
    return dict(SkillClaim.objects.filter(professional=cast.profile).values_list("skill__code", "level"))


def test_a_skill_can_be_claimed_by_any_of_its_names(mine, cast):
    for text in ("COBOL", "Spring Boot", "java"):
        answer = mine.post(SKILLS, {"skill": text, "level": 3})
        assert answer.status_code == 201, answer.json()
    assert held(cast) == {"cobol": 3, "spring-boot": 3, "java": 3}


def test_an_unknown_skill_is_refused_with_the_nearest_names(mine, nothing_changes):
    with nothing_changes():
        answer = mine.post(SKILLS, {"skill": "coboll", "level": 3})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_skill")
    fault = answer.json()["errors"][0]
    assert fault["pointer"] == "/skill"
    assert {"code": "cobol", "name": "COBOL"} in fault["data"]["suggestions"]


def test_a_similar_spelling_is_never_taken_silently(mine, cast):
    profiles.skill("javascript")
    assert names().find("Javascrpt") is None
    assert mine.post(SKILLS, {"skill": "Javascrpt", "level": 3}).status_code == 422
    assert held(cast) == {}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"skill": "cobol"}, "/level"),
        ({"skill": "cobol", "level": 6}, "/level"),
        ({"skill": "cobol", "level": 0}, "/level"),
        ({"skill": "cobol", "level": "expert"}, "/level"),
        ({"skill": "", "level": 3}, "/skill"),
        ({"skill": "cobol", "level": 3, "years": 61}, "/years"),
        ({"skill": "cobol", "level": 3, "evidence": "verified"}, "/evidence"),
        ({"skill": ["cobol"], "level": 3}, "/skill"),
    ],
)
def test_what_cannot_be_read_is_refused(body, pointer, mine, nothing_changes):
    with nothing_changes():
        answer = mine.post(SKILLS, body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_nobody_used_a_skill_in_the_future(mine, nothing_changes):
    with time_machine.travel(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), tick=False), nothing_changes():
        answer = mine.post(SKILLS, {"skill": "cobol", "level": 3, "last_used": 2027})
    assert (answer.status_code, answer.json()["code"]) == (422, "in_the_future")


def test_setting_again_changes_the_claim_and_answers_200(mine, cast):
    assert mine.post(SKILLS, {"skill": "cobol", "level": 3}).status_code == 201
    assert mine.post(SKILLS, {"skill": "Cobol", "level": 4}).status_code == 200
    assert held(cast) == {"cobol": 4}


def test_a_changed_claim_loses_its_verification_and_an_unchanged_one_keeps_it(mine, cast, api):
    mine.post(SKILLS, {"skill": "cobol", "level": 4, "years": 8})
    there = f"/api/v1/professionals/{cast.profile.public_id}/skills/cobol/verify"
    verified = api(cast.recruiter).post(there, {"level": 4, "source": "Code review"})
    assert (verified.status_code, verified.json()["evidence"]) == (200, "verified")
    assert verified.json()["evidence_source"] == "Code review"
    again = mine.post(SKILLS, {"skill": "cobol", "level": 4, "years": 8})
    assert again.json()["evidence"] == "verified"
    changed = mine.post(SKILLS, {"skill": "cobol", "level": 5, "years": 8})
    assert changed.json()["evidence"] == "self_declared"
    row = SkillClaim.objects.get(professional=cast.profile)
    assert (row.verified_by, row.evidence_source, row.evidence_on) == ("", "", None)


def test_what_is_verified_is_the_level_that_was_seen(mine, cast, api, nothing_changes):
    mine.post(SKILLS, {"skill": "cobol", "level": 5})
    there = f"/api/v1/professionals/{cast.profile.public_id}/skills/cobol/verify"
    with nothing_changes():
        answer = api(cast.recruiter).post(there, {"level": 4, "source": "Code review"})
    assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (409, "claim_changed", {"level": 5})


def test_evidence_that_has_already_expired_is_refused(mine, cast, api, nothing_changes):
    mine.post(SKILLS, {"skill": "cobol", "level": 5})
    there = f"/api/v1/professionals/{cast.profile.public_id}/skills/cobol/verify"
    with nothing_changes():
        answer = api(cast.recruiter).post(there, {"level": 5, "source": "Test", "expires_on": "2020-01-01"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/expires_on")


@pytest.mark.parametrize("who", ["professional", "client", "rival"])
def test_only_recruiters_verify(who, mine, cast, api, nothing_changes):
    mine.post(SKILLS, {"skill": "cobol", "level": 4})
    there = f"/api/v1/professionals/{cast.profile.public_id}/skills/cobol/verify"
    with nothing_changes():
        assert api(getattr(cast, who)).post(there, {"level": 4, "source": "me"}).status_code == 403


def test_a_recruiter_verifies_only_what_is_claimed(cast, api, known, nothing_changes):
    there = f"/api/v1/professionals/{cast.profile.public_id}/skills/jcl/verify"
    with nothing_changes():
        assert api(cast.recruiter).post(there, {"level": 4, "source": "x"}).status_code == 404


def test_the_whole_list_is_replaced_with_the_evidence_of_what_stays(mine, cast):
    profiles.claim(
        cast.profile, "cobol", 4, evidence=Evidence.VERIFIED, verified_by=cast.recruiter.public_id, last_used=None
    )
    profiles.claim(cast.profile, "jcl", 2)
    seen = mine.get(SKILLS)["ETag"]
    answer = mine.put(
        SKILLS,
        {"skills": [{"skill": "cobol", "level": 4, "years": 6}, {"skill": "db2", "level": 3}]},
        HTTP_IF_MATCH=seen,
    )
    assert answer.status_code == 200, answer.json()
    assert {each["skill"]: each["evidence"] for each in answer.json()["skills"]} == {
        "cobol": "verified",
        "db2": "self_declared",
    }
    assert held(cast) == {"cobol": 4, "db2": 3}


def test_one_bad_claim_in_a_list_leaves_the_list_as_it_was(mine, cast, nothing_changes):
    profiles.claim(cast.profile, "jcl", 2)
    body = {
        "skills": [
            {"skill": "cobol", "level": 4},
            {"skill": "coboll", "level": 4},
            {"skill": "COBOL", "level": 2, "last_used": 2199},
        ]
    }
    with nothing_changes():
        answer = mine.put(SKILLS, body, HTTP_IF_MATCH='"1"')
    assert answer.status_code == 422
    assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == {
        ("/skills/1/skill", "unknown_skill"),
        ("/skills/2/skill", "skill_twice"),
        ("/skills/2/last_used", "in_the_future"),
    }
    assert held(cast) == {"jcl": 2}


def test_replacing_the_list_needs_the_version_that_was_seen(mine, nothing_changes):
    with nothing_changes():
        assert mine.put(SKILLS, {"skills": []}).status_code == 428
        assert mine.put(SKILLS, {"skills": []}, HTTP_IF_MATCH='"7"').status_code == 412


def test_a_claim_can_be_taken_back_once(mine, cast):
    profiles.claim(cast.profile, "jcl", 2)
    assert mine.delete(f"{SKILLS}/jcl").status_code == 204
    assert mine.delete(f"{SKILLS}/jcl").status_code == 404
    assert held(cast) == {}


def test_a_retired_skill_cannot_be_claimed(mine, nothing_changes):
    profiles.skill("rexx", active=False)
    with nothing_changes():
        assert mine.post(SKILLS, {"skill": "rexx", "level": 3}).status_code == 422


def test_claims_show_the_name_in_the_readers_language(cast, api, known):
    profiles.claim(cast.profile, "aml-bsa", 3)
    read = api(cast.professional, accept_language="es-MX").get(SKILLS).json()["skills"]
    assert [each["name"] for each in read] == ["Prevención de lavado de dinero"]
    read = api(cast.professional, accept_language="en").get(SKILLS).json()["skills"]
    assert [each["name"] for each in read] == ["Anti-money laundering"]


def test_regulations_and_certificates_are_skills_of_the_same_taxonomy(mine):
    profiles.skill("sox-404", kind=SkillKind.REGULATION)
    assert mine.post(SKILLS, {"skill": "sox-404", "level": 3}).status_code == 201

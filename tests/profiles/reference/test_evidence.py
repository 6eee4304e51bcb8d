"""Proofs of a profile: scores beside stated levels, expiry by the end of an engagement, and who verified what."""

from __future__ import annotations

import datetime as dt

import pytest

from marketplace.kernel import clock
from profiles.levels import Cefr, Evidence, SkillKind
from profiles.models import LanguageProficiency, Verification
from profiles.reference.validity import months_after
from tests.factories import profiles

ME = "/api/v1/professionals/me"


@pytest.fixture
def mine(cast, api):
    return api(cast.professional)


@pytest.fixture
def recruiter(cast, api):
    return api(cast.recruiter)


@pytest.fixture
def there(cast):
    return f"/api/v1/professionals/{cast.profile.public_id}"


def days_ago(days):
    return (clock.today() - dt.timedelta(days=days)).isoformat()


def english(**fields):
    stated = {
        "language": "en",
        "speaking": "b2",
        "test": "TOEFL iBT",
        "scale_version": "1-6",
        "tested_on": days_ago(30),
    }
    return {**stated, **fields}


def doubts(answer):
    return [(each["pointer"], each["code"]) for each in answer.json()["result"]["doubts"]]


def test_a_score_is_answered_with_its_levels_table_and_source_and_changes_nothing_stated(mine, cast):
    sections = {"listening": "5", "speaking": "4", "reading": "5", "writing": "4"}
    answer = mine.post(f"{ME}/languages", english(raw_score="4.5", section_scores=sections, tested_on="2026-03-01"))
    assert answer.status_code == 201, answer.json()
    result = answer.json()["result"]
    assert (result["derived"]["table_version"], result["derived"]["scale"]) == ("toefl-ets-2026", "1-6")
    assert "ETS" in result["derived"]["source"]
    assert [(each["part"], each["least"], each["most"]) for each in result["derived"]["levels"]] == [
        ("overall", "b2", "b2"),
        ("listening", "c1", "c1"),
        ("speaking", "b2", "b2"),
        ("reading", "c1", "c1"),
        ("writing", "b2", "b2"),
    ]
    assert result["expires_on"] == "2028-03-01"
    row = LanguageProficiency.objects.get(professional=cast.profile, language="en")
    assert (row.speaking, row.listening, row.raw_score, row.section_scores) == (Cefr.B2, Cefr.NONE, "4.5", sections)


@pytest.mark.parametrize(
    ("stated", "score", "expected"),
    [
        ({"speaking": "c1"}, {"section_scores": {"speaking": "4"}}, [("/speaking", "above_score")]),
        ({"speaking": "b1"}, {"section_scores": {"speaking": "5.5"}}, [("/speaking", "below_score")]),
        ({"speaking": "b2", "reading": "c1"}, {"raw_score": "4"}, []),
        ({"speaking": "b2", "reading": "c2"}, {"raw_score": "4"}, [("/reading", "above_score")]),
        (
            {"speaking": "c1", "reading": "c1"},
            {"raw_score": "4"},
            [("/speaking", "above_score"), ("/reading", "above_score")],
        ),
        ({"speaking": "a2"}, {"raw_score": "5"}, [("/speaking", "below_score")]),
    ],
)
def test_a_stated_level_that_contradicts_the_score_is_kept_with_a_doubt(stated, score, expected, mine):
    answer = mine.post(f"{ME}/languages", english(**{**stated, **score}))
    assert answer.status_code == 201, answer.json()
    assert answer.json()["speaking"] == stated["speaking"]
    assert doubts(answer) == expected


def test_c1_or_higher_contradicts_neither_c1_nor_c2(mine):
    for level in ("c1", "c2"):
        answer = mine.post(
            f"{ME}/languages",
            english(speaking=level, raw_score="103", scale_version="", tested_on="2026-01-02"),
        )
        assert ("/speaking", "above_score") not in doubts(answer)
        assert [each["table_version"] for each in answer.json()["result"]["derived"]["others"]] == ["toefl-ets-2008"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"raw_score": "7"}, ("/raw_score", "score_not_on_scale")),
        ({"raw_score": "4.5", "tested_on": "2025-11-01"}, ("/scale_version", "scale_not_in_use")),
        ({"raw_score": "4.5", "scale_version": "1-7"}, ("/scale_version", "unknown_scale")),
        ({"raw_score": "B2", "test": "DELE", "scale_version": ""}, ("/test", "test_of_other_language")),
        ({"section_scores": {"speaking": "9"}}, ("/section_scores/speaking", "score_not_on_scale")),
        ({"section_scores": {"speaking": "4"}, "test": ""}, ("/section_scores", "score_without_test")),
    ],
)
def test_results_that_cannot_be_are_refused(fields, expected, mine, nothing_changes):
    with nothing_changes():
        answer = mine.post(f"{ME}/languages", english(**fields))
    assert answer.status_code == 422, answer.json()
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [expected]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"test": "Oral interview", "raw_score": "very good", "scale_version": ""}, [("/test", "unknown_test")]),
        ({"raw_score": "5", "scale_version": ""}, [("/scale_version", "scale_unclear")]),
    ],
)
def test_a_score_that_no_table_reads_is_kept_and_said_so(fields, expected, mine):
    answer = mine.post(f"{ME}/languages", english(**fields))
    assert (answer.status_code, answer.json()["result"]["derived"]) == (201, None)
    assert doubts(answer) == expected


def test_points_of_siele_are_kept_and_not_converted(mine):
    body = {"language": "es", "speaking": "b2", "test": "SIELE", "raw_score": "740", "tested_on": days_ago(30)}
    answer = mine.post(f"{ME}/languages", body)
    assert doubts(answer) == [("/raw_score", "no_table")]
    assert answer.json()["raw_score"] == "740"


def test_a_result_is_stated_as_a_whole(mine):
    mine.post(f"{ME}/languages", english(raw_score="4.5"))
    answer = mine.post(
        f"{ME}/languages",
        {"language": "en", "speaking": "b2", "test": "IELTS", "raw_score": "6.5", "tested_on": "2026-04-01"},
    )
    assert (answer.status_code, answer.json()["scale_version"]) == (200, "")
    assert answer.json()["result"]["derived"]["table_version"] == "ielts-partners"
    again = mine.post(f"{ME}/languages", {"language": "en", "speaking": "c1"})
    assert again.json()["test"] == "IELTS", "levels alone leave the result as it is"


def test_a_test_must_count_until_the_end_of_the_engagement(mine):
    mine.post(f"{ME}/languages", english(raw_score="4.5", tested_on="2026-03-01"))
    for until, counts, codes in (("2028-03-01", True, []), ("2028-03-02", False, ["test_expires"])):
        result = mine.get(f"{ME}/languages", {"until": until}).json()["languages"][0]["result"]
        assert (result["counts"], [each["code"] for each in result["doubts"]]) == (counts, codes)
    assert mine.get(f"{ME}/languages", {"until": "soon"}).status_code == 400


def test_a_certificate_must_hold_until_the_end_of_the_engagement(mine):
    profiles.skill("cert-cissp", kind=SkillKind.CERTIFICATE, validity_months=36)
    mine.post(f"{ME}/certificates", {"skill": "CISSP", "issued_on": "2026-02-01"})
    for until, held, codes in (("2029-02-01", True, []), ("2029-02-02", False, ["certificate_expires"])):
        shown = mine.get(f"{ME}/certificates", {"until": until}).json()["certificates"][0]
        assert (shown["holds"], [each["code"] for each in shown["doubts"]], shown["usual_months"]) == (held, codes, 36)


def test_a_certificate_that_lasts_longer_than_its_kind_is_kept_with_a_doubt(mine):
    profiles.skill("cert-cissp", kind=SkillKind.CERTIFICATE, validity_months=36)
    body = {"skill": "CISSP", "issued_on": "2026-02-01", "expires_on": "2036-02-01"}
    answer = mine.post(f"{ME}/certificates", body)
    assert (answer.status_code, answer.json()["expires_on"]) == (201, "2036-02-01")
    assert [each["code"] for each in answer.json()["doubts"]] == ["longer_than_usual"]


# -- verifications -----------------------------------------------------------------------------------------------------


def test_every_verification_is_recorded_with_who_when_how_and_until_when(mine, recruiter, there, cast):
    mine.post(f"{ME}/languages", english(raw_score="4.5"))
    profiles.claim(cast.profile, "cobol", level=4)
    certificate = profiles.certificate(cast.profile, expires_on=dt.date(2099, 3, 3))
    recruiter.post(f"{there}/languages/en/verify", {"speaking": "b2", "evidence": "tested", "source": "Score report"})
    recruiter.post(f"{there}/skills/cobol/verify", {"level": 4, "source": "Code review", "expires_on": "2099-01-01"})
    seen = recruiter.get(there)["ETag"]
    done = recruiter.post(
        f"{there}/certificates/{certificate.public_id}/verify", {"source": "Registry"}, HTTP_IF_MATCH=seen
    )
    assert done.status_code == 200, done.json()
    shown = recruiter.get(f"{there}/verifications").json()["verifications"]
    until = months_after(clock.today() - dt.timedelta(days=30), 24).isoformat()
    told = ("kind", "code", "level", "evidence", "source", "expires_on", "in_force")
    assert [tuple(each[name] for name in told) for each in shown] == [
        ("certificate", "cert-cissp", None, "verified", "Registry", "2099-03-03", True),
        ("skill", "cobol", "4", "verified", "Code review", "2099-01-01", True),
        ("language", "en", "b2", "tested", "Score report", until, True),
    ]
    assert {each["verified_by"] for each in shown} == {cast.recruiter.public_id}
    assert [each["seen"] for each in shown] == [
        {"number": "", "verify_url": "", "issued_on": "2025-03-03"},
        {},
        {
            "test": "TOEFL iBT",
            "raw_score": "4.5",
            "section_scores": {},
            "scale_version": "1-6",
            "tested_on": days_ago(30),
        },
    ]
    assert shown == mine.get(f"{ME}/verifications").json()["verifications"]


def test_what_was_seen_stays_in_the_record_when_another_score_is_stated(mine, recruiter, there):
    mine.post(f"{ME}/languages", english(raw_score="4.5"))
    recruiter.post(f"{there}/languages/en/verify", {"speaking": "b2", "evidence": "tested"})
    mine.post(f"{ME}/languages", english(raw_score="5", speaking="c1"))
    (shown,) = mine.get(f"{ME}/verifications").json()["verifications"]
    assert (shown["seen"]["raw_score"], shown["level"], shown["in_force"]) == ("4.5", "b2", False)


def test_a_test_without_speaking_neither_doubts_nor_shows_how_somebody_speaks(mine, recruiter, there):
    heard = {"test": "TOEIC Listening and Reading", "scale_version": "10-990", "raw_score": "800"}
    stated = {"speaking": "a2", "listening": "b2", "reading": "b2"}
    answer = mine.post(f"{ME}/languages", english(**heard, **stated))
    assert answer.status_code == 201, answer.json()
    assert doubts(answer) == []
    refused = recruiter.post(f"{there}/languages/en/verify", {"speaking": "a2", "evidence": "tested"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "speaking_not_tested")
    assert mine.get(f"{ME}/verifications").json()["verifications"] == []
    assert recruiter.post(f"{there}/languages/en/verify", {"speaking": "a2"}).status_code == 200


def test_a_changed_statement_leaves_the_record_and_ends_its_force(mine, recruiter, there):
    mine.post(f"{ME}/languages", {"language": "en", "speaking": "b2"})
    recruiter.post(f"{there}/languages/en/verify", {"speaking": "b2", "source": "Interview"})
    mine.post(f"{ME}/languages", {"language": "en", "speaking": "c1"})
    assert [each["in_force"] for each in mine.get(f"{ME}/verifications").json()["verifications"]] == [False]
    recruiter.post(f"{there}/languages/en/verify", {"speaking": "c1"})
    shown = mine.get(f"{ME}/verifications").json()["verifications"]
    assert [(each["level"], each["in_force"]) for each in shown] == [("c1", True), ("b2", False)]
    mine.delete(f"{ME}/languages/en")
    assert [each["in_force"] for each in mine.get(f"{ME}/verifications").json()["verifications"]] == [False, False]


def test_a_verification_is_in_force_on_its_last_day_and_not_after(mine, cast):
    profiles.claim(cast.profile, "cobol", evidence=Evidence.VERIFIED, verified_by="user_x")
    for days, in_force in ((0, True), (-1, False)):
        until = clock.today() + dt.timedelta(days=days)
        Verification.objects.create(
            professional=cast.profile,
            kind="skill",
            code="cobol",
            level=4,
            evidence=Evidence.VERIFIED,
            verified_by="user_x",
            expires_on=until,
        )
        newest = mine.get(f"{ME}/verifications").json()["verifications"][0]
        assert (newest["expires_on"], newest["in_force"]) == (until.isoformat(), in_force)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"test": "", "scale_version": "", "tested_on": None}, "no_test"),
        ({"raw_score": "97", "scale_version": "0-120", "tested_on": "2023-05-05"}, "test_expired"),
    ],
)
def test_tested_needs_a_test_that_still_counts(fields, code, mine, recruiter, there, nothing_changes):
    assert mine.post(f"{ME}/languages", english(**fields)).status_code == 201
    with nothing_changes():
        answer = recruiter.post(f"{there}/languages/en/verify", {"speaking": "b2", "evidence": "tested"})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_expired_certificate_cannot_be_verified(recruiter, there, cast, nothing_changes):
    row = profiles.certificate(cast.profile, issued_on=dt.date(2020, 1, 1), expires_on=dt.date(2023, 1, 1))
    seen = recruiter.get(there)["ETag"]
    with nothing_changes():
        answer = recruiter.post(f"{there}/certificates/{row.public_id}/verify", HTTP_IF_MATCH=seen)
    assert (answer.status_code, answer.json()["code"]) == (422, "certificate_expired")


def test_a_stale_verification_leaves_no_record(mine, recruiter, there, nothing_changes):
    mine.post(f"{ME}/languages", {"language": "en", "speaking": "c1"})
    with nothing_changes():
        assert recruiter.post(f"{there}/languages/en/verify", {"speaking": "b2"}).status_code == 409
    assert not Verification.objects.exists()


def test_the_record_costs_a_fixed_number_of_queries(mine, cast, django_assert_max_num_queries):
    for number in range(30):
        Verification.objects.create(
            professional=cast.profile, kind="skill", code=f"skill-{number}", evidence=2, verified_by="user_x"
        )
    with django_assert_max_num_queries(14):
        assert len(mine.get(f"{ME}/verifications").json()["verifications"]) == 30


def test_the_record_is_for_its_owner_and_for_recruiters(cast, api, there):
    for who in (cast.client, cast.rival, cast.professional):
        assert api(who).get(f"{there}/verifications").status_code == 403
    assert api(cast.operator).get(f"{there}/verifications").status_code == 200
    assert api(cast.recruiter).get(f"{ME}/verifications").status_code == 403

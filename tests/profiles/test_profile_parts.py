"""Languages, certificates, positions and time of a professional, over HTTP."""

from __future__ import annotations

import datetime as dt

import pytest

from marketplace.kernel import clock
from profiles.levels import SkillKind
from profiles.models import AvailabilityException, Certificate, Experience, LanguageProficiency, PersonWeek
from profiles.services.certificates import months_after
from tests.factories import accounts, profiles

ME = "/api/v1/professionals/me"


@pytest.fixture
def mine(cast, api):
    return api(cast.professional)


def fault(answer):
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


# -- languages ---------------------------------------------------------------------------------------------------------


def test_a_language_is_stated_by_activity_and_a_score_is_kept_as_given(mine):
    stated = {
        "language": "en",
        "speaking": "b2",
        "listening": "c1",
        "reading": "c1",
        "test": "TOEFL iBT",
        "raw_score": "4.5",
        "scale_version": "1-6 (2026)",
        "tested_on": "2026-03-01",
    }
    answer = mine.post(f"{ME}/languages", stated)
    assert answer.status_code == 201
    read = mine.get(f"{ME}/languages").json()["languages"][0]
    assert {name: read[name] for name in stated} == stated
    assert (read["writing"], read["evidence"]) == ("none", "self_declared")


def test_a_native_speaker_need_not_state_levels(mine):
    answer = mine.post(f"{ME}/languages", {"language": "es", "native": True})
    assert {answer.json()[activity] for activity in ("listening", "speaking", "reading", "writing")} == {"c2"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"language": "en", "reading": "c1"}, ("/speaking", "required")),
        ({"language": "en", "speaking": "b2", "raw_score": "97"}, ("/raw_score", "score_without_test")),
        ({"language": "en", "speaking": "b2", "tested_on": "2199-01-01"}, ("/tested_on", "in_the_future")),
    ],
)
def test_statements_that_say_nothing_are_refused(body, expected, mine, nothing_changes):
    with nothing_changes():
        answer = mine.post(f"{ME}/languages", body)
    assert (answer.status_code, fault(answer)) == (422, [expected])


def test_a_language_the_market_does_not_use_is_a_400(mine, nothing_changes):
    with nothing_changes():
        assert fault(mine.post(f"{ME}/languages", {"language": "fr", "speaking": "c1"})) == [
            ("/language", "invalid_choice")
        ]


def test_a_changed_language_loses_its_evidence(mine, cast, api):
    mine.post(f"{ME}/languages", {"language": "en", "speaking": "b2"})
    there = f"/api/v1/professionals/{cast.profile.public_id}/languages/en/verify"
    assert api(cast.recruiter).post(there, {"speaking": "b2"}).json()["evidence"] == "verified"
    assert mine.post(f"{ME}/languages", {"language": "en", "speaking": "b2"}).json()["evidence"] == "verified"
    assert mine.post(f"{ME}/languages", {"language": "en", "speaking": "c1"}).json()["evidence"] == "self_declared"
    stale = api(cast.recruiter).post(there, {"speaking": "b2"})
    assert (stale.status_code, stale.json()["code"]) == (409, "language_changed")


def test_a_language_can_be_taken_back(mine, cast):
    profiles.speaks(cast.profile)
    assert mine.delete(f"{ME}/languages/en").status_code == 204
    assert mine.delete(f"{ME}/languages/en").status_code == 404
    assert not LanguageProficiency.objects.filter(professional=cast.profile).exists()


# -- certificates ------------------------------------------------------------------------------------------------------


def test_a_certificate_without_an_expiry_takes_its_usual_validity(mine):
    profiles.skill("cert-cissp", kind=SkillKind.CERTIFICATE, validity_months=36)
    answer = mine.post(f"{ME}/certificates", {"skill": "CISSP", "issued_on": "2024-02-29", "number": "123"})
    assert answer.status_code == 201, answer.json()
    assert answer.json()["expires_on"] == "2027-02-28"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 12, 31), 2, dt.date(2027, 2, 28)),
        (dt.date(2026, 11, 30), 13, dt.date(2027, 12, 30)),
        (dt.date(2026, 3, 15), 36, dt.date(2029, 3, 15)),
    ],
)
def test_months_end_where_the_month_ends(day, months, expected):
    assert months_after(day, months) == expected


def test_renewing_a_certificate_changes_the_one_there_is(mine, cast, api):
    profiles.skill("cert-cissp", kind=SkillKind.CERTIFICATE, validity_months=36)
    first = mine.post(
        f"{ME}/certificates", {"skill": "cert-cissp", "issued_on": "2022-01-10", "expires_on": "2099-01-10"}
    ).json()
    there = f"/api/v1/professionals/{cast.profile.public_id}"
    recruiter = api(cast.recruiter)
    seen = recruiter.get(there)["ETag"]
    verified = recruiter.post(f"{there}/certificates/{first['id']}/verify", HTTP_IF_MATCH=seen)
    assert (verified.status_code, verified.json()["evidence"]) == (200, "verified")
    renewed = mine.post(f"{ME}/certificates", {"skill": "cert-cissp", "issued_on": "2025-01-10"})
    assert (renewed.status_code, renewed.json()["id"]) == (200, first["id"])
    assert (renewed.json()["expires_on"], renewed.json()["evidence"]) == ("2028-01-10", "self_declared")
    assert Certificate.objects.filter(professional=cast.profile).count() == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"skill": "cobol", "issued_on": "2025-01-01"}, ("/skill", "not_a_certificate")),
        ({"skill": "sisp", "issued_on": "2025-01-01"}, ("/skill", "unknown_skill")),
        ({"skill": "cert-cissp", "issued_on": "2199-01-01"}, ("/issued_on", "in_the_future")),
        (
            {"skill": "cert-cissp", "issued_on": "2025-01-01", "expires_on": "2025-01-01"},
            ("/expires_on", "ends_before_start"),
        ),
    ],
)
def test_certificates_that_cannot_be_are_refused(body, expected, mine, nothing_changes):
    profiles.skill("cobol")
    profiles.skill("cert-cissp", kind=SkillKind.CERTIFICATE)
    with nothing_changes():
        answer = mine.post(f"{ME}/certificates", body)
    assert (answer.status_code, fault(answer)) == (422, [expected])


def test_somebody_elses_certificate_looks_absent(mine, nothing_changes):
    other = profiles.certificate(profiles.professional())
    with nothing_changes():
        assert mine.delete(f"{ME}/certificates/{other.public_id}").status_code == 404
        assert mine.delete(f"{ME}/certificates/nonsense").status_code == 404


# -- positions ---------------------------------------------------------------------------------------------------------

POSITION = {"employer": "Banco Ejemplo", "title": "Desarrolladora COBOL", "starts_on": "2019-03-01"}


def test_a_position_is_added_changed_at_its_version_and_removed(mine):
    added = mine.post(f"{ME}/experiences", POSITION)
    assert (added.status_code, added["ETag"]) == (201, '"1"')
    there = f"{ME}/experiences/{added.json()['id']}"
    assert mine.patch(there, {"ends_on": "2024-05-31"}).status_code == 428
    changed = mine.patch(there, {"ends_on": "2024-05-31"}, HTTP_IF_MATCH='"1"')
    assert (changed.status_code, changed.json()["ends_on"]) == (200, "2024-05-31")
    assert mine.patch(there, {"ends_on": None}, HTTP_IF_MATCH='"1"').status_code == 412
    assert mine.get(there)["ETag"] == '"2"'
    assert mine.delete(there).status_code == 204
    assert mine.get(there).status_code == 404


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ends_on": "2019-02-28"}, ("/ends_on", "ends_before_start")),
        ({"starts_on": "2199-01-01"}, ("/starts_on", "in_the_future")),
    ],
)
def test_positions_that_cannot_be_are_refused(change, expected, mine, nothing_changes):
    with nothing_changes():
        answer = mine.post(f"{ME}/experiences", {**POSITION, **change})
    assert (answer.status_code, fault(answer)) == (422, [expected])


def test_somebody_elses_position_looks_absent(mine, nothing_changes):
    other = Experience.objects.create(
        professional=profiles.professional(), employer="X", title="Y", starts_on=dt.date(2020, 1, 1)
    )
    there = f"{ME}/experiences/{other.public_id}"
    with nothing_changes():
        assert mine.get(there).status_code == 404
        assert mine.patch(there, {"title": "Z"}, HTTP_IF_MATCH='"1"').status_code == 404
        assert mine.delete(there).status_code == 404


# -- time --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def monday():
    return clock.monday_of(clock.today()) + dt.timedelta(weeks=4)


def test_leave_lowers_the_capacity_of_open_weeks_and_removing_it_restores_them(mine, cast, monday):
    week = PersonWeek.objects.create(professional=cast.profile, week=monday, capacity=2400, booked=0)
    leave = {"starts_on": monday.isoformat(), "ends_on": (monday + dt.timedelta(days=1)).isoformat()}
    added = mine.post(f"{ME}/availability", leave)
    assert added.status_code == 201
    week.refresh_from_db()
    assert week.capacity == 1440, "two of five days are gone"
    assert mine.get(f"{ME}/availability").json()["exceptions"] == [
        {**leave, "id": added.json()["id"], "weekly_minutes": 0}
    ]
    assert mine.delete(f"{ME}/availability/{added.json()['id']}").status_code == 204
    week.refresh_from_db()
    assert week.capacity == 2400


def test_leave_in_a_promised_week_is_refused_whole(mine, cast, monday, nothing_changes):
    PersonWeek.objects.create(professional=cast.profile, week=monday, capacity=2400, booked=2000)
    leave = {"starts_on": monday.isoformat(), "ends_on": (monday + dt.timedelta(days=4)).isoformat()}
    with nothing_changes():
        answer = mine.post(f"{ME}/availability", leave)
    assert (answer.status_code, answer.json()["code"]) == (409, "capacity_below_bookings")
    assert not AvailabilityException.objects.exists()


@pytest.mark.parametrize(
    ("ends_on", "minutes", "expected"),
    [
        ("2027-03-31", 0, ("/ends_on", "ends_before_start")),
        ("2030-04-01", 0, ("/ends_on", "span_too_long")),
        ("2027-04-02", 3601, ("/weekly_minutes", "unlikely_hours")),
    ],
)
def test_spans_that_cannot_be_are_refused(ends_on, minutes, expected, mine, nothing_changes):
    with nothing_changes():
        answer = mine.post(
            f"{ME}/availability", {"starts_on": "2027-04-01", "ends_on": ends_on, "weekly_minutes": minutes}
        )
    assert (answer.status_code, fault(answer)) == (422, [expected])


def test_parts_can_only_be_reached_by_professionals(cast, api):
    for part in ("skills", "languages", "certificates", "experiences", "availability", "tax-ids"):
        for who in (cast.recruiter, cast.client, cast.operator):
            assert api(who).get(f"{ME}/{part}").status_code == 403, part
        assert api().get(f"{ME}/{part}").status_code == 401, part


def test_a_person_without_a_profile_has_no_parts(api, db):
    newcomer = api(accounts.user())
    assert newcomer.post(f"{ME}/experiences", POSITION).json()["code"] == "no_profile"

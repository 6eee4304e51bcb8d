"""How long certificates hold: with a source or said to have none, as it was when they were issued."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from marketplace.audit.models import AuditEvent
from profiles.levels import Evidence, SkillKind
from profiles.models import Certificate
from profiles.reference.certificate_validity import usual_months, validities
from profiles.taxonomy.source import read_taxonomy
from tests.factories import profiles

ME = "/api/v1/professionals/me"
REFERENCE = "/api/v1/reference/certificates"
NOW = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def certificates():
    return {entry.code: entry for entry in read_taxonomy().entries if entry.kind == "certificate"}


def test_the_months_of_the_taxonomy_are_those_of_today(certificates):
    for code, terms in validities().items():
        assert certificates[code].validity_months == terms[-1].months, code
        assert terms[-1].last_day == dt.date.max, code


def test_no_certificate_has_months_of_which_nothing_is_said(certificates):
    assert {code for code, entry in certificates.items() if entry.validity_months} <= set(validities())


def test_what_is_confirmed_has_a_source_and_what_is_not_says_so():
    for code, terms in validities().items():
        for each in terms:
            assert each.certainty in {"issuer", "reproduced", "unconfirmed"}, code
            assert (each.certainty == "unconfirmed") == (each.source == each.url == ""), code
            assert (each.seen_on is None) == (each.url == ""), code
            assert not each.url or each.url.startswith(("https://", "http://")), code
            assert (each.months is not None) == (each.states == "expires"), code
            assert each.states != "varies" or each.note("en"), code
            assert bool(each.note("en")) == bool(each.note("es-mx")), code
            assert not each.note("en") or each.note("en") != each.note("es-mx"), code
        assert all(one.last_day + dt.timedelta(days=1) == two.first_day for one, two in pairwise(terms)), code


@pytest.mark.parametrize(
    ("code", "months"),
    [
        ("cert-cissp", 36),
        ("cert-cism", 36),
        ("cert-pmp", 36),
        ("cert-cams", 36),
        ("cert-aws-saa", 36),
        ("cert-az-104", 12),
        ("cert-az-900", None),
        ("cert-gcp-pca", 24),
        ("cert-gcp-ace", 36),
        ("cert-cka", 24),
        ("cert-itil4", 36),
        ("cert-csm", 24),
        ("cert-psm", None),
        ("cert-safe", 12),
        ("cert-togaf", None),
        ("cert-security-plus", 36),
        ("cert-oscp", None),
        ("cert-cdmp", 36),
        ("cert-cspo", None),
    ],
)
def test_certificates_issued_now_hold_as_their_issuers_say(code, months):
    assert usual_months(code, NOW, otherwise=99) == months


def test_a_certificate_of_earlier_holds_as_it_was_given():
    assert usual_months("cert-cka", dt.date(2024, 3, 31), None) == 36
    assert usual_months("cert-cka", dt.date(2024, 4, 1), None) == 24
    assert usual_months("cert-of-somebody", NOW, 6) == 6


@pytest.mark.parametrize(
    ("issued_on", "expires_on", "months"), [("2024-03-31", "2027-03-31", 36), ("2024-04-01", "2026-04-01", 24)]
)
def test_a_certificate_without_a_date_expires_as_it_was_given(issued_on, expires_on, months, cast, api):
    profiles.skill("cert-cka", kind=SkillKind.CERTIFICATE, validity_months=24)
    answer = api(cast.professional).post(f"{ME}/certificates", {"skill": "cert-cka", "issued_on": issued_on})
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["expires_on"], answer.json()["usual_months"]) == (expires_on, months)


def test_the_same_certificate_said_again_keeps_its_evidence_and_a_changed_one_loses_it(cast, api):
    mine, recruiter = api(cast.professional), api(cast.recruiter)
    there = f"/api/v1/professionals/{cast.profile.public_id}"
    profiles.skill("cert-cissp", kind=SkillKind.CERTIFICATE, validity_months=36)
    stated = {"skill": "cert-cissp", "issued_on": "2026-02-01", "number": "A-1"}
    one = mine.post(f"{ME}/certificates", stated).json()["id"]
    seen = recruiter.get(there)["ETag"]
    done = recruiter.post(f"{there}/certificates/{one}/verify", {"source": "Registry"}, HTTP_IF_MATCH=seen)
    assert done.status_code == 200, done.json()

    def force():
        return [each["in_force"] for each in mine.get(f"{ME}/verifications").json()["verifications"]]

    again = mine.post(f"{ME}/certificates", stated)
    assert (again.status_code, again.json()["evidence"], force()) == (200, "verified", [True])
    changed = mine.post(f"{ME}/certificates", {**stated, "number": "A-2"})
    assert (changed.json()["evidence"], force()) == ("self_declared", [False])
    assert Certificate.objects.get().evidence == Evidence.SELF_DECLARED


def test_every_verification_is_in_the_audit_of_the_profile_and_a_refused_one_is_not(cast, api):
    recruiter = api(cast.recruiter)
    there = f"/api/v1/professionals/{cast.profile.public_id}"
    profiles.speaks(cast.profile)
    profiles.claim(cast.profile, "cobol", level=4)
    row = profiles.certificate(cast.profile, expires_on=dt.date(2099, 3, 3))
    assert recruiter.post(f"{there}/languages/en/verify", {"speaking": "b1"}).status_code == 409
    assert recruiter.post(f"{there}/languages/en/verify", {"speaking": "c1"}).status_code == 200
    assert recruiter.post(f"{there}/skills/cobol/verify", {"level": 4, "source": "Code review"}).status_code == 200
    seen = recruiter.get(there)["ETag"]
    done = recruiter.post(f"{there}/certificates/{row.public_id}/verify", {"evidence": "tested"}, HTTP_IF_MATCH=seen)
    assert done.status_code == 200, done.json()
    told = AuditEvent.objects.filter(action__endswith=".verify").order_by("pk")
    assert [event.action for event in told] == ["language.verify", "skill_claim.verify", "certificate.verify"]
    assert {event.actor for event in told} == {cast.recruiter.public_id}
    assert {event.subject for event in told} == {cast.profile.public_id}
    assert told[2].data == {"skill": "cert-cissp", "evidence": "tested"}


def test_the_terms_are_told_with_their_sources_in_the_readers_language(cast, api, django_assert_max_num_queries):
    for code in ("cert-cka", "cert-cspo", "cert-of-somebody"):
        profiles.skill(code, kind=SkillKind.CERTIFICATE)
    profiles.skill("cobol")
    reader, lectora = api(cast.client), api(cast.client, accept_language="es-MX")
    with django_assert_max_num_queries(5):
        found = {each["skill"]: each for each in reader.get(REFERENCE).json()["certificates"]}
    assert set(found) == {"cert-cka", "cert-cspo", "cert-of-somebody"}
    earlier, today = found["cert-cka"]["terms"]
    assert (earlier["months"], earlier["first_day"], earlier["last_day"]) == (36, None, "2024-03-31")
    assert (today["months"], today["first_day"], today["last_day"]) == (24, "2024-04-01", None)
    assert (today["certainty"], today["url"][:16]) == ("issuer", "https://cncf.io/")
    assert found["cert-of-somebody"]["terms"] == []
    spanish = {each["skill"]: each for each in lectora.get(REFERENCE).json()["certificates"]}
    assert found["cert-cspo"]["terms"][0]["note"] == "CSPO lasts 24 months; PSPO does not expire."
    assert spanish["cert-cspo"]["terms"][0]["note"] == "CSPO dura 24 meses; PSPO no vence."

"""The checklist of documents: made by the rules, filled in by those who have them, checked by recruiters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from marketplace.audit.models import AuditEvent
from marketplace.clients.models import DocumentKind, Engagement, EngagementDocument, SeatSkill
from marketplace.clients.services import document_rules, documents, engagements
from marketplace.clients.states import DOCUMENT, DocumentStatus
from marketplace.delivery.models import Notification
from marketplace.kernel import clock
from profiles.levels import ContractRoute, Country, SkillKind
from profiles.models import Professional
from tests.clients.running import WEEK, actor, at, fresh, post, running
from tests.conftest import Cast
from tests.factories import profiles

Api = Callable[..., APIClient]
DOCUMENTS = "/api/v1/engagement-documents"


@pytest.fixture
def people(cast: Cast) -> list[Professional]:
    """Return the cast's professional, an employee of a REPSE firm, and a US specialist."""
    return [
        cast.profile,
        profiles.professional(contract_route=ContractRoute.REPSE),
        profiles.professional(contract_route=ContractRoute.US_SPECIALIST, country=Country.UNITED_STATES),
    ]


@pytest.fixture
def work(cast: Cast, people: list[Professional]) -> Engagement:
    return running(cast.organization, people)[0]


def _kinds(engagement: Engagement, person: Professional | None) -> dict[str, bool]:
    rows = engagement.documents.filter(placement__professional=person)
    return dict(rows.values_list("kind", "required"))


def _of(engagement: Engagement, person: Professional | None, kind: str) -> EngagementDocument:
    return engagement.documents.get(placement__professional=person, kind=kind)


W8BEN = {"reference": "vault/117", "planned_us_days": 0, "issued_on": "2026-11-02", "sha256": "ab" * 32}


# -- the rules ---------------------------------------------------------------------------------------------------------
def test_the_contract_route_decides_which_documents_a_person_needs(
    work: Engagement, people: list[Professional]
) -> None:
    independent, repse, specialist = people
    assert _kinds(work, independent) == {"nda": True, "w8ben": True}
    assert _kinds(work, repse) == {"nda": True, "w8ben": True, "repse": True}
    assert _kinds(work, specialist) == {"nda": True, "w9": True}
    assert set(work.documents.values_list("status", flat=True)) == {"missing"}


def test_the_regulation_of_the_project_decides_about_the_risk_pack(cast: Cast, work: Engagement) -> None:
    assert _kinds(work, None) == {"third_party_risk_pack": False}
    rule = document_rules.rule_of(DocumentKind.THIRD_PARTY_RISK_PACK)
    assert rule.required(route=None, country=None, regulations={"nydfs-500", "sox-404"}) is True
    assert rule.required(route=None, country=None, regulations={"sox-404"}) is False


def test_an_employer_of_record_may_have_other_papers() -> None:
    rule = document_rules.rule_of(DocumentKind.W8BEN)
    route, mexico = ContractRoute.EMPLOYER_OF_RECORD, Country.MEXICO
    assert rule.required(route=route, country=mexico, regulations=()) is False
    assert rule.required(route=route, country=Country.UNITED_STATES, regulations=()) is None


def test_every_rule_names_its_source(api: Api, cast: Cast) -> None:
    shown = api(cast.professional).get("/api/v1/document-rules").json()
    assert {row["kind"] for row in shown} == set(DocumentKind.values)
    assert all(row["source"] and row["source_date"] and row["why"] for row in shown)
    spanish = api(cast.professional, accept_language="es-MX").get("/api/v1/document-rules")
    assert spanish.status_code == 200


def test_certificates_of_the_seat_come_from_the_profile_with_their_dates(cast: Cast) -> None:
    held = profiles.certificate(cast.profile, "cert-cissp", evidence=2)
    engagement, _people = running(cast.organization, [cast.profile])
    placement = engagement.placements.get()
    SeatSkill.objects.create(seat=placement.seat, skill=held.skill, level=3)
    pmp = profiles.skill("cert-pmp", kind=SkillKind.CERTIFICATE)
    SeatSkill.objects.create(seat=placement.seat, skill=pmp, level=3)
    assert documents.prepare(engagement=engagement) == 2
    cissp = engagement.documents.get(skill=held.skill)
    assert (cissp.status, cissp.required, cissp.expires_on) == ("verified", True, held.expires_on)
    assert engagement.documents.get(skill=pmp).status == "missing"


def test_preparing_again_adds_nothing_and_keeps_what_is_there(cast: Cast, work: Engagement) -> None:
    count = work.documents.count()
    row = _of(work, cast.profile, "nda")
    EngagementDocument.objects.filter(pk=row.pk).update(required=False)
    assert documents.prepare(engagement=work) == 0
    assert work.documents.count() == count
    assert fresh(row).required is False
    work.documents.all().delete()
    assert documents.prepare_missing() == 1
    assert work.documents.count() == count
    assert documents.prepare_missing() == 0


# -- provided, checked -------------------------------------------------------------------------------------------------
def test_a_person_provides_their_own_paper_and_a_recruiter_checks_it(api: Api, cast: Cast, work: Engagement) -> None:
    row = _of(work, cast.profile, "w8ben")
    path = f"engagement-documents/{row.public_id}"
    given = post(api(cast.professional), f"{path}/provide", W8BEN, seen=row)
    assert (given.status_code, given.json()["status"]) == (200, "provided")
    # IRS: until the end of the third year after the one in which it was signed.
    assert given.json()["expires_on"] == "2029-12-31"
    assert given.json()["warnings"] == []
    assert cast.recruiter.pk in Notification.objects.filter(kind="document.provided").values_list(
        "recipient", flat=True
    )
    checked = post(api(cast.recruiter), f"{path}/verify", seen=row)
    assert (checked.status_code, checked.json()["status"]) == (200, "verified")
    actions = AuditEvent.objects.filter(subject=work.public_id, action__startswith="document.").order_by("sequence")
    assert list(actions.values_list("action", "actor")) == [
        ("document.provided", cast.professional.public_id),
        ("document.verified", cast.recruiter.public_id),
    ]


def test_days_in_the_united_states_are_kept_and_warned_of_but_never_advised_on(
    api: Api, cast: Cast, work: Engagement
) -> None:
    row = _of(work, cast.profile, "w8ben")
    body = {**W8BEN, "planned_us_days": 12}
    given = post(api(cast.professional), f"engagement-documents/{row.public_id}/provide", body, seen=row)
    assert (given.json()["planned_us_days"], [w["code"] for w in given.json()["warnings"]]) == (12, ["us_days_planned"])
    assert "not tax advice" in given.json()["warnings"][0]["detail"]
    seen = api(cast.client).get(f"{DOCUMENTS}/{row.public_id}").json()
    assert (seen["planned_us_days"], [w["code"] for w in seen["warnings"]]) == (12, ["us_days_planned"])


def test_a_registration_is_kept_encrypted_and_its_three_years_are_counted(
    api: Api, cast: Cast, work: Engagement, people: list[Professional]
) -> None:
    row = _of(work, people[1], "repse")
    body = {"reference": "vault/9", "number": "AR12345/2024", "issued_on": "2024-05-01"}
    given = post(api(cast.recruiter), f"engagement-documents/{row.public_id}/provide", body, seen=row)
    assert given.status_code == 200, given.json()
    assert (given.json()["number"], given.json()["expires_on"]) == ("AR12345/2024", "2027-05-01")
    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM clients_engagementdocument AS d WHERE id = %s", [row.pk])
        assert "AR12345" not in cursor.fetchone()[0]
    assert "AR12345" not in api(cast.client).get(f"{DOCUMENTS}/{row.public_id}").content.decode()
    refused = post(api(people[1].user), f"engagement-documents/{row.public_id}/provide", body, seen=row)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_provide")


@pytest.mark.parametrize(
    ("kind", "body", "pointers"),
    [
        ("w8ben", {"reference": "x"}, ["/planned_us_days", "/expires_on"]),
        ("nda", {"reference": "x", "planned_us_days": 1}, ["/planned_us_days"]),
        ("nda", {"reference": "x", "number": "77"}, ["/number"]),
        ("nda", {"reference": "x", "expires_on": "2020-01-01"}, ["/expires_on"]),
        ("nda", {"reference": "x", "issued_on": "2099-01-01"}, ["/issued_on"]),
    ],
)
def test_what_is_missing_or_was_not_asked_for_is_refused_at_its_field(
    api: Api,
    cast: Cast,
    work: Engagement,
    nothing_changes: Any,
    kind: str,
    body: dict[str, Any],
    pointers: list[str],
) -> None:
    row, client = _of(work, cast.profile, kind), api(cast.professional)
    with nothing_changes():
        refused = post(client, f"engagement-documents/{row.public_id}/provide", body, seen=row)
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == pointers


def test_a_digest_that_is_none_is_malformed(api: Api, cast: Cast, work: Engagement) -> None:
    row = _of(work, cast.profile, "nda")
    body = {"reference": "x", "sha256": "ABCD"}
    refused = post(api(cast.professional), f"engagement-documents/{row.public_id}/provide", body, seen=row)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/sha256"


def test_a_paper_sent_back_says_why_and_is_provided_anew(api: Api, cast: Cast, work: Engagement) -> None:
    row = _of(work, cast.profile, "nda")
    path = f"engagement-documents/{row.public_id}"
    post(api(cast.professional), f"{path}/provide", {"reference": "vault/1"}, seen=row)
    back = post(api(cast.recruiter), f"{path}/reject", {"reason_code": "unreadable"}, seen=row)
    assert (back.json()["status"], back.json()["rejection_code"]) == ("rejected", "unreadable")
    told = Notification.objects.filter(kind="document.rejected").values_list("recipient_id", flat=True)
    assert list(told) == [cast.professional.pk]
    anew = post(api(cast.professional), f"{path}/provide", {"reference": "vault/2"}, seen=row)
    assert (anew.json()["status"], anew.json()["rejection_code"]) == ("provided", "")


@pytest.mark.parametrize("status", [DocumentStatus.MISSING, DocumentStatus.PROVIDED, DocumentStatus.VERIFIED])
@pytest.mark.parametrize(("step", "target"), [("verify", "verified"), ("reject", "rejected")])
def test_only_the_moves_of_the_table_are_made(
    api: Api, cast: Cast, work: Engagement, status: str, step: str, target: str
) -> None:
    row = _of(work, cast.profile, "nda")
    if status != DocumentStatus.MISSING:
        given = documents.Provided(reference="vault/1")
        documents.provide(document=row, version=1, provided=given, actor=actor(cast.professional))
    if status == DocumentStatus.VERIFIED:
        documents.verify(document=row, version=2, actor=actor(cast.recruiter))
    body = {"reason_code": "other"} if step == "reject" else {}
    answer = post(api(cast.recruiter), f"engagement-documents/{row.public_id}/{step}", body, seen=row)
    allowed = target in DOCUMENT[status]
    assert answer.status_code == (200 if allowed else 409)
    assert fresh(row).status == (target if allowed else status)


# -- until when --------------------------------------------------------------------------------------------------------
def test_what_runs_out_before_the_end_is_flagged(api: Api, cast: Cast, work: Engagement) -> None:
    row = _of(work, cast.profile, "nda")
    soon = work.ends_on - WEEK
    given = documents.Provided(reference="vault/1", expires_on=soon)
    documents.provide(document=row, version=1, provided=given, actor=actor(cast.professional))
    shown = api(cast.client).get(f"{DOCUMENTS}/{row.public_id}").json()
    assert (shown["status"], [w["code"] for w in shown["warnings"]]) == ("provided", ["expires_before_end"])


def test_what_has_run_out_is_expired_whether_or_not_it_was_swept(
    api: Api, cast: Cast, work: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = _of(work, cast.profile, "nda")
    soon = clock.today() + WEEK
    given = documents.Provided(reference="vault/1", expires_on=soon)
    documents.provide(document=row, version=1, provided=given, actor=actor(cast.professional))
    missing = documents.outstanding(work)
    at(monkeypatch, soon + dt.timedelta(days=1))
    assert api(cast.client).get(f"{DOCUMENTS}/{row.public_id}").json()["status"] == "expired"
    assert documents.outstanding(work) == missing + 1
    refused = post(api(cast.recruiter), f"engagement-documents/{row.public_id}/verify", seen=row)
    assert (refused.status_code, refused.json()["code"]) == (409, "document_expired")
    assert (documents.expire_due(), documents.expire_due()) == (1, 0)
    assert fresh(row).status == "expired"


# -- who sees what -----------------------------------------------------------------------------------------------------
def test_the_client_sees_that_a_paper_is_there_and_not_where(api: Api, cast: Cast, work: Engagement) -> None:
    row = _of(work, cast.profile, "nda")
    given = documents.Provided(reference="vault/secret-place")
    documents.provide(document=row, version=1, provided=given, actor=actor(cast.professional))
    shown = api(cast.client).get(f"{DOCUMENTS}/{row.public_id}")
    assert shown.json()["status"] == "provided"
    assert "secret-place" not in shown.content.decode()
    assert "secret-place" in api(cast.recruiter).get(f"{DOCUMENTS}/{row.public_id}").content.decode()


def test_each_sees_their_own_papers_in_a_fixed_number_of_queries(
    api: Api, cast: Cast, work: Engagement, people: list[Professional], django_assert_max_num_queries: Any
) -> None:
    client = api(cast.client)
    with django_assert_max_num_queries(4):
        assert len(client.get(DOCUMENTS, {"required": "true"}).json()["results"]) == 7
    mine = api(cast.professional).get(DOCUMENTS).json()["results"]
    assert {row["kind"] for row in mine} == {"nda", "w8ben"}
    other = _of(work, people[1], "nda")
    assert api(cast.professional).get(f"{DOCUMENTS}/{other.public_id}").status_code == 404
    assert api(cast.rival).get(DOCUMENTS).json()["results"] == []
    found = client.get(DOCUMENTS, {"kind": "repse", "status": "missing"}).json()["results"]
    assert [row["placement"] for row in found] == [other.placement.public_id]


def test_nobody_provides_for_others_or_after_the_end(
    api: Api, cast: Cast, work: Engagement, people: list[Professional]
) -> None:
    row = _of(work, cast.profile, "nda")
    path = f"engagement-documents/{row.public_id}/provide"
    body = {"reference": "vault/1"}
    assert post(api(people[1].user), path, body, seen=row).status_code == 404
    assert post(api(cast.client), path, body, seen=row).status_code == 403
    engagement = fresh(work)
    engagements.complete(engagement=engagement, version=engagement.version, actor=None)
    late = post(api(cast.professional), path, body, seen=row)
    assert (late.status_code, late.json()["code"]) == (409, "not_running")
    assert fresh(row).status == "missing"

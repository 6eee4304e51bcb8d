"""Data rights: everything is shown, nothing is left, and what a law retains is said."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.audit.models import AuditEvent
from marketplace.clients.models import EngagementDocument, Leave, Rating
from marketplace.clients.services import engagements, leaves, ratings
from marketplace.kernel import personal_data
from marketplace.privacy.models import PrivacyRequest
from marketplace.privacy.services import erasure, records, requests
from profiles.models import AvailabilityException, Experience, Professional
from profiles.services import professionals, tax_ids
from tests.clients.running import WEEK, at, fresh, running
from tests.conftest import Cast
from tests.factories import accounts, clients, profiles

pytestmark = pytest.mark.django_db

CANARY = "Quetzalcóatl-Xochimilco"
RFC, CURP, PHONE = "GODE561231GR8", "BOXW310820HNERXN09", "+523312345678"


@pytest.fixture
def person(cast: Cast) -> Professional:
    """Somebody with something personal in every part of the profile."""
    row = cast.profile
    me = accounts.actor(cast.professional)
    professionals.update(
        professional=row,
        version=None,
        actor=me,
        given_names=CANARY,
        family_names=CANARY,
        headline_en=CANARY,
        headline_es=CANARY,
        summary_en=CANARY,
        summary_es=CANARY,
        city=CANARY,
        phone=PHONE,
    )
    tax_ids.set_ids(professional=row, rfc=RFC, curp=CURP, actor=me)
    profiles.claim(row, "cobol", evidence_source=CANARY)
    profiles.speaks(row, "en", test="TOEFL iBT", raw_score="101")
    profiles.certificate(row, number=CANARY)
    Experience.objects.create(
        professional=row, employer=CANARY, title=CANARY, starts_on=dt.date(2020, 1, 6), summary_en=CANARY
    )
    AvailabilityException.objects.create(
        professional=row, starts_on=dt.date(2029, 3, 5), ends_on=dt.date(2029, 3, 9), weekly_minutes=0
    )
    User.objects.filter(pk=cast.professional.pk).update(email=f"{CANARY.lower()}@example.mx")
    row.refresh_from_db()
    return row


def places_with(text: str) -> list[str]:
    """Return every table that has ``text`` in any row, whatever the column: PostgreSQL writes the whole row out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" row WHERE row::text ILIKE %s)', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return sorted(found)


def erased(person: Professional, operator: Actor) -> PrivacyRequest:
    request = requests.file(professional=person, kind="erasure", note=CANARY, actor=operator)
    blocked = requests.fulfil(request=request, version=request.version, actor=operator)
    return requests.fulfil(request=blocked, version=blocked.version, actor=operator)


def test_whose_rows_are_is_known_of_every_table_with_personal_columns() -> None:
    """A table without an owner of its own must go with the rows of one that has: by cascade, from a table by row."""

    def goes_with_its_owner(model: type[Any]) -> bool:
        return any(
            field.related_model is not None
            and field.remote_field.on_delete.__name__ == "CASCADE"
            and (records.owners_of(field.related_model) or goes_with_its_owner(field.related_model))
            for field in model._meta.concrete_fields
            if field.is_relation
        )

    lost = [
        model.__name__
        for model in personal_data.registered()
        if personal_data.personal_fields(model) and not records.owners_of(model) and not goes_with_its_owner(model)
    ]
    assert lost == []


def test_nothing_of_an_erased_person_is_left_in_any_table(person: Professional, cast: Cast) -> None:
    assert len(places_with(CANARY)) >= 5, "the search itself finds things"
    request = erased(person, accounts.actor(cast.operator))
    person.refresh_from_db()
    assert (request.status, person.status, person.user) == ("fulfilled", "erased", None)
    assert places_with(CANARY) == []
    assert (person.given_names, bytes(person.rfc_encrypted), person.rfc_index) == ("", b"", "")
    assert request.outcome["retained"] == []
    assert request.outcome["rows"]["skillclaim"] == 1


def test_what_hangs_on_the_placements_of_an_erased_person_goes_too(
    person: Professional, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, (placement, other) = running(cast.organization, [person, profiles.professional()])
    at(monkeypatch, engagement.starts_on + 8 * WEEK)
    me = accounts.actor(cast.professional)
    day = engagement.starts_on + 10 * WEEK
    leaves.ask(placement=placement, starts_on=day, ends_on=day, reason_kind="health", actor=me)
    row = fresh(engagement)
    engagements.complete(engagement=row, version=row.version, actor=None)
    ratings.rate(placement=placement, overall=4, communication=4, clarity=4, actor=me)
    ratings.rate(placement=other, overall=4, communication=4, actor=accounts.actor(cast.client))
    held = {holding.model for holding in records.of(person) if holding.rows.exists()}
    assert {Leave, Rating, EngagementDocument} <= held
    erased(person, accounts.actor(cast.operator))
    assert not Leave.objects.exists()
    assert list(Rating.objects.values_list("placement", flat=True)) == [other.pk]
    # Tax law still asks for the papers, and the placement itself for what was invoiced.
    assert EngagementDocument.objects.filter(placement=placement).exists()
    assert fresh(placement).professional_id == person.pk


def test_identifiers_that_tax_law_asks_for_stay_and_the_person_is_told_until_when(
    person: Professional, cast: Cast
) -> None:
    engagement, placements = clients.engagement(cast.organization, [person])
    today = dt.date.today()
    type(placements[0]).objects.filter(pk=placements[0].pk).update(
        status="ended", starts_on=today - dt.timedelta(days=90), ends_on=today - dt.timedelta(days=1)
    )
    type(engagement).objects.filter(pk=engagement.pk).update(status="terminated")
    person.bookings.all().delete()
    request = erased(person, accounts.actor(cast.operator))
    person.refresh_from_db()
    assert request.outcome["retained"] == [
        "engagementdocument.number_encrypted",
        "engagementdocument.planned_us_days",
        "engagementdocument.reference",
        "professional.curp_encrypted",
        "professional.rfc_encrypted",
    ]
    assert request.outcome["retained_until"] > (today + dt.timedelta(days=1800)).isoformat()
    assert bytes(person.rfc_encrypted) != b""
    assert person.given_names == ""


def test_whoever_is_firmly_booked_is_not_erased_and_nothing_is_half_erased(person: Professional, cast: Cast) -> None:
    clients.engagement(cast.organization, [person])
    person.bookings.update(status="confirmed", held_until=None)
    operator = accounts.actor(cast.operator)
    request = requests.file(professional=person, kind="erasure", actor=operator)
    blocked = requests.fulfil(request=request, version=request.version, actor=operator)
    with pytest.raises(Exception, match="has_bookings"):
        requests.fulfil(request=blocked, version=blocked.version, actor=operator)
    person.refresh_from_db()
    blocked.refresh_from_db()
    assert (person.status, person.given_names, blocked.status) == ("blocked", CANARY, "blocking")


def test_blocking_takes_the_person_out_at_once(person: Professional, cast: Cast, api: Any) -> None:
    mine = api(cast.professional)
    assert mine.get("/api/v1/professionals/me").status_code == 200
    made = mine.post("/api/v1/privacy-requests", {"kind": "restriction"}, format="json")
    assert made.status_code == 201
    done = api(cast.operator).post(
        f"/api/v1/privacy-requests/{made.json()['id']}/fulfil", HTTP_IF_MATCH=made.headers["ETag"]
    )
    assert (done.status_code, done.json()["status"]) == (200, "fulfilled")
    assert mine.get("/api/v1/professionals/me").status_code == 401
    assert not Professional.objects.active().filter(pk=person.pk).exists()


def test_everything_that_is_kept_is_shown_to_its_owner_alone(person: Professional, cast: Cast, api: Any) -> None:
    mine = api(cast.professional)
    made = mine.post("/api/v1/privacy-requests", {"kind": "access"}, format="json").json()
    path = f"/api/v1/privacy-requests/{made['id']}"
    assert mine.get(f"{path}/export").json()["code"] == "not_fulfilled"
    api(cast.operator).post(f"{path}/fulfil", HTTP_IF_MATCH='"1"')
    answer = mine.get(f"{path}/export")
    shown = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert shown["identifiers"] == {"phone": PHONE, "rfc": RFC, "curp": CURP}
    assert {"professional", "skillclaim", "languageproficiency", "certificate", "experience", "user"} <= set(
        shown["tables"]
    )
    assert shown["tables"]["experience"][0]["employer"] == CANARY
    assert shown["purposes"]["experience"]["employer"]["basis"] == "contract"
    assert "password" not in shown["tables"]["user"][0]
    assert AuditEvent.objects.filter(subject=person.public_id, action="tax_ids.read").exists()
    stranger = accounts.user()
    profiles.professional(stranger)
    assert api(stranger).get(f"{path}/export").status_code == 404
    assert api(cast.operator).get(f"{path}/export").status_code == 403


def test_one_request_of_a_kind_is_open_at_a_time(cast: Cast, api: Any) -> None:
    mine = api(cast.professional)
    assert mine.post("/api/v1/privacy-requests", {"kind": "access"}, format="json").status_code == 201
    again = mine.post("/api/v1/privacy-requests", {"kind": "access"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "already_requested")
    assert PrivacyRequest.objects.count() == 1


def test_what_was_withdrawn_cannot_be_fulfilled(cast: Cast, api: Any) -> None:
    mine = api(cast.professional)
    made = mine.post("/api/v1/privacy-requests", {"kind": "erasure"}, format="json").json()
    path = f"/api/v1/privacy-requests/{made['id']}"
    assert mine.post(f"{path}/withdraw").json()["status"] == "withdrawn"
    late = api(cast.operator).post(f"{path}/fulfil", HTTP_IF_MATCH='"2"')
    assert (late.status_code, late.json()["code"]) == (409, "illegal_transition")


def test_a_refusal_has_a_reason_that_is_known(cast: Cast, api: Any) -> None:
    made = api(cast.professional).post("/api/v1/privacy-requests", {"kind": "erasure"}, format="json").json()
    path = f"/api/v1/privacy-requests/{made['id']}/refuse"
    operator = api(cast.operator)
    wrong = operator.post(path, {"reason_code": "no_time"}, format="json", HTTP_IF_MATCH='"1"')
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_reason")
    done = operator.post(path, {"reason_code": "identity_not_shown"}, format="json", HTTP_IF_MATCH='"1"')
    assert (done.json()["status"], done.json()["refusal_reason"]) == ("refused", "identity_not_shown")


def test_the_last_day_to_answer_counts_neither_weekends_nor_holidays(cast: Cast) -> None:
    with time_machine.travel("2026-12-21T18:00Z", tick=False):
        request = requests.file(professional=cast.profile, kind="access", actor=accounts.actor(cast.professional))
    # Twenty working days after December 21, without Christmas and New Year's Day.
    assert request.due_on == dt.date(2027, 1, 20)


def test_unknown_columns_are_not_emptied_by_guessing() -> None:
    with pytest.raises(TypeError, match="cannot be emptied"):
        erasure.emptied(Professional._meta.get_field("synthetic"))
    assert erasure.emptied(Professional._meta.get_field("rate_amount")) == Decimal(0)
    assert uuid.UUID(int=0) != erasure.emptied(Professional._meta.get_field("user"))

"""A professional registers and keeps a profile, over HTTP."""

from __future__ import annotations

import datetime as dt

import pytest

from marketplace.accounts.permissions import Role
from marketplace.audit.models import AuditEvent
from marketplace.kernel import clock
from profiles.models import PersonWeek, Professional
from tests.factories import accounts, profiles

ME = "/api/v1/professionals/me"
NEW = {
    "given_names": "Lucía",
    "family_names": "Ibáñez Ruiz",
    "headline_en": "Data steward",
    "headline_es": "Custodia de datos",
    "main_function": "business",
    "functions": ["operations"],
    "seniority": "senior",
    "country": "MX",
    "city": "Querétaro",
    "time_zone": "America/Mexico_City",
    "working_hours": {"starts": "08:30", "ends": "17:30"},
    "rate": {"amount": "45.50", "currency": "USD"},
    "phone": "+524421234567",
    "weekly_minutes": 1800,
}


@pytest.fixture
def newcomer(api, db):
    return api(accounts.user(Role.PROFESSIONAL, email="lucia@example.mx"))


def codes(answer):
    return {(error["pointer"], error["code"]) for error in answer.json()["errors"]}


def test_somebody_without_a_profile_is_told_how_to_register(newcomer):
    answer = newcomer.get(ME)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_profile")
    assert "POST /professionals" in answer.json()["detail"]


def test_registering_opens_a_draft_that_reads_back_as_it_was_written(newcomer):
    answer = newcomer.post("/api/v1/professionals", NEW)
    assert answer.status_code == 201, answer.json()
    assert answer["Location"] == ME
    read = newcomer.get(ME)
    body = read.json()
    assert read["ETag"] == '"1"'
    assert {name: body[name] for name in NEW if name != "functions"} == {
        n: v for n, v in NEW.items() if n != "functions"
    }
    assert body["functions"] == ["business", "operations"], "the main function is one of the functions"
    assert body["rate_floor"] == NEW["rate"], "without a floor nothing under the rate is accepted"
    assert body["status"] == "draft"
    assert body["contact_email"] == "lucia@example.mx"
    assert body["completeness"]["next_step"]["code"] == "skills"


def test_the_telephone_number_is_not_readable_in_the_table(newcomer):
    newcomer.post("/api/v1/professionals", NEW)
    stored = bytes(Professional.objects.get(contact_email="lucia@example.mx").phone_encrypted)
    assert stored
    assert b"4421234567" not in stored


def test_a_second_registration_conflicts_and_changes_nothing(newcomer, nothing_changes):
    newcomer.post("/api/v1/professionals", NEW)
    with nothing_changes():
        answer = newcomer.post("/api/v1/professionals", {**NEW, "city": "Puebla"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_registered")


@pytest.mark.parametrize("who", ["recruiter", "client", "operator"])
def test_only_professionals_register(who, cast, api, nothing_changes):
    with nothing_changes():
        answer = api(getattr(cast, who)).post("/api/v1/professionals", NEW)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_misspelled_field_is_refused_by_its_name(newcomer, nothing_changes):
    with nothing_changes():
        answer = newcomer.post("/api/v1/professionals", {**NEW, "headlin_en": "x"})
    assert answer.status_code == 400
    assert codes(answer) == {("/headlin_en", "unknown_field")}


def test_every_fault_is_named_in_one_refusal_and_nothing_is_half_written(newcomer, nothing_changes):
    faulty = {
        **NEW,
        "time_zone": "America/Guadalajara",
        "working_hours": {"starts": "18:00", "ends": "09:00"},
        "weekly_minutes": 3601,
        "rate": {"amount": "500.00", "currency": "MXN"},
        "rate_floor": {"amount": "600.00", "currency": "MXN"},
        "available_from": "2027-05-01",
        "available_until": "2027-04-01",
    }
    with nothing_changes():
        answer = newcomer.post("/api/v1/professionals", faulty)
    assert answer.status_code == 422
    assert codes(answer) == {
        ("/time_zone", "unknown_zone"),
        ("/working_hours", "unlikely_hours"),
        ("/weekly_minutes", "unlikely_hours"),
        ("/rate/currency", "exchange_rate_missing"),
        ("/rate_floor", "floor_above_rate"),
        ("/available_until", "ends_before_start"),
    }


def test_pesos_need_an_exchange_rate_and_are_kept_in_pesos(newcomer, nothing_changes):
    newcomer.post("/api/v1/professionals", NEW)
    change = {"rate": {"amount": "800.00", "currency": "MXN"}}
    with nothing_changes():
        refused = newcomer.patch(ME, change, HTTP_IF_MATCH='"1"')
    assert refused.status_code == 422
    assert codes(refused) == {("/rate/currency", "exchange_rate_missing")}
    profiles.pesos_rate()
    answer = newcomer.patch(ME, change, HTTP_IF_MATCH='"1"')
    assert answer.status_code == 200
    assert answer.json()["rate"] == answer.json()["rate_floor"] == change["rate"]


@pytest.mark.parametrize(
    ("floor", "fault"),
    [
        ({"amount": "41.00", "currency": "USD"}, ("/rate_floor", "floor_above_rate")),
        ({"amount": "1.00", "currency": "MXN"}, ("/rate_floor/currency", "currency_mismatch")),
    ],
)
def test_a_floor_lies_below_the_rate_and_in_its_currency(floor, fault, cast, api, nothing_changes):
    with nothing_changes():
        answer = api(cast.professional).patch(ME, {"rate_floor": floor}, HTTP_IF_MATCH='"1"')
    assert (answer.status_code, codes(answer)) == (422, {fault})


def test_a_rate_nobody_can_mean_is_refused_at_its_field(cast, api, nothing_changes):
    with nothing_changes():
        answer = api(cast.professional).patch(
            ME, {"rate": {"amount": "9999999999.99", "currency": "USD"}}, HTTP_IF_MATCH='"1"'
        )
    assert (answer.status_code, codes(answer)) == (422, {("/rate/amount", "unlikely_rate")})


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"seniority": "wizard"}, "/seniority", "invalid_choice"),
        ({"functions": []}, "/functions", "min_length"),
        ({"working_hours": {"starts": "9", "ends": "18:00"}}, "/working_hours/starts", "invalid_time"),
        ({"working_hours": {"starts": "09:00", "ends": "24:01"}}, "/working_hours/ends", "invalid_time"),
        ({"rate": {"amount": "-1", "currency": "USD"}}, "/rate/amount", "min_value"),
        ({"rate": {"amount": "40", "currency": "EUR"}}, "/rate/currency", "invalid_choice"),
        ({"rate": {"amount": "NaN", "currency": "USD"}}, "/rate/amount", "invalid"),
        ({"rate": 40}, "/rate", "invalid"),
        ({"available_from": "01/02/2027"}, "/available_from", "invalid"),
        ({"given_names": ""}, "/given_names", "blank"),
        ({"given_names": None}, "/given_names", "null"),
        ({"headline_en": "x" * 161}, "/headline_en", "max_length"),
        ({"phone": "55 1234"}, "/phone", "invalid"),
        ({"status": "active"}, "/status", "unknown_field"),
        ({"synthetic": False}, "/synthetic", "unknown_field"),
        ({"rfc": "GODE561231GR8"}, "/rfc", "unknown_field"),
    ],
)
def test_what_cannot_be_read_is_a_400_with_a_pointer(body, pointer, code, cast, api, nothing_changes):
    with nothing_changes():
        answer = api(cast.professional).patch(ME, body, HTTP_IF_MATCH='"1"')
    assert (answer.status_code, codes(answer)) == (400, {(pointer, code)})


def test_a_change_without_if_match_is_asked_for_it(cast, api, nothing_changes):
    with nothing_changes():
        answer = api(cast.professional).patch(ME, {"city": "León"})
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")


def test_a_change_of_something_newer_is_refused(cast, api, nothing_changes):
    client = api(cast.professional)
    first = client.patch(ME, {"city": "León"}, HTTP_IF_MATCH='"1"')
    assert (first.status_code, first["ETag"]) == (200, '"2"')
    with nothing_changes():
        stale = client.patch(ME, {"city": "Puebla"}, HTTP_IF_MATCH='"1"')
    assert (stale.status_code, stale.json()["code"], stale.json()["data"]) == (
        412,
        "version_changed",
        {"current_version": 2},
    )


def test_a_change_names_the_fields_and_never_their_content_in_the_audit_log(cast, api):
    api(cast.professional).patch(ME, {"given_names": "Otra", "phone": "+523312345678"}, HTTP_IF_MATCH='"1"')
    event = AuditEvent.objects.get(subject=cast.profile.public_id, action="professional.update")
    assert event.data == {"fields": ["given_names", "phone_encrypted"]}
    assert event.actor == cast.professional.public_id


def test_hours_below_what_is_promised_are_refused_whole(cast, api, nothing_changes):
    monday = clock.monday_of(clock.today()) + dt.timedelta(weeks=3)
    PersonWeek.objects.create(professional=cast.profile, week=monday, capacity=2400, booked=2000)
    client = api(cast.professional)
    with nothing_changes():
        answer = client.patch(ME, {"weekly_minutes": 1200, "city": "León"}, HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer.json()["code"]) == (409, "capacity_below_bookings")
    assert answer.json()["data"]["weeks"] == [monday.isoformat()]
    assert client.patch(ME, {"weekly_minutes": 2000}, HTTP_IF_MATCH='"1"').status_code == 200
    assert PersonWeek.objects.get(professional=cast.profile).capacity == 2000


def test_leaving_earlier_than_promised_is_refused(cast, api):
    monday = clock.monday_of(clock.today()) + dt.timedelta(weeks=3)
    PersonWeek.objects.create(professional=cast.profile, week=monday, capacity=2400, booked=2400)
    last = (monday - dt.timedelta(days=1)).isoformat()
    answer = api(cast.professional).patch(ME, {"available_until": last}, HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer.json()["code"]) == (409, "capacity_below_bookings")


def test_a_closed_profile_cannot_be_changed(cast, api, nothing_changes):
    Professional.objects.filter(pk=cast.profile.pk).update(status="archived")
    with nothing_changes():
        answer = api(cast.professional).patch(ME, {"city": "León"}, HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer.json()["code"]) == (409, "profile_closed")


@pytest.mark.parametrize("who", ["recruiter", "client", "rival", "operator"])
def test_nobody_else_has_an_own_profile(who, cast, api):
    answer = api(getattr(cast, who)).get(ME)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_refusals_speak_the_readers_language_and_keep_their_code(cast, api):
    english = api(cast.professional).patch(ME, {"city": "León"})
    spanish = api(cast.professional, accept_language="es-MX,es;q=0.9").patch(ME, {"city": "León"})
    assert english["Content-Language"] == "en"
    assert spanish["Content-Language"] == "es-mx"
    assert spanish.json()["code"] == english.json()["code"] == "if_match_required"

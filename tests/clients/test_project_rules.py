"""What a project may not say: every fault at once, each with its pointer, and nothing half-written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.audit.models import AuditEvent
from marketplace.clients.models import Need, Project, Seat
from marketplace.clients.services import rules
from marketplace.kernel import clock
from tests.conftest import Cast
from tests.factories import clients, profiles

IN_A_WEEK = (clock.today() + dt.timedelta(weeks=1)).isoformat()
Change = Callable[[dict[str, Any]], Any]


def _seat(**fields: Any) -> Change:
    return lambda body: body["seats"][0].update(fields)


def _need(**fields: Any) -> Change:
    return lambda body: body["needs"][0].update(fields)


def _whole(**fields: Any) -> Change:
    return lambda body: body.update(fields)


REFUSED: list[tuple[Change, int, str, str]] = [
    (_seat(skills=[{"skill": "cobalt", "level": 3}]), 422, "/seats/0/skills/0/skill", "unknown_skill"),
    (_need(skill="sox-405"), 422, "/needs/0/skill", "unknown_skill"),
    (
        _seat(skills=[{"skill": "cobol", "level": 3}, {"skill": "COBOL", "level": 4}]),
        422,
        "/seats/0/skills/1/skill",
        "duplicate_skill",
    ),
    (_whole(needs=[{"skill": "cobol"}, {"skill": "cobol"}]), 422, "/needs/1/skill", "duplicate_skill"),
    (_whole(ends_on=IN_A_WEEK), 422, "/ends_on", "ends_before_start"),
    (_whole(starts_on="2020-01-06"), 422, "/starts_on", "in_the_past"),
    (_whole(ends_on="2099-01-02"), 422, "/ends_on", "too_far_ahead"),
    (_whole(time_zone="America/Nueva_York"), 422, "/time_zone", "unknown_time_zone"),
    (_whole(day_starts="17:30", day_ends="09:00"), 422, "/day_ends", "ends_before_start"),
    (_whole(overlap_minutes=541), 422, "/overlap_minutes", "longer_than_day"),
    (_whole(size_least=3, size_most=2), 422, "/size_least", "least_above_most"),
    (_seat(least=3, most=2), 422, "/seats/0/least", "least_above_most"),
    (
        _seat(languages=[{"language": "en", "activity": "speaking", "level": "b1"}]),
        422,
        "/seats/0/languages/0/level",
        "below_client_facing_floor",
    ),
    (
        _seat(languages=[{"language": "es", "level": "b1"}, {"language": "es", "level": "b2"}]),
        422,
        "/seats/0/languages/1",
        "duplicate_language",
    ),
    (_need(count=2), 422, "/needs/0/count", "more_than_seats"),
    (_whole(bridges=2), 422, "/bridges", "more_than_seats"),
    (_whole(us_specialists=2), 422, "/us_specialists", "more_than_seats"),
    (
        _seat(max_rate={"amount": "900", "currency": "MXN"}),
        422,
        "/seats/0/max_rate/currency",
        "exchange_rate_missing",
    ),
    (_seat(max_rate={"amount": "9999999999", "currency": "USD"}), 422, "/seats/0/max_rate/amount", "out_of_range"),
    (_whole(starts_on="9999-12-01", ends_on="9999-12-31"), 422, "/ends_on", "too_far_ahead"),
    (_whole(blueprint="analytics", starts_on="9999-12-01", ends_on="9999-12-31"), 422, "/ends_on", "too_far_ahead"),
    (_seat(weekly_minutes=30), 400, "/seats/0/weekly_minutes", "min_value"),
    (_seat(function="sales"), 400, "/seats/0/function", "invalid_choice"),
    (_seat(seniority="senior"), 400, "/seats/0/seniority", "unknown_field"),
    (_seat(skills=[{"skill": "cobol", "level": 6}]), 400, "/seats/0/skills/0/level", "max_value"),
    (_seat(countries=["CA"]), 400, "/seats/0/countries/0", "invalid_choice"),
    (_whole(day_starts="25:00"), 400, "/day_starts", "invalid_time"),
    (_whole(monthly_cap={"amount": "-1", "currency": "USD"}), 400, "/monthly_cap/amount", "min_value"),
    (_whole(monthly_cap={"amount": "1", "currency": "EUR"}), 400, "/monthly_cap/currency", "invalid_choice"),
    (_whole(budget=3), 400, "/budget", "unknown_field"),
    (_whole(organization="org_1"), 400, "/organization", "invalid_id"),
    (lambda body: body.pop("ends_on"), 400, "/ends_on", "required"),
    (lambda body: body.pop("monthly_cap"), 400, "/monthly_cap", "required"),
    (_whole(seats=[{}]), 400, "/seats/0/title_en", "required"),
    (_whole(seats="all"), 400, "/seats", "not_a_list"),
]


@pytest.mark.parametrize(
    ("change", "status", "pointer", "code"), REFUSED, ids=[f"{code} at {at}" for _c, _s, at, code in REFUSED]
)
def test_a_faulty_project_is_refused_and_nothing_is_written(
    change: Change,
    status: int,
    pointer: str,
    code: str,
    api: Callable[..., APIClient],
    cast: Cast,
    body: dict[str, Any],
) -> None:
    change(body)
    answer = api(cast.client).post("/api/v1/projects", body)
    assert answer.status_code == status, answer.json()
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in answer.json()["errors"]]
    assert not Project.objects.exists()
    assert not Seat.objects.exists()
    assert not Need.objects.exists()
    assert not AuditEvent.objects.exists()


def test_all_faults_are_told_at_once(api: Callable[..., APIClient], cast: Cast, body: dict[str, Any]) -> None:
    body |= {"starts_on": "2020-01-06", "time_zone": "Mars/Olympus", "overlap_minutes": 1000}
    body["needs"] = [{"skill": "no such thing"}]
    answer = api(cast.client).post("/api/v1/projects", body)
    assert answer.json()["code"] == "invalid_project"
    assert {e["code"] for e in answer.json()["errors"]} == {
        "in_the_past",
        "unknown_time_zone",
        "longer_than_day",
        "unknown_skill",
    }


def test_an_unknown_skill_offers_the_nearest_names(
    api: Callable[..., APIClient], cast: Cast, body: dict[str, Any]
) -> None:
    body["needs"] = [{"skill": "cobool"}]
    (error,) = api(cast.client).post("/api/v1/projects", body).json()["errors"]
    assert "cobol" in [offer["code"] for offer in error["data"]["suggestions"]]


def test_an_unknown_zone_offers_the_nearest_names(
    api: Callable[..., APIClient], cast: Cast, body: dict[str, Any]
) -> None:
    body["time_zone"] = "America/NewYork"
    (error,) = api(cast.client).post("/api/v1/projects", body).json()["errors"]
    assert "America/New_York" in error["data"]["suggestions"]


def test_refusals_follow_the_language_of_the_reader_and_codes_do_not(
    api: Callable[..., APIClient], cast: Cast, body: dict[str, Any]
) -> None:
    body["starts_on"] = "2020-01-06"
    english = api(cast.client).post("/api/v1/projects", body)
    spanish = api(cast.client, accept_language="es-MX").post("/api/v1/projects", body)
    assert spanish["Content-Language"] == "es-mx"
    assert english.json()["errors"][0]["code"] == spanish.json()["errors"][0]["code"] == "in_the_past"


def test_skills_may_be_named_in_words(api: Callable[..., APIClient], cast: Cast, body: dict[str, Any]) -> None:
    body["needs"] = [{"skill": "Sarbanes-Oxley"}]
    answer = api(cast.client).post("/api/v1/projects", body)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["needs"][0]["skill"] == "sox-404"


def test_a_rate_in_pesos_is_taken_once_there_is_an_exchange_rate(
    api: Callable[..., APIClient], cast: Cast, body: dict[str, Any]
) -> None:
    profiles.pesos_rate()
    body["seats"][0]["max_rate"] = {"amount": "900.00", "currency": "MXN"}
    answer = api(cast.client).post("/api/v1/projects", body)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["seats"][0]["max_rate"] == {"amount": "900.00", "currency": "MXN"}


def test_an_external_id_is_used_once_per_organization(
    api: Callable[..., APIClient], cast: Cast, body: dict[str, Any]
) -> None:
    client = api(cast.client)
    assert client.post("/api/v1/projects", body).status_code == 201
    again = client.post("/api/v1/projects", body)
    assert (again.status_code, again.json()["code"]) == (409, "external_id_taken")
    assert again.json()["errors"][0]["pointer"] == "/external_id"
    assert Project.objects.count() == 1
    assert api(cast.rival).post("/api/v1/projects", body).status_code == 201


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"seats": ()}, "/seats", "seats_missing"),
        ({"needs": ()}, "/needs", "needs_missing"),
        ({"monthly_cap": clients.Money.of(0, "USD")}, "/monthly_cap/amount", "cap_not_positive"),
    ],
)
def test_an_incomplete_draft_can_be_kept_but_not_published(
    fields: dict[str, Any], pointer: str, code: str, api: Callable[..., APIClient], cast: Cast
) -> None:
    draft = clients.project(cast.organization, **fields)
    answer = api(cast.client).post(f"/api/v1/projects/{draft.public_id}/publish")
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
    draft.refresh_from_db()
    assert (draft.status, draft.version, draft.published_at) == ("draft", 1, None)


def test_a_cell_of_open_size_needs_no_seats(cast: Cast) -> None:
    project = clients.project(cast.organization, seats=(), size_least=2, size_most=5, published=True)
    assert project.status == "published"


def test_a_draft_whose_start_has_passed_cannot_be_published(api: Callable[..., APIClient], cast: Cast) -> None:
    draft = clients.project(cast.organization)
    Project.objects.filter(pk=draft.pk).update(starts_on=clock.today())
    answer = api(cast.client).post(f"/api/v1/projects/{draft.public_id}/publish")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "in_the_past"


def test_a_function_that_no_seat_covers_is_a_warning(api: Callable[..., APIClient], cast: Cast) -> None:
    draft = clients.project(cast.organization, seats=clients.seats()[:3])
    answer = api(cast.client).post(f"/api/v1/projects/{draft.public_id}/publish")
    assert answer.status_code == 200
    assert [(w["code"], w["data"]) for w in answer.json()["warnings"]] == [
        ("function_not_covered", {"function": "operations"})
    ]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2027, 1, 31), 1, dt.date(2027, 2, 28)),
        (dt.date(2027, 1, 11), 6, dt.date(2027, 7, 11)),
        (dt.date(2026, 12, 15), 1, dt.date(2027, 1, 15)),
        (dt.date(2026, 11, 30), 24, dt.date(2028, 11, 30)),
        (dt.date(9999, 12, 1), 1, dt.date(9999, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: dt.date, months: int, later: dt.date) -> None:
    assert rules.months_later(day, months) == later

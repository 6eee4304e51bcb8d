"""Leave from a running placement: no hours on these days, the client is told, and a long one frees the seat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from marketplace.audit.models import AuditEvent
from marketplace.clients.models import Engagement, Leave, Placement
from marketplace.clients.services import leaves, pauses
from marketplace.delivery.models import Notification, OutboxEvent
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from profiles.models import AvailabilityException
from profiles.services import bookings
from tests.clients.running import WEEK, actor, at, booked, fresh, ledger_differs, post, running
from tests.conftest import Cast
from tests.factories import profiles

Api = Callable[..., APIClient]


@pytest.fixture
def work(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[Engagement, Placement]:
    """Return an engagement of which four weeks are over, and the placement of the cast's professional."""
    engagement, people = running(cast.organization, [cast.profile, profiles.professional()])
    at(monkeypatch, engagement.starts_on + 4 * WEEK)
    return engagement, people[0]


def _monday(weeks: int) -> dt.date:
    return clock.monday_of(clock.today()) + weeks * WEEK


def _ask(placement: Placement, cast: Cast, *, first: dt.date | None = None, days: int = 5) -> Leave:
    starts_on = first or _monday(3)
    return leaves.ask(
        placement=placement,
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(days=days - 1),
        reason_kind="vacation",
        actor=actor(cast.professional),
    )


def test_a_professional_takes_leave_and_the_client_is_told_but_not_why(api: Api, cast: Cast, work: Any) -> None:
    engagement, placement = work
    first = _monday(3)
    body = {
        "placement": placement.public_id,
        "starts_on": first.isoformat(),
        "ends_on": (first + dt.timedelta(days=4)).isoformat(),
        "reason_kind": "health",
    }
    asked = post(api(cast.professional), "leaves", body)
    assert (asked.status_code, asked.json()["reason_kind"], asked.json()["long"]) == (201, "health", False)
    assert [booked(cast.profile, first + k * WEEK) for k in (-1, 0, 1)] == [2400, 0, 2400]
    assert ledger_differs() == []
    leave = Leave.objects.get()
    shown = api(cast.client).get(f"/api/v1/leaves/{leave.public_id}")
    assert "reason_kind" not in shown.json()
    assert "health" not in shown.content.decode()
    assert OutboxEvent.objects.get(subject=leave.public_id).data == {
        "engagement": engagement.public_id,
        "status": "granted",
    }
    assert cast.client.pk in Notification.objects.filter(subject=leave.public_id).values_list("recipient", flat=True)
    assert "health" not in str(list(AuditEvent.objects.filter(subject=engagement.public_id).values_list("data")))


def test_hours_on_leave_are_not_on_the_market(cast: Cast, work: Any) -> None:
    _engagement, placement = work
    leave = _ask(placement, cast)
    with pytest.raises(Conflict), transaction.atomic():
        bookings.reserve([bookings.Reservation(cast.profile.pk, leave.pk, leave.starts_on, leave.ends_on, 60)])


def test_days_within_a_week_are_given_back_for_their_share(cast: Cast, work: Any) -> None:
    _engagement, placement = work
    _ask(placement, cast, first=_monday(3) + dt.timedelta(days=1), days=2)
    assert booked(cast.profile, _monday(3)) == 1440
    assert ledger_differs() == []


def test_leave_called_off_is_booked_again(api: Api, cast: Cast, work: Any) -> None:
    _engagement, placement = work
    leave = _ask(placement, cast)
    done = post(api(cast.professional), f"leaves/{leave.public_id}/cancel", seen=leave)
    assert (done.status_code, done.json()["status"]) == (200, "cancelled")
    assert booked(cast.profile, leave.starts_on) == 2400
    assert not AvailabilityException.objects.exists()
    assert ledger_differs() == []
    again = post(api(cast.professional), f"leaves/{leave.public_id}/cancel", seen=leave)
    assert (again.status_code, again.json()["code"]) == (409, "leave_over")


def test_somebody_who_comes_back_early_works_from_that_day(
    cast: Cast, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _engagement, placement = work
    leave = _ask(placement, cast, days=19)
    at(monkeypatch, leave.starts_on + WEEK)
    leaves.cancel(leave=leave, version=fresh(leave).version, actor=actor(cast.professional))
    row = fresh(leave)
    assert (row.status, row.ends_on) == ("granted", clock.today() - dt.timedelta(days=1))
    assert [booked(cast.profile, leave.starts_on + k * WEEK) for k in (0, 1, 2)] == [0, 2400, 2400]
    assert ledger_differs() == []


def test_leave_that_cannot_be_called_off_any_more_stays(cast: Cast, work: Any) -> None:
    _engagement, placement = work
    leave = _ask(placement, cast)
    # The person has made room for something else in the meantime.
    AvailabilityException.objects.all().delete()
    with transaction.atomic():
        bookings.recompute_capacity(professional=cast.profile)
        bookings.reserve([bookings.Reservation(cast.profile.pk, leave.pk, leave.starts_on, leave.ends_on, 2400)])
    with pytest.raises(Conflict) as refusal:
        leaves.cancel(leave=leave, version=fresh(leave).version, actor=actor(cast.professional))
    assert refusal.value.code == "people_not_free"
    assert fresh(leave).status == "granted"
    assert ledger_differs() == []


def test_a_long_leave_frees_the_seat_for_somebody_else(api: Api, cast: Cast, work: Any) -> None:
    _engagement, placement = work
    leave = _ask(placement, cast, days=leaves.LONG_DAYS)
    assert api(cast.client).get(f"/api/v1/leaves/{leave.public_id}").json()["long"] is True
    assert cast.recruiter.pk in Notification.objects.filter(subject=leave.public_id).values_list("recipient", flat=True)
    path = f"leaves/{leave.public_id}/vacate"
    assert post(api(cast.client), path, seen=leave).status_code == 403
    assert post(api(cast.recruiter), path, seen=leave).status_code == 200
    row = fresh(placement)
    assert (row.status, row.vacant_from, row.ended_reason) == ("active", leave.starts_on, "leave")
    assert list(Placement.objects.vacant()) == [row]
    assert booked(cast.profile, leave.starts_on + 6 * WEEK) == 0
    assert ledger_differs() == []


def test_a_short_leave_does_not_cost_the_seat(api: Api, cast: Cast, work: Any) -> None:
    _engagement, placement = work
    leave = _ask(placement, cast, days=leaves.LONG_DAYS - 1)
    refused = post(api(cast.recruiter), f"leaves/{leave.public_id}/vacate", seen=leave)
    assert (refused.status_code, refused.json()["code"]) == (409, "leave_not_long")
    assert fresh(placement).vacant_from is None


def test_leave_survives_a_pause(cast: Cast, work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engagement, placement = work
    pauses.pause(
        engagement=engagement, version=fresh(engagement).version, reason_code="other", actor=actor(cast.client)
    )
    leave = _ask(placement, cast, first=_monday(5))
    at(monkeypatch, _monday(1))
    pauses.resume(engagement=engagement, version=fresh(engagement).version, actor=actor(cast.client))
    assert [booked(cast.profile, leave.starts_on + k * WEEK) for k in (-1, 0, 1)] == [2400, 0, 2400]
    assert ledger_differs() == []


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(-2, -1, "in_the_past"), (3, 2, "ends_before_start"), (3, 60, "out_of_range")],
)
def test_leave_that_makes_no_sense_is_refused(
    api: Api, cast: Cast, work: Any, nothing_changes: Any, start: int, end: int, code: str
) -> None:
    _engagement, placement = work
    client = api(cast.professional)
    body = {
        "placement": placement.public_id,
        "starts_on": _monday(start).isoformat(),
        "ends_on": _monday(end).isoformat(),
        "reason_kind": "other",
    }
    with nothing_changes():
        refused = post(client, "leaves", body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_leave_does_not_overlap_itself(cast: Cast, work: Any, nothing_changes: Any) -> None:
    _engagement, placement = work
    _ask(placement, cast)
    with nothing_changes(), pytest.raises(Conflict) as refusal:
        _ask(placement, cast, first=_monday(3) + dt.timedelta(days=4))
    assert refusal.value.code == "leave_overlaps"


def test_nobody_takes_leave_for_somebody_else(api: Api, cast: Cast, work: Any, nothing_changes: Any) -> None:
    engagement, placement = work
    other = engagement.placements.exclude(pk=placement.pk).get()
    body = {
        "starts_on": _monday(3).isoformat(),
        "ends_on": _monday(3).isoformat(),
        "reason_kind": "other",
    }
    professional, client = api(cast.professional), api(cast.client)
    with nothing_changes():
        assert post(professional, "leaves", {**body, "placement": other.public_id}).status_code == 404
        assert post(client, "leaves", {**body, "placement": placement.public_id}).status_code == 403


def test_each_side_lists_its_own_leave_in_a_fixed_number_of_queries(
    api: Api, cast: Cast, work: Any, django_assert_max_num_queries: Any
) -> None:
    engagement, placement = work
    _ask(placement, cast)
    _ask(placement, cast, first=_monday(6))
    client = api(cast.client)
    with django_assert_max_num_queries(4):
        assert len(client.get("/api/v1/leaves", {"engagement": engagement.public_id}).json()["results"]) == 2
    assert len(api(cast.professional).get("/api/v1/leaves").json()["results"]) == 2
    other = engagement.placements.exclude(pk=placement.pk).get().professional
    for outsider in (other.user, cast.rival):
        assert api(outsider).get("/api/v1/leaves").json()["results"] == []

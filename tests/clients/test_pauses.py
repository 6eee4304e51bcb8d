"""Pauses: the work rests, hours stay held for two weeks, and everybody comes back or nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from marketplace.clients.models import Engagement, Pause, Placement
from marketplace.clients.services import changes, engagements, pauses, placements
from marketplace.delivery.models import Notification, OutboxEvent
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from profiles.models import Booking, Professional
from profiles.services import bookings
from tests.clients.running import WEEK, actor, at, booked, fresh, ledger_differs, post, running
from tests.conftest import Cast
from tests.factories import profiles

Api = Callable[..., APIClient]


@pytest.fixture
def colleague(db: None) -> Professional:
    return profiles.professional(given_names="Ximena")


@pytest.fixture
def work(cast: Cast, colleague: Professional, monkeypatch: pytest.MonkeyPatch) -> tuple[Engagement, list[Placement]]:
    """Return an engagement of which four weeks are over."""
    engagement, people = running(cast.organization, [cast.profile, colleague])
    at(monkeypatch, engagement.starts_on + 4 * WEEK)
    return engagement, people


def _pause(engagement: Engagement, cast: Cast, **fields: Any) -> Engagement:
    version = fresh(engagement).version
    return pauses.pause(
        engagement=engagement, version=version, reason_code="budget", actor=actor(cast.client), **fields
    )


def _resume(engagement: Engagement, cast: Cast) -> Engagement:
    return pauses.resume(engagement=engagement, version=fresh(engagement).version, actor=actor(cast.client))


def _spans(engagement: Engagement) -> list[Any]:
    """Return what is promised, consecutive spans of a placement put together."""
    rows = Booking.objects.exclude(status="released").order_by("placement_id", "starts_on")
    found: list[list[Any]] = []
    for row in rows:
        if found and found[-1][0] == row.placement_id and found[-1][2] + dt.timedelta(days=1) == row.starts_on:
            found[-1][2] = row.ends_on
        else:
            found.append([row.placement_id, row.starts_on, row.ends_on, row.weekly_minutes])
    return found


def test_a_short_pause_costs_nobody(api: Api, cast: Cast, colleague: Professional, work: Any) -> None:
    engagement, _people = work
    before = _spans(engagement)
    paused = post(
        api(cast.client), f"engagements/{engagement.public_id}/pause", {"reason_code": "budget"}, seen=engagement
    )
    assert (paused.status_code, paused.json()["status"]) == (200, "paused")
    assert fresh(engagement).ends_on == engagement.ends_on
    # The hours are held: nobody else gets them.
    with pytest.raises(Conflict), transaction.atomic():
        bookings.reserve(
            [bookings.Reservation(colleague.pk, engagement.pk, clock.today(), clock.today() + 3 * WEEK, 600)]
        )
    resumed = post(api(cast.recruiter), f"engagements/{engagement.public_id}/resume", seen=engagement)
    assert (resumed.status_code, resumed.json()["status"]) == (200, "active")
    assert _spans(engagement) == before
    assert ledger_differs() == []
    assert set(Booking.objects.exclude(status="released").values_list("status", flat=True)) == {"confirmed"}
    kinds = OutboxEvent.objects.filter(subject=engagement.public_id).order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["engagement.paused", "engagement.resumed"]
    told = Notification.objects.filter(kind="engagement.paused").values_list("recipient_id", flat=True)
    assert set(told) == {cast.client.pk, cast.professional.pk, colleague.user_id}


def test_after_two_weeks_the_hours_are_free_whether_or_not_anything_was_swept(
    cast: Cast, colleague: Professional, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _people = work
    _pause(engagement, cast)
    at(monkeypatch, clock.today() + pauses.HOURS_KEPT_FOR + dt.timedelta(days=1))
    first, last = clock.today() + WEEK, clock.today() + 3 * WEEK
    with transaction.atomic():
        bookings.reserve([bookings.Reservation(colleague.pk, engagement.pk, first, last, 2400)])
    assert booked(colleague, first + dt.timedelta(days=3)) == 2400
    assert ledger_differs() == []


def test_everybody_comes_back_or_nobody_and_who_cannot_is_named(
    api: Api, cast: Cast, colleague: Professional, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _people = work
    _pause(engagement, cast)
    at(monkeypatch, clock.today() + pauses.HOURS_KEPT_FOR + dt.timedelta(days=1))
    bookings.release_lapsed()
    first, last = clock.today() + WEEK, clock.today() + 3 * WEEK
    with transaction.atomic():
        (other,) = bookings.reserve([bookings.Reservation(colleague.pk, engagement.pk, first, last, 2400)])
    before = _spans(engagement)
    refused = post(api(cast.client), f"engagements/{engagement.public_id}/resume", seen=engagement)
    assert (refused.status_code, refused.json()["code"]) == (409, "people_not_free")
    assert refused.json()["data"]["people"] == [colleague.public_id]
    assert refused.json()["data"]["weeks"]
    assert (fresh(engagement).status, _spans(engagement)) == ("paused", before)
    with transaction.atomic():
        bookings.release(placement_ids=[other.placement_id])
    assert _resume(engagement, cast).status == "active"
    assert booked(cast.profile, first + dt.timedelta(days=3)) == 2400
    assert ledger_differs() == []


def test_days_of_rest_are_not_booked_and_days_worked_stay(
    cast: Cast, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, people = work
    began = clock.today()
    _pause(engagement, cast)
    at(monkeypatch, began + 5 * WEEK)
    _resume(engagement, cast)
    spans = [span[1:3] for span in _spans(engagement) if span[0] == people[0].pk]
    assert spans == [
        [engagement.starts_on, began - dt.timedelta(days=1)],
        [began + 5 * WEEK, engagement.ends_on],
    ]
    assert ledger_differs() == []


def test_a_pause_from_a_later_day_begins_on_it_and_can_be_called_off(
    api: Api, cast: Cast, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _people = work
    first = clock.today() + WEEK
    assert _pause(engagement, cast, starts_on=first).status == "active"
    with pytest.raises(Conflict) as refusal:
        _pause(engagement, cast)
    assert refusal.value.code == "pause_planned"
    assert _resume(engagement, cast).status == "active"
    assert Pause.objects.get().ended_on == clock.today()
    (shown,) = api(cast.professional).get(f"/api/v1/engagements/{engagement.public_id}/pauses").json()
    assert (shown["began"], shown["starts_on"], shown["reason_code"]) == (False, first.isoformat(), "budget")
    _pause(engagement, cast, starts_on=first)
    pauses.begin_due()
    assert fresh(engagement).status == "active"
    at(monkeypatch, first)
    assert pauses.begin_due() == 1
    assert fresh(engagement).status == "paused"
    assert pauses.begin_due() == 0


def test_somebody_who_takes_no_new_work_still_pauses_and_comes_back(
    cast: Cast, colleague: Professional, work: Any
) -> None:
    engagement, _people = work
    Professional.objects.filter(pk=colleague.pk).update(status="paused")
    _pause(engagement, cast)
    assert _resume(engagement, cast).status == "active"


def test_a_paused_engagement_can_be_extended_and_its_hours_follow_when_it_goes_on(
    cast: Cast, colleague: Professional, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _people = work
    _pause(engagement, cast)
    at(monkeypatch, clock.today() + 6 * WEEK)
    until = engagement.ends_on + 4 * WEEK
    asked = changes.Asked("extension", "schedule", ends_on=until)
    change = changes.request(engagement=engagement, asked=asked, actor=actor(cast.client))
    for user in (cast.professional, colleague.user):
        changes.accept(change=change, version=1, placement_id=None, actor=actor(user))
    assert fresh(engagement).ends_on == until
    assert booked(colleague, until - WEEK) == 0
    _resume(engagement, cast)
    assert booked(colleague, until - WEEK) == 2400
    assert ledger_differs() == []


def test_a_pause_that_outlives_the_engagement_goes_on_once_it_is_extended(
    api: Api, cast: Cast, colleague: Professional, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _people = work
    _pause(engagement, cast)
    at(monkeypatch, engagement.ends_on + 2 * WEEK)
    refused = post(api(cast.client), f"engagements/{engagement.public_id}/resume", seen=engagement)
    assert (refused.status_code, refused.json()["code"]) == (409, "past_the_end")
    until = engagement.ends_on + 6 * WEEK
    asked = changes.Asked("extension", "schedule", ends_on=until)
    change = changes.request(engagement=engagement, asked=asked, actor=actor(cast.client))
    for user in (cast.professional, colleague.user):
        changes.accept(change=change, version=1, placement_id=None, actor=actor(user))
    _resume(engagement, cast)
    assert [booked(colleague, day) for day in (clock.today() - WEEK, clock.today() + WEEK)] == [0, 2400]
    assert ledger_differs() == []


def test_who_is_still_asked_keeps_the_deadline_of_the_question(cast: Cast, colleague: Professional, work: Any) -> None:
    engagement, people = work
    newcomer = profiles.professional(given_names="Regina")
    placements.vacate(placement=people[1], reason_code="resigned", actor=actor(cast.recruiter))
    with transaction.atomic():
        (held,) = placements.install(
            engagement=engagement,
            newcomers=[
                placements.Newcomer(
                    seat=people[1].seat,
                    professional=newcomer,
                    weekly_minutes=2400,
                    rate_amount=newcomer.rate_amount,
                    rate_currency=newcomer.rate_currency,
                    monthly_cost=Decimal(6934),
                    replaces=people[1],
                )
            ],
            monthly_cost=Decimal(13_934),
            actor=actor(cast.recruiter),
        )
    asked = Booking.objects.get(placement_id=held.pk)
    _pause(engagement, cast)
    _resume(engagement, cast)
    still = Booking.objects.get(placement_id=held.pk)
    assert (still.pk, still.status, still.held_until) == (asked.pk, "held", asked.held_until)
    with pytest.raises(Conflict) as refusal:
        changes.request(
            engagement=engagement,
            asked=changes.Asked("extension", "scope", ends_on=engagement.ends_on + WEEK),
            actor=actor(cast.client),
        )
    assert refusal.value.code == "answers_awaited"


def test_a_paused_engagement_can_end_and_gives_everything_back(cast: Cast, work: Any) -> None:
    engagement, _people = work
    _pause(engagement, cast)
    row = fresh(engagement)
    engagements.complete(engagement=row, version=row.version, actor=None)
    assert not Booking.objects.exclude(status="released").filter(ends_on__gte=clock.today()).exists()
    assert ledger_differs() == []
    pauses.begin_due()
    assert Pause.objects.get().ended_on is not None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"reason_code": "boredom"}, 422, "unknown_reason"),
        ({"reason_code": "budget", "starts_on": "2020-01-01"}, 422, "out_of_range"),
        ({"reason_code": "budget", "starts_on": "2099-01-01"}, 422, "out_of_range"),
    ],
)
def test_a_pause_that_makes_no_sense_is_refused(
    api: Api, cast: Cast, work: Any, nothing_changes: Any, body: dict[str, str], status: int, code: str
) -> None:
    engagement, _people = work
    client = api(cast.client)
    with nothing_changes():
        refused = post(client, f"engagements/{engagement.public_id}/pause", body, seen=engagement)
        assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_pausing_names_the_version_and_resuming_needs_a_pause(
    api: Api, cast: Cast, work: Any, nothing_changes: Any
) -> None:
    engagement, _people = work
    client = api(cast.client)
    path = f"engagements/{engagement.public_id}"
    with nothing_changes():
        assert post(client, f"{path}/pause", {"reason_code": "budget"}).status_code == 428
        assert post(client, f"{path}/resume", seen=engagement).status_code == 409


@pytest.mark.parametrize("step", ["pause", "resume"])
def test_neither_a_professional_nor_a_rival_pauses(
    api: Api, cast: Cast, work: Any, nothing_changes: Any, step: str
) -> None:
    engagement, _people = work
    people = [(api(cast.professional), 403), (api(cast.rival), 404)]
    with nothing_changes():
        for client, status in people:
            path = f"engagements/{engagement.public_id}/{step}"
            assert post(client, path, {"reason_code": "budget"}, seen=engagement).status_code == status

"""A running engagement under contention, on real connections: one outcome, and a ledger that agrees with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from marketplace.audit.models import AuditEvent
from marketplace.clients.models import Engagement, EngagementChange, Placement, Rating, WorkedTogether
from marketplace.clients.services import changes, engagements, pauses, ratings
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, DomainError
from profiles.models import Booking, Collaboration, Professional, Verification
from profiles.services import bookings
from tests.clients.running import WEEK, actor, at, fresh, ledger_differs, running
from tests.clients.test_publish_races import at_once
from tests.conftest import Cast
from tests.factories import profiles

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def colleague(transactional_db: None) -> Professional:
    return profiles.professional(given_names="Ximena")


@pytest.fixture
def work(cast: Cast, colleague: Professional) -> tuple[Engagement, list[Placement]]:
    return running(cast.organization, [cast.profile, colleague])


def _extension(engagement: Engagement, weeks: int = 4) -> changes.Asked:
    return changes.Asked("extension", "scope", ends_on=engagement.ends_on + weeks * WEEK)


def _yes(change: EngagementChange, user: Any) -> Any:
    return lambda: changes.accept(change=change, version=1, placement_id=None, actor=actor(user))


def _codes(results: list[object]) -> list[str]:
    return sorted(result.code for result in results if isinstance(result, DomainError))


def test_two_last_yes_at_once_apply_the_change_once(cast: Cast, colleague: Professional, work: Any) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    results = at_once(*[_yes(change, cast.professional)] * 3, *[_yes(change, colleague.user)] * 3)
    assert _codes(results) == []
    assert fresh(change).status == "applied"
    assert fresh(engagement).ends_on == engagement.ends_on + 4 * WEEK
    applied = AuditEvent.objects.filter(subject=engagement.public_id, action="engagement.change_applied")
    assert applied.count() == 1
    assert ledger_differs() == []


def test_of_two_who_ask_for_another_end_at_once_one_does(cast: Cast, work: Any) -> None:
    engagement, _people = work
    results = at_once(
        *[
            lambda weeks=weeks: changes.request(
                engagement=engagement, asked=_extension(engagement, weeks), actor=actor(cast.client)
            )
            for weeks in (2, 4, 6)
        ]
    )
    assert _codes(results) == ["change_open", "change_open"]
    assert EngagementChange.objects.count() == 1


def test_an_extension_and_other_hours_applied_at_once_both_hold(cast: Cast, colleague: Professional, work: Any) -> None:
    engagement, people = work
    client = actor(cast.client)
    extension = changes.request(engagement=engagement, asked=_extension(engagement), actor=client)
    fewer = changes.Asked(
        "hours", "scope", placement_id=people[0].pk, starts_on=engagement.starts_on + 2 * WEEK, weekly_minutes=1200
    )
    hours = changes.request(engagement=engagement, asked=fewer, actor=client)
    changes.accept(change=extension, version=1, placement_id=None, actor=actor(colleague.user))
    results = at_once(_yes(extension, cast.professional), _yes(hours, cast.professional))
    assert _codes(results) == []
    assert {fresh(extension).status, fresh(hours).status} == {"applied"}
    row, placement = fresh(engagement), fresh(people[0])
    assert (row.ends_on, placement.ends_on) == (engagement.ends_on + 4 * WEEK,) * 2
    # 20 hours a week at 40 USD, beside the colleague's 7,000.
    assert (placement.weekly_minutes, row.monthly_cost) == (1200, 10467)
    mine = Booking.objects.filter(placement_id=placement.pk, status="confirmed").order_by("starts_on")
    assert {span.weekly_minutes for span in mine if span.starts_on >= fewer.starts_on} == {1200}
    assert max(span.ends_on for span in mine) == row.ends_on
    assert ledger_differs() == []


@pytest.mark.parametrize("attempt", range(3))
def test_a_change_applied_while_the_engagement_ends_leaves_no_hour_behind(
    cast: Cast, colleague: Professional, work: Any, attempt: int
) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    changes.accept(change=change, version=1, placement_id=None, actor=actor(cast.professional))
    version = fresh(engagement).version
    ended, answered = at_once(
        lambda: engagements.complete(engagement=engagement, version=version, actor=None),
        _yes(change, colleague.user),
    )
    if isinstance(ended, DomainError):
        # The change came first and moved the version that the end had seen.
        assert ended.code == "version_changed"
        assert fresh(change).status == "applied"
    else:
        assert isinstance(answered, DomainError)
        assert answered.code == "not_running"
        assert fresh(change).status == "superseded"
        assert not Booking.objects.exclude(status="released").filter(ends_on__gte=clock.today()).exists()
    assert ledger_differs() == []


def test_who_comes_back_from_a_long_pause_meets_whoever_books_the_same_hours(
    cast: Cast, colleague: Professional, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _people = work
    at(monkeypatch, engagement.starts_on + WEEK)
    client = actor(cast.client)
    pauses.pause(engagement=engagement, version=fresh(engagement).version, reason_code="other", actor=client)
    at(monkeypatch, engagement.starts_on + 6 * WEEK)
    version = fresh(engagement).version
    first = clock.today() + WEEK

    def other() -> object:
        with transaction.atomic():
            return bookings.reserve([bookings.Reservation(colleague.pk, engagement.pk, first, first + WEEK, 2400)])

    results = at_once(lambda: pauses.resume(engagement=engagement, version=version, actor=client), other)
    assert _codes(results) == ["people_not_free"]
    back = isinstance(results[0], Engagement)
    assert fresh(engagement).status == ("active" if back else "paused")
    assert ledger_differs() == []


def test_both_sides_rate_at_once_and_each_only_once(cast: Cast, work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engagement, people = work
    profiles.claim(cast.profile, "cobol", 4)
    at(monkeypatch, engagement.starts_on + 8 * WEEK)
    row = fresh(engagement)
    engagements.complete(engagement=row, version=row.version, actor=None)
    placement = fresh(people[0])
    scores: dict[str, Any] = {"placement": placement, "overall": 5, "communication": 5}

    def by_client() -> Rating:
        return ratings.rate(**scores, skills={"cobol": 5}, actor=actor(cast.client))

    def by_professional() -> Rating:
        return ratings.rate(**scores, clarity=4, actor=actor(cast.professional))

    results = at_once(*[by_client] * 3, *[by_professional] * 3)
    assert _codes(results) == ["already_rated"] * 4
    assert list(Rating.objects.values_list("both", flat=True)) == [True, True]
    assert Verification.objects.count() == 1


def test_two_engagements_of_a_pair_that_end_at_once_are_both_counted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves: dict[str, Any] = {"weekly_minutes": 4800}
    people = [profiles.professional(**halves), profiles.professional(**halves)]
    rows = [running(cast.organization, people)[0], running(cast.organization, people[::-1])[0]]
    at(monkeypatch, rows[0].starts_on + 8 * WEEK)
    seen = [fresh(row) for row in rows]
    results = at_once(
        *[lambda row=row: engagements.complete(engagement=row, version=row.version, actor=None) for row in seen]
    )
    assert _codes(results) == []
    assert Collaboration.objects.get().times == 2
    assert WorkedTogether.objects.count() == 2


def test_many_who_call_a_pause_at_once_begin_one(cast: Cast, work: Any) -> None:
    engagement, _people = work
    version = fresh(engagement).version
    client = actor(cast.client)
    results = at_once(
        *[lambda: pauses.pause(engagement=engagement, version=version, reason_code="other", actor=client)] * 4
    )
    assert _codes(results) == ["version_changed"] * 3
    assert engagement.pauses.count() == 1
    assert ledger_differs() == []


def test_a_stale_version_never_pauses(cast: Cast, work: Any) -> None:
    engagement, _people = work
    with pytest.raises(DomainError) as refusal:
        pauses.pause(
            engagement=engagement,
            version=fresh(engagement).version - 1,
            starts_on=clock.today() + dt.timedelta(days=1),
            reason_code="other",
            actor=actor(cast.client),
        )
    assert refusal.value.code == "version_changed"
    assert not isinstance(refusal.value, Conflict)

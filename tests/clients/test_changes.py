"""New terms of a running engagement: asked for by one side, applied when everybody they concern has said yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from rest_framework.test import APIClient

from marketplace.audit.models import AuditEvent
from marketplace.clients.models import ChangeAnswer, Engagement, EngagementChange, Placement, PlacementTerm
from marketplace.clients.services import changes, engagements, expiries, hours, placements
from marketplace.delivery.models import Notification, OutboxEvent
from marketplace.kernel.errors import Conflict, NotAllowed
from marketplace.kernel.money import monthly_cost
from matching.engine import scoring
from profiles.levels import Evidence
from profiles.models import Booking, Professional
from profiles.services import bookings
from tests.clients.running import WEEK, actor, at, booked, fresh, ledger_differs, post, running
from tests.conftest import Cast
from tests.factories import profiles

Api = Callable[..., APIClient]
CHANGES = "/api/v1/engagement-changes"


@pytest.fixture
def colleague(db: None) -> Professional:
    return profiles.professional(given_names="Ximena", rate_amount=Decimal("61.00"), rate_floor=Decimal("60.00"))


@pytest.fixture
def work(cast: Cast, colleague: Professional) -> tuple[Engagement, list[Placement]]:
    """Return an engagement at work with the cast's professional and a colleague."""
    return running(cast.organization, [cast.profile, colleague])


def _extension(engagement: Engagement, weeks: int = 4, **fields: Any) -> changes.Asked:
    return changes.Asked("extension", "scope", ends_on=engagement.ends_on + weeks * WEEK, **fields)


def _answer(change: EngagementChange, *users: Any) -> EngagementChange:
    for user in users:
        change = changes.accept(change=change, version=1, placement_id=None, actor=actor(user))
    return change


def _everything(engagement: Engagement) -> dict[str, Any]:
    row = fresh(engagement)
    return {
        "engagement": (row.ends_on, row.monthly_cost),
        "placements": sorted(row.placements.values_list("pk", "ends_on", "weekly_minutes", "monthly_cost")),
        "bookings": sorted(
            Booking.objects.exclude(status="released").values_list(
                "placement_id", "starts_on", "ends_on", "weekly_minutes"
            )
        ),
        "terms": PlacementTerm.objects.count(),
    }


# -- the price of hours ------------------------------------------------------------------------------------------------
def test_the_price_of_hours_is_the_engines() -> None:
    for cents in (1, 3333, 4000, 6150, 17_501):
        for minutes in (60, 1185, 1200, 2385, 2400, 3600):
            by_engine = scoring.monthly_cost(np.array([cents]), minutes)[0]
            assert monthly_cost(Decimal(cents) / 100, minutes) == int(by_engine)


def test_a_rate_in_another_currency_keeps_the_exchange_rate_that_was_accepted(work: Any) -> None:
    placement = work[1][0]
    placement.rate_currency, placement.monthly_cost = "MXN", Decimal("3001.00")
    assert hours.cost_at(placement, 1200) == Decimal("1501.00")


# -- extension ---------------------------------------------------------------------------------------------------------
def test_an_extension_holds_when_the_client_asked_and_every_member_said_yes(
    api: Api, cast: Cast, colleague: Professional, work: Any
) -> None:
    engagement, _people = work
    until = engagement.ends_on + 4 * WEEK
    body = {
        "engagement": engagement.public_id,
        "kind": "extension",
        "reason_code": "scope",
        "ends_on": until.isoformat(),
    }
    asked = api(cast.client).post(CHANGES, body, format="json")
    assert (asked.status_code, asked.json()["status"]) == (201, "requested")
    assert [answer["accepted"] for answer in asked.json()["answers"]] == [True, None, None]
    change = EngagementChange.objects.get()
    path = f"engagement-changes/{change.public_id}/accept"
    first = post(api(cast.professional), path, seen=change)
    assert (first.status_code, first.json()["status"]) == (200, "requested")
    assert fresh(engagement).ends_on == engagement.ends_on
    last = post(api(colleague.user), path, seen=change)
    assert (last.status_code, last.json()["status"]) == (200, "applied")
    assert fresh(engagement).ends_on == until
    assert set(engagement.placements.values_list("ends_on", flat=True)) == {until}
    for person in (cast.profile, colleague):
        assert booked(person, until - dt.timedelta(days=3)) == 2400
    assert ledger_differs() == []
    assert set(Booking.objects.values_list("status", flat=True)) == {"confirmed"}
    kinds = OutboxEvent.objects.filter(subject=change.public_id).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["engagement.change_requested", "engagement.change_applied"]
    told = Notification.objects.filter(subject=change.public_id, kind="engagement.change_requested")
    assert set(told.values_list("recipient_id", flat=True)) == {cast.professional.pk, colleague.user_id}


def test_a_recruiter_only_passes_on_so_the_client_must_say_yes_too(
    cast: Cast, colleague: Professional, work: Any
) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.recruiter))
    assert list(change.answers.values_list("accepted", flat=True)) == [None, None, None]
    change = _answer(change, cast.professional, colleague.user)
    assert change.status == "requested"
    assert _answer(change, cast.client).status == "applied"


def test_a_recruiter_records_the_yes_of_a_person_but_never_the_clients(cast: Cast, work: Any) -> None:
    engagement, people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.recruiter))
    recruiter = actor(cast.recruiter)
    for placement in people:
        changes.accept(change=change, version=1, placement_id=placement.pk, actor=recruiter)
    with pytest.raises(NotAllowed) as refusal:
        changes.accept(change=change, version=1, placement_id=None, actor=recruiter)
    assert refusal.value.code == "not_yours_to_answer"
    assert fresh(change).status == "requested"
    answered = ChangeAnswer.objects.filter(placement__isnull=False).values_list("answered_by", flat=True)
    assert set(answered) == {cast.recruiter.public_id}


def test_what_is_impossible_now_is_refused_at_once_with_who_and_which_weeks(
    api: Api, cast: Cast, colleague: Professional, work: Any
) -> None:
    engagement, _people = work
    later = engagement.ends_on + 2 * WEEK
    with transaction.atomic():
        bookings.reserve([bookings.Reservation(colleague.pk, engagement.pk, later, later + WEEK, 2400)])
    before = _everything(engagement)
    body = {
        "engagement": engagement.public_id,
        "kind": "extension",
        "reason_code": "scope",
        "ends_on": (engagement.ends_on + 8 * WEEK).isoformat(),
    }
    refused = api(cast.client).post(CHANGES, body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "people_not_free")
    assert refused.json()["data"]["people"] == [colleague.public_id]
    assert refused.json()["data"]["weeks"]
    assert (_everything(engagement), EngagementChange.objects.count()) == (before, 0)
    assert not OutboxEvent.objects.filter(kind="engagement.change_requested").exists()


def test_hours_taken_meanwhile_leave_everything_as_it_was_and_the_yes_can_be_given_again(
    cast: Cast, colleague: Professional, work: Any
) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    _answer(change, cast.professional)
    later = engagement.ends_on + 2 * WEEK
    with transaction.atomic():
        (other,) = bookings.reserve([bookings.Reservation(colleague.pk, change.pk, later, later + WEEK, 2400)])
    before = _everything(engagement)
    with pytest.raises(Conflict) as refusal:
        _answer(change, colleague.user)
    # A professional is not told who else has no room, and when.
    assert (refusal.value.code, refusal.value.data) == ("people_not_free", {})
    assert _everything(engagement) == before
    assert fresh(change).status == "requested"
    with transaction.atomic():
        bookings.release(placement_ids=[other.placement_id])
    assert _answer(change, colleague.user).status == "applied"


def test_what_runs_out_before_the_new_end_is_flagged(cast: Cast, colleague: Professional, work: Any) -> None:
    engagement, people = work
    soon = engagement.ends_on + WEEK
    profiles.certificate(cast.profile, "cert-cissp", issued_on=dt.date(2024, 1, 1), expires_on=soon)
    profiles.certificate(colleague, "cert-pmp", issued_on=dt.date(2024, 1, 1), expires_on=soon + 9 * WEEK)
    profiles.claim(cast.profile, "sox-404", evidence_expires_on=soon, evidence=1)
    profiles.claim(cast.profile, "docker", evidence_expires_on=soon, evidence=1)
    tested_on = soon - dt.timedelta(days=731)
    profiles.speaks(colleague, "en", test="duolingo", raw_score="120", tested_on=tested_on)
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    found = {(row["code"], row["placement"], row["subject"]) for row in change.warnings}
    assert found == {
        ("certificate_expires", people[0].public_id, "cert-cissp"),
        ("evidence_expires", people[0].public_id, "sox-404"),
        ("language_test_expires", people[1].public_id, "en"),
    }
    assert not next(row for row in change.warnings if row["subject"] == "en")["asked_for"]
    people[1].seat.languages.update(evidence=Evidence.TESTED)
    (spoken,) = [row for row in expiries.before(change.ends_on, people) if row["subject"] == "en"]
    assert spoken["asked_for"]


def test_a_professional_sees_their_own_part_of_a_change_and_no_cost(
    api: Api, cast: Cast, colleague: Professional, work: Any
) -> None:
    engagement, people = work
    profiles.certificate(colleague, "cert-pmp", issued_on=dt.date(2024, 1, 1), expires_on=engagement.ends_on + WEEK)
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    answer = api(cast.professional).get(f"{CHANGES}/{change.public_id}")
    shown = answer.json()
    assert "monthly_cost" not in shown
    assert shown["warnings"] == []
    assert [each["placement"] for each in shown["answers"]] == [None, people[0].public_id]
    assert people[1].public_id not in answer.content.decode()
    outsider = profiles.professional().user
    assert api(outsider).get(f"{CHANGES}/{change.public_id}").status_code == 404
    assert api(cast.rival).get(f"{CHANGES}/{change.public_id}").status_code == 404


# -- earlier end -------------------------------------------------------------------------------------------------------
def test_an_earlier_end_gives_back_what_lies_beyond_it(cast: Cast, colleague: Professional, work: Any) -> None:
    engagement, _people = work
    ends_on = engagement.ends_on - 6 * WEEK
    asked = changes.Asked("earlier_end", "budget", ends_on=ends_on)
    change = changes.request(engagement=engagement, asked=asked, actor=actor(cast.client))
    assert _answer(change, cast.professional, colleague.user).status == "applied"
    assert fresh(engagement).ends_on == ends_on
    assert booked(colleague, ends_on - WEEK) == 2400
    assert booked(colleague, ends_on + 2 * WEEK) == 0
    assert ledger_differs() == []


@pytest.mark.parametrize(
    ("kind", "weeks", "code"),
    [("extension", 0, "not_later"), ("extension", 200, "span_too_long"), ("earlier_end", 1, "not_earlier")],
)
def test_an_end_that_makes_no_sense_is_refused(
    api: Api, cast: Cast, work: Any, nothing_changes: Any, kind: str, weeks: int, code: str
) -> None:
    engagement, _people = work
    body = {
        "engagement": engagement.public_id,
        "kind": kind,
        "reason_code": "other",
        "ends_on": (engagement.ends_on + weeks * WEEK).isoformat(),
    }
    client = api(cast.client)
    with nothing_changes():
        refused = client.post(CHANGES, body, format="json")
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert refused.json()["errors"][0]["pointer"] == "/ends_on"


# -- hours -------------------------------------------------------------------------------------------------------------
def test_a_professional_asks_for_fewer_hours_and_the_client_agrees(api: Api, cast: Cast, work: Any) -> None:
    engagement, people = work
    first = engagement.starts_on + 4 * WEEK
    body = {
        "engagement": engagement.public_id,
        "kind": "hours",
        "reason_code": "professional_request",
        "placement": people[0].public_id,
        "starts_on": first.isoformat(),
        "weekly_minutes": 1200,
    }
    asked = api(cast.professional).post(CHANGES, body, format="json")
    assert asked.status_code == 201, asked.json()
    change = EngagementChange.objects.get()
    # 40 USD an hour: 20 h a week cost 3,467 a month.
    assert (change.monthly_cost_before, change.monthly_cost) == (Decimal("14000.00"), Decimal("10467.00"))
    done = post(api(cast.client), f"engagement-changes/{change.public_id}/accept", seen=change)
    assert done.json()["status"] == "applied"
    assert done.json()["monthly_cost"] == {"amount": "10467.00", "currency": "USD"}
    assert fresh(engagement).monthly_cost == Decimal("10467.00")
    placement = fresh(people[0])
    assert (placement.weekly_minutes, placement.monthly_cost) == (1200, Decimal("3467.00"))
    assert placement.rate_amount == Decimal("40.00")
    assert list(placement.terms.values_list("starts_on", "weekly_minutes")) == [
        (engagement.starts_on, 2400),
        (first, 1200),
    ]
    assert (booked(cast.profile, first - WEEK), booked(cast.profile, first + WEEK)) == (2400, 1200)
    shown = api(cast.client).get(f"/api/v1/engagements/{engagement.public_id}").json()
    assert shown["placements"][0]["hours"] == [
        {"starts_on": engagement.starts_on.isoformat(), "weekly_minutes": 2400},
        {"starts_on": first.isoformat(), "weekly_minutes": 1200},
    ]
    assert shown["placements"][1]["hours"] == []
    # A non-disclosure agreement and a W-8BEN of each.
    assert shown["documents_outstanding"] == 4
    assert ledger_differs() == []


def test_an_extension_after_other_hours_goes_on_with_the_other_hours(
    cast: Cast, colleague: Professional, work: Any
) -> None:
    engagement, people = work
    first = engagement.starts_on + 4 * WEEK
    asked = changes.Asked("hours", "scope", placement_id=people[0].pk, starts_on=first, weekly_minutes=1200)
    _answer(changes.request(engagement=engagement, asked=asked, actor=actor(cast.client)), cast.professional)
    asked = _extension(engagement)
    change = changes.request(engagement=engagement, asked=asked, actor=actor(cast.client))
    assert _answer(change, cast.professional, colleague.user).status == "applied"
    week = engagement.ends_on + 2 * WEEK
    assert (booked(cast.profile, week), booked(colleague, week)) == (1200, 2400)
    assert ledger_differs() == []


def test_more_hours_than_somebody_has_are_refused(cast: Cast, work: Any, nothing_changes: Any) -> None:
    engagement, people = work
    asked = changes.Asked(
        "hours", "scope", placement_id=people[0].pk, starts_on=engagement.starts_on + WEEK, weekly_minutes=3000
    )
    with nothing_changes(), pytest.raises(Conflict) as refusal:
        changes.request(engagement=engagement, asked=asked, actor=actor(cast.client))
    assert refusal.value.code == "people_not_free"
    assert refusal.value.data["people"] == [cast.profile.public_id]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"weekly_minutes": 1207}, "/weekly_minutes"),
        ({"weekly_minutes": 2400}, "/weekly_minutes"),
        ({"weekly_minutes": 0}, "/weekly_minutes"),
        ({"starts_on": "2020-01-06"}, "/starts_on"),
        ({"starts_on": "2099-01-05"}, "/starts_on"),
        ({"placement": "place_00000000000000000000000000"}, "/placement"),
        ({"reason_code": "boredom"}, "/reason_code"),
    ],
)
def test_hours_that_make_no_sense_are_refused_at_the_field(
    api: Api, cast: Cast, work: Any, nothing_changes: Any, fields: dict[str, Any], pointer: str
) -> None:
    engagement, people = work
    body = {
        "engagement": engagement.public_id,
        "kind": "hours",
        "reason_code": "scope",
        "placement": people[0].public_id,
        "starts_on": (engagement.starts_on + WEEK).isoformat(),
        "weekly_minutes": 1200,
        **fields,
    }
    client = api(cast.client)
    with nothing_changes():
        refused = client.post(CHANGES, body, format="json")
        assert refused.status_code == 422, refused.json()
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_a_professional_asks_neither_for_an_extension_nor_for_others(
    api: Api, cast: Cast, work: Any, nothing_changes: Any
) -> None:
    engagement, people = work
    client = api(cast.professional)
    common = {"engagement": engagement.public_id, "reason_code": "scope"}
    later = (engagement.ends_on + WEEK).isoformat()
    with nothing_changes():
        refused = client.post(CHANGES, {**common, "kind": "extension", "ends_on": later}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_ask")
        others = {"placement": people[1].public_id, "starts_on": later, "weekly_minutes": 1200}
        refused = client.post(CHANGES, {**common, "kind": "hours", **others}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (422, "unknown_placement")


# -- answers, deadlines, versions --------------------------------------------------------------------------------------
def test_a_no_ends_the_change_and_leaves_the_terms(api: Api, cast: Cast, work: Any) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    before = _everything(engagement)
    path = f"engagement-changes/{change.public_id}/decline"
    said = post(api(cast.professional), path, {"reason_code": "other_commitment"}, seen=change)
    assert (said.status_code, said.json()["status"], said.json()["status_reason"]) == (
        200,
        "declined",
        "other_commitment",
    )
    assert _everything(engagement) == before
    again = post(api(cast.professional), f"engagement-changes/{change.public_id}/accept", seen=change)
    assert again.status_code == 409


def test_an_answer_names_the_version_it_saw(api: Api, cast: Cast, work: Any) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    client = api(cast.professional)
    path = f"{CHANGES}/{change.public_id}/accept"
    assert client.post(path, {}, format="json").status_code == 428
    assert client.post(path, {}, format="json", headers={"If-Match": '"7"'}).status_code == 412
    assert change.answers.filter(accepted__isnull=True).count() == 2


def test_nobody_answers_after_the_deadline_whether_or_not_it_was_swept(
    api: Api, cast: Cast, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    at(monkeypatch, (change.expires_at + dt.timedelta(days=1)).date())
    assert api(cast.client).get(f"{CHANGES}/{change.public_id}").json()["status"] == "expired"
    with pytest.raises(Conflict) as refusal:
        _answer(change, cast.professional)
    assert refusal.value.code == "change_expired"
    assert fresh(change).status == "expired"


def test_the_sweep_closes_what_nobody_answered(cast: Cast, work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    assert changes.expire_due() == 0
    at(monkeypatch, (change.expires_at + dt.timedelta(days=1)).date())
    assert changes.expire_due() == 1
    assert fresh(change).status == "expired"
    assert changes.expire_due() == 0
    assert OutboxEvent.objects.filter(kind="engagement.change_expired").count() == 1


def test_one_change_of_the_end_waits_at_a_time(cast: Cast, work: Any, nothing_changes: Any) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    with nothing_changes(), pytest.raises(Conflict) as refusal:
        changes.request(engagement=engagement, asked=_extension(engagement, 8), actor=actor(cast.recruiter))
    assert refusal.value.code == "change_open"
    changes.withdraw(change=change, version=1, actor=actor(cast.client))
    assert changes.request(engagement=engagement, asked=_extension(engagement, 8), actor=actor(cast.client))


def test_only_the_side_that_asked_takes_it_back(api: Api, cast: Cast, work: Any) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    path = f"engagement-changes/{change.public_id}/withdraw"
    refused = post(api(cast.professional), path, seen=change)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_withdraw")
    assert post(api(cast.client), path, seen=change).json()["status"] == "withdrawn"


def test_when_somebody_leaves_meanwhile_the_change_no_longer_applies(
    cast: Cast, colleague: Professional, work: Any
) -> None:
    engagement, people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    _answer(change, colleague.user)
    placements.vacate(placement=people[1], reason_code="resigned", actor=actor(cast.recruiter))
    before = _everything(engagement)
    with pytest.raises(Conflict) as refusal:
        _answer(change, cast.professional)
    assert refusal.value.code == "terms_changed"
    row = fresh(change)
    assert (row.status, row.status_reason) == ("superseded", "terms_changed")
    assert _everything(engagement) == before


def test_a_change_does_not_outlive_its_engagement(cast: Cast, work: Any) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    row = fresh(engagement)
    engagements.complete(engagement=row, version=row.version, actor=None)
    with pytest.raises(Conflict) as refusal:
        _answer(change, cast.professional)
    assert refusal.value.code == "not_running"
    assert fresh(change).status == "superseded"


def test_the_audit_of_the_engagement_tells_the_whole_story(cast: Cast, colleague: Professional, work: Any) -> None:
    engagement, _people = work
    change = changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    _answer(change, cast.professional, colleague.user)
    rows = AuditEvent.objects.filter(subject=engagement.public_id, action__startswith="engagement.change_")
    assert [(row.action, row.actor) for row in rows.order_by("sequence")] == [
        ("engagement.change_requested", cast.client.public_id),
        ("engagement.change_accepted", cast.professional.public_id),
        ("engagement.change_accepted", colleague.user.public_id),
        ("engagement.change_applied", colleague.user.public_id),
    ]


def test_the_list_takes_a_fixed_number_of_queries(
    api: Api, cast: Cast, work: Any, django_assert_max_num_queries: Any
) -> None:
    engagement, people = work
    changes.request(engagement=engagement, asked=_extension(engagement), actor=actor(cast.client))
    for placement in people:
        asked = changes.Asked(
            "hours", "scope", placement_id=placement.pk, starts_on=engagement.starts_on + WEEK, weekly_minutes=1200
        )
        changes.request(engagement=engagement, asked=asked, actor=actor(cast.client))
    client = api(cast.client)
    with django_assert_max_num_queries(5):
        assert len(client.get(CHANGES, {"engagement": engagement.public_id}).json()["results"]) == 3
    with django_assert_max_num_queries(7):
        assert client.get(f"{CHANGES}/{EngagementChange.objects.first().public_id}").status_code == 200

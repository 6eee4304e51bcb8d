"""Seats: left for a reason, taken by somebody else, lengthened once; what time brings about by itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from marketplace.audit.models import AuditEvent
from marketplace.clients import subscriptions
from marketplace.clients.events import PlacementVacated
from marketplace.clients.models import Engagement, Invitation, Placement, Project
from marketplace.clients.services import confirmation, deadlines, engagements, invitations, placements
from marketplace.clients.services.placements import Newcomer
from marketplace.delivery.models import Notification, OutboxEvent
from marketplace.kernel import clock, events
from marketplace.kernel.errors import Conflict, Invalid
from profiles.models import Booking, PersonWeek, Professional
from tests.conftest import Cast
from tests.factories import accounts, clients, profiles

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def opened(cast: Cast) -> Engagement:
    """Return an accepted cell of the cast's professional and a colleague, who have just been asked."""
    return clients.engagement(cast.organization, [cast.profile, profiles.professional(given_names="Ximena")])[0]


@pytest.fixture
def working(opened: Engagement) -> Engagement:
    """Return it with the work begun a week ago."""
    row = engagements.confirm(engagement=opened, actor=None)
    row = engagements.start(engagement=row, version=row.version, actor=None)
    shift(row, row.starts_on - clock.monday_of(clock.today()) + 7 * DAY)
    return row


def shift(engagement: Engagement, by: dt.timedelta) -> None:
    """Let an engagement have begun earlier, with the ledger as acceptance would have written it."""
    for booking in Booking.objects.filter(placement_id__in=engagement.placements.values("pk")):
        booking.starts_on -= by
        booking.touch("starts_on")
        for week in clock.weeks_between(booking.starts_on, booking.ends_on):
            PersonWeek.objects.update_or_create(
                professional_id=booking.professional_id, week=week, defaults={"capacity": 2400, "booked": 2400}
            )
    engagement.starts_on -= by
    engagement.touch("starts_on")
    for placement in engagement.placements.all():
        placement.starts_on -= by
        placement.touch("starts_on")


def of(engagement: Engagement, person: Professional) -> Placement:
    return Placement.objects.get(engagement=engagement, professional=person)


def newcomer(gone: Placement, person: Professional | None = None, **fields: Any) -> Newcomer:
    values: dict[str, Any] = {
        "seat": gone.seat,
        "professional": person or profiles.professional(given_names="Nayeli"),
        "weekly_minutes": 2400,
        "rate_amount": Decimal("45.00"),
        "rate_currency": "USD",
        "monthly_cost": Decimal("7800.00"),
        "replaces": gone,
        **fields,
    }
    return Newcomer(**values)


def install(engagement: Engagement, *newcomers: Newcomer, cost: str = "14800.00") -> list[Placement]:
    with transaction.atomic():
        return placements.install(engagement=engagement, newcomers=newcomers, monthly_cost=Decimal(cost), actor=None)


def booked(person: Professional) -> set[int]:
    coming = PersonWeek.objects.filter(professional=person, week__gt=clock.today())
    return set(coming.values_list("booked", flat=True))


# -- leaving a seat ---------------------------------------------------------------------------------------------------
def test_vacating_before_the_work_ends_the_placement_and_frees_all_hours(
    cast: Cast, opened: Engagement, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[PlacementVacated] = []
    events.subscribe(PlacementVacated, heard.append)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    finally:
        events._subscribers[PlacementVacated].remove(heard.append)
    assert heard == [PlacementVacated(opened.pk, gone.pk, "other")]
    assert (gone.status, gone.vacant_from, gone.needs_replacement) == ("ended", opened.starts_on, True)
    assert booked(cast.profile) == {0}
    assert clients.invitation(gone).status == "withdrawn"
    assert AuditEvent.objects.get(action="placement.vacated").data["reason_code"] == "other"
    told = Notification.objects.filter(kind="placement.vacated")
    assert {row.recipient_id for row in told} == {cast.client.pk, cast.recruiter.pk}


def test_work_under_way_goes_on_until_the_day_before(cast: Cast, working: Engagement) -> None:
    last = clock.monday_of(clock.today()) + 11 * DAY
    gone = placements.vacate(placement=of(working, cast.profile), reason_code="leave", from_day=last + DAY, actor=None)
    assert (gone.status, gone.ends_on, gone.vacant_from) == ("active", last, last + DAY)
    assert gone.needs_replacement
    assert Booking.objects.get(placement_id=gone.pk).ends_on == last
    after = PersonWeek.objects.filter(professional=cast.profile, week__gt=last)
    assert set(after.values_list("booked", flat=True)) == {0}
    assert PersonWeek.objects.get(professional=cast.profile, week=clock.monday_of(last)).booked == 2400
    subscriptions.sweep()
    assert of(working, cast.profile).status == "active"
    Placement.objects.filter(pk=gone.pk).update(vacant_from=clock.today())
    assert [placements.end_due(), placements.end_due()] == [1, 0]
    assert of(working, cast.profile).status == "ended"


def test_days_already_worked_stay_booked_when_somebody_leaves_today(cast: Cast, working: Engagement) -> None:
    gone = placements.vacate(placement=of(working, cast.profile), reason_code="resigned", actor=None)
    assert (gone.status, gone.ends_on) == ("ended", clock.today() - DAY)
    week = clock.monday_of(clock.today()) - 7 * DAY
    assert PersonWeek.objects.get(professional=cast.profile, week=week).booked == 2400
    assert booked(cast.profile) == {0}


@pytest.mark.parametrize("reason", ["boredom", ""])
def test_a_seat_is_not_left_without_a_known_reason(cast: Cast, opened: Engagement, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        placements.vacate(placement=of(opened, cast.profile), reason_code=reason, actor=None)
    assert refusal.value.code == "unknown_reason"
    assert of(opened, cast.profile).status == "held"


def test_a_seat_is_left_once(cast: Cast, opened: Engagement) -> None:
    gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    with pytest.raises(Conflict) as refusal:
        placements.vacate(placement=gone, reason_code="other", actor=None)
    assert refusal.value.code == "placement_over"
    assert OutboxEvent.objects.filter(kind="placement.vacated").count() == 1


# -- taking a seat ----------------------------------------------------------------------------------------------------
def test_a_newcomer_is_held_asked_and_linked_and_the_cost_is_the_new_one(cast: Cast, opened: Engagement) -> None:
    gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    (made,) = install(opened, newcomer(gone))
    gone.refresh_from_db()
    opened.refresh_from_db()
    assert (made.status, made.starts_on, made.ends_on) == ("held", opened.starts_on, opened.ends_on)
    assert (gone.replaced_by, gone.needs_replacement) == (made, False)
    assert not Placement.objects.vacant().exists()
    assert opened.monthly_cost == Decimal("14800.00")
    assert max(booked(made.professional)) == 2400
    asked = clients.invitation(made)
    assert (asked.status, asked.expires_at) == ("sent", opened.confirm_by - deadlines.TO_REPLACE)
    assert Booking.objects.get(placement_id=made.pk).held_until == opened.confirm_by
    told = Notification.objects.filter(kind="engagement.members_changed").values_list("recipient_id", flat=True)
    stayer = opened.placements.exclude(pk__in=[gone.pk, made.pk]).get()
    assert set(told) == {cast.client.pk, stayer.professional.user_id}


def test_with_the_newcomers_yes_the_cell_is_complete(cast: Cast, opened: Engagement) -> None:
    gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    engagements.confirm(engagement=opened, actor=None)
    opened.refresh_from_db()
    assert opened.status == "confirming"
    (made,) = install(opened, newcomer(gone))
    engagements.confirm(engagement=opened, professional=made.professional, actor=accounts.actor(made.professional.user))
    opened.refresh_from_db()
    assert opened.status == "active"
    assert set(opened.placements.exclude(pk=gone.pk).values_list("status", flat=True)) == {"confirmed"}


def test_a_newcomer_in_a_running_engagement_is_waited_for_alone(cast: Cast, working: Engagement) -> None:
    vacant = clock.monday_of(clock.today()) + 14 * DAY
    gone = placements.vacate(placement=of(working, cast.profile), reason_code="leave", from_day=vacant, actor=None)
    (made,) = install(working, newcomer(gone))
    assert (made.status, made.starts_on) == ("held", vacant)
    asked = clients.invitation(made)
    assert dt.timedelta(0) < asked.expires_at - clock.now() <= deadlines.ANSWER_WITHIN
    firm = Booking.objects.exclude(placement_id=made.pk)
    assert set(firm.values_list("status", flat=True)) == {"confirmed"}
    invitations.accept(invitation=asked, actor=accounts.actor(made.professional.user))
    assert Booking.objects.get(placement_id=made.pk).status == "confirmed"
    assert Engagement.objects.get(pk=working.pk).status == "active"
    assert of(working, made.professional).status == "confirmed"
    Placement.objects.filter(pk=made.pk).update(starts_on=clock.today())
    assert [engagements.start_due(), engagements.start_due()] == [1, 0]
    assert of(working, made.professional).status == "active"
    assert OutboxEvent.objects.get(kind="engagement.joined").subject == working.public_id


def test_a_newcomer_who_does_not_answer_leaves_the_seat_empty_again(cast: Cast, working: Engagement) -> None:
    gone = placements.vacate(placement=of(working, cast.profile), reason_code="resigned", actor=None)
    (made,) = install(working, newcomer(gone))
    past = clock.now() - dt.timedelta(seconds=1)
    Invitation.objects.filter(placement=made).update(expires_at=past)
    Booking.objects.filter(placement_id=made.pk).update(held_until=past)
    assert [invitations.expire_due(), invitations.expire_due()] == [1, 0]
    made.refresh_from_db()
    assert (made.status, made.ended_reason) == ("ended", "invitation_expired")
    assert list(Placement.objects.vacant()) == [made]
    assert clients.invitation(made).status == "expired"
    assert booked(made.professional) == {0}
    assert OutboxEvent.objects.filter(kind="invitation.expired").count() == 1


def test_a_stayer_may_change_seats_on_a_day_while_somebody_takes_theirs(cast: Cast, working: Engagement) -> None:
    day = clock.monday_of(clock.today()) + 14 * DAY
    stayer = working.placements.exclude(professional=cast.profile).get()
    gone = placements.vacate(placement=of(working, cast.profile), reason_code="leave", from_day=day, actor=None)
    moved, fresh = install(working, newcomer(gone, stayer.professional), newcomer(stayer, starts_on=day))
    stayer.refresh_from_db()
    assert (stayer.status, stayer.ends_on, stayer.replaced_by) == ("active", day - DAY, fresh)
    assert (moved.professional, moved.seat, moved.status) == (stayer.professional, gone.seat, "held")
    weeks = PersonWeek.objects.filter(professional=stayer.professional, week__gte=clock.monday_of(clock.today()))
    assert set(weeks.values_list("booked", flat=True)) <= {480, 960, 1440, 1920, 2400}
    assert not Placement.objects.vacant().exists()
    Placement.objects.filter(pk=stayer.pk).update(vacant_from=clock.today())
    placements.end_due()
    stayer.refresh_from_db()
    assert stayer.status == "replaced"


def test_nobody_is_installed_when_one_of_them_is_not_free(cast: Cast, opened: Engagement) -> None:
    gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    busy = profiles.professional()
    clients.engagement(clients.organization(), [busy])
    before = (list(Placement.objects.values()), list(PersonWeek.objects.order_by("pk").values()))
    with pytest.raises(Conflict) as refusal:
        install(opened, newcomer(gone, busy))
    assert (refusal.value.code, refusal.value.data["people"]) == ("people_not_free", [busy.public_id])
    assert (list(Placement.objects.values()), list(PersonWeek.objects.order_by("pk").values())) == before


def test_a_seat_is_taken_once_and_only_in_its_own_engagement(cast: Cast, opened: Engagement) -> None:
    gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    other, _rows = clients.engagement(clients.organization(), [profiles.professional()])
    with pytest.raises(Invalid) as foreign:
        install(other, newcomer(gone))
    assert foreign.value.code == "foreign_placement"
    with pytest.raises(Conflict) as twice:
        install(opened, newcomer(gone), newcomer(gone))
    assert twice.value.code == "already_replaced"
    install(opened, newcomer(gone))
    with pytest.raises(Conflict) as again:
        install(opened, newcomer(gone))
    assert again.value.code == "already_replaced"
    assert opened.placements.count() == 3


@pytest.mark.parametrize("over", ["terminated", "lapsed"])
def test_nobody_joins_what_is_over(cast: Cast, opened: Engagement, over: str) -> None:
    gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    if over == "terminated":
        row = Engagement.objects.get(pk=opened.pk)
        engagements.terminate(engagement=row, version=row.version, reason_code="budget", actor=None)
    else:
        clients.out_of_time(opened)
    with pytest.raises(Conflict) as refusal:
        install(opened, newcomer(gone))
    assert refusal.value.code == {"terminated": "engagement_over", "lapsed": "confirmation_over"}[over]
    assert opened.placements.count() == 2


# -- more time --------------------------------------------------------------------------------------------------------
def soon(engagement: Engagement, within: dt.timedelta, first: dt.timedelta | None = None) -> None:
    """Move the deadline of a confirming engagement close, its first one ``first`` from now."""
    until = clock.now() + within
    Engagement.objects.filter(pk=engagement.pk).update(
        confirm_by=until, first_confirm_by=clock.now() + (within if first is None else first)
    )
    Invitation.objects.filter(placement__engagement=engagement, status="sent").update(expires_at=until)
    Booking.objects.filter(status="held").update(held_until=until)


def test_a_vacancy_lengthens_the_others_holds_once_and_they_are_told(cast: Cast, opened: Engagement) -> None:
    soon(opened, dt.timedelta(hours=2))
    gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    row = confirmation.extend(vacancy=gone, actor=None)
    assert dt.timedelta(hours=71) < row.confirm_by - clock.now() <= deadlines.ANSWER_WITHIN
    stayer = opened.placements.exclude(pk=gone.pk).get()
    assert clients.invitation(stayer).expires_at == row.confirm_by - deadlines.TO_REPLACE
    assert Booking.objects.get(placement_id=stayer.pk).held_until == row.confirm_by
    assert Notification.objects.get(kind="invitation.extended").recipient_id == stayer.professional.user_id
    soon(opened, dt.timedelta(hours=1))
    confirmation.extend(vacancy=gone, actor=None)
    assert Engagement.objects.get(pk=opened.pk).confirm_by - clock.now() < dt.timedelta(hours=1)


def test_all_extensions_together_end_a_week_after_the_first_deadline(cast: Cast, opened: Engagement) -> None:
    soon(opened, dt.timedelta(hours=2), first=-dt.timedelta(days=6))
    gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    row = confirmation.extend(vacancy=gone, actor=None)
    assert row.confirm_by == row.first_confirm_by + deadlines.LONGEST_EXTENSION


def test_what_has_lapsed_is_not_lengthened(cast: Cast, opened: Engagement) -> None:
    gone = placements.vacate(placement=of(opened, cast.profile), reason_code="other", actor=None)
    clients.out_of_time(opened)
    with pytest.raises(Conflict) as refusal:
        confirmation.extend(vacancy=gone, actor=None)
    assert refusal.value.code == "confirmation_over"


# -- lapsing ----------------------------------------------------------------------------------------------------------
def test_without_everybodys_yes_in_time_the_cell_lapses_and_the_project_is_open_again(
    cast: Cast, opened: Engagement
) -> None:
    invitations.accept(invitation=clients.invitation(of(opened, cast.profile)), actor=accounts.actor(cast.professional))
    assert confirmation.lapse_due() == 0
    clients.out_of_time(opened)
    subscriptions.sweep()
    opened.refresh_from_db()
    assert (opened.status, opened.ended_reason) == ("terminated", "not_confirmed")
    assert set(opened.placements.values_list("status", "ended_reason")) == {("ended", "not_confirmed")}
    assert sorted(Invitation.objects.values_list("status", flat=True)) == ["accepted", "expired"]
    assert not PersonWeek.objects.filter(booked__gt=0).exists()
    assert set(Booking.objects.values_list("status", "held_until")) == {("released", None)}
    project = Project.objects.get(pk=opened.project_id)
    assert project.status == "published"
    kinds = list(OutboxEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["engagement.not_confirmed", "project.reopened"]
    told = set(Notification.objects.filter(kind="engagement.not_confirmed").values_list("recipient_id", flat=True))
    assert {cast.professional.pk, cast.client.pk, cast.recruiter.pk} <= told
    assert not Placement.objects.vacant().exists()
    events_before = OutboxEvent.objects.count()
    subscriptions.sweep()
    assert OutboxEvent.objects.count() == events_before


def test_a_project_that_is_open_again_can_be_staffed_again(cast: Cast, opened: Engagement) -> None:
    clients.out_of_time(opened)
    confirmation.lapse_due()
    project = Project.objects.get(pk=opened.project_id)
    seat = project.seats.first()
    with transaction.atomic():
        again, _rows = engagements.open(
            project=project,
            proposal_id=opened.pk,
            starts_on=opened.starts_on,
            ends_on=opened.ends_on,
            monthly_cost=Decimal(1),
            currency="USD",
            placements=[placements.PlacementTerms(seat, cast.profile, 2400, Decimal(40), "USD", Decimal(1))],
            actor=None,
        )
    assert again.status == "confirming"


# -- starting ---------------------------------------------------------------------------------------------------------
def test_on_the_first_day_the_work_begins_by_itself(opened: Engagement) -> None:
    engagements.confirm(engagement=opened, actor=None)
    subscriptions.sweep()
    assert set(opened.placements.values_list("status", flat=True)) == {"confirmed"}
    opened.placements.update(starts_on=clock.today())
    subscriptions.sweep()
    assert set(opened.placements.values_list("status", flat=True)) == {"active"}
    subscriptions.sweep()
    assert OutboxEvent.objects.filter(kind="engagement.started").count() == 1

"""Placements: who sits in which seat of an engagement, who leaves it, and who comes in their place."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients import notices
from marketplace.clients.events import PlacementVacated
from marketplace.clients.models import Engagement, Placement, Seat
from marketplace.clients.services import deadlines, documents, inviting, locking, overdue
from marketplace.clients.states import (
    LIVE_ENGAGEMENT,
    LIVE_PLACEMENT,
    EngagementStatus,
    InvitationStatus,
    PlacementStatus,
)
from marketplace.delivery import outbox
from marketplace.kernel import clock, events, states
from marketplace.kernel.errors import Conflict, Invalid
from profiles.models import Professional
from profiles.services import bookings

# Why somebody is no longer in a seat, and as what the client is told of it: what a person does is their own affair.
VACANCY_REASONS: dict[str, str] = {
    "invitation_declined": "declined",
    "invitation_expired": "no_answer",
    "profile_archived": "unavailable",
    "profile_paused": "unavailable",
    "profile_closed": "unavailable",
    "hours_lost": "unavailable",
    "leave": "leave",
    "resigned": "unavailable",
    "performance": "performance",
    "client_decision": "client_decision",
    "other": "other",
}
HANDED_OVER = "replaced"


@dataclass(frozen=True)
class PlacementTerms:
    """One person in one seat: the rate is per hour in the person's own currency, the cost in the engagement's.

    Dates are the engagement's where none are given. ``overlap_minutes`` are shared with the client on the worst day.
    """

    seat: Seat
    professional: Professional
    weekly_minutes: int
    rate_amount: Decimal
    rate_currency: str
    monthly_cost: Decimal
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    overlap_minutes: int | None = None


@dataclass(frozen=True)
class Newcomer(PlacementTerms):
    """Somebody who takes a seat in an engagement, as the successor of ``replaces`` if there is one."""

    replaces: Placement | None = None


def hold(engagement: Engagement, terms: Sequence[PlacementTerms], *, until: dt.datetime) -> list[Placement]:
    """Return new held placements in the order given, hours held and people asked ``until`` then.

    Within the caller's transaction, who holds project and engagement locked. Raises Conflict ``people_not_free``.
    """
    rows = Placement.objects.bulk_create(
        [
            Placement(
                engagement=engagement,
                seat=each.seat,
                professional=each.professional,
                starts_on=each.starts_on or engagement.starts_on,
                ends_on=each.ends_on or engagement.ends_on,
                weekly_minutes=each.weekly_minutes,
                rate_amount=each.rate_amount,
                rate_currency=each.rate_currency,
                monthly_cost=each.monthly_cost,
                overlap_minutes=each.overlap_minutes,
            )
            for each in terms
        ]
    )
    bookings.reserve(
        [
            bookings.Reservation(row.professional_id, row.pk, row.starts_on, row.ends_on, row.weekly_minutes)
            for row in rows
        ],
        held_until=until,
    )
    confirming = engagement.status == EngagementStatus.CONFIRMING
    inviting.send(engagement, rows, expires_at=deadlines.asked_until(clock.now(), until) if confirming else until)
    return rows


@transaction.atomic
def vacate(
    *, placement: Placement, reason_code: str, from_day: dt.date | None = None, actor: Actor | None
) -> Placement:
    """Take a person out of a seat from ``from_day`` (today by default), and give back the hours from then on.

    What has not begun ends at once; work under way goes on until the day before, and the row stays live until then.
    An unanswered invitation is withdrawn. PlacementVacated is announced, and the row itself says that a replacement is
    needed (``Placement.objects.vacant()``). Raises Invalid ``unknown_reason``, Conflict ``placement_over``.
    """
    if reason_code not in VACANCY_REASONS:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason to leave a seat."), known=list(VACANCY_REASONS)
        )
    engagement = locking.engagement(placement.engagement_id)
    row = locking.placement(placement.pk)
    if row.status not in LIVE_PLACEMENT or row.vacant_from is not None or engagement.status not in LIVE_ENGAGEMENT:
        raise Conflict("placement_over", _("This person no longer has the seat."), data={"status": row.status})
    for invitation in inviting.waiting([row]):
        inviting.close(invitation, InvitationStatus.WITHDRAWN, actor=actor, reason=reason_code)
    leave(row, reason_code=reason_code, from_day=from_day)
    engagement.touch()
    audit.record(
        subject=engagement,
        action="placement.vacated",
        actor=actor,
        placement=row.public_id,
        reason_code=reason_code,
        vacant_from=row.vacant_from,
    )
    outbox.publish(
        kind="placement.vacated",
        subject=engagement,
        organization_id=engagement.organization_id,
        placement=row.public_id,
        status=row.status,
        reason=VACANCY_REASONS[reason_code],
        vacant_from=str(row.vacant_from),
    )
    notices.seat_vacated(row, engagement)
    events.announce(PlacementVacated(engagement_id=engagement.pk, placement_id=row.pk, reason=reason_code))
    return row


def leave(row: Placement, *, reason_code: str, from_day: dt.date | None, to: str = PlacementStatus.ENDED) -> None:
    """End a locked placement from a day on, in its row and in the hours, and say nothing of it."""
    today = clock.today()
    day = max(from_day or today, today)
    begun = row.status == PlacementStatus.ACTIVE
    row.vacant_from = max(day, row.starts_on)
    row.ended_reason = reason_code
    if begun:
        row.ends_on = max(row.starts_on, min(row.ends_on, day - dt.timedelta(days=1)))
    if not begun or day <= today:
        states.move(row, to)
    row.touch("status", "ends_on", "vacant_from", "ended_reason")
    bookings.release(placement_ids=[row.pk], from_day=day if begun else None)


def end_due() -> int:
    """End the placements whose person has left by now; return how many. Running it twice changes nothing."""
    due = Placement.objects.live().filter(vacant_from__isnull=False, vacant_from__lte=clock.today()).order_by("pk")
    return overdue.each(_end, due.values_list("pk", flat=True))


@transaction.atomic
def _end(key: uuid.UUID) -> bool:
    locking.engagement(Placement.objects.values_list("engagement_id", flat=True).get(pk=key))
    row = locking.placement(key)
    if row.status not in LIVE_PLACEMENT:
        return False
    handed_over = row.ended_reason == HANDED_OVER
    states.move(row, PlacementStatus.REPLACED if handed_over else PlacementStatus.ENDED)
    row.touch("status")
    return True


def install(
    *, engagement: Engagement, newcomers: Sequence[Newcomer], monthly_cost: Decimal, actor: Actor | None
) -> list[Placement]:
    """Return the held placements of people who take seats in a living engagement, in the order given.

    Within the caller's transaction, who holds the project locked. Hours are reserved, invitations sent, whom they
    replace is linked (and leaves the day the newcomer starts, if not gone already), the monthly cost becomes
    ``monthly_cost``, and everybody else in it is told. While the engagement is confirming, the time for all answers is
    lengthened within its bounds; otherwise only the newcomers are waited for. Who is given no first day starts when
    the seat is free. Raises Conflict ``engagement_over``, ``confirmation_over``, ``already_replaced``,
    ``people_not_free``, and Invalid ``foreign_placement``.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("newcomers belong to the transaction of what brings them")
    row = locking.engagement(engagement.pk)
    if row.status not in LIVE_ENGAGEMENT:
        raise Conflict("engagement_over", _("This engagement is over."), data={"status": row.status})
    if row.has_lapsed:
        raise Conflict("confirmation_over", _("The time for everybody's answer is over."))
    stayers = locking.live_placements(row)
    replaced = {each.replaces.pk: _replaceable(row, each.replaces) for each in newcomers if each.replaces}
    if len(replaced) < sum(1 for each in newcomers if each.replaces):
        raise Conflict("already_replaced", _("Two people cannot take the same seat."))
    # All people at once and in order, before any hour moves: two installations must not wait for each other.
    bookings.lock_people(
        [each.professional.pk for each in newcomers]
        + [place.professional_id for place in [*stayers, *replaced.values()]]
    )
    terms = []
    for each in newcomers:
        starts_on = each.starts_on or _first_day(row, replaced.get(each.replaces.pk) if each.replaces else None)
        terms.append(_at(each, starts_on))
        if each.replaces and replaced[each.replaces.pk].vacant_from is None:
            _hand_over(replaced[each.replaces.pk], starts_on, actor)
    until = _answers_until(row, min((each.starts_on or row.starts_on for each in terms), default=row.starts_on))
    rows = hold(row, terms, until=until)
    for each, made in zip(newcomers, rows, strict=True):
        if each.replaces:
            gone = replaced[each.replaces.pk]
            gone.replaced_by = made
            gone.touch("replaced_by")
    if row.status == EngagementStatus.CONFIRMING:
        prolong(row, [place for place in stayers if place.pk not in replaced], until=until)
    row.monthly_cost = monthly_cost
    row.touch("monthly_cost", "confirm_by")
    audit.record(
        subject=row,
        action="engagement.members_changed",
        actor=actor,
        placements=[made.public_id for made in rows],
        replaced=[gone.public_id for gone in replaced.values()],
        monthly_cost=monthly_cost,
    )
    outbox.publish(
        kind="engagement.members_changed",
        subject=row,
        organization_id=row.organization_id,
        status=row.status,
        placements=[made.public_id for made in rows],
    )
    documents.prepare(engagement=row, actor=actor)
    notices.members_changed(row, [place for place in stayers if place.pk not in replaced], answer_by=until)
    return rows


def prolong(row: Engagement, placements: Iterable[Placement], *, until: dt.datetime) -> None:
    """Hold a confirming engagement's hours, and wait for its answers, ``until`` then. The caller saves ``confirm_by``.

    Raises Conflict ``confirmation_over`` when a hold has lapsed meanwhile.
    """
    staying = [place for place in placements if place.status in LIVE_PLACEMENT]
    if row.confirm_by == until or not staying:
        row.confirm_by = until
        return
    try:
        bookings.extend(placement_ids=[place.pk for place in staying], until=until)
    except Conflict as lapsed:
        raise Conflict("confirmation_over", _("The time for everybody's answer is over.")) from lapsed
    inviting.prolong(staying, until=deadlines.asked_until(clock.now(), until))
    row.confirm_by = until
    notices.deadline_extended(row, staying)


def _replaceable(row: Engagement, placement: Placement) -> Placement:
    locked = locking.placement(placement.pk)
    if locked.engagement_id != row.pk:
        raise Invalid("foreign_placement", _("This person is not in this engagement."))
    if locked.replaced_by_id is not None:
        raise Conflict("already_replaced", _("Somebody has taken this seat already."))
    return locked


def _first_day(row: Engagement, gone: Placement | None) -> dt.date:
    return max(row.starts_on, clock.today(), (gone and gone.vacant_from) or dt.date.min)


def _at(newcomer: Newcomer, starts_on: dt.date) -> PlacementTerms:
    return PlacementTerms(
        seat=newcomer.seat,
        professional=newcomer.professional,
        weekly_minutes=newcomer.weekly_minutes,
        rate_amount=newcomer.rate_amount,
        rate_currency=newcomer.rate_currency,
        monthly_cost=newcomer.monthly_cost,
        starts_on=starts_on,
        ends_on=newcomer.ends_on,
        overlap_minutes=newcomer.overlap_minutes,
    )


def _hand_over(place: Placement, day: dt.date, actor: Actor | None) -> None:
    """Let somebody who still sits there leave on the day the successor starts."""
    for invitation in inviting.waiting([place]):
        inviting.close(invitation, InvitationStatus.WITHDRAWN, actor=actor, reason=HANDED_OVER)
    leave(place, reason_code=HANDED_OVER, from_day=day, to=PlacementStatus.REPLACED)


def _answers_until(row: Engagement, starts_on: dt.date) -> dt.datetime:
    now = clock.now()
    if row.status == EngagementStatus.CONFIRMING and row.confirm_by and row.first_confirm_by:
        return deadlines.extended(now, row.confirm_by, row.first_confirm_by, row.starts_on)
    return deadlines.answer_by(now, starts_on)

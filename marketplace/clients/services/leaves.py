"""Leave of somebody who works in an engagement: on these days the placement asks for no hours, and the client is told.

Why somebody is away is known to them and to recruiters, no finer than a kind. The hours are given back to the person
and kept from the market, since who is on leave is not free for others either.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Leave, LeaveReason, Placement
from marketplace.clients.services import hours, locking, parties, placements
from marketplace.clients.states import WORKING_ENGAGEMENT, LeaveStatus, PlacementStatus
from marketplace.delivery import notifications, outbox
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed
from marketplace.kernel.transactions import retrying
from marketplace.rest import etags
from profiles.models import AvailabilityException
from profiles.services import availability

# From this many days on, both ends included, somebody else may be sought for the seat.
LONG_DAYS = 21
VACATE_REASON = "leave"

_DAY = dt.timedelta(days=1)


def days_of(leave: Leave) -> int:
    """Return how many days a leave lasts, both ends included."""
    return (leave.ends_on - leave.starts_on).days + 1


def is_long(leave: Leave) -> bool:
    """Return whether a leave lasts long enough to seek somebody else."""
    return days_of(leave) >= LONG_DAYS


def ask(*, placement: Placement, starts_on: dt.date, ends_on: dt.date, reason_kind: str, actor: Actor) -> Leave:
    """Take leave from a running placement: its hours of these days are given back, and the client is told.

    Raises NotAllowed ``not_yours_to_ask`` unless it is one's own or recorded by a recruiter, Invalid with every fault,
    Conflict ``not_running`` or ``leave_overlaps``.
    """
    row: Leave = retrying(lambda: _ask(placement.pk, starts_on, ends_on, reason_kind, actor))
    return row


def cancel(*, leave: Leave, version: int, actor: Actor) -> Leave:
    """Call a leave off, or come back early: from today or its first day on the hours are booked again.

    Raises PreconditionFailed, NotAllowed, Conflict ``leave_over``, ``not_running``, or ``people_not_free`` when the
    person has promised these hours elsewhere by now: then nothing changes.
    """
    row: Leave = retrying(lambda: _cancel(leave.pk, version, actor))
    return row


@transaction.atomic
def vacate(*, leave: Leave, version: int, actor: Actor) -> Placement:
    """End the placement from the first day of a long leave on, so that somebody else is sought for the seat.

    Raises PreconditionFailed, Conflict ``leave_not_long`` or ``leave_over``, and what ``placements.vacate`` raises.
    """
    placement, row = _locked_leave(leave.pk, version)
    _require_standing(row)
    if not is_long(row):
        raise Conflict(
            "leave_not_long",
            _("Somebody else is sought only for leave of %(days)s days or more.") % {"days": LONG_DAYS},
            data={"days": days_of(row), "least": LONG_DAYS},
        )
    return placements.vacate(
        placement=placement, reason_code=VACATE_REASON, from_day=max(clock.today(), row.starts_on), actor=actor
    )


@transaction.atomic
def _ask(key: uuid.UUID, starts_on: dt.date, ends_on: dt.date, reason_kind: str, actor: Actor) -> Leave:
    placement = _locked(key)
    _require_own(placement, actor)
    _require_running(placement)
    errors = []
    if reason_kind not in LeaveReason.values:
        errors.append(
            FieldError(
                "/reason_kind",
                "unknown_reason",
                _("This is not a kind of leave."),
                {"known": list(LeaveReason.values)},
            )
        )
    if starts_on < clock.today():
        errors.append(FieldError("/starts_on", "in_the_past", _("This day has already passed.")))
    if ends_on < starts_on:
        errors.append(FieldError("/ends_on", "ends_before_start", _("This is before the first day.")))
    if starts_on < placement.starts_on or ends_on > hours.last_day(placement):
        errors.append(FieldError("/ends_on", "out_of_range", _("Leave lies within the dates of the placement.")))
    if errors:
        raise Invalid.several(errors)
    others = placement.leaves.filter(status=LeaveStatus.GRANTED)
    if others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Conflict("leave_overlaps", _("Leave is already taken on some of these days."))
    row = Leave.objects.create(
        placement=placement, starts_on=starts_on, ends_on=ends_on, reason_kind=reason_kind, asked_by=actor.principal
    )
    hours.bring_in_line(placement.engagement, [placement], from_day=starts_on)
    _keep_from_market(row, actor)
    _say(placement, row, "engagement.leave_granted", actor)
    return row


@transaction.atomic
def _cancel(key: uuid.UUID, version: int, actor: Actor) -> Leave:
    placement, row = _locked_leave(key, version)
    _require_own(placement, actor)
    _require_running(placement)
    _require_standing(row)
    back_on = max(clock.today(), row.starts_on)
    _give_to_market(row, actor)
    if back_on > row.starts_on:
        row.ends_on = back_on - _DAY
        row.touch("ends_on")
        _keep_from_market(row, actor)
    else:
        states.move(row, LeaveStatus.CANCELLED)
        row.touch("status")
    hours.bring_in_line(placement.engagement, [placement], from_day=back_on)
    _say(placement, row, "engagement.leave_cancelled", actor)
    return row


def _locked(key: uuid.UUID) -> Placement:
    """Lock the engagement, then the placement."""
    engagement = locking.engagement(Placement.objects.values_list("engagement_id", flat=True).get(pk=key))
    row: Placement = (
        Placement.objects.select_for_update(no_key=True, of=("self",)).select_related("professional").get(pk=key)
    )
    row.engagement = engagement
    return row


def _locked_leave(key: uuid.UUID, version: int) -> tuple[Placement, Leave]:
    placement = _locked(Leave.objects.values_list("placement_id", flat=True).get(pk=key))
    row: Leave = Leave.objects.select_for_update(no_key=True).get(pk=key)
    etags.require(row, version)
    return placement, row


def _require_own(placement: Placement, actor: Actor) -> None:
    if not (actor.is_staff_side or parties.is_own(actor, placement)):
        raise NotAllowed("not_yours_to_ask", _("Leave is taken by the person, or recorded by a recruiter."))


def _require_running(placement: Placement) -> None:
    working = {PlacementStatus.CONFIRMED, PlacementStatus.ACTIVE}
    if placement.engagement.status not in WORKING_ENGAGEMENT or placement.status not in working:
        raise Conflict("not_running", _("Leave is taken from a placement that is running or confirmed."))


def _require_standing(row: Leave) -> None:
    if row.status != LeaveStatus.GRANTED or row.ends_on < clock.today():
        raise Conflict("leave_over", _("This leave is over or was called off."))


def _keep_from_market(row: Leave, actor: Actor) -> None:
    """Lower the person's week by the hours on leave, unless other promises leave no room for saying so."""
    person = row.placement.professional
    try:
        with transaction.atomic():
            exception = availability.add(
                professional=person,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                weekly_minutes=max(0, person.weekly_minutes - row.placement.weekly_minutes),
                actor=actor,
            )
    except DomainError:
        return
    row.exception_id = exception.pk
    row.touch("exception_id")


def _give_to_market(row: Leave, actor: Actor) -> None:
    # The person may have taken the exception back themselves.
    if row.exception_id and AvailabilityException.objects.filter(pk=row.exception_id).exists():
        availability.remove(professional=row.placement.professional, exception_id=row.exception_id, actor=actor)
    row.exception_id = None
    row.touch("exception_id")


def _say(placement: Placement, row: Leave, kind: str, actor: Actor) -> None:
    engagement = placement.engagement
    # The kind of leave stays out: who reads the audit of an engagement need not know it.
    audit.record(subject=engagement, action=kind, actor=actor, leave=row.public_id, placement=placement.public_id)
    outbox.publish(
        kind=kind,
        subject=row,
        organization_id=engagement.organization_id,
        engagement=engagement.public_id,
        status=row.status,
    )
    notifications.notify(
        recipients=[
            *parties.members(engagement.organization_id),
            *parties.people([placement]),
            *(notifications.recruiters() if is_long(row) else []),
        ],
        kind=kind,
        subject=row,
        data={"engagement": engagement.public_id, "starts_on": row.starts_on, "ends_on": row.ends_on},
        occasion=str(row.version),
    )

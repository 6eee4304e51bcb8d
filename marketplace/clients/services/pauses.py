"""Pauses of an engagement: the work rests from a day on, and goes on with everybody or not at all.

For two weeks the people's hours stay held for it, so that a short pause costs the client nobody. After that they are
free for other work: whoever is not being employed must not be kept from it. The deadline stands on the held hours
themselves, so it holds whether or not anything is swept.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Engagement, Pause, Placement, Project
from marketplace.clients.services import hours, locking, parties
from marketplace.clients.states import EngagementStatus
from marketplace.delivery import notifications, outbox
from marketplace.kernel import clock, identifiers, states
from marketplace.kernel.errors import Conflict, DomainError, Invalid
from marketplace.kernel.transactions import retrying

HOURS_KEPT_FOR = dt.timedelta(days=14)
REASONS = ("budget", "client_schedule", "regulation", "waiting_for_access", "people_away", "other")


def pause(
    *, engagement: Engagement, version: int, starts_on: dt.date | None = None, reason_code: str, actor: Actor
) -> Engagement:
    """Let the work rest from today, or from a later day on; the hours stay held for two weeks from then.

    ``ends_on`` stays: an extension is asked for by itself. Raises PreconditionFailed, IllegalTransition, Conflict
    ``pause_planned`` when one is planned already, Invalid ``unknown_reason`` or ``out_of_range``.
    """
    row: Engagement = retrying(lambda: _pause(engagement.pk, version, starts_on or clock.today(), reason_code, actor))
    return row


def resume(*, engagement: Engagement, version: int, actor: Actor) -> Engagement:
    """Go on from today with everybody's hours as they were agreed, or call off a pause that has not begun.

    Raises PreconditionFailed, IllegalTransition, Conflict ``people_not_free`` naming who has other work by now and in
    which weeks (nobody's hours are booked then, and the pause goes on), or ``past_the_end``.
    """
    row: Engagement = retrying(lambda: _resume(engagement.pk, version, actor))
    return row


def begin_due() -> int:
    """Begin the pauses whose day has come and close those of engagements that are over; return how many."""
    due = Pause.objects.filter(ended_on__isnull=True, began=False, starts_on__lte=clock.today())
    over = Pause.objects.filter(ended_on__isnull=True).exclude(
        engagement__status__in=[EngagementStatus.ACTIVE, EngagementStatus.PAUSED]
    )
    keys = sorted({*due.values_list("engagement_id", flat=True), *over.values_list("engagement_id", flat=True)})
    for key in keys:
        try:
            _catch_up(key)
        except DomainError:  # moved on a moment ago; the next sweep looks again
            continue
    return len(keys)


@transaction.atomic
def _pause(key: uuid.UUID, version: int, starts_on: dt.date, reason_code: str, actor: Actor) -> Engagement:
    if reason_code not in REASONS:
        raise Invalid.field("/reason_code", "unknown_reason", _("This is not a reason to pause."), known=list(REASONS))
    row = locking.engagement(key, version)
    states.require(row, EngagementStatus.PAUSED)
    if not clock.today() <= starts_on <= row.ends_on:
        raise Invalid.field("/starts_on", "out_of_range", _("A pause begins today or later, and before the end."))
    if _open(row) is not None:
        raise Conflict("pause_planned", _("A pause is planned already; call it off first."))
    planned = Pause.objects.create(
        engagement=row,
        starts_on=starts_on,
        kept_until=starts_on + HOURS_KEPT_FOR,
        reason_code=reason_code,
        asked_by=actor.principal,
    )
    if starts_on <= clock.today():
        _begin(row, planned, actor)
    else:
        row.touch()
        _say(row, planned, "engagement.pause_planned", actor)
    return row


@transaction.atomic
def _resume(key: uuid.UUID, version: int, actor: Actor) -> Engagement:
    row = locking.engagement(key, version)
    current = _open(row)
    if current is None or not current.began:
        if current is None:
            states.require(row, EngagementStatus.ACTIVE, only_from=EngagementStatus.PAUSED)
        else:
            _end(current, actor)
            row.touch()
            _say(row, current, "engagement.pause_called_off", actor)
        return row
    states.require(row, EngagementStatus.ACTIVE, only_from=EngagementStatus.PAUSED)
    if row.ends_on < clock.today():
        raise Conflict("past_the_end", _("The agreed end has passed; extend the engagement first."))
    hours.rebook(_working(row), from_day=max(clock.today(), current.starts_on))
    _end(current, actor)
    states.move(row, EngagementStatus.ACTIVE)
    row.touch("status")
    _say(row, current, "engagement.resumed", actor)
    return row


@transaction.atomic
def _catch_up(key: uuid.UUID) -> None:
    row = locking.engagement(key)
    current = _open(row)
    if current is None:
        return
    if row.status == EngagementStatus.ACTIVE and not current.began and current.starts_on <= clock.today():
        _begin(row, current, None)
    elif row.status not in {EngagementStatus.ACTIVE, EngagementStatus.PAUSED}:
        _end(current, None)


def _begin(row: Engagement, current: Pause, actor: Actor | None) -> None:
    states.move(row, EngagementStatus.PAUSED)
    row.touch("status")
    current.began = True
    current.touch("began")
    first = max(clock.today(), current.starts_on)
    hours.rebook(_working(row), from_day=first, held_until=hours.held_until(current))
    _say(row, current, "engagement.paused", actor)


def _end(current: Pause, actor: Actor | None) -> None:
    current.ended_on = clock.today()
    current.ended_by = actor.principal if actor else audit.SYSTEM
    current.touch("ended_on", "ended_by")


def _open(row: Engagement) -> Pause | None:
    found: Pause | None = row.pauses.select_for_update(no_key=True).filter(ended_on__isnull=True).first()
    return found


def _working(row: Engagement) -> list[Placement]:
    """Lock and return those who have said yes; the hours of who is still asked have a deadline of their own."""
    return [place for place in locking.live_placements(row) if place.status in parties.WORKING_PLACEMENT]


def _say(row: Engagement, current: Pause, kind: str, actor: Actor | None) -> None:
    audit.record(subject=row, action=kind, actor=actor, pause=current.public_id, reason=current.reason_code)
    outbox.publish(
        kind=kind,
        subject=row,
        organization_id=row.organization_id,
        status=row.status,
        project=identifiers.encode(Project.prefix, row.project_id),
    )
    notifications.notify(
        recipients=[*parties.people(_working(row)), *parties.members(row.organization_id)],
        kind=kind,
        subject=row,
        data={"starts_on": current.starts_on, "kept_until_on": current.kept_until},
        occasion=current.public_id,
    )

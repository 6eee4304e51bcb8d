"""Milestones: planned by the client or a recruiter, delivered by the people, taken or sent back by the client."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Engagement, Milestone, Party
from marketplace.clients.services import locking, parties
from marketplace.clients.states import LIVE_ENGAGEMENT, WORKING_ENGAGEMENT, MilestoneStatus
from marketplace.delivery import notifications, outbox
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict, DomainError, Invalid, NotAllowed
from marketplace.rest import etags

MOST_MILESTONES = 100
_EDITABLE = frozenset({MilestoneStatus.PLANNED, MilestoneStatus.REJECTED})


@transaction.atomic
def plan(
    *,
    engagement: Engagement,
    title: str,
    acceptance_criteria: str,
    due_on: dt.date,
    position: int | None = None,
    actor: Actor,
) -> Milestone:
    """Add a milestone, at the end of the list or at ``position`` (from 1).

    Raises Conflict ``not_running``, Invalid ``out_of_range`` for a day outside the engagement, ``too_many_milestones``.
    """
    row = locking.engagement(engagement.pk)
    if row.status not in LIVE_ENGAGEMENT:
        raise Conflict("not_running", _("This engagement is over."), data={"status": row.status})
    _require_within(row, due_on)
    count = row.milestones.count()
    if count >= MOST_MILESTONES:
        raise Invalid(
            "too_many_milestones", _("An engagement has at most %(most)s milestones.") % {"most": MOST_MILESTONES}
        )
    last = row.milestones.aggregate(last=Max("position"))["last"] or 0
    milestone = Milestone.objects.create(
        engagement=row, position=last + 1, title=title, acceptance_criteria=acceptance_criteria, due_on=due_on
    )
    if position is not None and position <= count:
        _place(milestone, position)
    _say(row, milestone, "milestone.planned", actor)
    return milestone


@transaction.atomic
def edit(*, milestone: Milestone, version: int, actor: Actor, **fields: Any) -> Milestone:
    """Change title, criteria, due day or position of a milestone that is not delivered.

    Raises PreconditionFailed, Conflict ``already_delivered`` or ``not_running``, Invalid ``out_of_range``.
    """
    engagement, row = _open(milestone.pk, version, LIVE_ENGAGEMENT)
    if row.status not in _EDITABLE:
        raise _delivered(row)
    position = fields.pop("position", None)
    if "due_on" in fields:
        _require_within(engagement, fields["due_on"])
        if fields["due_on"] >= clock.today():
            fields["told_late"] = False
    for name, value in fields.items():
        setattr(row, name, value)
    row.touch(*fields)
    if position is not None:
        _place(row, position)
    _say(engagement, row, "milestone.changed", actor, fields=sorted(fields))
    return row


@transaction.atomic
def drop(*, milestone: Milestone, version: int, actor: Actor) -> None:
    """Take a planned milestone out of the list. Raises PreconditionFailed, Conflict ``already_delivered``."""
    engagement, row = _open(milestone.pk, version, LIVE_ENGAGEMENT)
    if row.status != MilestoneStatus.PLANNED:
        raise _delivered(row)
    _say(engagement, row, "milestone.dropped", actor)
    row.delete()
    _renumber(list(Milestone.objects.filter(engagement=engagement).order_by("position")))


@transaction.atomic
def deliver(*, milestone: Milestone, version: int, note: str = "", actor: Actor) -> Milestone:
    """Say that it is done: by somebody who works in the engagement, or a recruiter.

    Raises PreconditionFailed, IllegalTransition, Conflict ``not_running``.
    """
    engagement, row = _open(milestone.pk, version)
    states.move(row, MilestoneStatus.DELIVERED)
    row.delivered_at, row.delivered_by, row.delivery_note = clock.now(), actor.principal, note
    row.touch("status", "delivered_at", "delivered_by", "delivery_note")
    _say(engagement, row, "milestone.delivered", actor)
    return row


def accept(*, milestone: Milestone, version: int, actor: Actor) -> Milestone:
    """Take what was delivered. Raises PreconditionFailed, IllegalTransition, Conflict, NotAllowed ``client_only``."""
    return _decide(milestone, version, MilestoneStatus.ACCEPTED, "", actor)


def reject(*, milestone: Milestone, version: int, reason: str, actor: Actor) -> Milestone:
    """Send back what was delivered, with what is missing. Raises as ``accept``."""
    return _decide(milestone, version, MilestoneStatus.REJECTED, reason, actor)


def tell_late() -> int:
    """Tell once of each milestone of a running engagement that is late by now; return how many."""
    late = Milestone.objects.late().filter(told_late=False, engagement__status__in=WORKING_ENGAGEMENT)
    keys = list(late.filter(status__in=_EDITABLE).values_list("pk", flat=True))
    for key in keys:
        try:
            _tell_late(key)
        except (DomainError, Milestone.DoesNotExist):  # decided or dropped a moment ago
            continue
    return len(keys)


@transaction.atomic
def _tell_late(key: uuid.UUID) -> None:
    engagement, row = _open(key, None)
    if row.late and row.status in _EDITABLE and not row.told_late:
        row.told_late = True
        row.touch("told_late")
        _say(engagement, row, "milestone.late", None)


@transaction.atomic
def _decide(milestone: Milestone, version: int, to: str, reason: str, actor: Actor) -> Milestone:
    if parties.side_of(actor) != Party.CLIENT:
        raise NotAllowed("client_only", _("Only the client accepts or rejects a milestone."))
    engagement, row = _open(milestone.pk, version)
    states.move(row, to)
    row.decided_at, row.decided_by, row.rejection_reason = clock.now(), actor.principal, reason
    row.touch("status", "decided_at", "decided_by", "rejection_reason")
    _say(engagement, row, f"milestone.{to}", actor)
    return row


def _open(
    key: uuid.UUID, version: int | None, among: Collection[str] = WORKING_ENGAGEMENT
) -> tuple[Engagement, Milestone]:
    """Lock the engagement, which must be in one of these states, then the milestone."""
    engagement = locking.engagement(Milestone.objects.values_list("engagement_id", flat=True).get(pk=key))
    row: Milestone = Milestone.objects.select_for_update(no_key=True).get(pk=key)
    if version is not None:
        etags.require(row, version)
    if engagement.status not in among:
        raise Conflict("not_running", _("This engagement is not running."), data={"status": engagement.status})
    return engagement, row


def _delivered(row: Milestone) -> Conflict:
    return Conflict(
        "already_delivered", _("This milestone has been delivered; it stays as it is."), data={"status": row.status}
    )


def _require_within(row: Engagement, due_on: dt.date) -> None:
    if not row.starts_on <= due_on <= row.ends_on:
        raise Invalid.field("/due_on", "out_of_range", _("This day lies outside the engagement."))


def _place(milestone: Milestone, position: int) -> None:
    others = list(
        Milestone.objects.filter(engagement=milestone.engagement_id).exclude(pk=milestone.pk).order_by("position")
    )
    others.insert(max(0, position - 1), milestone)
    _renumber(others)


def _renumber(rows: list[Milestone]) -> None:
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            row.touch("position")


def _say(engagement: Engagement, row: Milestone, kind: str, actor: Actor | None, **data: Any) -> None:
    audit.record(subject=engagement, action=kind, actor=actor, milestone=row.public_id, **data)
    outbox.publish(
        kind=kind,
        subject=row,
        organization_id=engagement.organization_id,
        engagement=engagement.public_id,
        status=row.status,
    )
    if kind in {"milestone.changed", "milestone.dropped"}:
        return
    notifications.notify(
        recipients=[
            *parties.members(engagement.organization_id),
            *parties.people(engagement.placements.filter(status__in=parties.WORKING_PLACEMENT)),
        ],
        kind=kind,
        subject=row,
        data={"engagement": engagement.public_id, "due_on": row.due_on},
        occasion=str(row.version),
    )

"""Engagements: opened by an accepted cell, confirmed by its people, started, and ended."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients import notices
from marketplace.clients.models import AnswerChannel, Engagement, Placement, Project
from marketplace.clients.services import (
    aftermath,
    deadlines,
    documents,
    invitations,
    inviting,
    locking,
    overdue,
    projects,
)
from marketplace.clients.services.confirmation import end_all, tell
from marketplace.clients.services.placements import PlacementTerms as PlacementTerms
from marketplace.clients.services.placements import hold
from marketplace.clients.states import LIVE_ENGAGEMENT, EngagementStatus, PlacementStatus
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.transactions import retrying
from profiles.models import Professional

TERMINATION_REASONS = ("client_decision", "professional_unavailable", "performance", "budget", "regulation", "other")


def open(
    *,
    project: Project,
    proposal_id: uuid.UUID,
    starts_on: dt.date,
    ends_on: dt.date,
    monthly_cost: Decimal,
    currency: str,
    placements: Sequence[PlacementTerms],
    actor: Actor | None,
) -> tuple[Engagement, list[Placement]]:
    """Return a new engagement and its held placements, in the order given, within the caller's transaction.

    The caller holds the project locked. Everybody's hours are held, and their answers awaited, until ``confirm_by``.
    Raises Conflict ``engagement_live`` and ``people_not_free``.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an engagement belongs to the transaction that accepts its cell")
    if Engagement.objects.filter(project=project, status__in=LIVE_ENGAGEMENT).exists():
        raise Conflict("engagement_live", _("People are already engaged in this project."))
    confirm_by = deadlines.answer_by(clock.now(), starts_on)
    engagement = Engagement.objects.create(
        organization_id=project.organization_id,
        project=project,
        proposal_id=proposal_id,
        starts_on=starts_on,
        ends_on=ends_on,
        monthly_cost=monthly_cost,
        currency=currency,
        confirm_by=confirm_by,
        first_confirm_by=confirm_by,
    )
    rows = hold(engagement, placements, until=confirm_by)
    audit.record(
        subject=engagement,
        action="engagement.opened",
        actor=actor,
        project=project.public_id,
        placements=[row.public_id for row in rows],
    )
    tell(engagement, "engagement.opened")
    documents.prepare(engagement=engagement, actor=actor)
    return engagement, rows


def confirm(*, engagement: Engagement, professional: Professional | None = None, actor: Actor | None) -> Engagement:
    """Record that one professional, or everybody still asked, has said yes: their invitations are accepted.

    Raises Conflict ``not_confirming`` once it has ended, ``nothing_to_confirm`` when nobody is asked, and
    ``invitation_expired``.
    """
    row: Engagement = retrying(lambda: _confirm(engagement.pk, professional, actor))
    return row


@transaction.atomic
def _confirm(key: uuid.UUID, professional: Professional | None, actor: Actor | None) -> Engagement:
    row = locking.engagement(key)
    if row.status not in LIVE_ENGAGEMENT:
        raise Conflict("not_confirming", _("This engagement no longer waits for anybody."), data={"status": row.status})
    asked = inviting.waiting(locking.live_placements(row))
    mine = [each for each in asked if professional is None or each.professional_id == professional.pk]
    if not mine:
        raise Conflict("nothing_to_confirm", _("Nobody here waits to be confirmed."))
    channel = AnswerChannel.RECRUITER if professional is None else AnswerChannel.APP
    invitations.say_yes(row, mine, actor=actor, channel=channel)
    return row


@transaction.atomic
def start(*, engagement: Engagement, version: int, actor: Actor | None) -> Engagement:
    """Begin the work of everybody who has said yes, once the engagement is open.

    Raises PreconditionFailed, Conflict ``placements_not_confirmed`` naming who has not answered, ``not_startable``
    when it is over or paused, and ``already_started`` when everybody works.
    """
    row = locking.engagement(engagement.pk, version)
    live = locking.live_placements(row)
    if row.status == EngagementStatus.CONFIRMING:
        waiting = [placement.public_id for placement in live if placement.status == PlacementStatus.HELD]
        raise Conflict("placements_not_confirmed", _("Not everybody has confirmed yet."), data={"placements": waiting})
    if row.status != EngagementStatus.ACTIVE:
        raise Conflict("not_startable", _("This engagement is not open."), data={"status": row.status})
    ready = [placement for placement in live if placement.status == PlacementStatus.CONFIRMED]
    if not ready:
        raise Conflict("already_started", _("Work has begun already."))
    _begin(row, live, ready, actor)
    return row


def start_due() -> int:
    """Begin the work of placements whose first day has come, in open engagements; return how many engagements.

    Running it twice, or twice at once, changes nothing.
    """
    due = Placement.objects.filter(
        status=PlacementStatus.CONFIRMED, starts_on__lte=clock.today(), engagement__status=EngagementStatus.ACTIVE
    )
    return overdue.each(_start_due, sorted(set(due.values_list("engagement_id", flat=True))))


@transaction.atomic
def _start_due(key: uuid.UUID) -> bool:
    row = locking.engagement(key)
    live = locking.live_placements(row)
    today = clock.today()
    ready = [place for place in live if place.status == PlacementStatus.CONFIRMED and place.starts_on <= today]
    if row.status != EngagementStatus.ACTIVE or not ready:
        return False
    _begin(row, live, ready, None)
    return True


def _begin(row: Engagement, live: list[Placement], ready: list[Placement], actor: Actor | None) -> None:
    first = all(placement.status != PlacementStatus.ACTIVE for placement in live)
    for placement in ready:
        states.move(placement, PlacementStatus.ACTIVE)
        placement.touch("status")
    row.touch()
    started = "engagement.started" if first else "engagement.joined"
    audit.record(subject=row, action=started, actor=actor, placements=[placement.public_id for placement in ready])
    tell(row, started)
    if first:
        notices.everybody("engagement.started", row, live)


@transaction.atomic
def complete(*, engagement: Engagement, version: int, actor: Actor | None) -> Engagement:
    """End the work as done: the project is completed, hours from today on are given back.

    Raises PreconditionFailed and IllegalTransition.
    """
    project = locking.project(engagement.project_id)
    row = locking.engagement(engagement.pk, version)
    states.require(row, EngagementStatus.COMPLETED)
    live = locking.live_placements(row)
    end_all(row, live)
    _move(row, EngagementStatus.COMPLETED, "engagement.completed", actor)
    notices.everybody("engagement.completed", row, live)
    projects.complete(project=project, actor=actor)
    return row


@transaction.atomic
def terminate(*, engagement: Engagement, version: int, reason_code: str, actor: Actor | None) -> Engagement:
    """End the work before it is done: hours from today on are given back and the project is canceled.

    Raises PreconditionFailed, IllegalTransition, and Invalid ``unknown_reason``.
    """
    if reason_code not in TERMINATION_REASONS:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason to terminate."), known=list(TERMINATION_REASONS)
        )
    project = locking.project(engagement.project_id)
    row = locking.engagement(engagement.pk, version)
    states.require(row, EngagementStatus.TERMINATED)
    live = locking.live_placements(row)
    end_all(row, live, reason=reason_code)
    row.ended_reason = reason_code
    _move(row, EngagementStatus.TERMINATED, "engagement.terminated", actor, "ended_reason", reason_code=reason_code)
    notices.everybody("engagement.terminated", row, live)
    projects.cancel(project=project, actor=actor)
    return row


def _move(row: Engagement, to: str, action: str, actor: Actor | None, *fields: str, **data: str) -> None:
    states.move(row, to)
    row.touch("status", *fields)
    audit.record(subject=row, action=action, actor=actor, **data)
    tell(row, action)
    if to in aftermath.OVER:
        aftermath.settle(engagement=row, actor=actor)

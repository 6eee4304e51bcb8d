"""Engagements: opened by an accepted cell, confirmed by its people, started, and ended."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Engagement, Placement, Project, Seat
from marketplace.clients.services import projects
from marketplace.clients.states import LIVE_ENGAGEMENT, LIVE_PLACEMENT, EngagementStatus, PlacementStatus
from marketplace.delivery import outbox
from marketplace.kernel import clock, identifiers, states
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rest import etags
from profiles.models import Professional
from profiles.services import bookings

TERMINATION_REASONS = ("client_decision", "professional_unavailable", "performance", "budget", "regulation", "other")


@dataclass(frozen=True)
class PlacementTerms:
    """One person in one seat: the rate is per hour in the person's own currency, the cost in the engagement's.

    Dates are the engagement's where none are given.
    """

    seat: Seat
    professional: Professional
    weekly_minutes: int
    rate_amount: Decimal
    rate_currency: str
    monthly_cost: Decimal
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


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

    The caller holds the project locked and books the hours. Raises Conflict ``engagement_live``.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an engagement belongs to the transaction that accepts its cell")
    if Engagement.objects.filter(project=project, status__in=LIVE_ENGAGEMENT).exists():
        raise Conflict("engagement_live", _("People are already engaged in this project."))
    engagement = Engagement.objects.create(
        organization_id=project.organization_id,
        project=project,
        proposal_id=proposal_id,
        starts_on=starts_on,
        ends_on=ends_on,
        monthly_cost=monthly_cost,
        currency=currency,
    )
    rows = Placement.objects.bulk_create(
        [
            Placement(
                engagement=engagement,
                seat=terms.seat,
                professional=terms.professional,
                starts_on=terms.starts_on or starts_on,
                ends_on=terms.ends_on or ends_on,
                weekly_minutes=terms.weekly_minutes,
                rate_amount=terms.rate_amount,
                rate_currency=terms.rate_currency,
                monthly_cost=terms.monthly_cost,
            )
            for terms in placements
        ]
    )
    audit.record(
        subject=engagement,
        action="engagement.opened",
        actor=actor,
        project=project.public_id,
        placements=[row.public_id for row in rows],
    )
    _tell(engagement, "engagement.opened")
    return engagement, rows


@transaction.atomic
def confirm(*, engagement: Engagement, professional: Professional | None = None, actor: Actor | None) -> Engagement:
    """Record that one professional, or everybody still held, has said yes.

    Raises Conflict ``not_confirming`` once it has started or ended, ``nothing_to_confirm`` when nobody is held.
    """
    row = _locked(engagement.pk)
    if row.status != EngagementStatus.CONFIRMING:
        raise Conflict("not_confirming", _("This engagement no longer waits for anybody."), data={"status": row.status})
    held = row.placements.select_for_update(no_key=True).filter(status=PlacementStatus.HELD).order_by("pk")
    mine = list(held.filter(professional=professional) if professional is not None else held)
    if not mine:
        raise Conflict("nothing_to_confirm", _("Nobody here waits to be confirmed."))
    _move_placements(mine, PlacementStatus.CONFIRMED)
    bookings.confirm(placement_ids=[placement.pk for placement in mine])
    row.touch()
    audit.record(
        subject=row, action="engagement.confirmed", actor=actor, placements=[placement.public_id for placement in mine]
    )
    return row


@transaction.atomic
def start(*, engagement: Engagement, version: int, actor: Actor | None) -> Engagement:
    """Begin the work once everybody has confirmed.

    Raises PreconditionFailed, IllegalTransition, and Conflict ``placements_not_confirmed`` naming who is missing.
    """
    row = _locked(engagement.pk, version)
    states.require(row, EngagementStatus.ACTIVE)
    live = _live_placements(row)
    waiting = [placement.public_id for placement in live if placement.status != PlacementStatus.CONFIRMED]
    if waiting or not live:
        raise Conflict("placements_not_confirmed", _("Not everybody has confirmed yet."), data={"placements": waiting})
    _move_placements(live, PlacementStatus.ACTIVE)
    _move(row, EngagementStatus.ACTIVE, "engagement.started", actor)
    return row


@transaction.atomic
def complete(*, engagement: Engagement, version: int, actor: Actor | None) -> Engagement:
    """End the work as done: the project is completed, hours from today on are given back.

    Raises PreconditionFailed and IllegalTransition.
    """
    project = _lock_project(engagement)
    row = _locked(engagement.pk, version)
    states.require(row, EngagementStatus.COMPLETED)
    _end_placements(row)
    _move(row, EngagementStatus.COMPLETED, "engagement.completed", actor)
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
    project = _lock_project(engagement)
    row = _locked(engagement.pk, version)
    states.require(row, EngagementStatus.TERMINATED)
    _end_placements(row)
    _move(row, EngagementStatus.TERMINATED, "engagement.terminated", actor, reason_code=reason_code)
    projects.cancel(project=project, actor=actor)
    return row


def _lock_project(engagement: Engagement) -> Project:
    # Project first, as everywhere: acceptance takes its locks in the same order.
    row: Project = Project.objects.select_for_update(no_key=True).get(pk=engagement.project_id)
    return row


def _locked(key: uuid.UUID, version: int | None = None) -> Engagement:
    row: Engagement = Engagement.objects.select_for_update(no_key=True).get(pk=key)
    if version is not None:
        etags.require(row, version)
    return row


def _live_placements(row: Engagement) -> list[Placement]:
    return list(row.placements.select_for_update(no_key=True).filter(status__in=LIVE_PLACEMENT).order_by("pk"))


def _move_placements(placements: Sequence[Placement], to: str) -> None:
    for placement in placements:
        states.move(placement, to)
        placement.touch("status")


def _end_placements(row: Engagement) -> None:
    live = _live_placements(row)
    _move_placements(live, PlacementStatus.ENDED)
    bookings.release(placement_ids=[placement.pk for placement in live], from_day=clock.today())


def _move(row: Engagement, to: str, action: str, actor: Actor | None, **data: str) -> None:
    states.move(row, to)
    row.touch("status")
    audit.record(subject=row, action=action, actor=actor, **data)
    _tell(row, action)


def _tell(row: Engagement, kind: str) -> None:
    outbox.publish(
        kind=kind,
        subject=row,
        organization_id=row.organization_id,
        status=row.status,
        project=identifiers.encode(Project.prefix, row.project_id),
    )

"""Offers: an approved cell is sent, and the client accepts it, declines it, asks for a change, or lets it lapse.

Acceptance is one transaction with locks in one order: project, proposal, people, person-weeks. All hours are booked, or
none.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Engagement, Project
from marketplace.clients.services import engagements, projects
from marketplace.clients.states import ProjectStatus
from marketplace.delivery import outbox
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict, DomainError, Invalid
from marketplace.kernel.transactions import retrying
from marketplace.rest import etags
from matching import notices
from matching.models import Offer, Proposal
from matching.services import proposals, runs
from matching.states import OfferStatus, ProposalStatus

VALID_FOR = dt.timedelta(days=14)
LONGEST = dt.timedelta(days=90)
DECLINE_REASONS = ("cost", "profile_mix", "timing", "project_changed", "other_provider", "other")
CHANGE_REASONS = ("cost", "profile_mix", "coverage", "language", "hours", "timing", "other")
WITHDRAWAL_REASONS = ("people_changed", "terms_wrong", "client_request", "other")
WITHDRAWN = "offer_withdrawn"  # why the cell of a withdrawn offer is approved again


@transaction.atomic
def send(*, proposal: Proposal, seen_version: int, expires_at: dt.datetime | None = None, actor: Actor) -> Offer:
    """Put an approved cell before the client, terms frozen; again after a request for changes, as the next number.

    Raises PreconditionFailed, IllegalTransition, Invalid.
    """
    now = clock.now()
    deadline = expires_at or now + VALID_FOR
    if not now < deadline <= now + LONGEST:
        raise Invalid.field("/expires_at", "expiry_out_of_range", _("An offer lapses within 90 days from now."))
    project = Project.objects.select_for_update().get(pk=proposal.project_id)
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    etags.require(row, seen_version)
    states.move(row, ProposalStatus.OFFERED)
    row.touch("status")
    number = row.offers.count() + 1
    offer = Offer.objects.create(proposal=row, number=number, terms=_terms(row), expires_at=deadline)
    audit.record(subject=offer, action="offer.sent", actor=actor, proposal=row.public_id, number=number)
    outbox.publish(kind="offer.sent", subject=offer, organization_id=project.organization_id)
    notices.offer_sent(offer, project)
    return offer


def _terms(proposal: Proposal) -> dict[str, Any]:
    """Return what is frozen: no names, no rates of single people."""
    return {
        "starts_on": proposal.starts_on.isoformat(),
        "ends_on": proposal.ends_on.isoformat(),
        "monthly_cost": {"amount": str(proposal.monthly_cost), "currency": proposal.currency},
        "members": [
            {
                "seat": member.seat.public_id,
                "pseudonym": member.pseudonym,
                "weekly_minutes": member.weekly_minutes,
                "monthly_cost": {"amount": str(member.monthly_cost), "currency": proposal.currency},
            }
            for member in proposal.members.select_related("seat")
        ],
    }


def accept(*, offer: Offer, seen_version: int, actor: Actor) -> Engagement:
    """Accept the offer as it was seen: engagement opened, everybody's hours held, siblings superseded.

    Raises PreconditionFailed, IllegalTransition, and Conflict ``offer_expired`` or ``people_not_free``. In the last
    case nothing is booked, the proposal is superseded, and a fresh run is asked for.
    """
    try:
        engagement: Engagement = retrying(lambda: _accept(offer.pk, seen_version, actor))
        return engagement
    except Conflict as conflict:
        if conflict.code == "people_not_free":
            retrying(lambda: _give_up(offer.pk))
        elif conflict.code == "offer_expired":
            retrying(lambda: lapse(offer.pk))
        raise


@transaction.atomic
def _accept(offer_id: uuid.UUID, seen_version: int, actor: Actor) -> Engagement:
    project, proposal, offer = _locked(offer_id)
    etags.require(offer, seen_version)
    states.require(offer, OfferStatus.ACCEPTED)
    if offer.expires_at <= clock.now():
        raise Conflict("offer_expired", _("This offer has lapsed; ask for a new one."))
    if project.status != ProjectStatus.PUBLISHED:
        raise Conflict("project_not_published", _("The project is no longer open."))
    members = list(proposal.members.select_related("seat", "professional").order_by("seat__position", "pk"))
    engagement, _held = engagements.open(
        project=project,
        proposal_id=proposal.pk,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        monthly_cost=proposal.monthly_cost,
        currency=proposal.currency,
        placements=[
            engagements.PlacementTerms(
                seat=m.seat,
                professional=m.professional,
                weekly_minutes=m.weekly_minutes,
                rate_amount=m.rate_amount,
                rate_currency=m.rate_currency,
                monthly_cost=m.monthly_cost,
                overlap_minutes=m.overlap_minutes,
            )
            for m in members
        ],
        actor=actor,
    )
    now = clock.now()
    states.move(offer, OfferStatus.ACCEPTED)
    offer.decided_at, offer.decided_by = now, actor.principal
    offer.touch("status", "decided_at", "decided_by")
    states.move(proposal, ProposalStatus.ACCEPTED)
    proposal.touch("status")
    proposals.supersede(project_id=project.pk, reason="sibling_accepted", spare=proposal)
    projects.mark_staffed(project=project, actor=actor)
    audit.record(subject=offer, action="offer.accepted", actor=actor, engagement=engagement.public_id)
    outbox.publish(
        kind="offer.accepted", subject=offer, organization_id=project.organization_id, engagement=engagement.public_id
    )
    notices.offer_decided(offer, project)
    return engagement


@transaction.atomic
def _give_up(offer_id: uuid.UUID) -> None:
    """Somebody is no longer free: the proposal is over, and the market is asked again."""
    project, proposal, offer = _locked(offer_id)
    if offer.status != OfferStatus.SENT:
        return
    proposals.end(proposal, ProposalStatus.SUPERSEDED, "people_not_free")
    outbox.publish(kind="offer.withdrawn", subject=offer, organization_id=project.organization_id)
    if project.status == ProjectStatus.PUBLISHED:
        runs.request(project=project, cause="people_not_free", actor=None)


@transaction.atomic
def decline(*, offer: Offer, seen_version: int, reason_code: str, actor: Actor) -> Offer:
    """Decline the offer as it was seen. Raises PreconditionFailed, IllegalTransition, Invalid."""
    if reason_code not in DECLINE_REASONS:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason to decline."), known=list(DECLINE_REASONS)
        )
    project, proposal, row = _locked(offer.pk)
    etags.require(row, seen_version)
    states.move(row, OfferStatus.DECLINED)
    row.decided_at, row.decided_by, row.decline_reason = clock.now(), actor.principal, reason_code
    row.touch("status", "decided_at", "decided_by", "decline_reason")
    proposals.end(proposal, ProposalStatus.DECLINED, reason_code)
    audit.record(subject=row, action="offer.declined", actor=actor, reason=reason_code)
    outbox.publish(kind="offer.declined", subject=row, organization_id=project.organization_id)
    notices.offer_decided(row, project)
    return row


def request_change(*, offer: Offer, seen_version: int, reason_code: str, message: str, actor: Actor) -> Offer:
    """Ask for something else than the offer as it was seen: it can no longer be accepted, and recruiters are told.

    Raises PreconditionFailed, IllegalTransition, Invalid ``unknown_reason`` and ``message_required``, and Conflict
    ``offer_expired``.
    """
    try:
        return _request_change(offer.pk, seen_version, reason_code, message, actor)
    except Conflict as conflict:
        if conflict.code == "offer_expired":
            retrying(lambda: lapse(offer.pk))
        raise


@transaction.atomic
def _request_change(offer_id: uuid.UUID, seen_version: int, reason_code: str, message: str, actor: Actor) -> Offer:
    if reason_code not in CHANGE_REASONS:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason for a change."), known=list(CHANGE_REASONS)
        )
    if not message.strip():
        raise Invalid.field("/message", "message_required", _("Say what should be different."))
    project, proposal, row = _locked(offer_id)
    etags.require(row, seen_version)
    states.require(row, OfferStatus.CHANGE_REQUESTED)
    if row.expires_at <= clock.now():
        raise Conflict("offer_expired", _("This offer has lapsed; ask for a new one."))
    states.move(row, OfferStatus.CHANGE_REQUESTED)
    row.decided_at, row.decided_by = clock.now(), actor.principal
    row.change_reason, row.change_message = reason_code, message.strip()
    row.touch("status", "decided_at", "decided_by", "change_reason", "change_message")
    states.move(proposal, ProposalStatus.CHANGE_REQUESTED)
    proposal.status_reason = reason_code
    proposal.touch("status", "status_reason")
    audit.record(subject=row, action="offer.change_requested", actor=actor, reason=reason_code)
    outbox.publish(kind="offer.change_requested", subject=row, organization_id=project.organization_id)
    notices.change_requested(row)
    return row


@transaction.atomic
def withdraw(*, offer: Offer, seen_version: int, reason_code: str, actor: Actor) -> Offer:
    """Take an offer back before it is decided; its cell is approved again. Raises as ``decline`` does."""
    if reason_code not in WITHDRAWAL_REASONS:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason to withdraw."), known=list(WITHDRAWAL_REASONS)
        )
    project, proposal, row = _locked(offer.pk)
    etags.require(row, seen_version)
    states.move(row, OfferStatus.WITHDRAWN)
    row.decided_at, row.decided_by, row.withdrawn_reason = clock.now(), actor.principal, reason_code
    row.touch("status", "decided_at", "decided_by", "withdrawn_reason")
    states.move(proposal, ProposalStatus.APPROVED)
    proposal.status_reason = WITHDRAWN
    proposal.touch("status", "status_reason")
    audit.record(subject=row, action="offer.withdrawn", actor=actor, reason=reason_code)
    outbox.publish(kind="offer.withdrawn", subject=row, organization_id=project.organization_id)
    notices.offer_withdrawn(row, project)
    return row


@transaction.atomic
def lapse(offer_id: uuid.UUID) -> None:
    """End an offer whose time is over; one that was decided meanwhile stays as it is."""
    project, proposal, offer = _locked(offer_id)
    if offer.status != OfferStatus.SENT or offer.expires_at > clock.now():
        return
    states.move(offer, OfferStatus.EXPIRED)
    offer.touch("status")
    proposals.end(proposal, ProposalStatus.EXPIRED, "offer_expired")
    outbox.publish(kind="offer.expired", subject=offer, organization_id=project.organization_id)
    notices.offer_decided(offer, project)


def lapse_due() -> int:
    """End every offer whose time is over; return how many were looked at."""
    due = list(Offer.objects.filter(status=OfferStatus.SENT, expires_at__lte=clock.now()).values_list("pk", flat=True))
    for key in due:
        try:
            lapse(key)
        except DomainError:
            continue
    return len(due)


def _locked(offer_id: uuid.UUID) -> tuple[Project, Proposal, Offer]:
    """Lock project, proposal and offer, in that order."""
    proposal_id, project_id = Offer.objects.values_list("proposal_id", "proposal__project_id").get(pk=offer_id)
    project = Project.objects.select_for_update().get(pk=project_id)
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    return project, proposal, Offer.objects.select_for_update().get(pk=offer_id)

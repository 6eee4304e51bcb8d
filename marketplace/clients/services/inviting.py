"""Invitations as rows: sent, found by their token, closed. What an answer brings about is in ``invitations``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients import notices
from marketplace.clients.invitation_links import digest, token
from marketplace.clients.models import Engagement, Invitation, Placement
from marketplace.clients.states import InvitationStatus
from marketplace.kernel import clock, states


def send(engagement: Engagement, placements: Sequence[Placement], *, expires_at: dt.datetime) -> list[Invitation]:
    """Ask the person of each placement, within the caller's transaction."""
    rows = []
    for placement in placements:
        invitation = Invitation(placement=placement, professional_id=placement.professional_id, expires_at=expires_at)
        invitation.token_digest = digest(token(invitation.public_id))
        rows.append(invitation)
    Invitation.objects.bulk_create(rows)
    for invitation in rows:
        audit.record(subject=invitation, action="invitation.sent", actor=None, placement=invitation.placement.public_id)
        notices.invitation_sent(invitation, engagement)
    return rows


def waiting(placements: Sequence[Placement]) -> list[Invitation]:
    """Lock the unanswered invitations to placements that the caller holds locked."""
    rows = Invitation.objects.filter(placement__in=placements, status=InvitationStatus.SENT)
    return list(rows.select_for_update(no_key=True).order_by("pk"))


def close(invitation: Invitation, to: str, *, actor: Actor | None, reason: str = "") -> None:
    """End a locked unanswered invitation as expired or withdrawn."""
    states.move(invitation, to)
    invitation.decided_at = clock.now()
    invitation.decided_by = actor.principal if actor else ""
    invitation.touch("status", "decided_at", "decided_by")
    audit.record(subject=invitation, action=f"invitation.{to}", actor=actor, **({"reason": reason} if reason else {}))
    if to == InvitationStatus.WITHDRAWN:
        notices.invitation_withdrawn(invitation)
    else:
        notices.invitation_expired(invitation)


def prolong(placements: Sequence[Placement], *, until: dt.datetime) -> None:
    """Give those who have not answered more time. The caller lengthens the holds."""
    for invitation in waiting(placements):
        invitation.expires_at = until
        invitation.reminded_at = None
        invitation.touch("expires_at", "reminded_at")

"""How long a cell stood in each stage, from the times that its decisions, its offer and the audit log recorded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from marketplace.audit.models import AuditEvent
from matching.models import Offer, Proposal
from matching.states import PROPOSAL, ProposalStatus


@dataclass(frozen=True)
class Stage:
    """``left_at`` is None for the stage that a cell stands in."""

    status: str
    entered_at: dt.datetime
    left_at: dt.datetime | None

    def seconds(self, now: dt.datetime) -> int:
        """Return how long it lasted, or has lasted until now."""
        return int(((self.left_at or now) - self.entered_at).total_seconds())


def of_proposal(proposal: Proposal) -> tuple[Stage, ...]:
    """Return the stages of a cell in order, in two queries."""
    offer: Offer | None = Offer.objects.filter(proposal=proposal).first()
    entered: list[tuple[dt.datetime, str]] = [(proposal.created_at, ProposalStatus.COMPOSED)]
    if proposal.approved_at is not None:
        entered.append((proposal.approved_at, ProposalStatus.APPROVED))
    if offer is not None:
        entered.append((offer.created_at, ProposalStatus.OFFERED))
    if not PROPOSAL[ProposalStatus(proposal.status)]:
        entered.append((_ended(proposal, offer), proposal.status))
    entered.sort()
    left: list[dt.datetime | None] = [at for at, _status in entered[1:]]
    return tuple(Stage(status, at, until) for (at, status), until in zip(entered, [*left, None], strict=True))


def _ended(proposal: Proposal, offer: Offer | None) -> dt.datetime:
    """Return when a cell reached its end: the audit log knows, or the offer that was accepted."""
    names = {f"proposal.{proposal.status}", "proposal.reject"}
    events = AuditEvent.objects.filter(subject=proposal.public_id, action__in=names).order_by("-sequence")
    event: AuditEvent | None = events.first()
    if event is not None:
        return event.created_at
    return (offer.decided_at if offer else None) or proposal.updated_at

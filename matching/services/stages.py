"""How long a cell stood in each stage, from the times that its decisions, its offers and the audit log recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.audit.models import AuditEvent
from matching.models import Offer, Proposal
from matching.states import PROPOSAL, OfferStatus, ProposalStatus


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
    offers: list[Offer] = list(Offer.objects.filter(proposal=proposal))
    entered: list[tuple[dt.datetime, str]] = [(proposal.created_at, ProposalStatus.COMPOSED)]
    if proposal.approved_at is not None:
        entered.append((proposal.approved_at, ProposalStatus.APPROVED))
    for offer in offers:
        entered.append((offer.created_at, ProposalStatus.OFFERED))
        if offer.decided_at is not None and offer.status == OfferStatus.CHANGE_REQUESTED:
            entered.append((offer.decided_at, ProposalStatus.CHANGE_REQUESTED))
        if offer.decided_at is not None and offer.status == OfferStatus.WITHDRAWN:
            entered.append((offer.decided_at, ProposalStatus.APPROVED))
    if proposal.status in _OVER:
        entered.append((_ended(proposal, offers), proposal.status))
    entered.sort(key=lambda stage: stage[0])
    left: list[dt.datetime | None] = [at for at, _status in entered[1:]]
    return tuple(Stage(status, at, until) for (at, status), until in zip(entered, [*left, None], strict=True))


_OVER = frozenset(status for status, further in PROPOSAL.items() if not further) | {ProposalStatus.ACCEPTED}


def _ended(proposal: Proposal, offers: Sequence[Offer]) -> dt.datetime:
    """Return when a cell reached its end: the audit log knows, or the offer that was accepted."""
    names = {f"proposal.{proposal.status}", "proposal.reject"}
    events = AuditEvent.objects.filter(subject=proposal.public_id, action__in=names).order_by("-sequence")
    event: AuditEvent | None = events.first()
    if event is not None:
        return event.created_at
    decided = [offer.decided_at for offer in offers if offer.decided_at is not None]
    return decided[-1] if decided else proposal.updated_at

"""A recruiter's judgment: nothing reaches a client without a recorded human decision."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Project
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Invalid
from marketplace.rest import etags
from matching.models import Proposal, ReviewDecision
from matching.models.review import Decision
from matching.states import ProposalStatus

APPROVE_REASONS = ("best_value", "strong_coverage", "client_preference", "continuity", "other")
REJECT_REASONS = ("thin_coverage", "cost", "availability_doubt", "language", "conflict_of_interest", "other")


@transaction.atomic
def approve(
    *, proposal: Proposal, seen_version: int, reason_code: str, comment: str = "", actor: Actor
) -> ReviewDecision:
    """Approve the cell as it was seen. Raises PreconditionFailed, IllegalTransition, Invalid."""
    return _decide(proposal, Decision.APPROVE, APPROVE_REASONS, seen_version, reason_code, comment, actor)


@transaction.atomic
def reject(
    *, proposal: Proposal, seen_version: int, reason_code: str, comment: str = "", actor: Actor
) -> ReviewDecision:
    """Reject the cell as it was seen. Raises PreconditionFailed, IllegalTransition, Invalid."""
    return _decide(proposal, Decision.REJECT, REJECT_REASONS, seen_version, reason_code, comment, actor)


def _decide(
    proposal: Proposal,
    decision: Decision,
    known_reasons: tuple[str, ...],
    seen_version: int,
    reason_code: str,
    comment: str,
    actor: Actor,
) -> ReviewDecision:
    if reason_code not in known_reasons:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason for this decision."), known=list(known_reasons)
        )
    if reason_code == "other" and not comment.strip():
        raise Invalid.field("/comment", "comment_required", _("Say in a comment what the other reason is."))
    Project.objects.select_for_update().get(pk=proposal.project_id)
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    etags.require(row, seen_version)
    if decision == Decision.APPROVE:
        states.move(row, ProposalStatus.APPROVED)
        row.approved_by, row.approved_at = actor.principal, clock.now()
    else:
        states.move(row, ProposalStatus.REJECTED)
    row.status_reason = reason_code
    row.touch("status", "status_reason", "approved_by", "approved_at")
    audit.record(subject=row, action=f"proposal.{decision}", actor=actor, reason=reason_code)
    return ReviewDecision.objects.create(
        proposal=row,
        decision=decision,
        reason_code=reason_code,
        comment=comment,
        decided_by=actor.principal,
        seen_version=seen_version,
    )

"""A recruiter's judgment: nothing reaches a client without a recorded human decision."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Project
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rest import etags
from matching.models import Proposal, ReviewDecision
from matching.models.review import Decision
from matching.services import review_policy
from matching.states import ProposalStatus

APPROVE_REASONS = ("best_value", "strong_coverage", "client_preference", "continuity", "other")
REJECT_REASONS = ("thin_coverage", "cost", "availability_doubt", "language", "conflict_of_interest", "other")


@transaction.atomic
def approve(
    *, proposal: Proposal, seen_version: int, reason_code: str, comment: str = "", actor: Actor
) -> ReviewDecision:
    """Approve the cell as it was seen; where ``review_policy`` asks for two people, the first leaves it waiting.

    Raises PreconditionFailed, IllegalTransition, Invalid, and Conflict ``second_recruiter_needed`` when the second
    would be the first again.
    """
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
    waiting: tuple[str, ...] = ()
    if decision == Decision.APPROVE:
        waiting = _approve(row, actor)
    else:
        states.move(row, ProposalStatus.REJECTED)
    if not waiting:
        row.status_reason = reason_code
        row.touch("status", "status_reason", "approved_by", "approved_at")
    audit.record(subject=row, action=f"proposal.{decision}", actor=actor, reason=reason_code, second_for=waiting)
    return ReviewDecision.objects.create(
        proposal=row,
        decision=decision,
        reason_code=reason_code,
        comment=comment,
        decided_by=actor.principal,
        seen_version=seen_version,
    )


def _approve(row: Proposal, actor: Actor) -> tuple[str, ...]:
    """Move the locked cell on, or return why another recruiter has to approve it as well."""
    # An offer that is withdrawn brings a cell back to approved; that is no way to approve it.
    states.require(row, ProposalStatus.APPROVED, only_from=ProposalStatus.COMPOSED)
    reasons, others = review_policy.reasons_for_second(row), review_policy.standing_behind(row)
    if reasons and len(others | {actor.principal}) < review_policy.PEOPLE_NEEDED:
        if row.decisions.filter(decision=Decision.APPROVE, decided_by=actor.principal).exists():
            raise Conflict(
                "second_recruiter_needed",
                _("You have approved this cell; another recruiter has to approve it as well."),
                data={"reasons": list(reasons)},
            )
        return reasons
    states.move(row, ProposalStatus.APPROVED)
    row.approved_by, row.approved_at = actor.principal, clock.now()
    return ()

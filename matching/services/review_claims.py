"""Claims on cells under review: taken by one recruiter at a time, given back, and lapsing by themselves."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, Invalid
from matching.models import Proposal, ReviewClaim, ReviewComment
from matching.states import ProposalStatus

LASTS = dt.timedelta(days=3)
IN_REVIEW = (ProposalStatus.COMPOSED, ProposalStatus.APPROVED, ProposalStatus.CHANGE_REQUESTED)


@transaction.atomic
def claim(*, proposal: Proposal, actor: Actor) -> ReviewClaim:
    """Take a cell to judge it; taking one's own again renews it.

    Of several who take it at once one wins. Raises Conflict ``not_in_review`` and ``already_claimed``.
    """
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if row.status not in IN_REVIEW:
        raise Conflict("not_in_review", _("This cell is no longer under review."), data={"status": row.status})
    now = clock.now()
    held = ReviewClaim.objects.select_for_update().filter(proposal=row, released_at__isnull=True).first()
    if held is not None and held.claimed_by == actor.principal:
        held.lapses_at = now + LASTS
        held.touch("lapses_at")
        return held
    if held is not None and held.lapses_at > now:
        raise Conflict(
            "already_claimed", _("Another recruiter has taken this cell."), data={"claimed_by": held.claimed_by}
        )
    if held is not None:
        held.released_at = held.lapses_at
        held.touch("released_at")
    made = ReviewClaim.objects.create(proposal=row, claimed_by=actor.principal, lapses_at=now + LASTS)
    audit.record(subject=row, action="review.claimed", actor=actor)
    return made


@transaction.atomic
def release(*, proposal: Proposal, actor: Actor) -> None:
    """Give back a cell that the actor has taken. Raises Conflict ``not_claimed`` and ``already_claimed``."""
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    held = ReviewClaim.objects.select_for_update().filter(proposal=row, released_at__isnull=True).first()
    if held is None:
        raise Conflict("not_claimed", _("Nobody has taken this cell."))
    if held.claimed_by != actor.principal:
        raise Conflict(
            "already_claimed", _("Another recruiter has taken this cell."), data={"claimed_by": held.claimed_by}
        )
    held.released_at = clock.now()
    held.touch("released_at")
    audit.record(subject=row, action="review.released", actor=actor)


@transaction.atomic
def comment(*, proposal: Proposal, text: str, actor: Actor) -> ReviewComment:
    """Note something about a cell for the others who judge it. Raises Invalid ``comment_required``."""
    if not text.strip():
        raise Invalid.field("/text", "comment_required", _("Write something."))
    made = ReviewComment.objects.create(proposal=proposal, author=actor.principal, text=text)
    audit.record(subject=proposal, action="review.commented", actor=actor, comment=made.public_id)
    return made

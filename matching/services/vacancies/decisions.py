"""What people decide about a replacement: a recruiter always, the client where it changes what was accepted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Engagement
from marketplace.delivery import outbox
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict, DomainError, Invalid
from marketplace.kernel.transactions import retrying
from marketplace.rest import etags
from matching import notices
from matching.models import Replacement
from matching.services.vacancies import applying, requests
from matching.states import LIVE_REPLACEMENT, ReplacementStatus

APPROVE_REASONS = ("least_disturbance", "best_value", "client_preference", "continuity", "other")
REJECT_REASONS = ("too_disturbing", "cost", "availability_doubt", "language", "conflict_of_interest", "other")
DECLINE_REASONS = ("cost", "profile_mix", "timing", "too_disturbing", "other")
ANSWER_WITHIN = dt.timedelta(hours=72)

T = TypeVar("T")


def asks_client(row: Replacement, engagement: Engagement, option: dict[str, Any]) -> list[str]:
    """Return what about an option differs from what the client accepted; empty where nothing does.

    ``cost_higher``, ``others_leave`` (more than those who are gone), ``seats_change``, ``starts_later``,
    ``terms_relaxed``.
    """
    new = [member for member in option["members"] if member["placement"] is None]
    later = any(dt.date.fromisoformat(member["starts_on"]) > engagement.starts_on for member in new)
    found = {
        "cost_higher": Decimal(option["monthly_cost"]) > engagement.monthly_cost,
        "others_leave": bool(option["leaves"]),
        "seats_change": bool(option["moves"]),
        # Where work is under way a newcomer always starts later: that is what a replacement is.
        "starts_later": engagement.status == "confirming" and later,
        "terms_relaxed": bool(row.relaxed),
    }
    return [code for code, holds in found.items() if holds]


def approve(
    *, replacement: Replacement, seen_version: int, option: int = 0, reason_code: str, comment: str = "", actor: Actor
) -> Replacement:
    """Approve one option as it was seen: it is applied, or put before the client where it changes what was accepted.

    Raises PreconditionFailed, IllegalTransition, Invalid ``unknown_reason``, ``comment_required`` and
    ``no_such_option``, and Conflict when the engagement or the people have changed, in which case a fresh replacement
    is asked for.
    """
    _require_reason(reason_code, comment, APPROVE_REASONS)

    @transaction.atomic
    def work() -> Replacement:
        row, engagement = applying.locked(replacement.pk)
        etags.require(row, seen_version)
        states.require(row, ReplacementStatus.AWAITING_CLIENT)
        if not 0 <= option < len(row.options):
            raise Invalid.field("/option", "no_such_option", _("There is no such option."), count=len(row.options))
        chosen = row.options[option]
        left = applying.require_standing(row, engagement, chosen)
        row.chosen, row.asks_client = option, asks_client(row, engagement, chosen)
        row.approved_by, row.approved_at = actor.principal, clock.now()
        row.reason_code, row.comment = reason_code, comment
        audit.record(subject=row, action="replacement.approved", actor=actor, reason=reason_code, option=option)
        if row.asks_client:
            _ask_client(row, engagement)
        else:
            applying.apply(row, engagement, left, actor=actor)
        return row

    return _or_anew(replacement.pk, work)


def _ask_client(row: Replacement, engagement: Engagement) -> None:
    states.move(row, ReplacementStatus.AWAITING_CLIENT)
    row.expires_at = clock.now() + ANSWER_WITHIN
    if engagement.status == "confirming" and engagement.confirm_by is not None:
        row.expires_at = min(row.expires_at, engagement.confirm_by)
    row.touch("status", "expires_at", "chosen", "asks_client", "approved_by", "approved_at", "reason_code", "comment")
    outbox.publish(
        kind="replacement.awaiting_client",
        subject=row,
        organization_id=engagement.organization_id,
        engagement=engagement.public_id,
        reasons=row.asks_client,
    )
    notices.replacement("replacement.awaiting_client", row, engagement)


@transaction.atomic
def reject(
    *, replacement: Replacement, seen_version: int, reason_code: str, comment: str = "", actor: Actor
) -> Replacement:
    """Reject what was found as it was seen. Raises PreconditionFailed, IllegalTransition, Invalid."""
    _require_reason(reason_code, comment, REJECT_REASONS)
    row, _engagement = applying.locked(replacement.pk)
    etags.require(row, seen_version)
    states.move(row, ReplacementStatus.REJECTED)
    row.reason_code, row.comment, row.finished_at = reason_code, comment, clock.now()
    row.status_reason = reason_code
    row.touch("status", "status_reason", "reason_code", "comment", "finished_at")
    audit.record(subject=row, action="replacement.rejected", actor=actor, reason=reason_code)
    return row


def confirm(*, replacement: Replacement, seen_version: int, actor: Actor) -> Replacement:
    """Accept the replacement as it was seen: the newcomers are asked and their hours held, all or nobody.

    Raises PreconditionFailed, IllegalTransition, and Conflict ``replacement_expired``, or as ``approve`` when the
    engagement or the people have changed.
    """

    @transaction.atomic
    def work() -> Replacement:
        row, engagement = applying.locked(replacement.pk)
        etags.require(row, seen_version)
        states.require(row, ReplacementStatus.APPLIED, only_from=ReplacementStatus.AWAITING_CLIENT)
        if row.expires_at is not None and row.expires_at <= clock.now():
            raise Conflict("replacement_expired", _("The time to answer is over; ask for a fresh replacement."))
        left = applying.require_standing(row, engagement, row.options[row.chosen])
        row.client_decided_by, row.client_decided_at = actor.principal, clock.now()
        audit.record(subject=row, action="replacement.confirmed", actor=actor)
        applying.apply(row, engagement, left, actor=actor)
        return row

    try:
        return _or_anew(replacement.pk, work)
    except Conflict as conflict:
        if conflict.code == "replacement_expired":
            retrying(lambda: lapse(replacement.pk))
        raise


@transaction.atomic
def decline(*, replacement: Replacement, seen_version: int, reason_code: str, actor: Actor) -> Replacement:
    """Decline the replacement as it was seen. Raises PreconditionFailed, IllegalTransition, Invalid."""
    if reason_code not in DECLINE_REASONS:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason to decline."), known=list(DECLINE_REASONS)
        )
    row, engagement = applying.locked(replacement.pk)
    etags.require(row, seen_version)
    states.move(row, ReplacementStatus.DECLINED)
    row.client_decided_by, row.client_decided_at = actor.principal, clock.now()
    row.decline_reason = row.status_reason = reason_code
    row.finished_at = clock.now()
    row.touch("status", "status_reason", "client_decided_by", "client_decided_at", "decline_reason", "finished_at")
    audit.record(subject=row, action="replacement.declined", actor=actor, reason=reason_code)
    _tell("replacement.declined", row, engagement)
    notices.replacement("replacement.declined", row, engagement)
    return row


@transaction.atomic
def lapse(replacement_id: uuid.UUID) -> None:
    """End a replacement that the client has not answered in time; one decided meanwhile stays as it is."""
    row, engagement = applying.locked(replacement_id)
    if row.status != ReplacementStatus.AWAITING_CLIENT or row.expires_at is None or row.expires_at > clock.now():
        return
    states.move(row, ReplacementStatus.EXPIRED)
    row.status_reason, row.finished_at = "not_answered", clock.now()
    row.touch("status", "status_reason", "finished_at")
    audit.record(subject=row, action="replacement.expired", actor=None)
    _tell("replacement.expired", row, engagement)


def lapse_due() -> int:
    """End every replacement whose time for the client's answer is over; return how many were looked at."""
    waiting = Replacement.objects.filter(status=ReplacementStatus.AWAITING_CLIENT, expires_at__lte=clock.now())
    keys = list(waiting.values_list("pk", flat=True))
    for key in keys:
        lapse(key)
    return len(keys)


def sweep() -> None:
    """End what has lapsed or lost its point, and ask for what nobody has asked for."""
    lapse_due()
    requests.end_pointless()
    requests.request_missing()


def _or_anew(replacement_id: uuid.UUID, work: Callable[[], T]) -> T:
    """Do a whole transaction; where it finds that things have moved on, supersede and ask anew in a second one."""
    try:
        return retrying(work)
    except Conflict as conflict:
        reason = conflict.code
        if reason in applying.STALE:
            retrying(lambda: _ask_anew(replacement_id, reason))
        raise


@transaction.atomic
def _ask_anew(replacement_id: uuid.UUID, reason: str) -> None:
    row, engagement = applying.locked(replacement_id)
    if row.status not in LIVE_REPLACEMENT:
        return
    requests.supersede(row, reason)
    try:
        with transaction.atomic():
            requests.request(engagement=engagement, cause=reason, actor=None)
    except DomainError:  # filled or over meanwhile: there is nothing left to look for
        return


def _tell(kind: str, row: Replacement, engagement: Engagement) -> None:
    outbox.publish(kind=kind, subject=row, organization_id=engagement.organization_id, engagement=engagement.public_id)


def _require_reason(reason_code: str, comment: str, known: tuple[str, ...]) -> None:
    if reason_code not in known:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason for this decision."), known=list(known)
        )
    if reason_code == "other" and not comment.strip():
        raise Invalid.field("/comment", "comment_required", _("Say in a comment what the other reason is."))

"""New terms for a running engagement: asked for by one side, applied when everybody they concern has said yes.

A longer or shorter time concerns the client and every member, other hours the client and the member. Whoever asks has
said yes by asking, except a recruiter, who only passes on. The last yes applies the change in its own transaction:
hours for everybody or for nobody. Locks: engagement, change, placements, people, weeks.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import (
    ChangeAnswer,
    ChangeKind,
    Engagement,
    EngagementChange,
    Party,
    Placement,
    PlacementTerm,
)
from marketplace.clients.services import change_rules, hours, locking, parties
from marketplace.clients.services.change_rules import REASONS as REASONS
from marketplace.clients.services.change_rules import Asked as Asked
from marketplace.clients.states import LIVE_PLACEMENT, WORKING_ENGAGEMENT, ChangeStatus
from marketplace.delivery import notifications, outbox
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict, DomainError, NotAllowed
from marketplace.kernel.transactions import retrying
from marketplace.rest import etags
from profiles.services import bookings

DECLINE_REASONS = ("cost", "schedule", "not_needed", "other_commitment", "other")

_DAY = dt.timedelta(days=1)


class _Undone(Exception):
    """Rolls back what was only tried."""


@transaction.atomic
def request(*, engagement: Engagement, asked: Asked, actor: Actor) -> EngagementChange:
    """Ask for new terms; everybody they concern is told, and has five days, or less where they begin before.

    Raises Invalid with every fault, NotAllowed ``not_yours_to_ask``, Conflict ``not_running``, ``change_open`` while an
    earlier one of the same kind waits, ``answers_awaited`` while somebody is asked to join, or ``people_not_free``
    naming who has no room for it in which weeks.
    """
    row = locking.engagement(engagement.pk)
    _require_running(row)
    members = _members(row)
    if any(member.status not in parties.WORKING_PLACEMENT for member in members):
        raise Conflict("answers_awaited", _("Somebody is still being asked to join; wait for the answer."))
    side = parties.side_of(actor)
    concerned = change_rules.concerned(row, members, asked, side, actor)
    change = EngagementChange(
        engagement=row,
        kind=asked.kind,
        reason_code=asked.reason_code,
        asked_by=actor.principal,
        asked_side=side,
        ends_on=asked.ends_on,
        ends_on_before=row.ends_on,
        starts_on=asked.starts_on,
        weekly_minutes=asked.weekly_minutes,
        monthly_cost=row.monthly_cost,
        monthly_cost_before=row.monthly_cost,
        expires_at=change_rules.answer_by(row, asked),
    )
    if asked.kind == ChangeKind.HOURS:
        (placement,) = concerned
        change.placement = placement
        change.weekly_minutes_before = placement.weekly_minutes
        change.monthly_cost += hours.cost_at(placement, asked.weekly_minutes or 0) - placement.monthly_cost
    change.warnings = change_rules.warnings(row, change, concerned)
    _create(change)
    _ask(change, concerned, side, actor)
    _try(row, change)
    audit.record(
        subject=row,
        action="engagement.change_requested",
        actor=actor,
        change=change.public_id,
        kind=change.kind,
        reason=change.reason_code,
    )
    _tell(row, change, "engagement.change_requested")
    waiting = concerned if side != Party.PROFESSIONAL else []
    notifications.notify(
        recipients=[*parties.people(waiting), *([] if side == Party.CLIENT else parties.members(row.organization_id))],
        kind="engagement.change_requested",
        subject=change,
        data={"engagement": row.public_id, "expires_at": change.expires_at},
        urgent_until=change.expires_at,
    )
    return change


def accept(*, change: EngagementChange, version: int, placement_id: uuid.UUID | None, actor: Actor) -> EngagementChange:
    """Say yes to a change as it was seen; the last yes applies it.

    A recruiter records the yes of the professional of ``placement_id``. Saying yes again changes nothing.
    Raises PreconditionFailed, NotAllowed ``not_yours_to_answer``, IllegalTransition, Conflict ``change_expired``,
    ``people_not_free`` (the yes is not kept, so that it can be given again), or ``terms_changed`` when the engagement
    is no longer what was asked about: then the change is superseded.
    """

    def work() -> EngagementChange:
        return _accept(change.pk, version, placement_id, actor)

    try:
        return retrying(work)
    except Conflict as refusal:
        if refusal.code in {"terms_changed", "not_running"}:
            reason = refusal.code
            retrying(lambda: _end(change.pk, ChangeStatus.SUPERSEDED, reason=reason))
        elif refusal.code == "change_expired":
            retrying(lambda: _end(change.pk, ChangeStatus.EXPIRED))
        elif refusal.code == "people_not_free" and parties.side_of(actor) == Party.PROFESSIONAL:
            # Who else has no room, and when, is not for a colleague to read.
            raise Conflict(refusal.code, refusal.detail) from refusal
        raise


@transaction.atomic
def decline(
    *, change: EngagementChange, version: int, placement_id: uuid.UUID | None = None, reason_code: str, actor: Actor
) -> EngagementChange:
    """Say no: the change is over and the terms stay as they are.

    Raises PreconditionFailed, NotAllowed, IllegalTransition, Conflict ``change_expired``, Invalid ``unknown_reason``.
    """
    if reason_code not in DECLINE_REASONS:
        raise change_rules.unknown_reason(DECLINE_REASONS)
    engagement, row = _open(change.pk, version, ChangeStatus.DECLINED)
    answer = _answer_of(row, placement_id, actor)
    _record(answer, False, actor, reason_code)
    _close(engagement, row, ChangeStatus.DECLINED, reason=reason_code, actor=actor)
    return row


@transaction.atomic
def withdraw(*, change: EngagementChange, version: int, actor: Actor) -> EngagementChange:
    """Take back what one's own side has asked for. Raises PreconditionFailed, NotAllowed, IllegalTransition."""
    engagement, row = _open(change.pk, version, ChangeStatus.WITHDRAWN)
    if parties.side_of(actor) not in {row.asked_side, Party.RECRUITER}:
        raise NotAllowed("not_yours_to_withdraw", _("Only the side that asked for a change can take it back."))
    _close(engagement, row, ChangeStatus.WITHDRAWN, actor=actor)
    return row


def expire_due() -> int:
    """Close what nobody may answer any more, or whose engagement is over; return how many were looked at."""
    late = EngagementChange.objects.open().filter(expires_at__lte=clock.now()).values_list("pk", flat=True)
    gone = (
        EngagementChange.objects.open().exclude(engagement__status__in=WORKING_ENGAGEMENT).values_list("pk", flat=True)
    )
    over, due = list(gone), list(late)
    for key in over:
        _quietly(lambda key=key: _end(key, ChangeStatus.SUPERSEDED, reason="not_running"))  # type: ignore[misc]
    for key in due:
        _quietly(lambda key=key: _end(key, ChangeStatus.EXPIRED))  # type: ignore[misc]
    return len(over) + len(due)


def _quietly(work: Callable[[], Any]) -> None:
    try:
        work()
    except DomainError:  # decided a moment ago
        return


def _members(row: Engagement) -> list[Placement]:
    """Lock and return who works in the engagement and is not leaving."""
    live = row.placements.select_for_update(no_key=True, of=("self",)).select_related("professional", "engagement")
    return list(live.filter(status__in=LIVE_PLACEMENT, vacant_from__isnull=True).order_by("pk"))


def _require_running(row: Engagement) -> None:
    if row.status not in WORKING_ENGAGEMENT:
        raise Conflict(
            "not_running",
            _("The terms can change only while the engagement is running."),
            data={"status": row.status},
        )


def _create(change: EngagementChange) -> None:
    if change.expires_at <= clock.now():
        raise Conflict("too_late", _("There is no time left for the others to answer."))
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as error:
        if "one_open" not in str(error):
            raise
        raise Conflict(
            "change_open", _("Another change of the same terms still waits for answers; withdraw it first.")
        ) from error


def _ask(change: EngagementChange, concerned: list[Placement], side: Party, actor: Actor) -> None:
    """Write down whose yes is needed; who asks has given theirs."""
    given: dict[str, Any] = {"accepted": True, "answered_by": actor.principal, "answered_at": clock.now()}
    ChangeAnswer.objects.bulk_create(
        [
            ChangeAnswer(change=change, placement=None, **(given if side == Party.CLIENT else {})),
            *(
                ChangeAnswer(change=change, placement=row, **(given if side == Party.PROFESSIONAL else {}))
                for row in concerned
            ),
        ]
    )


def _try(row: Engagement, change: EngagementChange) -> None:
    """Raise what applying the change would raise now, and leave everything as it is."""
    try:
        with transaction.atomic():
            _book(row, change)
            raise _Undone
    except _Undone:
        row.refresh_from_db()


@transaction.atomic
def _accept(key: uuid.UUID, version: int, placement_id: uuid.UUID | None, actor: Actor) -> EngagementChange:
    engagement, row = _open(key, version, ChangeStatus.APPLIED, again_by=(placement_id, actor))
    if row.status == ChangeStatus.APPLIED:
        return row
    answer = _answer_of(row, placement_id, actor)
    if answer.accepted is None:
        _record(answer, True, actor)
        audit.record(
            subject=engagement,
            action="engagement.change_accepted",
            actor=actor,
            change=row.public_id,
            placement=answer.placement.public_id if answer.placement else "",
        )
    if row.answers.filter(accepted__isnull=True).exists():
        return row
    _require_unchanged(engagement, row)
    _book(engagement, row)
    _close(engagement, row, ChangeStatus.APPLIED, actor=actor)
    return row


def _open(
    key: uuid.UUID, version: int, to: str, *, again_by: tuple[uuid.UUID | None, Actor] | None = None
) -> tuple[Engagement, EngagementChange]:
    """Lock the engagement, then the change, which must still wait at ``version`` for who may answer."""
    engagement_id = EngagementChange.objects.values_list("engagement_id", flat=True).get(pk=key)
    engagement = locking.engagement(engagement_id)
    row: EngagementChange = EngagementChange.objects.select_for_update(no_key=True).get(pk=key)
    if again_by and row.status == ChangeStatus.APPLIED and _answer_of(row, *again_by).accepted:
        return engagement, row
    etags.require(row, version)
    states.require(row, to)
    _require_running(engagement)
    if row.is_over_time:
        raise Conflict("change_expired", _("The time to answer this change is over; ask for it again."))
    return engagement, row


def _answer_of(row: EngagementChange, placement_id: uuid.UUID | None, actor: Actor) -> ChangeAnswer:
    """Return the answer that is the actor's to give. Raises NotAllowed."""
    side = parties.side_of(actor)
    answers = row.answers.select_related("placement__professional")
    if side == Party.CLIENT:
        return answers.get(placement__isnull=True)
    if side == Party.PROFESSIONAL:
        own = answers.filter(placement__professional__user=actor.user).first()
    else:
        own = answers.filter(placement_id=placement_id).first() if placement_id else None
    if own is None:
        raise NotAllowed(
            "not_yours_to_answer", _("Name the placement whose professional has answered; the client answers alone.")
        )
    return own


def _record(answer: ChangeAnswer, accepted: bool, actor: Actor, reason_code: str = "") -> None:
    answer.accepted, answer.answered_by, answer.answered_at = accepted, actor.principal, clock.now()
    answer.reason_code = reason_code
    answer.save(update_fields=["accepted", "answered_by", "answered_at", "reason_code"])


def _require_unchanged(engagement: Engagement, row: EngagementChange) -> None:
    """Raise Conflict unless the people and terms are still those that everybody was asked about."""
    members = {member.pk: member for member in _members(engagement)}
    asked = set(row.answers.filter(placement__isnull=False).values_list("placement_id", flat=True))
    if row.kind == ChangeKind.HOURS:
        placement = members.get(row.placement_id)  # type: ignore[arg-type]
        same = placement is not None and placement.weekly_minutes == row.weekly_minutes_before
    else:
        same = set(members) == asked and engagement.ends_on == row.ends_on_before
    if not same:
        raise Conflict("terms_changed", _("The engagement has changed since this was asked for; ask for it again."))


def _book(engagement: Engagement, row: EngagementChange) -> None:
    """Write the new terms and bring the hours in line."""
    members = _members(engagement)
    if row.kind == ChangeKind.HOURS:
        (placement,) = (member for member in members if member.pk == row.placement_id)
        _set_hours(engagement, placement, row)
        hours.bring_in_line(engagement, [placement], from_day=row.starts_on or clock.today())
        return
    assert row.ends_on is not None
    before = engagement.ends_on
    engagement.ends_on = row.ends_on
    engagement.touch("ends_on")
    for member in members:
        if row.kind == ChangeKind.EXTENSION or member.ends_on > row.ends_on:
            member.ends_on = row.ends_on
            member.touch("ends_on")
    if row.kind == ChangeKind.EARLIER_END:
        bookings.release(placement_ids=[member.pk for member in members], from_day=row.ends_on + _DAY)
    else:
        hours.bring_in_line(engagement, members, from_day=max(before + _DAY, clock.today()))


def _set_hours(engagement: Engagement, placement: Placement, row: EngagementChange) -> None:
    assert row.starts_on is not None
    assert row.weekly_minutes is not None
    cost = hours.cost_at(placement, row.weekly_minutes)
    terms = [PlacementTerm(placement=placement, starts_on=row.starts_on, change=row)]
    terms[0].weekly_minutes, terms[0].monthly_cost = row.weekly_minutes, cost
    if not placement.terms.exists():
        terms.append(
            PlacementTerm(
                placement=placement,
                starts_on=min(placement.starts_on, row.starts_on - _DAY),
                weekly_minutes=placement.weekly_minutes,
                monthly_cost=placement.monthly_cost,
            )
        )
    PlacementTerm.objects.bulk_create(terms)
    engagement.monthly_cost += cost - placement.monthly_cost
    engagement.touch("monthly_cost")
    placement.weekly_minutes, placement.monthly_cost = row.weekly_minutes, cost
    placement.touch("weekly_minutes", "monthly_cost")


@transaction.atomic
def _end(key: uuid.UUID, to: str, *, reason: str = "") -> None:
    """Close a change that waits; one that was decided meanwhile stays as it is."""
    engagement = locking.engagement(EngagementChange.objects.values_list("engagement_id", flat=True).get(pk=key))
    row: EngagementChange = EngagementChange.objects.select_for_update(no_key=True).get(pk=key)
    if row.status == ChangeStatus.REQUESTED and (to != ChangeStatus.EXPIRED or row.is_over_time):
        _close(engagement, row, to, reason=reason, actor=None)


def _close(engagement: Engagement, row: EngagementChange, to: str, *, reason: str = "", actor: Actor | None) -> None:
    states.move(row, to)
    row.status_reason, row.decided_at = reason, clock.now()
    row.touch("status", "status_reason", "decided_at")
    kind = f"engagement.change_{to}"
    audit.record(subject=engagement, action=kind, actor=actor, change=row.public_id, reason=reason)
    _tell(engagement, row, kind)
    concerned = [answer.placement for answer in row.answers.select_related("placement") if answer.placement]
    notifications.notify(
        recipients=[*parties.people(concerned), *parties.members(engagement.organization_id)],
        kind=kind,
        subject=row,
        data={"engagement": engagement.public_id},
    )


def _tell(engagement: Engagement, row: EngagementChange, kind: str) -> None:
    outbox.publish(
        kind=kind,
        subject=row,
        organization_id=engagement.organization_id,
        engagement=engagement.public_id,
        status=row.status,
        change=row.kind,
    )

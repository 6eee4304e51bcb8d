"""Answers to invitations: by the link of the e-mail, by the person logged in, or recorded by a recruiter.

Every answer locks the engagement first, so of any number that arrive at once one has its effect. The same answer again
gets the state it brought about; another one is refused.
"""

from __future__ import annotations

import uuid
from typing import Literal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.audit import log as audit
from marketplace.clients import invitation_links, notices
from marketplace.clients.models import AnswerChannel, Engagement, Invitation, Placement
from marketplace.clients.services import confirmation, deadlines, inviting, locking, overdue, placements
from marketplace.clients.states import (
    LIVE_ENGAGEMENT,
    LIVE_PLACEMENT,
    EngagementStatus,
    InvitationStatus,
    PlacementStatus,
)
from marketplace.delivery import outbox
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.transactions import retrying
from marketplace.rest import etags
from profiles.models import Booking, Professional
from profiles.states import BookingStatus, ProfessionalStatus

DECLINE_REASONS = ("rate", "dates", "hours", "project", "client", "other_work", "personal", "other")
Answer = Literal["accept", "decline"]

# What a changed profile means for a seat: who has closed it is gone; who pauses is no longer asked, but keeps a word.
_GONE = {
    ProfessionalStatus.ARCHIVED: "profile_archived",
    ProfessionalStatus.BLOCKED: "profile_closed",
    ProfessionalStatus.ERASED: "profile_closed",
    ProfessionalStatus.DRAFT: "profile_closed",
    ProfessionalStatus.IN_REVIEW: "profile_closed",
}


def accept(*, invitation: Invitation, version: int | None = None, actor: Actor) -> Invitation:
    """Say yes, as the invited person or as the recruiter who was told so; the last yes opens the engagement.

    Raises PreconditionFailed, NotAllowed, and Conflict ``already_answered``, ``invitation_expired``,
    ``invitation_withdrawn`` or ``person_unavailable``.
    """
    return _answered(invitation.pk, "accept", "", version, actor, _channel(invitation, actor))


def decline(*, invitation: Invitation, reason_code: str, version: int | None = None, actor: Actor) -> Invitation:
    """Say no: hours free at once, the seat empty. Raises as ``accept``, and Invalid ``unknown_reason``."""
    return _answered(invitation.pk, "decline", _known(reason_code), version, actor, _channel(invitation, actor))


def answer(*, token: str, answer: Answer, reason_code: str = "", actor: Actor | None) -> Invitation:
    """Answer by the link of the e-mail, which stands for the person; a session, if there is one, must be theirs.

    Raises NotFound for an unknown token, NotAllowed for somebody else's session, and as ``decline``.
    """
    found = find(token=token, actor=actor)
    reason = _known(reason_code) if answer == "decline" else ""
    person = Professional.objects.select_related("user").get(pk=found.professional_id)
    return _answered(found.pk, answer, reason, None, Actor(user=person.user), AnswerChannel.LINK)


def find(*, token: str, actor: Actor | None) -> Invitation:
    """Return the invitation that a link stands for. Raises NotFound, NotAllowed."""
    found: Invitation | None = (
        Invitation.objects.with_terms().filter(token_digest=invitation_links.digest(token)).first()
    )
    # Nobody's profile gets no e-mail, so no link of theirs is around.
    if found is None or found.professional.user_id is None:
        raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
    if actor is not None and (actor.user is None or actor.user.pk != found.professional.user_id):
        raise NotAllowed("not_your_invitation", _("This invitation is for somebody else; log out or log in as them."))
    return found


def _known(reason_code: str) -> str:
    if reason_code not in DECLINE_REASONS:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason to decline."), known=list(DECLINE_REASONS)
        )
    return reason_code


def _channel(invitation: Invitation, actor: Actor) -> str:
    if actor.is_staff_side:
        return AnswerChannel.RECRUITER
    if actor.role != Role.PROFESSIONAL or not Invitation.objects.visible_to(actor).filter(pk=invitation.pk).exists():
        raise NotAllowed("not_your_invitation", _("This invitation is for somebody else; log out or log in as them."))
    return AnswerChannel.APP


def _answered(
    key: uuid.UUID, answer: Answer, reason_code: str, version: int | None, actor: Actor, channel: str
) -> Invitation:
    row: Invitation = retrying(lambda: _answer(key, answer, reason_code, version, actor, channel))
    return row


@transaction.atomic
def _answer(
    key: uuid.UUID, answer: Answer, reason_code: str, version: int | None, actor: Actor, channel: str
) -> Invitation:
    engagement = locking.engagement(Invitation.objects.values_list("placement__engagement_id", flat=True).get(pk=key))
    row: Invitation = Invitation.objects.select_for_update(no_key=True).get(pk=key)
    to = InvitationStatus.ACCEPTED if answer == "accept" else InvitationStatus.DECLINED
    if row.status == to:
        return row
    _require_open(row, engagement)
    if version is not None:
        etags.require(row, version)
    if answer == "accept":
        say_yes(engagement, [row], actor=actor, channel=channel)
    else:
        _decide(row, to, actor, channel, reason_code)
        _tell(engagement, row, "invitation.declined")
        placements.vacate(placement=row.placement, reason_code="invitation_declined", actor=actor)
    return row


def _require_open(row: Invitation, engagement: Engagement) -> None:
    """Raise Conflict unless a locked invitation can still be answered."""
    if row.status in {InvitationStatus.ACCEPTED, InvitationStatus.DECLINED}:
        raise Conflict(
            "already_answered", _("This invitation has been answered otherwise."), data={"status": row.status}
        )
    if row.shown_status == InvitationStatus.EXPIRED or engagement.has_lapsed:
        raise Conflict("invitation_expired", _("The time to answer is over, and the hours are free again."))
    if row.status != InvitationStatus.SENT or engagement.status not in LIVE_ENGAGEMENT:
        raise Conflict("invitation_withdrawn", _("This invitation was withdrawn; the seat is no longer open."))


def say_yes(engagement: Engagement, rows: list[Invitation], *, actor: Actor | None, channel: str) -> None:
    """Accept open invitations of a locked engagement; it opens if nobody else is awaited."""
    for row in rows:
        _require_open(row, engagement)
        placement = locking.placement(row.placement_id)
        status = Professional.objects.values_list("status", flat=True).get(pk=row.professional_id)
        if status in _GONE:
            raise Conflict("person_unavailable", _("This profile is closed and cannot take a seat."))
        _decide(row, InvitationStatus.ACCEPTED, actor, channel)
        states.move(placement, PlacementStatus.CONFIRMED)
        placement.touch("status")
        if engagement.status != EngagementStatus.CONFIRMING:
            confirmation.make_firm([placement])
        _tell(engagement, row, "invitation.accepted")
    engagement.touch()
    confirmation.open_if_complete(engagement, actor=actor)


def _decide(row: Invitation, to: str, actor: Actor | None, channel: str, reason_code: str = "") -> None:
    states.move(row, to)
    row.decided_at, row.decided_by = clock.now(), actor.principal if actor else audit.SYSTEM
    row.channel, row.decline_reason = channel, reason_code
    row.touch("status", "decided_at", "decided_by", "channel", "decline_reason")
    audit.record(
        subject=row,
        action=f"invitation.{to}",
        actor=actor,
        channel=channel,
        **({"reason_code": reason_code} if reason_code else {}),
    )


def _tell(engagement: Engagement, row: Invitation, kind: str) -> None:
    """Tell the client that somebody has answered: which placement, never why."""
    outbox.publish(
        kind=kind,
        subject=engagement,
        organization_id=engagement.organization_id,
        placement=Placement(pk=row.placement_id).public_id,
        status=engagement.status,
    )


# -- what time and other rooms bring about ----------------------------------------------------------------------------
def expire_due() -> int:
    """Empty the seats whose person has not answered in time, in engagements that go on; return how many.

    A confirming engagement lapses as a whole: see ``confirmation.lapse_due``.
    """
    due = Invitation.objects.filter(status=InvitationStatus.SENT, expires_at__lte=clock.now()).order_by("expires_at")
    return overdue.each(_expire, due.values_list("pk", flat=True))


@transaction.atomic
def _expire(key: uuid.UUID) -> bool:
    engagement = locking.engagement(Invitation.objects.values_list("placement__engagement_id", flat=True).get(pk=key))
    row: Invitation = Invitation.objects.select_for_update(no_key=True).get(pk=key)
    if row.status != InvitationStatus.SENT or row.shown_status != InvitationStatus.EXPIRED or engagement.has_lapsed:
        return False
    inviting.close(row, InvitationStatus.EXPIRED, actor=None)
    _tell(engagement, row, "invitation.expired")
    placements.vacate(placement=row.placement, reason_code="invitation_expired", actor=None)
    return True


def remind_due() -> int:
    """Remind those whose deadline is less than a day away, once for each deadline; return how many."""
    soon = Invitation.objects.filter(
        status=InvitationStatus.SENT,
        reminded_at__isnull=True,
        expires_at__gt=clock.now(),
        expires_at__lte=deadlines.reminder_due(clock.now()),
    )
    return overdue.each(_remind, soon.values_list("pk", flat=True))


@transaction.atomic
def _remind(key: uuid.UUID) -> bool:
    row = Invitation.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=key).first()
    if row is None or row.status != InvitationStatus.SENT or row.reminded_at is not None:
        return False
    row.reminded_at = clock.now()
    row.save(update_fields=["reminded_at"])
    # Who has just been asked, because there is little time, is not reminded at once.
    if row.expires_at - row.created_at > deadlines.REMIND_BEFORE:
        notices.invitation_expiring(row)
    return True


def drop_unavailable(professional_id: uuid.UUID | None = None) -> int:
    """Empty the seats of people who are no longer there for them; of one person, if given. Return how many.

    Gone is whose profile is closed; of those who have not answered also who pauses; and before an engagement opens
    whoever has given up the held hours. A fact rings for it, and a sweep looks at all rows, so none is forgotten.
    """
    held = Booking.objects.filter(placement_id=OuterRef("pk")).exclude(status=BookingStatus.RELEASED)
    without_hours = Q(status=PlacementStatus.HELD) | Q(
        status=PlacementStatus.CONFIRMED, engagement__status=EngagementStatus.CONFIRMING
    )
    broken = Placement.objects.live().filter(
        Q(professional__status__in=list(_GONE))
        | Q(status=PlacementStatus.HELD, professional__status=ProfessionalStatus.PAUSED)
        | (without_hours & ~Exists(held)),
        engagement__status__in=LIVE_ENGAGEMENT,
        vacant_from__isnull=True,
    )
    if professional_id is not None:
        broken = broken.filter(professional_id=professional_id)
    return overdue.each(_drop, broken.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _drop(key: uuid.UUID) -> bool:
    engagement = locking.engagement(Placement.objects.values_list("engagement_id", flat=True).get(pk=key))
    row = locking.placement(key)
    if row.status not in LIVE_PLACEMENT or row.vacant_from is not None or engagement.has_lapsed:
        return False
    reason = _why_gone(row, engagement)
    if reason is None:
        return False
    placements.vacate(placement=row, reason_code=reason, actor=None)
    return True


def _why_gone(row: Placement, engagement: Engagement) -> str | None:
    """Return why a locked placement's person is not there for it, or None."""
    # Read under the person's lock: a profile that is being closed right now has been closed, or will be swept again.
    person = Professional.objects.select_for_update(no_key=True).get(pk=row.professional_id)
    if person.status in _GONE:
        return _GONE[ProfessionalStatus(person.status)]
    if row.status == PlacementStatus.HELD and person.status == ProfessionalStatus.PAUSED:
        return "profile_paused"
    awaited = row.status == PlacementStatus.HELD or engagement.status == EngagementStatus.CONFIRMING
    unexpired = not row.invitations.filter(status=InvitationStatus.SENT, expires_at__lte=clock.now()).exists()
    if awaited and unexpired and not _has_hours(row):
        return "hours_lost"
    return None


def _has_hours(row: Placement) -> bool:
    return Booking.objects.filter(placement_id=row.pk).exclude(status=BookingStatus.RELEASED).exists()

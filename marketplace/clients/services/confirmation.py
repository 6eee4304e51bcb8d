"""Whether a cell comes about: it opens with the last yes, and lapses when its time is over."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients import notices
from marketplace.clients.models import Engagement, Placement, Project
from marketplace.clients.services import deadlines, inviting, locking, overdue, placements, projects
from marketplace.clients.states import EngagementStatus, InvitationStatus, PlacementStatus, ProjectStatus
from marketplace.delivery import outbox
from marketplace.kernel import clock, identifiers, states
from marketplace.kernel.errors import Conflict
from profiles.services import bookings

NOT_CONFIRMED = "not_confirmed"


def tell(row: Engagement, kind: str) -> None:
    """Publish a fact about an engagement: its status and its project."""
    outbox.publish(
        kind=kind,
        subject=row,
        organization_id=row.organization_id,
        status=row.status,
        project=identifiers.encode(Project.prefix, row.project_id),
    )


def open_if_complete(row: Engagement, *, actor: Actor | None) -> bool:
    """Move a locked confirming engagement to active once everybody has said yes and no seat is empty.

    The hours are firm from then on. Raises Conflict ``invitation_expired`` when a hold has lapsed meanwhile.
    """
    if row.status != EngagementStatus.CONFIRMING or Placement.objects.vacant().filter(engagement=row).exists():
        return False
    live = locking.live_placements(row)
    if not live or any(placement.status != PlacementStatus.CONFIRMED for placement in live):
        return False
    make_firm(live)
    states.move(row, EngagementStatus.ACTIVE)
    row.touch("status")
    audit.record(subject=row, action="engagement.confirmed", actor=actor)
    tell(row, "engagement.confirmed")
    notices.everybody("engagement.confirmed", row, live)
    return True


def make_firm(live: list[Placement]) -> None:
    """Turn what was held for placements into confirmed bookings. Raises Conflict ``invitation_expired``."""
    try:
        bookings.confirm(placement_ids=[placement.pk for placement in live])
    except Conflict as lapsed:
        raise Conflict(
            "invitation_expired", _("The time to answer is over, or the hours are no longer held.")
        ) from lapsed


@transaction.atomic
def extend(*, vacancy: Placement, actor: Actor | None) -> Engagement:
    """Give a confirming engagement more time because a replacement for ``vacancy`` is being arranged.

    Once per vacancy, and at most seven days after the first deadline in all; the people are told. One that is past its
    deadline, or no longer confirming, is returned as it is. Raises Conflict ``confirmation_over``.
    """
    row = locking.engagement(vacancy.engagement_id)
    gone = locking.placement(vacancy.pk)
    if row.status != EngagementStatus.CONFIRMING or gone.deadline_extended or gone.vacant_from is None:
        return row
    if row.has_lapsed or row.confirm_by is None or row.first_confirm_by is None:
        raise Conflict("confirmation_over", _("The time for everybody's answer is over."))
    until = deadlines.extended(clock.now(), row.confirm_by, row.first_confirm_by, row.starts_on)
    placements.prolong(row, locking.live_placements(row), until=until)
    gone.deadline_extended = True
    gone.touch("deadline_extended")
    row.touch("confirm_by")
    audit.record(
        subject=row, action="engagement.deadline_extended", actor=actor, placement=gone.public_id, confirm_by=until
    )
    return row


@transaction.atomic
def lapse(engagement_id: uuid.UUID) -> bool:
    """End a confirming engagement whose time is over: all hours free, the project back on the market.

    Return whether it did; one that was completed or ended meanwhile stays as it is.
    """
    project = locking.project(Engagement.objects.values_list("project_id", flat=True).get(pk=engagement_id))
    row = locking.engagement(engagement_id)
    if not row.has_lapsed:
        return False
    live = locking.live_placements(row)
    for invitation in inviting.waiting(live):
        inviting.close(invitation, InvitationStatus.EXPIRED, actor=None)
    end_all(row, live, reason=NOT_CONFIRMED)
    row.ended_reason = NOT_CONFIRMED
    states.move(row, EngagementStatus.TERMINATED)
    row.touch("status", "ended_reason")
    audit.record(subject=row, action="engagement.terminated", actor=None, reason_code=NOT_CONFIRMED)
    tell(row, "engagement.not_confirmed")
    notices.everybody("engagement.not_confirmed", row, live)
    if project.status == ProjectStatus.STAFFED:
        projects.reopen(project=project, actor=None)
    return True


def end_all(row: Engagement, live: list[Placement], *, reason: str = "") -> None:
    """End every live placement of a locked engagement, give hours from today on back, and withdraw what was asked."""
    for invitation in inviting.waiting(live):
        inviting.close(invitation, InvitationStatus.WITHDRAWN, actor=None, reason=reason or "engagement_over")
    for placement in live:
        states.move(placement, PlacementStatus.ENDED)
        placement.ended_reason = placement.ended_reason or reason
        placement.touch("status", "ended_reason")
    bookings.release(placement_ids=[placement.pk for placement in live], from_day=clock.today())


def lapse_due() -> int:
    """End every confirming engagement whose time is over; return how many. Running it twice changes nothing."""
    due = Engagement.objects.filter(status=EngagementStatus.CONFIRMING, confirm_by__lte=clock.now()).order_by("pk")
    return overdue.each(lapse, due.values_list("pk", flat=True))

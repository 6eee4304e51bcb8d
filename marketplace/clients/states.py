"""The states of demand."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.states import Transitions


class ProjectStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    STAFFED = "staffed", _("Staffed")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Canceled")
    EXPIRED = "expired", _("Expired")


_P = ProjectStatus
PROJECT: Transitions = {
    _P.DRAFT: frozenset({_P.PUBLISHED, _P.CANCELLED, _P.EXPIRED}),
    _P.PUBLISHED: frozenset({_P.DRAFT, _P.STAFFED, _P.CANCELLED, _P.EXPIRED}),
    # Back to published: the people of an accepted cell did not all say yes in time.
    _P.STAFFED: frozenset({_P.PUBLISHED, _P.COMPLETED, _P.CANCELLED}),
    _P.COMPLETED: frozenset(),
    _P.CANCELLED: frozenset(),
    _P.EXPIRED: frozenset(),
}


class EngagementStatus(models.TextChoices):
    CONFIRMING = "confirming", _("Confirming")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    COMPLETED = "completed", _("Completed")
    TERMINATED = "terminated", _("Terminated")


_E = EngagementStatus
ENGAGEMENT: Transitions = {
    _E.CONFIRMING: frozenset({_E.ACTIVE, _E.TERMINATED}),
    _E.ACTIVE: frozenset({_E.PAUSED, _E.COMPLETED, _E.TERMINATED}),
    _E.PAUSED: frozenset({_E.ACTIVE, _E.COMPLETED, _E.TERMINATED}),
    _E.COMPLETED: frozenset(),
    _E.TERMINATED: frozenset(),
}
LIVE_ENGAGEMENT = (_E.CONFIRMING, _E.ACTIVE, _E.PAUSED)
WORKING_ENGAGEMENT = (_E.ACTIVE, _E.PAUSED)


class PlacementStatus(models.TextChoices):
    HELD = "held", _("Held")
    CONFIRMED = "confirmed", _("Confirmed")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    REPLACED = "replaced", _("Replaced")


_L = PlacementStatus
PLACEMENT: Transitions = {
    _L.HELD: frozenset({_L.CONFIRMED, _L.ENDED, _L.REPLACED}),
    _L.CONFIRMED: frozenset({_L.ACTIVE, _L.ENDED, _L.REPLACED}),
    _L.ACTIVE: frozenset({_L.ENDED, _L.REPLACED}),
    _L.ENDED: frozenset(),
    _L.REPLACED: frozenset(),
}
LIVE_PLACEMENT = (_L.HELD, _L.CONFIRMED, _L.ACTIVE)


class ChangeStatus(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    APPLIED = "applied", _("Applied")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Superseded")


_C = ChangeStatus
CHANGE: Transitions = {
    _C.REQUESTED: frozenset({_C.APPLIED, _C.DECLINED, _C.EXPIRED, _C.WITHDRAWN, _C.SUPERSEDED}),
    **{over: frozenset() for over in (_C.APPLIED, _C.DECLINED, _C.EXPIRED, _C.WITHDRAWN, _C.SUPERSEDED)},
}


class LeaveStatus(models.TextChoices):
    GRANTED = "granted", _("Granted")
    CANCELLED = "cancelled", _("Canceled")


LEAVE: Transitions = {LeaveStatus.GRANTED: frozenset({LeaveStatus.CANCELLED}), LeaveStatus.CANCELLED: frozenset()}


class MilestoneStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DELIVERED = "delivered", _("Delivered")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


_M = MilestoneStatus
MILESTONE: Transitions = {
    _M.PLANNED: frozenset({_M.DELIVERED}),
    _M.DELIVERED: frozenset({_M.ACCEPTED, _M.REJECTED}),
    _M.REJECTED: frozenset({_M.DELIVERED}),
    _M.ACCEPTED: frozenset(),
}


class DocumentStatus(models.TextChoices):
    MISSING = "missing", _("Missing")
    PROVIDED = "provided", _("Provided")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Rejected")
    EXPIRED = "expired", _("Expired")


_D = DocumentStatus
# A document may be provided anew at any time: what is newer is judged anew.
DOCUMENT: Transitions = {
    _D.MISSING: frozenset({_D.PROVIDED}),
    _D.PROVIDED: frozenset({_D.PROVIDED, _D.VERIFIED, _D.REJECTED, _D.EXPIRED}),
    _D.VERIFIED: frozenset({_D.PROVIDED, _D.REJECTED, _D.EXPIRED}),
    _D.REJECTED: frozenset({_D.PROVIDED}),
    _D.EXPIRED: frozenset({_D.PROVIDED}),
}


class InvitationStatus(models.TextChoices):
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_V = InvitationStatus
INVITATION: Transitions = {
    _V.SENT: frozenset({_V.ACCEPTED, _V.DECLINED, _V.EXPIRED, _V.WITHDRAWN}),
    _V.ACCEPTED: frozenset(),
    _V.DECLINED: frozenset(),
    _V.EXPIRED: frozenset(),
    _V.WITHDRAWN: frozenset(),
}

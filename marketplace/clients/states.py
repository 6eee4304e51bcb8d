"""The states of demand."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from marketplace.kernel.states import Transitions


class ProjectStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("project", "Draft")
    PUBLISHED = "published", pgettext_lazy("project", "Published")
    STAFFED = "staffed", pgettext_lazy("project", "Staffed")
    COMPLETED = "completed", pgettext_lazy("project", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("project", "Canceled")
    EXPIRED = "expired", pgettext_lazy("project", "Expired")


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
    CONFIRMING = "confirming", pgettext_lazy("engagement", "Confirming")
    ACTIVE = "active", pgettext_lazy("engagement", "Active")
    PAUSED = "paused", pgettext_lazy("engagement", "Paused")
    COMPLETED = "completed", pgettext_lazy("engagement", "Completed")
    TERMINATED = "terminated", pgettext_lazy("engagement", "Terminated")


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
    HELD = "held", pgettext_lazy("placement", "Held")
    CONFIRMED = "confirmed", pgettext_lazy("placement", "Confirmed")
    ACTIVE = "active", pgettext_lazy("placement", "Active")
    ENDED = "ended", pgettext_lazy("placement", "Ended")
    REPLACED = "replaced", pgettext_lazy("placement", "Replaced")


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
    REQUESTED = "requested", pgettext_lazy("change", "Requested")
    APPLIED = "applied", pgettext_lazy("change", "Applied")
    DECLINED = "declined", pgettext_lazy("change", "Declined")
    EXPIRED = "expired", pgettext_lazy("change", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("change", "Withdrawn")
    SUPERSEDED = "superseded", pgettext_lazy("change", "Superseded")


_C = ChangeStatus
CHANGE: Transitions = {
    _C.REQUESTED: frozenset({_C.APPLIED, _C.DECLINED, _C.EXPIRED, _C.WITHDRAWN, _C.SUPERSEDED}),
    **{over: frozenset() for over in (_C.APPLIED, _C.DECLINED, _C.EXPIRED, _C.WITHDRAWN, _C.SUPERSEDED)},
}


class LeaveStatus(models.TextChoices):
    GRANTED = "granted", pgettext_lazy("leave", "Granted")
    CANCELLED = "cancelled", pgettext_lazy("leave", "Canceled")


LEAVE: Transitions = {LeaveStatus.GRANTED: frozenset({LeaveStatus.CANCELLED}), LeaveStatus.CANCELLED: frozenset()}


class MilestoneStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("milestone", "Planned")
    DELIVERED = "delivered", pgettext_lazy("milestone", "Delivered")
    ACCEPTED = "accepted", pgettext_lazy("milestone", "Accepted")
    REJECTED = "rejected", pgettext_lazy("milestone", "Rejected")


_M = MilestoneStatus
MILESTONE: Transitions = {
    _M.PLANNED: frozenset({_M.DELIVERED}),
    _M.DELIVERED: frozenset({_M.ACCEPTED, _M.REJECTED}),
    _M.REJECTED: frozenset({_M.DELIVERED}),
    _M.ACCEPTED: frozenset(),
}


class DocumentStatus(models.TextChoices):
    MISSING = "missing", pgettext_lazy("document", "Missing")
    PROVIDED = "provided", pgettext_lazy("document", "Provided")
    VERIFIED = "verified", pgettext_lazy("document", "Verified")
    REJECTED = "rejected", pgettext_lazy("document", "Rejected")
    EXPIRED = "expired", pgettext_lazy("document", "Expired")


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
    SENT = "sent", pgettext_lazy("invitation", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    EXPIRED = "expired", pgettext_lazy("invitation", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")


_V = InvitationStatus
INVITATION: Transitions = {
    _V.SENT: frozenset({_V.ACCEPTED, _V.DECLINED, _V.EXPIRED, _V.WITHDRAWN}),
    _V.ACCEPTED: frozenset(),
    _V.DECLINED: frozenset(),
    _V.EXPIRED: frozenset(),
    _V.WITHDRAWN: frozenset(),
}

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
    _P.STAFFED: frozenset({_P.COMPLETED, _P.CANCELLED}),
    _P.COMPLETED: frozenset(),
    _P.CANCELLED: frozenset(),
    _P.EXPIRED: frozenset(),
}


class EngagementStatus(models.TextChoices):
    CONFIRMING = "confirming", _("Confirming")
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    TERMINATED = "terminated", _("Terminated")


_E = EngagementStatus
ENGAGEMENT: Transitions = {
    _E.CONFIRMING: frozenset({_E.ACTIVE, _E.TERMINATED}),
    _E.ACTIVE: frozenset({_E.COMPLETED, _E.TERMINATED}),
    _E.COMPLETED: frozenset(),
    _E.TERMINATED: frozenset(),
}
LIVE_ENGAGEMENT = (_E.CONFIRMING, _E.ACTIVE)


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

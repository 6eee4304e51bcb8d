"""What follows the end of an engagement, or of somebody's part in it: collaborations counted, both sides asked to rate.

Whoever ends an engagement calls ``settle`` in the same transaction. The sweep finds whatever was ended otherwise: an
engagement that is over and has no window to rate in has not been settled.
"""

from __future__ import annotations

import uuid

from django.db import transaction

from marketplace.accounts.actors import Actor
from marketplace.clients.models import Engagement
from marketplace.clients.services import collaborations, locking, ratings
from marketplace.clients.states import LIVE_ENGAGEMENT, EngagementStatus

OVER = (EngagementStatus.COMPLETED, EngagementStatus.TERMINATED)


def settle(*, engagement: Engagement, actor: Actor | None) -> None:
    """Do what follows the end of a locked engagement, in the caller's transaction; again it changes nothing."""
    collaborations.count(engagement=engagement, actor=actor)
    ratings.open_window(engagement=engagement)


@transaction.atomic
def note_departure(engagement_id: uuid.UUID) -> None:
    """Count the collaborations of whoever has just left a running engagement."""
    row = locking.engagement(engagement_id)
    if row.status in LIVE_ENGAGEMENT:
        collaborations.count(engagement=row, actor=None)


def settle_missed() -> int:
    """Settle engagements that are over and were not settled; return how many."""
    keys = list(
        Engagement.objects.filter(status__in=OVER, rating_window__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for key in keys:
        _settle_one(key)
    return len(keys)


@transaction.atomic
def _settle_one(key: uuid.UUID) -> None:
    row = locking.engagement(key)
    if row.status in OVER:
        settle(engagement=row, actor=None)

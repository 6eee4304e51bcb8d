"""What a person does with what they were told: read it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count

from marketplace.accounts.models import User
from marketplace.delivery.models import Notification
from marketplace.kernel import clock, identifiers

KEPT = dt.timedelta(days=365)


@transaction.atomic
def mark_read(*, notification: Notification) -> Notification:
    """Note that it was read, which also takes it out of the e-mails to come; again it changes nothing."""
    row: Notification = Notification.objects.select_for_update().get(pk=notification.pk)
    if row.read_at is None:
        row.read_at = clock.now()
        row.touch("read_at")
    return row


@transaction.atomic
def mark_all_read(*, user: User, up_to: dt.datetime | None = None, category: str | None = None) -> int:
    """Mark what was told until ``up_to`` (now when left out), of one category or of all; return how many."""
    now = clock.now()
    rows = Notification.objects.unread().filter(recipient=user, in_app=True, created_at__lte=up_to or now)
    if category is not None:
        rows = rows.filter(category=category)
    return rows.update(read_at=now, updated_at=now)


def unread_by_category(user: User) -> dict[str, int]:
    """Return how many are unread in each category that has any."""
    rows = Notification.objects.unread().filter(recipient=user, in_app=True)
    return dict(rows.order_by().values_list("category").annotate(Count("pk")))


def forget_old(*, batch: int = 1000) -> int:
    """Delete what was told more than a year ago; return how many."""
    # Ids ascend with time, and unlike the time they are indexed.
    old = Notification.objects.filter(pk__lt=identifiers.first_at(clock.now() - KEPT))
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:batch])
    Notification.objects.filter(pk__in=keys).delete()
    return len(keys)

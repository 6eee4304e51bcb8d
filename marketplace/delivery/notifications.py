"""Tell people what happened, in the transaction that makes it true; each chooses whether by e-mail too, and when.

A room that tells something declares the kind once, from its ``AppConfig.ready`` (see :func:`register`)::

    notifications.register(
        "invitation.sent",
        category=Category.INVITATIONS,
        title=_("You are invited to a cell"),
        body=_("Please answer by %(expires_at)s."),
        audience=[Role.PROFESSIONAL],
    )

and says it inside the service's transaction, beside ``audit.record`` and ``outbox.publish``::

    notifications.notify(
        recipients=[person.user_id],
        kind="invitation.sent",
        subject=invitation,
        data={"expires_at": invitation.expires_at},
        urgent_until=invitation.expires_at,
    )

Texts are filled in when they are read, in the reader's language: values under a name that ends in ``_at`` become a time
in the reader's zone, ``_on`` a date, ``{"amount", "currency"}`` money; everything else stands as it is.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.delivery import preferences
from marketplace.delivery.kinds import kind_named, register
from marketplace.delivery.models import Category, Notification
from marketplace.delivery.schedule import email_due
from marketplace.kernel import clock
from marketplace.kernel.models import Record

__all__ = ["Category", "notify", "recruiters", "register"]


def notify(
    *,
    recipients: Iterable[uuid.UUID | None],
    kind: str,
    subject: Record,
    data: Mapping[str, Any] | None = None,
    urgent_until: dt.datetime | None = None,
    occasion: str = "",
) -> int:
    """Tell users (by their ids) about ``subject`` within the caller's transaction; return how many were not told yet.

    ``data`` holds ids, states, times and amounts that every one of the recipients may see, never names or contact.
    What stops being of use at ``urgent_until`` is mailed before that, quiet hours or not. A person is told once per
    kind, subject and ``occasion``: name the occasion (an id) where the same may happen to a subject again. Inactive
    users and those whose role is not in the audience of the kind are left out, and so is None (nobody's profile).
    Raises LookupError for a kind that nobody registered.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a notification belongs to the transaction of what it tells")
    said = kind_named(kind)
    keys = {key for key in recipients if key is not None}
    users = list(User.objects.filter(pk__in=keys, is_active=True, role__in=said.audience).order_by("pk"))
    if not users:
        return 0
    chosen = preferences.choices_of(users)
    now = clock.now()
    plain = json.loads(json.dumps(dict(data or {}), cls=DjangoJSONEncoder))
    rows = []
    for user in users:
        choice = chosen[user.pk]
        in_app = said.required or choice.in_app(said.category)
        due = email_due(hours=choice.hours, cadence=choice.cadence(said.category), now=now, urgent_until=urgent_until)
        if in_app or due is not None:
            rows.append(
                Notification(
                    recipient=user,
                    kind=kind,
                    category=said.category,
                    subject=subject.public_id,
                    occasion=occasion,
                    data=plain,
                    in_app=in_app,
                    urgent_until=urgent_until,
                    email_due_at=due,
                )
            )
    known = Notification.objects.filter(kind=kind, subject=subject.public_id, occasion=occasion, recipient__in=users)
    told = set(known.values_list("recipient_id", flat=True))
    # Two transactions may tell the same at once; the later one waits on the constraint and adds nothing.
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return sum(row.recipient_id not in told for row in rows)


def recruiters() -> list[uuid.UUID]:
    """Return the ids of all recruiters: the readers of what waits for any one of them."""
    return list(User.objects.filter(role=Role.RECRUITER, is_active=True).order_by("pk").values_list("pk", flat=True))

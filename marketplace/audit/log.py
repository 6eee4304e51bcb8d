"""Write and check the audit log."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import connection

from marketplace.accounts.actors import Actor
from marketplace.audit.models import AuditEvent
from marketplace.kernel import clock
from marketplace.kernel.models import Record

SYSTEM = "system"


def _hash(event: AuditEvent) -> str:
    parts = [event.subject, event.sequence, event.action, event.actor, event.created_at.isoformat(), event.data]
    canonical = json.dumps([*parts, event.previous_hash], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def record(*, subject: Record, action: str, actor: Actor | None, **data: Any) -> AuditEvent:
    """Append one event to the chain of ``subject``, within the caller's transaction.

    ``data`` holds codes, ids and numbers; never names, contact or identifiers of people.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit row belongs to the transaction of what it records")
    name = subject.public_id
    with connection.cursor() as cursor:
        # Two writers of one chain must not read the same last row; the lock ends with the transaction.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [name])
    last = AuditEvent.objects.filter(subject=name).order_by("-sequence").first()
    event = AuditEvent(
        subject=name,
        sequence=last.sequence + 1 if last else 1,
        action=action,
        actor=actor.principal if actor else SYSTEM,
        created_at=clock.now(),
        data=json.loads(json.dumps(data, default=str)),
        previous_hash=last.hash if last else "",
    )
    event.hash = _hash(event)
    event.save(force_insert=True)
    return event


def broken_link(subject: str) -> int | None:
    """Return the first sequence number at which the chain of ``subject`` does not hold, or None."""
    previous, expected = "", 1
    for event in AuditEvent.objects.filter(subject=subject).order_by("sequence"):
        if event.sequence != expected or event.previous_hash != previous or event.hash != _hash(event):
            return expected
        previous, expected = event.hash, expected + 1
    return None

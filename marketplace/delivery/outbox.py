"""Write facts to the outbox."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection

from marketplace.delivery.models import OutboxEvent
from marketplace.kernel.models import Record


def publish(*, kind: str, subject: Record, organization_id: uuid.UUID | None, **data: Any) -> OutboxEvent:
    """Record ``kind`` (such as ``project.published``) about ``subject``, within the caller's transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("an outbox row belongs to the transaction that makes the fact true")
    return OutboxEvent.objects.create(kind=kind, subject=subject.public_id, organization_id=organization_id, data=data)

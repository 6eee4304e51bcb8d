"""Write facts to the outbox, and with them what is owed to each webhook."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection

from marketplace.delivery import facts
from marketplace.delivery.events import DeliveriesQueued
from marketplace.delivery.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from marketplace.kernel import events
from marketplace.kernel.models import Record


def publish(*, kind: str, subject: Record, organization_id: uuid.UUID | None, **data: Any) -> OutboxEvent:
    """Record ``kind`` (one of ``facts``) about ``subject``, within the caller's transaction.

    The deliveries to the organization's endpoints are written here and not by a reader that follows the outbox: a fact
    and what is owed for it commit together, so that none is missed, however late its transaction ends.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an outbox row belongs to the transaction that makes the fact true")
    facts.require(kind)
    event = OutboxEvent.objects.create(kind=kind, subject=subject.public_id, organization_id=organization_id, data=data)
    if organization_id is not None:
        wanting = WebhookEndpoint.objects.wanting(kind).filter(organization_id=organization_id)
        owe(event, list(wanting.values_list("pk", flat=True)))
    return event


def owe(event: OutboxEvent, endpoints: list[uuid.UUID]) -> list[WebhookDelivery]:
    """Queue ``event`` for these endpoints, within the caller's transaction."""
    made = WebhookDelivery.objects.bulk_create(
        [WebhookDelivery(event=event, endpoint_id=endpoint) for endpoint in endpoints]
    )
    if made:
        events.announce(DeliveriesQueued())
    return made

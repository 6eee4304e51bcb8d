"""The outbox: facts that somebody outside may want, written in the transaction that made them true."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from marketplace.kernel.models import Record, ScopedQuerySet


class OutboxEventQuerySet(ScopedQuerySet):
    pass


class OutboxEvent(Record):
    """A thin fact: ids and states, never personal data.

    ``organization_id`` is whose business it is; organizations live on a floor above, so it is no foreign key.
    """

    prefix: ClassVar[str] = "evt"

    organization_id = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    data = models.JSONField(default=dict)

    objects = OutboxEventQuerySet.as_manager()

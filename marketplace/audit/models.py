"""The audit log: append-only, chained per aggregate, written in the transaction of what it records."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from marketplace.kernel import clock, identifiers
from marketplace.kernel.models import ScopedQuerySet


class AuditEventQuerySet(ScopedQuerySet):
    def visible_to(self, actor: object) -> AuditEventQuerySet:
        """Those whose permission the route has already asked for see every row; there is no narrower rule."""
        may = getattr(actor, "may", None)
        return self.all() if may is not None and may("audit:read") else self.none()


class AuditEvent(models.Model):
    """Who did what to which aggregate. ``hash`` covers the row and ``previous_hash``, so that a gap or edit shows."""

    prefix: ClassVar[str] = "audit"

    id = models.UUIDField(primary_key=True, default=identifiers.uuid7, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    subject = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    action = models.CharField(max_length=64)
    actor = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "sequence"], name="audit_event_once")]

    @property
    def public_id(self) -> str:
        return identifiers.encode(self.prefix, self.id)

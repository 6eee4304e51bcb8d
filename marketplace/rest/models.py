"""Replies already given, by idempotency key."""

from __future__ import annotations

from django.db import models

from marketplace.kernel import clock


class IdempotentReply(models.Model):
    """One POST that has been answered, or is being (status 0). ``content`` is encrypted: a reply may show a secret."""

    principal = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principal", "key"], name="idempotent_reply_once")]

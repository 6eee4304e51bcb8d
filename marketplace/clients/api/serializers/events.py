"""Facts of the outbox as they are shown."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from marketplace.clients.models import Organization
from marketplace.delivery.models import OutboxEvent
from marketplace.rest.fields import IdField


class EventOutput(serializers.Serializer[Any]):
    """A thin fact: ids and states, never personal data. The same as a webhook delivers, with the same id."""

    id = IdField(OutboxEvent.prefix)
    organization = IdField(Organization.prefix, source="organization_id")
    kind = serializers.CharField(help_text="such as `project.published`; new kinds may appear")
    subject = serializers.CharField(help_text="the id of what it is about")
    data = serializers.DictField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()

"""Webhook endpoints and their deliveries, as they are written and shown."""

from __future__ import annotations

from typing import Any

import orjson
from rest_framework import serializers

from marketplace.delivery import relay
from marketplace.delivery.facts import FactKind
from marketplace.delivery.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from marketplace.delivery.states import DeliveryStatus, EndpointReason, EndpointStatus
from marketplace.rest.fields import IdField, StrictSerializer

_URL = "an https URL with a public name; it is resolved and checked now and before every message"
_KINDS = "only these kinds of facts (see `GET /webhook-event-kinds`); all of them when empty"


class WebhookInput(StrictSerializer):
    url = serializers.CharField(max_length=2000, help_text=_URL)
    description = serializers.CharField(max_length=120, allow_blank=True, default="")
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=64), max_length=100, help_text=_KINDS, default=list
    )


class WebhookEdit(StrictSerializer):
    url = serializers.CharField(max_length=2000, help_text=_URL, required=False)
    description = serializers.CharField(max_length=120, allow_blank=True, required=False)
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=64), max_length=100, help_text=_KINDS, required=False
    )
    enabled = serializers.BooleanField(required=False, help_text="disabling ends what waits to be sent")


class WebhookOutput(serializers.Serializer[Any]):
    id = IdField(WebhookEndpoint.prefix)
    url = serializers.CharField()
    description = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    status = serializers.ChoiceField(choices=EndpointStatus.choices)
    status_reason = serializers.ChoiceField(
        choices=EndpointReason.choices, allow_null=True, help_text="why it is disabled"
    )
    failing_since = serializers.DateTimeField(
        allow_null=True, help_text="since when nothing was accepted; after five days the endpoint is disabled"
    )
    last_success_at = serializers.DateTimeField(allow_null=True)
    previous_secret_until = serializers.DateTimeField(
        source="previous_until", allow_null=True, help_text="until when messages are signed by the secret before, too"
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["status_reason"] = shown["status_reason"] or None
        return shown


class NewWebhookOutput(serializers.Serializer[Any]):
    """An endpoint and its secret, which is shown this once."""

    webhook = WebhookOutput()
    secret = serializers.CharField(help_text="`whsec_…`: verify signatures with it; it cannot be had again")


class WebhookDeliveryOutput(serializers.Serializer[Any]):
    """One fact on its way to one endpoint. `error` is a code such as `timeout`, `tls`, `connect`, `status`."""

    id = IdField(WebhookDelivery.prefix)
    event = IdField(OutboxEvent.prefix, source="event_id", help_text="the `webhook-id` of every attempt")
    kind = serializers.CharField(source="event.kind")
    subject = serializers.CharField(source="event.subject")
    status = serializers.ChoiceField(choices=DeliveryStatus.choices)
    attempts = serializers.IntegerField(help_text="since it was last asked for")
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    response_status = serializers.IntegerField(allow_null=True, help_text="of the latest attempt")
    error = serializers.CharField(help_text="of the latest attempt; empty when there is none")
    milliseconds = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class WebhookAttemptOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    response_status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()
    milliseconds = serializers.IntegerField()


class WebhookDeliveryDetail(WebhookDeliveryOutput):
    attempt_log = WebhookAttemptOutput(many=True)
    payload = serializers.SerializerMethodField(help_text="what is sent, as JSON")

    def get_payload(self, row: WebhookDelivery) -> dict[str, Any]:
        payload: dict[str, Any] = orjson.loads(relay.payload(row.event))
        return payload


class RecoverInput(StrictSerializer):
    since = serializers.DateTimeField(help_text="at most 30 days ago")


class RecoverOutput(serializers.Serializer[Any]):
    queued = serializers.IntegerField(help_text="how many facts will be sent")


class FactKindOutput(serializers.Serializer[FactKind]):
    kind = serializers.CharField()
    subject = serializers.CharField(help_text="the prefix of the ids that such facts are about")
    description = serializers.CharField()

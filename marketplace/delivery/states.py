"""The machines of this room: endpoints, deliveries to them, and e-mails."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.states import Transitions


class EndpointStatus(models.TextChoices):
    ENABLED = "enabled", _("Enabled")
    DISABLED = "disabled", _("Disabled")
    DELETED = "deleted", _("Deleted")


ENDPOINT_TRANSITIONS: Transitions = {
    EndpointStatus.ENABLED: frozenset({EndpointStatus.DISABLED, EndpointStatus.DELETED}),
    EndpointStatus.DISABLED: frozenset({EndpointStatus.ENABLED, EndpointStatus.DELETED}),
}


class EndpointReason(models.TextChoices):
    """Why an endpoint is disabled."""

    BY_ADMINISTRATOR = "by_administrator", _("An administrator disabled it")
    GONE = "gone", _("It answered 410 Gone")
    FAILING = "failing", _("It failed for days")


class DeliveryStatus(models.TextChoices):
    PENDING = "pending", _("Waiting to be delivered")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Not delivered")


# What ended may be asked for again.
DELIVERY_TRANSITIONS: Transitions = {
    DeliveryStatus.PENDING: frozenset({DeliveryStatus.DELIVERED, DeliveryStatus.FAILED}),
    DeliveryStatus.DELIVERED: frozenset({DeliveryStatus.PENDING}),
    DeliveryStatus.FAILED: frozenset({DeliveryStatus.PENDING}),
}


class EmailStatus(models.TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("No longer needed")
    FAILED = "failed", _("Not sent")


EMAIL_TRANSITIONS: Transitions = {
    EmailStatus.PENDING: frozenset({EmailStatus.SENDING, EmailStatus.DROPPED, EmailStatus.FAILED}),
    EmailStatus.SENDING: frozenset({EmailStatus.SENT, EmailStatus.PENDING, EmailStatus.FAILED}),
}

"""The machines of this room: endpoints, deliveries to them, and e-mails."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.kernel.states import Transitions


class EndpointStatus(models.TextChoices):
    ENABLED = "enabled", pgettext_lazy("endpoint", "Enabled")
    DISABLED = "disabled", pgettext_lazy("endpoint", "Disabled")
    DELETED = "deleted", pgettext_lazy("endpoint", "Deleted")


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
    PENDING = "pending", pgettext_lazy("delivery", "Waiting to be delivered")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    FAILED = "failed", pgettext_lazy("delivery", "Not delivered")


# What ended may be asked for again.
DELIVERY_TRANSITIONS: Transitions = {
    DeliveryStatus.PENDING: frozenset({DeliveryStatus.DELIVERED, DeliveryStatus.FAILED}),
    DeliveryStatus.DELIVERED: frozenset({DeliveryStatus.PENDING}),
    DeliveryStatus.FAILED: frozenset({DeliveryStatus.PENDING}),
}


class EmailStatus(models.TextChoices):
    PENDING = "pending", pgettext_lazy("e-mail", "Waiting to be sent")
    SENDING = "sending", pgettext_lazy("e-mail", "Being sent")
    SENT = "sent", pgettext_lazy("e-mail", "Sent")
    DROPPED = "dropped", pgettext_lazy("e-mail", "No longer needed")
    FAILED = "failed", pgettext_lazy("e-mail", "Not sent")


EMAIL_TRANSITIONS: Transitions = {
    EmailStatus.PENDING: frozenset({EmailStatus.SENDING, EmailStatus.DROPPED, EmailStatus.FAILED}),
    EmailStatus.SENDING: frozenset({EmailStatus.SENT, EmailStatus.PENDING, EmailStatus.FAILED}),
}

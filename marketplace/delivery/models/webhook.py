"""Webhooks: where an organization wants its facts sent, and how each one fared on its way there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from marketplace.accounts.models import User
from marketplace.delivery.models.outbox import OutboxEvent
from marketplace.delivery.states import (
    DELIVERY_TRANSITIONS,
    ENDPOINT_TRANSITIONS,
    DeliveryStatus,
    EndpointReason,
    EndpointStatus,
)
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions


class WebhookEndpointQuerySet(ScopedQuerySet):
    def of_organizations(self, organizations: models.QuerySet[Any]) -> WebhookEndpointQuerySet:
        """Return what these organizations, which live on a floor above, have and have not deleted."""
        return self.existing().filter(organization_id__in=organizations.values("pk"))

    def existing(self) -> WebhookEndpointQuerySet:
        return self.exclude(status=EndpointStatus.DELETED)

    def wanting(self, kind: str) -> WebhookEndpointQuerySet:
        """Return the enabled ones that ask for facts of ``kind``; who names no kinds asks for all."""
        return self.filter(Q(kinds=[]) | Q(kinds__contains=[kind]), status=EndpointStatus.ENABLED)


class WebhookEndpoint(Record):
    """A URL that gets the facts of one organization. The secret is kept encrypted, since every message is signed by it.

    The secret before the last rotation signs too until ``previous_until``. ``failing_since`` is when the first attempt
    failed after which none has succeeded; ``timeouts`` counts the latest in a row, and until ``resting_until`` nothing
    is sent, so that a slow receiver does not hold up the others.
    """

    prefix: ClassVar[str] = "whk"

    organization_id = models.UUIDField(db_index=True)
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=120, blank=True)
    kinds = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    status = models.CharField(max_length=8, choices=EndpointStatus.choices, default=EndpointStatus.ENABLED)
    status_reason = models.CharField(max_length=16, choices=EndpointReason.choices, blank=True)
    secret_encrypted = models.BinaryField(default=bytes)
    previous_secret_encrypted = models.BinaryField(default=bytes)
    previous_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    timeouts = models.PositiveIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", EndpointStatus.values, "endpoint_status_known"),
            models.CheckConstraint(
                condition=Q(status=EndpointStatus.DISABLED, status_reason__in=EndpointReason.values)
                | (~Q(status=EndpointStatus.DISABLED) & Q(status_reason="")),
                name="endpoint_disabled_for_a_reason",
            ),
        ]

    @property
    def transitions(self) -> Transitions:
        return ENDPOINT_TRANSITIONS

    def __repr__(self) -> str:
        return f"<WebhookEndpoint {self.public_id}>"


class WebhookDeliveryQuerySet(ScopedQuerySet):
    def due(self) -> WebhookDeliveryQuerySet:
        """Return what somebody should send now; what is leased to a living sender is not due."""
        now = clock.now()
        return self.filter(
            Q(endpoint__resting_until__isnull=True) | Q(endpoint__resting_until__lte=now),
            Q(lease_until__isnull=True) | Q(lease_until__lte=now),
            status=DeliveryStatus.PENDING,
            next_attempt_at__lte=now,
            endpoint__status=EndpointStatus.ENABLED,
        )


class WebhookDelivery(Record):
    """One fact on its way to one endpoint; it is its own queue row, fenced by ``lease_token``.

    ``attempts`` counts since it was last asked for; ``response_status``, ``error`` and ``milliseconds`` are of the
    latest one.
    """

    prefix: ClassVar[str] = "dlv"

    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="+")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    status = models.CharField(max_length=9, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now, null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    response_status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)
    milliseconds = models.PositiveIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", DeliveryStatus.values, "delivery_status_known"),
            models.UniqueConstraint(fields=["event", "endpoint"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(status=DeliveryStatus.PENDING, next_attempt_at__isnull=False, finished_at__isnull=True)
                | (
                    ~Q(status=DeliveryStatus.PENDING)
                    & Q(next_attempt_at__isnull=True, finished_at__isnull=False, lease_token__isnull=True)
                ),
                name="delivery_pending_or_finished",
            ),
            models.CheckConstraint(
                condition=Q(lease_token__isnull=True, lease_until__isnull=True)
                | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="delivery_lease_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at"], condition=Q(status=DeliveryStatus.PENDING), name="delivery_due"
            ),
            models.Index(fields=["endpoint", "-created_at", "-id"], name="delivery_log"),
        ]

    @property
    def transitions(self) -> Transitions:
        return DELIVERY_TRANSITIONS


class WebhookAttempt(models.Model):
    """One request that was made, or that was refused before it left."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempt_log")
    at = models.DateTimeField(default=clock.now)
    response_status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)

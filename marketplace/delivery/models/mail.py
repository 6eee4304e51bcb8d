"""E-mails on their way: who is written to and how far it has come. Neither address nor text is kept here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.accounts.models import User
from marketplace.delivery.states import EMAIL_TRANSITIONS, EmailStatus
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions


class EmailMessageQuerySet(ScopedQuerySet):
    def due(self) -> EmailMessageQuerySet:
        """Return what somebody should send now: waiting and due, or left by a sender whose lease is over."""
        now = clock.now()
        waiting = Q(status=EmailStatus.PENDING, next_attempt_at__lte=now)
        return self.filter(waiting | Q(status=EmailStatus.SENDING, lease_until__lte=now))


class EmailMessage(Record):
    """One e-mail to one person about the notifications that point to it, written at the moment it is sent.

    It is its own queue row: ``lease_token`` fences the write of whoever sends it.
    """

    prefix: ClassVar[str] = "mail"

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=EmailStatus.choices, default=EmailStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True)
    finished_at = models.DateTimeField(null=True)

    objects = EmailMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", EmailStatus.values, "email_status_known"),
            models.CheckConstraint(
                condition=Q(status=EmailStatus.SENDING, lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(status=EmailStatus.SENDING) & Q(lease_token__isnull=True, lease_until__isnull=True)),
                name="email_leased_while_sending",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(status__in=[EmailStatus.PENDING, EmailStatus.SENDING]),
                name="email_waiting",
            )
        ]

    @property
    def transitions(self) -> Transitions:
        return EMAIL_TRANSITIONS

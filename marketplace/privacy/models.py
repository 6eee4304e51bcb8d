"""What somebody asks about their own data."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Permission
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions
from marketplace.privacy import states
from profiles.models import Professional


class RequestKind(models.TextChoices):
    ACCESS = "access", _("See all that is kept")
    RESTRICTION = "restriction", _("Stop using it")
    ERASURE = "erasure", _("Erase it")


class PrivacyRequestQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> PrivacyRequestQuerySet:
        """One's own, and all of them for whoever decides."""
        if actor.may(Permission.DECIDE_PRIVACY):
            return self
        return self.filter(professional__user=actor.user) if actor.user is not None else self.none()


class PrivacyRequest(Record):
    """A right of access, opposition or cancellation (LFPDPPP 2025); correcting oneself needs no request.

    ``due_on`` is the last day to answer. ``outcome`` says what was done, in counts and names of columns, never values.
    """

    prefix: ClassVar[str] = "priv"

    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=RequestKind.choices)
    status = models.CharField(
        max_length=16, choices=states.RequestStatus.choices, default=states.RequestStatus.RECEIVED
    )
    note = models.TextField(max_length=2000, blank=True)
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    refusal_reason = models.CharField(max_length=48, blank=True)
    outcome = models.JSONField(default=dict)

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", RequestKind.values, "privacy_request_kind_known"),
            one_of("status", states.RequestStatus.values, "privacy_request_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["fulfilled", "refused"]) | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="privacy_request_decision_has_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="refused") & ~Q(refusal_reason="") | ~Q(status="refused") & Q(refusal_reason=""),
                name="privacy_request_refusal_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["professional", "kind"],
                condition=Q(status__in=["received", "blocking"]),
                name="privacy_request_one_open_of_a_kind",
            ),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.REQUEST

"""The checklist of an engagement: which documents there must be, where they are kept, and until when they hold."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.clients import states
from marketplace.clients.models.engagement import Engagement, Placement
from marketplace.clients.models.organization import of_actor
from marketplace.kernel import clock, crypto
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions
from profiles.models import Skill


class DocumentKind(models.TextChoices):
    NDA = "nda", _("Non-disclosure agreement")
    W8BEN = "w8ben", _("W-8BEN or W-8BEN-E")
    W9 = "w9", _("W-9")
    REPSE = "repse", _("REPSE registration of the supplier")
    THIRD_PARTY_RISK_PACK = "third_party_risk_pack", _("Third-party risk pack")
    CERTIFICATE = "certificate", _("Certificate")


class EngagementDocumentQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> EngagementDocumentQuerySet:
        """The client's own, those of one's own placements, and all of them for recruiters and operators."""
        if actor.is_staff_side:
            return self
        if actor.role == Role.PROFESSIONAL:
            return self.filter(placement__professional__user=actor.user)
        return self.filter(of_actor(actor, "engagement__organization"))


class EngagementDocument(Record):
    """The document itself is kept elsewhere: ``reference`` says where, ``sha256`` which file was looked at.

    ``placement`` is null for what concerns the whole engagement. ``planned_us_days`` is asked with a W-8BEN: days of
    work on site in the United States. A number is stored encrypted, bound to its row.
    """

    prefix: ClassVar[str] = "doc"

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="documents")
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="documents", null=True, blank=True)
    kind = models.CharField(max_length=32, choices=DocumentKind.choices)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    required = models.BooleanField()
    status = models.CharField(
        max_length=16, choices=states.DocumentStatus.choices, default=states.DocumentStatus.MISSING
    )
    reference = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    number_encrypted = models.BinaryField(default=bytes, blank=True)
    planned_us_days = models.PositiveSmallIntegerField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    provided_at = models.DateTimeField(null=True, blank=True)
    provided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    rejection_code = models.CharField(max_length=48, blank=True)

    objects = EngagementDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.DocumentStatus.values, "document_status_known"),
            one_of("kind", DocumentKind.values, "document_kind_known"),
            models.UniqueConstraint(
                fields=["engagement", "placement", "kind", "skill"], nulls_distinct=False, name="document_once"
            ),
            # A data right may empty the reference once the duty to keep it is over.
            models.CheckConstraint(
                condition=Q(status="missing") | (Q(provided_at__isnull=False) & ~Q(provided_by="")),
                name="document_provided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["verified", "rejected"]) | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="document_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(rejection_code=""), name="document_rejected_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(sha256="") | Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_sha256_is_one"
            ),
            models.CheckConstraint(
                condition=Q(planned_us_days__isnull=True) | Q(planned_us_days__lte=366), name="document_us_days"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(issued_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="document_expires_after_issue",
            ),
        ]
        indexes = [models.Index(fields=["status", "expires_on"], name="document_expiring")]

    @property
    def transitions(self) -> Transitions:
        return states.DOCUMENT

    @property
    def number(self) -> str:
        """The number in clear, empty without one."""
        blob = bytes(self.number_encrypted)
        return crypto.decrypt(blob, bound_to=f"{self.public_id}/number") if blob else ""

    @property
    def standing(self) -> str:
        """The status today: what has run out is expired, be it swept or not."""
        held = self.status in {states.DocumentStatus.PROVIDED, states.DocumentStatus.VERIFIED}
        over = held and self.expires_on is not None and self.expires_on < clock.today()
        return states.DocumentStatus.EXPIRED if over else self.status

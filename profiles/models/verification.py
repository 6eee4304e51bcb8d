"""What a recruiter has seen of a profile: kept for good, whatever the claim says later."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.models import Record, one_of
from profiles.levels import Evidence
from profiles.models.professional import Professional


class VerifiedKind(models.TextChoices):
    SKILL = "skill", _("Skill")
    LANGUAGE = "language", _("Language")
    CERTIFICATE = "certificate", _("Certificate")


class Verification(Record):
    """``code`` is a skill's code or a language; ``level`` is what was seen: skill 1..5, CEFR 0..6, 0 of a certificate.

    ``seen`` is the proof as it was stated on that day: test, scores, scale and date of a language, number and dates of
    a certificate. The day is ``created_at``; a row is never changed.
    """

    prefix: ClassVar[str] = "verif"

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="verifications")
    kind = models.CharField(max_length=16, choices=VerifiedKind.choices)
    code = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField(default=0)
    evidence = models.PositiveSmallIntegerField(choices=Evidence.choices)
    source = models.CharField(max_length=200, blank=True)
    seen = models.JSONField(default=dict, db_default={}, blank=True)
    verified_by = models.CharField(max_length=64, help_text="principal of the recruiter")
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("kind", VerifiedKind.values, "verification_kind_known"),
            models.CheckConstraint(condition=~Q(verified_by=""), name="verification_by_somebody"),
            models.CheckConstraint(
                condition=Q(evidence__in=[Evidence.TESTED, Evidence.VERIFIED]), name="verification_evidence"
            ),
        ]
        indexes = [models.Index(fields=["professional", "-created_at"], name="verification_newest")]

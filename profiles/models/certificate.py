"""Certificates: what matters is whether they are valid at the end of an engagement, not merely today."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from marketplace.kernel.models import Record
from profiles.levels import Evidence
from profiles.models.professional import Professional
from profiles.models.skill import Skill


class Certificate(Record):
    prefix: ClassVar[str] = "cert"

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="certificates")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    number = models.CharField(max_length=64, blank=True)
    verify_url = models.URLField(blank=True)
    evidence = models.PositiveSmallIntegerField(choices=Evidence.choices, default=Evidence.SELF_DECLARED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["professional", "skill"], name="certificate_once"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
                name="certificate_expires_after_issue",
            ),
        ]

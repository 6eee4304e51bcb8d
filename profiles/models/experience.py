"""Where somebody worked, and who has worked with whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from marketplace.kernel.models import Record
from profiles.models.professional import Professional


class Experience(Record):
    prefix: ClassVar[str] = "exp"

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="experiences")
    employer = models.CharField(max_length=120)
    title = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    summary_en = models.TextField(max_length=4000, blank=True)
    summary_es = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="experience_ends_after_start"
            )
        ]


class Collaboration(models.Model):
    """An unordered pair who worked together ``times`` times; ``first`` holds the smaller id."""

    first = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="+")
    times = models.PositiveSmallIntegerField(default=1)
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="collaboration_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="collaboration_ordered"),
        ]

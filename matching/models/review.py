"""Every decision about a cell is a row with a reason."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from matching.models.proposal import Proposal


class Decision(models.TextChoices):
    APPROVE = "approve", _("Approved")
    REJECT = "reject", _("Rejected")
    REVISE = "revise", _("Revised")


class ReviewDecision(Record):
    """``seen_version`` is the version of the proposal that the recruiter had before them."""

    prefix: ClassVar[str] = "dec"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=16, choices=Decision.choices)
    reason_code = models.CharField(max_length=48)
    comment = models.TextField(max_length=4000, blank=True)
    decided_by = models.CharField(max_length=64)
    seen_version = models.PositiveIntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [one_of("decision", Decision.values, "review_decision_known")]

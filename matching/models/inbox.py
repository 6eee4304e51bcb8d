"""Who is looking at a cell, and what they say about it among themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.kernel.models import Record
from matching.models.proposal import Proposal


class ReviewClaim(Record):
    """A recruiter who has taken a cell to judge it; it lapses, so that nobody's absence keeps a cell waiting."""

    prefix: ClassVar[str] = "revclaim"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="claims")
    claimed_by = models.CharField(max_length=64)
    lapses_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(released_at__isnull=True), name="review_claim_one_at_a_time"
            )
        ]


class ReviewComment(Record):
    """What a recruiter notes about a cell, for the others who judge it. No client ever sees it."""

    prefix: ClassVar[str] = "note"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    author = models.CharField(max_length=64)
    text = models.TextField(max_length=4000)

    class Meta:
        ordering = ["created_at", "id"]

"""A question about a cell and its answer: nothing of it counts until it is kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from matching.models.proposal import Proposal


class WhatIfOutcome(models.TextChoices):
    COMPOSED = "composed", _("There is such a cell")
    INFEASIBLE = "infeasible", _("No such cell exists")
    OUT_OF_TIME = "out_of_time", _("Not decided in time")


class WhatIfQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> WhatIfQuerySet:
        """Questions are asked, and seen, by the marketplace's own people only."""
        return self if actor.is_staff_side else self.none()


class WhatIf(Record):
    """``terms`` are the rules that the question comes to (see ``matching.terms``), ``cell`` the engine's answer.

    ``content`` and ``people`` are what the engine was given, as in ``Snapshot``; empty where there is no cell.
    ``difference`` compares with the proposal as it was at ``proposal_version``. ``kept_as`` is the revision made of it.
    """

    prefix: ClassVar[str] = "whatif"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="what_ifs")
    proposal_version = models.PositiveIntegerField()
    project_version = models.PositiveIntegerField()
    asked_by = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16, choices=WhatIfOutcome.choices)
    question = models.JSONField()
    terms = models.JSONField()
    cell = models.JSONField(null=True, blank=True)
    difference = models.JSONField(null=True, blank=True)
    diagnosis = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    content = models.BinaryField(default=bytes, blank=True)
    people = models.BinaryField(default=bytes, blank=True)
    candidates = models.PositiveIntegerField()
    milliseconds = models.PositiveIntegerField()
    policy = models.CharField(max_length=32)
    engine_version = models.CharField(max_length=32)
    solver_version = models.CharField(max_length=32)
    index_version = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    kept_as = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="what_if", null=True, blank=True)

    objects = WhatIfQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("outcome", WhatIfOutcome.values, "what_if_outcome_known"),
            models.CheckConstraint(
                condition=~Q(outcome="composed") | Q(cell__isnull=False, difference__isnull=False),
                name="what_if_composed_has_a_cell",
            ),
            models.CheckConstraint(
                condition=Q(kept_as__isnull=True) | Q(outcome="composed"), name="what_if_kept_was_composed"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="what_if_expiry")]

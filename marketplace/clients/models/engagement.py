"""What came of an accepted cell: the engagement and its placements, with the terms as they were accepted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.clients import states
from marketplace.clients.models.organization import Organization, of_actor
from marketplace.clients.models.project import Project, Seat
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.money import Currency
from marketplace.kernel.states import Transitions
from profiles.models import Professional


class EngagementQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> EngagementQuerySet:
        """The client's own, those one is placed in, and all of them for recruiters and operators."""
        if actor.is_staff_side:
            return self
        if actor.role == Role.PROFESSIONAL:
            return self.filter(placements__professional__user=actor.user).distinct()
        return self.filter(of_actor(actor))

    def with_placements(self, actor: Actor) -> EngagementQuerySet:
        """Fetch along the placements that the actor may see: their own for a professional, else all of them."""
        placements = Placement.objects.select_related("seat", "professional").order_by("seat__position", "pk")
        if actor.role == Role.PROFESSIONAL:
            placements = placements.filter(professional__user=actor.user)
        return self.select_related("organization", "project").prefetch_related(
            models.Prefetch("placements", placements)
        )


class Engagement(Record):
    """``proposal_id`` names the accepted cell, a row of a higher floor."""

    prefix: ClassVar[str] = "eng"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    proposal_id = models.UUIDField(unique=True)
    status = models.CharField(
        max_length=16, choices=states.EngagementStatus.choices, default=states.EngagementStatus.CONFIRMING
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    monthly_cost = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, choices=Currency.choices)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.EngagementStatus.values, "engagement_status_known"),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status__in=["confirming", "active"]),
                name="engagement_one_live_per_project",
            ),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.ENGAGEMENT


class Placement(Record):
    """One person in one seat; the hourly rate is the person's own, frozen, the cost is in the engagement's currency."""

    prefix: ClassVar[str] = "place"

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="placements")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=16, choices=states.PlacementStatus.choices, default=states.PlacementStatus.HELD
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    weekly_minutes = models.PositiveIntegerField()
    rate_amount = models.DecimalField(max_digits=10, decimal_places=2)
    rate_currency = models.CharField(max_length=3, choices=Currency.choices)
    monthly_cost = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            one_of("status", states.PlacementStatus.values, "placement_status_known"),
            models.UniqueConstraint(fields=["engagement", "professional"], name="placement_person_once"),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.PLACEMENT

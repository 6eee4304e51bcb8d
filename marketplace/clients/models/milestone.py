"""Milestones of an engagement: what is to be delivered by when, and whether the client took it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.clients import states
from marketplace.clients.models.engagement import Engagement
from marketplace.clients.models.organization import of_actor
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions


class MilestoneQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> MilestoneQuerySet:
        """The client's own, those of engagements one is placed in, and all of them for recruiters and operators."""
        if actor.is_staff_side:
            return self
        if actor.role == Role.PROFESSIONAL:
            return self.filter(
                engagement__placements__professional__user=actor.user,
                engagement__placements__status__in=states.LIVE_PLACEMENT,
            ).distinct()
        return self.filter(of_actor(actor, "engagement__organization"))

    def late(self) -> MilestoneQuerySet:
        """Return those that should have been delivered, and taken, before today."""
        return self.filter(due_on__lt=clock.today()).exclude(status=states.MilestoneStatus.ACCEPTED)


class Milestone(Record):
    """``position`` is its place in the list, from 1; ``told_late`` that people were told once of its lateness."""

    prefix: ClassVar[str] = "mile"

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    acceptance_criteria = models.TextField(max_length=4000)
    due_on = models.DateField()
    status = models.CharField(
        max_length=16, choices=states.MilestoneStatus.choices, default=states.MilestoneStatus.PLANNED
    )
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_by = models.CharField(max_length=64, blank=True)
    delivery_note = models.TextField(max_length=4000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    rejection_reason = models.TextField(max_length=4000, blank=True)
    told_late = models.BooleanField(default=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "position"]
        constraints = [
            one_of("status", states.MilestoneStatus.values, "milestone_status_known"),
            # Positions are rewritten as a whole, so they are compared when the transaction ends.
            models.UniqueConstraint(
                fields=["engagement", "position"],
                deferrable=models.Deferrable.DEFERRED,
                name="milestone_position_once",
            ),
            models.CheckConstraint(
                condition=Q(status="planned", delivered_at__isnull=True)
                | (~Q(status="planned") & Q(delivered_at__isnull=False) & ~Q(delivered_by="")),
                name="milestone_delivered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "delivered"])
                | (Q(status__in=["accepted", "rejected"], decided_at__isnull=False) & ~Q(decided_by="")),
                name="milestone_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(rejection_reason=""), name="milestone_rejected_with_a_reason"
            ),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.MILESTONE

    @property
    def late(self) -> bool:
        return self.status != states.MilestoneStatus.ACCEPTED and self.due_on < clock.today()

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
from marketplace.kernel import clock
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
        placements = Placement.objects.select_related("seat", "professional").prefetch_related("invitations", "terms")
        placements = placements.order_by("seat__position", "pk")
        if actor.role == Role.PROFESSIONAL:
            placements = placements.filter(professional__user=actor.user)
        return self.select_related("organization", "project").prefetch_related(
            models.Prefetch("placements", placements)
        )


class Engagement(Record):
    """``proposal_id`` names the accepted cell, a row of a higher floor.

    While it is confirming, everybody's hours are held until ``confirm_by``; ``first_confirm_by`` is what that was at
    acceptance, from which extensions are counted. ``ended_reason`` says why it was terminated.
    """

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
    confirm_by = models.DateTimeField(null=True)
    first_confirm_by = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=48, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.EngagementStatus.values, "engagement_status_known"),
            models.CheckConstraint(
                condition=~Q(status="confirming") | Q(confirm_by__isnull=False, first_confirm_by__isnull=False),
                name="engagement_confirming_has_a_deadline",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status__in=["confirming", "active", "paused"]),
                name="engagement_one_live_per_project",
            ),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.ENGAGEMENT

    @property
    def has_lapsed(self) -> bool:
        """Whether the time for everybody's yes is over, although nobody has written that down yet."""
        return (
            self.status == states.EngagementStatus.CONFIRMING
            and self.confirm_by is not None
            and self.confirm_by <= clock.now()
        )


class PlacementQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> PlacementQuerySet:
        """Those of the engagements that the actor may see; of them a professional sees their own."""
        if actor.role == Role.PROFESSIONAL:
            return self.filter(professional__user=actor.user)
        return self.filter(engagement__in=Engagement.objects.visible_to(actor))

    def live(self) -> PlacementQuerySet:
        return self.filter(status__in=states.LIVE_PLACEMENT)

    def vacant(self) -> PlacementQuerySet:
        """Return the seats of living engagements that somebody has left or is about to leave and nobody has taken."""
        return self.filter(
            vacant_from__isnull=False, replaced_by__isnull=True, engagement__status__in=states.LIVE_ENGAGEMENT
        )


class Placement(Record):
    """One person in one seat; the hourly rate is the person's own, frozen, the cost is in the engagement's currency.

    From ``vacant_from`` on, for ``ended_reason``, the person is no longer there: before that day a placement whose
    work has begun stays live. ``replaced_by`` is the successor in the seat. ``deadline_extended`` remembers that this
    vacancy has lengthened the others' holds, which it may do once.
    """

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
    overlap_minutes = models.PositiveSmallIntegerField(null=True, help_text="shared with the client on the worst day")
    vacant_from = models.DateField(null=True)
    ended_reason = models.CharField(max_length=48, blank=True)
    replaced_by = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaces", null=True)
    deadline_extended = models.BooleanField(default=False)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.PlacementStatus.values, "placement_status_known"),
            # Whoever changes seats on a day has two: the one until then, and the one from then on.
            models.UniqueConstraint(
                fields=["engagement", "professional"],
                condition=Q(status__in=["held", "confirmed", "active"], vacant_from__isnull=True),
                name="placement_person_once",
            ),
            models.CheckConstraint(
                condition=Q(vacant_from__isnull=True) | ~Q(ended_reason=""), name="placement_vacant_for_a_reason"
            ),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.PLACEMENT

    @property
    def needs_replacement(self) -> bool:
        """Whether the seat is or will be empty in a living engagement. Reads the engagement."""
        return (
            self.vacant_from is not None
            and self.replaced_by_id is None
            and self.engagement.status in states.LIVE_ENGAGEMENT
        )

"""What may change while an engagement runs: its pauses, its terms with everybody's yes, and leave of its people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.clients import states
from marketplace.clients.models.engagement import Engagement, Placement
from marketplace.clients.models.organization import of_actor
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions


class Pause(Record):
    """The work rests from ``starts_on`` until ``ended_on``; hours stay held until ``kept_until``, its last day.

    ``began`` says that the day has come and the engagement was moved; a pause that is planned for later is not begun.
    """

    prefix: ClassVar[str] = "pause"

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="pauses")
    starts_on = models.DateField()
    kept_until = models.DateField()
    began = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)
    reason_code = models.CharField(max_length=48)
    asked_by = models.CharField(max_length=64)
    ended_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(ended_on__isnull=True), name="pause_one_open_per_engagement"
            ),
            models.CheckConstraint(condition=Q(kept_until__gte=F("starts_on")), name="pause_keeps_hours_for_a_while"),
        ]


class ChangeKind(models.TextChoices):
    EXTENSION = "extension", _("Extension")
    EARLIER_END = "earlier_end", _("Earlier end")
    HOURS = "hours", _("Change of hours")


class Party(models.TextChoices):
    """On whose side somebody speaks."""

    CLIENT = "client", _("Client")
    PROFESSIONAL = "professional", _("Professional")
    RECRUITER = "recruiter", _("Recruiter")


class EngagementChangeQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> EngagementChangeQuerySet:
        """The client's own, those that ask for one's own yes, and all of them for recruiters and operators."""
        if actor.is_staff_side:
            return self
        if actor.role == Role.PROFESSIONAL:
            return self.filter(answers__placement__professional__user=actor.user).distinct()
        return self.filter(of_actor(actor, "engagement__organization"))

    def open(self) -> EngagementChangeQuerySet:
        return self.filter(status=states.ChangeStatus.REQUESTED)

    def with_answers(self, actor: Actor) -> EngagementChangeQuerySet:
        """Fetch along the answers that the actor may see: the client's and their own for a professional, else all."""
        answers = ChangeAnswer.objects.select_related("placement__professional").order_by("pk")
        if actor.role == Role.PROFESSIONAL:
            answers = answers.filter(Q(placement__isnull=True) | Q(placement__professional__user=actor.user))
        return self.select_related("engagement", "placement").prefetch_related(models.Prefetch("answers", answers))


class EngagementChange(Record):
    """New terms that somebody asked for. They never change, so the version moves only with the status.

    ``ends_on`` is the new last day of everybody; ``placement``, ``starts_on`` and ``weekly_minutes`` are new hours of
    one from a day on. ``ends_on_before``, ``weekly_minutes_before`` and the costs say what the answers refer to.
    ``warnings`` name what runs out before the new end, by placement.
    """

    prefix: ClassVar[str] = "chg"

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=16, choices=ChangeKind.choices)
    status = models.CharField(max_length=16, choices=states.ChangeStatus.choices, default=states.ChangeStatus.REQUESTED)
    status_reason = models.CharField(max_length=48, blank=True)
    reason_code = models.CharField(max_length=48)
    asked_by = models.CharField(max_length=64)
    asked_side = models.CharField(max_length=16, choices=Party.choices)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    ends_on = models.DateField(null=True, blank=True)
    ends_on_before = models.DateField()
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    weekly_minutes = models.PositiveIntegerField(null=True, blank=True)
    weekly_minutes_before = models.PositiveIntegerField(null=True, blank=True)
    monthly_cost = models.DecimalField(max_digits=12, decimal_places=2)
    monthly_cost_before = models.DecimalField(max_digits=12, decimal_places=2)
    warnings = models.JSONField(default=list)

    objects = EngagementChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.ChangeStatus.values, "change_status_known"),
            one_of("kind", ChangeKind.values, "change_kind_known"),
            one_of("asked_side", Party.values, "change_side_known"),
            models.CheckConstraint(
                condition=Q(kind="hours", placement__isnull=False, starts_on__isnull=False, weekly_minutes__gte=1)
                | (~Q(kind="hours") & Q(placement__isnull=True, ends_on__isnull=False)),
                name="change_says_what",
            ),
            models.CheckConstraint(
                condition=Q(status="requested", decided_at__isnull=True)
                | (~Q(status="requested") & Q(decided_at__isnull=False)),
                name="change_decided_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(status="requested", placement__isnull=True),
                name="change_of_the_end_one_open",
            ),
            models.UniqueConstraint(
                fields=["placement"], condition=Q(status="requested"), name="change_of_hours_one_open"
            ),
        ]
        indexes = [models.Index(fields=["engagement", "-created_at"], name="change_of_engagement")]

    @property
    def transitions(self) -> Transitions:
        return states.CHANGE

    @property
    def is_over_time(self) -> bool:
        """Whether nobody can answer any more, be it swept or not."""
        return self.status == states.ChangeStatus.REQUESTED and self.expires_at <= clock.now()


class ChangeAnswer(models.Model):
    """Whose yes a change needs: the client's where ``placement`` is null, else its professional's."""

    change = models.ForeignKey(EngagementChange, on_delete=models.CASCADE, related_name="answers")
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=48, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change", "placement"], nulls_distinct=False, name="change_answer_once_per_party"
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, answered_at__isnull=True, answered_by="")
                | (Q(accepted__isnull=False, answered_at__isnull=False) & ~Q(answered_by="")),
                name="change_answer_by_somebody",
            ),
        ]


class PlacementTerm(models.Model):
    """Since when a placement is paid for how many hours; without a row the placement's own terms hold throughout."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="terms")
    starts_on = models.DateField()
    weekly_minutes = models.PositiveIntegerField()
    monthly_cost = models.DecimalField(max_digits=12, decimal_places=2)
    change = models.ForeignKey(EngagementChange, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "starts_on"], name="placement_term_once_per_day"),
            models.CheckConstraint(condition=Q(weekly_minutes__gte=1), name="placement_term_has_hours"),
        ]


class LeaveReason(models.TextChoices):
    """Why somebody is away, no finer than planning needs: never a diagnosis."""

    VACATION = "vacation", _("Vacation")
    FAMILY = "family", _("Family")
    PARENTAL = "parental", _("Parental leave")
    HEALTH = "health", _("Health")
    TRAINING = "training", _("Training")
    OTHER = "other", pgettext_lazy("reason", "Other")


class LeaveQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> LeaveQuerySet:
        """The client's own, one's own, and all of them for recruiters and operators."""
        if actor.is_staff_side:
            return self
        if actor.role == Role.PROFESSIONAL:
            return self.filter(placement__professional__user=actor.user)
        return self.filter(of_actor(actor, "placement__engagement__organization"))


class Leave(Record):
    """Days ``starts_on``..``ends_on``, both included, on which a placement asks for no hours.

    ``exception_id`` names the exception to the person's week that keeps the same hours from being promised elsewhere.
    """

    prefix: ClassVar[str] = "leave"

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="leaves")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason_kind = models.CharField(max_length=16, choices=LeaveReason.choices)
    status = models.CharField(max_length=16, choices=states.LeaveStatus.choices, default=states.LeaveStatus.GRANTED)
    asked_by = models.CharField(max_length=64)
    exception_id = models.UUIDField(null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.LeaveStatus.values, "leave_status_known"),
            # The reason may be blanked by a data right.
            one_of("reason_kind", ["", *LeaveReason.values], "leave_reason_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="leave_ends_after_start"),
        ]
        indexes = [models.Index(fields=["placement", "starts_on"], name="leave_of_placement")]

    @property
    def transitions(self) -> Transitions:
        return states.LEAVE

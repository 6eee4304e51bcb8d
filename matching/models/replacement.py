"""Who comes for those who have left an engagement: the row is the queue, then what is decided on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.accounts.actors import Actor
from marketplace.clients.models import Engagement, Placement
from marketplace.clients.models.organization import of_actor
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions
from matching import states


class ReplacementQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> ReplacementQuerySet:
        """Recruiters and operators see all; a client what waits for its answer, what came of it, and what cannot be."""
        if actor.is_staff_side:
            return self
        told = Q(status__in=["awaiting_client", "applied", "declined", "impossible"]) | Q(
            status__in=["expired", "superseded"], expires_at__isnull=False
        )
        return self.filter(told, of_actor(actor, "engagement__organization"))

    def due(self) -> ReplacementQuerySet:
        """Queued ones whose time has come, and running ones whose lease has lapsed."""
        now = clock.now()
        return self.filter(
            Q(status=states.ReplacementStatus.QUEUED, next_attempt_at__lte=now)
            | Q(status=states.ReplacementStatus.RUNNING, lease_until__lt=now)
        )


class Replacement(Record):
    """``options`` are the least disturbing cell and a few others (see ``services.vacancies``); one is ``chosen``.

    ``lease_token`` is the fence, as in a run. ``engagement_version`` is the engagement that it was composed for.
    ``relaxed`` are the engine's changes that were asked for to make it possible, ``excluded`` people who are not to
    come. ``asks_client`` lists what about the chosen option differs from what the client accepted. ``content`` and
    ``people`` are what the engine was given, as in ``Snapshot``.
    """

    prefix: ClassVar[str] = "repl"

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=16, choices=states.ReplacementStatus.choices, default=states.ReplacementStatus.QUEUED
    )
    status_reason = models.CharField(max_length=48, blank=True)
    cause = models.CharField(max_length=32)
    requested_by = models.CharField(max_length=64, default="system")
    relaxed = models.JSONField(default=list, blank=True)
    excluded = models.JSONField(default=list, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(default=clock.now)
    last_error = models.CharField(max_length=400, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    engagement_version = models.PositiveIntegerField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    terms = models.JSONField(null=True, blank=True)
    current = models.JSONField(default=list, blank=True)
    options = models.JSONField(default=list, blank=True)
    exhausted = models.BooleanField(default=False)
    diagnosis = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    content = models.BinaryField(default=bytes, blank=True)
    people = models.BinaryField(default=bytes, blank=True)
    candidates = models.PositiveIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    engine_version = models.CharField(max_length=32, blank=True)
    solver_version = models.CharField(max_length=32, blank=True)
    index_version = models.CharField(max_length=64, blank=True)
    chosen = models.PositiveSmallIntegerField(null=True, blank=True)
    asks_client = models.JSONField(default=list, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=48, blank=True)
    comment = models.TextField(max_length=4000, blank=True)
    client_decided_by = models.CharField(max_length=64, blank=True)
    client_decided_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=48, blank=True)

    objects = ReplacementQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.ReplacementStatus.values, "replacement_status_known"),
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(status__in=["queued", "running", "proposed", "awaiting_client"]),
                name="replacement_one_live_per_engagement",
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="replacement_running_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at__isnull=True)
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="replacement_approver_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["awaiting_client", "applied", "declined"])
                | (Q(chosen__isnull=False) & ~Q(approved_by="")),
                name="replacement_shown_only_when_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="awaiting_client") | Q(expires_at__isnull=False),
                name="replacement_client_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | Q(client_decided_at__isnull=False),
                name="replacement_declined_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["status", "next_attempt_at"], name="replacement_due")]

    @property
    def transitions(self) -> Transitions:
        return states.REPLACEMENT


class Vacancy(models.Model):
    """A placement whose seat a replacement is to fill."""

    replacement = models.ForeignKey(Replacement, on_delete=models.CASCADE, related_name="vacancies")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["replacement", "placement"], name="vacancy_once")]

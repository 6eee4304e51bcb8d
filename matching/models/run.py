"""A run of the composer: the row is the queue."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.accounts.actors import Actor
from marketplace.clients.models import Project
from marketplace.clients.models.organization import of_actor
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions
from matching import states

WHAT_IF = "what_if"  # the cause of a run that is a recruiter's question, kept


class MatchRunQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> MatchRunQuerySet:
        """An organization sees the runs of its projects, but not what recruiters tried in between."""
        if actor.is_staff_side:
            return self
        return self.filter(of_actor(actor, "project__organization")).exclude(cause=WHAT_IF)

    def due(self) -> MatchRunQuerySet:
        """Queued runs whose time has come, and running ones whose lease has lapsed."""
        now = clock.now()
        return self.filter(
            Q(status=states.MatchRunStatus.QUEUED, next_attempt_at__lte=now)
            | Q(status=states.MatchRunStatus.RUNNING, lease_until__lt=now)
        )


class MatchRun(Record):
    """``lease_token`` is the fence: only the worker that holds it may record. ``share`` 0..100 is progress.

    ``diagnosis`` says, for an infeasible run, what stands in the way and which repairs would do.
    """

    prefix: ClassVar[str] = "run"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    project_version = models.PositiveIntegerField()
    status = models.CharField(
        max_length=16, choices=states.MatchRunStatus.choices, default=states.MatchRunStatus.QUEUED
    )
    cause = models.CharField(max_length=32, default="published")
    requested_by = models.CharField(max_length=64, default="system")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(default=clock.now)
    last_error = models.CharField(max_length=400, blank=True)
    stage = models.CharField(max_length=24, blank=True)
    share = models.PositiveSmallIntegerField(default=0)
    best_value = models.IntegerField(null=True, blank=True)
    best_bound = models.IntegerField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    solve_milliseconds = models.PositiveIntegerField(null=True, blank=True)
    candidates = models.PositiveIntegerField(null=True, blank=True)
    policy = models.CharField(max_length=32, blank=True)
    engine_version = models.CharField(max_length=32, blank=True)
    solver_version = models.CharField(max_length=32, blank=True)
    index_version = models.CharField(max_length=64, blank=True)
    exhausted = models.BooleanField(default=False)
    diagnosis = models.JSONField(null=True, blank=True)

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.MatchRunStatus.values, "match_run_status_known"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(status__in=["queued", "running"]), name="match_run_one_live_per_project"
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="match_run_running_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running"]) | Q(finished_at__isnull=False),
                name="match_run_ended_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["status", "next_attempt_at"], name="match_run_due")]

    @property
    def transitions(self) -> Transitions:
        return states.RUN


class Snapshot(models.Model):
    """What the engine was given, so that any claim can be checked months later. ``digest`` is its SHA-256.

    ``people`` maps the engine's opaque refs to professionals.
    """

    run = models.OneToOneField(MatchRun, on_delete=models.CASCADE, related_name="snapshot")
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    people = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)


class Heartbeat(models.Model):
    """The last sign of life of something that must keep running."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

"""Two profiles of one person: that it may be so, that it is not, and that they were made one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Permission
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions
from profiles import states
from profiles.models import encrypted_json
from profiles.models.professional import Professional


class DuplicateTraces(models.Model):
    """What a person may be recognized by, as numbers of a keyed digest that tell nothing without the key.

    People who share one of ``keys`` are compared. ``content`` is a digest of all that a comparison looks at, so that
    nobody is compared again for having been booked.
    """

    professional = models.OneToOneField(Professional, on_delete=models.CASCADE, primary_key=True, related_name="+")
    keys = ArrayField(models.BigIntegerField())
    content = models.BigIntegerField()

    class Meta:
        # Without the list of pending entries, which each of thousands of look-ups would read from end to end.
        indexes = [GinIndex(fields=["keys"], fastupdate=False, name="duplicate_traces_keys")]


class DuplicateScan(models.Model):
    """How far the search for duplicates has come: one row. ``reached`` goes once over everybody, then is none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField(null=True, blank=True)
    snapshot = models.TextField(blank=True)
    reached = models.UUIDField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="duplicate_scan_is_one_row")]


class DuplicatePairQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> DuplicatePairQuerySet:
        """For recruiters and operators, while neither person is blocked or erased."""
        if actor.user is None or not actor.may(Permission.READ_SUPPLY):
            return self.none()
        hidden = (states.ProfessionalStatus.BLOCKED, states.ProfessionalStatus.ERASED)
        return self.exclude(Q(first__status__in=hidden) | Q(second__status__in=hidden))


class DuplicatePair(Record):
    """An unordered pair of profiles that may be of one person; ``first`` holds the smaller id, so each pair is one row.

    ``reasons`` maps what gave them away to a similarity of 0 to 100; ``score`` judges all of them together.
    """

    prefix: ClassVar[str] = "dup"

    first = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(
        max_length=16, choices=states.DuplicateStatus.choices, default=states.DuplicateStatus.OPEN
    )
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=dict)
    decided_by = models.CharField(max_length=64, blank=True, help_text="principal of the recruiter")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(max_length=1000, blank=True)

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.DuplicateStatus.values, "duplicate_pair_status_known"),
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_ordered"),
            models.CheckConstraint(condition=Q(score__lte=100), name="duplicate_pair_score"),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True, decided_by="")
                | (~Q(status="open") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="duplicate_pair_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-score"], name="duplicate_pair_surest"),
            models.Index(fields=["second"], name="duplicate_pair_second"),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.DUPLICATE


class ProfileMergeQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> ProfileMergeQuerySet:
        """For recruiters and operators."""
        if actor.user is None or not actor.may(Permission.READ_SUPPLY):
            return self.none()
        return self.defer("before")


class ProfileMerge(Record):
    """Two profiles made one. ``merged`` stays as an alias of ``survivor``, so that whatever names it still finds them.

    ``before`` is encrypted JSON: every row of both as it was. ``after`` is a digest of what came of it: the merge can
    be undone until ``undo_until`` while the digest still holds. ``outcome`` says in codes and numbers what was done.
    """

    prefix: ClassVar[str] = "merge"

    survivor = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    merged_by = models.CharField(max_length=64, help_text="principal of the recruiter")
    before = models.BinaryField(default=bytes, blank=True)
    after = models.CharField(max_length=64)
    outcome = models.JSONField(default=dict)
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=64, blank=True)

    objects = ProfileMergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="profile_merge_of_two"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="profile_merge_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="profile_merge_undone_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["survivor", "-created_at"], name="profile_merge_newest")]

    @property
    def can_be_undone(self) -> bool:
        """Whether the time to undo it has not passed; something may have changed since all the same."""
        return self.undone_at is None and clock.now() < self.undo_until

    @property
    def past(self) -> dict[str, Any]:
        """What both profiles were before."""
        return encrypted_json.opened(self.before, bound_to=f"{self.public_id}/before")

    def seal(self, past: dict[str, Any]) -> None:
        """Set what both profiles were before."""
        self.before = encrypted_json.sealed(past, bound_to=f"{self.public_id}/before")

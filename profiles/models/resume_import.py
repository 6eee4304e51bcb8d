"""An uploaded résumé on its way into a profile: the row is the queue, and every part read waits to be confirmed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Permission, Role
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions
from profiles import states
from profiles.models import encrypted_json
from profiles.models.professional import Professional


class ResumeImportQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> ResumeImportQuerySet:
        """Professionals see their own; recruiters and operators see that there are any, never what was read."""
        if actor.may(Permission.READ_SUPPLY):
            return self.all()
        if actor.user is not None and actor.role == Role.PROFESSIONAL:
            return self.filter(professional__user=actor.user)
        return self.none()

    def due(self) -> ResumeImportQuerySet:
        """Queued imports whose time has come, and those whose reader's lease has lapsed."""
        now = clock.now()
        return self.filter(
            Q(status=states.ResumeImportStatus.QUEUED, next_attempt_at__lte=now)
            | Q(status=states.ResumeImportStatus.READING, lease_until__lt=now)
        )


class ResumeImport(Record):
    """``content`` is the file, encrypted, there only until the import is closed. ``lease_token`` is the fence.

    ``notices`` and ``failure`` hold codes and places, no words of the person. ``duplicates`` names other profiles that
    may be the same person; their owner is never shown it.
    """

    prefix: ClassVar[str] = "imp"

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="resume_imports")
    status = models.CharField(
        max_length=16, choices=states.ResumeImportStatus.choices, default=states.ResumeImportStatus.QUEUED
    )
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField(default=bytes, blank=True)
    format = models.CharField(max_length=24, blank=True)
    language = models.CharField(max_length=2, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    document = models.BinaryField(default=bytes, blank=True)
    notices = models.JSONField(default=list)
    failure = models.JSONField(null=True, blank=True)
    duplicates = models.JSONField(default=list)
    possible_duplicate = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ResumeImportQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.ResumeImportStatus.values, "resume_import_status_known"),
            models.CheckConstraint(
                condition=~Q(status="reading") | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="resume_import_reading_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(status__in=states.OPEN_IMPORT) | Q(content=b"", document=b"", finished_at__isnull=False),
                name="resume_import_closed_keeps_no_file",
            ),
            models.CheckConstraint(
                condition=Q(status="failed", failure__isnull=False) | (~Q(status="failed") & Q(failure__isnull=True)),
                name="resume_import_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "next_attempt_at"], name="resume_import_due"),
            models.Index(fields=["professional", "-created_at"], name="resume_import_newest"),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.RESUME_IMPORT

    @property
    def read_document(self) -> dict[str, Any]:
        """The JSON Resume document that was read, while the import is open."""
        found: dict[str, Any] = encrypted_json.opened(self.document, bound_to=f"{self.public_id}/document")
        return found

    def seal(self, document: dict[str, Any]) -> None:
        """Set the document."""
        self.document = encrypted_json.sealed(document, bound_to=f"{self.public_id}/document")


class ResumeImportItem(Record):
    """One part as read: ``path`` is where it would go in the profile, ``confidence`` 0..100.

    ``payload`` is encrypted JSON: ``value`` as it would be written, ``pointer`` into the document, ``source`` in the
    file, ``current`` and ``target`` of a conflict. Of a part that was not accepted nothing is kept.
    """

    prefix: ClassVar[str] = "item"

    resume_import = models.ForeignKey(ResumeImport, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=24)
    path = models.CharField(max_length=160)
    status = models.CharField(max_length=16, choices=states.ImportItemStatus.choices)
    confidence = models.PositiveSmallIntegerField()
    payload = models.BinaryField(default=bytes, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            one_of("status", states.ImportItemStatus.values, "resume_import_item_status_known"),
            models.UniqueConstraint(fields=["resume_import", "position"], name="resume_import_item_once"),
            models.CheckConstraint(condition=Q(confidence__lte=100), name="resume_import_item_confidence"),
        ]

    @property
    def content(self) -> dict[str, Any]:
        """The payload in clear; empty once it was let go."""
        found: dict[str, Any] = encrypted_json.opened(self.payload, bound_to=f"{self.public_id}/payload")
        return found

    def seal(self, content: dict[str, Any]) -> None:
        """Set the payload."""
        self.payload = encrypted_json.sealed(content, bound_to=f"{self.public_id}/payload")


class ResumeExtras(Record):
    """What a confirmed résumé said beyond the columns of the profile, as ``profiles.kept_resume`` describes it.

    ``content`` is encrypted JSON: it may hold an address, a telephone number, and people named as references.
    """

    prefix: ClassVar[str] = "extras"

    professional = models.OneToOneField(Professional, on_delete=models.CASCADE, related_name="resume_extras")
    content = models.BinaryField(default=bytes, blank=True)

    @property
    def kept(self) -> dict[str, Any]:
        """The content in clear."""
        found: dict[str, Any] = encrypted_json.opened(self.content, bound_to=f"{self.public_id}/content")
        return found

    def seal(self, kept: dict[str, Any]) -> None:
        """Set the content."""
        self.content = encrypted_json.sealed(kept, bound_to=f"{self.public_id}/content")

"""The states of supply."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from marketplace.kernel.states import Transitions


class ProfessionalStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("profile", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("profile", "In review")
    ACTIVE = "active", pgettext_lazy("profile", "Active")
    PAUSED = "paused", pgettext_lazy("profile", "Paused")
    ARCHIVED = "archived", pgettext_lazy("profile", "Archived")
    BLOCKED = "blocked", pgettext_lazy("profile", "Blocked by a data right")
    ERASED = "erased", pgettext_lazy("profile", "Erased")


_S = ProfessionalStatus
PROFESSIONAL: Transitions = {
    _S.DRAFT: frozenset({_S.IN_REVIEW, _S.ARCHIVED, _S.BLOCKED}),
    _S.IN_REVIEW: frozenset({_S.ACTIVE, _S.DRAFT, _S.ARCHIVED, _S.BLOCKED}),
    _S.ACTIVE: frozenset({_S.PAUSED, _S.ARCHIVED, _S.BLOCKED}),
    _S.PAUSED: frozenset({_S.ACTIVE, _S.ARCHIVED, _S.BLOCKED}),
    _S.ARCHIVED: frozenset({_S.BLOCKED}),
    _S.BLOCKED: frozenset({_S.ERASED}),
    _S.ERASED: frozenset(),
}


# People in these states are not shown in lists, alerts and exports.
OUT_OF_SIGHT = (_S.ARCHIVED, _S.BLOCKED, _S.ERASED)
IN_SIGHT = (_S.DRAFT, _S.IN_REVIEW, _S.ACTIVE, _S.PAUSED)


class BookingStatus(models.TextChoices):
    HELD = "held", pgettext_lazy("booking", "Held")
    CONFIRMED = "confirmed", pgettext_lazy("booking", "Confirmed")
    RELEASED = "released", pgettext_lazy("booking", "Released")


BOOKING: Transitions = {
    BookingStatus.HELD: frozenset({BookingStatus.CONFIRMED, BookingStatus.RELEASED}),
    BookingStatus.CONFIRMED: frozenset({BookingStatus.RELEASED}),
    BookingStatus.RELEASED: frozenset(),
}


class ResumeImportStatus(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("import", "Queued")
    READING = "reading", pgettext_lazy("import", "Being read")
    READ = "read", pgettext_lazy("import", "Read, to be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("import", "Confirmed")
    DISCARDED = "discarded", pgettext_lazy("import", "Discarded")
    FAILED = "failed", pgettext_lazy("import", "Failed")


_I = ResumeImportStatus
RESUME_IMPORT: Transitions = {
    _I.QUEUED: frozenset({_I.READING, _I.DISCARDED, _I.FAILED}),
    _I.READING: frozenset({_I.READ, _I.QUEUED, _I.DISCARDED, _I.FAILED}),
    _I.READ: frozenset({_I.CONFIRMED, _I.DISCARDED}),
    _I.CONFIRMED: frozenset(),
    _I.DISCARDED: frozenset(),
    _I.FAILED: frozenset(),
}
OPEN_IMPORT = (_I.QUEUED, _I.READING, _I.READ)


class ImportItemStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("part of an import", "Proposed")
    PRESENT = "present", pgettext_lazy("part of an import", "Already in the profile")
    CONFLICT = "conflict", pgettext_lazy("part of an import", "The profile says something else")
    ACCEPTED = "accepted", pgettext_lazy("part of an import", "Accepted")
    REJECTED = "rejected", pgettext_lazy("part of an import", "Not accepted")


class DuplicateStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("pair", "Waits to be judged")
    DISMISSED = "dismissed", pgettext_lazy("pair", "Not the same person")
    MERGED = "merged", pgettext_lazy("pair", "Made one")


_D = DuplicateStatus
DUPLICATE: Transitions = {
    _D.OPEN: frozenset({_D.DISMISSED, _D.MERGED}),
    # Two profiles that were told apart may turn out to be one after all; a merge that is undone leaves them told apart.
    _D.DISMISSED: frozenset({_D.MERGED}),
    _D.MERGED: frozenset({_D.DISMISSED}),
}

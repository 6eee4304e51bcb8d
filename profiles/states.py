"""The states of supply."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.states import Transitions


class ProfessionalStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ARCHIVED = "archived", _("Archived")
    BLOCKED = "blocked", _("Blocked by a data right")
    ERASED = "erased", _("Erased")


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
    HELD = "held", _("Held")
    CONFIRMED = "confirmed", _("Confirmed")
    RELEASED = "released", _("Released")


BOOKING: Transitions = {
    BookingStatus.HELD: frozenset({BookingStatus.CONFIRMED, BookingStatus.RELEASED}),
    BookingStatus.CONFIRMED: frozenset({BookingStatus.RELEASED}),
    BookingStatus.RELEASED: frozenset(),
}


class ResumeImportStatus(models.TextChoices):
    QUEUED = "queued", _("Queued")
    READING = "reading", _("Being read")
    READ = "read", _("Read, to be confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    DISCARDED = "discarded", _("Discarded")
    FAILED = "failed", _("Failed")


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
    PROPOSED = "proposed", _("Proposed")
    PRESENT = "present", _("Already in the profile")
    CONFLICT = "conflict", _("The profile says something else")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Not accepted")


class DuplicateStatus(models.TextChoices):
    OPEN = "open", _("Waits to be judged")
    DISMISSED = "dismissed", _("Not the same person")
    MERGED = "merged", _("Made one")


_D = DuplicateStatus
DUPLICATE: Transitions = {
    _D.OPEN: frozenset({_D.DISMISSED, _D.MERGED}),
    # Two profiles that were told apart may turn out to be one after all; a merge that is undone leaves them told apart.
    _D.DISMISSED: frozenset({_D.MERGED}),
    _D.MERGED: frozenset({_D.DISMISSED}),
}

"""A recruiter's own tools on supply: saved searches with what they have told, and lists of people."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any, ClassVar, Self

import numpy as np
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.accounts.permissions import Permission
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from profiles import states
from profiles.models.professional import Professional

_LOW = 2**64 - 1


class Cadence(models.TextChoices):
    """How often a saved search looks for new people."""

    OFF = "off", _("Never")
    IMMEDIATE = "immediate", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")


class SharedQuerySet(ScopedQuerySet):
    """Rows of an owner, which may be shared with everybody who searches supply."""

    def visible_to(self, actor: Actor) -> Self:
        """The actor's own and what others share; nobody but recruiters and operators has any."""
        if actor.user is None or not actor.may(Permission.READ_SUPPLY):
            return self.none()
        return self.filter(Q(owner=actor.user) | Q(shared=True))


class SavedSearchQuerySet(SharedQuerySet):
    def due(self) -> SavedSearchQuerySet:
        """Those whose time to look has come, unless somebody is looking."""
        now = clock.now()
        return self.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), next_look_at__lte=now)


class SavedSearch(Record):
    """A search of supply that tells its owner of people who match and were never told of before.

    ``query`` holds the parameters of ``GET /professionals``, each a list of texts. While it follows supply, ``epoch``
    and ``snapshot`` are a position in the feed of changes and ``pesos`` the exchange rate of the last look. ``known``
    is who matched when it began to follow: eight bytes of each id, sorted, so that fifty thousand people are one value.
    ``lease_token`` is the fence of a look under way.
    """

    prefix: ClassVar[str] = "search"

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    shared = models.BooleanField(default=False)
    query = models.JSONField(default=dict)
    cadence = models.CharField(max_length=16, choices=Cadence.choices, default=Cadence.DAILY)
    known = models.BinaryField(default=bytes, blank=True)
    epoch = models.UUIDField(null=True, blank=True)
    snapshot = models.TextField(blank=True)
    pesos = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=64, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("cadence", Cadence.values, "saved_search_cadence_known"),
            models.UniqueConstraint(fields=["owner", "name"], name="saved_search_name_once"),
            models.CheckConstraint(
                condition=Q(cadence="off", next_look_at__isnull=True, epoch__isnull=True, snapshot="")
                | (~Q(cadence="off") & Q(next_look_at__isnull=False, epoch__isnull=False) & ~Q(snapshot="")),
                name="saved_search_follows_unless_off",
            ),
            models.CheckConstraint(
                condition=Q(lease_token__isnull=True, lease_until__isnull=True)
                | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="saved_search_lease_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["next_look_at"], name="saved_search_due")]

    def remember(self, people: Collection[uuid.UUID], *, also: bool = False) -> None:
        """Set ``known`` to these people, or add them where ``also``."""
        marks = _marks(people)
        if also:
            marks = np.union1d(self._known_marks(), marks)
        self.known = marks.astype("<u8").tobytes()

    def unknown(self, people: list[uuid.UUID]) -> list[uuid.UUID]:
        """Return those who are not ``known``, in their order."""
        if not people:
            return []
        marks = np.array([person.int & _LOW for person in people], dtype=np.uint64)
        fresh = ~np.isin(marks, self._known_marks())
        return [person for person, is_new in zip(people, fresh, strict=True) if is_new]

    def _known_marks(self) -> NDArray[Any]:
        return np.frombuffer(bytes(self.known), dtype="<u8").astype(np.uint64)


def _marks(people: Collection[uuid.UUID]) -> NDArray[Any]:
    # The low half of a UUIDv7 is 62 random bits.
    return np.unique(np.array([person.int & _LOW for person in people], dtype=np.uint64))


class SavedSearchAlert(Record):
    """What one look found: so many people who match now and were never told of."""

    prefix: ClassVar[str] = "alert"

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="alerts")
    people = models.PositiveIntegerField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(people__gte=1), name="saved_search_alert_of_somebody")]
        indexes = [models.Index(fields=["search", "-created_at"], name="saved_search_alert_newest")]


class SavedSearchMatch(models.Model):
    """One person whom an alert told of; nobody is told of twice by the same search."""

    alert = models.ForeignKey(SavedSearchAlert, on_delete=models.CASCADE, related_name="matches")
    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="+")
    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "professional"], name="saved_search_match_once")]


class TalentList(Record):
    """People kept together under a name. Shared lists are filled by every recruiter and governed by their owner."""

    prefix: ClassVar[str] = "list"

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)
    shared = models.BooleanField(default=False)

    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="talent_list_name_once")]


class TalentListEntryQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> TalentListEntryQuerySet:
        """Entries of visible lists, of people who can still be spoken of."""
        return self.filter(talent_list__in=TalentList.objects.visible_to(actor)).present()

    def present(self) -> TalentListEntryQuerySet:
        """Leave out people who were archived, blocked or erased; their rows stay for whoever comes back."""
        return self.exclude(professional__status__in=states.OUT_OF_SIGHT)


class TalentListEntry(Record):
    """One person of a list: who put them there, when (``created_at``), and what was noted."""

    prefix: ClassVar[str] = "entry"

    talent_list = models.ForeignKey(TalentList, on_delete=models.CASCADE, related_name="entries")
    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    note = models.TextField(max_length=2000, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.SET_NULL, related_name="+", null=True)

    objects = TalentListEntryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["talent_list", "professional"], name="talent_list_entry_once"),
        ]
        indexes = [models.Index(fields=["talent_list", "position"], name="talent_list_entry_order")]

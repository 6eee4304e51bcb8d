"""Lists of people: kept by a recruiter, filled by every recruiter where shared, governed by their owner."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound
from marketplace.rest import etags
from profiles.models import Professional, TalentList, TalentListEntry
from profiles.states import OUT_OF_SIGHT

MOST_LISTS = 200
MOST_ENTRIES = 1_000
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Added:
    """Who was put on a list, and the ids of those who stood there already."""

    entries: list[TalentListEntry]
    present: list[uuid.UUID]


@transaction.atomic
def create(*, name: str, description: str = "", shared: bool = False, actor: Actor) -> TalentList:
    """Open an empty list of the actor's. Raises Conflict ``name_taken`` and ``too_many_lists``."""
    if actor.user is None:
        raise NotAllowed("not_allowed", _("Only people keep lists."))
    if TalentList.objects.filter(owner=actor.user).count() >= MOST_LISTS:
        raise Conflict("too_many_lists", _("You keep %(most)s lists at most.") % {"most": MOST_LISTS})
    row = TalentList(owner=actor.user, name=name, description=description, shared=shared)
    _save(row)
    log.record(subject=row, action="talent_list.create", actor=actor, shared=shared)
    return row


@transaction.atomic
def update(*, talent_list: TalentList, version: int, actor: Actor, **changes: Any) -> TalentList:
    """Change ``name``, ``description`` or ``shared``. Raises NotAllowed but for the owner, PreconditionFailed."""
    row = _owned(talent_list, actor)
    etags.require(row, version)
    for column, value in changes.items():
        setattr(row, column, value)
    _save(row, *changes)
    log.record(subject=row, action="talent_list.update", actor=actor, fields=sorted(changes))
    return row


@transaction.atomic
def delete(*, talent_list: TalentList, actor: Actor) -> None:
    """Forget a list and its notes. Raises NotAllowed for anybody but the owner."""
    row = _owned(talent_list, actor)
    log.record(subject=row, action="talent_list.delete", actor=actor)
    row.delete()


@transaction.atomic
def add(*, talent_list: TalentList, professionals: Sequence[uuid.UUID], note: str = "", actor: Actor) -> Added:
    """Put people at the end of a list, at most 100 at once, all or none; who stands there already keeps their place.

    Raises Invalid ``unknown_professional`` with a pointer to each who cannot be listed, Conflict ``list_full``.
    """
    row = _open_to(talent_list, actor)
    wanted = list(dict.fromkeys(professionals))
    known = set(
        Professional.objects.visible_to(actor)
        .exclude(status__in=OUT_OF_SIGHT)
        .filter(pk__in=wanted)
        .values_list("pk", flat=True)
    )
    faults = [
        FieldError(f"/professionals/{place}", "unknown_professional", _("There is nobody here under this id."))
        for place, person in enumerate(professionals)
        if person not in known
    ]
    if faults:
        raise Invalid.several(faults)
    listed = TalentListEntry.objects.filter(talent_list=row)
    present = set(listed.filter(professional_id__in=wanted).values_list("professional_id", flat=True))
    new = [person for person in wanted if person not in present]
    if listed.count() + len(new) > MOST_ENTRIES:
        raise Conflict("list_full", _("A list holds %(most)s people at most.") % {"most": MOST_ENTRIES})
    last = listed.aggregate(last=Max("position"))["last"] or 0
    entries = TalentListEntry.objects.bulk_create(
        [
            TalentListEntry(
                talent_list=row, professional_id=person, position=last + place, note=note, added_by=actor.user
            )
            for place, person in enumerate(new, start=1)
        ]
    )
    if entries:
        row.touch()
        _record(row, "talent_list.add", actor, entries)
    return Added(entries, [person for person in wanted if person in present])


@transaction.atomic
def annotate(*, entry: TalentListEntry, version: int, note: str, actor: Actor) -> TalentListEntry:
    """Change what is noted of somebody. Raises NotFound, PreconditionFailed."""
    row, own = _entry(entry, actor)
    etags.require(own, version)
    own.note = note
    own.touch("note")
    _record(row, "talent_list.annotate", actor, [own])
    return own


@transaction.atomic
def move(*, entry: TalentListEntry, before: uuid.UUID | None, actor: Actor) -> TalentListEntry:
    """Put somebody right before another entry, or at the end. Raises NotFound, Invalid ``unknown_entry``."""
    row, own = _entry(entry, actor)
    rows = list(TalentListEntry.objects.select_for_update().filter(talent_list=row).order_by("position", "pk"))
    order = [each for each in rows if each.pk != own.pk]
    place = next((at for at, each in enumerate(order) if each.pk == before), len(order))
    if before is not None and place == len(order):
        raise Invalid.field("/before", "unknown_entry", _("This entry is not on the list."))
    order.insert(place, own)
    for position, each in enumerate(order, start=1):
        each.position = position
    TalentListEntry.objects.bulk_update(order, ["position"], batch_size=500)
    row.touch()
    return own


@transaction.atomic
def remove(*, entry: TalentListEntry, actor: Actor) -> None:
    """Take somebody off a list, with what was noted. Raises NotFound."""
    row, own = _entry(entry, actor)
    own.delete()
    row.touch()
    _record(row, "talent_list.remove", actor, [own])


def _record(row: TalentList, action: str, actor: Actor, entries: Sequence[TalentListEntry]) -> None:
    people = Professional.objects.in_bulk([entry.professional_id for entry in entries])
    log.record(
        subject=row, action=action, actor=actor, people=[people[entry.professional_id].public_id for entry in entries]
    )


def _save(row: TalentList, *changed: str) -> None:
    try:
        with transaction.atomic():
            if row._state.adding:
                row.save(force_insert=True)
            else:
                row.touch(*changed)
    except IntegrityError as error:
        raise Conflict("name_taken", _("You already keep a list under this name.")) from error


def _locked(key: uuid.UUID) -> TalentList | None:
    row: TalentList | None = TalentList.objects.select_for_update().filter(pk=key).first()
    return row


def _owned(talent_list: TalentList, actor: Actor) -> TalentList:
    row = _open_to(talent_list, actor)
    if actor.user is None or row.owner_id != actor.user.pk:
        raise NotAllowed("owner_only", _("Only its owner may do this; make one of your own."))
    return row


def _open_to(talent_list: TalentList, actor: Actor) -> TalentList:
    """Return the list locked, if it still is the actor's or shared."""
    row = _locked(talent_list.pk)
    if row is None or actor.user is None or not (row.shared or row.owner_id == actor.user.pk):
        raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
    return row


def _entry(entry: TalentListEntry, actor: Actor) -> tuple[TalentList, TalentListEntry]:
    """Return the list, then the entry, both locked."""
    row = _open_to(entry.talent_list, actor)
    own: TalentListEntry | None = TalentListEntry.objects.select_for_update().filter(pk=entry.pk).first()
    if own is None:
        raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
    return row, own

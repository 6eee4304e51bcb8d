"""What recruiters keep about two profiles: lists, alerts, judged pairs, and earlier merges."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q

from marketplace.accounts.actors import Actor
from marketplace.kernel import clock, states
from profiles.models import (
    DuplicatePair,
    DuplicateTraces,
    Professional,
    SavedSearchMatch,
    TalentListEntry,
)
from profiles.services import duplicate_pairs
from profiles.states import DuplicateStatus

_LONGEST_NOTE = 2_000


def move(survivor: Professional, merged: Professional, actor: Actor) -> dict[str, Any]:
    """Give the survivor the places of both; return what ``restore`` needs."""
    kept = {
        "entries": _entries(survivor, merged),
        "matches": _matches(survivor, merged),
        "aliases": [str(row.pk) for row in Professional.objects.filter(merged_into=merged).order_by("pk")],
    }
    Professional.objects.filter(merged_into=merged).update(merged_into=survivor)
    DuplicateTraces.objects.filter(professional=merged).delete()
    _judged(survivor, merged, actor)
    return kept


def _entries(survivor: Professional, merged: Professional) -> dict[str, Any]:
    """Move entries; where one list has both, the survivor's stays and takes the other's note along."""
    mine = {row.talent_list_id: row for row in TalentListEntry.objects.filter(professional=survivor)}
    moved, dropped = [], []
    for row in TalentListEntry.objects.select_for_update().filter(professional=merged).order_by("pk"):
        own = mine.get(row.talent_list_id)
        if own is None:
            row.professional = survivor
            row.touch("professional")
            moved.append(str(row.pk))
            continue
        if row.note and row.note != own.note:
            own.note = f"{own.note}\n{row.note}".strip()[:_LONGEST_NOTE]
            own.touch("note")
        dropped.append(
            {
                "talent_list_id": str(row.talent_list_id),
                "position": row.position,
                "note": row.note,
                "added_by_id": str(row.added_by_id) if row.added_by_id else None,
            }
        )
        row.delete()
    return {"moved": moved, "dropped": dropped}


def _matches(survivor: Professional, merged: Professional) -> dict[str, Any]:
    """Move what searches have told: whoever was told of one of them is not told of the other."""
    told = set(SavedSearchMatch.objects.filter(professional=survivor).values_list("search_id", flat=True))
    rows = SavedSearchMatch.objects.filter(professional=merged)
    rows.filter(search_id__in=told).delete()
    moved = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(professional=survivor)
    return {"moved": moved}


def _judged(survivor: Professional, merged: Professional, actor: Actor) -> None:
    """Settle the pair itself, and let what was told apart from one be told apart from both."""
    first, second = duplicate_pairs.ordered(survivor.pk, merged.pk)
    pair, _new = DuplicatePair.objects.get_or_create(first_id=first, second_id=second, defaults={"score": 0})
    _decide(pair, DuplicateStatus.MERGED, actor)
    others = DuplicatePair.objects.filter(Q(first=merged) | Q(second=merged)).exclude(pk=pair.pk)
    others.filter(status=DuplicateStatus.OPEN).delete()
    for row in others.filter(status=DuplicateStatus.DISMISSED):
        other = row.second_id if row.first_id == merged.pk else row.first_id
        first, second = duplicate_pairs.ordered(survivor.pk, other)
        DuplicatePair.objects.get_or_create(
            first_id=first,
            second_id=second,
            defaults={
                "status": row.status,
                "score": row.score,
                "reasons": row.reasons,
                "decided_by": row.decided_by,
                "decided_at": row.decided_at,
                "note": row.note,
            },
        )


def _decide(pair: DuplicatePair, status: DuplicateStatus, actor: Actor) -> None:
    row: DuplicatePair = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    if row.status != status:
        states.move(row, status)
        row.decided_by, row.decided_at = actor.principal, clock.now()
        row.touch("status", "decided_by", "decided_at")


def restore(kept: dict[str, Any], survivor: uuid.UUID, merged: uuid.UUID, actor: Actor) -> None:
    """Give back what is still there of what ``move`` took; lists go on living in between."""
    entries = kept["entries"]
    TalentListEntry.objects.filter(pk__in=entries["moved"], professional=survivor).update(professional=merged)
    lists = set(TalentListEntry.objects.filter(professional=survivor).values_list("talent_list_id", flat=True))
    TalentListEntry.objects.bulk_create(
        [
            TalentListEntry(professional_id=merged, **row)
            for row in entries["dropped"]
            if uuid.UUID(row["talent_list_id"]) in lists
        ],
        ignore_conflicts=True,
    )
    SavedSearchMatch.objects.filter(pk__in=kept["matches"]["moved"], professional=survivor).update(professional=merged)
    Professional.objects.filter(pk__in=kept["aliases"], merged_into=survivor).update(merged_into=merged)
    first, second = duplicate_pairs.ordered(survivor, merged)
    for pair in DuplicatePair.objects.filter(first_id=first, second_id=second):
        _decide(pair, DuplicateStatus.DISMISSED, actor)

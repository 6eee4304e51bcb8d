"""Placements follow their person: when two profiles turn out to be one person's, the alias's are the survivor's."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.clients.models import Invitation, Placement, WorkedTogether
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from profiles.services.merging.followers import Follower


def lock(people: Collection[uuid.UUID]) -> None:
    """Lock the placements of these people, before the people, as everywhere."""
    rows = Placement.objects.filter(professional_id__in=people).select_for_update(no_key=True)
    list(rows.order_by("pk").values_list("pk"))


def move(merged: uuid.UUID, survivor: uuid.UUID) -> dict[str, Any]:
    """Give the placements, invitations and counted pairs of one person to another.

    Raises Conflict ``both_in_one_engagement`` where the two were placed in the same one, which one person cannot be.
    """
    theirs = Placement.objects.filter(professional_id=merged)
    shared = theirs.filter(engagement__placements__professional_id=survivor).select_related("engagement")
    if both := sorted({row.engagement.public_id for row in shared}):
        raise Conflict(
            "both_in_one_engagement",
            _("Both are placed in the same engagement, which one person cannot be."),
            data={"engagements": both},
        )
    return {
        "placements": _give(Placement, merged, survivor),
        "invitations": _give(Invitation, merged, survivor),
        "pairs": _give_pairs(WorkedTogether.objects.filter(Q(first_id=merged) | Q(second_id=merged)), merged, survivor),
    }


def restore(moved: dict[str, Any], merged: uuid.UUID, survivor: uuid.UUID) -> None:
    """Give them back."""
    for model, kind in ((Placement, "placements"), (Invitation, "invitations")):
        model.objects.filter(pk__in=moved[kind]).update(
            professional_id=merged, version=F("version") + 1, updated_at=clock.now()
        )
    _give_pairs(WorkedTogether.objects.filter(pk__in=moved["pairs"]), survivor, merged)


def _give(model: type[Placement] | type[Invitation], giver: uuid.UUID, taker: uuid.UUID) -> list[str]:
    rows = model.objects.filter(professional_id=giver)
    keys = [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)]
    rows.update(professional_id=taker, version=F("version") + 1, updated_at=clock.now())
    return keys


def _give_pairs(rows: Any, giver: uuid.UUID, taker: uuid.UUID) -> list[int]:
    pairs = list(rows.order_by("pk"))
    for row in pairs:
        other = row.second_id if row.first_id == giver else row.first_id
        row.first_id, row.second_id = sorted((taker, other))
        row.save(update_fields=["first", "second"])
    return [row.pk for row in pairs]


FOLLOWER = Follower("clients", lock, move, restore)

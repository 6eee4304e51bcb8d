"""Pairs of profiles that may be of one person: noticed, judged once, and not shown again when they are two."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Q, QuerySet

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import clock, states
from marketplace.rest import etags
from profiles import traces
from profiles.models import DuplicatePair, Professional
from profiles.states import DuplicateStatus

# What was seen once and is not in the profiles themselves, so that no later look may forget it.
_SEEN_ONCE = ("rfc", "curp", "resume_")


def ordered(one: uuid.UUID, other: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """Return a pair as its row holds it: the smaller id first."""
    return (one, other) if one < other else (other, one)


def lasting(reasons: Mapping[str, int]) -> dict[str, int]:
    """Return the reasons that the profiles themselves do not show, and so no later look can find again."""
    return {by: similarity for by, similarity in reasons.items() if by.startswith(_SEEN_ONCE)}


@transaction.atomic
def notice(*, professional: Professional, other: Professional, reasons: Mapping[str, int]) -> DuplicatePair | None:
    """Keep that these two may be one person; a pair that was judged already stays as it was judged."""
    first, second = ordered(professional.pk, other.pk)
    score = traces.score(reasons)
    if first == second or score < traces.SHOWN_FROM:
        return None
    pair, is_new = DuplicatePair.objects.get_or_create(
        first_id=first, second_id=second, defaults={"reasons": dict(reasons), "score": score}
    )
    if is_new:
        return pair
    row: DuplicatePair = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    together = {**row.reasons, **reasons}
    if row.status == DuplicateStatus.OPEN and together != row.reasons:
        row.reasons, row.score = together, max(row.score, traces.score(together))
        row.touch("reasons", "score")
    return row


@transaction.atomic
def dismiss(*, pair: DuplicatePair, version: int, note: str = "", actor: Actor) -> DuplicatePair:
    """Say that two profiles are not of one person; the pair is not shown again.

    Raises PreconditionFailed, IllegalTransition when they were made one.
    """
    row: DuplicatePair = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    etags.require(row, version)
    states.move(row, DuplicateStatus.DISMISSED)
    row.decided_by, row.decided_at, row.note = actor.principal, clock.now(), note
    row.touch("status", "decided_by", "decided_at", "note")
    log.record(subject=row, action="duplicate.dismiss", actor=actor, reasons=sorted(row.reasons), score=row.score)
    return row


def open_pairs_of(ids: Collection[uuid.UUID]) -> QuerySet[DuplicatePair]:
    """Return the pairs of these people that nobody has judged yet."""
    return DuplicatePair.objects.filter(Q(first_id__in=ids) | Q(second_id__in=ids), status=DuplicateStatus.OPEN)

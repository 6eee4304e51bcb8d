"""Looking for duplicates among everybody: once over all, then among those who change, in steps of a few seconds.

People are compared only with those who share a key with them (``profiles.traces``), so the work grows with the number
of people, not of pairs. Changes come from the feed of supply: whatever is written of a profile touches its row.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db import connection, transaction

from marketplace.kernel import clock
from profiles import feed, traces
from profiles.models import DuplicatePair, DuplicateScan, DuplicateTraces, Professional
from profiles.services import duplicate_pairs, duplicates
from profiles.states import DuplicateStatus
from profiles.traces import Traces

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
STEP_SECONDS = 2.0
BATCH = 500
_NOBODY = uuid.UUID(int=0)


def step(*, seconds: float = STEP_SECONDS) -> int:
    """Look at whoever has changed, then at some whom no look has reached yet; return how many people were looked at.

    Safe to run twice at once: the second finds the lease taken and does nothing. What was begun and not finished is
    done again, to the same end.
    """
    scan = _claim()
    if scan is None:
        return 0
    until = time.monotonic() + seconds
    looked_at = 0
    try:
        position, changed = _since(scan)
        for at in range(0, len(changed), BATCH):
            looked_at += look_at(changed[at : at + BATCH])
            if not _renew(scan):
                return looked_at
        scan.epoch, scan.snapshot = position.epoch, position.snapshot
        while _renew(scan) and scan.reached is not None and time.monotonic() < until:
            batch = list(
                Professional.objects.filter(pk__gt=scan.reached).order_by("pk").values_list("pk", flat=True)[:BATCH]
            )
            looked_at += look_at(batch)
            scan.reached = batch[-1] if len(batch) == BATCH else None
    finally:
        DuplicateScan.objects.filter(pk=1, lease_token=scan.lease_token).update(lease_token=None, lease_until=None)
    return looked_at


@transaction.atomic
def _claim() -> DuplicateScan | None:
    DuplicateScan.objects.get_or_create(pk=1)
    scan: DuplicateScan | None = DuplicateScan.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if scan is None or (scan.lease_until is not None and scan.lease_until > clock.now()):
        return None
    scan.lease_token, scan.lease_until = uuid.uuid4(), clock.now() + LEASE
    scan.save()
    return scan


def _renew(scan: DuplicateScan) -> bool:
    """Write down how far the scan has come and keep the lease, if it still is ours."""
    ours = DuplicateScan.objects.filter(pk=1, lease_token=scan.lease_token).update(
        epoch=scan.epoch, snapshot=scan.snapshot, reached=scan.reached, lease_until=clock.now() + LEASE
    )
    return bool(ours)


def _since(scan: DuplicateScan) -> tuple[feed.Position, list[uuid.UUID]]:
    """Return the position now and who has changed; without a position that counts, begin again with everybody."""
    if scan.epoch is not None and scan.snapshot:
        try:
            return feed.since(feed.Position(scan.epoch, scan.snapshot))
        except feed.Gap as gap:
            logger.info("looking for duplicates among everybody again: %s", gap)
    feed.open_feed()
    scan.reached = _NOBODY
    with connection.cursor() as cursor:
        return feed.here(cursor), []


@transaction.atomic
def look_at(people: Sequence[uuid.UUID]) -> int:
    """Bring keys and open pairs of these people in line with their profiles; return how many people there were."""
    told = duplicates.traces_of(people)
    gone = [person for person in people if person not in told]
    if gone:
        DuplicateTraces.objects.filter(professional_id__in=gone).delete()
        duplicate_pairs.open_pairs_of(gone).delete()
    known = dict(DuplicateTraces.objects.filter(professional_id__in=told).values_list("professional_id", "content"))
    changed = {person: found for person, found in told.items() if known.get(person) != found.content}
    if not changed:
        return len(people)
    keys = {person: found.keys() for person, found in changed.items()}
    DuplicateTraces.objects.bulk_create(
        [
            DuplicateTraces(professional_id=person, keys=sorted(keys[person]), content=found.content)
            for person, found in sorted(changed.items())
        ],
        update_conflicts=True,
        unique_fields=["professional"],
        update_fields=["keys", "content"],
    )
    _write(changed, _resemblances(changed, keys))
    return len(people)


Pairs = dict[tuple[uuid.UUID, uuid.UUID], dict[str, int]]


def _resemblances(changed: dict[uuid.UUID, Traces], keys: dict[uuid.UUID, frozenset[int]]) -> Pairs:
    """Return the reasons of every pair of a changed person with anybody."""
    blocks = duplicates.blocks({key for each in keys.values() for key in each})
    near: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for person, own in keys.items():
        for key in own & blocks.keys():
            near[person].update(blocks[key])
    strangers = {other for others in near.values() for other in others} - changed.keys()
    told = {**duplicates.traces_of(strangers), **changed}
    found: Pairs = {}
    for person, others in near.items():
        for other in others & told.keys() - {person}:
            pair = duplicate_pairs.ordered(person, other)
            if pair not in found:
                found[pair] = traces.compare(told[pair[0]], told[pair[1]])
    return {pair: reasons for pair, reasons in found.items() if traces.score(reasons) >= traces.SHOWN_FROM}


def _write(changed: dict[uuid.UUID, Traces], found: Pairs) -> None:
    """Make the open pairs of changed people those that were found; what was judged stays as it was judged."""
    for row in duplicate_pairs.open_pairs_of(changed).select_for_update().order_by("pk"):
        reasons = {**duplicate_pairs.lasting(row.reasons), **found.get((row.first_id, row.second_id), {})}
        if not reasons:
            row.delete()
        elif reasons != row.reasons:
            row.reasons, row.score = reasons, traces.score(reasons)
            row.touch("reasons", "score")
    DuplicatePair.objects.bulk_create(
        [
            DuplicatePair(
                first_id=first,
                second_id=second,
                status=DuplicateStatus.OPEN,
                reasons=reasons,
                score=traces.score(reasons),
            )
            for (first, second), reasons in sorted(found.items())
        ],
        ignore_conflicts=True,
    )

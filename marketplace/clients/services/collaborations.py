"""Past collaboration as it really was: who worked side by side in an engagement for long enough, counted once."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import combinations

from django.db import connection

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Engagement, Placement, WorkedTogether
from marketplace.clients.states import LIVE_PLACEMENT
from marketplace.kernel import clock
from profiles.services import collaborations

# Two people who shared less than a month have met; they have not worked together.
LEAST_WEEKS = 4


def count(*, engagement: Engagement, actor: Actor | None) -> int:
    """Count each pair of which somebody's part is over and who shared four weeks of work; return how many were new.

    Within the caller's transaction, the engagement locked. Shared weeks are those in which both had confirmed hours
    before today, so pauses and leave do not count. A pair counts once per engagement, however often this is called and
    whatever seats the two had.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("who worked with whom belongs to the transaction that ends the work")
    placements = list(engagement.placements.order_by("pk"))
    weeks = collaborations.worked_weeks([row.pk for row in placements], before=clock.today())
    shared = _shared(placements, weeks)
    known = set(WorkedTogether.objects.filter(engagement=engagement).values_list("first_id", "second_id"))
    new = [
        WorkedTogether(
            engagement=engagement, first_id=first, second_id=second, weeks=len(mine), last_on=max(mine.values())
        )
        for (first, second), mine in sorted(shared.items())
        if len(mine) >= LEAST_WEEKS and (first, second) not in known
    ]
    WorkedTogether.objects.bulk_create(new)
    collaborations.count(collaborations.Pair(row.first_id, row.second_id, row.last_on) for row in new)
    if new:
        audit.record(subject=engagement, action="engagement.collaborations_counted", actor=actor, pairs=len(new))
    return len(new)


def _shared(
    placements: list[Placement], weeks: dict[uuid.UUID, dict[dt.date, dt.date]]
) -> dict[tuple[uuid.UUID, uuid.UUID], dict[dt.date, dt.date]]:
    """Return, by pair of people, the weeks that both worked and the last common day in each."""
    found: dict[tuple[uuid.UUID, uuid.UUID], dict[dt.date, dt.date]] = {}
    for one, other in combinations(placements, 2):
        still_there = one.status in LIVE_PLACEMENT and other.status in LIVE_PLACEMENT
        if still_there or one.professional_id == other.professional_id:
            continue
        mine, theirs = weeks.get(one.pk, {}), weeks.get(other.pk, {})
        first, second = sorted([one.professional_id, other.professional_id])
        together = found.setdefault((first, second), {})
        for week in mine.keys() & theirs.keys():
            together[week] = max(together.get(week, dt.date.min), min(mine[week], theirs[week]))
    return found

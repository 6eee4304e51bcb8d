"""Who has worked with whom, from what actually happened: the booked hours of placements, and the pairs they make."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from marketplace.kernel import clock
from profiles.models import Booking
from profiles.states import BookingStatus


@dataclass(frozen=True)
class Pair:
    """Two people by id, the smaller first, and the last day of their common work."""

    first: uuid.UUID
    second: uuid.UUID
    last_on: dt.date


def worked_weeks(placement_ids: Collection[uuid.UUID], *, before: dt.date) -> dict[uuid.UUID, dict[dt.date, dt.date]]:
    """Return, by placement, each week (its Monday) with booked working hours before a day, and the last such day in it.

    Only confirmed bookings count: what was given back, held or on leave was not worked.
    """
    rows = Booking.objects.filter(
        placement_id__in=placement_ids, status=BookingStatus.CONFIRMED, starts_on__lt=before, weekly_minutes__gt=0
    )
    weeks: dict[uuid.UUID, dict[dt.date, dt.date]] = defaultdict(dict)
    for placement, starts_on, ends_on in rows.values_list("placement_id", "starts_on", "ends_on"):
        last = min(ends_on, before - dt.timedelta(days=1))
        for week in clock.weeks_between(starts_on, last):
            friday = week + dt.timedelta(days=4)
            if max(starts_on, week) <= friday:
                mine = weeks[placement]
                mine[week] = max(mine.get(week, dt.date.min), min(last, friday))
    return dict(weeks)


def count(pairs: Iterable[Pair]) -> None:
    """Add one collaboration to each pair, within the caller's transaction, which knows that it was not counted before.

    One statement in the order of the pairs, so that two engagements that end at once neither lose one nor deadlock.
    """
    rows = sorted(pairs, key=lambda pair: (pair.first, pair.second))
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO profiles_collaboration (first_id, second_id, times, last_year)
            SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::smallint[], %s::smallint[])
            ON CONFLICT ON CONSTRAINT collaboration_once DO UPDATE
            SET times = least(profiles_collaboration.times + 1, 32767),
                last_year = greatest(profiles_collaboration.last_year, EXCLUDED.last_year)
            """,
            [
                [pair.first for pair in rows],
                [pair.second for pair in rows],
                [1] * len(rows),
                [pair.last_on.year for pair in rows],
            ],
        )

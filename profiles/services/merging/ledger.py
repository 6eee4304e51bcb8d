"""The hours of two profiles: what both promised, one person must be able to keep."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.utils.translation import gettext_lazy as _

from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from profiles import capacity
from profiles.models import AvailabilityException, PersonWeek, Professional
from profiles.services import bookings

_MOST_NAMED = 26


def join(survivor: Professional, merged: Professional) -> None:
    """Put both ledgers into the survivor's, whose hours and exceptions are final and who is locked like the other.

    Raises Conflict ``merge_overbooks`` naming the weeks, from this one on, in which the sum is more than one person
    has. Weeks that are over keep what was booked in them.
    """
    rows = list(
        PersonWeek.objects.select_for_update(no_key=True)
        .filter(professional__in=[survivor, merged])
        .order_by("professional_id", "week")
    )
    booked: dict[dt.date, int] = defaultdict(int)
    for row in rows:
        booked[row.week] += row.booked
    spans = [
        capacity.Span(row.starts_on, row.ends_on, row.weekly_minutes)
        for row in AvailabilityException.objects.filter(professional=survivor)
    ]
    usual = bookings.usual_week(survivor)
    room = {week: capacity.capacity(usual, spans, week) for week in booked}
    monday = clock.monday_of(clock.today())
    over = sorted(week for week, minutes in booked.items() if week >= monday and minutes > room[week])
    if over:
        raise Conflict(
            "merge_overbooks",
            _("Together they promised more hours than one person has in these weeks; end or change a placement first."),
            data={"weeks": [week.isoformat() for week in over[:_MOST_NAMED]], "count": len(over)},
        )
    PersonWeek.objects.filter(pk__in=[row.pk for row in rows]).delete()
    PersonWeek.objects.bulk_create(
        [
            PersonWeek(professional=survivor, week=week, booked=minutes, capacity=max(room[week], minutes))
            for week, minutes in sorted(booked.items())
        ],
        batch_size=500,
    )

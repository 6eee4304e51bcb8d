"""The hours of a placement as its terms, its dates and its leave have them, and how they come into the ledger.

What is agreed stands here, on the contract's side; the bookings are made from it, so that they can be made anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import ROUND_CEILING, Decimal

from marketplace.clients.models import Engagement, Leave, Pause, Placement, PlacementTerm
from marketplace.clients.states import EngagementStatus, LeaveStatus
from marketplace.kernel import clock
from marketplace.kernel.money import monthly_cost
from profiles.capacity import Span
from profiles.services import bookings

_DAY = dt.timedelta(days=1)


def last_day(placement: Placement) -> dt.date:
    """Return the last day on which somebody is in their seat."""
    return min(placement.ends_on, placement.vacant_from - _DAY) if placement.vacant_from else placement.ends_on


def planned(placement: Placement, from_day: dt.date) -> list[Span]:
    """Return the hours that a placement asks for from a day on: spans without gaps or overlaps but for leave."""
    return _spans(
        placement,
        from_day,
        list(placement.terms.all()),
        [row for row in placement.leaves.all() if row.status == LeaveStatus.GRANTED],
    )


def _spans(
    placement: Placement, from_day: dt.date, terms: Collection[PlacementTerm], leaves: Collection[Leave]
) -> list[Span]:
    first, last = max(from_day, placement.starts_on), last_day(placement)
    edges = {first, *(term.starts_on for term in terms), *(row.starts_on for row in leaves)}
    edges |= {row.ends_on + _DAY for row in leaves}
    starts = sorted(edge for edge in edges if first <= edge <= last)
    spans: list[Span] = []
    for start, following in zip(starts, [*starts[1:], last + _DAY], strict=True):
        if any(row.starts_on <= start <= row.ends_on for row in leaves):
            continue
        minutes = _minutes_on(placement, start, terms)
        if spans and spans[-1].ends_on + _DAY == start and spans[-1].weekly_minutes == minutes:
            start = spans.pop().starts_on
        spans.append(Span(start, following - _DAY, minutes))
    return spans


def _minutes_on(placement: Placement, day: dt.date, terms: Collection[PlacementTerm]) -> int:
    """Return the weekly minutes in force on a day."""
    known = [term for term in terms if term.starts_on <= day]
    return max(known, key=lambda term: term.starts_on).weekly_minutes if known else placement.weekly_minutes


def rebook(placements: Iterable[Placement], *, from_day: dt.date, held_until: dt.datetime | None = None) -> None:
    """Book the hours of placements from a day on as they are planned now, all or none, in the caller's transaction.

    What was booked from that day on is given back first, under the same locks, so nobody can come between. With
    ``held_until`` the hours are only held. Raises Conflict ``people_not_free`` naming people and weeks.
    """
    rows = list(placements)
    bookings.release(placement_ids=[row.pk for row in rows], from_day=from_day)
    wanted = [
        bookings.Reservation(row.professional_id, row.pk, span.starts_on, span.ends_on, span.weekly_minutes)
        for row in rows
        for span in planned(row, from_day)
    ]
    bookings.reserve(wanted, held_until=held_until, placed=True)
    if held_until is None and wanted:
        bookings.confirm(placement_ids={each.placement_id for each in wanted})


def bring_in_line(engagement: Engagement, placements: Iterable[Placement], *, from_day: dt.date) -> None:
    """Book placements of a locked engagement anew from a day on, or hold them only while its work is paused.

    Once a pause has outlived its hold nothing is booked: that is done when the work goes on. Raises as ``rebook``.
    """
    rows = list(placements)
    if engagement.status != EngagementStatus.PAUSED:
        rebook(rows, from_day=from_day)
        return
    until = held_until(engagement.pauses.get(ended_on__isnull=True))
    if until > clock.now():
        rebook(rows, from_day=from_day, held_until=until)
    else:
        bookings.release(placement_ids=[row.pk for row in rows], from_day=from_day)


def held_until(pause: Pause) -> dt.datetime:
    """Return the moment at which the hours of a pause are free: UTC midnight after the last day they are kept."""
    return dt.datetime.combine(pause.kept_until + _DAY, dt.time(), dt.UTC)


def cost_at(placement: Placement, weekly_minutes: int) -> Decimal:
    """Return what a placement costs a month at other hours, in the engagement's currency and at its frozen rate.

    A rate in another currency keeps the exchange rate that was accepted: its cost goes with the hours, rounded up to
    whole units. Reads the engagement.
    """
    if placement.rate_currency == placement.engagement.currency:
        return monthly_cost(placement.rate_amount, weekly_minutes)
    share = placement.monthly_cost * weekly_minutes / placement.weekly_minutes
    return share.to_integral_value(ROUND_CEILING).quantize(Decimal("0.01"))

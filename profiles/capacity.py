"""How much of somebody's week can be promised: minutes per ISO week, from the usual week, dates and exceptions.

Days are Monday to Friday. A week that an engagement touches for ``d`` working days is asked for ``d`` fifths.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.kernel.clock import weeks_between

WORKDAYS = 5


@dataclass(frozen=True)
class UsualWeek:
    """``weekly_minutes`` between ``available_from`` and ``available_until``, open where None."""

    weekly_minutes: int
    available_from: dt.date | None
    available_until: dt.date | None


@dataclass(frozen=True)
class Span:
    """Days ``starts_on``..``ends_on``, both included, with another weekly capacity."""

    starts_on: dt.date
    ends_on: dt.date
    weekly_minutes: int


def workdays_within(week: dt.date, first: dt.date, last: dt.date) -> int:
    """Return how many of the five working days from Monday ``week`` lie in ``first``..``last``."""
    start = max(0, (first - week).days)
    end = min(WORKDAYS - 1, (last - week).days)
    return max(0, end - start + 1)


def capacity(usual: UsualWeek, exceptions: Iterable[Span], week: dt.date) -> int:
    """Return the minutes that can be promised in the week of Monday ``week``; of overlapping exceptions the least."""
    touching = [e for e in exceptions if e.ends_on >= week and e.starts_on < week + dt.timedelta(days=WORKDAYS)]
    total = 0
    for offset in range(WORKDAYS):
        day = week + dt.timedelta(days=offset)
        if (usual.available_from and day < usual.available_from) or (
            usual.available_until and day > usual.available_until
        ):
            continue
        total += min(
            [e.weekly_minutes for e in touching if e.starts_on <= day <= e.ends_on], default=usual.weekly_minutes
        )
    return total // WORKDAYS


def demand(weekly_minutes: int, week: dt.date, first: dt.date, last: dt.date) -> int:
    """Return the minutes that an engagement ``first``..``last`` asks for in one week, rounded up."""
    return -(-weekly_minutes * workdays_within(week, first, last) // WORKDAYS)


def least_free(
    usual: UsualWeek, exceptions: Iterable[Span], booked: dict[dt.date, int], first: dt.date, last: dt.date
) -> int:
    """Return the weekly minutes free in *every* week of ``first``..``last``.

    Somebody with that many free can take an engagement of that many a week: ``demand`` then fits each capacity.
    """
    spans = list(exceptions)
    least = usual.weekly_minutes
    for week in weeks_between(first, last):
        days = workdays_within(week, first, last)
        if days:
            free = capacity(usual, spans, week) - booked.get(week, 0)
            least = min(least, free * WORKDAYS // days)
    return max(0, least)

"""Free time of everybody in every week of an engagement, by vectors: exactly ``profiles.capacity.least_free``.

For most people their usual week and its dates say it all. Whoever has exceptions or bookings gets *spells*: runs of
weeks in which less than the usual week is free. A leave of a year is three spells, not fifty-two weeks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from profiles import capacity

# Mondays (ordinals) between which spells are told apart; engagements lie well inside.
EARLIEST, LATEST = dt.date(1970, 1, 5).toordinal(), dt.date(2199, 12, 30).toordinal()
WORKDAYS = capacity.WORKDAYS


class Spells(NamedTuple):
    """``free`` minutes of ``person`` (a row) in each week from Monday ``first`` to Monday ``last`` (ordinals)."""

    person: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    free: NDArray[np.int32]


class Usual(NamedTuple):
    """The usual weeks of all rows: minutes, and the days between which they hold (ordinals, 0 = open)."""

    weekly_minutes: NDArray[np.integer]
    available_from: NDArray[np.integer]
    available_until: NDArray[np.integer]


def monday(day: int) -> int:
    """Return the ordinal of the Monday of the week of an ordinal: day 1 was a Monday."""
    return (day - 1) // 7 * 7 + 1


def spells_of(
    usual: capacity.UsualWeek, exceptions: Sequence[capacity.Span], booked: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """Return (first Monday, last Monday, free minutes) of one person; weeks with all of the usual time are left out.

    ``booked`` maps Mondays (ordinals) to minutes. Capacity can change only in weeks that hold an edge of something, so
    one week stands for all between two of those.
    """
    edges = {span.starts_on for span in exceptions} | {span.ends_on for span in exceptions}
    edges |= {day for day in (usual.available_from, usual.available_until) if day is not None}
    marks = sorted(
        week for week in {monday(day.toordinal()) for day in edges} | set(booked) if EARLIEST < week < LATEST
    )
    stretches, reached = [], EARLIEST
    for mark in marks:
        if reached < mark:
            stretches.append((reached, mark - 7))
        stretches.append((mark, mark))
        reached = mark + 7
    if reached <= LATEST:
        stretches.append((reached, LATEST))
    found: list[tuple[int, int, int]] = []
    for first, last in stretches:
        free = max(0, capacity.capacity(usual, exceptions, dt.date.fromordinal(first)) - booked.get(first, 0))
        if free >= usual.weekly_minutes:
            continue
        if found and found[-1][1] == first - 7 and found[-1][2] == free:
            found[-1] = (found[-1][0], last, free)
        else:
            found.append((first, last, free))
    return found


def least_free(usual: Usual, spells: Spells, touched: NDArray[np.bool_], first: int, last: int) -> NDArray[np.int32]:
    """Return the weekly minutes that each row has free in every week of the days ``first``..``last`` (ordinals).

    ``touched`` marks rows whose weeks are told by spells, dates of availability included; a row without spells there
    has its usual week throughout.
    """
    least = usual.weekly_minutes.astype(np.int32)
    weeks = [
        week for week in (monday(first), monday(first) + 7, monday(last) - 7, monday(last)) if _days(week, first, last)
    ]
    if not weeks:
        return least
    opens, closes = min(weeks), max(weeks)
    bounded = (usual.available_from > opens) | (
        (usual.available_until != 0) & (usual.available_until < closes + WORKDAYS - 1)
    )
    rows = np.flatnonzero(bounded & ~touched)
    _shorten(least, usual, rows, opens, closes, first, last)
    here = np.flatnonzero((spells.first <= closes) & (spells.last >= opens))
    start, end = np.maximum(spells.first[here], opens), np.minimum(spells.last[here], closes)
    days = np.maximum(_days_of(start, opens, closes, first, last), _days_of(end, opens, closes, first, last))
    days[end - start >= 14] = WORKDAYS
    np.minimum.at(least, spells.person[here], spells.free[here] * WORKDAYS // days)
    return least


def _days(week: int, first: int, last: int) -> int:
    """Working days of the week of a Monday that lie in ``first``..``last``."""
    return max(0, min(WORKDAYS - 1, last - week) - max(0, first - week) + 1)


def _days_of(weeks: NDArray[np.int32], opens: int, closes: int, first: int, last: int) -> NDArray[np.int32]:
    """Working days asked for in each of these weeks: only the first and the last week can be asked in part."""
    days = np.full(len(weeks), WORKDAYS, np.int32)
    days[weeks == opens] = _days(opens, first, last)
    days[weeks == closes] = _days(closes, first, last)
    return days


def _shorten(
    least: NDArray[np.int32], usual: Usual, rows: NDArray[np.intp], opens: int, closes: int, first: int, last: int
) -> None:
    """Take from ``least`` what dates of availability cut off: whole weeks leave nothing, edge weeks a part."""
    since, until = usual.available_from[rows].astype(np.int64), usual.available_until[rows].astype(np.int64)
    until[until == 0] = LATEST + 7
    weekly = usual.weekly_minutes[rows].astype(np.int64)
    found = least[rows].astype(np.int64)
    for week in {opens, closes}:
        available = np.maximum(0, np.minimum(WORKDAYS - 1, until - week) - np.maximum(0, since - week) + 1)
        found = np.minimum(found, weekly * available // WORKDAYS * WORKDAYS // _days(week, first, last))
    least[rows] = found

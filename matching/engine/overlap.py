"""Shared working time of two calendars, from IANA zones: what a person and a client can count on, on the worst day.

Most of Mexico has had no summer time since October 2022 (DOF of 28 October 2022) while its northern border keeps step
with the United States, so the shared hours of one pair of cities change over the year. A stored offset would be wrong
for part of it; here both zones are asked day by day, and each distinct combination is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

WORKING_DAYS = frozenset(range(5))  # Monday to Friday, as date.weekday counts
MINUTES_A_DAY = 1440


@dataclass(frozen=True)
class MonthOverlap:
    """Shared working minutes of one month: on its worst and best working day, and over all its ``days`` of work."""

    year: int
    month: int
    least: int
    most: int
    total: int
    days: int


@dataclass(frozen=True)
class _Shift:
    """Working hours in a zone: minutes from local midnight; an end at or before the start is on the next day."""

    zone: str
    starts: int
    ends: int

    def __post_init__(self) -> None:
        if not (0 <= self.starts < MINUTES_A_DAY and 0 <= self.ends <= MINUTES_A_DAY):
            raise ValueError("working hours are minutes from local midnight, 0 to 1440")

    @property
    def length(self) -> int:
        return (self.ends - self.starts - 1) % MINUTES_A_DAY + 1


def _instant(zone: str, day: int, minutes: int) -> int:
    """Minutes since the epoch of a wall-clock time on the day of this ordinal."""
    days, rest = divmod(minutes, MINUTES_A_DAY)
    midnight = date.fromordinal(day + days)
    local = datetime(midnight.year, midnight.month, midnight.day, rest // 60, rest % 60, tzinfo=ZoneInfo(zone))
    return int(local.timestamp()) // 60


@lru_cache(maxsize=4096)
def _offsets(zone: str, first_day: int, last_day: int) -> tuple[int, ...]:
    """Offset from UTC in minutes at local noon of each day of a range: what tells unlike days apart."""
    noons = [
        datetime.combine(date.fromordinal(day), time(12), ZoneInfo(zone)) for day in range(first_day, last_day + 1)
    ]
    return tuple(int((noon.utcoffset() or timedelta()).total_seconds()) // 60 for noon in noons)


def _spans(person: _Shift, client: _Shift, day: int, weekdays: frozenset[int]) -> list[tuple[int, int]]:
    """What the client's working day shares with the person's of the day before, the same, and the next; in minutes."""
    opens = _instant(client.zone, day, client.starts)
    closes = _instant(client.zone, day, client.starts + client.length)
    found = []
    for own in (day - 1, day, day + 1):
        if (own - 1) % 7 in weekdays:
            starts = max(opens, _instant(person.zone, own, person.starts))
            ends = min(closes, _instant(person.zone, own, person.starts + person.length))
            if starts < ends:
                found.append((starts, ends))
    return found


def _daily_spans(
    person: _Shift, client: _Shift, first_day: int, last_day: int, weekdays: frozenset[int]
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """(ordinal, shared spans) of every working day of the client, in epoch minutes less the ordinal in minutes.

    Like days are worked out once: with the same offsets round about, the spans lie at the same minutes.
    """
    # Ordinal 1 was a Monday, so (ordinal - 1) % 7 is date.weekday.
    here = _offsets(person.zone, first_day - 2, last_day + 2)
    there = _offsets(client.zone, first_day - 2, last_day + 2)
    known: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for day in range(first_day, last_day + 1):
        weekday = (day - 1) % 7
        if weekday not in weekdays:
            continue
        at = day - first_day
        key = (weekday, *here[at : at + 5], *there[at : at + 5])
        if key not in known:
            midnight = day * MINUTES_A_DAY
            known[key] = [
                (opens - midnight, closes - midnight) for opens, closes in _spans(person, client, day, weekdays)
            ]
        yield day, known[key]


def _daily(
    person: _Shift, client: _Shift, first_day: int, last_day: int, weekdays: frozenset[int]
) -> Iterator[tuple[int, int]]:
    """(ordinal, shared minutes) of every working day of the client."""
    for day, spans in _daily_spans(person, client, first_day, last_day, weekdays):
        yield day, sum(closes - opens for opens, closes in spans)


@lru_cache(maxsize=65_536)
def _worst(person: _Shift, client: _Shift, first_day: int, last_day: int, weekdays: frozenset[int]) -> int:
    return min((minutes for _, minutes in _daily(person, client, first_day, last_day, weekdays)), default=0)


def worst_day_overlap(
    zone: str,
    starts: int,
    ends: int,
    client_zone: str,
    client_starts: int,
    client_ends: int,
    first_day: date,
    last_day: date,
    weekdays: frozenset[int] = WORKING_DAYS,
) -> int:
    """Minutes of shared working time on the worst working day from ``first_day`` to ``last_day``, both included.

    Zones are IANA names, hours minutes from local midnight; a shift that ends at or before its start runs past midnight
    and belongs to the day on which it starts. ``weekdays`` (``date.weekday`` numbers) are working days of both. 0 when
    there is no working day. Raises ``ValueError`` for hours out of range or days in the wrong order, and
    ``ZoneInfoNotFoundError`` for an unknown zone.
    """
    if last_day < first_day:
        raise ValueError("the last day lies before the first")
    person, client = _Shift(zone, starts, ends), _Shift(client_zone, client_starts, client_ends)
    return _worst(person, client, first_day.toordinal(), last_day.toordinal(), frozenset(weekdays))


def shared_minutes_by_month(
    zone: str,
    starts: int,
    ends: int,
    client_zone: str,
    client_starts: int,
    client_ends: int,
    first_day: date,
    last_day: date,
    weekdays: frozenset[int] = WORKING_DAYS,
) -> tuple[MonthOverlap, ...]:
    """Shared working time month by month, in order; months without a working day are left out.

    Parameters and errors as in ``worst_day_overlap``.
    """
    if last_day < first_day:
        raise ValueError("the last day lies before the first")
    person, client = _Shift(zone, starts, ends), _Shift(client_zone, client_starts, client_ends)
    months: dict[tuple[int, int], list[int]] = {}
    for day, minutes in _daily(person, client, first_day.toordinal(), last_day.toordinal(), frozenset(weekdays)):
        when = date.fromordinal(day)
        months.setdefault((when.year, when.month), []).append(minutes)
    return tuple(
        MonthOverlap(year, month, min(daily), max(daily), sum(daily), len(daily))
        for (year, month), daily in months.items()
    )


def shared_spans_by_day(
    zone: str,
    starts: int,
    ends: int,
    client_zone: str,
    client_starts: int,
    client_ends: int,
    first_day: date,
    last_day: date,
    weekdays: frozenset[int] = WORKING_DAYS,
) -> tuple[tuple[date, tuple[tuple[datetime, datetime], ...]], ...]:
    """Shared working time of every working day of the client, as spans in UTC; none on a day that shares nothing.

    Their lengths are the minutes of ``shared_minutes_by_month``. Parameters and errors as in ``worst_day_overlap``.
    """
    if last_day < first_day:
        raise ValueError("the last day lies before the first")
    person, client = _Shift(zone, starts, ends), _Shift(client_zone, client_starts, client_ends)
    days = _daily_spans(person, client, first_day.toordinal(), last_day.toordinal(), frozenset(weekdays))
    return tuple(
        (date.fromordinal(day), tuple((_moment(day, opens), _moment(day, closes)) for opens, closes in spans))
        for day, spans in days
    )


def _moment(day: int, minutes: int) -> datetime:
    return datetime.fromtimestamp((day * MINUTES_A_DAY + minutes) * 60, UTC)

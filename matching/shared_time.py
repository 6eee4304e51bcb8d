"""What two places can count on over dates: shared hours day by day, with the holidays of both sides marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from matching.engine import overlap
from profiles import zones
from profiles.reference import calendars
from profiles.reference.calendars import Holiday

LONGEST_DAYS = 1098  # three years with a leap day, and the days at both ends


@dataclass(frozen=True)
class Side:
    """Working hours in an IANA zone, minutes from local midnight; an end at or before the start is on the next day."""

    zone: str
    starts: int
    ends: int

    @property
    def hours(self) -> tuple[str, int, int]:
        return self.zone, self.starts % overlap.MINUTES_A_DAY, self.ends % overlap.MINUTES_A_DAY


@dataclass(frozen=True)
class SharedSpan:
    """Hours in which both sides work, in UTC."""

    opens: dt.datetime
    closes: dt.datetime

    @property
    def minutes(self) -> int:
        return int((self.closes - self.opens).total_seconds()) // 60


@dataclass(frozen=True)
class SharedDay:
    """A weekday: ``spans`` are shared hours by the clocks alone; on a ``holidays`` day somebody rests."""

    on: dt.date
    spans: tuple[SharedSpan, ...]
    holidays: tuple[Holiday, ...]

    @property
    def minutes(self) -> int:
        """Shared minutes by the clocks alone."""
        return sum(span.minutes for span in self.spans)

    @property
    def works(self) -> bool:
        return not self.holidays


@dataclass(frozen=True)
class SharedMonth:
    """Shared minutes of a month's days on which both sides work: on the worst, on the best, and over all of them."""

    year: int
    month: int
    least: int
    most: int
    total: int
    days: int
    holidays: int


@dataclass(frozen=True)
class SharedTime:
    """``worst`` and ``best`` are the first such days by the clocks, as the matching judges; None without a weekday."""

    days: tuple[SharedDay, ...]
    months: tuple[SharedMonth, ...]
    worst: SharedDay | None
    best: SharedDay | None


def shared_time(person: Side, client: Side, first: dt.date, last: dt.date) -> SharedTime:
    """Return what both sides share from ``first`` to ``last``, both included, Monday to Friday by the client.

    Holidays are those of Mexico and the United States where a side lies there; other countries' are not known. Raises
    ValueError for hours out of range or days in the wrong order, ``ZoneInfoNotFoundError`` for an unknown zone.
    """
    countries = dict.fromkeys(filter(None, map(zones.country_of, (person.zone, client.zone))))
    resting = [calendars.holidays_between(country, first, last) for country in countries]
    days = tuple(
        SharedDay(
            day, tuple(SharedSpan(*ends) for ends in spans), tuple(found[day] for found in resting if day in found)
        )
        for day, spans in overlap.shared_spans_by_day(*person.hours, *client.hours, first, last)
    )
    return SharedTime(
        days,
        tuple(_months(days)),
        min(days, key=lambda day: day.minutes, default=None),
        max(days, key=lambda day: day.minutes, default=None),
    )


def _months(days: tuple[SharedDay, ...]) -> Iterator[SharedMonth]:
    for (year, month), group in groupby(days, key=lambda day: (day.on.year, day.on.month)):
        every = list(group)
        minutes = [day.minutes for day in every if day.works]
        yield SharedMonth(
            year,
            month,
            min(minutes, default=0),
            max(minutes, default=0),
            sum(minutes),
            len(minutes),
            len(every) - len(minutes),
        )

"""The time, asked for in one place so that a test can name it."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Return the current time in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return the current date in UTC."""
    return now().date()


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of the week that ``day`` lies in (ISO 8601)."""
    return day - dt.timedelta(days=day.weekday())


def weeks_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the Mondays of every week that touches ``first``..``last``, both included."""
    start, end = monday_of(first), monday_of(last)
    return [start + dt.timedelta(weeks=k) for k in range((end - start).days // 7 + 1)]

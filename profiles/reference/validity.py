"""Until when a dated proof holds: what counts is the last day of the engagement, not today."""

from __future__ import annotations

import calendar
import datetime as dt


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def holds(expires_on: dt.date | None, on: dt.date) -> bool:
    """Return whether something still holds on a day; its last day counts, and without one it never expires."""
    return expires_on is None or expires_on >= on

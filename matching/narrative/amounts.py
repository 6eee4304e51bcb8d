"""Numbers as the reader writes them: money, hours, shares, dates, and lists of words (CLDR, through Babel)."""

from __future__ import annotations

from decimal import Decimal

from babel import numbers

from marketplace.kernel.amounts import date, locale, money, words

__all__ = ["date", "hours", "locale", "money", "number", "percent", "words"]


def hours(minutes: int) -> str:
    """Return ``37.5 h`` of a time in minutes."""
    return f"{numbers.format_decimal(Decimal(minutes) / 60, '#,##0.##', locale=locale())} h"


def number(value: int) -> str:
    """Return ``1,234``."""
    return numbers.format_decimal(value, locale=locale())


def percent(share: float) -> str:
    """Return a share of one as ``1.2%``, with at most two decimals, and never 0 for what is not."""
    return numbers.format_percent(max(share, 0.0001) if share > 0 else share, "#,##0.##%", locale=locale())

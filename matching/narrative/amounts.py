"""Numbers as the reader writes them: money, hours, shares, dates, and lists of words (CLDR, through Babel)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from babel import Locale, dates, lists, numbers
from django.utils.translation import get_language

_LOCALES = {"en": "en_US", "es": "es_MX"}


def locale() -> Locale:
    """Return the locale of the active language; US English where none is active."""
    return Locale.parse(_LOCALES.get((get_language() or "en")[:2], "en_US"))


def money(amount: Decimal | int, currency: str) -> str:
    """Return ``$1,200`` or ``USD 1,200``; cents only where there are any."""
    # CLDR asks for a space where the currency is written in letters; Babel does not know of that pattern.
    lettered = numbers.get_currency_symbol(currency, locale=locale())[-1:].isalpha()
    cents = "" if amount == int(amount) else ".00"
    pattern = f"¤\N{NO-BREAK SPACE}#,##0{cents}" if lettered else f"¤#,##0{cents}"
    return numbers.format_currency(Decimal(amount), currency, pattern, locale=locale(), currency_digits=False)


def hours(minutes: int) -> str:
    """Return ``37.5 h`` of a time in minutes."""
    return f"{numbers.format_decimal(Decimal(minutes) / 60, '#,##0.##', locale=locale())} h"


def number(value: int) -> str:
    """Return ``1,234``."""
    return numbers.format_decimal(value, locale=locale())


def percent(share: float) -> str:
    """Return a share of one as ``1.2%``, with at most two decimals, and never 0 for what is not."""
    return numbers.format_percent(max(share, 0.0001) if share > 0 else share, "#,##0.##%", locale=locale())


def date(day: dt.date) -> str:
    """Return the day in words."""
    return dates.format_date(day, "long", locale=locale())


def words(items: Sequence[str]) -> str:
    """Return ``a, b, and c``."""
    return lists.format_list(list(items), locale=locale())

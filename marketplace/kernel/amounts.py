"""Money, dates and lists of words as the reader writes them (CLDR, through Babel)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from babel import Locale, dates, lists, numbers
from django.utils.translation import get_language

_LOCALES = {"en": "en_US", "es": "es_MX"}
# "Y" becomes "e" before the sound of an i, unless a diphthong begins there: "Java e ITIL", "agua y hielo" (RAE).
_SOUNDS_LIKE_I = re.compile(r"\W*h?[ií](?![aeou])", re.IGNORECASE)


def locale() -> Locale:
    """Return the locale of the active language; US English where none is active."""
    return Locale.parse(_LOCALES.get((get_language() or "en")[:2], "en_US"))


def money(amount: Decimal | int, currency: str) -> str:
    """Return ``$1,200`` or ``MX$1,200`` in English, ``$1,200 USD`` or ``$1,200 MXN`` in Spanish; cents if any.

    Mexico writes pesos and dollars with the same sign, so that in Spanish the code always says which of them it is.
    """
    digits = "#,##0" if amount == int(amount) else "#,##0.00"
    here = locale()
    if here.language == "es":
        return f"${numbers.format_decimal(Decimal(amount), digits, locale=here)}\N{NO-BREAK SPACE}{currency}"
    return numbers.format_currency(Decimal(amount), currency, f"¤{digits}", locale=here, currency_digits=False)


def date(day: dt.date) -> str:
    """Return the day in words."""
    return dates.format_date(day, "long", locale=locale())


def words(items: Sequence[str]) -> str:
    """Return ``a, b, and c`` in English, ``a, b y c`` in Spanish."""
    here = locale()
    if here.language == "es" and len(items) > 1 and _SOUNDS_LIKE_I.match(items[-1]):
        return f"{', '.join(items[:-1])} e {items[-1]}"
    return lists.format_list(list(items), locale=here)

"""What one currency was worth in another on a day, from dated rates with their source."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import Money
from profiles.models import ExchangeRate


def rate(currency: str, quote: str, on: dt.date) -> Decimal | None:
    """Return how many units of ``quote`` one unit of ``currency`` was worth: the latest rate on or before ``on``.

    A rate stated the other way round counts as its inverse, unless the direct one is as recent. None without any.
    """
    if currency == quote:
        return Decimal(1)
    pair = (currency, quote)
    known = ExchangeRate.objects.filter(on__lte=on, currency__in=pair, quote__in=pair).order_by("-on")
    latest = max(known[:2], key=lambda row: (row.on, row.currency == currency), default=None)
    if latest is None:
        return None
    return latest.rate if latest.currency == currency else 1 / latest.rate


def convert(money: Money, quote: str, on: dt.date) -> Money:
    """Return ``money`` in ``quote``, rounded to cents. Raises Invalid ``exchange_rate_missing``."""
    found = rate(money.currency, quote, on)
    if found is None:
        raise missing(money.currency, quote, pointer="/currency")
    return Money.of(money.amount * found, quote)


def missing(currency: str, quote: str, *, pointer: str) -> Invalid:
    """Return the refusal of an amount whose currency cannot be compared, at the field that names it."""
    return Invalid.field(
        pointer,
        "exchange_rate_missing",
        _("There is no exchange rate from %(currency)s to %(quote)s yet.") % {"currency": currency, "quote": quote},
        currency=currency,
        quote=quote,
    )

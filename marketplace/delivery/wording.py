"""Notifications in words: the texts of their kind, filled in as the reader writes dates, times and money (CLDR)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates

from marketplace.delivery.kinds import kind_named
from marketplace.kernel import amounts

logger = logging.getLogger(__name__)


class _Values(dict[str, Any]):
    """What a notification of an earlier version does not hold is left out rather than a defect."""

    def __missing__(self, key: str) -> str:
        return "–"


def title(kind: str, data: Mapping[str, Any], *, zone: str) -> str:
    """Return the one line that says what happened, in the active language; a kind that is gone shows its name."""
    return _filled(kind, "title", data, zone)


def body(kind: str, data: Mapping[str, Any], *, zone: str) -> str:
    """Return the sentences that say more, in the active language, with times in the IANA ``zone``."""
    return _filled(kind, "body", data, zone)


def _filled(kind: str, part: str, data: Mapping[str, Any], zone: str) -> str:
    try:
        text = getattr(kind_named(kind), part)
    except LookupError:
        return kind if part == "title" else ""
    try:
        return str(text % _Values({name: _shown(name, value, zone) for name, value in data.items()}))
    except (KeyError, TypeError, ValueError):
        logger.exception("the %s of %s cannot be filled in", part, kind)
        return kind if part == "title" else ""


def _shown(name: str, value: Any, zone: str) -> Any:
    locale = amounts.locale()
    try:
        if name.endswith("_at") and isinstance(value, str):
            moment = dt.datetime.fromisoformat(value)
            day = dates.format_date(moment.astimezone(ZoneInfo(zone)), "long", locale=locale)
            clock = dates.format_time(moment, "short", tzinfo=ZoneInfo(zone), locale=locale)
            place = dates.get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True)
            return f"{day}, {clock} ({place})"
        if name.endswith("_on") and isinstance(value, str):
            return dates.format_date(dt.date.fromisoformat(value), "long", locale=locale)
        if isinstance(value, dict) and value.keys() == {"amount", "currency"}:
            return amounts.money(Decimal(value["amount"]), value["currency"])
    except ValueError:  # not a time after all
        return value
    return value

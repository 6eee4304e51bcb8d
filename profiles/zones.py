"""The time zones in which professionals and clients live, from the IANA database itself."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

COUNTRIES = ("MX", "US")
_WEEKS_AHEAD = 53


@dataclass(frozen=True)
class Zone:
    """``january`` and ``july`` are the offsets from UTC in minutes in the middle of these months."""

    name: str
    country: str
    note: str
    january: int
    july: int


@dataclass(frozen=True)
class OffsetChange:
    """The instant from which a zone has another offset from UTC, in minutes."""

    at: dt.datetime
    offset: int


@dataclass(frozen=True)
class ZoneRules:
    """What a zone does now: ``offset`` in minutes from UTC, and the next change within the coming year, if any."""

    offset: int
    abbreviation: str
    next_change: OffsetChange | None

    @property
    def changes_clocks(self) -> bool:
        return self.next_change is not None


@lru_cache
def zones(year: int) -> tuple[Zone, ...]:
    """Return the zones of Mexico and the United States as ``zone.tab`` of the IANA time zone database lists them.

    Half the year says nothing: most of Mexico has had no summer time since October 30, 2022, its northern border has.
    """
    found = [
        Zone(name, country, note, _offset(name, year, month=1), _offset(name, year, month=7))
        for (country, name), note in _listed().items()
    ]
    return tuple(sorted(found, key=lambda zone: (zone.country, zone.name)))


def rules(name: str, now: dt.datetime) -> ZoneRules:
    """Return the rules of an IANA zone as they stand at ``now``. Raises ``zoneinfo.ZoneInfoNotFoundError``."""
    return _rules(name, now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=512)
def _rules(name: str, hour: dt.datetime) -> ZoneRules:
    local = hour.astimezone(zoneinfo.ZoneInfo(name))
    return ZoneRules(_minutes(local), local.tzname() or "", _next_change(name, hour))


def _next_change(name: str, start: dt.datetime) -> OffsetChange | None:
    """Look week by week, then halve the week: no zone changes twice within one."""
    zone = zoneinfo.ZoneInfo(name)
    before = _minutes(start.astimezone(zone))
    for week in range(_WEEKS_AHEAD):
        low, high = start + dt.timedelta(weeks=week), start + dt.timedelta(weeks=week + 1)
        after = _minutes(high.astimezone(zone))
        if after == before:
            continue
        while high - low > dt.timedelta(minutes=1):
            middle = low + (high - low) / 2
            low, high = (middle, high) if _minutes(middle.astimezone(zone)) == before else (low, middle)
        return OffsetChange(high.replace(second=0, microsecond=0), after)
    return None


def _minutes(local: dt.datetime) -> int:
    return int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60


@lru_cache
def names() -> frozenset[str]:
    """Return every IANA zone that may be named; links and legacy names are among them."""
    return frozenset(zoneinfo.available_timezones())


@lru_cache
def country_of(name: str) -> str | None:
    """Return ``MX`` or ``US`` for a zone of these, None for any other."""
    return next((country for country, zone in _listed() if zone == name), None)


@lru_cache
def _listed() -> dict[tuple[str, str], str]:
    """Return the note of each zone of both countries, by country and name."""
    found = {}
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        country, _place, name, *note = line.split("\t")
        if country in COUNTRIES:
            found[country, name] = note[0] if note else ""
    return found


def _offset(name: str, year: int, month: int) -> int:
    return _minutes(dt.datetime(year, month, 15, 12, tzinfo=zoneinfo.ZoneInfo(name)))

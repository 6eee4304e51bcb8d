"""The time zones in which professionals and clients live, from the IANA database itself."""

from __future__ import annotations

import csv
import datetime as dt
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from profiles.reference.tables import HERE

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
class ZoneName:
    """What a zone is called, and what its law says of summer time, in both languages."""

    name_en: str
    name_es: str
    rule_en: str
    rule_es: str
    source: str

    def name(self, language: str) -> str:
        """Return the name in ``es`` or else English."""
        return self.name_es if language.startswith("es") else self.name_en

    def rule(self, language: str) -> str:
        """Return the rule as it stands today, in ``es`` or else English."""
        return self.rule_es if language.startswith("es") else self.rule_en


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


@lru_cache(maxsize=2048)
def changes(name: str, year: int) -> tuple[OffsetChange, ...]:
    """Return every change of offset of an IANA zone within a year of UTC, ascending.

    Raises ``zoneinfo.ZoneInfoNotFoundError``.
    """
    found = []
    change = _next_change(name, dt.datetime(year, 1, 1, tzinfo=dt.UTC))
    while change is not None and change.at.year == year:
        found.append(change)
        change = _next_change(name, change.at)
    return tuple(found)


@lru_cache
def zone_names() -> dict[str, ZoneName]:
    """Return what the zones of Mexico and the United States are called, by IANA name."""
    with (HERE / "zone_names.csv").open(encoding="utf-8", newline="") as handle:
        return {row.pop("zone"): ZoneName(**row) for row in csv.DictReader(handle)}


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
    """Return ``MX`` or ``US`` for a zone of these, also by a former name such as ``US/Eastern``; None for any other."""
    countries, links = _countries(), _links()
    while name not in countries and name in links:
        name = links[name]
    country = countries.get(name)
    return country if country in COUNTRIES else None


@lru_cache
def _listed() -> dict[tuple[str, str], str]:
    """Return the note of each zone of both countries, by country and name."""
    return {(country, name): note for country, name, note in _zone_table() if country in COUNTRIES}


@lru_cache
def _countries() -> dict[str, str]:
    return {name: country for country, name, _note in _zone_table()}


@lru_cache
def _zone_table() -> tuple[tuple[str, str, str], ...]:
    """Return country, name and note of every zone of ``zone.tab``."""
    lines = _iana("zone.tab").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple((country, name, note[0] if note else "") for country, _place, name, *note in rows)


@lru_cache
def _links() -> dict[str, str]:
    """Return what former and other names stand for, by such a name."""
    lines = (line.split() for line in _iana("tzdata.zi").splitlines() if line.startswith("L "))
    return {name: target for _letter, target, name in lines}


def _iana(file: str) -> str:
    return (resources.files("tzdata") / "zoneinfo" / file).read_text(encoding="utf-8")


def _offset(name: str, year: int, month: int) -> int:
    return _minutes(dt.datetime(year, month, 15, 12, tzinfo=zoneinfo.ZoneInfo(name)))

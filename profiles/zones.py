"""The time zones in which professionals and clients live, from the IANA database itself."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

COUNTRIES = ("MX", "US")


@dataclass(frozen=True)
class Zone:
    """``january`` and ``july`` are the offsets from UTC in minutes in the middle of these months."""

    name: str
    country: str
    note: str
    january: int
    july: int


@lru_cache
def zones(year: int) -> tuple[Zone, ...]:
    """Return the zones of Mexico and the United States as ``zone.tab`` of the IANA time zone database lists them.

    Half the year says nothing: most of Mexico has had no summer time since October 30, 2022, its northern border has.
    """
    found = []
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        country, _place, name, *note = line.split("\t")
        if country in COUNTRIES:
            found.append(
                Zone(name, country, note[0] if note else "", _offset(name, year, month=1), _offset(name, year, month=7))
            )
    return tuple(sorted(found, key=lambda zone: (zone.country, zone.name)))


def _offset(name: str, year: int, month: int) -> int:
    offset = dt.datetime(year, month, 15, 12, tzinfo=zoneinfo.ZoneInfo(name)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 60

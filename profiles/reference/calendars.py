"""Public holidays of Mexico and the United States, and the days on which only one of the two rests.

Mexico: Ley Federal del Trabajo, article 74, which moves no holiday that falls on a weekend. Its October 1 every six
years came with the reform published on September 30, 2024, in place of December 1. Of its days of ordinary elections
the federal ones are given, always Sundays: the first of June, or of July until 2012 and in 2018 (LGIPE, article 22).
United States: 5 U.S.C. § 6103, with the observed day beside a holiday on a weekend (Executive Order 11582), without
Inauguration Day, which only the capital keeps. Dates come from the library ``holidays``; days that only states, custom
or banks keep (Holy Thursday and Friday, December 12) are not among them.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import holidays

from profiles.reference.tables import HERE

COUNTRIES = ("MX", "US")
# From the reform of January 17, 2006, which moved three of Mexico's holidays to Mondays, to the library's last year.
FIRST_YEAR, LAST_YEAR = 2007, 2099
LAWS = {
    "MX": "Ley Federal del Trabajo, artículo 74 (DOF 2024-09-30); LGIPE, artículo 22",
    "US": "5 U.S.C. § 6103; Executive Order 11582",
}
_OBSERVED_EN, _OBSERVED_ES = " (observed)", " (día de descanso)"
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class Holiday:
    """``observed`` marks the day of rest given for a holiday that falls on a weekend."""

    on: dt.date
    country: str
    name_en: str
    name_es: str
    observed: bool = False

    @property
    def on_working_day(self) -> bool:
        return self.on.weekday() < SATURDAY

    def name(self, language: str) -> str:
        """Return the name in ``es`` or else English."""
        return self.name_es if language.startswith("es") else self.name_en


@dataclass(frozen=True)
class OneSidedDay:
    """A working day on which ``resting`` rests and the other country works."""

    on: dt.date
    resting: str
    working: str
    holiday: Holiday


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> tuple[Holiday, ...]:
    """Return the holidays of ``MX`` or ``US`` in a year, ascending. Raises ValueError outside 2007 to 2099."""
    if country not in COUNTRIES or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no holidays are known of {country!r} in {year}")
    english = holidays.country_holidays(country, years=year, language="en_US")
    spanish = holidays.country_holidays(country, years=year, language="es") if country == "MX" else None
    found = []
    for day in sorted(english):
        # Two holidays can fall on one day, and the library then joins their names; the first names the day.
        names = english.get_list(day)
        observed = names[0].endswith(_OBSERVED_EN)
        name = names[0].removesuffix(_OBSERVED_EN)
        if spanish is not None:
            found.append(Holiday(day, country, name, spanish.get_list(day)[0]))
        else:
            translated = _spanish_names()[name]
            suffixes = (_OBSERVED_EN, _OBSERVED_ES) if observed else ("", "")
            found.append(Holiday(day, country, name + suffixes[0], translated + suffixes[1], observed))
    if country == "MX" and (election := _election_day(year)):
        found.append(Holiday(election, country, "Federal election day", "Jornada electoral federal"))
    return tuple(sorted((day for day in found if day.on.year == year), key=lambda day: day.on))


def holidays_between(country: str, first: dt.date, last: dt.date) -> dict[dt.date, Holiday]:
    """Return the holidays of a country from ``first`` to ``last``, both included, by day."""
    years = range(max(first.year, FIRST_YEAR), min(last.year, LAST_YEAR) + 1)
    return {
        holiday.on: holiday
        for year in years
        for holiday in public_holidays(country, year)
        if first <= holiday.on <= last
    }


def one_sided_days(year: int) -> tuple[OneSidedDay, ...]:
    """Return the working days of a year on which only one of both countries rests, ascending."""
    resting = {
        country: {holiday.on: holiday for holiday in public_holidays(country, year) if holiday.on_working_day}
        for country in COUNTRIES
    }
    found = [
        OneSidedDay(day, country, other, holiday)
        for country, other in (COUNTRIES, COUNTRIES[::-1])
        for day, holiday in resting[country].items()
        if day not in resting[other]
    ]
    return tuple(sorted(found, key=lambda day: day.on))


def _election_day(year: int) -> dt.date | None:
    """Return the day of Mexico's ordinary federal election, every three years."""
    if year % 3 != 2:
        return None
    month = dt.date(year, 7 if year <= 2012 or year == 2018 else 6, 1)
    return month + dt.timedelta(days=(SUNDAY - month.weekday()) % 7)


@lru_cache
def _spanish_names() -> dict[str, str]:
    with (HERE / "holiday_names.csv").open(encoding="utf-8", newline="") as handle:
        return {row["name_en"]: row["name_es"] for row in csv.DictReader(handle)}

"""Holidays of both countries, clusters, and the rules of zones."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from profiles import zones
from profiles.reference import calendars
from profiles.reference.clusters import clusters, zone_of_city
from profiles.reference.tables import HERE
from profiles.synthetic.places import PLACES

NOVEMBER = dt.datetime(2026, 11, 22, 13, 9, tzinfo=dt.UTC)


def days(country, year):
    return [holiday.on for holiday in calendars.public_holidays(country, year)]


def test_mexico_rests_on_the_days_of_its_labor_law_and_moves_none_off_a_weekend():
    assert days("MX", 2026) == [
        dt.date(2026, *day) for day in [(1, 1), (2, 2), (3, 16), (5, 1), (9, 16), (11, 16), (12, 25)]
    ]
    assert dt.date(2027, 5, 1) in days("MX", 2027), "a Saturday"
    assert len(days("MX", 2027)) == 8, "a year of federal elections"


def nth(year, month, weekday, number):
    """Return the number-th weekday of a month, from its end where the number is negative."""
    every = [
        day
        for day in (dt.date(year, month, 1) + dt.timedelta(days=days) for days in range(31))
        if day.month == month and day.weekday() == weekday
    ]
    return every[number - 1 if number > 0 else number]


@pytest.mark.parametrize("year", range(2020, 2041))
def test_mexico_rests_as_article_74_says(year):
    law = {
        dt.date(year, 1, 1),
        nth(year, 2, 0, 1),
        nth(year, 3, 0, 3),
        dt.date(year, 5, 1),
        dt.date(year, 9, 16),
        nth(year, 11, 0, 3),
        dt.date(year, 12, 25),
    }
    if year in {2024, 2030, 2036}:
        law.add(dt.date(year, 10, 1))
    if year in {2021, 2024, 2027, 2030, 2033, 2036, 2039}:
        law.add(nth(year, 6, 6, 1))
    assert days("MX", year) == sorted(law)


@pytest.mark.parametrize("year", range(2020, 2041))
def test_the_united_states_rest_as_section_6103_says(year):
    law = {
        dt.date(year, 1, 1),
        nth(year, 1, 0, 3),
        nth(year, 2, 0, 3),
        nth(year, 5, 0, -1),
        *({dt.date(year, 6, 19)} if year >= 2021 else ()),
        dt.date(year, 7, 4),
        nth(year, 9, 0, 1),
        nth(year, 10, 0, 2),
        dt.date(year, 11, 11),
        nth(year, 11, 3, 4),
        dt.date(year, 12, 25),
        dt.date(year + 1, 1, 1),
    }
    rest = {day + dt.timedelta(days={5: -1, 6: 1}[day.weekday()]) for day in law if day.weekday() >= 5}
    assert days("US", year) == sorted(day for day in law | rest if day.year == year)
    observed = {holiday.on for holiday in calendars.public_holidays("US", year) if holiday.observed}
    assert observed == {day for day in rest if day.year == year}


@pytest.mark.parametrize(
    ("year", "day"), [(2009, (7, 5)), (2012, (7, 1)), (2015, (6, 7)), (2018, (7, 1)), (2024, (6, 2)), (2027, (6, 6))]
)
def test_federal_elections_are_on_their_sunday_and_take_no_working_day(year, day):
    (found,) = [each for each in calendars.public_holidays("MX", year) if each.name_en == "Federal election day"]
    assert (found.on, found.on_working_day) == (dt.date(year, *day), False)
    assert found.name_es == "Jornada electoral federal"


def test_the_executive_power_is_handed_over_every_six_years():
    handovers = [day for year in range(2024, 2043) for day in days("MX", year) if (day.month, day.day) == (10, 1)]
    assert handovers == [dt.date(year, 10, 1) for year in (2024, 2030, 2036, 2042)]
    assert (
        calendars.holidays_between("MX", dt.date(2030, 10, 1), dt.date(2030, 10, 1))[dt.date(2030, 10, 1)].name("es")
        == "Transmisión del Poder Ejecutivo Federal"
    )


def test_the_united_states_rest_on_a_weekday_for_a_holiday_on_a_weekend():
    independence = [holiday for holiday in calendars.public_holidays("US", 2026) if holiday.on.month == 7]
    assert [(holiday.on.day, holiday.observed, holiday.on_working_day) for holiday in independence] == [
        (3, True, True),
        (4, False, False),
    ]
    assert independence[0].name_es == "Día de la Independencia de Estados Unidos (día de descanso)"
    assert dt.date(2027, 12, 31) in days("US", 2027), "New Year's Day of 2028 is a Saturday"


@pytest.mark.parametrize(("year", "mexico", "united_states"), [(2026, 5, 9), (2027, 4, 11)])
def test_one_sided_days_are_those_on_which_only_one_country_rests(year, mexico, united_states):
    found = calendars.one_sided_days(year)
    assert [day.on for day in found] == sorted(day.on for day in found)
    assert [sum(day.resting == country for day in found) for country in ("MX", "US")] == [mexico, united_states]
    assert all(day.on.weekday() < 5 and day.resting != day.working for day in found)
    for day in found:
        assert day.on not in days(day.working, year)


def test_one_sided_days_of_2026_are_fourteen():
    assert len(calendars.one_sided_days(2026)) == 14


def test_every_holiday_of_the_century_has_a_name_in_both_languages():
    for country in calendars.COUNTRIES:
        for year in range(calendars.FIRST_YEAR, calendars.LAST_YEAR + 1):
            for holiday in calendars.public_holidays(country, year):
                assert holiday.name_en
                assert holiday.name_es not in {"", holiday.name_en}, holiday


@pytest.mark.parametrize(("country", "year"), [("CA", 2026), ("MX", 2006), ("US", 2100)])
def test_other_countries_and_years_are_refused(country, year):
    with pytest.raises(ValueError, match="no holidays are known"):
        calendars.public_holidays(country, year)


def test_zones_that_keep_summer_time_say_when_they_change():
    juarez = zones.rules("America/Ciudad_Juarez", NOVEMBER)
    assert (juarez.offset, juarez.abbreviation) == (-420, "MST")
    assert juarez.next_change == zones.OffsetChange(dt.datetime(2027, 3, 14, 9, tzinfo=dt.UTC), -360)
    new_york = zones.rules("America/New_York", dt.datetime(2027, 6, 1, tzinfo=dt.UTC))
    assert new_york.next_change == zones.OffsetChange(dt.datetime(2027, 11, 7, 6, tzinfo=dt.UTC), -300)


@pytest.mark.parametrize("zone", ["America/Mexico_City", "America/Hermosillo", "America/Cancun", "America/Phoenix"])
def test_zones_without_summer_time_have_no_change_ahead(zone):
    assert not zones.rules(zone, NOVEMBER).changes_clocks


def test_a_change_is_found_to_the_minute_wherever_the_week_begins():
    changed = dt.datetime(2027, 3, 14, 10, tzinfo=dt.UTC)
    for hours in range(1, 24 * 9):
        found = zones.rules("America/Tijuana", changed - dt.timedelta(hours=hours)).next_change
        assert found == zones.OffsetChange(changed, -420), hours
    assert zones.rules("America/Tijuana", changed).next_change.offset == -480


@pytest.mark.parametrize(
    ("zone", "year", "changes"),
    [
        ("America/Mexico_City", 2022, [("2022-04-03T08:00", -300), ("2022-10-30T07:00", -360)]),
        ("America/Mexico_City", 2023, []),
        ("America/Ciudad_Juarez", 2022, [("2022-03-13T09:00", -360), ("2022-11-30T06:00", -420)]),
        ("America/Tijuana", 2026, [("2026-03-08T10:00", -420), ("2026-11-01T09:00", -480)]),
        ("America/Hermosillo", 2026, []),
        ("America/Cancun", 2015, [("2015-02-01T08:00", -300)]),
        ("America/New_York", 2040, [("2040-03-11T07:00", -240), ("2040-11-04T06:00", -300)]),
        ("America/Phoenix", 2026, []),
    ],
)
def test_the_changes_of_a_year_are_those_of_its_law(zone, year, changes):
    assert zones.changes(zone, year) == tuple(
        zones.OffsetChange(dt.datetime.fromisoformat(f"{at}:00+00:00"), offset) for at, offset in changes
    )


def test_every_zone_has_a_name_and_a_rule_in_both_languages_and_the_rule_is_what_the_clocks_do():
    names = zones.zone_names()
    assert set(names) == {zone.name for zone in zones.zones(2026)}
    for zone, name in names.items():
        assert name.name("es") != "", zone
        assert name.rule("es") not in {"", name.rule("en")}, zone
        assert name.rule("en").startswith("No summer time") == (zones.changes(zone, 2027) == ()), zone
        assert ("Husos Horarios" in name.source) == (zones.country_of(zone) == "MX")
    assert names["America/Mexico_City"].name("es-mx") == "Centro de México: Ciudad de México y el centro"


def test_countries_are_known_of_their_own_zones_only():
    assert zones.country_of("America/Merida") == "MX"
    assert zones.country_of("America/Chicago") == "US"
    assert zones.country_of("Europe/Madrid") is None
    assert {"Europe/Madrid", "America/Ojinaga", "UTC"} <= zones.names()


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("US/Eastern", "US"),
        ("America/Indianapolis", "US"),
        ("Mexico/General", "MX"),
        ("America/Ensenada", "MX"),
        ("America/Creston", None),  # Canada, although its clocks are those of Phoenix
        ("America/Panama", None),
        ("UTC", None),
        ("Nowhere/Land", None),
    ],
)
def test_a_former_name_lies_in_the_country_of_its_zone(name, country):
    assert zones.country_of(name) == country


def test_clusters_hold_every_place_of_the_market_with_the_same_zone():
    cities = {
        (cluster.code, cluster.country, city.name, city.region, city.time_zone)
        for cluster in clusters()
        for city in cluster.cities
    }
    countries = ("MX", "US")
    assert cities == {
        (place.cluster, countries[place.country], place.city, place.region, place.zone) for place in PLACES
    }
    assert all(zones.country_of(zone) == cluster.country for cluster in clusters() for zone in cluster.time_zones)


def test_the_rows_of_a_cluster_agree_on_its_names():
    with (HERE / "clusters.csv").open(encoding="utf-8", newline="") as handle:
        heads = {(row["cluster"], row["name_en"], row["name_es"], row["country"]) for row in csv.DictReader(handle)}
    assert len(heads) == len(clusters())


def test_a_city_names_its_zone_whatever_its_case_and_accents():
    cities = [city.name for cluster in clusters() for city in cluster.cities]
    assert len(set(cities)) == len(cities), "a name that two cities share would be of neither"
    assert zone_of_city("queretaro") is None, "the city is Santiago de Querétaro"
    assert zone_of_city("CIUDAD JUAREZ") == zone_of_city("Ciudad Juárez") == "America/Ciudad_Juarez"
    assert zone_of_city("Los Angeles") == "America/Los_Angeles"
    assert zone_of_city("Nueva York") == zone_of_city("new york") == "America/New_York"
    assert zone_of_city("mexico city") == zone_of_city("Ciudad de México") == "America/Mexico_City"
    assert zone_of_city("Atlantis") is None


def test_a_cluster_is_named_in_both_languages_and_may_span_zones():
    known = {cluster.code: cluster for cluster in clusters()}
    assert (known["CDMX"].name("en"), known["CDMX"].name("es")) == ("Mexico City", "Ciudad de México")
    assert len(known["Other"].time_zones) == 7

"""Holidays of both countries, clusters, and the rules of zones."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from profiles import zones
from profiles.reference import calendars
from profiles.reference.clusters import clusters
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
    assert len(days("MX", 2027)) == 7


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


def test_countries_are_known_of_their_own_zones_only():
    assert zones.country_of("America/Merida") == "MX"
    assert zones.country_of("America/Chicago") == "US"
    assert zones.country_of("Europe/Madrid") is None
    assert {"Europe/Madrid", "America/Ojinaga", "UTC"} <= zones.names()


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


def test_a_cluster_is_named_in_both_languages_and_may_span_zones():
    known = {cluster.code: cluster for cluster in clusters()}
    assert (known["CDMX"].name("en"), known["CDMX"].name("es")) == ("Mexico City", "Ciudad de México")
    assert len(known["Other"].time_zones) == 7

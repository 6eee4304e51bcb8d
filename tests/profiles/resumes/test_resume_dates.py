"""Dates as people write them, in English and Spanish, and the days that partial ones cover."""

from __future__ import annotations

import datetime as dt

import pytest

from profiles.importers import periods

PRESENT = periods.PRESENT


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019", "2019"),
        ("2019-03", "2019-03"),
        ("2019-03-04", "2019-03-04"),
        ("2019/3", "2019-03"),
        ("2019-03-04T10:00:00Z", "2019-03-04"),
        ("03/2019", "2019-03"),
        ("3-2019", "2019-03"),
        ("Mar 2019", "2019-03"),
        ("March, 2019", "2019-03"),
        ("marzo de 2019", "2019-03"),
        ("MARZO DEL 2019", "2019-03"),
        ("ene. 2020", "2020-01"),
        ("Sept. 2020", "2020-09"),
        ("March 15, 2019", "2019-03-15"),
        ("15 de marzo de 2019", "2019-03-15"),
        ("25/12/2019", "2019-12-25"),
        ("12/25/2019", "2019-12-25"),
        ("04/05/2019", "2019-05-04"),
        ("Present", PRESENT),
        ("Actualidad", PRESENT),
        ("a la fecha", PRESENT),
        ("current", PRESENT),
        ("Hasta la fecha", PRESENT),
        ("someday", None),
        ("13/2019", None),
        ("2019-13", None),
        ("31/02/2019", None),
        ("", None),
    ],
)
def test_a_date_is_read_or_is_none(text, date):
    assert periods.read_date(text) == date


def test_an_ambiguous_day_follows_the_language():
    assert periods.read_date("04/05/2019", day_first=False) == "2019-04-05"


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("Jan 2019 – Present", "2019-01", ""),
        ("enero de 2019 - diciembre de 2020", "2019-01", "2020-12"),
        ("Ene. 2017 a la fecha", "2017-01", ""),
        ("Desde marzo de 2020", "2020-03", ""),
        ("2015–2018", "2015", "2018"),
        ("2015 a 2018", "2015", "2018"),
        ("03/2019 to 06/2021", "2019-03", "2021-06"),
        ("from 2019-03 until 2020-01", "2019-03", "2020-01"),
        ("Acme Bank, Austin (June 2015 - December 2019)", "2015-06", "2019-12"),
        ("April 2025 - Present (3 months)", "2025-04", ""),
    ],
)
def test_a_period_is_found_inside_a_line(line, start, end):
    found = periods.find_period(line)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(
    "line", ["CISSP - (ISC)2 - 2021", "Call 555-2019-2020", "Windows 2000 and 2012 servers", "2019"]
)
def test_what_is_no_period_is_taken_for_none(line):
    assert periods.find_period(line) is None


def test_partial_dates_cover_their_first_and_last_days():
    assert (periods.first_day("2020"), periods.last_day("2020")) == (dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    assert (periods.first_day("2020-02"), periods.last_day("2020-02")) == (dt.date(2020, 2, 1), dt.date(2020, 2, 29))
    assert periods.last_day("2020-02-10") == dt.date(2020, 2, 10)


@pytest.mark.parametrize("partial", ["2019-13", "2019-00", "2019-02-30", "2019-02-00", "0000", "2019\n", "x"])
def test_days_that_the_schema_allows_and_the_calendar_does_not_are_none(partial):
    assert periods.first_day(partial) is None
    assert periods.last_day(partial) is None


def test_durations_are_known_for_what_they_are():
    assert periods.is_duration("(3 years 2 months)")
    assert periods.is_duration("5 años 3 meses")
    assert not periods.is_duration("5 años en AS/400")

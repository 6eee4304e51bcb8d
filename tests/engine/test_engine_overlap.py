"""Shared hours against the table of cities, and around every corner of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import shared_minutes_by_month, worst_day_overlap

NINE, SIX = 9 * 60, 18 * 60
CLIENTS = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles")
JANUARY = (date(2027, 1, 4), date(2027, 1, 29))
JULY = (date(2027, 7, 5), date(2027, 7, 30))
YEAR = (date(2027, 1, 1), date(2027, 12, 31))

# Hours that 09-18 shares with 09-18 of each client in January and in July.
TABLE = {
    "America/Mexico_City": ((8, 9, 8, 8, 7), (7, 8, 9, 8, 8)),
    "America/Monterrey": ((8, 9, 8, 8, 7), (7, 8, 9, 8, 8)),
    "America/Tijuana": ((6, 7, 8, 8, 9), (6, 7, 8, 9, 9)),
    "America/Hermosillo": ((7, 8, 9, 9, 8), (6, 7, 8, 9, 9)),
    "America/Matamoros": ((8, 9, 8, 8, 7), (8, 9, 8, 7, 7)),
    "America/Cancun": ((9, 8, 7, 7, 6), (8, 9, 8, 7, 7)),
}


@pytest.mark.parametrize("zone", TABLE)
def test_the_hours_of_every_pair_of_cities_are_those_of_the_table(zone: str) -> None:
    for season, hours in zip((JANUARY, JULY), TABLE[zone], strict=True):
        found = [worst_day_overlap(zone, NINE, SIX, client, NINE, SIX, *season) for client in CLIENTS]
        assert found == [60 * hour for hour in hours]


@pytest.mark.parametrize("zone", TABLE)
def test_a_whole_year_counts_its_worse_season(zone: str) -> None:
    for position, client in enumerate(CLIENTS):
        worse = min(hours[position] for hours in TABLE[zone])
        assert worst_day_overlap(zone, NINE, SIX, client, NINE, SIX, *YEAR) == 60 * worse


def test_guadalajara_loses_an_hour_with_new_york_in_the_month_of_the_change() -> None:
    months = shared_minutes_by_month("America/Mexico_City", NINE, SIX, "America/New_York", NINE, SIX, *YEAR)
    by_month = {entry.month: (entry.least, entry.most) for entry in months}
    assert by_month[2] == (480, 480)
    assert by_month[3] == (420, 480)
    assert by_month[7] == (420, 420)
    assert by_month[11] == (420, 480)
    assert sum(entry.days for entry in months) == 261


def test_a_night_shift_belongs_to_the_day_on_which_it_starts() -> None:
    night = (22 * 60, 6 * 60)
    monday, friday, saturday = date(2027, 2, 1), date(2027, 2, 5), date(2027, 2, 6)
    zone = "America/Mexico_City"
    # 05:00 to 09:00 meets the end of the night before: there is none before Monday.
    assert worst_day_overlap(zone, *night, zone, 5 * 60, 9 * 60, monday, monday) == 0
    assert worst_day_overlap(zone, *night, zone, 5 * 60, 9 * 60, friday, friday) == 60
    assert worst_day_overlap(zone, *night, zone, 20 * 60, 23 * 60, monday, friday) == 60
    assert worst_day_overlap(zone, *night, zone, *night, monday, friday) == 8 * 60
    assert worst_day_overlap(zone, *night, zone, 5 * 60, 9 * 60, saturday, saturday, frozenset({4, 5})) == 60


def test_hours_round_the_clock_share_everything_but_the_weekend() -> None:
    always = (0, 1440)
    assert worst_day_overlap("America/Cancun", *always, "America/New_York", NINE, SIX, *YEAR) == 540
    assert worst_day_overlap("America/Cancun", *always, "America/New_York", *always, *YEAR) == 1440 - 60


def test_days_without_work_share_nothing() -> None:
    weekend = (date(2027, 2, 6), date(2027, 2, 7))
    assert worst_day_overlap("America/Cancun", NINE, SIX, "America/New_York", NINE, SIX, *weekend) == 0
    assert shared_minutes_by_month("America/Cancun", NINE, SIX, "America/New_York", NINE, SIX, *weekend) == ()


def test_days_in_the_wrong_order_and_impossible_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="last day"):
        worst_day_overlap("UTC", NINE, SIX, "UTC", NINE, SIX, date(2027, 2, 2), date(2027, 2, 1))
    with pytest.raises(ValueError, match="last day"):
        shared_minutes_by_month("UTC", NINE, SIX, "UTC", NINE, SIX, date(2027, 2, 2), date(2027, 2, 1))
    with pytest.raises(ValueError, match="midnight"):
        worst_day_overlap("UTC", -1, SIX, "UTC", NINE, SIX, date(2027, 2, 1), date(2027, 2, 2))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    zone=st.sampled_from(sorted(TABLE)),
    client=st.sampled_from(CLIENTS),
    starts=st.integers(0, 1439),
    ends=st.integers(0, 1440),
    first=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    days=st.integers(0, 300),
)
def test_a_longer_engagement_never_shares_more_on_its_worst_day(
    zone: str, client: str, starts: int, ends: int, first: date, days: int
) -> None:
    short = worst_day_overlap(zone, starts, ends, client, NINE, SIX, first, first + timedelta(days=7))
    long = worst_day_overlap(zone, starts, ends, client, NINE, SIX, first, first + timedelta(days=7 + days))
    assert 0 <= long <= short <= 540

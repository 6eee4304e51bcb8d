"""How much of a week can be promised."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from profiles.capacity import Span, UsualWeek, capacity, demand, least_free, workdays_within

MONDAY = dt.date(2027, 1, 11)
DAYS = st.integers(0, 200).map(lambda n: MONDAY + dt.timedelta(days=n))


def test_a_week_is_five_days_of_the_usual_hours() -> None:
    assert capacity(UsualWeek(2400, None, None), [], MONDAY) == 2400


def test_a_leave_of_two_days_takes_two_fifths() -> None:
    leave = Span(MONDAY + dt.timedelta(days=3), MONDAY + dt.timedelta(days=10), 0)
    assert capacity(UsualWeek(2400, None, None), [leave], MONDAY) == 1440


def test_the_lesser_of_overlapping_exceptions_counts() -> None:
    half = Span(MONDAY, MONDAY + dt.timedelta(days=30), 1200)
    leave = Span(MONDAY, MONDAY + dt.timedelta(days=4), 0)
    assert capacity(UsualWeek(2400, None, None), [half, leave], MONDAY) == 0
    assert capacity(UsualWeek(2400, None, None), [half, leave], MONDAY + dt.timedelta(weeks=1)) == 1200


def test_nobody_is_available_before_their_date() -> None:
    wednesday = MONDAY + dt.timedelta(days=2)
    assert capacity(UsualWeek(2400, wednesday, None), [], MONDAY) == 1440
    assert capacity(UsualWeek(2400, None, wednesday), [], MONDAY) == 1440


def test_a_short_first_week_asks_for_its_days_only() -> None:
    thursday, end = MONDAY + dt.timedelta(days=3), MONDAY + dt.timedelta(weeks=4)
    assert workdays_within(MONDAY, thursday, end) == 2
    assert demand(2400, MONDAY, thursday, end) == 960


def test_one_booked_week_bounds_the_whole_span() -> None:
    booked = {MONDAY + dt.timedelta(weeks=2): 1500}
    free = least_free(UsualWeek(2400, None, None), [], booked, MONDAY, MONDAY + dt.timedelta(weeks=6))
    assert free == 900


@given(
    weekly=st.integers(0, 4800),
    asked=st.integers(60, 3600),
    bounds=st.tuples(DAYS, DAYS).map(sorted),
    since=st.none() | DAYS,
    until=st.none() | DAYS,
    exceptions=st.lists(
        st.tuples(DAYS, DAYS, st.integers(0, 4800)).map(lambda t: Span(min(t[:2]), max(t[:2]), t[2])), max_size=3
    ),
    booked=st.dictionaries(st.integers(0, 30).map(lambda k: MONDAY + dt.timedelta(weeks=k)), st.integers(0, 2400)),
)
def test_whoever_has_the_minutes_free_fits_into_every_week(
    weekly: int,
    asked: int,
    bounds: list[dt.date],
    since: dt.date | None,
    until: dt.date | None,
    exceptions: list[Span],
    booked: dict[dt.date, int],
) -> None:
    """``least_free`` (read by the engine) and ``demand`` against ``capacity`` (checked by the ledger) must agree."""
    first, last = bounds
    usual = UsualWeek(weekly, since, until)
    enough = least_free(usual, exceptions, booked, first, last) >= asked
    weeks = [MONDAY + dt.timedelta(weeks=k) for k in range(-1, 31)]
    fits = asked <= weekly and all(
        booked.get(week, 0) + demand(asked, week, first, last) <= capacity(usual, exceptions, week)
        for week in weeks
        if workdays_within(week, first, last)
    )
    assert enough == fits

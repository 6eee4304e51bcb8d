"""Weeks are ISO weeks and begin on Monday."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel import clock

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


def test_now_is_in_utc():
    assert clock.now().utcoffset() == dt.timedelta(0)


@given(DAYS)
def test_the_monday_of_a_day_is_at_most_six_days_before(day):
    monday = clock.monday_of(day)
    assert monday.isocalendar().weekday == 1
    assert 0 <= (day - monday).days <= 6


@given(DAYS, st.integers(0, 400))
def test_weeks_between_are_those_that_the_days_lie_in(first, days):
    last = first + dt.timedelta(days=days)
    lain_in = {clock.monday_of(first + dt.timedelta(days=k)) for k in range(days + 1)}
    assert clock.weeks_between(first, last) == sorted(lain_in)


def test_there_are_no_weeks_in_a_span_that_ends_before_it_begins():
    assert clock.weeks_between(dt.date(2027, 1, 11), dt.date(2027, 1, 4)) == []

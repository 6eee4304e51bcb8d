"""Free time by vectors is what ``profiles.capacity`` says, person by person and week by week."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.index.free_time import EARLIEST, LATEST, Spells, Usual, least_free, monday, spells_of
from profiles import capacity

DAY = dt.date(2027, 1, 4)
days = st.integers(-150, 150).map(lambda offset: DAY + dt.timedelta(days=offset))
minutes = st.integers(0, 4800)


@st.composite
def spans(draw: st.DrawFn) -> capacity.Span:
    starts = draw(days)
    return capacity.Span(starts, starts + dt.timedelta(days=draw(st.integers(0, 120))), draw(minutes))


@st.composite
def people(draw: st.DrawFn) -> tuple[capacity.UsualWeek, list[capacity.Span], dict[dt.date, int]]:
    usual = capacity.UsualWeek(draw(minutes), draw(st.none() | days), draw(st.none() | days))
    booked = draw(st.dictionaries(days.map(lambda day: day - dt.timedelta(days=day.weekday())), minutes, max_size=6))
    return usual, draw(st.lists(spans(), max_size=4)), booked


@given(st.lists(people(), max_size=5), days, st.integers(0, 250))
@settings(max_examples=400, deadline=None)
def test_everybody_has_as_much_free_time_as_capacity_says(
    market: list[tuple[capacity.UsualWeek, list[capacity.Span], dict[dt.date, int]]], first: dt.date, length: int
) -> None:
    last = first + dt.timedelta(days=length)
    rows = []
    for row, (usual, exceptions, booked) in enumerate(market):
        if exceptions or booked:
            told = spells_of(usual, exceptions, {week.toordinal(): taken for week, taken in booked.items()})
            rows += [(row, *spell) for spell in told or [(0, 0, 0)]]
    spells = Spells(*np.array(rows, np.int32).reshape(-1, 4).T)
    touched = np.zeros(len(market), bool)
    touched[spells.person] = True
    usuals = Usual(
        np.array([usual.weekly_minutes for usual, _, _ in market], np.uint16),
        np.array([usual.available_from.toordinal() if usual.available_from else 0 for usual, _, _ in market], np.int32),
        np.array(
            [usual.available_until.toordinal() if usual.available_until else 0 for usual, _, _ in market], np.int32
        ),
    )
    found = least_free(usuals, spells, touched, first.toordinal(), last.toordinal())
    assert found.tolist() == [
        capacity.least_free(usual, exceptions, booked, first, last) for usual, exceptions, booked in market
    ]


def test_a_leave_of_a_year_is_three_spells() -> None:
    usual = capacity.UsualWeek(2400, None, None)
    leave = capacity.Span(dt.date(2027, 1, 6), dt.date(2027, 12, 30), 0)
    told = spells_of(usual, [leave], {})
    assert told == [
        (dt.date(2027, 1, 4).toordinal(), dt.date(2027, 1, 4).toordinal(), 960),
        (dt.date(2027, 1, 11).toordinal(), dt.date(2027, 12, 20).toordinal(), 0),
        (dt.date(2027, 12, 27).toordinal(), dt.date(2027, 12, 27).toordinal(), 480),
    ]


def test_an_exception_without_end_is_told_up_to_the_last_week_that_counts() -> None:
    """The calendar ends with the year 9999, and nothing may step over it."""
    usual = capacity.UsualWeek(2400, None, None)
    forever = capacity.Span(dt.date.min, dt.date.max, 600)
    assert spells_of(usual, [forever], {}) == [(EARLIEST, LATEST, 600)]


def test_hours_above_the_usual_make_nobody_freer_than_their_usual_week() -> None:
    usual = capacity.UsualWeek(1200, None, None)
    assert spells_of(usual, [capacity.Span(DAY, DAY, 4800)], {}) == []


def test_weeks_begin_on_mondays() -> None:
    assert dt.date.fromordinal(EARLIEST).weekday() == 0
    assert dt.date.fromordinal(LATEST).weekday() == 0
    assert monday(DAY.toordinal() + 6) == DAY.toordinal()

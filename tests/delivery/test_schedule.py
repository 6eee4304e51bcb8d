"""Quiet hours and digests, by the clocks of the place, on the days they change too."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.delivery.schedule import Hours, email_due

ZONES = ("America/Mexico_City", "America/New_York", "America/Tijuana", "America/Phoenix", "Asia/Kolkata")
NIGHT = Hours("America/New_York", 21 * 60, 8 * 60, 8 * 60)


def local(*numbers: int, zone: str = "America/New_York") -> dt.datetime:
    return dt.datetime(*numbers, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("at", "quiet"),
    [((20, 59), False), ((21, 0), True), ((23, 59), True), ((0, 0), True), ((7, 59), True), ((8, 0), False)],
)
def test_the_first_minute_is_quiet_and_the_end_is_not(at, quiet):
    assert NIGHT.is_quiet(local(2026, 6, 1, *at)) is quiet


def test_quiet_hours_within_one_day():
    siesta = Hours("America/New_York", 13 * 60, 15 * 60, 0)
    assert siesta.after_quiet(local(2026, 6, 1, 14)) == local(2026, 6, 1, 15)
    assert siesta.after_quiet(local(2026, 6, 1, 12)) == local(2026, 6, 1, 12)


def test_equal_ends_mean_no_quiet_hours():
    assert not Hours("UTC", 600, 600, 0).is_quiet(local(2026, 6, 1, 10, zone="UTC"))


def test_the_night_on_which_clocks_go_forward_is_an_hour_shorter():
    asleep = local(2026, 3, 7, 22)
    assert NIGHT.after_quiet(asleep) == local(2026, 3, 8, 8)
    assert NIGHT.after_quiet(asleep) - asleep == dt.timedelta(hours=9)


def test_a_time_that_clocks_skip_comes_right_after_the_gap():
    early = Hours("America/New_York", 22 * 60, 150, 150)  # until 02:30, which 8 March 2026 does not have
    assert early.after_quiet(local(2026, 3, 8, 1)) == local(2026, 3, 8, 3, 30)


@given(
    moment=st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2028, 1, 1), timezones=st.just(dt.UTC)),
    zone=st.sampled_from(ZONES),
    quiet_from=st.integers(0, 1439),
    quiet_until=st.integers(0, 1439),
    digest_at=st.integers(0, 1439),
    cadence=st.sampled_from(["immediate", "digest"]),
    urgent_in=st.none() | st.integers(1, 3 * 1440),
)
def test_an_e_mail_is_never_due_in_quiet_hours_unless_it_would_come_too_late(
    moment, zone, quiet_from, quiet_until, digest_at, cadence, urgent_in
):
    hours = Hours(zone, quiet_from, quiet_until, digest_at)
    urgent = moment + dt.timedelta(minutes=urgent_in) if urgent_in else None
    due = email_due(hours=hours, cadence=cadence, now=moment, urgent_until=urgent)
    assert moment <= due <= moment + dt.timedelta(days=3)
    if urgent is not None:
        assert due < urgent
    if hours.is_quiet(due):
        # In autumn the hour in which quiet ends comes twice, and the second time is quiet again.
        fold = due.astimezone(ZoneInfo(zone)).fold == 1
        assert fold or (due == moment and urgent is not None and hours.after_quiet(moment) >= urgent)


def test_off_is_never():
    assert email_due(hours=NIGHT, cadence="off", now=local(2026, 6, 1, 12), urgent_until=local(2026, 6, 1, 13)) is None

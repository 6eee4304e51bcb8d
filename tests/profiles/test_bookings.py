"""The capacity ledger: hours are held for all or for none, given back whole, and never promised twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from profiles import selectors
from profiles.models import AvailabilityException, Booking, PersonWeek, Professional
from profiles.services import bookings
from tests.factories import profiles

pytestmark = pytest.mark.django_db

MONDAY = clock.monday_of(clock.today()) + dt.timedelta(weeks=4)
END = MONDAY + dt.timedelta(weeks=3, days=4)


def reservation(person: Professional, minutes: int = 1200, start: dt.date = MONDAY) -> bookings.Reservation:
    return bookings.Reservation(person.pk, uuid.uuid4(), start, END, minutes)


def booked(person: Professional) -> list[int]:
    return list(PersonWeek.objects.filter(professional=person).order_by("week").values_list("booked", flat=True))


def test_a_reservation_opens_and_fills_each_week_of_its_span() -> None:
    person = profiles.professional()
    with transaction.atomic():
        bookings.reserve([reservation(person)])
    assert booked(person) == [1200] * 4
    assert Booking.objects.get().status == "held"


def test_a_part_time_person_can_take_a_second_engagement_up_to_the_capacity() -> None:
    person = profiles.professional()
    with transaction.atomic():
        bookings.reserve([reservation(person), reservation(person)])
    with pytest.raises(Conflict) as refusal, transaction.atomic():
        bookings.reserve([reservation(person, 60)])
    assert refusal.value.code == "people_not_free"
    assert refusal.value.data["people"] == [person.public_id]
    assert booked(person) == [2400] * 4


def test_when_one_person_is_full_nobody_of_the_cell_is_booked() -> None:
    busy, free = profiles.professional(), profiles.professional()
    with transaction.atomic():
        bookings.reserve([reservation(busy, 2400)])
    with pytest.raises(Conflict), transaction.atomic():
        bookings.reserve([reservation(free), reservation(busy)])
    assert not booked(free)
    assert Booking.objects.count() == 1


def test_somebody_who_is_no_longer_active_cannot_be_booked() -> None:
    person = profiles.professional(status="paused")
    with pytest.raises(Conflict), transaction.atomic():
        bookings.reserve([reservation(person)])
    assert not Booking.objects.exists()


def test_a_leave_makes_its_weeks_unbookable() -> None:
    person = profiles.professional()
    AvailabilityException.objects.create(
        professional=person, starts_on=MONDAY + dt.timedelta(weeks=1), ends_on=MONDAY + dt.timedelta(weeks=1, days=6)
    )
    with pytest.raises(Conflict) as refusal, transaction.atomic():
        bookings.reserve([reservation(person)])
    assert refusal.value.data["weeks"] == [(MONDAY + dt.timedelta(weeks=1)).isoformat()]


def test_a_release_gives_everything_back() -> None:
    person = profiles.professional()
    held = reservation(person)
    with transaction.atomic():
        bookings.reserve([held])
    with transaction.atomic():
        assert bookings.release(placement_ids=[held.placement_id]) == 1
    with transaction.atomic():
        assert bookings.release(placement_ids=[held.placement_id]) == 0
    assert booked(person) == [0] * 4
    assert Booking.objects.get().status == "released"


def test_a_release_in_the_middle_keeps_the_days_before() -> None:
    person = profiles.professional()
    held = reservation(person)
    with transaction.atomic():
        bookings.reserve([held])
        bookings.confirm(placement_ids=[held.placement_id])
    with transaction.atomic():
        bookings.release(placement_ids=[held.placement_id], from_day=MONDAY + dt.timedelta(weeks=1, days=2))
    assert booked(person) == [1200, 480, 0, 0]
    assert Booking.objects.get().ends_on == MONDAY + dt.timedelta(weeks=1, days=1)


def test_fewer_hours_than_are_promised_are_refused() -> None:
    person = profiles.professional()
    promised = reservation(person)
    with transaction.atomic():
        bookings.reserve([promised])
        bookings.confirm(placement_ids=[promised.placement_id])

    @transaction.atomic
    def work_less() -> None:
        person.weekly_minutes = 600
        person.touch("weekly_minutes")
        bookings.recompute_capacity(professional=person)

    with pytest.raises(Conflict) as refusal:
        work_less()
    assert refusal.value.code == "capacity_below_bookings"
    person.refresh_from_db()
    assert person.weekly_minutes == 2400


def test_more_hours_reach_the_ledger() -> None:
    person = profiles.professional()
    with transaction.atomic():
        bookings.reserve([reservation(person)])
        person.weekly_minutes = 3000
        person.touch("weekly_minutes")
        bookings.recompute_capacity(professional=person)
    assert set(PersonWeek.objects.values_list("capacity", flat=True)) == {3000}


@pytest.mark.parametrize(("capacity", "promised"), [(2400, 2401), (0, 1)])
def test_the_database_itself_refuses_an_overbooked_week(capacity: int, promised: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonWeek.objects.create(professional=profiles.professional(), week=MONDAY, capacity=capacity, booked=promised)


def test_a_week_of_the_ledger_is_named_by_its_monday() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonWeek.objects.create(
            professional=profiles.professional(), week=MONDAY + dt.timedelta(days=1), capacity=2400
        )


# -- holds with a deadline --------------------------------------------------------------------------------------------
def held(person: Professional, *, until: dt.timedelta, minutes: int = 2400) -> bookings.Reservation:
    """Hold all of a person's hours until so long from now, and return what was reserved."""
    made = reservation(person, minutes)
    with transaction.atomic():
        bookings.reserve([made], held_until=clock.now() + until)
    return made


PAST, FUTURE = -dt.timedelta(seconds=1), dt.timedelta(hours=1)


def test_a_hold_past_its_deadline_gives_way_to_the_next_reservation_without_any_sweep() -> None:
    person = profiles.professional()
    late = held(person, until=PAST)
    fresh = held(person, until=FUTURE)
    assert booked(person) == [2400] * 4
    states = dict(Booking.objects.values_list("placement_id", "status"))
    assert states == {late.placement_id: "released", fresh.placement_id: "held"}


def test_a_hold_before_its_deadline_does_not_give_way() -> None:
    person = profiles.professional()
    held(person, until=FUTURE)
    with pytest.raises(Conflict) as refusal, transaction.atomic():
        bookings.reserve([reservation(person, 60)])
    assert refusal.value.code == "people_not_free"


@pytest.mark.parametrize("step", [bookings.confirm, lambda **of: bookings.extend(**of, until=clock.now() + FUTURE)])
@pytest.mark.parametrize("how", ["lapsed", "released", "never"])
def test_only_a_hold_that_stands_is_confirmed_or_lengthened(step: Callable[..., None], how: str) -> None:
    person = profiles.professional()
    good, bad = held(person, until=FUTURE, minutes=600), held(person, until=FUTURE, minutes=600)
    if how == "released":
        with transaction.atomic():
            bookings.release(placement_ids=[bad.placement_id])
    elif how == "lapsed":
        Booking.objects.filter(placement_id=bad.placement_id).update(held_until=clock.now())
    else:
        bad = reservation(person)
    with pytest.raises(Conflict) as refusal, transaction.atomic():
        step(placement_ids=[good.placement_id, bad.placement_id])
    assert refusal.value.code == "hold_lapsed"
    assert Booking.objects.get(placement_id=good.placement_id).status == "held"
    with transaction.atomic():
        step(placement_ids=[good.placement_id])


def test_what_was_only_held_is_given_back_whole_even_when_its_first_days_have_passed() -> None:
    person = profiles.professional()
    made = held(person, until=FUTURE)
    with transaction.atomic():
        bookings.release(placement_ids=[made.placement_id], from_day=MONDAY + dt.timedelta(weeks=1))
    assert booked(person) == [0] * 4


def test_a_placement_may_have_several_spans_and_gives_them_back_together() -> None:
    person, placement = profiles.professional(), uuid.uuid4()
    parts = [(MONDAY, MONDAY + dt.timedelta(days=11), 2400), (MONDAY + dt.timedelta(weeks=2), END, 1200)]
    with transaction.atomic():
        bookings.reserve([bookings.Reservation(person.pk, placement, *part) for part in parts])
        bookings.confirm(placement_ids=[placement])
    assert booked(person) == [2400, 2400, 1200, 1200]
    with transaction.atomic():
        assert bookings.release(placement_ids=[placement], from_day=MONDAY + dt.timedelta(weeks=1)) == 2
    assert booked(person) == [2400, 0, 0, 0]


def test_fewer_hours_give_up_what_is_only_held_and_keep_what_is_firm() -> None:
    person = profiles.professional()
    firm = held(person, until=FUTURE, minutes=600)
    with transaction.atomic():
        bookings.confirm(placement_ids=[firm.placement_id])
    asked = held(person, until=FUTURE, minutes=1200)
    with transaction.atomic():
        person.weekly_minutes = 900
        person.touch("weekly_minutes")
        bookings.recompute_capacity(professional=person)
    assert booked(person) == [600] * 4
    assert Booking.objects.get(placement_id=asked.placement_id).status == "released"


def test_whoever_reads_the_market_takes_a_lapsed_hold_for_free() -> None:
    person = profiles.professional()
    held(person, until=PAST, minutes=1200)

    def free() -> int:
        return next(row.free_minutes for row in selectors.candidates(MONDAY, END) if row.id == person.pk)

    assert booked(person) == [1200] * 4
    assert free() == 2400
    assert [bookings.release_lapsed(), bookings.release_lapsed()] == [1, 0]
    assert booked(person) == [0] * 4
    assert free() == 2400


def test_only_a_hold_has_a_deadline() -> None:
    person = profiles.professional()
    made = held(person, until=FUTURE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(placement_id=made.placement_id).update(status="confirmed")

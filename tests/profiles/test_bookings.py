"""The capacity ledger: hours are held for all or for none, given back whole, and never promised twice."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
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

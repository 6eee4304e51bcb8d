"""The capacity ledger: the one place where somebody's hours are promised and given back.

Locks are taken in one order everywhere: project, proposal, people by id, weeks by (person, week). Ledger rows are
opened when first needed, under the lock of their person, so a market of any size pays only for weeks that are booked.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict
from profiles import capacity
from profiles.models import AvailabilityException, Booking, PersonWeek, Professional
from profiles.states import BookingStatus, ProfessionalStatus

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Reservation:
    """``weekly_minutes`` of a person in every week of ``starts_on``..``ends_on``, for one placement."""

    professional_id: uuid.UUID
    placement_id: uuid.UUID
    starts_on: dt.date
    ends_on: dt.date
    weekly_minutes: int


def _locked(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    # NO KEY: opening a ledger row takes a key-share lock on its person, which must not wait for us.
    return rows.select_for_update(no_key=True)


def lock_people(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Professional]:
    """Lock people in the order of their ids and return them."""
    rows = _locked(Professional.objects.filter(pk__in=set(ids)).order_by("pk"))
    return {row.pk: row for row in rows}


def usual_week(person: Professional) -> capacity.UsualWeek:
    return capacity.UsualWeek(person.weekly_minutes, person.available_from, person.available_until)


def _exceptions(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[capacity.Span]]:
    spans: dict[uuid.UUID, list[capacity.Span]] = defaultdict(list)
    for row in AvailabilityException.objects.filter(professional_id__in=set(ids)):
        spans[row.professional_id].append(capacity.Span(row.starts_on, row.ends_on, row.weekly_minutes))
    return spans


def _open_weeks(people: dict[uuid.UUID, Professional], weeks: dict[uuid.UUID, set[dt.date]]) -> None:
    """Insert the missing ledger rows of locked people."""
    wanted = {(person, week) for person, mondays in weeks.items() for week in mondays}
    known = set(
        PersonWeek.objects.filter(professional_id__in=weeks, week__in={week for _person, week in wanted}).values_list(
            "professional_id", "week"
        )
    )
    spans = _exceptions(weeks)
    PersonWeek.objects.bulk_create(
        [
            PersonWeek(
                professional_id=person,
                week=week,
                capacity=capacity.capacity(usual_week(people[person]), spans[person], week),
            )
            for person, week in sorted(wanted - known)
        ],
        ignore_conflicts=True,
    )


def _lock_weeks(weeks: dict[uuid.UUID, set[dt.date]]) -> dict[tuple[uuid.UUID, dt.date], PersonWeek]:
    mondays = {week for each in weeks.values() for week in each}
    rows = _locked(
        PersonWeek.objects.filter(professional_id__in=weeks, week__in=mondays).order_by("professional_id", "week")
    )
    return {(row.professional_id, row.week): row for row in rows}


def reserve(reservations: Sequence[Reservation]) -> list[Booking]:
    """Hold the hours of all reservations or of none, within the caller's transaction.

    Raises Conflict ``people_not_free`` naming the people and weeks that do not fit, or whoever is no longer active.
    """
    _require_transaction()
    people = lock_people(r.professional_id for r in reservations)
    gone = [r.professional_id for r in reservations if people[r.professional_id].status != ProfessionalStatus.ACTIVE]
    asked: dict[tuple[uuid.UUID, dt.date], int] = defaultdict(int)
    for r in reservations:
        for week in clock.weeks_between(r.starts_on, r.ends_on):
            asked[r.professional_id, week] += capacity.demand(r.weekly_minutes, week, r.starts_on, r.ends_on)
    weeks: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for person, week in asked:
        weeks[person].add(week)
    _open_weeks(people, weeks)
    ledger = _lock_weeks(weeks)
    full = [key for key, minutes in asked.items() if ledger[key].booked + minutes > ledger[key].capacity]
    if gone or full:
        taken = sorted({people[person].public_id for person, _week in full} | {people[p].public_id for p in gone})
        raise Conflict(
            "people_not_free",
            _("Some of these people are no longer free for these weeks."),
            data={"people": taken, "weeks": sorted({week.isoformat() for _person, week in full})[:8]},
        )
    for key, minutes in asked.items():
        ledger[key].booked += minutes
    PersonWeek.objects.bulk_update([ledger[key] for key in asked], ["booked"], batch_size=500)
    return Booking.objects.bulk_create(
        [
            Booking(
                professional_id=r.professional_id,
                placement_id=r.placement_id,
                starts_on=r.starts_on,
                ends_on=r.ends_on,
                weekly_minutes=r.weekly_minutes,
            )
            for r in reservations
        ]
    )


def confirm(*, placement_ids: Iterable[uuid.UUID]) -> None:
    """Turn holds into confirmed bookings, within the caller's transaction. Raises IllegalTransition."""
    _require_transaction()
    for booking in _locked(Booking.objects.filter(placement_id__in=set(placement_ids)).order_by("pk")):
        states.move(booking, BookingStatus.CONFIRMED)
        booking.touch("status")


def release(*, placement_ids: Iterable[uuid.UUID], from_day: dt.date | None = None) -> int:
    """Give back the hours of placements from ``from_day`` on (all of them by default); return how many were released.

    Takes the same locks in the same order as ``reserve``. A booking that began earlier keeps the days before.
    """
    _require_transaction()
    wanted = set(placement_ids)
    owners = Booking.objects.filter(placement_id__in=wanted).values_list("professional_id", flat=True)
    lock_people(owners)
    bookings = list(
        _locked(
            Booking.objects.filter(placement_id__in=wanted)
            .exclude(status=BookingStatus.RELEASED)
            .order_by("professional_id", "pk")
        )
    )
    weeks: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for booking in bookings:
        weeks[booking.professional_id].update(clock.weeks_between(booking.starts_on, booking.ends_on))
    ledger = _lock_weeks(weeks)
    for booking in bookings:
        kept_until = min(booking.ends_on, from_day - dt.timedelta(days=1)) if from_day else None
        for week in clock.weeks_between(booking.starts_on, booking.ends_on):
            before = capacity.demand(booking.weekly_minutes, week, booking.starts_on, booking.ends_on)
            after = (
                capacity.demand(booking.weekly_minutes, week, booking.starts_on, kept_until)
                if kept_until and kept_until >= booking.starts_on
                else 0
            )
            ledger[booking.professional_id, week].booked -= before - after
        if kept_until and kept_until >= booking.starts_on:
            booking.ends_on = kept_until
            booking.touch("ends_on")
        else:
            states.move(booking, BookingStatus.RELEASED)
            booking.touch("status")
    PersonWeek.objects.bulk_update(ledger.values(), ["booked"], batch_size=500)
    return len(bookings)


def recompute_capacity(*, professional: Professional) -> None:
    """Bring the ledger in line with a changed week, within the caller's transaction that changed it.

    Raises Conflict ``capacity_below_bookings`` when the new hours are fewer than what is already promised.
    """
    _require_transaction()
    people = lock_people([professional.pk])
    spans = _exceptions([professional.pk])[professional.pk]
    rows = list(_locked(PersonWeek.objects.filter(professional=professional, week__gte=clock.monday_of(clock.today()))))
    short = []
    for row in rows:
        row.capacity = capacity.capacity(usual_week(people[professional.pk]), spans, row.week)
        if row.capacity < row.booked:
            short.append(row.week.isoformat())
    if short:
        raise Conflict(
            "capacity_below_bookings",
            _("These weeks are already promised to an engagement; end or change it first."),
            data={"weeks": sorted(short)[:8]},
        )
    PersonWeek.objects.bulk_update(rows, ["capacity"], batch_size=500)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("bookings belong to the transaction of what they are for")

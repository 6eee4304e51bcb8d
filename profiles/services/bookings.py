"""The capacity ledger: the one place where somebody's hours are promised and given back.

Locks are taken in one order everywhere: project, proposal, people by id, weeks by (person, week). Ledger rows are
opened when first needed, under the lock of their person, so a market of any size pays only for weeks that are booked.

A hold counts until its deadline, whether or not anybody has swept: whoever reserves, lengthens, confirms or changes
capacity first gives back, under the same locks, what has lapsed of the people concerned.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.kernel import clock, events, states
from marketplace.kernel.errors import Conflict
from profiles import capacity
from profiles.events import HoldBroken
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


def reserve(
    reservations: Sequence[Reservation], *, held_until: dt.datetime | None = None, placed: bool = False
) -> list[Booking]:
    """Hold the hours of all reservations or of none, within the caller's transaction.

    Without ``held_until`` the holds stand until they are confirmed or released. Whoever is ``placed`` already may have
    paused their profile since. Raises Conflict ``people_not_free`` naming the people and weeks that do not fit, or
    whoever is no longer active.
    """
    _require_transaction()
    people = lock_people(r.professional_id for r in reservations)
    release_lapsed_of(people)
    bookable = {ProfessionalStatus.ACTIVE, ProfessionalStatus.PAUSED} if placed else {ProfessionalStatus.ACTIVE}
    gone = [r.professional_id for r in reservations if people[r.professional_id].status not in bookable]
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
                held_until=held_until,
            )
            for r in reservations
        ]
    )


def confirm(*, placement_ids: Iterable[uuid.UUID]) -> None:
    """Turn the holds of placements into confirmed bookings, within the caller's transaction.

    Raises Conflict ``hold_lapsed`` when one of them is no longer held; nothing is confirmed then.
    """
    for booking in _standing_holds(placement_ids):
        states.move(booking, BookingStatus.CONFIRMED)
        booking.held_until = None
        booking.touch("status", "held_until")


def extend(*, placement_ids: Iterable[uuid.UUID], until: dt.datetime) -> None:
    """Hold the hours of placements until ``until``, within the caller's transaction. Raises as ``confirm``."""
    for booking in _standing_holds(placement_ids):
        booking.held_until = until
        booking.touch("held_until")


def _standing_holds(placement_ids: Iterable[uuid.UUID]) -> list[Booking]:
    """Lock the people of these placements and return their holds, one at least for each placement."""
    _require_transaction()
    wanted = set(placement_ids)
    lock_people(Booking.objects.filter(placement_id__in=wanted).values_list("professional_id", flat=True))
    rows = list(_locked(Booking.objects.filter(placement_id__in=wanted).order_by("professional_id", "pk")))
    holds = [row for row in rows if row.status == BookingStatus.HELD]
    now = clock.now()
    if {row.placement_id for row in holds} != wanted or any(row.held_until and row.held_until <= now for row in holds):
        raise Conflict("hold_lapsed", _("The time for which these hours were held is over."))
    return holds


def release(*, placement_ids: Iterable[uuid.UUID], from_day: dt.date | None = None) -> int:
    """Give back the hours of placements from ``from_day`` on (all of them by default); return how many were released.

    Takes the same locks in the same order as ``reserve``. A confirmed booking that began earlier keeps the days
    before; what was only held is given back whole.
    """
    _require_transaction()
    wanted = set(placement_ids)
    lock_people(Booking.objects.filter(placement_id__in=wanted).values_list("professional_id", flat=True))
    return _give_back(Booking.objects.filter(placement_id__in=wanted), from_day)


def release_lapsed() -> int:
    """Give back every hold whose deadline has passed, person by person; return how many.

    Readers of the market call it first, so that a hold past its deadline is free whether or not a sweep has run.
    Running it twice at once changes nothing.
    """
    owners = sorted(set(Booking.objects.lapsed().values_list("professional_id", flat=True)))
    released = 0
    for owner in owners:
        with transaction.atomic():
            released += release_lapsed_of(lock_people([owner]))
    return released


def release_lapsed_of(people: Collection[uuid.UUID]) -> int:
    """Give back what has lapsed of people whom the caller holds locked; return how many holds."""
    return _give_back(Booking.objects.lapsed().filter(professional_id__in=set(people)), None)


def _give_back(chosen: models.QuerySet[Booking], from_day: dt.date | None) -> int:
    """Release bookings of locked people from ``from_day`` on, in their rows and in the ledger."""
    bookings = list(_locked(chosen.exclude(status=BookingStatus.RELEASED).order_by("professional_id", "pk")))
    weeks: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for booking in bookings:
        weeks[booking.professional_id].update(clock.weeks_between(booking.starts_on, booking.ends_on))
    ledger = _lock_weeks(weeks)
    for booking in bookings:
        kept_until = min(booking.ends_on, from_day - dt.timedelta(days=1)) if from_day else None
        if kept_until is None or kept_until < booking.starts_on or booking.status == BookingStatus.HELD:
            kept_until = None
        for week in clock.weeks_between(booking.starts_on, booking.ends_on):
            before = capacity.demand(booking.weekly_minutes, week, booking.starts_on, booking.ends_on)
            after = capacity.demand(booking.weekly_minutes, week, booking.starts_on, kept_until) if kept_until else 0
            ledger[booking.professional_id, week].booked -= before - after
        if kept_until is None:
            states.move(booking, BookingStatus.RELEASED)
            booking.held_until = None
            booking.touch("status", "held_until")
        elif kept_until != booking.ends_on:
            booking.ends_on = kept_until
            booking.touch("ends_on")
    PersonWeek.objects.bulk_update(ledger.values(), ["booked"], batch_size=500)
    return len(bookings)


def recompute_capacity(*, professional: Professional) -> None:
    """Bring the ledger in line with a changed week, within the caller's transaction that changed it.

    Holds that the new hours no longer have room for are given up, and HoldBroken is announced: who was only asked may
    still choose. Raises Conflict ``capacity_below_bookings`` when the hours are fewer than what is firmly promised.
    """
    _require_transaction()
    people = lock_people([professional.pk])
    release_lapsed_of(people)
    usual = usual_week(people[professional.pk])
    spans = _exceptions([professional.pk])[professional.pk]
    rows = _coming_weeks(professional)
    short = [row.week for row in rows if capacity.capacity(usual, spans, row.week) < row.booked]
    if short and _give_back(_holds_touching(professional, short), None):
        events.announce(HoldBroken(professional_id=professional.pk))
        rows = _coming_weeks(professional)
    short = []
    for row in rows:
        row.capacity = capacity.capacity(usual, spans, row.week)
        if row.capacity < row.booked:
            short.append(row.week)
    if short:
        raise Conflict(
            "capacity_below_bookings",
            _("These weeks are already promised to an engagement; end or change it first."),
            data={"weeks": sorted(week.isoformat() for week in short)[:8]},
        )
    PersonWeek.objects.bulk_update(rows, ["capacity"], batch_size=500)


def _coming_weeks(professional: Professional) -> list[PersonWeek]:
    monday = clock.monday_of(clock.today())
    return list(_locked(PersonWeek.objects.filter(professional=professional, week__gte=monday).order_by("week")))


def _holds_touching(professional: Professional, weeks: Sequence[dt.date]) -> models.QuerySet[Booking]:
    """Return the holds of a person that ask for hours in one of these weeks (Mondays)."""
    touching = models.Q()
    for week in weeks:
        touching |= models.Q(starts_on__lt=week + dt.timedelta(days=capacity.WORKDAYS), ends_on__gte=week)
    return Booking.objects.filter(touching, professional=professional, status=BookingStatus.HELD)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("bookings belong to the transaction of what they are for")

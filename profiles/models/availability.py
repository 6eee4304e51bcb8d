"""Time belongs to the person: exceptions to the usual week, the capacity ledger, and bookings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from marketplace.kernel import clock
from marketplace.kernel.models import Record, one_of
from marketplace.kernel.states import Transitions
from profiles import states
from profiles.models.professional import Professional


class AvailabilityException(Record):
    """A span with another weekly capacity than usual: leave (0), or part-time."""

    prefix: ClassVar[str] = "avex"

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="availability_exceptions")
    starts_on = models.DateField()
    ends_on = models.DateField()
    weekly_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="availability_ends_after_start"),
            models.CheckConstraint(condition=Q(weekly_minutes__lte=4800), name="availability_week_has_an_end"),
        ]


class PersonWeek(models.Model):
    """The capacity ledger: one row per person and week (its Monday), in whole minutes.

    The CHECK is what keeps the same hours from being promised twice; a row that is missing cannot be booked.
    """

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="weeks")
    week = models.DateField()
    capacity = models.PositiveIntegerField()
    booked = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["professional", "week"], name="person_week_once"),
            models.CheckConstraint(condition=Q(booked__gte=0, booked__lte=F("capacity")), name="person_week_capacity"),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="person_week_is_a_monday"),
        ]
        indexes = [models.Index(fields=["week", "professional"], name="person_week_by_week")]


class BookingQuerySet(models.QuerySet["Booking"]):
    def live(self) -> BookingQuerySet:
        """Return what is promised now: neither released nor held past its deadline."""
        return self.exclude(status=states.BookingStatus.RELEASED).exclude(_lapsed())

    def lapsed(self) -> BookingQuerySet:
        """Return holds whose deadline has passed and that still stand in the ledger."""
        return self.filter(_lapsed())


def _lapsed() -> Q:
    return Q(status=states.BookingStatus.HELD, held_until__isnull=False, held_until__lte=clock.now())


class Booking(Record):
    """A span of somebody's weekly time, promised to a placement (an id of a higher floor), which may have several.

    A held one counts until ``held_until``, and without one until it is released.
    """

    prefix: ClassVar[str] = "book"

    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="bookings")
    placement_id = models.UUIDField(db_index=True)
    status = models.CharField(max_length=16, choices=states.BookingStatus.choices, default=states.BookingStatus.HELD)
    starts_on = models.DateField()
    ends_on = models.DateField()
    weekly_minutes = models.PositiveIntegerField()
    held_until = models.DateTimeField(null=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.BookingStatus.values, "booking_status_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="booking_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status="held") | Q(held_until__isnull=True), name="booking_deadline_while_held"
            ),
        ]
        indexes = [models.Index(fields=["held_until"], condition=Q(status="held"), name="booking_lapses")]

    @property
    def transitions(self) -> Transitions:
        return states.BOOKING

"""Exceptions to somebody's usual week: leave, or part-time for a while. What is promised stays possible."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel.errors import FieldError, Invalid, NotFound
from profiles.models import AvailabilityException, Professional
from profiles.services import bookings, professionals

LONGEST = dt.timedelta(days=731)
MOST_EXCEPTIONS = 100


@transaction.atomic
def add(
    *, professional: Professional, starts_on: dt.date, ends_on: dt.date, weekly_minutes: int, actor: Actor | None
) -> AvailabilityException:
    """Say that ``starts_on``..``ends_on``, both included, have another weekly capacity (0 is leave).

    Raises Invalid, and Conflict ``capacity_below_bookings`` when weeks are already promised beyond it.
    """
    row = professionals.locked(professional)
    errors = []
    if ends_on < starts_on:
        errors.append(FieldError("/ends_on", "ends_before_start", _("This is before the first day.")))
    elif ends_on - starts_on > LONGEST:
        errors.append(FieldError("/ends_on", "span_too_long", _("Give at most two years at once.")))
    if weekly_minutes > professionals.MOST_WEEKLY_MINUTES:
        errors.append(FieldError("/weekly_minutes", "unlikely_hours", _("A working week has at most 60 hours.")))
    if errors:
        raise Invalid.several(errors)
    if AvailabilityException.objects.filter(professional=row).count() >= MOST_EXCEPTIONS:
        raise Invalid(
            "too_many_exceptions", _("A profile has at most %(most)s exceptions.") % {"most": MOST_EXCEPTIONS}
        )
    exception = AvailabilityException.objects.create(
        professional=row, starts_on=starts_on, ends_on=ends_on, weekly_minutes=weekly_minutes
    )
    bookings.recompute_capacity(professional=row)
    row.touch()
    log.record(subject=row, action="availability.add", actor=actor, exception=exception.public_id)
    return exception


@transaction.atomic
def remove(*, professional: Professional, exception_id: uuid.UUID, actor: Actor | None) -> None:
    """Return to the usual week. Raises NotFound, and Conflict when the exception allowed more than the usual week."""
    row = professionals.locked(professional)
    exception = AvailabilityException.objects.filter(professional=row, pk=exception_id).first()
    if exception is None:
        raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
    log.record(subject=row, action="availability.remove", actor=actor, exception=exception.public_id)
    exception.delete()
    bookings.recompute_capacity(professional=row)
    row.touch()

"""The professional's own profile, and its way through review."""

from __future__ import annotations

import zoneinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.audit import log
from marketplace.kernel import clock, crypto, events, states
from marketplace.kernel.errors import Conflict, FieldError, Invalid, NotAllowed
from marketplace.kernel.money import Currency, Money
from marketplace.rest import etags
from profiles import completeness
from profiles.events import HoldBroken
from profiles.models import Booking, Professional
from profiles.services import bookings, exchange
from profiles.states import BookingStatus, ProfessionalStatus

SHORTEST_DAY, LONGEST_DAY = 120, 840
MOST_WEEKLY_MINUTES = 3600
HIGHEST_RATE = Decimal("99999.99")

_EDITABLE = frozenset(
    {ProfessionalStatus.DRAFT, ProfessionalStatus.IN_REVIEW, ProfessionalStatus.ACTIVE, ProfessionalStatus.PAUSED}
)
_TIME = frozenset({"weekly_minutes", "available_from", "available_until"})


def locked(professional: Professional, *, version: int | None = None) -> Professional:
    """Return the row locked for change, within the caller's transaction.

    Raises PreconditionFailed unless it is still at ``version``, Conflict when the profile is closed.
    """
    row: Professional = Professional.objects.select_for_update(no_key=True).get(pk=professional.pk)
    if version is not None:
        etags.require(row, version)
    if row.status not in _EDITABLE:
        raise Conflict(
            "profile_closed", _("This profile is closed and cannot be changed."), data={"status": row.status}
        )
    return row


@transaction.atomic
def register(*, actor: Actor, **fields: Any) -> Professional:
    """Open the actor's own profile, in draft. ``fields`` as for ``update``.

    Raises NotAllowed for anybody but a professional, Conflict ``already_registered`` the second time, Invalid.
    """
    if actor.user is None or actor.role != Role.PROFESSIONAL:
        raise NotAllowed("not_allowed", _("Only professionals have a profile."))
    row = Professional(user=actor.user, contact_email=actor.user.email)
    _apply(row, fields)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("already_registered", _("You already have a profile.")) from error
    log.record(subject=row, action="professional.register", actor=actor)
    return row


@transaction.atomic
def update(*, professional: Professional, version: int | None, actor: Actor | None, **fields: Any) -> Professional:
    """Change columns of the profile; ``rate`` and ``rate_floor`` are Money, ``phone`` is clear text.

    Raises Invalid with every fault found, PreconditionFailed, and Conflict ``capacity_below_bookings`` when the new
    hours or dates are fewer than what is already promised.
    """
    row = locked(professional, version=version)
    changed = _apply(row, fields)
    row.touch(*changed)
    if _TIME & set(changed):
        bookings.recompute_capacity(professional=row)
    log.record(subject=row, action="professional.update", actor=actor, fields=sorted(changed))
    return row


@transaction.atomic
def submit(*, professional: Professional, actor: Actor | None) -> Professional:
    """Ask for review. Raises Invalid ``incomplete`` naming what is missing, IllegalTransition."""
    row = _moving(professional, ProfessionalStatus.IN_REVIEW)
    if faults := completeness.faults(row):
        raise Invalid.several(faults)
    return _moved(row, ProfessionalStatus.IN_REVIEW, "professional.submit", actor)


@transaction.atomic
def approve(*, professional: Professional, version: int | None, actor: Actor | None) -> Professional:
    """Let the person into the market, as they stood at ``version``. Raises IllegalTransition, PreconditionFailed."""
    row = _moving(professional, ProfessionalStatus.ACTIVE, only_from=ProfessionalStatus.IN_REVIEW, version=version)
    return _moved(row, ProfessionalStatus.ACTIVE, "professional.approve", actor, seen_version=row.version)


@transaction.atomic
def send_back(*, professional: Professional, reason: str, actor: Actor | None) -> Professional:
    """Return a profile to its owner with what is to be mended. Raises IllegalTransition."""
    row = _moving(professional, ProfessionalStatus.DRAFT)
    row.review_note = reason
    return _moved(row, ProfessionalStatus.DRAFT, "professional.send_back", actor, "review_note")


@transaction.atomic
def pause(*, professional: Professional, actor: Actor | None) -> Professional:
    """Take the person out of new matches; what is booked stays booked. Raises IllegalTransition.

    An invitation that waits for an answer does not stand in the way: HoldBroken is announced.
    """
    row = _moving(professional, ProfessionalStatus.PAUSED)
    _announce_broken_holds(row)
    return _moved(row, ProfessionalStatus.PAUSED, "professional.pause", actor)


@transaction.atomic
def resume(*, professional: Professional, actor: Actor | None) -> Professional:
    """Come back from a pause. Raises IllegalTransition."""
    row = _moving(professional, ProfessionalStatus.ACTIVE, only_from=ProfessionalStatus.PAUSED)
    return _moved(row, ProfessionalStatus.ACTIVE, "professional.resume", actor)


@transaction.atomic
def archive(*, professional: Professional, actor: Actor | None) -> Professional:
    """Close the profile for good. Raises Conflict ``has_bookings`` while hours are firmly promised, IllegalTransition.

    Hours that are only held do not stand in the way: HoldBroken is announced, and who asked for them gives them back.
    """
    row = _moving(professional, ProfessionalStatus.ARCHIVED)
    firm = Booking.objects.filter(professional=row, ends_on__gte=clock.today(), status=BookingStatus.CONFIRMED)
    if firm.exists():
        raise Conflict("has_bookings", _("Hours are still promised to an engagement; end or change it first."))
    _announce_broken_holds(row)
    return _moved(row, ProfessionalStatus.ARCHIVED, "professional.archive", actor)


@transaction.atomic
def block(*, professional: Professional, actor: Actor | None) -> Professional:
    """Take the person out of every use, as a data right demands. Raises IllegalTransition.

    Firm bookings stay until their engagement lets go of them; for hours only held HoldBroken is announced.
    """
    row = _moving(professional, ProfessionalStatus.BLOCKED)
    _announce_broken_holds(row)
    return _moved(row, ProfessionalStatus.BLOCKED, "professional.block", actor)


@transaction.atomic
def mark_erased(*, professional: Professional, actor: Actor | None) -> Professional:
    """End a blocked profile for good; what it holds is erased by the caller. Raises IllegalTransition."""
    row = _moving(professional, ProfessionalStatus.ERASED)
    return _moved(row, ProfessionalStatus.ERASED, "professional.erase", actor)


def _announce_broken_holds(row: Professional) -> None:
    if Booking.objects.live().filter(professional=row, status=BookingStatus.HELD).exists():
        events.announce(HoldBroken(professional_id=row.pk))


def phone(professional: Professional) -> str:
    """Return the telephone number in clear, empty without one."""
    blob = bytes(professional.phone_encrypted)
    return crypto.decrypt(blob, bound_to=f"{professional.public_id}/phone") if blob else ""


def _moving(
    professional: Professional, to: str, *, only_from: str | None = None, version: int | None = None
) -> Professional:
    """Return the locked row after checking the move; ``only_from`` tells apart moves with the same target."""
    row: Professional = Professional.objects.select_for_update(no_key=True).get(pk=professional.pk)
    if version is not None:
        etags.require(row, version)
    states.require(row, to, only_from=only_from)
    return row


def _moved(row: Professional, to: str, action: str, actor: Actor | None, *fields: str, **data: Any) -> Professional:
    source = row.status
    states.move(row, to)
    row.touch("status", *fields)
    log.record(subject=row, action=action, actor=actor, source=source, target=to, **data)
    return row


def _apply(row: Professional, fields: dict[str, Any]) -> list[str]:
    """Set ``fields`` on ``row`` and return the columns that changed. Raises Invalid with every fault."""
    given = dict(fields)
    values: dict[str, Any] = {}
    if "phone" in given:
        number = given.pop("phone")
        values["phone_encrypted"] = crypto.encrypt(number, bound_to=f"{row.public_id}/phone") if number else b""
    errors = _apply_rate(row, given.pop("rate", None), given.pop("rate_floor", None), values)
    values.update(given)
    for column, value in values.items():
        setattr(row, column, value)
    if row.main_function not in row.functions:
        row.functions = sorted({*row.functions, row.main_function})
        values["functions"] = row.functions
    errors += _faults(row)
    if errors:
        raise Invalid.several(errors)
    return sorted(values)


def _apply_rate(row: Professional, rate: Money | None, floor: Money | None, values: dict[str, Any]) -> list[FieldError]:
    if rate is not None:
        values |= {"rate_amount": rate.amount, "rate_currency": rate.currency}
        if floor is None and (rate.currency != row.rate_currency or not row.rate_amount):
            # A floor in another currency means nothing any more: nothing under the new rate until said otherwise.
            values["rate_floor"] = rate.amount
    if floor is not None:
        values["rate_floor"] = floor.amount
    currency = values.get("rate_currency", row.rate_currency)
    errors = []
    if floor is not None and floor.currency != currency:
        errors.append(
            FieldError("/rate_floor/currency", "currency_mismatch", _("The floor is in the currency of the rate."))
        )
    elif values.get("rate_floor", row.rate_floor) > values.get("rate_amount", row.rate_amount):
        errors.append(FieldError("/rate_floor", "floor_above_rate", _("The floor is not above the rate.")))
    if values.get("rate_amount", Decimal(0)) > HIGHEST_RATE:
        errors.append(FieldError("/rate/amount", "unlikely_rate", _("A rate is for one hour of work.")))
    if rate is not None and exchange.rate(currency, Currency.USD, clock.today()) is None:
        errors += exchange.missing(currency, Currency.USD, pointer="/rate/currency").errors
    return errors


@lru_cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _faults(row: Professional) -> list[FieldError]:
    errors = []
    if row.time_zone not in _zones():
        errors.append(FieldError("/time_zone", "unknown_zone", _("This is not an IANA time zone.")))
    if not SHORTEST_DAY <= row.work_ends - row.work_starts <= LONGEST_DAY:
        errors.append(
            FieldError(
                "/working_hours",
                "unlikely_hours",
                _("A working day ends after it starts and lasts from 2 to 14 hours."),
            )
        )
    if not 0 <= row.weekly_minutes <= MOST_WEEKLY_MINUTES:
        errors.append(FieldError("/weekly_minutes", "unlikely_hours", _("A working week has at most 60 hours.")))
    if row.available_from and row.available_until and row.available_until < row.available_from:
        errors.append(FieldError("/available_until", "ends_before_start", _("This is before the first day.")))
    return errors

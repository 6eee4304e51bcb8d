"""What a project must satisfy before it is written or published; every fault found is told at once."""

from __future__ import annotations

import calendar
import datetime as dt
import difflib
import zoneinfo
from collections.abc import Collection, Sequence
from functools import lru_cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.clients.models import Project
from marketplace.clients.specification import LanguageFloor, NeedSpecification, SeatSpecification
from marketplace.kernel.errors import FieldError
from profiles.levels import Activity, Cefr, Function, LanguageCode
from profiles.services import exchange

HORIZON_MONTHS = 24
SHORTEST_WEEK, LONGEST_WEEK = 60, 3600
HIGHEST_RATE = 100_000
CLIENT_FACING_FLOOR = Cefr.B2


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month ``months`` later, or that month's last day where there is no such day.

    Beyond the end of the calendar it is that end.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > dt.MAXYEAR:
        return dt.date.max
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache
def known_zones() -> frozenset[str]:
    """Return the names of the IANA time zones."""
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})


def schedule(project: Project, *, today: dt.date) -> list[FieldError]:
    """Return the faults of dates, hours, zone and size."""
    errors = []
    if project.ends_on <= project.starts_on:
        errors.append(FieldError("/ends_on", "ends_before_start", _("The end must be later than the start.")))
    if project.starts_on <= today:
        errors.append(FieldError("/starts_on", "in_the_past", _("The start must be later than today.")))
    if project.ends_on > months_later(today, HORIZON_MONTHS):
        errors.append(
            FieldError(
                "/ends_on",
                "too_far_ahead",
                _("The end must lie within %(months)s months from today.") % {"months": HORIZON_MONTHS},
            )
        )
    if project.time_zone not in known_zones():
        near = difflib.get_close_matches(project.time_zone, sorted(known_zones()), n=3, cutoff=0.6)
        errors.append(
            FieldError(
                "/time_zone",
                "unknown_time_zone",
                _("Use the name of an IANA time zone, such as America/New_York."),
                {"suggestions": near},
            )
        )
    if project.day_ends <= project.day_starts:
        errors.append(FieldError("/day_ends", "ends_before_start", _("The working day must end later than it starts.")))
    elif project.overlap_minutes > project.day_ends - project.day_starts:
        errors.append(
            FieldError(
                "/overlap_minutes",
                "longer_than_day",
                _("The working day has only %(minutes)s minutes.") % {"minutes": project.day_ends - project.day_starts},
            )
        )
    if project.size_least > project.size_most:
        errors.append(FieldError("/size_least", "least_above_most", _("The least must not be above the most.")))
    return errors


def seats(project: Project, wanted: Sequence[SeatSpecification], *, today: dt.date) -> list[FieldError]:
    """Return the faults of the seats, skills apart."""
    currencies = {seat.max_rate.currency for seat in wanted if seat.max_rate is not None}
    incomparable = {code for code in currencies if exchange.rate(code, project.currency, today) is None}
    errors = []
    for number, seat in enumerate(wanted):
        at = f"/seats/{number}"
        if seat.most < 1 or seat.least > seat.most:
            errors.append(
                FieldError(
                    f"{at}/least", "least_above_most", _("The least must not be above the most, which is 1 or more.")
                )
            )
        if not SHORTEST_WEEK <= seat.weekly_minutes <= LONGEST_WEEK:
            errors.append(
                FieldError(
                    f"{at}/weekly_minutes",
                    "out_of_range",
                    _("A seat takes from %(least)s to %(most)s minutes a week.")
                    % {"least": SHORTEST_WEEK, "most": LONGEST_WEEK},
                )
            )
        errors += _languages(at, seat)
        if seat.max_rate is not None and seat.max_rate.amount > HIGHEST_RATE:
            errors.append(
                FieldError(
                    f"{at}/max_rate/amount",
                    "out_of_range",
                    _("A rate per hour is at most %(most)s.") % {"most": HIGHEST_RATE},
                )
            )
        if seat.max_rate is not None and seat.max_rate.currency in incomparable:
            errors += exchange.missing(
                seat.max_rate.currency, project.currency, pointer=f"{at}/max_rate/currency"
            ).errors
    return errors


def _languages(at: str, seat: SeatSpecification) -> list[FieldError]:
    errors = []
    seen: set[tuple[str, str]] = set()
    for number, floor in enumerate(seat.languages):
        key = (floor.language, floor.activity)
        if key in seen:
            errors.append(
                FieldError(f"{at}/languages/{number}", "duplicate_language", _("This language floor is stated twice."))
            )
        seen.add(key)
        if seat.client_facing and _decides_facing(floor) and floor.level < CLIENT_FACING_FLOOR:
            errors.append(
                FieldError(
                    f"{at}/languages/{number}/level",
                    "below_client_facing_floor",
                    _("A seat that faces the client needs spoken English at %(level)s or above.")
                    % {"level": CLIENT_FACING_FLOOR.label},
                )
            )
    return errors


def _decides_facing(floor: LanguageFloor) -> bool:
    return floor.language == LanguageCode.ENGLISH and floor.activity == Activity.SPEAKING


def counts(
    project: Project, wanted: Sequence[SeatSpecification], needs: Sequence[NeedSpecification]
) -> list[FieldError]:
    """Return the faults of asking more people than the cell can have; a draft without seats is not judged yet."""
    most = project.size_most or sum(seat.most for seat in wanted)
    if not most:
        return []
    asked = [(f"/needs/{number}/count", need.count) for number, need in enumerate(needs)]
    asked += [("/bridges", project.bridges), ("/us_specialists", project.us_specialists)]
    return [
        FieldError(
            pointer,
            "more_than_seats",
            ngettext_lazy(
                "The cell has room for %(most)s person only.", "The cell has room for %(most)s people only.", "most"
            )
            % {"most": most},
        )
        for pointer, count in asked
        if count > most
    ]


def completeness(project: Project, seats: int, needs: int) -> list[FieldError]:
    """Return what is still missing before a project can be published."""
    errors = []
    if not seats and not project.size_most:
        errors.append(
            FieldError("/seats", "seats_missing", _("Add at least one seat, or say how many people the cell may have."))
        )
    if not needs:
        errors.append(FieldError("/needs", "needs_missing", _("Add at least one need of the whole cell.")))
    if project.monthly_cap <= 0:
        errors.append(FieldError("/monthly_cap/amount", "cap_not_positive", _("The monthly cap must be above zero.")))
    return errors


def warnings(functions: Collection[int]) -> list[FieldError]:
    """Return what does not forbid publishing but should be looked at: a function that no seat covers."""
    return [
        FieldError(
            "/seats",
            "function_not_covered",
            _("No seat covers this function: %(function)s.") % {"function": function.label},
            {"function": function.name.lower()},
        )
        for function in Function
        if functions and function not in functions
    ]

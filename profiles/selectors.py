"""Supply as matching reads it: whole columns, a fixed number of queries, opaque ids. No names, no identifiers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from marketplace.kernel.clock import monday_of, weeks_between
from profiles import capacity
from profiles.levels import Evidence
from profiles.models import (
    AvailabilityException,
    Booking,
    Certificate,
    Collaboration,
    LanguageProficiency,
    PersonWeek,
    Professional,
    SkillClaim,
)
from profiles.states import BookingStatus


@dataclass(frozen=True)
class Candidate:
    """One active professional as a cell is judged by. ``free_minutes`` holds in every week of the span."""

    id: uuid.UUID
    functions: tuple[int, ...]
    main_function: int
    seniority: int
    country: int
    route: int
    time_zone: str
    work_starts: int
    work_ends: int
    rate_amount: Decimal
    rate_currency: str
    available_from: dt.date | None
    free_minutes: int


@dataclass(frozen=True)
class Holding:
    """A claim or a certificate, as it stands for an engagement: certificates count as level 5 while they are valid."""

    professional_id: uuid.UUID
    skill_id: int
    level: int
    years: int
    evidence: int
    valid_through: dt.date | None


class Spoken(NamedTuple):
    """One language of one person: CEFR of ``listening, speaking, reading, writing``, and what stands behind it."""

    professional_id: uuid.UUID
    language: str
    levels: tuple[int, ...]
    evidence: int


def candidates(
    first: dt.date,
    last: dt.date,
    ids: Collection[uuid.UUID] | None = None,
    *,
    placements: Collection[uuid.UUID] | None = None,
) -> list[Candidate]:
    """Return active professionals by id, with the time they have free in every week of ``first``..``last``.

    With ``placements`` those of ``ids`` who are not active count as well, and hours booked for these placements as
    free: that is how an engagement sees its own people.
    """
    rows = (Professional.objects.active() if placements is None else Professional.objects.all()).order_by("pk")
    people: dict[str, object] = {}
    if ids is not None:
        rows, people = rows.filter(pk__in=ids), {"professional_id__in": ids}
    exceptions: dict[uuid.UUID, list[capacity.Span]] = defaultdict(list)
    for person, starts, ends, minutes in AvailabilityException.objects.filter(
        ends_on__gte=first, starts_on__lte=last, **people
    ).values_list("professional_id", "starts_on", "ends_on", "weekly_minutes"):
        exceptions[person].append(capacity.Span(starts, ends, minutes))
    booked: dict[uuid.UUID, dict[dt.date, int]] = defaultdict(dict)
    for person, week, minutes in PersonWeek.objects.filter(
        week__gte=monday_of(first), week__lte=last, booked__gt=0, **people
    ).values_list("professional_id", "week", "booked"):
        booked[person][week] = minutes
    _forget(booked, Booking.objects.lapsed().filter(**people), first, last)
    if placements:
        own = Booking.objects.filter(placement_id__in=placements).exclude(status=BookingStatus.RELEASED)
        _forget(booked, own.exclude(pk__in=Booking.objects.lapsed()), first, last)
    found = []
    for (
        key, functions, main, seniority, country, route, zone, starts, ends, amount, currency, since, until, weekly
    ) in rows.values_list(
        "pk", "functions", "main_function", "seniority", "country", "contract_route", "time_zone", "work_starts",
        "work_ends", "rate_amount", "rate_currency", "available_from", "available_until", "weekly_minutes",
    ).iterator(chunk_size=5000):  # fmt: skip
        usual = capacity.UsualWeek(weekly, since, until)
        untouched = (
            (since is None or since <= first)
            and (until is None or until >= last)
            and key not in exceptions
            and key not in booked
        )
        found.append(
            Candidate(
                id=key,
                functions=tuple(sorted({*functions, main})),
                main_function=main,
                seniority=seniority,
                country=country,
                route=route,
                time_zone=zone,
                work_starts=starts,
                work_ends=ends,
                rate_amount=amount,
                rate_currency=currency,
                available_from=since,
                free_minutes=weekly
                if untouched
                else capacity.least_free(usual, exceptions[key], booked[key], first, last),
            )
        )
    return found


def _forget(
    booked: dict[uuid.UUID, dict[dt.date, int]], bookings: QuerySet[Booking], first: dt.date, last: dt.date
) -> None:
    """Take bookings from ``booked``: what is held past its deadline is free, although nobody has written that down."""
    touching = bookings.filter(starts_on__lte=last, ends_on__gte=monday_of(first))
    for person, starts, ends, minutes in touching.values_list(
        "professional_id", "starts_on", "ends_on", "weekly_minutes"
    ):
        for week in weeks_between(starts, ends):
            if week in booked[person]:
                booked[person][week] -= capacity.demand(minutes, week, starts, ends)


def holdings(skills: Iterable[int], last: dt.date, ids: Collection[uuid.UUID] | None = None) -> list[Holding]:
    """Return who holds which of ``skills``, for an engagement that ends on ``last``.

    Evidence that expires earlier counts as self-declared; an expiring certificate carries its date.
    """
    wanted = list(skills)
    people: dict[str, object] = {"professional__status": "active"} if ids is None else {"professional_id__in": ids}
    found = [
        Holding(person, skill, level, years, _lasting(evidence, expires, last), None)
        for person, skill, level, years, evidence, expires in SkillClaim.objects.filter(skill_id__in=wanted, **people)
        .values_list("professional_id", "skill_id", "level", "years", "evidence", "evidence_expires_on")
        .iterator(chunk_size=10000)
    ]
    claimed = {(h.professional_id, h.skill_id) for h in found}
    found += [
        Holding(person, skill, 5, max(0, last.year - issued.year), evidence, expires)
        for person, skill, evidence, issued, expires in Certificate.objects.filter(
            skill_id__in=wanted, **people
        ).values_list("professional_id", "skill_id", "evidence", "issued_on", "expires_on")
        if (person, skill) not in claimed
    ]
    return found


def _lasting(evidence: int, expires: dt.date | None, last: dt.date) -> int:
    return int(Evidence.SELF_DECLARED) if expires is not None and expires < last else evidence


def languages(last: dt.date, ids: Collection[uuid.UUID] | None = None) -> Iterator[Spoken]:
    """Yield what is spoken, for an engagement that ends on ``last``; evidence is that of that day, as of holdings."""
    people: dict[str, object] = {"professional__status": "active"} if ids is None else {"professional_id__in": ids}
    rows = LanguageProficiency.objects.filter(**people).values_list(
        "professional_id", "language", "listening", "speaking", "reading", "writing", "evidence", "evidence_expires_on"
    )
    for person, language, *levels, evidence, expires in rows.iterator(chunk_size=10000):
        yield Spoken(person, language, tuple(levels), _lasting(evidence, expires, last))


def collaborations(ids: Collection[uuid.UUID] | None = None) -> list[tuple[uuid.UUID, uuid.UUID, int]]:
    """Return (first, second, times) of pairs who worked together, both of them active."""
    rows = Collaboration.objects.filter(first__status="active", second__status="active")
    if ids is not None:
        rows = rows.filter(first_id__in=ids, second_id__in=ids)
    return list(rows.values_list("first_id", "second_id", "times").iterator(chunk_size=10000))

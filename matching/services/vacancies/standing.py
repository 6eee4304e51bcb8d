"""What is left of an engagement: who stays on which terms, which seats are empty, and from which day on."""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from marketplace.clients.models import Engagement, Placement
from marketplace.clients.states import WORKING_ENGAGEMENT
from marketplace.kernel import clock
from matching import snapshots
from matching.models import Proposal
from matching.services import whatifs
from matching.terms import Terms
from profiles.models import Professional

NOTICE = dt.timedelta(days=4)  # time to answer, and a day to begin, where work is under way


@dataclass(frozen=True)
class Standing:
    """``terms`` are those of the accepted cell over the days that remain, every seat as many people as it had.

    ``placed`` are people who stay, ``vacant`` the placements to fill, ``former`` everybody who once had a seat here.
    """

    engagement: Engagement
    terms: Terms
    placed: tuple[Placement, ...]
    vacant: tuple[Placement, ...]
    former: frozenset[uuid.UUID]

    @property
    def starts_on(self) -> dt.date:
        """The first day on which somebody new may begin."""
        day: dt.date = self.terms.project.starts_on
        return day

    def seat(self, placement: Placement) -> int:
        """Where a placement's seat is in the problem."""
        at = self.terms.seat_at(placement.seat_id)
        assert at is not None
        return at

    def members(self) -> list[snapshots.Placed]:
        """The people who stay, with the terms that they were accepted on."""
        return [
            snapshots.Placed(
                person=row.professional_id,
                placement=row.pk,
                rate_cents=self._rate_cents(row),
                weekly_minutes=max(row.weekly_minutes, self.terms.seats[self.seat(row)].asked.weekly_minutes),
                overlap_minutes=row.overlap_minutes or 0,
            )
            for row in self.placed
        ]

    def _rate_cents(self, row: Placement) -> int:
        """The hourly rate at which the seat's hours cost what was accepted: exchange rates of today do not count."""
        seat = self.terms.seats[self.seat(row)].asked
        cents = int((row.monthly_cost * 72_000 / (52 * seat.weekly_minutes)).to_integral_value(ROUND_FLOOR))
        return cents if seat.max_rate is None else min(cents, int(seat.max_rate.amount * 100))

    def fingerprint(self) -> dict[str, Any]:
        """What an answer was composed for: it holds as long as this is the same."""
        return {
            "placed": sorted([str(row.pk), str(row.seat_id), row.weekly_minutes] for row in self.placed),
            "vacant": sorted(str(row.pk) for row in self.vacant),
            "ends_on": self.engagement.ends_on.isoformat(),
            "monthly_cost": str(self.engagement.monthly_cost),
        }


def of_engagement(engagement: Engagement) -> Standing:
    """Read how an engagement stands now."""
    rows = list(Placement.objects.filter(engagement=engagement).select_related("seat", "professional").order_by("pk"))
    vacant = list(Placement.objects.vacant().filter(engagement=engagement).select_related("seat").order_by("pk"))
    placed = [row for row in rows if row.status in _LIVE and row.vacant_from is None]
    proposal = Proposal.objects.select_related("project").get(pk=engagement.proposal_id)
    base = whatifs.terms_of(proposal, proposal.project)
    project = copy.copy(base.project)
    project.starts_on, project.ends_on = first_day(engagement, vacant), engagement.ends_on
    held = [row.seat_id for row in (*placed, *vacant)]
    seats = tuple(
        replace(seat, asked=replace(seat.asked, least=held.count(seat.id), most=held.count(seat.id)))
        for seat in base.seats
        if seat.id in held
    )
    former = frozenset(row.professional_id for row in rows)
    stay = {row.professional_id for row in placed}
    return Standing(
        engagement=engagement,
        terms=replace(base, project=project, seats=seats, pins=(), bans=tuple(sorted({*base.bans, *former} - stay))),
        placed=tuple(placed),
        vacant=tuple(vacant),
        former=former,
    )


_LIVE = ("held", "confirmed", "active")


def first_day(engagement: Engagement, vacant: Sequence[Placement]) -> dt.date:
    """Return the first day of whoever comes: not before the seat is free, with notice where work is under way."""
    empty = min((row.vacant_from for row in vacant if row.vacant_from), default=engagement.starts_on)
    notice = NOTICE if engagement.status in WORKING_ENGAGEMENT else dt.timedelta(0)
    day: dt.date = max(engagement.starts_on, empty, clock.today() + notice)
    weekend = max(0, 7 - day.weekday()) if day.weekday() > 4 else 0
    return day + dt.timedelta(days=weekend)


def people_of(refs: Sequence[int], taken: snapshots.Taken) -> dict[int, Professional]:
    """Return the people behind refs, in one query."""
    keys = {ref: taken.person(ref) for ref in refs}
    rows = Professional.objects.in_bulk(list(keys.values()))
    return {ref: rows[key] for ref, key in keys.items()}


def accepted_cost(engagement: Engagement) -> int:
    """Return what the client accepted to pay a month, in whole units."""
    return int(Decimal(engagement.monthly_cost).to_integral_value(ROUND_FLOOR))

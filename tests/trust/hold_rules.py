"""What must hold of seats, holds and hours at any moment, judged from the rows alone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter

from marketplace.clients.models import Engagement, Invitation, Placement
from marketplace.kernel import clock
from marketplace.kernel.clock import weeks_between
from profiles.capacity import demand
from profiles.models import Booking, PersonWeek

LIVE_SEAT = ("held", "confirmed", "active")


def broken_rules() -> list[str]:
    """Return every rule that the final state breaks; shares no code with the services but the week's arithmetic."""
    return [*_ledger(), *_holds(), *_seats()]


def load(*, live_only: bool = False) -> Counter[tuple[uuid.UUID, dt.date]]:
    """Return the minutes promised per person and week; ``live_only`` leaves out what is held past its deadline."""
    found: Counter[tuple[uuid.UUID, dt.date]] = Counter()
    now = clock.now()
    for booking in Booking.objects.exclude(status="released"):
        if live_only and booking.held_until is not None and booking.held_until <= now:
            continue
        for week in weeks_between(booking.starts_on, booking.ends_on):
            found[booking.professional_id, week] += demand(
                booking.weekly_minutes, week, booking.starts_on, booking.ends_on
            )
    return +found


def _ledger() -> list[str]:
    ledger = {(row.professional_id, row.week): row for row in PersonWeek.objects.all()}
    promised = load()
    found = [] if {k: r.booked for k, r in ledger.items() if r.booked} == dict(promised) else ["ledger and bookings"]
    return found + [f"overbooked {key}" for key, minutes in promised.items() if minutes > ledger[key].capacity]


def _holds() -> list[str]:
    found = []
    bookings: dict[uuid.UUID, list[Booking]] = {}
    for booking in Booking.objects.exclude(status="released"):
        bookings.setdefault(booking.placement_id, []).append(booking)
    for seat in Placement.objects.select_related("engagement"):
        mine = bookings.pop(seat.pk, [])
        if seat.status in LIVE_SEAT and not mine:
            found.append(f"a {seat.status} seat without hours")
        if seat.status not in LIVE_SEAT and any(booking.status == "held" for booking in mine):
            found.append(f"hours held for a seat that is {seat.status}")
        opened = seat.engagement.status != "confirming"
        for booking in mine:
            if opened and seat.status in {"confirmed", "active"} and booking.status != "confirmed":
                found.append("a yes in an open engagement whose hours are not firm")
            if not opened and (booking.status != "held" or booking.held_until != seat.engagement.confirm_by):
                found.append("hours in a confirming engagement that do not lapse with it")
    return found + ["hours of nobody's seat"] * len(bookings)


def _seats() -> list[str]:
    found = []
    for engagement in Engagement.objects.prefetch_related("placements__invitations"):
        seats = [seat for seat in engagement.placements.all() if seat.status in LIVE_SEAT]
        if engagement.status == "terminated" and seats:
            found.append("live seats in an engagement that is over")
        empty = any(seat.vacant_from and seat.replaced_by_id is None for seat in engagement.placements.all())
        complete = seats and not empty and all(seat.status == "confirmed" for seat in seats)
        if engagement.status == "confirming" and complete:
            found.append("everybody has said yes, and the engagement is not open")
    for invitation in Invitation.objects.select_related("placement"):
        expected = {
            "sent": {"held"},
            "accepted": {"confirmed", "active", "ended", "replaced"},
            "declined": {"ended"},
            "expired": {"ended"},
            "withdrawn": {"ended", "replaced"},
        }
        if invitation.placement.status not in expected[invitation.status]:
            found.append(f"{invitation.status} for a seat that is {invitation.placement.status}")
    return found

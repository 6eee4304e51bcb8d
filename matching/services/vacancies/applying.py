"""A decided replacement becomes placements, or nothing happens at all."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Engagement, Placement, Project, Seat
from marketplace.clients.services import locking, placements
from marketplace.delivery import outbox
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict
from matching import notices, snapshots, terms
from matching.models import Replacement
from matching.services.vacancies import standing
from matching.services.vacancies.standing import Standing
from matching.states import ReplacementStatus
from profiles.models import Professional

STALE = frozenset({"engagement_changed", "members_changed", "people_not_free", "already_replaced", "too_late"})


def locked(replacement_id: uuid.UUID) -> tuple[Replacement, Engagement]:
    """Lock project, replacement and engagement, in that order."""
    keys = Replacement.objects.values_list("engagement_id", "engagement__project_id").get(pk=replacement_id)
    Project.objects.select_for_update(no_key=True).get(pk=keys[1])
    row: Replacement = Replacement.objects.select_for_update().get(pk=replacement_id)
    return row, locking.engagement(keys[0])


def require_standing(row: Replacement, engagement: Engagement, option: dict[str, Any]) -> Standing:
    """Return how the engagement stands, if that is still what the replacement was composed for.

    Raises Conflict ``engagement_changed``, and ``members_changed`` when somebody who would come is another one now.
    """
    left = standing.of_engagement(engagement)
    if engagement.has_lapsed or left.fingerprint() != row.current:
        raise Conflict("engagement_changed", _("The engagement has changed since; a fresh replacement is looked for."))
    taken = snapshots.load(row)
    asked = terms.of_json(left.terms.project, row.terms or {})
    changed = snapshots.changed_members(asked, taken, option["joining"])
    if changed:
        raise Conflict(
            "members_changed",
            _("Somebody who would come has changed since; a fresh replacement is looked for."),
            data={"people": [Professional(pk=person).public_id for person in changed]},
        )
    return left


def apply(row: Replacement, engagement: Engagement, left: Standing, *, actor: Actor) -> list[Placement]:
    """Bring the newcomers of the chosen option in, within the caller's transaction, who holds all locks.

    Raises Conflict ``people_not_free``, ``too_late`` and what ``placements.install`` raises.
    """
    option = row.options[row.chosen]
    newcomers = _newcomers(option, engagement, left)
    made = placements.install(
        engagement=engagement, newcomers=newcomers, monthly_cost=Decimal(option["monthly_cost"]), actor=actor
    )
    states.move(row, ReplacementStatus.APPLIED)
    row.finished_at = clock.now()
    row.touch("status", "finished_at", "chosen", *_DECIDED)
    audit.record(
        subject=row,
        action="replacement.applied",
        actor=actor,
        engagement=engagement.public_id,
        placements=[placement.public_id for placement in made],
    )
    outbox.publish(
        kind="replacement.applied",
        subject=row,
        organization_id=engagement.organization_id,
        engagement=engagement.public_id,
        placements=[placement.public_id for placement in made],
    )
    notices.replacement("replacement.applied", row, engagement)
    return made


_DECIDED = (
    "asks_client", "approved_by", "approved_at", "reason_code", "comment", "client_decided_by", "client_decided_at",
)  # fmt: skip


def _newcomers(option: dict[str, Any], engagement: Engagement, left: Standing) -> list[placements.Newcomer]:
    rows = [member for member in option["members"] if member["placement"] is None]
    seats = Seat.objects.in_bulk([uuid.UUID(member["seat"]) for member in rows])
    people = Professional.objects.in_bulk([uuid.UUID(member["professional"]) for member in rows])
    old = {str(placement.pk): placement for placement in (*left.placed, *left.vacant)}
    earliest = standing.first_day(engagement, left.vacant)
    newcomers = []
    for member in rows:
        starts_on = max(dt.date.fromisoformat(member["starts_on"]), earliest)
        if starts_on > engagement.ends_on:
            raise Conflict("too_late", _("The engagement ends before anybody could begin."))
        newcomers.append(
            placements.Newcomer(
                seat=seats[uuid.UUID(member["seat"])],
                professional=people[uuid.UUID(member["professional"])],
                weekly_minutes=member["weekly_minutes"],
                rate_amount=Decimal(member["rate"]["amount"]),
                rate_currency=member["rate"]["currency"],
                monthly_cost=Decimal(member["monthly_cost"]),
                starts_on=starts_on,
                ends_on=engagement.ends_on,
                overlap_minutes=member["overlap_minutes"],
                replaces=old[member["replaces"]] if member["replaces"] else None,
            )
        )
    return newcomers

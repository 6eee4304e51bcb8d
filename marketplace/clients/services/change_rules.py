"""What new terms may be asked for: an extension, an earlier end, other hours, and until when they are answered."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.clients.models import ChangeKind, Engagement, EngagementChange, Party, Placement
from marketplace.clients.services import expiries, hours, parties
from marketplace.kernel import clock
from marketplace.kernel.errors import FieldError, Invalid, NotAllowed

ANSWER_WITHIN = dt.timedelta(days=5)
LONGEST = dt.timedelta(days=3 * 366)
LEAST_WEEKLY_MINUTES = 60
MOST_WEEKLY_MINUTES = 3600
# Parts of a week are fifths of it: hours in whole quarters divide without a rest.
STEP_MINUTES = 15
REASONS = ("scope", "budget", "schedule", "client_request", "professional_request", "other")

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """``ends_on`` for an extension or an earlier end; placement, first day and minutes for other hours."""

    kind: str
    reason_code: str
    ends_on: dt.date | None = None
    placement_id: uuid.UUID | None = None
    starts_on: dt.date | None = None
    weekly_minutes: int | None = None


def concerned(row: Engagement, members: list[Placement], asked: Asked, side: Party, actor: Actor) -> list[Placement]:
    """Return the placements whose people must agree. Raises Invalid with every fault, and NotAllowed."""
    if asked.reason_code not in REASONS:
        raise unknown_reason(REASONS)
    if asked.kind == ChangeKind.HOURS:
        return [_member_for_hours(row, members, asked, side, actor)]
    if side == Party.PROFESSIONAL:
        raise NotAllowed("not_yours_to_ask", _("You can ask for other hours of your own, or for leave."))
    ends_on = asked.ends_on
    fault: tuple[str, Any] | None = None
    if ends_on is None:
        fault = ("required", _("Say which day is to be the last."))
    elif asked.kind == ChangeKind.EXTENSION and ends_on <= max(row.ends_on, clock.today()):
        fault = ("not_later", _("An extension ends later than now agreed."))
    elif asked.kind == ChangeKind.EXTENSION and ends_on - row.starts_on > LONGEST:
        fault = ("span_too_long", _("An engagement lasts at most three years."))
    elif asked.kind == ChangeKind.EARLIER_END and not clock.today() < ends_on < row.ends_on:
        fault = ("not_earlier", _("An earlier end lies after today and before the end that is agreed now."))
    elif asked.kind == ChangeKind.EARLIER_END and any(ends_on < member.starts_on for member in members):
        fault = ("before_somebody_starts", _("Somebody would end before they start."))
    if fault:
        raise Invalid.field("/ends_on", *fault)
    return members


def _member_for_hours(row: Engagement, members: list[Placement], asked: Asked, side: Party, actor: Actor) -> Placement:
    placement = next((member for member in members if member.pk == asked.placement_id), None)
    if placement is None or (side == Party.PROFESSIONAL and not parties.is_own(actor, placement)):
        raise Invalid.field("/placement", "unknown_placement", _("This is not a member of the engagement."))
    errors = []
    minutes, first = asked.weekly_minutes, asked.starts_on
    if minutes is None or not LEAST_WEEKLY_MINUTES <= minutes <= MOST_WEEKLY_MINUTES or minutes % STEP_MINUTES:
        errors.append(
            FieldError("/weekly_minutes", "unlikely_hours", _("Give from 1 to 60 hours a week, in whole quarters."))
        )
    elif minutes == placement.weekly_minutes:
        errors.append(FieldError("/weekly_minutes", "no_change", _("These are the hours that are agreed now.")))
    if first is None or not max(clock.today(), placement.starts_on - _DAY) < first <= hours.last_day(placement):
        errors.append(
            FieldError("/starts_on", "out_of_range", _("Other hours begin after today and before the placement ends."))
        )
    elif any(term.starts_on >= first for term in placement.terms.all()):
        errors.append(FieldError("/starts_on", "before_agreed_hours", _("Other hours are agreed from a later day.")))
    if errors:
        raise Invalid.several(errors)
    return placement


def answer_by(row: Engagement, asked: Asked) -> dt.datetime:
    """Return the deadline: five days, or UTC midnight of the first day that differs, from which an answer is too late.

    An engagement whose end has passed unnoticed, such as a paused one, can still be extended.
    """
    first = {
        ChangeKind.HOURS: asked.starts_on,
        ChangeKind.EXTENSION: row.ends_on + _DAY if row.ends_on >= clock.today() else None,
        ChangeKind.EARLIER_END: (asked.ends_on or row.ends_on) + _DAY,
    }[ChangeKind(asked.kind)]
    latest = clock.now() + ANSWER_WITHIN
    return min(latest, dt.datetime.combine(first, dt.time(), dt.UTC)) if first else latest


def warnings(row: Engagement, change: EngagementChange, people: list[Placement]) -> list[dict[str, Any]]:
    """Return what to look at before saying yes: what runs out before the new end, a cost above the cap."""
    found: list[dict[str, Any]] = []
    if change.ends_on and change.ends_on > row.ends_on:
        found += expiries.before(change.ends_on, people)
    if change.monthly_cost > max(row.project.monthly_cap, row.monthly_cost):
        found.append({"code": "above_monthly_cap", "monthly_cap": str(row.project.monthly_cap)})
    return found


def unknown_reason(known: tuple[str, ...]) -> Invalid:
    """Return the refusal of a reason that is not among the known ones."""
    return Invalid.field("/reason_code", "unknown_reason", _("This is not a reason for it."), known=list(known))

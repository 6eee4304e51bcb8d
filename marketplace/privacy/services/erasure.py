"""Blocking and erasure, over the registry of personal data: no table is named here, so that none can be forgotten."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import closing
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.audit import log as audit
from marketplace.clients.models import Placement
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict
from marketplace.privacy.services import records
from profiles.models import Booking, Professional
from profiles.services import merges, professionals
from profiles.states import BookingStatus, ProfessionalStatus

LEGAL_DUTY = "legal duty"
# Código Fiscal de la Federación, art. 30: what supports an invoice is kept for five years.
TAX_DUTY = dt.timedelta(days=5 * 365 + 2)


@transaction.atomic
def block(*, professional: Professional, actor: Actor) -> Professional:
    """Take the person out of every use at once: no matches, no log-in, what was only held is given back.

    Raises IllegalTransition.
    """
    row = professionals.block(professional=professional, actor=actor)
    if row.user is not None:
        closing.deactivate(user=row.user)
    return row


@transaction.atomic
def erase(*, professional: Professional, actor: Actor) -> dict[str, Any]:
    """Erase a blocked person; return how many rows went, which columns were emptied, and what a duty retains.

    Identifiers that tax law asks for stay, blocked, while placements of the last five years need them. Raises
    IllegalTransition for somebody who is not blocked, Conflict ``has_bookings`` while hours are firmly promised.
    """
    row: Professional = Professional.objects.select_for_update(no_key=True).get(pk=professional.pk)
    states.require(row, ProfessionalStatus.ERASED)
    firm = Booking.objects.filter(professional=row, ends_on__gte=clock.today(), status=BookingStatus.CONFIRMED)
    if firm.exists():
        raise Conflict("has_bookings", _("Hours are still promised to an engagement; end or change it first."))
    retained_until = _duty_ends(row)
    outcome: dict[str, Any] = {"rows": {}, "columns": {}, "retained": [], "retained_until": None}
    user = row.user
    # First the state: it takes the person out of the search tables and the market, and nothing puts them back.
    row = professionals.mark_erased(professional=row, actor=actor)
    for holding in records.of(row):
        if holding.model is User:
            continue
        name = holding.model._meta.model_name or ""
        if holding.by_row:
            deleted = holding.rows.delete()[0]
            if deleted:
                outcome["rows"][name] = deleted
            continue
        kept = {
            column
            for column, said in holding.personal.items()
            if said.eraser == "keep" or (said.basis == LEGAL_DUTY and retained_until is not None)
        }
        blank = {
            column: emptied(holding.model._meta.get_field(column)) for column in holding.personal if column not in kept
        }
        if kept and holding.rows.exists():
            outcome["retained"] += sorted(f"{name}.{column}" for column in kept)
        if blank and holding.rows.update(**blank):
            outcome["columns"][name] = sorted(blank)
    if user is not None:
        closing.erase(user=user)
    if outcome["retained"] and retained_until is not None:
        outcome["retained_until"] = retained_until.isoformat()
    audit.record(subject=row, action="professional.erased", actor=actor, **outcome)
    # Profiles that turned out to be this person's still hold the name under which older cells show them.
    for alias in merges.aliases(row):
        erase(professional=block(professional=alias, actor=actor), actor=actor)
    return outcome


def _duty_ends(row: Professional) -> dt.date | None:
    """Return until when invoices of this person must be supported, None where there is no such duty (any more)."""
    last = Placement.objects.filter(professional=row).exclude(status="held").aggregate(day=models.Max("ends_on"))["day"]
    if last is None or last + TAX_DUTY < clock.today():
        return None
    until: dt.date = last + TAX_DUTY
    return until


def emptied(field: Any) -> Any:
    """Return what an emptied column holds. Raises TypeError where nothing would be empty."""
    if field.null:
        return None
    if isinstance(field, models.BinaryField):
        return b""
    if isinstance(field, models.CharField | models.TextField):
        return ""
    if isinstance(field, models.DecimalField | models.IntegerField):
        return 0
    if isinstance(field, models.JSONField):
        return {}
    raise TypeError(f"{field} cannot be emptied: declare another eraser")

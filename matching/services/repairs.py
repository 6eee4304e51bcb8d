"""Apply a repair that a diagnosis proposes: the project is amended, and a fresh run is asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Project
from marketplace.clients.services import projects
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.money import Money
from matching.models import MatchRun
from matching.states import MatchRunStatus


@transaction.atomic
def apply(*, run: MatchRun, index: int, actor: Actor) -> Project:
    """Amend the project of an infeasible run by its repair at ``index`` (from 0, cheapest first).

    Raises Invalid ``no_such_repair``, Conflict ``diagnosis_outdated`` when the project has changed since.
    """
    project = Project.objects.select_for_update().get(pk=run.project_id)
    if run.status != MatchRunStatus.INFEASIBLE or run.diagnosis is None:
        raise Conflict("run_not_infeasible", _("Only a run without any cell has repairs."))
    if project.version != run.project_version:
        raise Conflict("diagnosis_outdated", _("The project has changed since this diagnosis; look at its newest run."))
    repairs = run.diagnosis["repairs"]
    if not 0 <= index < len(repairs):
        raise Invalid.field("/repair", "no_such_repair", _("There is no such repair."), count=len(repairs))
    amended = projects.amend(project=project, changes=_as_changes(repairs[index]["amendment"]), actor=actor)
    audit.record(subject=run, action="run.repair_applied", actor=actor, index=index, code=repairs[index]["code"])
    return amended


def _as_changes(amendment: dict[str, Any]) -> dict[str, Any]:
    """Return an amendment with its dates, amounts and positions as the types that ``projects.amend`` takes."""
    changes = dict(amendment)
    if "monthly_cap" in changes:
        changes["monthly_cap"] = Decimal(changes["monthly_cap"])
    for field in ("starts_on", "ends_on"):
        if field in changes:
            changes[field] = dt.date.fromisoformat(changes[field])
    for part in ("seats", "needs"):
        if part in changes:
            changes[part] = {int(position): dict(fields) for position, fields in changes[part].items()}
    for fields in changes.get("seats", {}).values():
        if isinstance(fields.get("max_rate"), dict):
            fields["max_rate"] = Money.of(fields["max_rate"]["amount"], fields["max_rate"]["currency"])
    return changes

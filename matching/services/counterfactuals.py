"""What would have to be different: for a client, to get a better cell; for a professional, to be in one.

Both are exact and asked of the market as it is: what a loosened rule lets in is not in the stored inputs of a run,
which keep only those whom a seat would take.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from marketplace.clients.models import Project
from marketplace.clients.states import ProjectStatus
from matching import diagnoses, engine, market_copies, snapshots
from matching.models import Proposal
from matching.services import whatifs
from matching.terms import Terms
from profiles.models import Professional, Skill
from profiles.states import ProfessionalStatus

CLIENT_SECONDS = 4.0
PERSON_SECONDS, PROJECT_SECONDS = 6.0, 1.0
MOST_PROJECTS = 25
MOST_CHANGES = 12
FALLING = frozenset({"rate", "date"})  # a lower rate and an earlier day help, of everything else more


# -- for a client -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BetterCells:
    """``value`` is what the best cell is worth now; ``changes`` as in a diagnosis, each with ``gain`` and ``most``."""

    value: int | None
    changes: tuple[dict[str, Any], ...]
    complete: bool
    terms: Terms


def for_client(*, proposal: Proposal) -> BetterCells:
    """Return, for each rule of the cell, the mildest change that alone admits a better cell, cheapest first.

    Changes that a project cannot express are left out. Raises Conflict ``project_not_published`` and
    ``project_changed``.
    """
    project = Project.objects.get(pk=proposal.project_id)
    whatifs.require_current(project, proposal)
    asked = whatifs.terms_of(proposal, project)
    everybody = market_copies.whole(asked)
    whatifs.let_go_of_the_database()
    limits = engine.Limits(cells=1, seconds=CLIENT_SECONDS)
    result = engine.solve(snapshots.narrowed(everybody).problem, limits)
    if not isinstance(result, engine.Composed) or result.cells[0].status != "optimal":
        return BetterCells(None, (), complete=False, terms=asked)
    cell = result.cells[0]
    found = engine.counterfactuals_for_client(everybody.problem, cell, limits)
    told = [
        {**entry, "value": better.value, "gain": better.gain, "most": better.most}
        for better, entry in zip(
            found.better,
            diagnoses.changes_as_json(project, everybody.problem, [better.change for better in found.better]),
            strict=True,
        )
    ]
    return BetterCells(cell.best_value, tuple(row for row in told if row["amendment"]), found.complete, asked)


# -- for a professional -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Change:
    """One thing about a person, changed by itself: ``enters`` is how many best cells they would then be in.

    Units of ``before`` and ``after`` are the engine's; a rate is in hundredths of ``currency``.
    """

    code: str
    name: str
    currency: str
    before: int
    after: int
    enters: int


@dataclass(frozen=True)
class Demand:
    """``open_cells`` projects were looked at, ``enters`` is in how many best cells the person is as they are."""

    on_the_market: bool
    open_cells: int
    enters: int
    changes: tuple[Change, ...]
    complete: bool


def for_professional(*, professional: Professional) -> Demand:
    """Return what one change each would be worth to a person, over the open projects, most cells first.

    Nothing tells which project is whose. The newest projects are looked at, within six seconds in all.
    """
    until, complete = time.monotonic() + PERSON_SECONDS, True
    looked, enters = 0, 0
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    projects = list(Project.objects.filter(status=ProjectStatus.PUBLISHED).order_by("-published_at")[:MOST_PROJECTS])
    for project in projects:
        if time.monotonic() > until:
            complete = False
            break
        answer = _of_project(project, professional.pk)
        if answer is None:
            continue
        looked += 1
        enters += answer.enters
        complete &= answer.complete
        for change in answer.changes:
            currency = project.currency if change.code == "rate" else ""
            found[change.code, str(change.name or ""), currency].append((change.before, change.after))
    skills = dict(Skill.objects.filter(pk__in=[int(n) for c, n, _ in found if c == "skill"]).values_list("pk", "code"))
    changes = [
        Change(code, skills[int(name)] if code == "skill" else name, currency, before, after, count)
        for (code, name, currency), steps in found.items()
        for before, after, count in _counted(code, steps)
    ]
    changes.sort(key=lambda change: (-change.enters, change.code, change.name, abs(change.after - change.before)))
    return Demand(
        professional.status == ProfessionalStatus.ACTIVE, looked, enters, tuple(changes[:MOST_CHANGES]), complete
    )


def _of_project(project: Project, person: uuid.UUID) -> engine.PersonCounterfactuals | None:
    """Ask the engine about one project; None where the person is not on the market."""
    with snapshots.reading(project) as everybody:
        if everybody.ref(person) is None:
            return None
        taken = snapshots.narrowed(everybody, keep=[person])
    whatifs.let_go_of_the_database()
    ref = taken.ref(person)
    assert ref is not None
    return engine.counterfactuals_for_person(taken.problem, ref, engine.Limits(cells=1, seconds=PROJECT_SECONDS))


def _counted(code: str, steps: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Return (before, after, cells entered): whatever a step suffices for, every further step suffices for too."""
    before = steps[0][0]
    afters = sorted({after for _before, after in steps}, reverse=code in FALLING)
    sign = -1 if code in FALLING else 1
    return [(before, at, sum(sign * needed <= sign * at for _before, needed in steps)) for at in afters]

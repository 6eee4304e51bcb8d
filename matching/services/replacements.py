"""Who could take one seat of a cell while everybody else stays: the best ten, exactly, with gains and losses."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.clients.models import Project
from marketplace.kernel.errors import Conflict, Invalid
from matching import engine, snapshots
from matching.models import Proposal, ProposalMember
from matching.services import whatifs
from matching.terms import Terms
from profiles.models import Professional

MOST = 10
SECONDS = 5.0


@dataclass(frozen=True)
class Fact:
    """One thing gained or lost: ``better`` tells which; words are found in ``narrative.replacements``."""

    code: str
    better: bool
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Replacement:
    """Somebody who could take the seat, and the cell with them: ``value`` and ``monthly_cost`` are of the whole."""

    professional: Professional
    value: int
    monthly_cost: int
    points: int
    own_monthly_cost: int
    seniority: int
    english: int
    country: int
    overlap_minutes: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Replacements:
    """``results`` are proven to be the best, in order, when ``proven``; ``diagnosis`` says why there is nobody."""

    member: ProposalMember
    value: int
    monthly_cost: int
    results: tuple[Replacement, ...]
    proven: bool
    exhausted: bool
    diagnosis: dict[str, Any] | None
    terms: Terms


def best(*, proposal: Proposal, seat: uuid.UUID | None = None, member: uuid.UUID | None = None) -> Replacements:
    """Return the best ten for the seat, or for the seat of ``member`` where several people share one.

    Each is the optimum of the live market with all others pinned and those before it excluded. Raises Invalid
    ``no_such_seat`` and ``which_member``, and Conflict ``project_not_published``, ``project_changed``, or
    ``members_changed`` when somebody who should stay has left the market.
    """
    members = list(proposal.members.select_related("seat", "professional").order_by("seat__position", "pk"))
    leaving = _leaving(members, seat, member)
    project = Project.objects.get(pk=proposal.project_id)
    whatifs.require_current(project, proposal)
    staying = [row for row in members if row.pk != leaving.pk]
    asked = _terms(whatifs.terms_of(proposal, project), members, leaving)
    with snapshots.reading(asked) as everybody:
        absent = [row for row in staying if everybody.ref(row.professional_id) is None]
        if absent:
            raise Conflict(
                "members_changed",
                _("Somebody else in this cell is no longer on the market; ask what if instead."),
                data={"people": [row.professional.public_id for row in absent]},
            )
        taken = snapshots.narrowed(everybody, keep=[leaving.professional_id])
    whatifs.let_go_of_the_database()
    # Among those who are worth the same it does not matter here who has worked with whom.
    plain = replace(taken.problem, policy=replace(taken.problem.policy, cohesion_permille=0))
    before = engine.verify(
        replace(plain, banned=(), pins=()),
        [(-1 if (ref := taken.ref(row.professional_id)) is None else ref, _at(asked, row)) for row in members],
    )
    cells, result = _solved(plain)
    stay = {taken.ref(row.professional_id) for row in staying}
    people = Professional.objects.in_bulk([taken.person(ref) for cell in cells for ref in cell.refs if ref not in stay])
    found = []
    for cell in cells:
        newcomer = next(row for row in cell.members if row.ref not in stay)
        found.append(_replacement(people[taken.person(newcomer.ref)], newcomer, cell, before, taken, asked, leaving))
    return Replacements(
        member=leaving,
        value=before.value,
        monthly_cost=before.cost,
        results=tuple(found),
        proven=all(cell.status == "optimal" for cell in cells) and not isinstance(result, engine.OutOfTime),
        exhausted=isinstance(result, engine.Infeasible),
        diagnosis=whatifs.diagnosed(asked, result) if not cells and isinstance(result, engine.Infeasible) else None,
        terms=asked,
    )


def _leaving(members: list[ProposalMember], seat: uuid.UUID | None, member: uuid.UUID | None) -> ProposalMember:
    fitting = [
        row for row in members if (seat is None or row.seat_id == seat) and member in {None, row.professional_id}
    ]
    if not fitting or (seat is None and member is None):
        raise Invalid.field("/seat", "no_such_seat", _("Name a seat or a member of this cell."))
    if len(fitting) > 1:
        raise Invalid.field("/member", "which_member", _("Several people share this seat; name one of them."))
    return fitting[0]


def _at(asked: Terms, member: ProposalMember) -> int:
    at = asked.seat_at(member.seat_id)
    assert at is not None
    return at


def _terms(base: Terms, members: list[ProposalMember], leaving: ProposalMember) -> Terms:
    """Everybody else sits where they sit, and every seat takes as many people as it has now."""
    held = [row.seat_id for row in members]
    return replace(
        base,
        seats=tuple(
            replace(seat, asked=replace(seat.asked, least=held.count(seat.id), most=held.count(seat.id)))
            for seat in base.seats
        ),
        pins=tuple((row.professional_id, row.seat_id) for row in members if row.pk != leaving.pk),
        bans=(*base.bans, leaving.professional_id),
    )


def _solved(problem: engine.Problem) -> tuple[list[engine.Cell], engine.Result]:
    """Solve, exclude who came, and solve again, until ten are found, nobody is left or the time is over."""
    until = time.monotonic() + SECONDS
    cells: list[engine.Cell] = []
    staying = {pin.ref for pin in problem.pins}
    while True:
        result = engine.solve(problem, engine.Limits(cells=1, seconds=max(0.05, until - time.monotonic())))
        if not isinstance(result, engine.Composed):
            return cells, result
        cell = result.cells[0]
        verdict = engine.verify(problem, [(row.ref, row.seat) for row in cell.members], cell.value)
        if not verdict.holds:
            raise ValueError(f"the judge refuses a composed cell: {verdict.violations[0].rule}")
        cells.append(cell)
        if len(cells) == MOST or time.monotonic() > until:
            return cells, result
        came = [ref for ref in cell.refs if ref not in staying]
        problem = replace(problem, banned=tuple(sorted({*problem.banned, *came})))


def _replacement(
    person: Professional,
    newcomer: engine.Member,
    cell: engine.Cell,
    before: engine.Verdict,
    taken: snapshots.Taken,
    asked: Terms,
    leaving: ProposalMember,
) -> Replacement:
    people = taken.problem.market.people
    shown = {
        "seniority": int(people.seniority[newcomer.ref]),
        "english": int(people.languages[snapshots.ENGLISH_SPOKEN][newcomer.ref]),
        "overlap_minutes": int(people.overlap_minutes[newcomer.ref]),
    }
    former = {
        "seniority": leaving.seniority,
        "english": leaving.english_speaking,
        "overlap_minutes": leaving.overlap_minutes,
    }
    facts = [Fact("monthly_cost", cell.cost < before.cost, {"before": before.cost, "after": cell.cost})]
    facts += [
        Fact(name, value > former[name], {"before": former[name], "after": value}) for name, value in shown.items()
    ]
    facts += _coverage(cell, before, asked)
    return Replacement(
        professional=person,
        value=cell.value,
        monthly_cost=cell.cost,
        points=newcomer.points,
        own_monthly_cost=newcomer.cost,
        country=int(people.country[newcomer.ref]),
        facts=tuple(fact for fact in facts if fact.data["before"] != fact.data["after"]),
        **shown,
    )


def _coverage(cell: engine.Cell, before: engine.Verdict, asked: Terms) -> list[Fact]:
    """What happens to each need: how strong its best holder is, and how many hold it."""
    facts = []
    for now, then in zip(cell.coverage, before.coverage, strict=True):
        skill = {"skill": asked.needs[now.need].asked.skill}
        facts.append(
            Fact("need_strength", now.points > then.points, {**skill, "before": then.points, "after": now.points})
        )
        facts.append(
            Fact(
                "need_holders",
                len(now.holders) > len(then.holders),
                {**skill, "before": len(then.holders), "after": len(now.holders)},
            )
        )
    return facts

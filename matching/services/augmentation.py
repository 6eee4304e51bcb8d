"""A cell beside what staff augmentation would have hired: the best single person per seat, out of the same people.

Hires are chosen one by one from the stored inputs of the cell's own run, blind to the budget, to what the whole must
hold, and to each other (``engine.best_single_hires``); both are judged by the same judge under the same rules.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from marketplace.kernel import clock
from matching import engine, landed_costs, snapshots
from matching.models import Proposal
from matching.services import comparisons, proofs
from profiles.levels import Cefr, Country, SkillKind
from profiles.models import Professional, Skill


@dataclass(frozen=True)
class Hire:
    """One person of either side; ``pseudonym`` is empty for somebody who is not in the cell."""

    professional: Professional
    pseudonym: str
    seat: int
    seniority: int
    english: int
    country: int
    monthly_cost: int


@dataclass(frozen=True)
class Held:
    """How a need of the whole stands on one side; ``covered`` when as many hold it as are asked for."""

    skill: Skill
    count: int
    holders: int

    @property
    def covered(self) -> bool:
        return self.holders >= self.count


@dataclass(frozen=True)
class Side:
    """``points_of_contact``: whom the client manages. Of a cell those who face the client, one at least; otherwise
    every single hire."""

    hires: tuple[Hire, ...]
    verdict: engine.Verdict
    violations: tuple[Mapping[str, Any], ...]
    empty_seats: int
    coverage: tuple[Held, ...]
    bridges: int
    facing_english: int | None
    worst_day_minutes: int
    months: tuple[comparisons.MonthShared, ...]
    points_of_contact: int
    landed: landed_costs.Landed

    @property
    def regulation(self) -> tuple[Held, ...]:
        """The needs that are regulations."""
        return tuple(line for line in self.coverage if line.skill.kind == SkillKind.REGULATION)


@dataclass(frozen=True)
class Augmentation:
    """The two sides, and what was asked of both."""

    proposal: Proposal
    cell: Side
    single_hires: Side
    bridges_asked: int
    people: int
    switches: tuple[str, ...]


def against(*, proposal: Proposal, switches: Collection[str] = ()) -> Augmentation:
    """Return the cell beside the best single hires, with landed costs under ``switches`` (codes of scenarios).

    Reads ``members__seat`` and ``project``, which the caller prefetches. Raises Conflict ``snapshot_unreadable``.
    """
    taken = proofs.stored(proposal)
    # What was pinned or excluded for this cell says nothing about hiring one by one.
    problem = replace(taken.problem, pins=(), banned=(), earlier=())
    members = proofs.placed_members(proposal, taken)
    baseline = engine.best_single_hires(problem)
    pseudonyms = {member.professional_id: member.pseudonym for member in proposal.members.all()}
    refs = {ref for ref, _seat in (*members, *baseline.members) if ref >= 0}
    people = Professional.objects.in_bulk([taken.person(ref) for ref in refs])
    skills = Skill.objects.in_bulk([need.skill for need in problem.needs if need.skill is not None])
    chosen = tuple(sorted(set(switches)))

    def side(name: landed_costs.SideName, placed: Sequence[tuple[int, int]], verdict: engine.Verdict) -> Side:
        return _side(name, proposal, problem, taken, placed, verdict, people, skills, pseudonyms, chosen)

    return Augmentation(
        proposal=proposal,
        cell=side("cell", members, engine.verify(problem, members)),
        single_hires=side("augmentation", baseline.members, baseline.verdict),
        bridges_asked=problem.bridges,
        people=len(taken.people),
        switches=chosen,
    )


def _side(
    name: landed_costs.SideName,
    proposal: Proposal,
    problem: engine.Problem,
    taken: snapshots.Taken,
    placed: Sequence[tuple[int, int]],
    verdict: engine.Verdict,
    people: Mapping[uuid.UUID, Professional],
    skills: Mapping[int, Skill],
    pseudonyms: Mapping[uuid.UUID, str],
    switches: Collection[str],
) -> Side:
    market = problem.market.people
    english = market.languages.get(snapshots.ENGLISH_SPOKEN)
    hires = tuple(
        Hire(
            professional=people[taken.person(member.ref)],
            pseudonym=pseudonyms.get(taken.person(member.ref), ""),
            seat=member.seat,
            seniority=int(market.seniority[member.ref]),
            english=0 if english is None else int(english[member.ref]),
            country=int(market.country[member.ref]),
            monthly_cost=member.cost,
        )
        for member in verdict.members
    )
    facing = [hire.english for hire in hires if problem.seats[hire.seat].client_facing]
    filled = [seat for _ref, seat in placed]
    shifts = {(h.professional.time_zone, h.professional.work_starts, h.professional.work_ends) for h in hires}
    charges = [landed_costs.Charge(Decimal(hire.monthly_cost), hire.country != Country.UNITED_STATES) for hire in hires]
    return Side(
        hires=hires,
        verdict=verdict,
        violations=tuple(_told(violation, problem, skills) for violation in verdict.violations),
        empty_seats=sum(max(0, seat.least - filled.count(at)) for at, seat in enumerate(problem.seats)),
        coverage=tuple(
            Held(skills[need.skill], need.count, len(line.holders))
            for need, line in zip(problem.needs, verdict.coverage, strict=True)
            if need.skill is not None
        ),
        bridges=sum(hire.english >= Cefr.C1 for hire in hires),
        facing_english=min(facing, default=None),
        worst_day_minutes=min((int(market.overlap_minutes[m.ref]) for m in verdict.members), default=0),
        months=comparisons.months_of(shifts, proposal, proposal.project),
        points_of_contact=max(1, len(facing)) if name == "cell" else len(hires),
        landed=landed_costs.landed(charges, name, switches, proposal.currency, clock.today()),
    )


def _told(violation: engine.Violation, problem: engine.Problem, skills: Mapping[int, Skill]) -> dict[str, Any]:
    """Return a broken rule with its numbers, and with the skill where it is about a need."""
    need = None if violation.need is None else problem.needs[violation.need].skill
    named = {} if need is None else {"skill": skills[need].code}
    return {"violation": violation, "rule": violation.rule, "data": {**violation.data, **named}}

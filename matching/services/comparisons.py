"""Cells of one project side by side: whom they share, what covers what, what hangs by one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from marketplace.clients.models import Project
from marketplace.kernel.errors import Invalid
from matching import engine
from matching.models import Coverage, Proposal, ProposalMember
from profiles.levels import Cefr, SkillKind

FEWEST, MOST = 2, 6


@dataclass(frozen=True)
class MonthShared:
    """Minutes that all members share with the client on the worst and on the best working day of a month."""

    year: int
    month: int
    least: int
    most: int


@dataclass(frozen=True)
class Side:
    """One cell. ``distance`` is how many points it is below the best cell composed under the same terms.

    ``facing_english`` is the lowest spoken level of those who face the client, None where nobody does; ``thin`` are the
    musts that only one member holds, ``regulation`` all needs that are regulations.
    """

    proposal: Proposal
    members: tuple[ProposalMember, ...]
    distance: int | None
    bridges: int
    facing_english: int | None
    worst_day_minutes: int
    months: tuple[MonthShared, ...]
    regulation: tuple[Coverage, ...]
    thin: tuple[Coverage, ...]


@dataclass(frozen=True)
class Common:
    """The members that two cells share, as they sit in the first."""

    first: Proposal
    second: Proposal
    members: tuple[ProposalMember, ...]


@dataclass(frozen=True)
class Comparison:
    """``seats`` are positions: the rows of a table whose columns are ``sides``."""

    project: Project
    sides: tuple[Side, ...]
    common: tuple[Common, ...]
    in_all: tuple[ProposalMember, ...]
    seats: tuple[int, ...]


def compare(*, proposals: Sequence[Proposal]) -> Comparison:
    """Return two to six cells of one project side by side, in the order given.

    Reads members with seat and professional, and coverage with need, skill, responsible and backup, which the caller
    prefetches. Raises Invalid ``too_few``, ``too_many`` and ``different_projects``.
    """
    if len(proposals) < FEWEST:
        raise Invalid.field("/ids", "too_few", _("Name at least two cells."))
    if len(proposals) > MOST:
        raise Invalid.field("/ids", "too_many", _("Name at most %(most)s cells.") % {"most": MOST})
    if len({proposal.project_id for proposal in proposals}) > 1:
        raise Invalid.field("/ids", "different_projects", _("Only cells of one project can be compared."))
    project = proposals[0].project
    best = _best(proposals)
    sides = tuple(_side(proposal, project, best) for proposal in proposals)
    people = [{member.professional_id for member in side.members} for side in sides]
    everywhere = set.intersection(*people)
    return Comparison(
        project=project,
        sides=sides,
        common=tuple(_common(one, other) for one, other in combinations(sides, 2)),
        in_all=tuple(member for member in sides[0].members if member.professional_id in everywhere),
        seats=tuple(sorted({member.seat.position for side in sides for member in side.members})),
    )


def _best(proposals: Sequence[Proposal]) -> dict[object, int]:
    """Return the best value by run: a run is what was composed under the same terms at the same moment."""
    runs = {proposal.run_id for proposal in proposals}
    rows = Proposal.objects.filter(run_id__in=runs).values_list("run_id").annotate(best=Max("value"))
    return dict(rows.order_by("run_id"))


def _side(proposal: Proposal, project: Project, best: dict[object, int]) -> Side:
    members = tuple(proposal.members.all())
    lines = list(proposal.coverage.all())
    facing = [member.english_speaking for member in members if member.seat.client_facing]
    return Side(
        proposal=proposal,
        members=members,
        distance=best[proposal.run_id] - proposal.value if proposal.revises_id is None else None,
        bridges=sum(member.english_speaking >= Cefr.C1 for member in members),
        facing_english=min(facing, default=None),
        worst_day_minutes=min((member.overlap_minutes for member in members), default=0),
        months=shared_by_month(proposal, project, members),
        regulation=tuple(line for line in lines if line.need.skill.kind == SkillKind.REGULATION),
        thin=tuple(line for line in lines if line.need.count > 0 and line.backup_id is None),
    )


def shared_by_month(proposal: Proposal, project: Project, members: Iterable[ProposalMember]) -> tuple[MonthShared, ...]:
    """Return what a client can count on from everybody, month by month, from the members' zones and working hours."""
    shifts = {(m.professional.time_zone, m.professional.work_starts, m.professional.work_ends) for m in members}
    return months_of(shifts, proposal, project)


def months_of(shifts: Iterable[tuple[str, int, int]], proposal: Proposal, project: Project) -> tuple[MonthShared, ...]:
    """Return the same for shifts, each (zone, start, end in minutes from local midnight)."""
    found: dict[tuple[int, int], list[engine.MonthOverlap]] = {}
    for shift in shifts:
        for month in engine.shared_minutes_by_month(
            *shift, project.time_zone, project.day_starts, project.day_ends, proposal.starts_on, proposal.ends_on
        ):
            found.setdefault((month.year, month.month), []).append(month)
    return tuple(
        MonthShared(year, month, min(row.least for row in rows), min(row.most for row in rows))
        for (year, month), rows in sorted(found.items())
    )


def _common(one: Side, other: Side) -> Common:
    there = {member.professional_id for member in other.members}
    shared = tuple(member for member in one.members if member.professional_id in there)
    return Common(one.proposal, other.proposal, shared)

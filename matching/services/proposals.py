"""Cells as rows: saved by a run, superseded by a newer one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal

from marketplace.audit import log as audit
from marketplace.clients.models import Need, Project, Seat
from marketplace.kernel import crypto, states
from matching import engine, snapshots
from matching.models import Coverage, MatchRun, Offer, Proposal, ProposalMember, Reason
from matching.states import LIVE_PROPOSAL, OfferStatus, ProposalStatus
from profiles.models import Professional

BEFORE_THE_CLIENT = (ProposalStatus.OFFERED, ProposalStatus.CHANGE_REQUESTED)


def pseudonym(project_id: uuid.UUID, professional_id: uuid.UUID) -> str:
    """Return a name that is stable within one project and tells nothing across two."""
    digest = crypto.blind_index(f"{project_id}/{professional_id}", purpose="pseudonym")
    letters = "ACDEFGHJKLMNPQRTUVWXYZ"
    number = int(digest, 16)
    return f"{letters[number % 22]}{letters[number // 22 % 22]}-{number // 484 % 10000:04d}"


def save_all(
    *, run: MatchRun, project: Project, taken: snapshots.Taken, cells: Sequence[engine.Cell]
) -> list[Proposal]:
    """Write the cells of a run with members, coverage and reasons, within the caller's transaction."""
    seats = list(project.seats.order_by("position"))
    needs = list(project.needs.order_by("position"))
    return [
        save(run=run, project=project, taken=taken, cell=cell, rank=rank, seats=seats, needs=needs)
        for rank, cell in enumerate(cells, start=1)
    ]


def save(
    *,
    run: MatchRun,
    project: Project,
    taken: snapshots.Taken,
    cell: engine.Cell,
    rank: int,
    seats: Sequence[Seat],
    needs: Sequence[Need],
    revises: Proposal | None = None,
    revision: int = 1,
    origin: str = "engine",
) -> Proposal:
    """Write one cell, within the caller's transaction; dates and currency are the project's.

    ``seats`` and ``needs`` are rows in the order of the problem.
    """
    people = {row.pk: row for row in Professional.objects.filter(pk__in=[taken.person(ref) for ref in cell.refs])}
    proposal = Proposal.objects.create(
        run=run,
        project=project,
        rank=rank,
        revision=revision,
        revises=revises,
        origin=origin,
        value=cell.value,
        bound=cell.bound,
        proof_status=cell.status,
        cohesion=cell.cohesion,
        monthly_cost=Decimal(cell.cost),
        currency=project.currency,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        certificate=cell.certificate,
    )
    market = taken.problem.market.people
    members = ProposalMember.objects.bulk_create(
        [
            ProposalMember(
                proposal=proposal,
                seat=seats[member.seat],
                professional=people[taken.person(member.ref)],
                pseudonym=pseudonym(project.pk, taken.person(member.ref)),
                points=member.points,
                weekly_minutes=seats[member.seat].weekly_minutes,
                overlap_minutes=int(market.overlap_minutes[member.ref]),
                rate_amount=people[taken.person(member.ref)].rate_amount,
                rate_currency=people[taken.person(member.ref)].rate_currency,
                monthly_cost=Decimal(member.cost),
                seniority=int(market.seniority[member.ref]),
                english_speaking=int(market.languages[snapshots.ENGLISH_SPOKEN][member.ref]),
                country=int(market.country[member.ref]),
            )
            for member in cell.members
        ]
    )
    by_ref = {member.ref: row for member, row in zip(cell.members, members, strict=True)}
    Coverage.objects.bulk_create(
        [
            Coverage(
                proposal=proposal,
                need=needs[c.need],
                responsible=by_ref.get(c.responsible) if c.responsible is not None else None,
                backup=by_ref.get(c.backup) if c.backup is not None else None,
                holders=len(c.holders),
                points=c.points,
            )
            for c in cell.coverage
        ]
    )
    Reason.objects.bulk_create(
        [
            Reason(
                proposal=proposal,
                position=position,
                code=reason.code,
                data=reason.data,
                member=by_ref.get(reason.ref) if reason.ref is not None else None,
                need=needs[reason.need] if reason.need is not None else None,
            )
            for position, reason in enumerate(cell.reasons)
        ]
    )
    return proposal


def supersede(
    *, project_id: uuid.UUID, reason: str, spare: Proposal | None = None, spare_offers_at: int | None = None
) -> int:
    """End the live proposals of a project and withdraw their offers, within the caller's transaction.

    ``spare`` lives on, and so do the offers made for version ``spare_offers_at`` of the project: what a client has
    before them is not taken away because the market was asked once more. Returns how many ended.
    """
    rows = Proposal.objects.filter(project_id=project_id, status__in=LIVE_PROPOSAL).order_by("pk")
    if spare is not None:
        rows = rows.exclude(pk=spare.pk)
    if spare_offers_at is not None:
        rows = rows.exclude(status__in=BEFORE_THE_CLIENT, run__project_version=spare_offers_at)
    ended = list(rows.select_for_update(of=("self",)))
    for row in ended:
        end(row, ProposalStatus.SUPERSEDED, reason)
    return len(ended)


def end_accepted(*, project_id: uuid.UUID, reason: str) -> None:
    """End an accepted cell that did not come about, within the caller's transaction: its project is open again."""
    for row in Proposal.objects.select_for_update().filter(project_id=project_id, status=ProposalStatus.ACCEPTED):
        end(row, ProposalStatus.SUPERSEDED, reason)


def end(proposal: Proposal, status: ProposalStatus, reason: str) -> None:
    """Move a locked proposal to an end, with its offer if one is out."""
    states.move(proposal, status)
    proposal.status_reason = reason
    proposal.touch("status", "status_reason")
    offer = Offer.objects.select_for_update().filter(proposal=proposal, status=OfferStatus.SENT).first()
    if offer is not None and status == ProposalStatus.SUPERSEDED:
        states.move(offer, OfferStatus.WITHDRAWN)
        offer.touch("status")
    audit.record(subject=proposal, action=f"proposal.{status}", actor=None, reason=reason)

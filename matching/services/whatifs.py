"""What if: a question about a cell, answered by composing anew over the market as it is, and kept only on request.

Asking writes the answer aside for a day and changes nothing. Keeping makes a revision of the cell, with its own stored
snapshot, judged again; the cell that was asked about stays as it was composed, and is superseded.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Need, Project, Seat, SeatLanguage, SeatSkill
from marketplace.clients.states import ProjectStatus
from marketplace.kernel import clock, identifiers
from marketplace.kernel.errors import Conflict, FieldError, Invalid
from matching import diagnoses, engine, market_copies, snapshots, terms
from matching.models import MatchRun, Proposal, ReviewDecision, Snapshot, WhatIf
from matching.models.review import Decision
from matching.models.run import WHAT_IF
from matching.models.whatif import WhatIfOutcome
from matching.services import differences, proposals, questions
from matching.states import LIVE_PROPOSAL, MatchRunStatus, ProposalStatus
from matching.terms import NeedTerms, SeatTerms, Terms
from profiles.models import Professional

SECONDS = 5.0  # for composing, and as much again for a diagnosis
LASTS = dt.timedelta(hours=24)
KEPT = "kept_what_if"


# -- asking -----------------------------------------------------------------------------------------------------------
def ask(*, proposal: Proposal, question: questions.Question, said: Mapping[str, Any], actor: Actor) -> WhatIf:
    """Compose anew as the question says, and return the answer with its difference, proof or diagnosis.

    ``said`` is the question as it was written, to be shown again. Raises Invalid ``invalid_question``, and Conflict
    ``project_not_published`` or ``project_changed``.
    """
    project = Project.objects.get(pk=proposal.project_id)
    require_current(project, proposal)
    members = list(proposal.members.select_related("seat").order_by("pk"))
    asked = questions.applied(terms_of(proposal, project), question, members)
    started = time.monotonic()
    with snapshots.reading(asked) as everybody:
        _refuse_strangers(everybody, asked, question)
        searched, index_version = everybody.searched, everybody.index_version
        taken = snapshots.narrowed(everybody, keep=[member.professional_id for member in members])
    let_go_of_the_database()
    result = engine.solve(taken.problem, engine.Limits(cells=1, seconds=SECONDS))
    answer: dict[str, Any] = {"outcome": WhatIfOutcome.OUT_OF_TIME}
    if isinstance(result, engine.Composed):
        cell = result.cells[0]
        _judge(taken.problem, [(member.ref, member.seat) for member in cell.members], cell.value)
        answer = {
            "outcome": WhatIfOutcome.COMPOSED,
            "cell": asdict(cell),
            "difference": differences.between(proposal, members, asked, taken, cell),
            **snapshots.packed(taken),
        }
    elif isinstance(result, engine.Infeasible):
        answer = {"outcome": WhatIfOutcome.INFEASIBLE, "diagnosis": diagnosed(asked, result)}
    return WhatIf.objects.create(
        proposal=proposal,
        proposal_version=proposal.version,
        project_version=project.version,
        asked_by=actor.principal,
        question=said,
        terms=terms.as_json(asked),
        candidates=searched,
        milliseconds=round(1000 * (time.monotonic() - started)),
        policy=result.replay.policy,
        engine_version=result.replay.engine_version,
        solver_version=result.replay.solver_version,
        index_version=index_version,
        expires_at=clock.now() + LASTS,
        **answer,
    )


def people_of(what_if: WhatIf) -> dict[str, str]:
    """Return the full names of everybody whom an answer speaks of, by public id, in one query."""
    told = what_if.difference or {}
    ids = {member["professional"] for member in told.get("members", [])} | set(told.get("left", []))
    ids |= {
        repair["change"]["professional"]
        for repair in (what_if.diagnosis or {}).get("repairs", [])
        if "professional" in repair["change"]
    }
    keys = [key for text in ids if (key := identifiers.decode(Professional.prefix, text))]
    return {
        row.public_id: f"{row.given_names} {row.family_names}".strip()
        for row in Professional.objects.filter(pk__in=keys)
    }


def terms_of(proposal: Proposal, project: Project) -> Terms:
    """Return what a cell was asked to be: its project's rules, or those of the question that it was kept from."""
    kept = WhatIf.objects.filter(kept_as=proposal).first()
    return terms.of_project(project) if kept is None else terms.of_json(project, kept.terms)


def require_current(project: Project, proposal: Proposal) -> None:
    """Raise Conflict unless the project is open and still what the cell was composed for."""
    if project.status != ProjectStatus.PUBLISHED:
        raise Conflict("project_not_published", _("The project is no longer open."))
    if project.version != proposal.run.project_version:
        raise Conflict("project_changed", _("The project has changed since; look at the cells of its newest run."))


def let_go_of_the_database() -> None:
    """Hold no connection while the solver works."""
    if not connection.in_atomic_block:
        connection.close()


def _refuse_strangers(everybody: snapshots.Taken, asked: Terms, question: questions.Question) -> None:
    """Refuse pins on people who are not in the market, with where the question names them."""
    absent = {person for person, _seat in asked.pins if everybody.ref(person) is None}
    if not absent:
        return
    named = [(f"/pins/{n}/professional", pin.professional) for n, pin in enumerate(question.pins)]
    named += [(f"/swaps/{n}/comes", swap.comes) for n, swap in enumerate(question.swaps)]
    said = {person for _pointer, person in named}
    named += [("/keep_others", person) for person in absent - said]
    detail = _("This person is not on the market now.")
    raise Invalid.several(
        [FieldError(pointer, "not_on_the_market", detail) for pointer, person in named if person in absent]
    )


def diagnosed(asked: Terms, result: engine.Infeasible) -> dict[str, Any]:
    """Return why no cell exists under these terms, asked of the whole market, as a row can keep it."""
    everybody = market_copies.whole(asked)
    let_go_of_the_database()
    found = engine.diagnose(everybody.problem, engine.Limits(cells=1, seconds=SECONDS))
    return diagnoses.of_question(asked.project, everybody, result, found)


def _judge(problem: engine.Problem, members: Sequence[tuple[int, int]], value: int) -> None:
    """Ask the independent judge. Raises ValueError for a cell that does not stand."""
    verdict = engine.verify(problem, members, value)
    if not verdict.holds:
        raise ValueError(f"the judge refuses a composed cell: {verdict.violations[0].rule}")


# -- keeping ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def keep(*, what_if: WhatIf, reason: str, actor: Actor) -> Proposal:
    """Make a revision of the cell out of an answer, with the reason as a decision, and supersede the cell asked about.

    Raises Invalid ``reason_required``, and Conflict: ``nothing_to_keep``, ``already_kept``, ``what_if_expired``,
    ``project_not_published``, ``project_changed``, ``proposal_changed``, ``proposal_offered``, ``members_changed``.
    """
    if not reason.strip():
        raise Invalid.field("/reason", "reason_required", _("Say why this cell is better."))
    project = Project.objects.select_for_update().get(pk=what_if.proposal.project_id)
    source = Proposal.objects.select_for_update().get(pk=what_if.proposal_id)
    row = WhatIf.objects.select_for_update().get(pk=what_if.pk)
    _require_keepable(row, source, project)
    asked = terms.of_json(project, row.terms)
    taken = snapshots.load(row)
    cell = differences.cell_of(row.cell)
    _judge(taken.problem, [(member.ref, member.seat) for member in cell.members], cell.value)
    changed = snapshots.changed_members(asked, taken, cell.refs)
    if changed:
        raise Conflict(
            "members_changed",
            _("Somebody in this cell has changed since; ask again."),
            data={"people": [Professional(pk=person).public_id for person in changed]},
        )
    revision = proposals.save(
        run=_run(row, cell, project, actor),
        project=asked.project,
        taken=taken,
        cell=cell,
        rank=source.rank,
        seats=[_seat_row(seat, asked) for seat in asked.seats],
        needs=[_need_row(need, asked) for need in asked.needs],
        revises=source,
        revision=source.revision + 1,
        origin="recruiter",
    )
    if source.status in LIVE_PROPOSAL:
        proposals.end(source, ProposalStatus.SUPERSEDED, "revised")
    row.kept_as = revision
    row.touch("kept_as")
    ReviewDecision.objects.create(
        proposal=revision,
        decision=Decision.REVISE,
        reason_code=KEPT,
        comment=reason,
        decided_by=actor.principal,
        seen_version=row.proposal_version,
    )
    audit.record(
        subject=revision,
        action="proposal.revised",
        actor=actor,
        revises=source.public_id,
        what_if=row.public_id,
        digest=row.digest,
    )
    return revision


def _require_keepable(row: WhatIf, source: Proposal, project: Project) -> None:
    if row.outcome != WhatIfOutcome.COMPOSED:
        raise Conflict("nothing_to_keep", _("This question had no cell for an answer."))
    if row.kept_as is not None:
        raise Conflict(
            "already_kept", _("This answer has been kept already."), data={"proposal": row.kept_as.public_id}
        )
    if row.expires_at <= clock.now():
        raise Conflict("what_if_expired", _("This answer is older than a day; ask again."))
    require_current(project, source)
    if project.version != row.project_version:
        raise Conflict("project_changed", _("The project has changed since; look at the cells of its newest run."))
    if source.status == ProposalStatus.OFFERED:
        raise Conflict("proposal_offered", _("The client has this cell before them; withdraw the offer first."))
    if source.version != row.proposal_version:
        raise Conflict(
            "proposal_changed",
            _("The cell has changed since the question was asked; ask again."),
            data={"asked_at": row.proposal_version, "current_version": source.version},
        )


def _run(row: WhatIf, cell: engine.Cell, project: Project, actor: Actor) -> MatchRun:
    """Write the run that the answer was, with its snapshot, so that a revision is checked like any other cell."""
    run = MatchRun.objects.create(
        project=project,
        project_version=row.project_version,
        status=MatchRunStatus.COMPOSED,
        cause=WHAT_IF,
        requested_by=actor.principal,
        attempts=1,
        stage="done",
        share=100,
        best_value=cell.value,
        best_bound=cell.bound,
        started_at=row.created_at - dt.timedelta(milliseconds=row.milliseconds),
        finished_at=row.created_at,
        solve_milliseconds=row.milliseconds,
        candidates=row.candidates,
        policy=row.policy,
        engine_version=row.engine_version,
        solver_version=row.solver_version,
        index_version=row.index_version,
    )
    Snapshot.objects.create(run=run, digest=row.digest, content=row.content, people=row.people)
    return run


def _seat_row(seat: SeatTerms, asked: Terms) -> Seat:
    """Return the row of a seat; one that differs from the project's becomes a row that belongs to no project."""
    known: Seat | None = Seat.objects.filter(pk=seat.id).first()
    if known is not None:
        return known
    wanted = seat.asked
    row = Seat.objects.create(
        pk=seat.id,
        position=seat.position,
        title_en=wanted.title_en,
        title_es=wanted.title_es,
        function=wanted.function,
        min_seniority=wanted.min_seniority,
        countries=list(wanted.countries),
        weekly_minutes=wanted.weekly_minutes,
        client_facing=wanted.client_facing,
        max_rate=wanted.max_rate.amount if wanted.max_rate else None,
        max_rate_currency=wanted.max_rate.currency if wanted.max_rate else asked.project.currency,
        least=wanted.least,
        most=wanted.most,
    )
    SeatSkill.objects.bulk_create(
        [SeatSkill(seat=row, skill_id=asked.skills[floor.skill], level=floor.level) for floor in wanted.skills]
    )
    SeatLanguage.objects.bulk_create(
        [
            SeatLanguage(
                seat=row,
                language=floor.language,
                activity=floor.activity,
                level=floor.level,
                evidence=floor.evidence,
            )
            for floor in wanted.languages
        ]
    )
    return row


def _need_row(need: NeedTerms, asked: Terms) -> Need:
    known: Need | None = Need.objects.filter(pk=need.id).first()
    if known is not None:
        return known
    return Need.objects.create(
        pk=need.id,
        position=need.position,
        skill_id=asked.skills[need.asked.skill],
        level=need.asked.level,
        count=need.asked.count,
        weight=need.asked.weight,
    )


def forget_expired() -> int:
    """Delete answers past their day that nobody kept; return how many."""
    return WhatIf.objects.filter(expires_at__lt=clock.now(), kept_as__isnull=True).delete()[0]

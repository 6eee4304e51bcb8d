"""Runs of the composer: asked for, claimed, solved, recorded. The row is the queue; a Celery message only rings."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Project
from marketplace.clients.states import ProjectStatus
from marketplace.delivery import outbox
from marketplace.kernel import clock, events, states
from marketplace.kernel.errors import Conflict
from matching import diagnoses, engine, notices, snapshots
from matching.events import RunQueued
from matching.models import MatchRun
from matching.services import proposals
from matching.states import LIVE_RUN, MatchRunStatus

logger = logging.getLogger(__name__)

CELLS = 5
PROGRESS_EVERY = 0.5  # seconds between progress writes: quick runs make none


class MarketMoved(Exception):
    """A member of a composed cell changed while it was being composed."""


# -- asking -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def request(*, project: Project, cause: str, actor: Actor | None) -> MatchRun:
    """Queue a run for the project as it is now; a live run for the same version is returned instead.

    Raises Conflict unless the project is published.
    """
    row = Project.objects.select_for_update().get(pk=project.pk)
    if row.status != ProjectStatus.PUBLISHED:
        raise Conflict("project_not_published", _("Only a published project is composed for."))
    live: MatchRun | None = MatchRun.objects.select_for_update().filter(project=row, status__in=LIVE_RUN).first()
    if live is not None:
        if live.project_version == row.version:
            return live
        _end(live, MatchRunStatus.SUPERSEDED, "project_changed")
    proposals.end_accepted(project_id=row.pk, reason="not_confirmed")
    run = MatchRun.objects.create(
        project=row,
        project_version=row.version,
        cause=cause,
        requested_by=actor.principal if actor else audit.SYSTEM,
    )
    audit.record(subject=run, action="run.requested", actor=actor, cause=cause, project=row.public_id)
    events.announce(RunQueued(run.pk))
    return run


@transaction.atomic
def withdraw(*, project_id: uuid.UUID, reason: str) -> None:
    """End whatever is live for a project that no longer wants it."""
    for run in MatchRun.objects.select_for_update().filter(project_id=project_id, status__in=LIVE_RUN):
        _end(run, MatchRunStatus.SUPERSEDED, reason)
    proposals.supersede(project_id=project_id, reason=reason)


def _end(run: MatchRun, status: MatchRunStatus, reason: str) -> None:
    states.move(run, status)
    run.last_error, run.finished_at, run.lease_token, run.lease_until = reason, clock.now(), None, None
    run.touch("status", "last_error", "finished_at", "lease_token", "lease_until")


# -- working ----------------------------------------------------------------------------------------------------------
def execute(run_id: uuid.UUID) -> None:
    """Claim, snapshot, solve, record. Safe to call twice: whoever does not get the claim does nothing."""
    run = claim(run_id)
    if run is None:
        return
    token = run.lease_token
    assert token is not None
    try:
        everybody = snapshots.current(run.project)
        taken = snapshots.narrowed(everybody)
        snapshots.store(run.pk, taken)
        started = time.monotonic()
        # The solver may take seconds: no transaction and no connection are held meanwhile.
        _let_go_of_the_database()
        result, diagnosis = _solve(taken.problem, everybody.problem, _reporter(run.pk, token))
        if diagnosis is not None:
            diagnosis = diagnoses.confirmed(run.project, diagnosis, settings.RUN_SECONDS / 6)
        record(run.pk, token, taken, result, diagnosis, milliseconds=round(1000 * (time.monotonic() - started)))
    except MarketMoved:
        put_back(run.pk, token, "a member changed meanwhile", at_once=True)
    except Exception as error:
        logger.exception("run %s failed", run.public_id)
        put_back(run.pk, token, f"{type(error).__name__} at stage {run.stage or 'start'}")


def _let_go_of_the_database() -> None:
    if not connection.in_atomic_block:
        connection.close()


def _solve(
    problem: engine.Problem, wide: engine.Problem, report: Callable[[engine.Progress], None]
) -> tuple[engine.Result, engine.Diagnosis | None]:
    """Compose over those whom a seat would take; what stands in the way is asked of the ``wide`` market."""
    limits = engine.Limits(cells=CELLS, seconds=settings.RUN_SECONDS)
    result = engine.solve(problem, limits, report)
    diagnosis = engine.diagnose(wide, limits) if isinstance(result, engine.Infeasible) else None
    return result, diagnosis


@transaction.atomic
def claim(run_id: uuid.UUID) -> MatchRun | None:
    """Take a due run, or None when it is taken, done, or not due. The token fences every later write."""
    run: MatchRun | None = (
        MatchRun.objects.due()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("project")
        .filter(pk=run_id)
        .first()
    )
    if run is None:
        return None
    if run.status == MatchRunStatus.RUNNING:  # its lease has lapsed: the worker is dead, or will find the fence closed
        run.status = MatchRunStatus.QUEUED
    if run.attempts >= settings.RUN_ATTEMPTS:
        _end(run, MatchRunStatus.FAILED, run.last_error or "the worker was lost on every attempt")
        return None
    states.move(run, MatchRunStatus.RUNNING)
    now = clock.now()
    run.attempts += 1
    run.lease_token, run.lease_until = uuid.uuid4(), now + dt.timedelta(seconds=settings.RUN_LEASE_SECONDS)
    run.started_at, run.stage, run.share = now, "snapshot", 0
    run.touch("status", "attempts", "lease_token", "lease_until", "started_at", "stage", "share")
    return run


def _reporter(run_id: uuid.UUID, token: uuid.UUID) -> Callable[[engine.Progress], None]:
    """Return what the engine tells its progress to; it writes at most every half second, and only while leased."""
    last = time.monotonic()

    def report(progress: engine.Progress) -> None:
        nonlocal last
        if time.monotonic() - last < PROGRESS_EVERY:
            return
        last = time.monotonic()
        MatchRun.objects.filter(pk=run_id, lease_token=token, status=MatchRunStatus.RUNNING).update(
            stage=progress.stage,
            share=round(100 * progress.share),
            best_value=progress.value,
            best_bound=progress.bound,
            version=F("version") + 1,
            updated_at=clock.now(),
        )
        _let_go_of_the_database()

    return report


@transaction.atomic
def put_back(run_id: uuid.UUID, token: uuid.UUID, error: str, *, at_once: bool = False) -> None:
    """Return a run that could not be finished to the queue, or park it as failed after the last attempt."""
    run = MatchRun.objects.select_for_update().filter(pk=run_id, lease_token=token).first()
    if run is None or run.status != MatchRunStatus.RUNNING:
        return
    if run.attempts >= settings.RUN_ATTEMPTS:
        _end(run, MatchRunStatus.FAILED, error)
        return
    states.move(run, MatchRunStatus.QUEUED)
    run.last_error, run.lease_token, run.lease_until = error, None, None
    run.next_attempt_at = clock.now() + dt.timedelta(seconds=0 if at_once else 5 * 4 ** (run.attempts - 1))
    run.touch("status", "last_error", "lease_token", "lease_until", "next_attempt_at")
    if at_once:
        events.announce(RunQueued(run.pk))


@transaction.atomic
def record(
    run_id: uuid.UUID,
    token: uuid.UUID,
    taken: snapshots.Taken,
    result: engine.Result,
    diagnosis: engine.Diagnosis | None,
    *,
    milliseconds: int,
) -> bool:
    """Write the outcome in one short transaction, if the fence is still ours and the project still wants it.

    Every cell must pass the independent judge, and every member must still be what the snapshot says; otherwise nothing
    is written. Raises MarketMoved, or ValueError when a cell does not stand.
    """
    project_id = MatchRun.objects.values_list("project_id", flat=True).get(pk=run_id)
    project = Project.objects.select_for_update().get(pk=project_id)
    run = MatchRun.objects.select_for_update().filter(pk=run_id, lease_token=token).first()
    if run is None or run.status != MatchRunStatus.RUNNING:
        logger.warning("the lease of a run was lost before it could be recorded")
        return False
    if project.status != ProjectStatus.PUBLISHED or project.version != run.project_version:
        _end(run, MatchRunStatus.SUPERSEDED, "project_changed")
        return False
    replay = result.replay
    run.solve_milliseconds, run.candidates = milliseconds, taken.searched
    run.index_version = taken.index_version
    run.policy, run.engine_version, run.solver_version = replay.policy, replay.engine_version, replay.solver_version
    if isinstance(result, engine.Composed):
        _judge(taken.problem, result.cells)
        refs = {ref for cell in result.cells for ref in cell.refs}
        if snapshots.changed_members(project, taken, sorted(refs)):
            raise MarketMoved
        proposals.supersede(project_id=project.pk, reason="newer_run", spare_offers_at=run.project_version)
        proposals.save_all(run=run, project=project, taken=taken, cells=result.cells)
        run.best_value, run.best_bound = result.cells[0].value, result.cells[0].bound
        run.exhausted = result.exhausted
        status = MatchRunStatus.COMPOSED
    elif isinstance(result, engine.Infeasible):
        assert diagnosis is not None
        run.diagnosis = diagnoses.as_json(project, taken.problem, result, diagnosis)
        status = MatchRunStatus.INFEASIBLE
    else:
        raise TimeoutError("no cell was found in time, and none was proven impossible")
    run.stage, run.share = "done", 100
    states.move(run, status)
    run.last_error, run.finished_at, run.lease_token, run.lease_until = "", clock.now(), None, None
    run.touch(
        "status", "stage", "share", "best_value", "best_bound", "exhausted", "diagnosis", "last_error", "finished_at",
        "lease_token", "lease_until", "solve_milliseconds", "candidates", "policy", "engine_version", "solver_version",
        "index_version",
    )  # fmt: skip
    audit.record(subject=run, action=f"run.{status}", actor=None, digest=replay.problem_digest)
    outbox.publish(kind=f"run.{status}", subject=run, organization_id=project.organization_id)
    notices.run_ended(run, project, cells=len(result.cells) if isinstance(result, engine.Composed) else 0)
    return True


def _judge(problem: engine.Problem, cells: Sequence[engine.Cell]) -> None:
    """Ask the independent judge about every cell, under the difference rules that it was composed with."""
    for position, cell in enumerate(cells):
        rules = replace(problem, earlier=(*problem.earlier, *engine.earlier_cells(tuple(cells[:position]))))
        verdict = engine.verify(rules, [(member.ref, member.seat) for member in cell.members], cell.value)
        if not verdict.holds:
            raise ValueError(f"the judge refuses a composed cell: {verdict.violations[0].rule}")


# -- sweeping ---------------------------------------------------------------------------------------------------------
def due_ids(limit: int = 100) -> list[uuid.UUID]:
    """Return the runs that somebody should work on now, oldest first."""
    return list(MatchRun.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:limit])


def request_missing() -> int:
    """Ask for runs of published projects that have none at their version; return how many.

    A lost doorbell costs seconds, not work.
    """
    known = MatchRun.objects.filter(project=OuterRef("pk"), project_version=OuterRef("version"))
    waiting = list(Project.objects.filter(~Exists(known), status=ProjectStatus.PUBLISHED)[:100])
    asked = 0
    for project in waiting:
        try:
            request(project=project, cause="swept", actor=None)
            asked += 1
        except Conflict:  # withdrawn a moment ago
            continue
    return asked

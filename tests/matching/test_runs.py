"""A run is claimed once, fenced, retried, and recorded once, whatever happens to those who work on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from marketplace.clients.models import Project
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from matching import engine, snapshots
from matching.models import MatchRun, Proposal
from matching.services import runs
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return cells.published_project()


def queued(project: Project) -> MatchRun:
    return runs.request(project=project, cause="published", actor=None)


def lapse(run: MatchRun) -> None:
    MatchRun.objects.filter(pk=run.pk).update(lease_until=clock.now() - dt.timedelta(seconds=1))


def solved(run: MatchRun) -> tuple[snapshots.Taken, engine.Result]:
    taken = snapshots.take(run.project)
    return taken, engine.solve(taken.problem)


def test_a_run_composes_cells_with_proof_and_a_stored_snapshot(project: Project) -> None:
    run = queued(project)
    runs.execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.attempts, run.share) == ("composed", 1, 100)
    assert run.lease_token is None
    best = run.proposals.get(rank=1)
    assert best.proof_status == "optimal"
    assert best.members.count() == project.seats.count()
    loaded = snapshots.load(run.snapshot)
    assert engine.digest(loaded.problem) == run.snapshot.digest


def test_asking_twice_gives_the_same_live_run(project: Project) -> None:
    assert queued(project) == queued(project)


def test_a_changed_project_supersedes_the_run_for_what_it_was(project: Project) -> None:
    first = queued(project)
    project.touch()
    second = queued(project)
    first.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "queued")


def test_a_draft_is_not_composed_for(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(status="draft")
    with pytest.raises(Conflict) as refusal:
        queued(project)
    assert refusal.value.code == "project_not_published"
    assert not MatchRun.objects.exists()


def test_only_one_of_two_workers_gets_the_claim(project: Project) -> None:
    run = queued(project)
    assert runs.claim(run.pk) is not None
    assert runs.claim(run.pk) is None


def test_a_lapsed_lease_lets_another_worker_claim(project: Project) -> None:
    run = queued(project)
    first = runs.claim(run.pk)
    assert first is not None
    lapse(run)
    second = runs.claim(run.pk)
    assert second is not None
    assert second.attempts == 2
    assert second.lease_token != first.lease_token


def test_a_worker_that_wakes_after_its_lease_cannot_write(project: Project) -> None:
    run = queued(project)
    zombie = runs.claim(run.pk)
    assert zombie is not None
    taken, result = solved(zombie)
    lapse(run)
    runs.execute(run.pk)
    before = list(Proposal.objects.values_list("pk", "version"))
    assert not runs.record(run.pk, zombie.lease_token, taken, result, None, milliseconds=1)
    runs.put_back(run.pk, zombie.lease_token, "late")
    assert list(Proposal.objects.values_list("pk", "version")) == before
    run.refresh_from_db()
    assert (run.status, run.attempts) == ("composed", 2)


def test_poison_work_is_parked_after_its_attempts_with_a_reason(project: Project, settings: object) -> None:
    run = queued(project)
    for _attempt in range(3):
        assert runs.claim(run.pk) is not None
        lapse(run)
    assert runs.claim(run.pk) is None
    run.refresh_from_db()
    assert run.status == "failed"
    assert run.last_error


def test_an_error_puts_the_run_back_with_a_later_time(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("the market is on fire")

    monkeypatch.setattr(snapshots, "take", broken)
    run = queued(project)
    runs.execute(run.pk)
    run.refresh_from_db()
    assert run.status == "queued"
    assert run.next_attempt_at > clock.now()
    assert run.last_error == "RuntimeError at stage snapshot"
    assert run.pk not in runs.due_ids()


def change_rate(person: object) -> None:
    person.rate_amount += 1  # type: ignore[attr-defined]
    person.touch("rate_amount")  # type: ignore[attr-defined]


def pause(person: object) -> None:
    person.status = "paused"  # type: ignore[attr-defined]
    person.touch("status")  # type: ignore[attr-defined]


@pytest.mark.parametrize("change", [change_rate, pause])
def test_a_member_who_changed_meanwhile_leads_to_a_fresh_solve(
    project: Project, change: Callable[[object], None]
) -> None:
    run = queued(project)
    claimed = runs.claim(run.pk)
    assert claimed is not None
    taken, result = solved(claimed)
    assert isinstance(result, engine.Composed)
    person = cells.person(taken.person(result.cells[0].refs[0]))
    change(person)
    with pytest.raises(runs.MarketMoved):
        runs.record(run.pk, claimed.lease_token, taken, result, None, milliseconds=1)
    assert not Proposal.objects.exists()


def test_a_cell_that_the_judge_refuses_is_not_saved(project: Project) -> None:
    run = queued(project)
    claimed = runs.claim(run.pk)
    assert claimed is not None
    taken, result = solved(claimed)
    assert isinstance(result, engine.Composed)
    flattered = replace(result.cells[0], value=result.cells[0].value + 1, bound=result.cells[0].bound + 1)
    with pytest.raises(ValueError, match="judge refuses"):
        runs.record(run.pk, claimed.lease_token, taken, replace(result, cells=(flattered,)), None, milliseconds=1)
    assert not Proposal.objects.exists()


def test_a_project_withdrawn_while_solving_gets_no_proposals(project: Project) -> None:
    run = queued(project)
    claimed = runs.claim(run.pk)
    assert claimed is not None
    taken, result = solved(claimed)
    Project.objects.filter(pk=project.pk).update(status="draft")
    assert not runs.record(run.pk, claimed.lease_token, taken, result, None, milliseconds=1)
    run.refresh_from_db()
    assert run.status == "superseded"
    assert not Proposal.objects.exists()


def test_the_sweeper_asks_for_the_run_that_a_lost_doorbell_missed(project: Project) -> None:
    assert runs.request_missing() == 1
    assert MatchRun.objects.get().cause == "swept"
    assert runs.request_missing() == 0


def test_a_newer_run_supersedes_older_cells_but_not_an_offer_for_the_same_project(project: Project) -> None:
    runs.execute(queued(project).pk)
    offered = cells.offer_for(Proposal.objects.get(rank=1)).proposal
    runs.execute(queued(project).pk)
    offered.refresh_from_db()
    assert offered.status == "offered"
    assert set(Proposal.objects.filter(run=offered.run).exclude(pk=offered.pk).values_list("status", flat=True)) <= {
        "superseded"
    }

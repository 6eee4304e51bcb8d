"""``kill -9`` in the middle of a run: the request still ends, once, and nothing is half-written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from marketplace.kernel import clock
from matching.models import MatchRun, Proposal, ReviewDecision
from matching.services import runs
from tests.factories import matching as cells
from tests.trust.celery_worker import kill, worker
from tests.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def status(run: MatchRun) -> str:
    return str(MatchRun.objects.values_list("status", flat=True).get(pk=run.pk))


def waits_for(table: str) -> Callable[[], bool]:
    """Return whether some session waits for a lock on ``table``."""

    def asked() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = %s::regclass)", [table]
            )
            return bool(cursor.fetchone()[0])

    return asked


def another_connection() -> psycopg.Connection[tuple[object, ...]]:
    made = connection.settings_dict
    return psycopg.connect(
        host=made["HOST"], port=made["PORT"], user=made["USER"], password=made["PASSWORD"], dbname=made["NAME"]
    )


@pytest.mark.parametrize("table", ["matching_snapshot", "matching_proposal"])
def test_a_run_whose_worker_is_killed_in_the_middle_still_ends_once(tmp_path: Path, table: str) -> None:
    """The table holds the worker up while it stores the snapshot, or while it records what it has composed."""
    run = runs.request(project=cells.published_project(), cause="requested", actor=None)
    with another_connection() as other:
        other.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        with worker(tmp_path / "first.log") as victim:
            eventually(waits_for(table), what="the worker reaches the middle of the run")
            assert status(run) == "running"
            kill(victim)
        other.rollback()
    assert status(run) == "running"
    assert not Proposal.objects.exists()
    # The lease is a column: let its time come instead of waiting for it.
    MatchRun.objects.filter(pk=run.pk).update(lease_until=clock.now() - dt.timedelta(seconds=1))

    with worker(tmp_path / "second.log"):
        eventually(lambda: status(run) not in {"queued", "running"}, what="another worker ends the run")
    run.refresh_from_db()
    assert (run.status, run.attempts) == ("composed", 2)
    ranks = list(Proposal.objects.order_by("rank").values_list("rank", flat=True))
    assert ranks == list(range(1, len(ranks) + 1))
    assert ranks
    assert not ReviewDecision.objects.exists()


def test_a_published_project_is_composed_for_although_its_message_was_lost(tmp_path: Path) -> None:
    """Nobody rings: the worker's own sweep finds the project."""
    project = cells.published_project()
    with worker(tmp_path / "worker.log"):
        eventually(lambda: MatchRun.objects.filter(project=project, status="composed").exists(), what="the run ends")
    assert MatchRun.objects.get(project=project).cause == "swept"

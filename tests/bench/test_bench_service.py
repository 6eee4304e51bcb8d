"""What is asked of the service: briefs that it accepts, changes that matching sees, memory that is told right."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from bench import briefs, live, worker_memory
from marketplace.clients.models import Project
from marketplace.kernel import clock
from profiles.services import taxonomy
from profiles.taxonomy.source import read_taxonomy
from tests.conftest import Cast
from tests.factories import matching as cells


@pytest.fixture(autouse=True)
def _markets_of_our_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp()))


@pytest.mark.django_db
def test_the_service_takes_the_briefs(cast: Cast, api: Callable[..., APIClient]) -> None:
    taxonomy.load_taxonomy(read_taxonomy())
    client = api(cast.client)
    for body in briefs.bodies(1_000, 8, 1, clock.today()):
        answer = client.post("/api/v1/projects", body)
        assert answer.status_code == 201, answer.json()
        assert client.post(f"/api/v1/projects/{answer.json()['id']}/publish").status_code == 200
    assert Project.objects.filter(status="published").count() == 8


def test_briefs_begin_in_the_future_on_any_day() -> None:
    later = clock.today().replace(year=clock.today().year + 2)
    assert all(body["starts_on"] > later.isoformat() for body in briefs.bodies(1_000, 8, 1, later))


@pytest.mark.django_db(transaction=True)
def test_changes_are_seen_by_matching_without_a_rebuild(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    settings.INDEX_FOLDER = str(tmp_path / "index")  # type: ignore[attr-defined]
    project = cells.published_project()
    found = live.changes(project, 12, 1, 9)
    assert {finding.what.partition(": ")[2]: finding.value for finding in found.findings}[
        "changes that were not seen at once"
    ] == 0.0
    assert len(found.samples["changes"]["seen"]) == 9


@pytest.mark.django_db(transaction=True)
def test_a_market_that_does_not_follow_is_noticed(
    tmp_path: Path, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.INDEX_FOLDER = str(tmp_path / "index")  # type: ignore[attr-defined]
    project = cells.published_project()
    stale = live.snapshots.take(project)
    monkeypatch.setattr(live.snapshots, "take_from_index", lambda *given: stale)
    assert live.changes(project, 12, 1, 6).findings[1].met is False


@pytest.mark.django_db
def test_the_naive_pool_is_compared_with_the_proven_optimum() -> None:
    run = cells.composed_run()
    found = live.naive_pools([run], 12)
    row = found.samples["naive_pool"]["projects"][0]
    assert row["optimum"] == run.proposals.get(rank=1).certificate["best_value"]
    # Twelve people fit into the pool whole, so that it holds the optimum.
    assert (row["pool"], row["value"]) == (12, row["optimum"])


def test_memory_tells_shared_pages_of_the_index_from_copied_ones(tmp_path: Path) -> None:
    page, count = mmap.PAGESIZE, 64
    path = tmp_path / worker_memory.INDEX_FILE
    path.write_bytes(os.urandom(page * count))
    beside = worker_memory.memory(os.getpid())  # this process may have a market open from an earlier test
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapped:
        assert sum(mapped[number * page] for number in range(count)) > 0
        before = worker_memory.memory(os.getpid())
        for number in range(16):
            mapped[number * page] = 0
        after = worker_memory.memory(os.getpid())
    assert (before.index - beside.index, before.index_copied - beside.index_copied) == (page * count, 0)
    assert after.index_copied - beside.index_copied == page * 16
    assert after.peak > after.index


def test_a_family_holds_children_and_not_strangers() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        found = worker_memory.family(os.getpid())
        assert {os.getpid(), child.pid} <= set(found)
        assert os.getppid() not in found
    finally:
        child.communicate(b"\n")

"""Whatever happens to its files, a worker ends up with an index that says what the database says."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import connection, transaction
from rest_framework.test import APIClient

from marketplace.clients.models import Project
from marketplace.kernel import clock
from matching import engine, snapshots
from matching.index import keeper as keepers
from matching.index.build import build
from matching.index.keeper import Keeper
from matching.index.store import Manifest, Store, Unusable
from matching.services import runs
from profiles import feed
from profiles.models import Professional
from tests.factories import matching as cells
from tests.factories import profiles
from tests.trust.celery_worker import database_url
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project() -> Project:
    return Project.objects.get(pk=cells.published_project().pk)


def data_file(keeper: Keeper) -> Path:
    return keeper.store.folder / str(keeper.store.current()) / "columns.bin"


def is_right(keeper: Keeper, project: Project) -> bool:
    return engine.digest(snapshots.take_from_index(project, keeper).problem) == engine.digest(
        snapshots.take(project).problem
    )


# -- faults of files --------------------------------------------------------------------------------------------------
def delete_everything(keeper: Keeper) -> None:
    for path in sorted(keeper.store.folder.rglob("*"), reverse=True):
        path.unlink() if path.is_symlink() or path.is_file() else path.rmdir()


def delete_data(keeper: Keeper) -> None:
    data_file(keeper).unlink()


def truncate(keeper: Keeper) -> None:
    os.truncate(data_file(keeper), data_file(keeper).stat().st_size // 2)


def flip_a_bit_of_a_column(keeper: Keeper) -> None:
    offset, length, _checksum = keeper.store.manifest().columns["seniority"]
    assert length
    with data_file(keeper).open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1]))


def rewrite_manifest(change: Callable[[dict[str, object]], None]) -> Callable[[Keeper], None]:
    def damage(keeper: Keeper) -> None:
        path = data_file(keeper).with_name("manifest.json")
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))

    return damage


def write_nonsense(keeper: Keeper) -> None:
    data_file(keeper).with_name("manifest.json").write_text("{")


FAULTS: dict[str, Callable[[Keeper], None]] = {
    "everything deleted": delete_everything,
    "data deleted": delete_data,
    "data cut short": truncate,
    "a bit flipped": flip_a_bit_of_a_column,
    "another format": rewrite_manifest(lambda content: content["manifest"].update(format=0)),  # type: ignore[attr-defined]
    "a number changed in the manifest": rewrite_manifest(
        lambda content: content["manifest"].update(people=1)  # type: ignore[attr-defined]
    ),
    "no manifest to speak of": write_nonsense,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_damaged_index_is_noticed_when_opened_and_rebuilt(
    keeper: Keeper, folder: Path, project: Project, fault: Callable[[Keeper], None]
) -> None:
    keeper.refresh()
    version = keeper.store.current()
    fault(keeper)
    with pytest.raises(Unusable):
        keeper.store.open()
    started_later = Keeper(folder)
    assert is_right(started_later, project)
    assert started_later.store.current() != version


@pytest.mark.parametrize("fault", [delete_everything, delete_data, truncate, flip_a_bit_of_a_column])
def test_an_index_that_is_damaged_while_a_worker_has_it_open_is_noticed_and_rebuilt(
    keeper: Keeper, project: Project, fault: Callable[[Keeper], None]
) -> None:
    assert is_right(keeper, project)
    version = keeper.store.current()
    fault(keeper)
    assert is_right(keeper, project)
    assert keeper.store.current() != version


def test_a_run_composes_although_its_index_was_cut_short_in_between(folder: Path, project: Project) -> None:
    first = runs.request(project=project, cause="requested", actor=None)
    runs.execute(first.pk)
    truncate(keepers.keeper())
    second = runs.request(project=project, cause="requested", actor=None)
    runs.execute(second.pk)
    for run in (first, second):
        run.refresh_from_db()
        assert run.status == "composed"
    assert first.index_version.split("@")[0] != second.index_version.split("@")[0]
    assert second.index_version == keepers.keeper().version


# -- building ---------------------------------------------------------------------------------------------------------
def test_two_builders_at_once_make_one_index(keeper: Keeper, project: Project) -> None:
    stages: list[str] = []

    def work(_number: int) -> Manifest:
        with closing(connection):
            return build(keeper.store, unless=lambda _found: True, tell=stages.append)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(work, range(2))
    assert first.version == second.version
    assert stages.count("people") == 1


def test_a_builder_that_is_killed_leaves_no_harm_and_no_leftovers(
    keeper: Keeper, folder: Path, project: Project
) -> None:
    keeper.refresh()
    version = keeper.store.current()
    made = connection.settings_dict
    with psycopg.connect(
        host=made["HOST"], port=made["PORT"], user=made["USER"], password=made["PASSWORD"], dbname=made["NAME"]
    ) as other:
        other.execute("LOCK TABLE profiles_skillclaim")
        builder = subprocess.Popen(
            [sys.executable, str(configured.BASE_DIR / "manage.py"), "build_index", "--force"],
            env={**os.environ, "DATABASE_URL": database_url(), "INDEX_FOLDER": str(folder)},
            stdout=subprocess.DEVNULL,
        )
        try:
            eventually(lambda: _waits_for("profiles_skillclaim"), what="the builder is in the middle")
        finally:
            builder.send_signal(signal.SIGKILL)
            builder.wait()
        other.rollback()
    leftover = keeper.store.folder / "building-by-somebody-killed"
    leftover.mkdir()
    (leftover / "columns.bin").write_bytes(b"half")
    assert keeper.store.current() == version
    assert is_right(Keeper(folder), project)
    call_command("build_index", "--force", stdout=StringIO())
    assert keeper.store.current() != version
    assert {path.name for path in keeper.store.folder.iterdir()} == {"current", "lock", keeper.store.current()}
    assert is_right(keeper, project)


def _waits_for(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = %s::regclass)", [table])
        return bool(cursor.fetchone()[0])


def test_the_command_builds_once_and_again_only_when_forced(folder: Path, project: Project) -> None:
    def run(*words: str) -> str:
        out = StringIO()
        call_command("build_index", *words, stdout=out)
        return out.getvalue()

    assert "12 people is ready" in run()
    assert "is still good" in run()
    assert "12 people is ready" in run("--force")


def test_workers_share_a_version_and_find_a_newer_one_by_themselves(
    keeper: Keeper, folder: Path, project: Project
) -> None:
    other = Keeper(folder)
    keeper.refresh()
    other.refresh()
    assert keeper.version.split("@")[0] == other.version.split("@")[0]
    newer = build(keeper.store, tell=lambda _stage: None)
    assert is_right(other, project)
    assert other.version.startswith(newer.version)


def test_what_one_worker_patches_another_does_not_see_in_its_file(
    keeper: Keeper, folder: Path, project: Project
) -> None:
    keeper.refresh()
    before = data_file(keeper).read_bytes()
    person = Professional.objects.first()
    assert person is not None
    person.seniority = 5
    person.touch("seniority")
    assert is_right(keeper, project)
    assert data_file(keeper).read_bytes() == before
    assert is_right(Keeper(folder), project)


# -- markets of every size --------------------------------------------------------------------------------------------
def test_an_empty_market_has_an_index_and_an_infeasible_run(folder: Path) -> None:
    project = Project.objects.get(pk=cells.published_project(with_market=False).pk)
    assert is_right(keepers.keeper(), project)
    run = runs.request(project=project, cause="requested", actor=None)
    runs.execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.candidates) == ("infeasible", 0)
    assert run.index_version


def test_people_who_come_into_an_empty_market_find_room(keeper: Keeper) -> None:
    project = Project.objects.get(pk=cells.published_project(with_market=False).pk)
    keeper.refresh()
    version = keeper.store.current()
    cells.market()
    assert is_right(keeper, project)
    assert keeper.store.current() == version


def test_a_market_of_one_person_is_read(keeper: Keeper) -> None:
    project = Project.objects.get(pk=cells.published_project(with_market=False).pk)
    only = profiles.professional()
    assert list(snapshots.take_from_index(project, keeper).people) == [only.pk]
    assert is_right(keeper, project)


def test_more_newcomers_than_there_are_spare_rows_lead_to_a_new_version(keeper: Keeper, project: Project) -> None:
    opened = keeper.store
    keeper.refresh()
    version = opened.current()
    spare = opened.manifest().capacity - opened.manifest().people
    Professional.objects.bulk_create(Professional(status="active") for _ in range(spare + 1))
    assert is_right(keeper, project)
    assert opened.current() != version


def test_a_bulk_load_leads_to_a_new_version(keeper: Keeper, project: Project) -> None:
    keeper.refresh()
    version = keeper.store.current()
    with transaction.atomic(), feed.suspended():
        profiles.professional()
    assert is_right(keeper, project)
    assert keeper.store.current() != version


def test_an_index_older_than_the_feed_remembers_is_rebuilt(keeper: Keeper, folder: Path, project: Project) -> None:
    keeper.refresh()
    version = keeper.store.current()
    profiles.professional()
    assert feed.forget(before=clock.now() + dt.timedelta(minutes=1)) >= 1
    started_later = Keeper(folder)
    assert is_right(started_later, project)
    assert started_later.store.current() != version


def test_a_rebuild_aside_happens_only_when_the_index_is_worn(
    keeper: Keeper, folder: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("INDEX_FOLDER", str(folder))
    assert keepers.rebuild_aside()
    built = keeper.store.current()
    assert built
    profiles.professional()
    assert not keepers.rebuild_aside()
    Professional.objects.bulk_create(Professional(status="active") for _ in range(600))
    assert keepers.rebuild_aside()
    assert keeper.store.current() != built
    assert is_right(keeper, project)


# -- where it lies ----------------------------------------------------------------------------------------------------
def test_the_folder_is_for_its_owner_alone_and_each_database_has_its_own(folder: Path) -> None:
    store = Store(folder, keepers.database_key())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert store.folder.stat().st_mode & 0o777 == 0o700
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == (1,)
    assert Store(folder, "another").folder != store.folder


def test_a_run_records_its_index_and_stores_only_whom_a_seat_would_take(folder: Path, project: Project) -> None:
    for _ in range(30):
        profiles.professional()
    run = cells.composed_run(project)
    assert run.status == "composed"
    assert run.index_version == keepers.keeper().version
    assert run.candidates == 42
    stored = snapshots.load(run.snapshot)
    assert 0 < len(stored.people) < 42
    best = engine.solve(snapshots.take(project).problem, engine.Limits(cells=1, seconds=30))
    assert isinstance(best, engine.Composed)
    assert run.best_value == best.cells[0].value


def test_readiness_tells_the_version_and_how_worn_it_is(api: Callable[[], APIClient], folder: Path) -> None:
    def told() -> dict[str, object]:
        return dict(api().get("/readyz").json()["checks"]["index"])

    assert told() == {"ok": True, "version": None}
    cells.market()
    keeper = Keeper(folder)
    keeper.refresh()
    person = Professional.objects.first()
    assert person is not None
    person.touch("seniority")
    report = told()
    assert (report["ok"], report["version"], report["people"]) == (True, keeper.store.current(), 12)
    assert report["overlay_share"] == round(1 / 12, 4)
    write_nonsense(keeper)
    assert told()["ok"] is False

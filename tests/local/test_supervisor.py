"""The supervisor: named servers are used, roles stop in reverse order, and a death is not hidden."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from marketplace.local.faults import LocalFault, Terminated
from marketplace.local.processes import ProcessSpec
from marketplace.local.supervisor import Services, Supervisor, handled_signals, run


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Services:
    """Services whose servers the environment names."""
    monkeypatch.setenv("DATABASE_URL", "postgres://app:x@db.example/celula")
    monkeypatch.setenv("REDIS_URL", "redis://redis.example/0")
    return Services(None)


def role(name: str, folder: Path, script: str) -> ProcessSpec:
    log = folder / f"{name}.log"
    return ProcessSpec(
        name=name,
        command=["/bin/sh", "-c", script],
        log=log,
        environment={"PATH": "/usr/bin:/bin"},
        ready=lambda: "up" in log.read_text(),
        folder=folder,
    )


def test_servers_that_the_environment_names_are_used_and_none_is_started(
    given: Services, descendants: Callable[[int], set[int]]
) -> None:
    before = descendants(os.getpid())
    with given:
        assert given.database_url == "postgres://app:x@db.example/celula"
        assert given.redis_url == "redis://redis.example/0"
        assert len(given.environment["SECRET_KEY"]) > 40
        assert descendants(os.getpid()) == before


def test_an_empty_variable_names_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "redis://redis.example/0")
    with Services(None) as services, psycopg.connect(services.database_url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("app",)


def test_roles_stop_in_the_reverse_of_their_order(given: Services, tmp_path: Path) -> None:
    with given, Supervisor(given) as roles:
        for name in ("first", "second", "third"):
            roles.start(role(name, tmp_path, f"trap 'echo {name} >> order; exit' TERM; echo up; while :; do :; done"))
    assert (tmp_path / "order").read_text().split() == ["third", "second", "first"]


def test_a_role_that_ends_by_itself_ends_the_wait_and_is_named(given: Services, tmp_path: Path) -> None:
    with given, Supervisor(given) as roles:
        roles.start(role("steady", tmp_path, "echo up; exec sleep 60"))
        roles.start(role("mortal", tmp_path, "echo up; exec sleep 0.2"))
        with pytest.raises(LocalFault, match="mortal ended by itself"):
            roles.wait()


def test_a_role_that_does_not_start_leaves_none_of_the_others_running(
    given: Services, tmp_path: Path, descendants: Callable[[int], set[int]]
) -> None:
    def start_both() -> None:
        with given, Supervisor(given) as roles:
            roles.start(role("steady", tmp_path, "echo up; exec sleep 60"))
            roles.start(role("broken", tmp_path, "exit 1"))

    before = descendants(os.getpid())
    with pytest.raises(LocalFault, match="broken ended while starting"):
        start_both()
    assert descendants(os.getpid()) == before


def test_a_foreground_command_passes_its_exit_code_on() -> None:
    assert run(["/bin/sh", "-c", "exit 7"], {}) == 7
    assert run(["/bin/sh", "-c", "kill -9 $$"], {}) == 137


def test_sigterm_becomes_an_exception_that_broad_handlers_do_not_swallow_and_a_second_one_is_ignored() -> None:
    cleaned = []

    def work() -> None:
        with handled_signals():
            try:
                try:
                    os.kill(os.getpid(), signal.SIGTERM)
                except Exception:
                    pytest.fail("swallowed")
            finally:
                os.kill(os.getpid(), signal.SIGTERM)
                cleaned.append(True)

    with pytest.raises(Terminated):
        work()
    assert cleaned


def test_ctrl_c_ends_the_foreground_command_and_the_servers(
    tmp_path: Path, descendants: Callable[[int], set[int]], ends: Callable[[int, float], bool]
) -> None:
    script = (
        "import sys; from marketplace.local.supervisor import *\n"
        "with handled_signals(), Services(None) as services:\n"
        "    code = \"print('up', flush=True); import signal; signal.pause()\"\n"
        "    run([sys.executable, '-c', code], services.environment)\n"
    )
    root = Path(__file__).parents[2]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(root)},
        start_new_session=True,
    ) as verb:
        assert verb.stdout is not None
        assert verb.stdout.readline() == b"up\n"
        below = descendants(verb.pid)
        assert len(below) > 3
        os.killpg(verb.pid, signal.SIGINT)
        verb.wait(30)
    assert [pid for pid in below if not ends(pid, 0)] == []

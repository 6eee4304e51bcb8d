"""A supervised process ends with all that it started, with its supervisor, and takes nobody else along."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from marketplace.local import processes
from marketplace.local.faults import LocalFault

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


def spec(tmp_path: Path, script: str, **changes: object) -> processes.ProcessSpec:
    log = tmp_path / "log"
    values: dict[str, object] = {
        "name": "script",
        "command": ["/bin/sh", "-c", script],
        "log": log,
        "environment": ENVIRONMENT,
        "ready": lambda: log.exists() and "up" in log.read_text(),
        "ready_within": 10.0,
        "stop_within": 0.2,
    }
    return processes.ProcessSpec(**(values | changes))  # type: ignore[arg-type]


def test_stopping_ends_grandchildren_and_the_deaf(tmp_path: Path, ends: Callable[[int, float], bool]) -> None:
    process = processes.start(spec(tmp_path, "trap '' TERM; sleep 60 & echo $! up; wait; sleep 60"))
    process.wait_ready()
    grandchild = int((tmp_path / "log").read_text().split()[0])
    process.stop()
    assert ends(process.pid, 0)
    assert ends(grandchild, 1)


def test_stopping_leaves_processes_that_it_did_not_start(tmp_path: Path) -> None:
    neighbor = subprocess.Popen(["sleep", "60"])
    try:
        process = processes.start(spec(tmp_path, "echo up; exec sleep 60"))
        process.wait_ready()
        process.stop()
        process.stop()
        assert neighbor.poll() is None
    finally:
        neighbor.kill()
        neighbor.wait()


def test_a_process_that_ends_while_starting_is_reported_with_its_last_words(tmp_path: Path) -> None:
    process = processes.start(spec(tmp_path, "echo no such luck; exit 3"))
    with pytest.raises(LocalFault, match="ended while starting") as caught:
        process.wait_ready()
    process.stop()
    assert caught.value.log_tail == "no such luck"


def test_a_process_that_is_never_ready_is_given_up_in_time(tmp_path: Path) -> None:
    process = processes.start(spec(tmp_path, "exec sleep 60", ready_within=0.1))
    with pytest.raises(LocalFault, match="was not ready after"):
        process.wait_ready()
    process.stop()
    assert process.has_ended()


def test_a_program_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LocalFault, match="script cannot be started"):
        processes.start(spec(tmp_path, "", command=["/nonexistent/program"]))


def test_a_child_follows_its_supervisor_into_a_sudden_death(tmp_path: Path, ends: Callable[[int, float], bool]) -> None:
    code = (
        "import pathlib, signal; from marketplace.local import processes as p\n"
        "child = p.start(p.ProcessSpec('sleep', ['/bin/sleep', '60'], pathlib.Path('log'), {}, lambda: True))\n"
        "print(child.pid, flush=True); signal.pause()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=tmp_path, env=environment
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        supervisor.send_signal(signal.SIGKILL)
    assert ends(child, 5)

"""A PostgreSQL and Valkey pair that stays up in the background for development: ``eval "$(./market env)"``."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

from marketplace.local import places, processes
from marketplace.local.faults import LocalFault, Terminated
from marketplace.local.supervisor import SHARED, Services, forget_shared_variables, handled_signals, shared_variables

NAME = "env"
_START_SECONDS = 60.0


def exports() -> str:
    """Start the pair unless it runs already, and return the shell lines that point a process at it."""
    state = places.state_folder(NAME)
    keeper = None
    if not places.lock_is_held(state):
        # Before the new keeper holds the lock, or an old answer would pass for its own.
        forget_shared_variables(NAME)
        keeper = _spawn(state)
    deadline = time.monotonic() + _START_SECONDS
    while (variables := shared_variables(NAME)) is None:
        # Two callers may have spawned; the keeper that lost the lock ends, and the other one's answer serves both.
        if keeper is not None and keeper.poll() is not None and not places.lock_is_held(state):
            raise LocalFault("The development servers did not start.", log_tail=processes.tail(state / "keeper.log"))
        if time.monotonic() > deadline:
            raise LocalFault(f"The development servers are not up after {_START_SECONDS:.0f} s.")
        time.sleep(0.05)
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in {**variables, "DEBUG": "1"}.items())


def stop() -> str:
    """Stop the pair and return a sentence that says what was done."""
    state = places.state_folder(NAME)
    try:
        pid = int(json.loads(_keeper(state).read_text()))
    except (OSError, ValueError):
        pid = 0
    if not pid or not places.lock_is_held(state):
        return "No development servers are running."
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _START_SECONDS
    while places.lock_is_held(state):
        if time.monotonic() > deadline:
            raise LocalFault(f"The keeper of the development servers (pid {pid}) does not stop.")
        time.sleep(0.05)
    return "The development servers are stopped."


def keep() -> None:
    """Run the pair until SIGTERM; this is the background process that :func:`exports` starts."""
    try:
        with handled_signals(), Services(NAME, durable=False) as services:
            state = places.state_folder(NAME)
            _keeper(state).write_text(json.dumps(os.getpid()))
            while services.ended() is None:
                time.sleep(0.5)
    except (Terminated, KeyboardInterrupt):
        return


def _spawn(state: Path) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in SHARED}
    with (state / "keeper.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "marketplace.local", "env", "--keep"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=places.ROOT,
            env=environment,
            start_new_session=True,
        )


def _keeper(state: Path) -> Path:
    return state / "keeper.json"

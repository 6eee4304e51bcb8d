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
from marketplace.local.supervisor import Services, handled_signals

NAME = "env"
EXPORTED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "CELULA_DEMO_PASSWORD", "DEBUG")
_START_SECONDS = 60.0


def exports() -> str:
    """Start the pair unless it runs already, and return the shell lines that point a process at it."""
    state = places.state_folder(NAME)
    if not places.lock_is_held(state):
        _endpoints(state).unlink(missing_ok=True)
        _spawn(state)
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            variables = json.loads(_endpoints(state).read_text())
            break
        except (OSError, ValueError):
            if not places.lock_is_held(state) and time.monotonic() > deadline - _START_SECONDS + 5:
                raise LocalFault(
                    "The development servers did not start.", log_tail=processes.tail(state / "keeper.log")
                ) from None
            if time.monotonic() > deadline:
                raise LocalFault(f"The development servers are not up after {_START_SECONDS:.0f} s.") from None
            time.sleep(0.05)
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


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
            variables = {"DEBUG": "1", **services.environment}
            _keeper(state).write_text(json.dumps(os.getpid()))
            _write_private(_endpoints(state), json.dumps({name: variables[name] for name in EXPORTED}))
            try:
                while services.ended() is None:
                    time.sleep(0.5)
            finally:
                _endpoints(state).unlink(missing_ok=True)
    except (Terminated, KeyboardInterrupt):
        return


def _spawn(state: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in EXPORTED}
    with (state / "keeper.log").open("wb") as log:
        subprocess.Popen(
            [sys.executable, "-m", "marketplace.local", "env", "--keep"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=places.ROOT,
            env=environment,
            start_new_session=True,
        )


def _endpoints(state: Path) -> Path:
    return state / "endpoints.json"


def _keeper(state: Path) -> Path:
    return state / "keeper.json"


def _write_private(path: Path, text: str) -> None:
    """Write through a rename, so that a reader sees all or nothing, with mode 0600."""
    growing = path.with_suffix(".new")
    growing.unlink(missing_ok=True)
    descriptor = os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    growing.rename(path)

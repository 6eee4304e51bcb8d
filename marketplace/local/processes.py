"""One child process: started in a session of its own, watched without reaping, stopped with everything it started."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marketplace.local.faults import LocalFault
from marketplace.local.places import Account

_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.03
# Loaded before any fork: a child between fork and exec must not load libraries.
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class ProcessSpec:
    """What to run, how to know that it is ready, and how to stop it.

    ``ready`` is polled for up to ``ready_within`` seconds; ``stop_signal`` goes to the process itself, and after
    ``stop_within`` seconds, or once it has ended, SIGKILL goes to what is left of its group.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    ready: Callable[[], bool]
    folder: Path | None = None
    account: Account | None = None
    ready_within: float = 60.0
    stop_signal: int = signal.SIGTERM
    stop_within: float = 15.0


@dataclass
class RunningProcess:
    """A started process. Made by :func:`start`."""

    spec: ProcessSpec
    popen: subprocess.Popen[bytes]
    _reaped: bool = field(default=False)

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group and session."""
        return self.popen.pid

    def has_ended(self) -> bool:
        """Tell whether the process has ended, leaving it unreaped so that its id cannot be given to another."""
        if self._reaped:
            return True
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def wait_ready(self) -> None:
        """Wait until the spec's ``ready`` answers yes. Raises LocalFault with the log's tail if it ends or is late."""
        deadline = time.monotonic() + self.spec.ready_within
        while not self.spec.ready():
            if self.has_ended():
                raise LocalFault(f"{self.spec.name} ended while starting.", log_tail=tail(self.spec.log))
            if time.monotonic() > deadline:
                raise LocalFault(
                    f"{self.spec.name} was not ready after {self.spec.ready_within:.0f} s; its log is {self.spec.log}.",
                    log_tail=tail(self.spec.log),
                )
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End the process and its group: the polite signal first, SIGKILL to whatever is left. Safe to call twice."""
        if self._reaped:
            return
        if not self.has_ended():
            os.kill(self.pid, self.spec.stop_signal)
            deadline = time.monotonic() + self.spec.stop_within
            while not self.has_ended() and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
        self.kill()

    def kill(self) -> None:
        """SIGKILL the process and its group, then reap it. The unreaped leader keeps the group's id ours until then."""
        if self._reaped:
            return
        os.killpg(self.pid, signal.SIGKILL)
        self.popen.wait()
        self._reaped = True


def start(spec: ProcessSpec) -> RunningProcess:
    """Start ``spec`` in a new session with its output appended to its log, not waiting for readiness.

    The kernel sends ``stop_signal`` to it when this process dies, however it dies. Call it from the main
    thread: the kernel watches the thread that forked. Raises LocalFault when the program cannot be started.
    """
    parent = os.getpid()

    def follow_parent() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(spec.stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    spec.log.parent.mkdir(parents=True, exist_ok=True)
    with spec.log.open("ab") as log:
        try:
            popen = subprocess.Popen(
                list(spec.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=spec.folder,
                env=dict(spec.environment),
                start_new_session=True,
                # The death signal is cleared by a change of account, and this hook runs after that change.
                preexec_fn=follow_parent,
                **identity(spec.account),
            )
        except OSError as error:
            raise LocalFault(f"{spec.name} cannot be started: {error}.") from error
    return RunningProcess(spec, popen)


def identity(account: Account | None) -> dict[str, Any]:
    """Return the arguments of ``subprocess`` that run a child as ``account`` without the groups of ours."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "umask": 0o077}


def tail(log: Path, lines: int = 15) -> str:
    """Return the last ``lines`` lines of ``log``, or an empty text when there is none."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 16_384))
            return "\n".join(stream.read().decode(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def keep_previous(log: Path) -> None:
    """Move ``log`` aside to ``<log>.previous``, so that each run has its own and the last one can still be read."""
    if log.exists():
        log.replace(log.with_name(log.name + ".previous"))


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on at this moment; another process may still take it first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Tell whether TCP ``port`` of 127.0.0.1 can be listened on at this moment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

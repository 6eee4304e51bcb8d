"""Starts the servers and the roles in order, waits for each to be ready, and stops them in reverse order.

Nothing is restarted silently: when one process ends, the whole ends and says which one and what it wrote last.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType, TracebackType

from marketplace.local import generated_keys, places, processes
from marketplace.local.faults import LocalFault, Terminated
from marketplace.local.postgres import PostgresServer
from marketplace.local.valkey import ValkeyServer

_SHARED_FILE = "shared.json"
_HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_GRACE_SECONDS = 10.0
# What another process needs to work on the same servers and data.
SHARED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "CELULA_DEMO_PASSWORD")


class Services:
    """PostgreSQL and Valkey for one purpose, as a context manager; servers that the environment names are used.

    ``Services("serve")`` keeps its data in ``.local/serve`` and admits one user at a time; ``Services(None)`` is
    private: temporary, gone at the end, and without fsync unless ``durable``. Inside, ``database_url``, ``redis_url``
    and ``environment`` (a copy of ours plus all the settings read) are there for the processes to come.
    """

    def __init__(self, name: str | None, *, durable: bool | None = None, verb: str | None = None) -> None:
        """Describe the services; nothing runs yet."""
        self._name = name
        self._verb = verb or name or "test"
        self._durable = durable if durable is not None else name is not None
        self._stack = ExitStack()
        self._servers: list[PostgresServer | ValkeyServer] = []
        self.environment: dict[str, str] = {}
        self.logs = Path()

    @property
    def database_url(self) -> str:
        """The ``DATABASE_URL`` of the unprivileged role, or the one that the environment gave."""
        return self.environment["DATABASE_URL"]

    @property
    def redis_url(self) -> str:
        """The ``REDIS_URL``, ours or the environment's."""
        return self.environment["REDIS_URL"]

    def __enter__(self) -> Services:
        """Start what the environment does not name. Raises LocalFault, with nothing left running."""
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, last started first."""
        self._stack.close()

    def ended(self) -> str | None:
        """Return a sentence when one of our servers has ended by itself."""
        for server in self._servers:
            if server.has_ended():
                return f"{type(server).__name__.removesuffix('Server')} ended by itself; its log is {server.log}."
        return None

    def _start(self) -> None:
        if self._name is None:
            state, data = self._temporary_folders()
        else:
            state, data = places.state_folder(self._name), places.postgres_folder(self._name)
            self._stack.enter_context(places.InstanceLock(state, self._verb))
            # A holder that was killed could not remove it, and its servers are gone.
            forget_shared_variables(self._name)
        self.logs = state / "logs"
        given = {name: value for name, value in os.environ.items() if value}
        keys, are_new = generated_keys.load_or_generate(state / "keys.json")
        if are_new and (data / "postgres").exists() and "DATABASE_URL" not in given:
            (state / "keys.json").unlink()
            raise LocalFault(f"The keys of the data in {data} are gone: run `./market clean` to begin anew.")
        self.environment = {
            **keys.environment,
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "marketplace.settings",
            **given,
        }
        if "DATABASE_URL" not in given:
            postgres = PostgresServer(
                data / "postgres",
                log=self.logs / "postgres.log",
                durable=self._durable,
                password=keys.database_password,
            )
            self._servers.append(self._stack.enter_context(postgres))
            self.environment["DATABASE_URL"] = postgres.url
        if "REDIS_URL" not in given:
            folder = state / "valkey"
            folder.mkdir(mode=0o700, exist_ok=True)
            valkey = ValkeyServer(
                folder, log=self.logs / "valkey.log", persistent=self._durable, password=keys.redis_password
            )
            self._servers.append(self._stack.enter_context(valkey))
            self.environment["REDIS_URL"] = valkey.url
        shared = state / _SHARED_FILE
        places.write_private(shared, json.dumps({name: self.environment[name] for name in SHARED}))
        self._stack.callback(shared.unlink, missing_ok=True)

    def _temporary_folders(self) -> tuple[Path, Path]:
        account = places.unprivileged_account()
        state = places.private_folder("celula-run-", None)
        self._stack.callback(shutil.rmtree, state, ignore_errors=True)
        if account is None:
            return state, state
        data = places.private_folder("celula-pg-", account)
        self._stack.callback(shutil.rmtree, data, ignore_errors=True)
        return state, data


def shared_variables(name: str) -> dict[str, str] | None:
    """Return the :data:`SHARED` variables of the running services ``name``, or None when they do not run (yet)."""
    state = places.state_folder(name)
    if not places.lock_is_held(state):
        return None
    try:
        variables: dict[str, str] = json.loads((state / _SHARED_FILE).read_text())
    except (OSError, ValueError):
        return None
    return variables


def forget_shared_variables(name: str) -> None:
    """Remove what services ``name`` that no longer run have left for others to read."""
    (places.state_folder(name) / _SHARED_FILE).unlink(missing_ok=True)


class Supervisor:
    """Runs roles over the services: each started after the one before is ready, all stopped in reverse order."""

    def __init__(self, services: Services) -> None:
        """Supervise roles that use ``services``."""
        self._services = services
        self._running: list[processes.RunningProcess] = []

    def start(self, spec: processes.ProcessSpec) -> None:
        """Start ``spec`` and wait until it is ready. Raises LocalFault with the tail of its log."""
        processes.keep_previous(spec.log)
        process = processes.start(spec)
        self._running.append(process)
        process.wait_ready()

    def pid_of(self, name: str) -> int:
        """Return the process id of the role ``name``. Raises KeyError for one that was not started."""
        return {process.spec.name: process.pid for process in self._running}[name]

    def ended(self) -> str | None:
        """Return a sentence when a role or a server has ended by itself, or None."""
        for process in self._running:
            if process.has_ended():
                return f"{process.spec.name} ended by itself; its log is {process.spec.log}."
        return self._services.ended()

    def wait(self) -> None:
        """Wait until a signal arrives (raised by :func:`handled_signals`) or a process ends (LocalFault)."""
        while True:
            sentence = self.ended()
            if sentence is not None:
                raise LocalFault(sentence)
            time.sleep(0.5)

    def __enter__(self) -> Supervisor:
        """Begin with nothing started."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop every role, last started first."""
        while self._running:
            self._running.pop().stop()


def web(services: Services, port: int) -> processes.ProcessSpec:
    """The web role: one granian process on 127.0.0.1, ready when ``/readyz`` answers 200."""
    return processes.ProcessSpec(
        name="web",
        command=[
            *(sys.executable, "-m", "granian"),
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "8", "--no-ws"),
            "marketplace.wsgi:application",
        ],
        log=services.logs / "web.log",
        environment={**services.environment, "DATABASE_POOL": "1"},
        ready=lambda: answers(f"http://127.0.0.1:{port}/readyz"),
        folder=places.ROOT,
    )


def worker(services: Services) -> processes.ProcessSpec:
    """The worker role: Celery over all queues with ``WORKER_CONCURRENCY`` processes (2)."""
    log = services.logs / "worker.log"
    return processes.ProcessSpec(
        name="worker",
        command=[
            *(sys.executable, "-m", "celery", "-A", "marketplace.celery", "worker"),
            *("--queues", "match,default,webhooks", "--loglevel", "INFO"),
            *("--concurrency", services.environment.get("WORKER_CONCURRENCY", "2")),
        ],
        log=log,
        environment=services.environment,
        ready=lambda: _says(log, " ready."),
        folder=places.ROOT,
        # The soft shutdown lets a run that is nearly done write its result.
        stop_within=20.0,
    )


def beat(services: Services) -> processes.ProcessSpec:
    """The beat role: rings the sweeper's bell; its schedule file is a cache and lives beside the logs."""
    log = services.logs / "beat.log"
    return processes.ProcessSpec(
        name="beat",
        command=[
            *(sys.executable, "-m", "celery", "-A", "marketplace.celery", "beat"),
            *("--schedule", str(services.logs / "beat-schedule"), "--pidfile=", "--loglevel", "INFO"),
        ],
        log=log,
        environment=services.environment,
        ready=lambda: _says(log, "beat: Starting"),
        folder=places.ROOT,
    )


def manage(*arguments: str) -> list[str]:
    """Return the command that runs ``manage.py`` with ``arguments`` in this interpreter."""
    return [sys.executable, str(places.ROOT / "manage.py"), *arguments]


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path = places.ROOT) -> int:
    """Run ``command`` in the foreground of this terminal and return its exit code (128 + signal number when killed).

    It shares our process group, so Ctrl-C reaches it by itself and it may read the terminal; when we are interrupted it
    gets time to end, then is made to.
    """
    child = subprocess.Popen(list(command), env=dict(environment), cwd=folder)
    try:
        code = child.wait()
    except BaseException as interruption:
        _end(child, politely=not isinstance(interruption, KeyboardInterrupt))
        raise
    return code if code >= 0 else 128 - code


def answers(url: str) -> bool:
    """Tell whether GET ``url`` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def handled_signals() -> Iterator[None]:
    """Turn the first SIGINT into KeyboardInterrupt and SIGTERM or SIGHUP into Terminated, and ignore the ones after it.

    A second Ctrl-C must not cut the clean stop short and leave processes behind; every stop has its own time limit.
    """

    def first(signum: int, frame: FrameType | None) -> None:
        for number in _HANDLED:
            signal.signal(number, signal.SIG_IGN)
        if signum == signal.SIGINT:
            raise KeyboardInterrupt
        raise Terminated(signum)

    before: dict[signal.Signals, Callable[[int, FrameType | None], object] | int | None] = {
        number: signal.signal(number, first) for number in _HANDLED
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)


def _end(child: subprocess.Popen[bytes], *, politely: bool) -> None:
    if politely:
        child.terminate()
    for escalation in (child.terminate, child.kill):
        try:
            child.wait(_GRACE_SECONDS)
            return
        except subprocess.TimeoutExpired:
            escalation()
    child.wait()


def _says(log: Path, words: str) -> bool:
    try:
        return words in log.read_text(errors="replace")
    except OSError:
        return False

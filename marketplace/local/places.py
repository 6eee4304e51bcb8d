"""Where local state lives, who may reach it, and who uses it right now.

The checkout's own state is in ``.local/`` (mode 0700), or in the folder that MARKET_STATE names. PostgreSQL refuses to
run as root, so for root it runs as ``nobody``, who often cannot enter the checkout: then its files live in a folder of
our own under the system's temporary folders. Permissions of folders that are not ours are never changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from marketplace.local.faults import LocalFault

ROOT = Path(__file__).resolve().parents[2]
STATE = Path(os.environ.get("MARKET_STATE") or ROOT / ".local").absolute()
MINIMUM_FREE_BYTES = 300 * 1024 * 1024


@dataclass(frozen=True)
class Account:
    """The system account that PostgreSQL runs under: a name and numeric ids."""

    name: str
    uid: int
    gid: int


def unprivileged_account() -> Account | None:
    """Return the account that stands in for root, or None when this process is not root and may run PostgreSQL itself.

    Raises LocalFault when this is root and the system has no ``nobody``.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise LocalFault(
            "PostgreSQL refuses to run as root and this system has no account `nobody`: run ./market as another user."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def state_folder(name: str) -> Path:
    """Return ``.local/<name>`` of the checkout, made with mode 0700. Raises LocalFault when it cannot be written."""
    folder = STATE / name
    try:
        STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LocalFault(f"The folder {folder} cannot be written ({error.strerror}).") from error
    return folder


def postgres_folder(name: str) -> Path:
    """Return the folder that holds the PostgreSQL data of the instance ``name``.

    For root it is outside of the checkout, keyed by the state folder's path, where ``nobody`` can reach it.
    """
    if unprivileged_account() is None:
        return state_folder(name)
    twin = reachable_twin()
    for folder in (twin, twin / name):
        folder.mkdir(mode=0o755, exist_ok=True)
        folder.chmod(0o755)
    return twin / name


def reachable_twin(state: Path = STATE) -> Path:
    """Return the path of the folder that holds, for root, what of the folder ``state`` other accounts must reach."""
    key = hashlib.sha256(str(state).encode()).hexdigest()[:12]
    return own_reachable_folder(f"celula-{os.geteuid()}") / f"state-{key}"


def own_reachable_folder(name: str) -> Path:
    """Return a folder of ours with mode 0755 that every account can enter, under the first fitting temporary folder.

    A folder of that name that belongs to somebody else, or a link, is passed over: it could be a trap.
    """
    for parent in _temporary_folders():
        folder = parent / name
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
                continue
            folder.chmod(0o755)
        except OSError:
            continue
        return folder
    raise LocalFault(f"No temporary folder that other accounts can enter takes a folder {name!r} of ours.")


def private_folder(prefix: str, account: Account | None) -> Path:
    """Make a new, empty, short-named temporary folder with mode 0700 that belongs to ``account`` (None: to us)."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_temporary_folders()[-1] if account else None))
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def _temporary_folders() -> list[Path]:
    """List the temporary folders whose whole path every account can walk, those that survive a reboot first."""
    candidates = [Path("/var/tmp"), Path("/tmp"), Path(tempfile.gettempdir())]
    reachable = [path for path in dict.fromkeys(candidates) if path.is_dir() and reachable_by_all(path)]
    if not reachable:
        raise LocalFault("Neither /var/tmp nor /tmp can be entered by every account, which PostgreSQL for root needs.")
    return reachable


def reachable_by_all(path: Path) -> bool:
    """Tell whether every account can walk down to ``path``: all folders on the way have the execute bit for others."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def require_free_space(folder: Path, minimum: int = MINIMUM_FREE_BYTES) -> None:
    """Raise LocalFault when the disk that holds ``folder`` has fewer than ``minimum`` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < minimum:
        raise LocalFault(
            f"The disk that holds {folder} has {free // 2**20} MB free and {minimum // 2**20} MB are needed: make room."
        )


def write_private(path: Path, text: str) -> None:
    """Write ``text`` with mode 0600 through a rename, so that a reader sees all of it or what was there before."""
    growing = path.with_name(path.name + ".new")
    growing.unlink(missing_ok=True)
    descriptor = os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    growing.rename(path)


class InstanceLock:
    """Sole use of a state folder, held by an advisory lock that the kernel releases however the holder ends."""

    def __init__(self, folder: Path, verb: str) -> None:
        """Prepare the lock of ``folder`` for the verb that others will be told of."""
        self._path = folder / "lock"
        self._verb = verb
        self._descriptor: int | None = None

    def __enter__(self) -> InstanceLock:
        """Take the lock at once. Raises LocalFault that names the holder."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another process"
            os.close(descriptor)
            raise LocalFault(
                f"The folder {self._path.parent} is in use by {holder}: stop that one first (Ctrl-C there)."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"`./market {self._verb}` (pid {os.getpid()})\n".encode(), 0)
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release the lock; the file stays, since removing it would let two holders in."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def lock_is_held(folder: Path) -> bool:
    """Tell whether some process holds the lock of ``folder`` at this moment."""
    path = folder / "lock"
    if not path.exists():
        return False
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False

"""The index as files: one folder per database, versions beside each other, a link to the current one.

A version is written aside and shown by one atomic rename, so a reader finds all of it or none. What is mapped stays
readable after its folder is gone, because the files live on until the last reader lets go.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import mmap
import os
import secrets
import shutil
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matching.index.layout import FACT, PERSON, Columns, Facts, Tables
from profiles.feed import Position

FORMAT = 2
_ALIGNMENT = 64
_MANIFEST, _DATA, _CURRENT, _LOCK = "manifest.json", "columns.bin", "current", "lock"
_ATTEMPTS = 5


class Unusable(Exception):
    """There is no index that can be opened: none, another format, cut short, or damaged."""


@dataclass(frozen=True)
class Manifest:
    """What a version is. ``people`` rows of ``capacity`` are used; ``columns``: name → (offset, length, CRC-32)."""

    format: int
    version: str
    built_at: str
    epoch: str
    snapshot: str
    people: int
    capacity: int
    size: int
    hours: list[tuple[str, int, int]]
    rates: list[tuple[str, int]]
    columns: dict[str, tuple[int, int, int]]

    @property
    def position(self) -> Position:
        """Where in the feed of supply this version stands."""
        return Position(uuid.UUID(self.epoch), self.snapshot)

    @property
    def age(self) -> dt.timedelta:
        """The time since it was built."""
        return dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(self.built_at)

    def to_json(self) -> str:
        """Return the manifest as text, sealed by a checksum of its own."""
        body = asdict(self)
        return json.dumps({"manifest": body, "seal": _seal(body)})

    @classmethod
    def of(cls, text: str) -> Manifest:
        """Return the manifest that ``to_json`` wrote. Raises Unusable."""
        try:
            given = json.loads(text)
            body = given["manifest"]
            if body["format"] != FORMAT:
                raise Unusable("another format")
            if given["seal"] != _seal(body):
                raise Unusable("a damaged manifest")
            for name in ("hours", "rates"):
                body[name] = [tuple(entry) for entry in body[name]]
            return cls(**body)
        except (ValueError, KeyError, TypeError) as error:
            raise Unusable("an unreadable manifest") from error


def _seal(body: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(body, sort_keys=True, separators=(",", ":")).encode())


class Opened:
    """A version in memory: private pages over the shared file, so that writing to columns changes no other reader."""

    def __init__(self, folder: Path) -> None:
        """Map and check a version. Raises Unusable."""
        try:
            self.manifest = Manifest.of((folder / _MANIFEST).read_text())
            self._file = (folder / _DATA).open("rb")
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable(f"it cannot be opened: {type(error).__name__}") from error
        self._seen = os.fstat(self._file.fileno())
        if self._seen.st_size != self.manifest.size:
            raise Unusable("a file that was cut short")
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_COPY)
        named = self._columns()
        self.people: Columns = {name: named[name] for name in PERSON}
        self.facts = Facts.of(named)
        self.tables = Tables(list(self.manifest.hours), list(self.manifest.rates))

    def _columns(self) -> Columns:
        found: Columns = {}
        view = memoryview(self._map)
        for name, dtype in (PERSON | FACT).items():
            if name not in self.manifest.columns:
                raise Unusable(f"without the column {name}")
            offset, length, checksum = self.manifest.columns[name]
            kind = np.dtype(dtype)
            if zlib.crc32(view[offset : offset + length * kind.itemsize]) != checksum:
                raise Unusable(f"a damaged column {name}")
            found[name] = np.frombuffer(self._map, kind, length, offset)
        return found

    @property
    def version(self) -> str:
        return self.manifest.version

    def is_intact(self) -> bool:
        """Whether the file is still what was checked: neither deleted nor cut short nor written to."""
        now = os.fstat(self._file.fileno())
        return now.st_nlink > 0 and (now.st_size, now.st_mtime_ns) == (self._seen.st_size, self._seen.st_mtime_ns)


class Store:
    """The folder of one database's index. Raises PermissionError for a folder that belongs to somebody else."""

    def __init__(self, root: Path, key: str) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if root.stat().st_uid != os.geteuid():
            raise PermissionError(f"the index folder {root} belongs to somebody else")
        root.chmod(0o700)
        self.folder = root / key
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def current(self) -> str | None:
        """Return the name of the current version, which may yet turn out to be unusable."""
        try:
            return os.readlink(self.folder / _CURRENT)
        except OSError:
            return None

    def manifest(self) -> Manifest:
        """Return what the current version says of itself, without opening it. Raises Unusable."""
        try:
            return Manifest.of((self.folder / _CURRENT / _MANIFEST).read_text())
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable("there is none") from error

    def open(self) -> Opened:
        """Open the current version. Raises Unusable."""
        for attempt in range(_ATTEMPTS):
            version = self.current()
            if version is None:
                break
            try:
                return Opened(self.folder / version)
            except Unusable:
                # It may have been replaced between the link and the file.
                if self.current() == version or attempt == _ATTEMPTS - 1:
                    raise
        raise Unusable("there is none")

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the lock of builders; the kernel gives it back when a builder dies."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def publish(self, people: Columns, facts: Facts, tables: Tables, used: int, position: Position) -> Manifest:
        """Write a version and make it the current one; the builder holds the lock. Older versions are removed."""
        built_at = dt.datetime.now(dt.UTC)
        version = f"{built_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        self._clean(keep=self.current())
        aside = self.folder / f"building-{version}"
        aside.mkdir(mode=0o700)
        named = {name: np.ascontiguousarray(people[name], dtype=dtype) for name, dtype in PERSON.items()}
        places: dict[str, tuple[int, int, int]] = {}
        with (aside / _DATA).open("wb") as file:
            for name, column in (named | facts.columns()).items():
                file.write(bytes(-file.tell() % _ALIGNMENT))
                data = column.view(np.uint8).data if column.size else memoryview(b"")
                places[name] = (file.tell(), len(column), zlib.crc32(data))
                file.write(data)
            size = file.tell()
            _flush(file)
        manifest = Manifest(
            format=FORMAT,
            version=version,
            built_at=built_at.isoformat(),
            epoch=str(position.epoch),
            snapshot=position.snapshot,
            people=used,
            capacity=len(named["active"]),
            size=size,
            hours=tables.hours,
            rates=tables.rates,
            columns=places,
        )
        with (aside / _MANIFEST).open("w") as text:
            text.write(manifest.to_json())
            _flush(text)
        aside.rename(self.folder / version)
        link = self.folder / f"building-link-{version}"
        link.symlink_to(version)
        link.replace(self.folder / _CURRENT)
        _flush_folder(self.folder)
        self._clean(keep=version)
        return manifest

    def _clean(self, keep: str | None) -> None:
        """Remove what killed builders left, and every other version: its readers keep what they have mapped."""
        for path in self.folder.iterdir():
            if path.name in {keep, _CURRENT, _LOCK}:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _flush(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

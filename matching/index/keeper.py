"""Keeps one index per process: finds or builds it, follows the feed before each use, and has it rebuilt aside."""

from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from marketplace.clients.models import Project
from marketplace.kernel.transactions import retrying
from matching.index import projection
from matching.index.build import build, read_only_snapshot
from matching.index.overlay import Full, Overlay
from matching.index.projection import View
from matching.index.store import Manifest, Opened, Store, Unusable
from profiles import feed
from profiles.services import bookings

logger = logging.getLogger(__name__)

WORN_SHARE = 0.02  # of the people changed: from here on a rebuild aside pays
LARGEST_OVERLAY_SHARE = 0.25  # beyond it, patching takes longer than building
_SMALL_MARKET = 2_000  # so many changes are patched whatever share they are


def database_key() -> str:
    """Return a name for the database itself, so that two databases never share an index, nor a copy its original's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system()), oid FROM pg_database"
            " WHERE datname = current_database()"
        )
        return hashlib.sha256(repr(cursor.fetchone()).encode()).hexdigest()[:16]


class Keeper:
    """The index of one database, for one process. Views that it gives hold until its next ``market_for``."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root, database_key())
        self._lock = threading.RLock()
        self._opened: Opened | None = None
        self._overlay: Overlay | None = None
        self._position: feed.Position | None = None
        self._tried = ""

    @property
    def version(self) -> str:
        """What a run records: the version built, and the transaction id up to which the feed was followed."""
        if self._opened is None or self._position is None:
            return ""
        return f"{self._opened.version}@{self._position.horizon}"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other threads from bringing the index up to date while what it gave is being read."""
        with self._lock:
            yield

    def market_for(
        self, project: Project, skills: Collection[int], rates: Mapping[str, Decimal | None]
    ) -> tuple[View, str]:
        """Return the market as everything committed before this call has left it, and the version it came from."""
        with self._lock:
            overlay = self.refresh()
            return projection.market_for(overlay, project, skills, rates), self.version

    def refresh(self) -> Overlay:
        """Bring the index up to date with everything committed, building it where there is none that will do.

        Holds whose deadline has passed are given back first: no row changes when a deadline passes, so the feed could
        not tell. Not inside a transaction, whose own writes would be read although they may yet be undone:
        RuntimeError.
        """
        if connection.in_atomic_block:
            raise RuntimeError("the index follows what is committed, so it is not refreshed inside a transaction")
        retrying(bookings.release_lapsed)
        with self._lock:
            try:
                return self._follow()
            except (Unusable, Full, feed.Gap) as reason:
                logger.info("the market index is built anew: %s", reason or type(reason).__name__)
                self._opened = None  # it may be half patched
                build(self.store, unless=self._will_do, tell=_log)
                return self._follow()
            except BaseException:
                self._opened = None
                raise

    def _follow(self) -> Overlay:
        opened = self._opened
        if opened is None or not opened.is_intact() or opened.version != self.store.current():
            self._opened = None
            opened = self.store.open()
            self._overlay, self._position = Overlay(opened), opened.manifest.position
        assert self._overlay is not None
        assert self._position is not None
        self._tried = opened.version
        with transaction.atomic():
            read_only_snapshot(connection)
            with connection.cursor() as cursor:
                position, ids = feed.since(self._position, cursor)
            if len(ids) > max(_SMALL_MARKET, LARGEST_OVERLAY_SHARE * opened.manifest.people):
                raise Full("too much has changed")
            if ids:
                self._overlay.apply(connection, ids)
        self._opened, self._position = opened, position
        return self._overlay

    def _will_do(self, manifest: Manifest) -> bool:
        """Whether a version that somebody else has built meanwhile can be opened and followed from."""
        if manifest.version == self._tried:
            return False
        try:
            self.store.open()
            feed.since(manifest.position)
        except (Unusable, feed.Gap):
            return False
        return True


_keepers: dict[tuple[Path, str], Keeper] = {}


def keeper() -> Keeper:
    """Return this process's keeper of the index of the database in use."""
    root, name = Path(settings.INDEX_FOLDER), str(connection.settings_dict["NAME"])
    if (root, name) not in _keepers:
        _keepers[root, name] = Keeper(root)
    return _keepers[root, name]


def changed_share(manifest: Manifest) -> float:
    """Return which share of a version's people has changed since it was built. Raises feed.Gap."""
    _position, ids = feed.since(manifest.position)
    return len(ids) / max(1, manifest.people)


def is_worn(store: Store) -> bool:
    """Whether there is no index, or one from which too much has changed to be followed cheaply."""
    try:
        manifest = store.manifest()
        _position, ids = feed.since(manifest.position)
    except (Unusable, feed.Gap):
        return True
    return len(ids) > max(_SMALL_MARKET / 4, WORN_SHARE * manifest.people)


def rebuild_aside() -> bool:
    """Build the index anew in a process of its own if it is worn, and return whether it was.

    Workers go on with the version they have and find the new one at their next run. The memory of building is given
    back whole when the process ends.
    """
    if not is_worn(Store(Path(settings.INDEX_FOLDER), database_key())):
        return False
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "build_index"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        logger.warning("the market index could not be rebuilt aside: %s", done.stderr.strip()[-400:])
    return True


def _log(stage: str) -> None:
    logger.debug("building the market index: %s", stage)

"""The feed of supply: who has changed since a reader last looked. The database writes it, so no writer can forget to.

A reader's position is a PostgreSQL snapshot, not a number: what is new is exactly what is visible now and was not
visible then. Transactions that commit out of order are therefore not missed, and one that stays open holds nobody up,
which a position by transaction id would (PostgreSQL documentation, "Transaction ID and Snapshot Information").
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from profiles.models import SupplyFeed


@dataclass(frozen=True)
class Position:
    """How far a reader has come: the feed's epoch and the text of a ``pg_snapshot``."""

    epoch: uuid.UUID
    snapshot: str

    @property
    def horizon(self) -> int:
        """The first transaction id that had not been given out then."""
        return int(self.snapshot.split(":")[1])


class Gap(Exception):
    """The feed cannot say what has happened since a position: supply must be read anew."""


_NEW = """
    FROM profiles_supplychange AS c
    WHERE c.transaction >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
      AND NOT pg_visible_in_snapshot(c.transaction, %(seen)s::pg_snapshot)
"""
_SINCE = f"""
    SELECT f.epoch, pg_current_snapshot()::text,
           -- Whoever looked after the pruning has seen everything that it deleted.
           f.forgotten >= pg_snapshot_xmin(%(seen)s::pg_snapshot)::text::bigint
               AND NOT pg_visible_in_snapshot(f.forgotten_by, %(seen)s::pg_snapshot),
           ARRAY(SELECT DISTINCT c.professional_id {_NEW})
    FROM profiles_supplyfeed AS f
"""


def open_feed() -> None:
    """Make sure that the feed has its one row; a new one has a new epoch."""
    SupplyFeed.objects.get_or_create(pk=1)


def here(cursor: Any) -> Position:
    """Return the position of the cursor's transaction, which sees exactly what it stands for if REPEATABLE READ.

    Raises Gap when there is no feed yet.
    """
    cursor.execute("SELECT epoch, pg_current_snapshot()::text FROM profiles_supplyfeed")
    row = cursor.fetchone()
    if row is None:
        raise Gap("there is no feed")
    return Position(*row)


def since(position: Position, cursor: Any = None) -> tuple[Position, list[uuid.UUID]]:
    """Return the position now, and everybody who has changed between ``position`` and it.

    ``cursor`` lets the caller read the people in the same transaction. Raises Gap.
    """
    if cursor is None:
        with connection.cursor() as own:
            return since(position, own)
    cursor.execute(_SINCE, {"seen": position.snapshot})
    row = cursor.fetchone()
    if row is None:
        raise Gap("there is no feed")
    epoch, snapshot, is_forgotten, people = row
    now = Position(epoch, snapshot)
    if epoch != position.epoch:
        raise Gap("everything was replaced")
    if is_forgotten:
        raise Gap("what happened was forgotten")
    if now.horizon < position.horizon:
        raise Gap("the database was put back to an earlier time")
    return now, list(people)


def forget(*, before: dt.datetime) -> int:
    """Delete what was written before a time, and return how many rows; older positions meet a Gap from then on."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (DELETE FROM profiles_supplychange WHERE at < %s RETURNING transaction::text::bigint AS id),
                 kept AS (
                     UPDATE profiles_supplyfeed
                     SET forgotten = greatest(forgotten, (SELECT max(id) FROM gone)),
                         forgotten_by = pg_current_xact_id()
                     WHERE EXISTS (SELECT FROM gone)
                 )
            SELECT count(*) FROM gone
            """,
            [before],
        )
        return int(cursor.fetchone()[0])


@contextmanager
def suspended() -> Iterator[None]:
    """Write nothing to the feed within the block and begin a new epoch at its end, in the caller's transaction.

    For loads of whole markets, after which every reader has to read anew anyway.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the feed is suspended for a transaction only")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('celula.bulk_load', 'on', true)")
        yield
        cursor.execute("SELECT set_config('celula.bulk_load', 'off', true)")
    if not SupplyFeed.objects.update(epoch=uuid.uuid4()):
        open_feed()

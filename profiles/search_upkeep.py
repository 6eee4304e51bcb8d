"""Keeping the tables of a search in line with supply where the triggers do not: after bulk loads, and as time passes.

The database itself writes the tables in the transaction of every change (migration 0006). What remains: loads during
which the triggers are off, writing everything anew, and evidence that lapses without anybody touching it.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import OperationalError, connection, models, transaction
from psycopg import errors

from marketplace.kernel import clock
from profiles import feed
from profiles.models import SearchClaim, SearchRow, SearchText

TABLES: tuple[type[models.Model], ...] = (SearchClaim, SearchRow, SearchText)

_BATCH = 2_000
_WORTH_REBUILDING = 2_000
_ASIDE = "_aside"
_INDEX = re.compile(r"INDEX (\S+) ON (\S+)")
_LOCK_NUMBER = 1_836_017_513  # of the advisory lock that keeps two rebuilds apart; any number that nobody else uses
_LOCK_MILLISECONDS = 200
_LOCK_TRIES = 75
_PAUSE_SECONDS = 0.2
_REBUILDS = 3

# Planning needs to know more than the hundred most common words and skills: for the others it guesses.
_STATISTICS = ((SearchText, "words", 500), (SearchClaim, "skill_id", 1000))


def catch_up(newcomers: int) -> int:
    """Make everybody findable after a load of ``newcomers`` during which the triggers were off, the faster way.

    Returns how many people were written.
    """
    if newcomers >= max(_WORTH_REBUILDING, SearchRow.objects.count()):
        return rebuild()
    written = fill()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in TABLES)}")
    return written


def fill() -> int:
    """Make everybody findable who is not yet, and return how many: for loads during which the triggers were off."""
    before = SearchRow.objects.count()
    reached: uuid.UUID | None = uuid.UUID(int=0)
    with connection.cursor() as cursor:
        while reached is not None:
            cursor.execute("SELECT profiles_search_fill(%s, %s)", [reached, _BATCH])
            reached = cursor.fetchone()[0]
    return SearchRow.objects.count() - before


def refresh(people: Sequence[uuid.UUID]) -> None:
    """Write the rows of these people anew, as the triggers do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT profiles_search_refresh(%s::uuid[])", [list(people)])


@transaction.atomic
def lapse(*, most: int = 500) -> int:
    """Take away the points of evidence, and the certificates, that lapsed before today; return of how many people.

    Repeatable; ``most`` people at a time, so that nobody waits long for their locks.
    """
    overdue = SearchClaim.objects.filter(evidence_until__lt=clock.today())
    people = sorted(set(overdue.values_list("professional_id", flat=True)[:most]))
    refresh(people)
    return len(people)


@transaction.atomic
def rebuild() -> int:
    """Write the tables anew and return how many people there are; searches and changes go on meanwhile.

    Everything is written into tables aside, indexes last. Then, while the tables are locked for a moment, whoever
    changed in between is written again and the new tables take the names of the old. That moment waits for
    transactions that have changed supply and are still open, 200 ms at a time so that nobody queues behind it for
    longer; after half a minute the rebuild gives up (``OperationalError``) and nothing has happened. The
    statements of the caller's transaction lose their time limit. ``VACUUM`` afterwards makes the first searches as
    fast as the later ones.
    """
    feed.open_feed()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s), set_config('statement_timeout', '0', true),"
            " set_config('work_mem', '256MB', true), set_config('maintenance_work_mem', '512MB', true)",
            [_LOCK_NUMBER],
        )
        for attempt in range(_REBUILDS):
            try:
                with transaction.atomic():
                    _replace(cursor)
                break
            except feed.Gap:
                # Somebody loaded a market meanwhile: what was written aside does not know of it.
                if attempt == _REBUILDS - 1:
                    raise
    return SearchRow.objects.count()


def _replace(cursor: Any) -> None:
    seen = feed.here(cursor)
    names = [model._meta.db_table for model in TABLES]
    for name in names:
        cursor.execute(f"CREATE TABLE {name}{_ASIDE} (LIKE {name} INCLUDING ALL EXCLUDING INDEXES)")
    for model, column, target in _STATISTICS:
        cursor.execute(f"ALTER TABLE {model._meta.db_table}{_ASIDE} ALTER COLUMN {column} SET STATISTICS {target}")
    cursor.execute("SELECT profiles_search_write_all(%s, %s, %s)", [f"{name}{_ASIDE}" for name in names])
    indexes = [_index(cursor, *row) for row in _indexes(cursor, names)]
    cursor.execute(f"ANALYZE {', '.join(f'{name}{_ASIDE}' for name in names)}")
    _lock(cursor, names)
    _now, changed = feed.since(seen, cursor)
    cursor.execute(f"DROP TABLE {', '.join(names)}")
    for name in names:
        cursor.execute(f"ALTER TABLE {name}{_ASIDE} RENAME TO {name}")
    for name in indexes:
        cursor.execute(f"ALTER INDEX {name}{_ASIDE} RENAME TO {name}")
    cursor.execute("SELECT profiles_search_renew(%s::uuid[])", [changed])


def _indexes(cursor: Any, tables: list[str]) -> list[tuple[str, str, str, bool]]:
    """Return table, name and definition of every index, and whether it is the primary key."""
    cursor.execute(
        "SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisprimary"
        " FROM pg_index AS i WHERE i.indrelid = ANY(%s::regclass[]) ORDER BY 1, 2",
        [tables],
    )
    return list(cursor.fetchall())


def _index(cursor: Any, table: str, name: str, definition: str, is_primary: bool) -> str:
    """Build one index of a table aside, once instead of growing it row by row, and return its live name."""
    cursor.execute(_INDEX.sub(f"INDEX {name}{_ASIDE} ON {table}{_ASIDE}", definition, count=1))
    if is_primary:
        cursor.execute(f"ALTER TABLE {table}{_ASIDE} ADD PRIMARY KEY USING INDEX {name}{_ASIDE}")
    return name


def _lock(cursor: Any, tables: list[str]) -> None:
    cursor.execute("SELECT current_setting('lock_timeout')")
    usual = cursor.fetchone()[0]
    cursor.execute(f"SET LOCAL lock_timeout = {_LOCK_MILLISECONDS}")
    for attempt in range(_LOCK_TRIES):
        try:
            with transaction.atomic():
                cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
            break
        except OperationalError as error:
            if not isinstance(error.__cause__, errors.LockNotAvailable) or attempt == _LOCK_TRIES - 1:
                raise
            # Whoever queued behind this lock has its turn now.
            time.sleep(_PAUSE_SECONDS)
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])

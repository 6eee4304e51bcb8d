"""Builds the index of everybody out of one snapshot of the database, which is also its position in the feed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from matching.index.assembly import Reading, Tell
from matching.index.layout import Tables
from matching.index.roster import locate
from matching.index.store import Manifest, Store, Unusable
from profiles import columns, feed

SPARE_SHARE, SPARE_LEAST = 0.05, 64  # rows for people who come later
ALIAS = "default"


def build(
    store: Store, *, unless: Callable[[Manifest], bool] = lambda _manifest: False, tell: Tell = print
) -> Manifest:
    """Build a version and make it the current one; return what it says of itself.

    Builders wait for each other. ``unless`` is asked about the version that is current when the lock is given: where it
    says yes, that version is taken and nothing is built.
    """
    with store.building():
        try:
            found = store.manifest()
            if unless(found):
                return found
        except Unusable:
            pass
        # A connection of its own: the caller's may be in a transaction, with the time limits of a request.
        connection = connections[ALIAS].copy()
        try:
            return _build(store, connection, tell)
        finally:
            connection.close()


def read_only_snapshot(connection: BaseDatabaseWrapper) -> None:
    """Make the transaction that has just begun see one moment throughout."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _build(store: Store, connection: BaseDatabaseWrapper, tell: Tell) -> Manifest:
    feed.open_feed()
    connection.set_autocommit(False)
    read_only_snapshot(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        position = feed.here(cursor)
    tables = Tables()
    tell("people")
    blocks = [tables.people(block) for block in columns.read(columns.PEOPLE, connection)]
    people = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    order = np.lexsort((people["low"], people["high"]))
    used = len(order)
    spare = max(SPARE_LEAST, int(used * SPARE_SHARE))
    people = {name: np.concatenate([column[order], np.zeros(spare, column.dtype)]) for name, column in people.items()}
    high, low = people["high"][:used], people["low"][:used]
    reading = Reading(connection, partial(locate, high, low), tell=tell)
    people |= reading.languages(used + spare)
    facts = reading.facts(people)
    connection.rollback()
    tell("files")
    return store.publish(people, facts, tables, used, position)

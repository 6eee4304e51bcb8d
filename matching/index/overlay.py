"""A version with what has changed since: columns patched in place, facts of changed people set aside and read anew."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import numpy as np
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray

from matching.index import roster
from matching.index.assembly import Reading, claims_of
from matching.index.free_time import Spells
from matching.index.layout import FACT, PERSON, SPOKEN, Column, Columns, Edges, Facts, Held
from matching.index.store import Opened
from profiles import columns


class Full(Exception):
    """No row is left for somebody new: the index must be built anew."""


class Overlay:
    """Everybody as they are now. Rows up to ``manifest.people`` are sorted by id; later ones came one by one.

    Facts of rows that are ``changed`` count in ``later`` only, never in ``facts``.
    """

    def __init__(self, opened: Opened) -> None:
        self.people, self.facts, self.tables = opened.people, opened.facts, opened.tables
        self._built = self._used = opened.manifest.people
        self._added: dict[uuid.UUID, int] = {}
        self.changed = np.zeros(opened.manifest.capacity, bool)
        self.later = Facts.of(
            {name: np.zeros(1 if name == "claims.starts" else 0, kind) for name, kind in FACT.items()}
        )
        # What was worked out since the last change, for runs that follow each other without one.
        self._order: tuple[NDArray[np.intp], NDArray[np.int32]] | None = None
        self._by_id: Columns | None = None
        self._edges: Edges | None = None
        self._is_ordered = True

    @property
    def share(self) -> float:
        """The share of people who have changed since the version was built."""
        return int(self.changed.sum()) / max(1, self._built)

    def apply(self, connection: BaseDatabaseWrapper, ids: Sequence[uuid.UUID]) -> None:
        """Read these people anew in the connection's transaction.

        Raises Full; whatever is raised leaves the overlay half patched, to be thrown away.
        """
        found = np.concatenate(list(columns.read(columns.PEOPLE, connection, ids)))
        found_ids = roster.Roster(found["high"].astype(np.uint64), found["low"].astype(np.uint64))
        known = self._rows(*roster.halves(ids))
        gone = known[known >= 0]
        self.people["active"][gone] = 0
        rows = self._rows(found["high"], found["low"])
        for place in np.flatnonzero(rows < 0).tolist():
            if self._used == len(self.changed):
                raise Full
            rows[place] = self._added[found_ids[place]] = self._used
            self._used += 1
        for name, column in self.tables.people(found).items():
            self.people[name][rows] = column
        touched = np.union1d(gone, rows)
        self.changed[touched] = True
        reading = Reading(connection, self._active_rows, ids)
        levels = reading.languages(len(self.changed))
        for key in SPOKEN:
            self.people[key][touched] = levels[key][touched]
        self.later = _merged(self.later, reading.facts(self.people), touched, len(self.changed))
        self._order = self._by_id = self._edges = None
        self._is_ordered = self._used == self._built and bool(self.people["active"][: self._built].all())

    def _rows(self, high: Column, low: Column) -> NDArray[np.int32]:
        """Rows by halves of ids, whether active or not; -1 for those who never had one."""
        rows = roster.locate(self.people["high"][: self._built], self.people["low"][: self._built], high, low)
        if self._added:
            strangers = np.flatnonzero(rows < 0)
            ids = roster.Roster(high[strangers].astype(np.uint64), low[strangers].astype(np.uint64))
            rows[strangers] = [self._added.get(key, -1) for key in ids]
        return rows

    def _active_rows(self, high: Column, low: Column) -> NDArray[np.int32]:
        rows = self._rows(high, low)
        rows[(rows >= 0) & (self.people["active"][rows] == 0)] = -1
        return rows

    def order(self) -> tuple[NDArray[np.intp], NDArray[np.int32]] | None:
        """Return (rows of active people by id, place of each row in that order); None when the rows are so already."""
        if self._is_ordered:
            return None
        if self._order is None:
            rows = np.flatnonzero(self.people["active"][: self._used])
            rows = roster.order_by_id(rows, self.people["high"], self.people["low"])
            places = np.full(len(self.changed), -1, np.int32)
            places[rows] = np.arange(len(rows), dtype=np.int32)
            self._order = rows, places
        return self._order

    def people_by_id(self) -> Columns:
        """Return the columns of active people in the order of their ids: views where the rows are so already."""
        if self._by_id is None:
            order = self.order()
            rows = slice(0, self._built) if order is None else order[0]
            self._by_id = {name: self.people[name][rows] for name in PERSON}
        return self._by_id

    def held(self, skill: int) -> Held:
        """Return who holds a skill, by place in the order of ids."""
        old, new = self.facts.claims.of(skill), self.later.claims.of(skill)
        kept = ~self.changed[old.person]
        if not kept.all():
            old = Held(*(column[kept] for column in old))
        if len(new.person):
            old = Held(*(np.concatenate(both) for both in zip(old, new, strict=True)))
        order = self.order()
        if order is not None:
            old = old._replace(person=order[1][old.person])
        if len(new.person):
            ascending = np.argsort(old.person, kind="stable")
            old = Held(*(column[ascending] for column in old))
        return old

    def spells(self) -> Spells:
        """Return everybody's spells of little free time, by place in the order of ids, in no order of their own."""
        kept = ~self.changed[self.facts.spells.person]
        both = Spells(
            *(np.concatenate([old[kept], new]) for old, new in zip(self.facts.spells, self.later.spells, strict=True))
        )
        order = self.order()
        return both if order is None else both._replace(person=order[1][both.person])

    def edges(self) -> Edges:
        """Return the collaborations of active people, by place in the order of ids, sorted."""
        if self._edges is None:
            self._edges = self._merged_edges()
        return self._edges

    def _merged_edges(self) -> Edges:
        old, new = self.facts.edges, self.later.edges
        if self.changed.any():
            kept = ~(self.changed[old.first] | self.changed[old.second])
            old = Edges(*(column[kept] for column in old))
        order = self.order()
        if order is not None:
            old = old._replace(first=order[1][old.first], second=order[1][old.second])
            new = new._replace(first=order[1][new.first], second=order[1][new.second])
        if not len(new.first):
            return old
        keys, later = (edges.first.astype(np.int64) << 32 | edges.second for edges in (old, new))
        ascending = np.argsort(later, kind="stable")
        at = np.searchsorted(keys, later[ascending])
        return Edges(*(np.insert(a, at, b[ascending]) for a, b in zip(old, new, strict=True)))


def _merged(known: Facts, fresh: Facts, touched: Column, size: int) -> Facts:
    """Return the facts with those of ``touched`` rows replaced."""
    replaced = np.zeros(size, bool)
    replaced[touched] = True
    claims, kept = known.claims, ~replaced[known.claims.held.person]
    skills = [
        np.repeat(part.skills, np.diff(part.starts))[mask]
        for part, mask in ((claims, kept), (fresh.claims, np.ones(len(fresh.claims.held.person), bool)))
    ]
    held = Held(*(np.concatenate([a[kept], b]) for a, b in zip(claims.held, fresh.claims.held, strict=True)))
    stays = ~replaced[known.spells.person]
    spells = Spells(*(np.concatenate([a[stays], b]) for a, b in zip(known.spells, fresh.spells, strict=True)))
    lasts = ~(replaced[known.edges.first] | replaced[known.edges.second])
    edges = Edges(*(np.concatenate([a[lasts], b]) for a, b in zip(known.edges, fresh.edges, strict=True)))
    return Facts(claims_of(np.concatenate(skills), held), spells, edges)

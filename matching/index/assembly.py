"""From rows of the database to facts of the index: for everybody when it is built, for a few when they change."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection

import numpy as np
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray

from matching.engine import ACTIVITIES
from matching.index.free_time import Spells, spells_of
from matching.index.layout import EVIDENCE, EXPIRES, SPOKEN, Claims, Column, Columns, Edges, Facts, Held
from profiles import capacity, columns

Locate = Callable[[Column, Column], NDArray[np.int32]]
"""Rows of people by the halves of their ids; -1 for whoever is not active."""

Tell = Callable[[str], None]
CERTIFIED_LEVEL = 5  # what a certificate counts as, as in ``profiles.selectors.holdings``
_NO_ROWS = np.zeros(0, np.int32)


class Reading:
    """Reads facts of people whom ``locate`` knows, in the transaction of ``connection``; of ``ids`` only, if given."""

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        locate: Locate,
        ids: Collection[uuid.UUID] | None = None,
        tell: Tell = lambda _stage: None,
    ) -> None:
        self._connection, self._locate, self._ids, self._tell = connection, locate, ids, tell

    def languages(self, size: int) -> Columns:
        """Return the columns of what is spoken, for ``size`` rows: CEFR by language and activity, and its evidence."""
        self._tell("languages")
        levels = {key: np.zeros(size, kind) for key, kind in SPOKEN.items()}
        for person, block in self._located(columns.SPOKEN):
            for number, language in enumerate(columns.LANGUAGES, 1):
                those = block["language"] == number
                for activity in ACTIVITIES:
                    levels[f"{language}.{activity}"][person[those]] = block[activity][those]
                levels[EVIDENCE[language]][person[those]] = block["evidence"][those]
                levels[EXPIRES[language]][person[those]] = block["expires"][those]
        return levels

    def facts(self, people: Columns) -> Facts:
        """Return claims, spells and collaborations; ``people`` are the columns of the rows that ``locate`` gives."""
        return Facts(self._claims(), self._spells(people), self._edges())

    def _located(self, table: columns.Table) -> list[tuple[Column, Column]]:
        found = []
        for block in columns.read(table, self._connection, self._ids):
            person = self._locate(block["high"], block["low"])
            known = person >= 0
            found.append((person[known], block[known]))
        return found

    def _claims(self) -> Claims:
        self._tell("claims")
        skills: list[Column] = []
        parts: list[Held] = []
        for table in (columns.CLAIMS, columns.CERTIFICATES):
            for block in columns.read(table, self._connection, self._ids):
                person = self._locate(block["high"], block["low"])
                known = person >= 0
                person, rows = person[known], block[known]
                nothing = np.zeros(len(rows), np.uint8)
                claimed = table is columns.CLAIMS
                skills.append(rows["skill"].astype(np.int32))
                parts.append(
                    Held(
                        person=person,
                        level=rows["level"].astype(np.uint8) if claimed else nothing + np.uint8(CERTIFIED_LEVEL),
                        years=rows["years"].astype(np.uint8) if claimed else nothing,
                        evidence=rows["evidence"].astype(np.uint8),
                        expires=rows["expires"].astype(np.int32),
                        issued=nothing.astype(np.uint16) if claimed else rows["issued"].astype(np.uint16),
                    )
                )
        return claims_of(np.concatenate(skills), Held(*(np.concatenate(column) for column in zip(*parts, strict=True))))

    def _spells(self, people: Columns) -> Spells:
        self._tell("time")
        exceptions: dict[int, list[capacity.Span]] = defaultdict(list)
        for person, block in self._located(columns.EXCEPTIONS):
            for row, starts, ends, minutes in zip(
                person.tolist(), *(block[name].tolist() for name in ("starts", "ends", "minutes")), strict=True
            ):
                exceptions[row].append(capacity.Span(dt.date.fromordinal(starts), dt.date.fromordinal(ends), minutes))
        booked: dict[int, dict[int, int]] = defaultdict(dict)
        for person, block in self._located(columns.BOOKED):
            for row, week, minutes in zip(
                person.tolist(), block["week"].tolist(), block["minutes"].tolist(), strict=True
            ):
                booked[row][week] = minutes
        found = []
        for row in sorted(exceptions.keys() | booked.keys()):
            usual = capacity.UsualWeek(
                int(people["weekly_minutes"][row]),
                _date(int(people["available_from"][row])),
                _date(int(people["available_until"][row])),
            )
            told = spells_of(usual, exceptions.get(row, []), booked.get(row, {}))
            # Somebody whose weeks are all usual still is told apart: dates of availability are in the spells already.
            found += [(row, *spell) for spell in told or [(0, 0, 0)]]
        return Spells(*(column.astype(np.int32) for column in np.array(found, np.int64).reshape(-1, 4).T))

    def _edges(self) -> Edges:
        self._tell("collaborations")
        firsts, seconds, weights = [_NO_ROWS], [_NO_ROWS], [np.zeros(0, np.uint8)]
        for block in columns.read(columns.COLLABORATIONS, self._connection, self._ids):
            first = self._locate(block["first_high"], block["first_low"])
            second = self._locate(block["second_high"], block["second_low"])
            known = (first >= 0) & (second >= 0)
            firsts.append(first[known])
            seconds.append(second[known])
            weights.append(block["times"][known].astype(np.uint8))
        first, second = np.concatenate(firsts), np.concatenate(seconds)
        order = np.lexsort((second, first))
        return Edges(first[order], second[order], np.concatenate(weights)[order])


def claims_of(skill: Column, held: Held) -> Claims:
    """Return claims sorted by skill and row."""
    order = np.argsort(skill.astype(np.int64) << 32 | held.person, kind="stable")
    skill = skill[order]
    skills, starts = np.unique(skill, return_index=True)
    return Claims(
        skills.astype(np.int32),
        np.append(starts, len(skill)).astype(np.int64),
        Held(*(column[order] for column in held)),
    )


def _date(ordinal: int) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None

"""The synthetic market in columns: one row per fact, ``person`` columns point at rows of ``PersonColumns``."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from profiles.synthetic.places import PLACES, Place
from profiles.synthetic.practices import Practice

Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]

NONE = 0
"""No date: dates are proleptic ordinals (``date.toordinal``), which begin at 1."""


@dataclass(frozen=True)
class Columns:
    """Arrays of one length."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def arrays(self) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """Yield every column with its name, in the order of declaration."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)


@dataclass(frozen=True)
class PersonColumns(Columns):
    """One row per person.

    ``given`` and ``family`` (two columns each) are positions in ``names``, -1 for none; ``place`` in
    ``places.PLACES``; ``practice`` in the market's practices. ``functions`` is a bitmask. ``work_starts`` and
    ``work_ends`` are minutes from local midnight; ``rate_cents`` and ``floor_cents`` hundredths of a peso an hour where
    ``rate_in_pesos``, of a dollar elsewhere.
    """

    given: Ints
    second_given: Ints
    family: Ints
    second_family: Ints
    feminine: Flags
    place: Ints
    practice: Ints
    years: Bytes
    seniority: Bytes
    main_function: Bytes
    functions: Bytes
    rate_cents: Ints
    floor_cents: Ints
    rate_in_pesos: Flags
    route: Bytes
    weekly_minutes: Ints
    work_starts: Ints
    work_ends: Ints
    available_from: Ints
    available_until: Ints
    has_rfc: Flags
    has_curp: Flags


@dataclass(frozen=True)
class ClaimColumns(Columns):
    """One row per claimed skill, by person and skill; ``skill`` is a position in the market's ``skill_codes``."""

    person: Ints
    skill: Ints
    level: Bytes
    years: Bytes
    last_used: Ints
    evidence: Bytes
    evidence_on: Ints


@dataclass(frozen=True)
class LanguageColumns(Columns):
    """One row per person and language (0 English, 1 Spanish); levels are CEFR 1..6."""

    person: Ints
    language: Bytes
    listening: Bytes
    speaking: Bytes
    reading: Bytes
    writing: Bytes
    native: Flags
    evidence: Bytes
    tested_on: Ints


@dataclass(frozen=True)
class CertificateColumns(Columns):
    """One row per certificate; ``expires_on`` is 0 where it does not expire."""

    person: Ints
    skill: Ints
    issued_on: Ints
    expires_on: Ints
    evidence: Bytes


@dataclass(frozen=True)
class ExperienceColumns(Columns):
    """One row per employment; ``employer`` is a position in ``names.EMPLOYERS``, ``ends_on`` 0 while it lasts."""

    person: Ints
    employer: Ints
    seniority: Bytes
    starts_on: Ints
    ends_on: Ints


@dataclass(frozen=True)
class ExceptionColumns(Columns):
    """One row per span with another weekly capacity."""

    person: Ints
    starts_on: Ints
    ends_on: Ints
    weekly_minutes: Ints


@dataclass(frozen=True)
class CollaborationColumns(Columns):
    """One row per pair who worked together, ``first`` < ``second``."""

    first: Ints
    second: Ints
    times: Bytes
    last_year: Ints


@dataclass(frozen=True)
class SyntheticMarket:
    """A whole market: its tables, and what their positions mean. ``pesos_per_dollar`` is made up like the rest."""

    seed: int
    as_of: dt.date
    pesos_per_dollar: Decimal
    skill_codes: tuple[str, ...]
    practices: tuple[Practice, ...]
    people: PersonColumns
    claims: ClaimColumns
    languages: LanguageColumns
    certificates: CertificateColumns
    experiences: ExperienceColumns
    exceptions: ExceptionColumns
    collaborations: CollaborationColumns

    def __len__(self) -> int:
        return len(self.people)

    @property
    def places(self) -> tuple[Place, ...]:
        """The cities that ``people.place`` points at."""
        return PLACES

    def tables(self) -> Iterator[tuple[str, Columns]]:
        """Yield every table with its name."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Columns):
                yield field.name, value

    def digest(self) -> str:
        """Return the SHA-256 of all columns: equal digests, equal markets."""
        total = hashlib.sha256(f"{self.seed} {self.as_of} {self.pesos_per_dollar} {self.skill_codes}".encode())
        for table, columns in self.tables():
            for name, array in columns.arrays():
                total.update(f"{table}.{name} {array.dtype.str} {array.shape}".encode())
                total.update(np.ascontiguousarray(array).tobytes())
        return total.hexdigest()

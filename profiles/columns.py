"""Supply as whole columns: fixed-width rows straight out of PostgreSQL's binary COPY, no Python object per row.

What one table says is decoded by one numpy type, so reading a market takes the time of its transfer. Dates are
proleptic ordinals with 0 for none, ids two big-endian halves (``high``, ``low``), texts padded to their width. Nothing
that names a person is read.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray
from psycopg import sql

from profiles.levels import Function, LanguageCode

LANGUAGES = tuple(LanguageCode.values)

_HEADER = 19  # bytes of COPY's binary header without extensions
_BLOCK = 32 * 1024 * 1024
_WIDTHS = {"uuid": 16, "i2": 2, "i4": 4, "i8": 8, "zone": 48, "currency": 3}
_TYPES = {"i2": ">i2", "i4": ">i4", "i8": ">i8", "zone": "S48", "currency": "S3"}


@dataclass(frozen=True)
class Table:
    """``columns``: (name, kind, SQL). ``people``: the columns that say whom a row is about."""

    source: str
    columns: tuple[tuple[str, str, str], ...]
    people: tuple[str, ...] = ("professional_id",)
    condition: str = "TRUE"

    @property
    def dtype(self) -> np.dtype[Any]:
        """A row of binary COPY: the number of fields, then each field after its length."""
        names, formats, offsets = ["fields"], [">i2"], [0]
        at = 2
        for name, kind, _sql in self.columns:
            at += 4
            if kind == "uuid":
                names += [f"{name}high", f"{name}low"]
                formats += [">u8", ">u8"]
                offsets += [at, at + 8]
            else:
                names.append(name)
                formats.append(_TYPES[kind])
                offsets.append(at)
            at += _WIDTHS[kind]
        return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": at})


def _day(column: str) -> str:
    return f"coalesce({column} - DATE '0001-01-01' + 1, 0)::int4"


def _text(column: str, width: int) -> str:
    return f"substr(convert_to(rpad({column}, {width}), 'UTF8'), 1, {width})"


_PERSON = ("", "uuid", "professional_id")
_MASK = " | ".join(f"CASE WHEN {f} = ANY(functions) THEN {1 << f} ELSE 0 END" for f in Function.values)

PEOPLE = Table(
    "profiles_professional",
    (
        ("", "uuid", "id"),
        ("functions", "i2", f"({_MASK} | (1 << main_function))::int2"),
        ("main_function", "i2", "main_function"),
        ("seniority", "i2", "seniority"),
        ("country", "i2", "country"),
        ("route", "i2", "contract_route"),
        ("zone", "zone", _text("time_zone", 48)),
        ("work_starts", "i2", "work_starts"),
        ("work_ends", "i2", "work_ends"),
        ("rate_cents", "i8", "(rate_amount * 100)::int8"),
        ("currency", "currency", _text("rate_currency", 3)),
        ("weekly_minutes", "i2", "weekly_minutes::int2"),
        ("available_from", "i4", _day("available_from")),
        ("available_until", "i4", _day("available_until")),
    ),
    people=("id",),
    condition="status = 'active'",
)
SPOKEN = Table(
    "profiles_languageproficiency",
    (
        _PERSON,
        ("language", "i2", f"array_position(ARRAY{list(LANGUAGES)}, language::text)::int2"),
        *((activity, "i2", activity) for activity in ("listening", "speaking", "reading", "writing")),
        ("evidence", "i2", "evidence"),
        ("expires", "i4", _day("evidence_expires_on")),
    ),
)
CLAIMS = Table(
    "profiles_skillclaim",
    (
        _PERSON,
        ("skill", "i4", "skill_id"),
        ("level", "i2", "level"),
        ("years", "i2", "least(years, 60)::int2"),
        ("evidence", "i2", "evidence"),
        ("expires", "i4", _day("evidence_expires_on")),
    ),
)
# A claim to the same skill says more than the certificate: see ``profiles.selectors.holdings``.
CERTIFICATES = Table(
    "profiles_certificate AS own",
    (
        _PERSON,
        ("skill", "i4", "skill_id"),
        ("issued", "i2", "extract(year FROM issued_on)::int2"),
        ("evidence", "i2", "evidence"),
        ("expires", "i4", _day("expires_on")),
    ),
    condition=(
        "NOT EXISTS (SELECT FROM profiles_skillclaim AS claim"
        " WHERE claim.professional_id = own.professional_id AND claim.skill_id = own.skill_id)"
    ),
)
EXCEPTIONS = Table(
    "profiles_availabilityexception",
    (
        _PERSON,
        ("starts", "i4", _day("starts_on")),
        ("ends", "i4", _day("ends_on")),
        ("minutes", "i4", "weekly_minutes"),
    ),
)
BOOKED = Table(
    "profiles_personweek",
    (_PERSON, ("week", "i4", _day("week")), ("minutes", "i4", "booked")),
    condition="booked > 0",
)
COLLABORATIONS = Table(
    "profiles_collaboration",
    (("first_", "uuid", "first_id"), ("second_", "uuid", "second_id"), ("times", "i2", "least(times, 3)::int2")),
    people=("first_id", "second_id"),
)


def read(
    table: Table, connection: BaseDatabaseWrapper, ids: Collection[uuid.UUID] | None = None
) -> Iterator[NDArray[Any]]:
    """Yield blocks of rows as structured arrays; ``ids`` restricts them to rows about these people.

    Rows are those of the connection's transaction. Raises ValueError when a row has not the stated width.
    """
    statement: sql.Composable = sql.SQL(
        f"SELECT {', '.join(expression for _name, _kind, expression in table.columns)} "  # type: ignore[arg-type]
        f"FROM {table.source} WHERE {table.condition}"
    )
    if ids is not None:
        wanted = sql.Literal(list(ids))
        about = sql.SQL(" OR ").join(
            sql.SQL("{} = ANY({}::uuid[])").format(sql.Identifier(name), wanted) for name in table.people
        )
        statement = sql.SQL("{} AND ({})").format(statement, about)
    copying = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(statement)
    kind = table.dtype
    held, skip = bytearray(), _HEADER
    # COPY goes past Django's cursor, and so past its translation of errors.
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.cursor.copy(copying) as copy:
        for data in copy:
            held += data
            if len(held) >= _BLOCK:
                whole = (len(held) - skip) // kind.itemsize * kind.itemsize
                yield _decoded(table, kind, bytes(held[skip : skip + whole]))
                del held[: skip + whole]
                skip = 0
    yield _decoded(table, kind, bytes(held[skip:-2]))  # the last two bytes say that there is no more


def _decoded(table: Table, kind: np.dtype[Any], data: bytes) -> NDArray[Any]:
    if len(data) % kind.itemsize:
        raise ValueError(f"a row of {table.source} has another width than stated")
    rows = np.frombuffer(data, kind)
    if (rows["fields"] != len(table.columns)).any():
        raise ValueError(f"a row of {table.source} has another shape than stated")
    return rows

"""What the index holds: columns over rows of people, and lists of facts that name their rows.

Per person: functions, seniority, country, route, working hours and asking rate (as numbers of two small tables, since
a market has few distinct ones), the usual week, languages with what stands behind them and until when, id. Facts:
claims by skill, spells of little free time, collaborations. A row that is not active belongs to nobody, for now or any
more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine import ACTIVITIES, evidence_column
from matching.index.free_time import Spells
from profiles import columns

Column = NDArray[Any]
Columns = dict[str, Column]

LANGUAGES = tuple(f"{language}.{activity}" for language in columns.LANGUAGES for activity in ACTIVITIES)
EVIDENCE = {language: evidence_column(language) for language in columns.LANGUAGES}
EXPIRES = {language: f"{language}.expires" for language in columns.LANGUAGES}
SPOKEN: dict[str, str] = {
    **dict.fromkeys((*LANGUAGES, *EVIDENCE.values()), "|u1"),
    **dict.fromkeys(EXPIRES.values(), "<i4"),
}
PERSON: dict[str, str] = {
    "high": "<u8",
    "low": "<u8",
    "active": "|u1",
    "functions": "|u1",
    "main_function": "|u1",
    "seniority": "|u1",
    "country": "|u1",
    "routes": "|u1",
    "hours": "<u2",
    "rate": "<u4",
    "weekly_minutes": "<u2",
    "available_from": "<i4",
    "available_until": "<i4",
    **SPOKEN,
}
FACT: dict[str, str] = {
    "claims.skills": "<i4",
    "claims.starts": "<i8",
    "claims.person": "<i4",
    "claims.level": "|u1",
    "claims.years": "|u1",
    "claims.evidence": "|u1",
    "claims.expires": "<i4",
    "claims.issued": "<u2",
    "spells.person": "<i4",
    "spells.first": "<i4",
    "spells.last": "<i4",
    "spells.free": "<i4",
    "edges.first": "<i4",
    "edges.second": "<i4",
    "edges.weight": "|u1",
}


class Held(NamedTuple):
    """Who holds one skill, by ascending row. ``issued`` is a certificate's year, 0 for a claim.

    ``expires`` ends the evidence of a claim, and a certificate itself.
    """

    person: Column
    level: Column
    years: Column
    evidence: Column
    expires: Column
    issued: Column


@dataclass(frozen=True)
class Claims:
    """Everything that is held, by skill and row: ``skills[k]`` has the places ``starts[k]``..``starts[k + 1]``."""

    skills: Column
    starts: Column
    held: Held

    def of(self, skill: int) -> Held:
        """Return who holds a skill, as views."""
        at = int(np.searchsorted(self.skills, skill))
        known = at < len(self.skills) and int(self.skills[at]) == skill
        part = slice(int(self.starts[at]), int(self.starts[at + 1])) if known else slice(0, 0)
        return Held(*(column[part] for column in self.held))


class Edges(NamedTuple):
    """Pairs who worked together: rows ``first`` < ``second`` in the order of their ids, and how often (1..3)."""

    first: Column
    second: Column
    weight: Column


@dataclass(frozen=True)
class Facts:
    """What is known of people beside their columns."""

    claims: Claims
    spells: Spells
    edges: Edges

    def columns(self) -> Columns:
        """Return the facts as the named columns of a file."""
        named: Columns = {"claims.skills": self.claims.skills, "claims.starts": self.claims.starts}
        for kind, rows in (("claims", self.claims.held), ("spells", self.spells), ("edges", self.edges)):
            named |= {f"{kind}.{name}": column for name, column in rows._asdict().items()}
        return {name: np.ascontiguousarray(named[name], dtype=dtype) for name, dtype in FACT.items()}

    @classmethod
    def of(cls, named: Columns) -> Facts:
        """Return facts out of named columns."""

        def rows(kind: str, fields: tuple[str, ...]) -> list[Column]:
            return [named[f"{kind}.{name}"] for name in fields]

        claims = Claims(named["claims.skills"], named["claims.starts"], Held(*rows("claims", Held._fields)))
        return cls(claims, Spells(*rows("spells", Spells._fields)), Edges(*rows("edges", Edges._fields)))


@dataclass
class Tables:
    """The distinct working hours (zone, start, end) and asking rates (currency, cents); columns hold their numbers."""

    hours: list[tuple[str, int, int]] = field(default_factory=list)
    rates: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hours = {entry: number for number, entry in enumerate(self.hours)}
        self._rates = {entry: number for number, entry in enumerate(self.rates)}

    def people(self, rows: Column) -> Columns:
        """Return rows of ``profiles.columns.PEOPLE`` as columns of the index, without languages.

        Raises ValueError when there are more distinct working hours than a column can tell apart.
        """
        found: Columns = {name: rows[name] for name in PERSON if name in (rows.dtype.names or ())}
        found["active"] = np.ones(len(rows), np.uint8)
        found["routes"] = np.left_shift(1, rows["route"])
        found["hours"] = self._numbers(rows[["zone", "work_starts", "work_ends"]], self.hours, self._hours)
        found["rate"] = self._numbers(rows[["currency", "rate_cents"]], self.rates, self._rates)
        if len(self.hours) > np.iinfo(PERSON["hours"]).max:
            raise ValueError("more distinct working hours than the index can tell apart")
        return {name: column.astype(PERSON[name]) for name, column in found.items()}

    @staticmethod
    def _numbers(rows: Column, table: list[Any], known: dict[Any, int]) -> Column:
        # A packed copy compares as bytes, many times faster than field by field.
        packed = np.empty(len(rows), np.dtype([(name, rows.dtype[name]) for name in rows.dtype.names or ()]))
        for name in packed.dtype.names or ():
            packed[name] = rows[name]
        distinct, inverse = np.unique(packed.view(f"V{packed.dtype.itemsize}"), return_inverse=True)
        numbers = []
        for zone_or_currency, *rest in distinct.view(packed.dtype).tolist():
            key = (zone_or_currency.decode().rstrip(), *rest)
            if key not in known:
                known[key] = len(table)
                table.append(key)
            numbers.append(known[key])
        return np.array(numbers, np.uint32)[inverse]

"""Language tests, their scales and the published tables that read them in CEFR levels, as written in the CSV files.

A table belongs to one scale of one test and to the days on which the test was taken. ``used`` tables derive levels; the
others are kept because they disagree, and are told beside. What a source does not tell apart stays a span: C1 "or
higher" is C1 to C2.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from profiles.levels import Activity, Cefr

HERE = Path(__file__).resolve().parent
OVERALL = "overall"
PARTS = (OVERALL, *Activity.values)


@dataclass(frozen=True)
class LanguageTest:
    """``validity_months`` is how long a result holds from the day of the test, None where no end is known.

    ``language`` is None where a document of that name may be of any language.
    """

    code: str
    name: str
    also: tuple[str, ...]
    issuer: str
    language: str | None
    validity_months: int | None
    validity_en: str
    validity_es: str
    validity_url: str

    def validity(self, language: str) -> str:
        """Return who says how long a result holds, in ``es`` or else English."""
        return self.validity_es if language.startswith("es") else self.validity_en


@dataclass(frozen=True)
class PointRange:
    """Legal points, from ``lowest`` to ``highest``; ``step`` None lets every number between them stand."""

    lowest: Decimal
    highest: Decimal
    step: Decimal | None

    def holds(self, points: Decimal) -> bool:
        return self.lowest <= points <= self.highest and (self.step is None or (points - self.lowest) % self.step == 0)


@dataclass(frozen=True)
class Scale:
    """How a test states its results: in points, or, where ``levels`` is given, in the CEFR levels themselves.

    ``sections`` is what a single activity is stated in, None where the test has no result by activity; ``activities``
    are those that it tests.
    """

    test: str
    code: str
    also: tuple[str, ...]
    activities: tuple[str, ...]
    overall: PointRange | None
    sections: PointRange | None
    levels: tuple[Cefr, ...]
    section_levels: tuple[Cefr, ...]
    first_day: dt.date
    last_day: dt.date

    def in_use(self, day: dt.date) -> bool:
        return self.first_day <= day <= self.last_day

    def part(self, part: str) -> PointRange | tuple[Cefr, ...] | None:
        """Return what the overall result or an activity is stated in, None or empty where it is not."""
        if part == OVERALL:
            return self.overall or self.levels
        return (self.sections or self.section_levels) if part in self.activities else None


@dataclass(frozen=True)
class Span:
    """From ``least`` to ``most``: one level, or several that the table does not tell apart."""

    least: Cefr
    most: Cefr

    @property
    def label(self) -> str:
        """Return ``C1``, ``C1–C2``, or in the reader's language ``at most A2``."""
        if self.most == Cefr.NONE:
            return _("below A1")
        if self.least == Cefr.NONE:
            return _("at most %(level)s") % {"level": self.most.label}
        labels = dict.fromkeys((str(self.least.label), str(self.most.label)))
        return "–".join(labels)

    def __contains__(self, level: int) -> bool:
        return self.least <= level <= self.most


@dataclass(frozen=True)
class ConversionTable:
    """``cuts`` holds, by part, the least score of each span, ascending. ``certainty`` says how the source was read.

    ``issuer``: a page of whoever issues the test; ``partly``: such a page confirms some limits, the note says which;
    ``reproduced``: as others print it.
    """

    version: str
    test: str
    scale: str
    first_day: dt.date
    last_day: dt.date
    used: bool
    source: str
    url: str
    seen_on: dt.date
    certainty: str
    note_en: str
    note_es: str
    cuts: Mapping[str, tuple[tuple[Decimal, Span], ...]]

    def note(self, language: str) -> str:
        """Return what to know about the table, in ``es`` or else English."""
        return self.note_es if language.startswith("es") else self.note_en

    def applies(self, scale: Scale, tested_on: dt.date) -> bool:
        return (self.test, self.scale) == (scale.test, scale.code) and self.first_day <= tested_on <= self.last_day

    def read(self, part: str, points: Decimal) -> Span | None:
        """Return the levels of a score; None where the table has nothing on this part."""
        reached = [span for least, span in self.cuts.get(part, ()) if least <= points]
        return reached[-1] if reached else None


@dataclass(frozen=True)
class ReferenceTables:
    tests: tuple[LanguageTest, ...]
    scales: tuple[Scale, ...]
    tables: tuple[ConversionTable, ...]


@lru_cache
def reference_tables(folder: Path = HERE) -> ReferenceTables:
    """Read tests, scales, tables and cuts of ``folder``.

    Raises ValueError or KeyError when a row cannot be read; that the content makes sense is for the tests to say.
    """
    cuts: dict[str, dict[str, list[tuple[Decimal, Span]]]] = {}
    for row in _rows(folder, "cuts.csv"):
        found = cuts.setdefault(row["table_version"], {}).setdefault(row["part"], [])
        found.append((Decimal(row["least"]), Span(_level(row["level"]), _level(row["up_to"]))))
    return ReferenceTables(
        tests=tuple(_test(row) for row in _rows(folder, "tests.csv")),
        scales=tuple(_scale(row) for row in _rows(folder, "scales.csv")),
        tables=tuple(_table(row, cuts.get(row["table_version"], {})) for row in _rows(folder, "tables.csv")),
    )


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    if any(None in row or None in row.values() for row in rows):
        raise ValueError(f"{name}: a row has more or fewer fields than the header")
    return rows


def _test(row: dict[str, str]) -> LanguageTest:
    months = row["validity_months"]
    return LanguageTest(
        code=row["test"],
        name=row["name"],
        also=_names(row["also"]),
        issuer=row["issuer"],
        language=row["language"] or None,
        validity_months=int(months) if months else None,
        validity_en=row["validity_en"],
        validity_es=row["validity_es"],
        validity_url=row["validity_url"],
    )


def _scale(row: dict[str, str]) -> Scale:
    points = row["kind"] == "points"
    ends = (row["lowest"], row["highest"]), (row["section_lowest"], row["section_highest"])
    return Scale(
        test=row["test"],
        code=row["scale"],
        also=_names(row["also"]),
        activities=_names(row["activities"]) or tuple(Activity.values),
        overall=_range(*ends[0], row["step"]) if points else None,
        sections=_range(*ends[1], row["section_step"]) if points and ends[1][0] else None,
        levels=() if points else _levels(*ends[0]),
        section_levels=() if points or not ends[1][0] else _levels(*ends[1]),
        first_day=_day(row["first_day"], dt.date.min),
        last_day=_day(row["last_day"], dt.date.max),
    )


def _table(row: dict[str, str], cuts: Mapping[str, list[tuple[Decimal, Span]]]) -> ConversionTable:
    return ConversionTable(
        version=row["table_version"],
        test=row["test"],
        scale=row["scale"],
        first_day=_day(row["first_day"], dt.date.min),
        last_day=_day(row["last_day"], dt.date.max),
        used=row["used"] == "yes",
        source=row["source"],
        url=row["url"],
        seen_on=dt.date.fromisoformat(row["seen_on"]),
        certainty=row["certainty"],
        note_en=row["note_en"],
        note_es=row["note_es"],
        cuts={part: tuple(found) for part, found in cuts.items()},
    )


def _range(lowest: str, highest: str, step: str) -> PointRange:
    return PointRange(Decimal(lowest), Decimal(highest), None if step == "any" else Decimal(step))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _level(text: str) -> Cefr:
    return Cefr[text.upper()]


def _levels(lowest: str, highest: str) -> tuple[Cefr, ...]:
    return tuple(level for level in Cefr if _level(lowest) <= level <= _level(highest))


def _day(text: str, otherwise: dt.date) -> dt.date:
    return dt.date.fromisoformat(text) if text else otherwise

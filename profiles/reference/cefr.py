"""Reading the score of a language test in CEFR levels: by a named, dated table, or not at all.

Nothing is converted silently. The raw score, the test, its scale and its day are what is stored; a derived level is
shown beside them with the version and the source of the table, and other published tables that read the score
otherwise are named. Council of Europe, CEFR companion volume (2020).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import FieldError
from profiles.levels import Activity, Cefr
from profiles.reference.tables import (
    OVERALL,
    ConversionTable,
    LanguageTest,
    PointRange,
    Scale,
    Span,
    reference_tables,
)
from profiles.reference.validity import months_after
from profiles.taxonomy.text import normalize

# What a report prints: the many other ways in which a number can be written are no scores.
_POINTS = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,4})?)[+]?")


@dataclass(frozen=True)
class Derived:
    """``levels`` by part, ``overall`` or an activity; ``others`` are tables that read a part otherwise, with how."""

    test: str
    scale: str
    table: ConversionTable
    levels: Mapping[str, Span]
    others: tuple[tuple[ConversionTable, Mapping[str, Span]], ...] = ()


@dataclass(frozen=True)
class Result:
    """What somebody states of a test: texts as given, ``sections`` by activity. Empty texts are not stated."""

    test: str
    score: str = ""
    scale_version: str = ""
    tested_on: dt.date | None = None
    sections: Mapping[str, str] = field(default_factory=dict)

    @property
    def scores(self) -> dict[str, str]:
        """The stated scores by part."""
        return ({OVERALL: self.score} if self.score else {}) | dict(self.sections)


def derive(
    test: str,
    score: str,
    scale_version: str,
    tested_on: dt.date,
    sections: Mapping[str, str] | None = None,
) -> Derived | None:
    """Return the CEFR levels of a result, with the table that says so.

    ``score`` is the overall result and may be empty where ``sections`` gives one by activity (``levels.Activity``).
    None when the test, the scale or a table for that day is not known, when the score is not one of that scale, or
    when no scale is named and the score could belong to several.
    """
    result = Result(test, score, scale_version, tested_on, sections or {})
    scale = scale_of(result)
    if scale is None or not result.scores or _misplaced(scale, result):
        return None
    applicable = [table for table in reference_tables().tables if table.applies(scale, tested_on)]
    chosen = next((table for table in applicable if table.used), None)
    if chosen is None:
        return None
    levels = _levels(chosen, scale, result)
    if not levels:
        return None
    unlike = []
    for table in applicable:
        read = {} if table.used else _levels(table, scale, result)
        apart = {part: span for part, span in read.items() if part in levels and not _overlap(span, levels[part])}
        if apart:
            unlike.append((table, apart))
    return Derived(scale.test, scale.code, chosen, levels, tuple(unlike))


def find_test(text: str) -> LanguageTest | None:
    """Return the test of that name, whatever its case, accents and punctuation; None where it is not known."""
    code = _tests_by_name().get(normalize(text))
    return None if code is None else next(test for test in reference_tables().tests if test.code == code)


def scales(test: LanguageTest) -> tuple[Scale, ...]:
    """Return every scale that a test has used."""
    return tuple(scale for scale in reference_tables().scales if scale.test == test.code)


def scale_of(result: Result) -> Scale | None:
    """Return the scale that a result names, or without a name the only one on which its scores can be; else None."""
    test = find_test(result.test)
    if test is None or result.tested_on is None:
        return None
    if result.scale_version:
        return _named(test, result.scale_version)
    possible = [
        scale
        for scale in scales(test)
        if scale.in_use(result.tested_on) and result.scores and not _misplaced(scale, result)
    ]
    return possible[0] if len(possible) == 1 else None


def faults(result: Result, language: str) -> list[FieldError]:
    """Return what cannot be in a stated result; a test that is not known is not judged."""
    test = find_test(result.test)
    if test is None:
        return []
    if test.language not in {None, language}:
        return [
            FieldError(
                "/test", "test_of_other_language", _("%(test)s is a test of another language.") % {"test": test.name}
            )
        ]
    if result.scale_version and _named(test, result.scale_version) is None:
        known = [scale.code for scale in scales(test)]
        return [
            FieldError(
                "/scale_version",
                "unknown_scale",
                _("%(test)s has no such scale.") % {"test": test.name},
                {"scales": known},
            )
        ]
    if result.tested_on is None or not result.scores:
        return []
    named = _named(test, result.scale_version) if result.scale_version else None
    possible = [named] if named else [scale for scale in scales(test) if scale.in_use(result.tested_on)]
    if named and not named.in_use(result.tested_on):
        return [
            FieldError(
                "/scale_version",
                "scale_not_in_use",
                _("This scale was not in use on the day of the test."),
                {"scales": [scale.code for scale in scales(test) if scale.in_use(result.tested_on)]},
            )
        ]
    # A score that is legal on one of the scales of that day is not refused for lack of a name.
    misplaced = [_misplaced(scale, result) for scale in possible]
    return [_off_scale(part, test) for part in misplaced[0]] if misplaced and all(misplaced) else []


def expires_on(test: str, tested_on: dt.date | None) -> dt.date | None:
    """Return the last day on which a result counts, None where it never expires or the test is not known."""
    known = find_test(test)
    if known is None or known.validity_months is None or tested_on is None:
        return None
    return months_after(tested_on, known.validity_months)


@lru_cache
def _tests_by_name() -> dict[str, str]:
    return {
        normalize(name): test.code for test in reference_tables().tests for name in (test.code, test.name, *test.also)
    }


def _named(test: LanguageTest, text: str) -> Scale | None:
    wanted = text.strip().casefold()
    return next(
        (scale for scale in scales(test) if wanted in {scale.code.casefold(), *map(str.casefold, scale.also)}), None
    )


def _misplaced(scale: Scale, result: Result) -> list[str]:
    """Return the parts whose stated score is none of the scale."""
    return [part for part, text in result.scores.items() if not _legal(scale.part(part), text)]


def _legal(legal: PointRange | tuple[Cefr, ...] | None, text: str) -> bool:
    if isinstance(legal, PointRange):
        points = _points(text)
        return points is not None and legal.holds(points)
    stated = _stated_span(text)
    return stated is not None and bool(legal) and all(step in (legal or ()) for step in Cefr if step in stated)


def _levels(table: ConversionTable, scale: Scale, result: Result) -> dict[str, Span]:
    found = {}
    for part, text in result.scores.items():
        stated, points = _stated_span(text), _points(text)
        if scale.levels and stated is not None:
            found[part] = stated
        elif points is not None and (span := table.read(part, points)):
            found[part] = span
    return found


def _overlap(one: Span, other: Span) -> bool:
    return one.least <= other.most and other.least <= one.most


def _points(text: str) -> Decimal | None:
    """Read points; ``180+`` is at least 180, and read as no more than that."""
    found = _POINTS.fullmatch(text.strip())
    return Decimal(found[1].replace(",", ".")) if found else None


def _stated_span(text: str) -> Span | None:
    """Read a level as a certificate states it; ``C`` alone is C1 or C2."""
    name = text.strip().upper()
    if name == "C":
        return Span(Cefr.C1, Cefr.C2)
    return Span(Cefr[name], Cefr[name]) if name in Cefr.__members__ and name != Cefr.NONE.name else None


def _off_scale(part: str, test: LanguageTest) -> FieldError:
    pointer = "/raw_score" if part == OVERALL else f"/section_scores/{Activity(part).value}"
    legal: list[dict[str, Any]] = [
        {
            "scale": scale.code,
            "lowest": str(allowed.lowest),
            "highest": str(allowed.highest),
            "step": str(allowed.step) if allowed.step else None,
        }
        if isinstance(allowed, PointRange)
        else {"scale": scale.code, "levels": [level.label for level in allowed]}
        for scale in scales(test)
        if (allowed := scale.part(part))
    ]
    return FieldError(
        pointer, "score_not_on_scale", _("This is no score of %(test)s.") % {"test": test.name}, {"scales": legal}
    )

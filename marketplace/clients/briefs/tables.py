"""Tables in plain text: a line of column names, then a line per role, cut by ``|``, tabs, semicolons or wide gaps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from marketplace.clients.briefs import numbers

Span = tuple[int, int]


class Column(Enum):
    """What the cells below a column name hold."""

    ROLE = "role"
    COUNT = "count"
    RANK = "rank"
    YEARS = "years"
    MUST = "must"
    WISH = "wish"
    ENGLISH = "english"
    OTHER = "other"


# The first that fits counts: "desired skills" are wishes, "years of experience" no skills.
_NAMES = (
    (
        Column.WISH,
        r"nice|desir|prefer|plus|optional|bonus|deseable|opcional|valora|help|extra|adicional|suma\b|ventaja|ideal",
    ),
    (Column.ENGLISH, r"english|ingles|language|idioma"),
    (Column.YEARS, r"experience|years|yrs|experiencia|anos"),
    (Column.RANK, r"level|seniority|rank|nivel|grado"),
    (Column.ROLE, r"role|position|profile|title|seat|resource|puesto|rol\b|perfil|posicion|cargo|vacante\b|recurso\b"),
    (
        Column.COUNT,
        r"qty|quantity|how many|cuant[oa]s|count|^no\.?$|^#$|number|headcount|^hc$|people|fte|cant|personas|numero"
        r"|^num|plazas|vacantes"
        r"|elementos",
    ),
    (
        Column.MUST,
        r"must|bring|need|require|skill|stack|technolog|knowledge|indispensable|requerid|requisito|conocimiento"
        r"|tecnolog|habilidad"
        r"|obligatori",
    ),
)
_RULE = re.compile(r"[\s|:+=_-]*[-=_]{3,}[\s|:+=_-]*")
_CUTS = tuple(re.compile(cut) for cut in (r"\|", r"\t+", r";", r" {2,}"))
_LINES = re.compile(r"[^\r\n]*")
_YEARS_ONLY = re.compile(
    rf"\s*({numbers.COUNT})\s*\+?\s*(?:years?|yrs?|anos?)?\s*\+?\s*(?:or more|o mas|minimum|minimo)?\s*"
)
FEWEST_COLUMNS, MOST_ROWS = 3, 100


@dataclass(frozen=True)
class Row:
    """The cells of one role: places in the text under what their columns hold."""

    start: int
    end: int
    cells: tuple[tuple[Column, Span], ...]

    def of(self, *columns: Column) -> list[Span]:
        """Return the places of the cells that are not empty in these columns."""
        return [span for column, span in self.cells if column in columns and span[0] < span[1]]

    def years(self, text: str) -> tuple[int, Span] | None:
        """Return the years of experience that a cell states for the whole row, and its place."""
        for start, end in self.of(Column.YEARS):
            if (match := _YEARS_ONLY.fullmatch(text, start, end)) and (value := numbers.count(match[1])) is not None:
                return value, (start, end)
        return None


@dataclass(frozen=True)
class Table:
    """A table from its line of names (``start``) to the end of its last row."""

    start: int
    end: int
    rows: tuple[Row, ...]


def read(text: str) -> list[Table]:
    """Return the tables of a text in lower case without accents that have a column of roles."""
    lines = [match.span() for match in _LINES.finditer(text) if match.group().strip()]
    found: list[Table] = []
    place = 0
    while place < len(lines):
        table, place = _table(text, lines, place)
        if table is not None:
            found.append(table)
    return found


def _table(text: str, lines: list[Span], first: int) -> tuple[Table | None, int]:
    for cut in _CUTS:
        names = [_column(text[start:end]) for start, end in _cells(text, lines[first], cut)]
        known = [name for name in names if name is not Column.OTHER]
        if names.count(Column.ROLE) > 1:
            # "Role | Seats": the second counts what the first names.
            first_role = names.index(Column.ROLE)
            names = [
                Column.COUNT if name is Column.ROLE and place > first_role else name for place, name in enumerate(names)
            ]
        if len(names) < FEWEST_COLUMNS or Column.ROLE not in names or len(known) < 2:
            continue
        rows: list[Row] = []
        at = first + 1
        while at < len(lines) and len(rows) < MOST_ROWS:
            start, end = lines[at]
            if _RULE.fullmatch(text, start, end):
                at += 1
                continue
            cells = _cells(text, lines[at], cut)
            if abs(len(cells) - len(names)) > 1 or len(cells) < 2:
                break
            rows.append(Row(start, end, tuple(zip(names, cells, strict=False))))
            at += 1
        if rows:
            return Table(lines[first][0], rows[-1].end, tuple(rows)), at
    return None, first + 1


def _cells(text: str, line: Span, cut: re.Pattern[str]) -> list[Span]:
    start, end = line
    while start < end and text[start] in " |\t":
        start += 1
    while end > start and text[end - 1] in " |\t":
        end -= 1
    edges = [start, *(place for gap in cut.finditer(text, start, end) for place in gap.span()), end]
    return [_stripped(text, edges[n], edges[n + 1]) for n in range(0, len(edges), 2)]


def _stripped(text: str, start: int, end: int) -> Span:
    inside = text[start:end]
    first = start + len(inside) - len(inside.lstrip(" \t*"))
    return first, max(first, end - (len(inside) - len(inside.rstrip(" \t*"))))


def _column(name: str) -> Column:
    words = name.strip()
    if len(words) > 40:
        return Column.OTHER
    return next((column for column, pattern in _NAMES if re.search(pattern, words)), Column.OTHER)

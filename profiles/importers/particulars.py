"""Particulars that résumés state and that nobody here may judge by: tax and population numbers, age, family.

RFC and CURP serve to notice a duplicate and are never stored from here; Mexico's Federal Labor Law (article 3) and the
Civil Rights Act of 1964 (title VII) name what may not decide about work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from profiles.importers.lines import Line
from profiles.importers.reading import Reading

# RFC of a person: 4 letters, birthday, 3 signs (SAT); CURP: 4 letters, birthday, 6 letters, 2 signs (RENAPO).
_IDENTIFIER = re.compile(r"\b[A-ZÑ&]{4}\d{6}(?:[A-Z]{6}[0-9A-Z]\d|[0-9A-Z]{3})\b", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:edad|age|estado civil|marital status|civil status|nacionalidad|nationality|fecha de nacimiento|date of birth|"
    r"born|nacimiento|sexo|sex|gender|g[eé]nero|lugar de nacimiento|place of birth|nss|imss|no\.? de seguro social|"
    r"ssn|social security number|cartilla(?: militar)?|religi[oó]n|hijos|children|rfc|r\.f\.c\.|curp|c\.u\.r\.p\.)"
    r"\s*(?:[:.=-]|\t|$)",
    re.IGNORECASE,
)
_MOST_IDENTIFIERS = 10


def identifiers(text: str) -> list[str]:
    """Return what looks like an RFC of a person or a CURP, at most ten."""
    return list(dict.fromkeys(found.upper() for found in _IDENTIFIER.findall(text)))[:_MOST_IDENTIFIERS]


def without(lines: Sequence[Line], reading: Reading) -> list[Line]:
    """Return the lines without particulars; that any were left out is told."""
    kept = []
    for line in lines:
        pieces = re.split(r"(\s*[|•·;]\s*)", line.text)
        clean = "".join(piece for piece in pieces if not _LABEL.match(piece) and not _IDENTIFIER.search(piece))
        clean = clean.strip(" |•·;\t") if clean != line.text else clean
        if clean:
            kept.append(line if clean == line.text else replace(line, text=clean))
    if sum(len(line.text) for line in kept) < sum(len(line.text) for line in lines):
        reading.notice("particulars_left_out")
    return kept

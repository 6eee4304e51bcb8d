"""Studies in running text: schools told from degrees by their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from profiles.importers.dated_entries import Entry, dates, looks_like_study
from profiles.importers.header_pieces import COMMA, SIGNS, rejoined, strip
from profiles.importers.lines import Line
from profiles.importers.occupations import is_degree, is_field, is_part_of_firm, is_school
from profiles.importers.periods import find_date, find_period, is_duration
from profiles.importers.places import read_city, read_place, without_place

# How a study ended: no part of its name.
_STATUS = re.compile(
    r"(?:titulad[oa]|pasante|trunc[oa]|en curso|egresad[oa]|concluid[oa]|incomplet[oa]|completed|graduated|in progress|"
    r"terminad[oa]|certificad[oa]|con t[ií]tulo|c[eé]dula(?: profesional)?.{0,20}|gpa.{0,12}|promedio.{0,12}|"
    r"(?:summa |magna )?cum laude|expected.{0,10}|menci[oó]n honor[ií]fica|dean's list)\.?",
    re.IGNORECASE,
)


# A full stop that ends more than an abbreviation: “Maestría en PLD. Universidad …”, not “St. Olaf College”.
_SENTENCES = re.compile(r"(?:(?<=[a-záéíóúñ)]{3})|(?<=[A-Z]{3}))\.\s+(?=[A-ZÁÉÍÓÚÑ])")


# “…, San Marcos, TX. GPA 3.6”: how it ended, behind a place.
_BEHIND = re.compile(rf"[.;,]\s+(?:{_STATUS.pattern})$", re.IGNORECASE)


def read_study_row(line: Line, *, day_first: bool) -> dict[str, Any]:
    """Return an entry of JSON Resume's ``education`` from a row of a table whose columns say what they hold."""
    said = dict(line.cells)
    study_type, area = _degree_and_area(said.get("award", "") or said.get("position", ""))
    study: dict[str, Any] = {
        "institution": said.get("school", "") or said.get("employer", ""),
        "studyType": study_type,
        "area": area,
    }
    if period := find_period(said.get("dates", ""), day_first=day_first):
        study |= {"startDate": period.start, "endDate": period.end}
    elif found := find_date(said.get("dates", "") or said.get("end", ""), day_first=day_first):
        study["endDate"] = found[0]
    return {key: value for key, value in study.items() if value}


def read_study(entry: Entry) -> dict[str, Any]:
    """Return an entry of JSON Resume's ``education``."""
    texts = [line.text for line in entry.header] or [line.text for line in entry.body[:2] if not line.bullet]
    pieces = [piece for text in texts for piece in _study_pieces(text) if not is_duration(piece)]
    pieces = [piece for piece in pieces if not _STATUS.fullmatch(piece.strip("() "))]
    below = entry.body[0] if entry.header and entry.body else None
    if len(pieces) == 1 and is_degree(pieces[0]) and not is_school(pieces[0]) and below and _may_name_school(below):
        pieces.append(below.text)
    schools = [piece for piece in pieces if is_school(piece)]
    # "Técnico en Sistemas, Escuela …": what names a degree too is the school only where nothing else is one.
    school = next((piece for piece in schools if not is_degree(piece)), schools[0] if schools else "")
    degree = next((piece for piece in pieces if piece != school and is_degree(piece)), "")
    others = [piece for piece in pieces if piece not in {school, degree} and read_place(piece) is None]
    others = [piece for piece in others if read_city(piece) is None]
    if school and not degree and (field := next((piece for piece in others if is_field(piece)), "")):
        degree = field
        others.remove(field)
    if not school and not others and ", " in degree and len(texts) == 1:
        degree, _comma, school = degree.rpartition(", ")  # “B.S. Informatics, UC Irvine”
    if not school and others:
        school = others.pop(0)
    school = without_place(school)[0] if "," in school else school
    study_type, area = _degree_and_area(degree)
    parts = [piece for piece in others if is_part_of_firm(piece)]
    if school and parts:  # “UNAM – Facultad de Ciencias” is one school
        school = ", ".join([school, *parts])
        others = [piece for piece in others if piece not in parts]
    if not area and others:
        area = others.pop(0)
    study = {"institution": school, "studyType": study_type, "area": area, **dates(entry)}
    return {key: value for key, value in study.items() if value}


def _may_name_school(line: Line) -> bool:
    """Tell whether a line below a lone degree names its school, though by no word that is known: short, no sentence."""
    words = line.text.split()
    return len(words) <= 8 and line.text[0].isupper() and not line.bullet and line.text[-1] not in ".:;"


def _study_pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for part in strip(SIGNS.split(_BEHIND.sub("", re.sub(r"(?:\s*[,;.])+\s*\.(?=\s|$)", ".", text)))):
        halves = strip(_SENTENCES.split(part))
        colon = strip(part.split(": ", 1))
        if len(colon) == 2 and [is_school(half) and not is_degree(half) for half in colon].count(True) == 1:
            pieces += colon if any(map(is_degree, colon)) else [part]
            continue
        pieces += halves if sum(map(is_school, halves)) == 1 or any(map(_STATUS.fullmatch, halves)) else [part]
    whole = [half for piece in pieces for half in _degree_and_school(piece)]
    whole = [
        re.sub(r",?\s*\([^()]*\)$", "", piece) if _STATUS.fullmatch(_bracketed(piece)) else piece for piece in whole
    ]
    return [piece.rstrip(". ") if not re.search(r"\b[A-Z]\.$", piece) else piece for piece in whole]


def _bracketed(piece: str) -> str:
    found = re.search(r"\(([^()]*)\)$", piece)
    return found[1] if found else ""


def _degree_and_school(piece: str) -> list[str]:
    """Part ``BBA, Finance, Georgia State University`` before its school; a comma parts no school from its faculty."""
    halves = rejoined(strip(COMMA.split(piece)))
    schools = [at for at, half in enumerate(halves) if is_school(half)]
    if len(halves) == 1:
        return [piece]
    if schools and (first := schools[0]):
        return [", ".join(halves[:first]), ", ".join(halves[first:])]
    behind = [at for at, half in enumerate(halves) if at and not is_school(half)]
    degree = next((at for at in behind if is_degree(halves[at])), 0)
    if schools and not degree:
        degree = next((at for at in behind if is_field(halves[at])), 0)
    return [", ".join(halves[:degree]), ", ".join(halves[degree:])] if degree else [piece]


def _degree_and_area(degree: str) -> tuple[str, str]:
    found = re.match(r"(.{3,80}?)\s+(?:in|en)\s+(.{3,})", degree)
    return (found[1], found[2]) if found else (degree, "")


def undated_studies(lines: Sequence[Line]) -> list[Entry]:
    """Return the studies of a part without dates: a school and the degree above or below it are one."""
    found: list[Entry] = []
    for line in lines:
        if not looks_like_study(line):
            continue
        last = found[-1].header if found else []
        pairs = len(last) == 1 and is_school(last[0].text) != is_school(line.text)
        if pairs and is_degree(last[0].text if is_school(line.text) else line.text):
            last.append(line)
        else:
            found.append(Entry(None, [line]))
    return found

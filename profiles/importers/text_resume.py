"""A résumé in running text, English or Spanish, as a JSON Resume document with the lines it was read from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from profiles.importers import contacts, headings, listings, particulars, positions
from profiles.importers.headings import Part
from profiles.importers.lines import Line, joined, within_limits
from profiles.importers.reading import Reading, Refused
from profiles.importers.text_language import SUPPORTED, is_foreign, language_of

_MOST_SUMMARY_LINES = 60


def read(lines: Sequence[Line], reading: Reading) -> None:
    """Fill ``reading`` from the lines of a résumé.

    Raises Refused ``unsupported_language`` (with the language) for one that is neither English nor Spanish, since its
    headings and words would be mistaken, and ``not_a_resume`` when nothing of one is found.
    """
    kept = prepare(lines, reading)
    parts = headings.split(kept)
    day_first = reading.language != "en"
    contact = [line for part in parts if part.section == "contact" for line in part.lines]
    opening = contacts.read_basics(parts[0].lines, contact, reading)
    _summary(opening, parts, reading)
    for part in parts[1:]:
        read_part(part, reading, day_first=day_first)
    require_content(reading)


def prepare(lines: Sequence[Line], reading: Reading) -> list[Line]:
    """Return the lines within limits and without particulars, and set the language. Raises Refused."""
    within = within_limits(lines, reading)
    reading.identifiers = particulars.identifiers("\n".join(line.text for line in within))
    kept = particulars.without(within, reading)
    text = "\n".join(line.text for line in kept)
    if foreign := is_foreign(text):
        raise Refused("unsupported_language", language=foreign, supported=list(SUPPORTED))
    found = language_of(text)
    reading.language = found if found in SUPPORTED else "en"
    return kept


def require_content(reading: Reading) -> None:
    """Raise Refused ``not_a_resume`` unless a position, a study, a skill, a certificate or a person was found."""
    document = reading.document = _without_tabs(reading.document)
    basics = document.get("basics", {})
    sections = {"work", "education", "skills", "certificates", "languages"} & document.keys()
    if not sections and not ("name" in basics and ("email" in basics or "phone" in basics)):
        raise Refused("not_a_resume")


def _without_tabs(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\t", " ")
    if isinstance(value, dict):
        return {key: _without_tabs(item) for key, item in value.items()}
    return [_without_tabs(item) for item in value] if isinstance(value, list) else value


def read_part(part: Part, reading: Reading, *, day_first: bool) -> None:
    """Add what one part says to the document; a part without anything readable gives a notice."""
    if part.section in {"", "summary", "contact"}:
        return
    before = len(reading.document.get(_target(part.section), []))
    for entry, line in _entries(part, reading, day_first=day_first):
        add(reading, _target(part.section), entry, line)
    if part.lines and len(reading.document.get(_target(part.section), [])) == before:
        heading = part.heading or part.lines[0]
        reading.notice("section_not_read", section=part.section, page=heading.page, line=heading.number)


def add(reading: Reading, section: str, entry: dict[str, Any], line: Line) -> None:
    """Append an entry to a section of the document, with its source."""
    rows = reading.document.setdefault(section, [])
    reading.sources[f"/{section}/{len(rows)}"] = line.source
    rows.append(entry)


def _target(section: str) -> str:
    return "certificates" if section == "courses" else section


def _entries(part: Part, reading: Reading, *, day_first: bool) -> Iterator[tuple[dict[str, Any], Line]]:
    if part.section == "work":
        return _work(part, reading, day_first=day_first)
    if part.section == "education":
        return _education(part, day_first=day_first)
    if part.section == "skills":
        return listings.read_skills(part.lines)
    if part.section == "languages":
        return listings.read_languages(part.lines)
    if part.section in {"certificates", "courses"}:
        return listings.read_certificates(part.lines)
    return listings.read_plain(part.section, part.lines)


def _work(part: Part, reading: Reading, *, day_first: bool) -> Iterator[tuple[dict[str, Any], Line]]:
    for entry in positions.entries(part.lines, day_first=day_first):
        work, certain = positions.read_position(entry)
        line = entry.header[0] if entry.header else part.lines[0]
        if not certain:
            place = len(reading.document.get("work", []))
            reading.notice("title_and_employer_unsure", f"/work/{place}", page=line.page, line=line.number)
        yield work, line


def _education(part: Part, *, day_first: bool) -> Iterator[tuple[dict[str, Any], Line]]:
    found = positions.entries(part.lines, single_dates=True, day_first=day_first)
    if found:
        for entry in found:
            study = positions.read_study(entry)
            if study.keys() & {"institution", "studyType"}:
                yield study, (entry.header or entry.body or part.lines)[0]
        return
    for line in part.lines:
        if positions.looks_like_study(line):
            yield positions.read_study(positions.Entry(None, [line])), line


def _summary(opening: Sequence[Line], parts: Sequence[Part], reading: Reading) -> None:
    """Take the summary: what stands under its heading, or else sentences between the contact and the first heading."""
    under = list(chain.from_iterable(part.lines for part in parts if part.section == "summary"))
    lines = (under or [line for line in opening if len(line.text.split()) > 6])[:_MOST_SUMMARY_LINES]
    if lines:
        reading.document.setdefault("basics", {})["summary"] = joined(lines)
        reading.sources["/basics/summary"] = lines[0].source

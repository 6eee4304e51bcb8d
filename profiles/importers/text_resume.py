"""A résumé in running text, English or Spanish, as a JSON Resume document with the lines it was read from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from profiles.importers import (
    contacts,
    dated_entries,
    headings,
    labeled_positions,
    listings,
    particulars,
    positions,
    spoken_languages,
    studies,
)
from profiles.importers.comparing import plain
from profiles.importers.headings import Part
from profiles.importers.lines import Line, joined, within_limits
from profiles.importers.reading import Reading, Refused
from profiles.importers.text_language import SUPPORTED, is_foreign, language_of

_MOST_SUMMARY_LINES = 60
_FOREIGN_LINES = 6
_MOST_OPENING = 4  # lines of a name, a headline and how to reach the person
_NEAR = frozenset({"pt"})  # read with the words of Spanish and the names of its months


def read(lines: Sequence[Line], reading: Reading) -> None:
    """Fill ``reading`` from the lines of a résumé.

    Of one that is neither English nor Spanish only the person and the contact are read, with the notice
    ``language_not_read``; Portuguese is near enough for the rest to be tried. Raises Refused ``unsupported_language``
    (with the language) when that gives nothing, and ``not_a_resume`` when nothing of one is found.
    """
    kept, foreign = prepare(lines, reading)
    parts = headings.split(kept)
    _gather_opening(parts)
    day_first = reading.language != "en"
    contact = [line for part in parts if part.section == "contact" for line in part.lines]
    near = foreign in {"", *_NEAR}
    # Headings of other languages are not known: there the first lines are all that is surely the person's.
    opening = contacts.read_basics(parts[0].lines if near else kept[:_FOREIGN_LINES], contact, reading)
    if foreign:
        reading.notice("language_not_read", language=foreign)
    if not near:
        if "name" not in reading.document.get("basics", {}):
            raise Refused("unsupported_language", language=foreign, supported=list(SUPPORTED))
        return
    _summary(opening, parts, reading)
    for part in parts[1:]:
        read_part(part, reading, day_first=day_first)
    require_content(reading)


def _gather_opening(parts: list[Part]) -> None:
    """Bring a name in the largest letters, and what stands below it, to the top, where it stands beside a sidebar."""
    lines = [line for part in parts for line in part.lines]
    named = contacts.largest_name(lines) or _name_below_sidebar(parts)
    if named is None or any(line is named for line in parts[0].lines):
        return
    part = next(part for part in parts if any(line is named for line in part.lines))
    at = next(at for at, line in enumerate(part.lines) if line is named)
    parts[0].lines[:0] = part.lines[at:]
    del part.lines[at:]


def _name_below_sidebar(parts: Sequence[Part]) -> Line | None:
    """Return a name that begins the second column of a document whose first begins with a heading, None without one.

    The columns of a table of Word come one after the other, so that the name stands at the end of a part: alone in bold
    there, or in words of the e-mail address.
    """
    if any(contacts.is_name(line.text) for line in parts[0].lines):
        return None
    found = contacts.EMAIL.search("\n".join(line.text for part in parts for line in part.lines))
    address = plain(found[0].partition("@")[0]) if found else ""
    for part in parts[1:]:
        bold = [line for line in part.lines if line.bold]
        for line in part.lines[-_MOST_OPENING:]:
            if not contacts.is_name(line.text) or line.bullet or line.cells:
                continue
            words = [word for word in plain(line.text).split() if len(word) > 3]
            alone = len(bold) == 1 and line.bold and part.section != "references"
            if alone or sum(word in address for word in words) > 1:
                return line
    return None


def prepare(lines: Sequence[Line], reading: Reading) -> tuple[list[Line], str]:
    """Return the lines within limits and without particulars, and the language if it is none of ours; set it else."""
    within = within_limits(lines, reading)
    reading.identifiers = particulars.identifiers("\n".join(line.text for line in within))
    kept = particulars.without(within, reading)
    text = "\n".join(line.text for line in kept)
    foreign = is_foreign(text)
    found = language_of(text)
    reading.language = foreign or (found if found in SUPPORTED else "en")
    return kept, foreign


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
    before = _count(reading)
    for apart in _divided(part):
        for entry, line in _entries(apart, reading, day_first=day_first):
            add(reading, _target(apart.section), entry, line)
    if part.lines and _count(reading) == before:
        heading = part.heading or part.lines[0]
        reading.notice("section_not_read", section=part.section, page=heading.page, line=heading.number)


def _count(reading: Reading) -> int:
    return sum(len(rows) for rows in reading.document.values() if isinstance(rows, list))


def _divided(part: Part) -> list[Part]:
    """Divide what stands under a heading of two names by what its lines are."""
    if not part.also:
        return [part]
    kinds = {part.section, part.also}
    divided: dict[str, Part] = {}
    last = part.section
    for line in part.lines:
        if "languages" in kinds and any(spoken_languages.read_languages([line])):
            last = "languages"
        elif "languages" in kinds and last == "languages":
            last = next(iter(kinds - {"languages"}))
        elif "education" in kinds and kinds & {"certificates", "courses"}:
            study = dated_entries.looks_like_study(line) and not listings.names_certificate(line.text)
            dated = dated_entries.is_only_dates(line)
            last = last if dated else "education" if study else next(iter(kinds - {"education"}))
        divided.setdefault(last, Part(last, part.heading)).lines.append(line)
    return list(divided.values())


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
        return spoken_languages.read_languages(part.lines)
    if part.section in {"certificates", "courses"}:
        return listings.read_certificates(part.lines)
    if part.section == headings.OTHER:
        return iter(())
    return listings.read_plain(part.section, part.lines)


def _work(part: Part, reading: Reading, *, day_first: bool) -> Iterator[tuple[dict[str, Any], Line]]:
    for line in part.lines:
        if line.cells and {"position", "employer"} & dict(line.cells).keys():
            yield labeled_positions.read_row(line, day_first=day_first), line
    plain = labeled_positions.labeled([line for line in part.lines if not line.cells])
    for line in plain:
        if line.cells:
            yield labeled_positions.read_row(line, day_first=day_first), line
    found = dated_entries.entries([line for line in plain if not line.cells], day_first=day_first)
    for entry, work, certain in positions.read_positions(found):
        line = entry.header[0] if entry.header else part.lines[0]
        if not certain:
            place = len(reading.document.get("work", []))
            reading.notice("title_and_employer_unsure", f"/work/{place}", page=line.page, line=line.number)
        yield work, line


def _education(part: Part, *, day_first: bool) -> Iterator[tuple[dict[str, Any], Line]]:
    for line in part.lines:
        if line.cells and (study := studies.read_study_row(line, day_first=day_first)):
            yield study, line
    plain = listings.filled([line for line in part.lines if not line.cells])
    found = dated_entries.entries(plain, single_dates=True, day_first=day_first)
    if found:
        for entry in found:
            study = studies.read_study(entry)
            if study.keys() & {"institution", "studyType"}:
                yield study, (entry.header or entry.body or part.lines)[0]
        return
    yield from ((studies.read_study(entry), entry.header[0]) for entry in studies.undated_studies(plain))


def _summary(opening: Sequence[Line], parts: Sequence[Part], reading: Reading) -> None:
    """Take the summary: what stands under its heading, or else sentences between the contact and the first heading."""
    under = list(chain.from_iterable(part.lines for part in parts if part.section == "summary"))
    lines = (under or [line for line in opening if len(line.text.split()) > 6])[:_MOST_SUMMARY_LINES]
    if lines:
        reading.document.setdefault("basics", {})["summary"] = joined(lines)
        reading.sources["/basics/summary"] = lines[0].source

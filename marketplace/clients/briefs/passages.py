"""A brief cut into sentences, each with the section that it stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.clients.briefs import tables
from marketplace.clients.briefs.headings import HEADED, LABELS, Section
from marketplace.clients.briefs.reading import Plain
from marketplace.clients.briefs.tables import Column, Row


@dataclass(frozen=True)
class Sentence:
    """``text[start:end]`` of the plain brief. ``heading`` tells a title line, ``item`` a line of a list.

    A cell of a table is a sentence of its own and knows its ``row``.
    """

    start: int
    end: int
    section: Section
    item: bool = False
    heading: bool = False
    row: Row | None = None


_SYMBOLS = "-*\u2022\u00b7\u25aa\u25e6\u2023>\u2190-\u21ff\u2500-\u2bff\U0001f300-\U0001faff"
_BULLET = re.compile(
    rf"[ \t]*(?:[{_SYMBOLS}]+|\(?\d{{1,2}}[.)]|\d{{1,2}}(?:\.\d{{1,2}})+\.?|[a-z](?:\.\d{{1,2}})+\.?|\(?[a-z]\)|[a-z]\."
    r"|\(?[ivx]{1,4}[.)])[ \t]+"
)
_PART = re.compile(
    r"[#*_ \t]*(?:section|seccion|part|parte|apartado|capitulo|chapter|annex|anexo|inciso|article|articulo|clause"
    r"|clausula)\s+(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,4}|[a-h])\s*(?:[-.:)]\s*)+"
)
_COUNTED_PART = re.compile(r"[#*_ \t]*\d{1,2}(?:\.\d{1,2})*[.)]?\s+")
_NUMBERED = re.compile(r"[ \t]*(?:\d{1,2}[.)]|[ivx]{1,4}\.)[ \t]+")
_LONGEST_NUMBERED_HEADING = 6  # words
_MARKUP = re.compile(r"[#*_ \t]+")
_LABELED = re.compile(
    r"[#*_ \t]*(?:"
    + "|".join(f"(?P<{kind.name}>{words})" for kind, words in LABELS.items())
    + r")[*_ \t]*(?P<colon>[:\-]|\.(?=\s)|\.?$)[*_ \t]*"
)
_ANY_LABEL = re.compile(r"[#*_ \t]*\w[\w /()-]{1,40}:")
_ANY_HEADING = re.compile(r"[#*_ \t]*[^:.]{2,60}:[*_ \t]*$")
_STOPS = re.compile(r"(?<=[.!?;])(?<!\.\.)(?=\s)|(?<=\.\.\.)(?=\s+[^\d\s(])|(?<=;)")
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|sr|jr|ssr|vs|p\. ?ej|ej|u\.s|a\.m|p\.m|inc|approx|aprox|no|min)|\b[a-z])\.$"
)
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
LONG_LINE = 55
LONGEST_SENTENCE = 1_200  # signs; what has no stop for longer is cut, so that no list is compared with itself at length
LONGEST_TITLE = 120
_SHORT_HEADING = 9  # words
_TITLE_END = re.compile(r"[#*_ \t]*[^.:;,!]{3,80}[:?]?[#*_ \t]*$")
_STARTS_WITH_COUNT = re.compile(r"\s*(?:\d|one\b|two\b|three\b|four\b|un[oa]?\b|dos\b|tres\b|cuatro\b)")


def _headed(
    plain: Plain, blocks: Sequence[tuple[int, int]], place: int, at: int, sure: bool, blank_before: bool
) -> Section | None:
    """Return the section that a line opens because of how it stands there: short, alone, above what it heads.

    ``sure`` is a line known as a heading by its number. One whose words say nothing opens a neutral section.
    """
    start, end = blocks[place]
    if not _TITLE_END.match(plain.text, at, end) or len(plain.text[at:end].split()) > _SHORT_HEADING:
        return None
    if _STARTS_WITH_COUNT.match(plain.text, at, end):
        return None
    below = next((each for each in blocks[place + 1 :] if plain.text[each[0] : each[1]].strip()), None)
    if below is None:
        return None
    opens = plain.text[below[0] : below[1]]
    colon = plain.text[at:end].rstrip("#*_ \t").endswith(":")
    written = plain.evidence(at, end).text if at < end else ""
    marked = sure or colon or plain.text.startswith("#", start) or (written.isupper() and blank_before)
    if not marked and not (blank_before and (len(opens) > LONG_LINE or _BULLET.match(opens))):
        return None
    named = next((section for section, words in HEADED if words.search(plain.text, at, end)), None)
    return named if named is not None else Section.NEUTRAL


_LEAD = re.compile(r"[#*_ \t]*(?P<words>[\w'-]+(?: [\w'-]+){0,4} ?)(?:\([^()\n]{0,60}\))?(?P<end>:|\.)\s+\S")


def _led(text: str, at: int, end: int, numbered: bool) -> Section | None:
    """Return the section that the first words of a line set for it: "Would love: …", "III. Complementary skills. …"."""
    lead = _LEAD.match(text, at, end)
    if lead is None or (lead["end"] == "." and not numbered):
        return None
    words = lead.end("end") - 1
    return next(
        (
            section
            for section, pattern in HEADED
            if section in {Section.WISH, Section.EXCLUDED} and pattern.search(text, lead.start("words"), words)
        ),
        None,
    )


def sentences(plain: Plain) -> list[Sentence]:
    """Return the sentences of a brief in order; headings with nothing behind the colon only set the section."""
    found: list[Sentence] = []
    section, blank_before, listed, fresh = Section.NEUTRAL, True, False, False
    drawn = tables.read(plain.text)
    blocks = _blocks(plain, [(table.start, table.end) for table in drawn])
    rows = {row.start: row for table in drawn for row in table.rows}
    covered = {table.start: table.end for table in drawn}
    headings = _numbered_headings(plain.text, blocks)
    table_end = -1
    for place, (start, end) in enumerate(blocks):
        line = plain.text[start:end]
        if not line.strip():
            blank_before = True
            continue
        table_end = max(table_end, covered.get(start, -1))
        if end <= table_end:
            found += _of_row(rows[start]) if start in rows else []
            section, blank_before, listed = Section.NEUTRAL, False, False
            continue
        part = _PART.match(line) or (_COUNTED_PART.match(line) if plain.evidence(start, end).text.isupper() else None)
        bullet = None if part else _BULLET.match(line)
        at = start + (part.end() if part else bullet.end() if bullet else 0)
        label = _LABELED.match(plain.text, at, end)
        if label and not plain.text[label.end() : end].strip():
            section = _section(label)
            blank_before, fresh = False, True
            continue
        numbered = part is not None or (start, end) in headings
        headed = None
        if found and (numbered or not bullet):
            headed = _headed(plain, blocks, place, at, numbered, blank_before)
        if headed is not None or (start, end) in headings:
            section, blank_before, listed, fresh = headed or Section.NEUTRAL, False, False, True
            found += _cut(plain.text, at, end, section, False)
            continue
        if label and label["colon"]:
            found += _cut(plain.text, label.end(), end, _section(label), bool(bullet))
            blank_before = False
            continue
        if set_apart := _led(plain.text, at, end, bool(bullet and _NUMBERED.match(line))):
            found += _cut(plain.text, at, end, set_apart, bool(bullet))
            blank_before = False
            continue
        if not bullet and _ANY_HEADING.fullmatch(plain.text, at, end):
            section = Section.NEUTRAL
        elif not bullet and listed and _ANY_LABEL.match(plain.text, at, end):
            section = Section.NEUTRAL  # "Schedule: …" below the items of a list is none of them
        elif (
            not bullet and blank_before and not fresh and section is not Section.ASIDE and len(line.strip()) > LONG_LINE
        ):
            section = Section.NEUTRAL  # a paragraph of prose behind a blank line ends the list above it
        found += _cut(plain.text, at, end, section, bool(bullet), title=not found and not bullet)
        blank_before, listed, fresh = False, bool(bullet), False
    return found


_OF_COLUMN = {
    Column.ROLE: Section.SEATS,
    Column.YEARS: Section.MUST,
    Column.MUST: Section.MUST,
    Column.WISH: Section.WISH,
    Column.OTHER: Section.NEUTRAL,
}


def unlabeled(found: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences as if no heading had set any of them apart."""
    apart = {Section.ASIDE, Section.CONTEXT, Section.EXCLUDED}
    return [replace(each, section=Section.NEUTRAL) if each.section in apart else each for each in found]


def _of_row(row: Row) -> list[Sentence]:
    return [
        Sentence(start, end, _OF_COLUMN[column], item=True, row=row)
        for column, (start, end) in row.cells
        if column in _OF_COLUMN and start < end
    ]


def _numbered_headings(text: str, blocks: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the blocks such as ``5. Terms``: few words behind a number that is not one of a list of such lines."""
    lines = [(start, end, _NUMBERED.match(text, start, end)) for start, end in blocks if text[start:end].strip()]
    found = set()
    for place, (start, end, number) in enumerate(lines):
        beside = [lines[other][2] for other in (place - 1, place + 1) if 0 <= other < len(lines)]
        if number is None or any(beside) or place + 1 == len(lines):
            continue
        words = text[number.end() : end].split()
        if len(words) <= _LONGEST_NUMBERED_HEADING and text[end - 1] not in ".:;,":
            found.add((start, end))
    return found


def _section(label: re.Match[str]) -> Section:
    return next(kind for kind in LABELS if label[kind.name])


def _blocks(plain: Plain, drawn: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return lines, with a line that only continues a wrapped one joined to it; those of tables stay as they are."""
    text = plain.text
    blocks: list[tuple[int, int]] = []

    def capital(start: int, end: int) -> bool:
        return start < end and plain.evidence(start, end).text.isupper()

    for match in _LINES.finditer(text):
        start, end = match.start(), match.start() + len(match.group().rstrip("\r\n"))
        if start == len(text):
            break
        wrapped = (
            blocks
            and not any(first <= start <= last + 1 for first, last in drawn)
            and blocks[-1][1] - blocks[-1][0] >= LONG_LINE
            and text[blocks[-1][0] : blocks[-1][1]].rstrip()[-1:] not in ".:;!?"
            and not capital(start, end)
            and not capital(*blocks[-1])
            and not _BULLET.match(text, start, end)
            and text[start:end].strip()
            and not _ANY_LABEL.match(text, start, end)
            and not _LABELED.match(text, start, end)
        )
        if wrapped:
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
    return blocks


def _shortened(text: str, start: int, end: int, stops: Sequence[int]) -> list[int]:
    """Return ``stops`` with more of them, at spaces where there are any, so that no sentence is endless."""
    found: list[int] = []
    last = start
    for stop in (*stops, end):
        while stop - last > LONGEST_SENTENCE:
            space = text.rfind(" ", last + LONGEST_SENTENCE // 2, last + LONGEST_SENTENCE)
            last = space if space > 0 else last + LONGEST_SENTENCE
            found.append(last)
        if stop != end:
            found.append(stop)
        last = stop
    return found


_BRACKETS = re.compile(r"\([^()\n]{0,160}\)")


def _stops(text: str, start: int, end: int) -> list[int]:
    """Return where sentences end; a semicolon within brackets ends none."""
    brackets = [match.span() for match in _BRACKETS.finditer(text, start, end)]
    found = [match.start() for match in _STOPS.finditer(text, start, end)]
    if not brackets:
        return found
    return [stop for stop in found if not any(first < stop < last for first, last in brackets)]


def _cut(text: str, start: int, end: int, section: Section, item: bool, *, title: bool = False) -> list[Sentence]:
    """Cut a block at full stops and semicolons; a label in the middle of a line holds for its sentence."""
    found: list[Sentence] = []
    first, current = start, section
    stops = _shortened(text, start, end, _stops(text, start, end))
    for stop in [*(s for s in stops if start < s < end and not _ABBREVIATIONS.search(text, max(start, s - 8), s)), end]:
        while first < stop and text[first].isspace():
            first += 1
        if first < stop:
            label = _LABELED.match(text, first, stop)
            labeled = label is not None and label["colon"] in {":", "-"}
            begin = label.end() if label is not None and labeled else first
            if label is not None and labeled:
                current = _section(label)
            elif set_apart := _led(text, first, stop, False):
                current = set_apart
            if begin < stop:
                heading = title and not found and stop == end and end - start <= LONGEST_TITLE
                found.append(Sentence(begin, stop, current, item, heading))
            if text[stop - 1] != ";":
                current = section
        first = stop
    return found

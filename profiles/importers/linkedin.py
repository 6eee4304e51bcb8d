"""The PDF that LinkedIn makes of a profile: a narrow column beside a wide one, ranks told by the size of the letters.

Seen in files of 2025: the person at 26 points, headings at 13 and 15.75, employers at 12, titles at 11.5, dates, places
and text at 10.5. Only the order of the sizes is relied on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from profiles.importers import contacts, headings, listings, places
from profiles.importers.headings import Part
from profiles.importers.lines import Line, joined
from profiles.importers.periods import find_period, is_duration
from profiles.importers.positions import joined_items
from profiles.importers.reading import Reading
from profiles.importers.text_resume import add, prepare, read_part, require_content

_OWN = re.compile(r"linkedin\.com/in/", re.IGNORECASE)
_DATES = re.compile(
    r"^[A-Za-zÁ-ú.]+(?: de)? \d{4} - .{3,40}?(?:\(.{3,40}\))?$|^\d{4} - (?:\d{4}|\w+)\s*(?:\(.{3,40}\))?$"
)
_STUDY = re.compile(r"^(?P<degree>.*?)\s*(?:·\s*)?\((?P<from>[^()]*?\d{4})?\s*-?\s*(?P<to>\d{4}|[^()]*\d{4})?\)\s*$")
_NARROW = 200.0  # points: the narrow column ends and the wide one begins beyond it


def is_linkedin(lines: Sequence[Line], author: str) -> bool:
    """Tell whether a PDF is LinkedIn's, by its author or by the mark that it puts behind the address of the profile."""
    if author.strip().lower() == "linkedin":
        return True
    texts = [line.text for line in lines[:60]]
    return any(_OWN.search(text) for text in texts) and any(text.endswith("(LinkedIn)") for text in texts)


def read(lines: Sequence[Line], reading: Reading) -> None:
    """Fill ``reading`` from the lines of LinkedIn's PDF. Raises Refused as ``text_resume.read``."""
    reading.format = "linkedin_pdf"
    kept, foreign = prepare(lines, reading)
    if foreign:
        reading.notice("language_not_read", language=foreign)
    narrow = [line for line in kept if 0 < line.left < _NARROW and line.page == 1]
    if not narrow or len(narrow) == len(kept):  # one column only: the order of the file is all there is
        narrow = _opening(kept)
    wide = [line for line in kept if line not in narrow]
    edge = max((line.right for line in narrow), default=0.0)
    side = headings.split([replace(line, edge=edge) for line in narrow])
    main = headings.split(wide)
    contact = [_whole_address(part.lines) for part in side if part.section == "contact"]
    opening = contacts.read_basics(main[0].lines, [line for part in contact for line in part], reading)
    _headline(main[0].lines, opening, reading)
    for part in [*side, *main[1:]]:
        if part.section == "work":
            _work(part, reading)
        elif part.section == "education":
            _education(part, reading)
        elif part.section == "summary":
            reading.document.setdefault("basics", {})["summary"] = joined(part.lines)
            reading.sources["/basics/summary"] = (part.lines or [part.heading or kept[0]])[0].source
        elif part.section == "skills":
            for line in _items(part):
                add(reading, "skills", {"name": line.text}, line)
        elif part.section in {"certificates", "courses"}:
            for line in _items(part):
                for entry, _line in listings.read_certificates([line]):
                    add(reading, "certificates", entry, line)
        else:
            read_part(Part(part.section, part.heading, _items(part)), reading, day_first=reading.language != "en")
    require_content(reading)


def _opening(lines: Sequence[Line]) -> list[Line]:
    """Return the lines before the name: the narrow column comes first in the file."""
    largest = max((line.size for line in lines), default=0)
    named = next((at for at, line in enumerate(lines) if line.size == largest and contacts.is_name(line.text)), 0)
    return list(lines[:named])


def _whole_address(lines: Sequence[Line]) -> list[Line]:
    """Join an address that the narrow column broke: ``www.linkedin.com/in/maria-`` and ``lopez (LinkedIn)``."""
    whole: list[Line] = []
    for line in lines:
        text = re.sub(
            r"\s*\((?:LinkedIn|Mobile|Móvil|Home|Work|Personal|Company|Blog|Portfolio|Other)\)", "", line.text
        )
        broken = whole and re.search(r"(?:linkedin\.com/\S*|https?://\S+)[-/]$", whole[-1].text) and " " not in text
        cut = whole and re.fullmatch(r"[\w.+-]+@[\w.-]+", whole[-1].text) and re.fullmatch(r"[a-z.]{1,12}", text)
        if broken or cut:
            whole[-1] = _with_text(whole[-1], whole[-1].text + text)
        else:
            whole.append(_with_text(line, text))
    return whole


def _headline(top: Sequence[Line], opening: Sequence[Line], reading: Reading) -> None:
    """Complete a headline that runs over several lines; the last line under the name is the place."""
    basics = reading.document.get("basics", {})
    rest = list(opening)
    sizes = sorted({line.size for line in top}, reverse=True)  # the name, the headline, the place
    smaller = bool(rest) and len(sizes) > 2 and rest[-1].size == sizes[-1]
    if rest and "location" not in basics and (smaller or _is_place(rest[-1])):
        text = rest[-1].text
        basics["location"] = places.read_place(text) or places.read_city(text) or {"region": text}
        reading.sources["/basics/location"] = rest.pop().source
    if "label" in basics and len(rest) <= 3:
        basics["label"] = " ".join([basics["label"], *(line.text for line in rest)])


def _items(part: Part) -> list[Line]:
    """Return the items of a narrow list: lines closer than usual belong to one item."""
    lines = part.lines
    gaps = [above.y - below.y for above, below in pairwise(lines) if above.page == below.page]
    positive = [gap for gap in gaps if gap > 0]
    if not positive or max(positive) < 1.25 * min(positive):
        return listings.filled(lines, lower_only=part.section not in {"certificates", "courses"})
    items: list[Line] = [lines[0]]
    for above, below in pairwise(lines):
        if above.page == below.page and 0 < above.y - below.y < 1.2 * min(positive):
            items[-1] = _with_text(items[-1], f"{items[-1].text} {below.text}")
        else:
            items.append(below)
    return items


@dataclass(frozen=True)
class _Head:
    """The lines above some dates: ``start`` is the first, ``employer`` is empty when the one before still holds."""

    start: int
    title: str
    employer: str


def _work(part: Part, reading: Reading) -> None:
    """Read positions: the lines above the dates are the title, larger ones above it the employer of all that follow."""
    lines = part.lines
    dated = [at for at, line in enumerate(lines) if _is_dates(line)]
    heads = [_head(lines, at, dated[order - 1] + 1 if order else 0) for order, at in enumerate(dated)]
    employer = ""
    for order, (at, head) in enumerate(zip(dated, heads, strict=True)):
        employer = head.employer or employer
        end = heads[order + 1].start if order + 1 < len(heads) else len(lines)
        work: dict[str, Any] = {"name": employer, "position": head.title}
        if period := find_period(lines[at].text):
            work |= {"startDate": period.start, "endDate": period.end}
        body = list(lines[at + 1 : end])
        if body and not body[0].bullet and _is_place(body[0]):
            work["location"] = body.pop(0).text
        first = next((place for place, line in enumerate(body) if line.bullet), len(body))
        work |= {"summary": joined(body[:first]), "highlights": joined_items(body[first:])}
        line = lines[head.start]
        if not employer or not head.title:
            place = len(reading.document.get("work", []))
            reading.notice("title_and_employer_unsure", f"/work/{place}", page=line.page, line=line.number)
        add(reading, "work", {key: value for key, value in work.items() if value}, line)


def _head(lines: Sequence[Line], dates: int, floor: int) -> _Head:
    """Return title and employer above the line of the dates, not reaching above ``floor``."""
    start = dates - 1
    if start < floor:
        return _Head(dates, "", "")
    title = lines[start]
    ranked = title.size > lines[dates].size > 0
    while ranked and start > floor and lines[start - 1].size == title.size:  # a title that was wrapped
        start -= 1
    titles = " ".join(line.text for line in lines[start:dates])
    above = start - 1
    if above >= floor and is_duration(lines[above].text):  # several positions at one employer: its whole time
        above -= 1
    if above < floor or not _names_employer(lines[above], title, first=floor == 0):
        return _Head(start if above + 1 == start or above < floor else above + 1, titles, "")
    top = above
    while ranked and top > floor and lines[top - 1].size == lines[above].size:
        top -= 1
    return _Head(top, titles, " ".join(line.text for line in lines[top : above + 1]))


def _is_dates(line: Line) -> bool:
    return bool(_DATES.match(line.text)) and find_period(line.text) is not None


def _names_employer(above: Line, title: Line, *, first: bool) -> bool:
    if above.size and title.size and above.size != title.size:
        return above.size > title.size
    return first or (not above.bullet and len(above.text) <= 80 and not above.text.endswith((".", ";", ":")))


def _is_place(line: Line) -> bool:
    """Tell whether the line under the dates is a place: short, no sentence, a comma or a country in it."""
    text = line.text
    if len(text) > 70 or text.endswith((".", ";", ":")):
        return False
    area = re.search(
        r"\b(?:area|área|metropolitan[ao]?|region|remote|remoto|y alrededores|greater)\b", text, re.IGNORECASE
    )
    return (
        places.read_place(text) is not None
        or bool(area)
        or bool(re.fullmatch(r"[^,]{2,30}, [^,]{2,30}(?:, [^,]{2,30})?", text))
    )


def _education(part: Part, reading: Reading) -> None:
    """Read studies: the school in larger letters, then the degree, the field and the years."""
    lines = part.lines
    largest = max((line.size for line in lines), default=0.0)
    smallest = min((line.size for line in lines), default=0.0)
    groups: list[list[Line]] = []
    for at, line in enumerate(lines):
        school = line.size == largest if largest > smallest else at % 2 == 0
        continued = bool(groups) and len(groups[-1]) == 1 and largest > smallest and school
        if school and not continued:
            groups.append([line])
        elif groups:
            groups[-1].append(line)
    for group in groups:
        schools = [line.text for line in group if largest > smallest and line.size == largest] or [group[0].text]
        rest = " ".join(line.text for line in group[len(schools) :])
        study = {"institution": " ".join(schools)}
        found = _STUDY.match(rest)
        degree = (found["degree"] if found else rest).strip(" ·,")
        study_type, _comma, area = degree.partition(", ")
        period = find_period(rest)
        study |= {"studyType": study_type, "area": area.strip()}
        if period:
            study |= {"startDate": period.start, "endDate": period.end}
        elif found and found["to"]:
            study["endDate"] = found["to"][-4:]
        add(reading, "education", {key: value for key, value in study.items() if value}, group[0])


def _with_text(line: Line, text: str) -> Line:
    return replace(line, text=text)

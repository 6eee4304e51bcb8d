"""Positions and studies in running text: found by their dates, told apart by words for titles and for organizations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from profiles.importers import mentions
from profiles.importers.comparing import plain
from profiles.importers.lines import Line, joined
from profiles.importers.occupations import (
    is_degree,
    is_field,
    is_legal_form,
    is_part_of_firm,
    is_school,
    is_title,
    kind,
)
from profiles.importers.periods import Period, find_date, find_period, is_duration, without_durations
from profiles.importers.places import REMOTE, is_region, read_city, read_place, without_place

SIGNS = re.compile(r"\s*(?:\||•|·|\t|\s[-–—/]\s|—|–|\s@\s)\s*")
_DASH = re.compile(r"\s[-–—]\s")
_WORDS = re.compile(r"\s+at\s+|\s+en\s+(?=[A-ZÁÉÍÓÚÑ])")
COMMA = re.compile(r",\s+(?=[A-ZÁÉÍÓÚÑ])")
_FULL_STOP = re.compile(r"[.;:]$")
_ENDS_SHORTENED = re.compile(r"\b(?:Jr|Sr|Ssr)\.$")
_LONGEST_HEADER = 110


@dataclass
class Entry:
    """One dated entry: its header lines, the place in a header line where the dates stood cut out, and its body."""

    period: Period | None
    header: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)


def entries(lines: Sequence[Line], *, single_dates: bool = False, day_first: bool = True) -> list[Entry]:
    """Return the dated entries of a part, in order.

    How many lines stand above the dates of the first entry is how many stand above those of the others.
    ``single_dates`` lets one date open an entry too, as studies are often dated.
    """
    lines = _with_dates(lines, day_first=day_first)
    listed = all(each.bullet for each in lines)  # a list of studies, each an item
    periods = [_dated(each, single_dates=single_dates, listed=listed, day_first=day_first) for each in lines]
    anchors = [position for position, period in enumerate(periods) if period is not None]
    if not anchors:
        return []
    above = min(anchors[0], 3)
    starts = []
    for order, anchor in enumerate(anchors):
        floor = anchors[order - 1] + 1 if order else 0
        start = anchor
        while start > floor and anchor - start < above and _can_head(lines[start - 1]):
            start -= 1
        if start == anchor and _heads_undated(lines, anchor - 1, floor):
            start -= 1
        starts.append(start)
    found = []
    for order, anchor in enumerate(anchors):
        end = starts[order + 1] if order + 1 < len(anchors) else len(lines)
        tells = looks_like_study if single_dates else _tells_work
        found.append(_entry(lines, starts[order], anchor, end, periods[anchor], tells))
    return found


def _heads_undated(lines: Sequence[Line], at: int, floor: int) -> bool:
    """Tell whether a line above dates is the employer though others have none there: bold, below the end of a list."""
    if at <= floor or not lines[at].bold or not _can_head(lines[at]):
        return False
    above = lines[at - 1]
    return above.bullet or (not above.bold and len(above.text) > _LONGEST_HEADER / 2)


def _with_dates(lines: Sequence[Line], *, day_first: bool) -> list[Line]:
    """Join a line broken behind a comma to the dates below it, and dates broken behind their dash."""
    whole: list[Line] = []
    for line in lines:
        above = whole[-1] if whole else None
        if above is not None and re.search(r"\d{4}\s*[-–—]$", above.text) and not line.bullet:
            joined = f"{above.text} {line.text}"
            if find_period(joined, day_first=day_first):
                whole[-1] = replace(above, text=joined)
                continue
        broken = above is not None and above.text.endswith(",") and not (above.bullet or line.bullet)
        if (
            above is not None
            and broken
            and abs(above.left - line.left) < 4
            and find_period(line.text, day_first=day_first)
        ):
            whole[-1] = replace(above, text=f"{above.text} {line.text}")
        else:
            whole.append(line)
    return whole


def _dated(line: Line, *, single_dates: bool, listed: bool, day_first: bool) -> Period | None:
    bulleted = line.bullet and not listed
    if line.bullet and len(line.text) > _LONGEST_HEADER:
        return None
    period = find_period(line.text, day_first=day_first)
    if period is not None:
        return period if len(_without(line.text, period)) <= _LONGEST_HEADER else None
    if single_dates and not bulleted and (found := find_date(line.text, day_first=day_first)):
        return Period("", found[0], found[1])
    return None


def _entry(
    lines: Sequence[Line], start: int, anchor: int, end: int, period: Period | None, tells: Callable[[Line], bool]
) -> Entry:
    entry = Entry(period, list(lines[start:anchor]))
    rest = _without(lines[anchor].text, period) if period else lines[anchor].text
    if rest:
        line = lines[anchor]
        entry.header.append(replace(line, text=rest))
    body = anchor + 1
    # The other half of the header may follow the dates; a title or an organization gives it away.
    most = 2 if not entry.header else 1
    # Where dates come first, both halves follow them.
    both_follow = start == anchor and not rest
    while (
        body < end
        and most
        and len(entry.header) < 2
        and _can_head(lines[body])
        and (
            not entry.header
            or tells(lines[body])
            or lines[body].bold
            or (_is_short(lines[body]) and (both_follow or _lacks_employer(entry, lines[body : min(body + 2, end)])))
            or (_is_short(lines[body]) and _lacks_title(entry, lines[body]))
        )
    ):
        entry.header.append(lines[body])
        body, most = body + 1, most - 1
    entry.body = list(lines[body:end])
    return entry


def _lacks_employer(entry: Entry, below: Sequence[Line]) -> bool:
    """Tell whether what stands below a lone title is its employer: with a place behind it, or above a list."""
    if len(entry.header) != 1 or kind(entry.header[0].text) != "title" or len(SIGNS.split(entry.header[0].text)) > 1:
        return False
    cells = below[0].text.split("\t")
    placed = bool(without_place(below[0].text)[1]) or (len(cells) > 1 and any(map(_is_place, cells)))
    return placed or (len(below) > 1 and (below[1].bullet or _is_place(below[1].text)))


def _lacks_title(entry: Entry, below: Line) -> bool:
    """Tell whether what stands below an employer alone, with its place, is the title: a few words in capitals."""
    if len(entry.header) != 1 or not without_place(entry.header[0].text)[1] or is_title(entry.header[0].text):
        return False
    words = [word for word in below.text.split() if len(word) > 3]
    return len(below.text.split()) <= 6 and all(word[0].isupper() for word in words)


def _is_short(line: Line) -> bool:
    return len(line.text.split()) <= 8 and len(line.text) <= 60


def _tells_work(line: Line) -> bool:
    return bool(kind(line.text))


def _without(text: str, period: Period) -> str:
    rest = without_durations(f"{text[: period.span[0]]} {text[period.span[1] :]}")
    rest = re.sub(r"\(\s*[,;]?\s*\)|\[\s*\]", " ", rest).strip(" |•·,;:–—-\t")
    rest = re.sub(r"^[.\s]+(?=[^\W\d_]+\s)", "", rest) if rest[:2] == ". " else rest
    if period.span[0] < len(text) / 4 and re.search(r"[a-záéíóúñ]{4}\.$", rest) and not _may_end_so(rest):
        rest = rest[:-1]  # “2018–2020. Researcher, National Laboratory.” is written as a sentence
    return _balanced(rest).strip(" |•·,;:–—-\t")


def _can_head(line: Line) -> bool:
    if line.heading or line.bold:
        return not line.bullet
    return (
        not line.bullet
        and len(line.text) <= _LONGEST_HEADER
        and (not _FULL_STOP.search(line.text) or _may_end_so(line.text))
        and (line.text[:1].isupper() or line.text[:1].isdigit() or line.text[:1] == "(")
    )


def _may_end_so(text: str) -> bool:
    return bool(is_legal_form(text) or _ENDS_SHORTENED.search(text))


@dataclass
class _Header:
    """What stands above and beside the dates of a position, in order, without places and lengths of time."""

    pieces: list[str] = field(default_factory=list)
    place: str = ""
    behind_comma: set[str] = field(default_factory=set)

    def order(self) -> str:
        """Return ``title`` or ``organization``, whichever surely comes first, or empty when that is not sure."""
        kinds = [found for piece in self.pieces[:2] if (found := kind(piece))]
        return kinds[0] if len(set(kinds)) == 2 else ""


def read_positions(found: Sequence[Entry]) -> list[tuple[Entry, dict[str, Any], bool]]:
    """Return entries of JSON Resume's ``work``, each with where it was read and whether its halves are certain.

    Where the words do not tell, the order that the others of the same résumé keep does. A title without an employer
    is one more position at the employer above; that one with all its time and no title is no position of its own.
    """
    headers = [_header(entry) for entry in found]
    orders = Counter(order for header in headers if (order := _order(header)))
    usual = orders.most_common(1)[0][0] if orders else ""
    works: list[tuple[Entry, dict[str, Any], bool]] = []
    over: Entry | None = None  # an employer with all its time, whose positions follow
    for entry, header in zip(found, headers, strict=True):
        position, name, certain = _told_apart(header, usual)
        above = works[-1][1] if works else {}
        under = len(header.pieces) == 1 and not _names_employer_within(position)
        if position and not name and above.get("name") and under:
            name = above["name"]
            if _spans(works[-1][0], entry) and not above.keys() & {"position", "summary", "highlights"}:
                header.place = header.place or above.get("location", "")
                over = works.pop()[0]
            certain = over is not None and _spans(over, entry)
        elif name:
            over = None
        work: dict[str, Any] = {"name": name, "position": position}
        for piece in header.pieces:
            if piece in {position, name}:
                continue
            behind_title = position and name and header.pieces.index(piece) < _place_of(name, header)
            if piece in header.behind_comma and (behind_title or not name):
                work["position"] += f", {piece}"
            elif not header.place:
                header.place = piece
        work |= {"location": header.place, **dates(entry)}
        work |= _body(entry.body, work)
        works.append((entry, {key: value for key, value in work.items() if value}, certain))
    return works


def _names_employer_within(title: str) -> bool:
    """Tell whether a title may end with its employer, “Analista de Producto en Bitso”: it is none of the one above."""
    found = re.search(r"\s(?:en|at)\s+(?=[A-ZÁÉÍÓÚÑ])", title)
    rest = title[found.end() :] if found else ""
    return bool(rest) and not is_field(rest) and not mentions.written(rest)


def _spans(whole: Entry, part: Entry) -> bool:
    """Tell whether the time of an entry lies within that of another."""
    if whole.period is None or part.period is None:
        return False
    ends = not whole.period.end or (part.period.end and part.period.end[:7] <= whole.period.end[:7])
    return whole.period.start[:4] <= part.period.start[:4] and bool(ends)


def _place_of(name: str, header: _Header) -> int:
    return header.pieces.index(name) if name in header.pieces else len(header.pieces)


def _order(header: _Header) -> str:
    if order := header.order():
        return order
    kinds = [kind(piece) for piece in header.pieces[:2]]
    if len(kinds) == 2 and kinds.count("title") == 1 and "organization" not in kinds:
        return "title" if kinds[0] == "title" else "organization"
    return ""


def _told_apart(header: _Header, usual: str) -> tuple[str, str, bool]:
    """Return title, employer, and whether that is certain; ``usual`` is what comes first in this résumé."""
    pieces = header.pieces
    if len(pieces) < 2:
        alone = pieces[0] if pieces else ""
        return (alone, "", False) if kind(alone) == "title" else ("", alone, False)
    firms = [piece for piece in pieces if is_legal_form(piece)]
    titled = [piece for piece in pieces if is_title(piece) and piece not in firms]
    organized = firms or [piece for piece in pieces if kind(piece) == "organization"]
    whole = [piece for piece in organized if not is_part_of_firm(piece)]
    organized = whole or organized
    if len(titled) > 1 and not organized and usual:
        first, second = pieces[0], pieces[1]
        return (first, second, True) if usual == "title" else (second, first, True)
    if titled:
        position = titled[0]
        if len(titled) > 1 and usual == "organization" and not organized:
            position = titled[1]
        name = next((piece for piece in organized if piece != position), "")
        name = name or next(piece for piece in pieces if piece != position)
        return position, name, True
    if organized:
        return next((piece for piece in pieces if piece not in organized[:1]), ""), organized[0], bool(usual)
    if usual:
        return (pieces[0], pieces[1], True) if usual == "title" else (pieces[1], pieces[0], True)
    return pieces[0], pieces[1], False


def _header(entry: Entry) -> _Header:
    header = _Header()
    telling = [line for line in entry.header if not _is_place(line.text)]
    for line in _wrapped(entry.header):
        halves = _halves(line.text, alone=len(telling) == 1)
        for piece in halves:
            if is_duration(piece):
                continue
            whole = read_place(piece) if kind(piece.split(",")[0]) != "organization" else None
            found = (whole is not None and "address" not in whole) or REMOTE.fullmatch(piece)
            if (found and (header.pieces or len(halves) > 1)) or (header.pieces and read_city(piece) is not None):
                header.place = header.place or piece
                continue
            rest, place = without_place(piece)
            header.place = header.place or place
            header.pieces.append(rest if not place or kind(piece) != "title" or read_place(place) else piece)
        if len(halves) > 1 and not SIGNS.search(line.text):
            header.behind_comma |= set(halves[1:])
    head, comma, rest = header.place.partition(", ")
    alone = len(header.pieces) == 1 and is_title(header.pieces[0])
    alone = alone and (len(entry.header) > 1 or head.isupper() or is_school(head))
    if alone and comma and read_city(head) is None and (read_city(rest) or is_region(rest)):
        # “Praxis, CDMX” beside a title alone: what stands where a city would is the employer.
        header.pieces.append(head)
        header.place = rest
    return header


def _wrapped(lines: Sequence[Line]) -> list[Line]:
    """Join a header that was broken behind a comma: ``Financiera del Sur, S.A. de C.V., SOFOM,`` and ``E.N.R.``."""
    whole: list[Line] = []
    for line in lines:
        if whole and whole[-1].text.endswith((",", " de", " y", " and", " of", " &", "-")):
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text} {line.text}")
        else:
            whole.append(line)
    return whole


def _halves(text: str, *, alone: bool) -> list[str]:
    """Return the parts of a header line; ``alone`` when title and employer must both be in it."""
    if read_place(text) is not None and text.count(",") < 2:
        return [text]
    if (held := _at_employer(text, alone=alone)) is not None:
        return held
    pieces = strip(SIGNS.split(text))
    if not alone and len(pieces) == 2 and is_title(pieces[0]) and not kind(pieces[1]) and _DASH.search(text):
        # The other line names the employer: “Especialista PLD – Debida Diligencia” is one title.
        return pieces if _is_place(pieces[1]) else [text]
    if len(pieces) == 1:
        halves = strip(_WORDS.split(text, maxsplit=1))
        # "Desarrolladora en Java" names no employer, "Desarrolladora en Banco Ejemplo" does.
        if len(halves) == 2 and (" at " in text or kind(halves[1]) == "organization"):
            pieces = halves
    if len(pieces) == 1 and alone:
        rest, place = without_place(text)
        pieces = rejoined(strip(COMMA.split(rest)))
        pieces = [text] if len(pieces) > 3 else [*pieces, *([place] if place else [])]
    return rejoined(pieces)


def _at_employer(text: str, *, alone: bool) -> list[str] | None:
    """Part ``Product Owner – Pagos @ Clip`` before its employer: what stands before that is one title, dash and all.

    “En” names an employer only where both must be in the line and no skill follows: “Analista – Desarrollo en Java”.
    """
    title, sign, rest = next((found for word in (" @ ", " at ") if (found := text.partition(word))[1]), (text, "", ""))
    behind = re.search(r"\s+en\s+(?=[A-ZÁÉÍÓÚÑ])", text) if not sign and alone and _DASH.search(text) else None
    if behind is not None:
        title, rest = text[: behind.start()], text[behind.end() :]
        sign = "" if mentions.written(rest) else behind[0]
    if not sign or not _DASH.search(title) or not is_title(title) or len(re.split(r"[|•·\t]", title)) > 1:
        return None
    return [title.strip(), *rejoined(strip(SIGNS.split(rest)))]


def strip(pieces: Sequence[str]) -> list[str]:
    return [piece for piece in (_balanced(each.strip(" ,;:")) for each in pieces) if piece]


def _balanced(text: str) -> str:
    """Return a text without a bracket whose other half is gone, and without brackets around all of it."""
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    if text.count("(") > text.count(")"):
        text = text.strip("( ") if text.startswith("(") or text.endswith("(") else text
    if text.count(")") > text.count("("):
        text = text.strip(") ")
    return text.strip(" ,;:")


def rejoined(pieces: Sequence[str]) -> list[str]:
    """Undo commas that part no halves: “Monterrey, Nuevo León” is one place, “Acme, S.A. de C.V.” one firm."""
    whole: list[str] = []
    for piece in pieces:
        before = f"{whole[-1]}, {piece}" if whole else ""
        firm = re.match(r"(?:s a|sa|inc|llc|ltd|corp|s de r|sofom|e n r|e r|s c|a c|sapi|s a p i)\b", plain(piece))
        if before and (firm or (read_place(before) is not None and not kind(whole[-1]) and len(whole) > 1)):
            whole[-1] = before
        else:
            whole.append(piece)
    return whole


def dates(entry: Entry) -> dict[str, str]:
    if entry.period is None:
        return {}
    return {"startDate": entry.period.start, "endDate": entry.period.end}


def _body(lines: Sequence[Line], work: dict[str, Any]) -> dict[str, Any]:
    """Return ``location``, ``summary`` and ``highlights`` of the lines under a header."""
    said: dict[str, Any] = {}
    rest = list(lines)
    if rest and not work.get("location") and not rest[0].bullet and _is_place(rest[0].text):
        said["location"] = rest.pop(0).text
    first = next((position for position, line in enumerate(rest) if line.bullet), len(rest))
    said["summary"] = joined(rest[:first])
    said["highlights"] = joined_items(rest[first:])
    return {key: value for key, value in said.items() if value}


def joined_items(lines: Sequence[Line]) -> list[str]:
    """Return the items of a list, wrapped lines joined to the item that they belong to."""
    items: list[str] = []
    for line in lines:
        if line.bullet or not items:
            items.append(line.text)
        else:
            items[-1] = f"{items[-1]} {line.text}"
    return items


def _is_place(text: str) -> bool:
    return read_place(text) is not None or read_city(text) is not None or bool(REMOTE.fullmatch(text))


def looks_like_study(line: Line) -> bool:
    """Tell whether a line names a school or a degree."""
    return is_school(line.text) or is_degree(line.text)


def is_only_dates(line: Line) -> bool:
    """Tell whether a line holds a date or a period and nothing else."""
    period = find_period(line.text)
    span = period.span if period else (found[1] if (found := find_date(line.text)) else (0, 0))
    return span != (0, 0) and not re.sub(r"\W", "", line.text[: span[0]] + line.text[span[1] :])

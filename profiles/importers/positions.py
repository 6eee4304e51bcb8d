"""Positions in running text: title and employer told apart by words, signs, and the order of the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from profiles.importers import mentions
from profiles.importers.dated_entries import BREAKS_OFF, Entry, dates
from profiles.importers.header_pieces import COMMA, SIGNS, rejoined, strip
from profiles.importers.lines import Line, joined
from profiles.importers.occupations import is_field, is_legal_form, is_part_of_firm, is_school, is_title, kind
from profiles.importers.periods import is_duration
from profiles.importers.places import REMOTE, is_place, is_region, read_city, read_place, without_place

_DASH = re.compile(r"\s[-–—]\s")
_WORDS = re.compile(r"\s+at\s+|\s+en\s+(?=[A-ZÁÉÍÓÚÑ])")


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
        others = [piece for piece in pieces if piece != position]
        name = name or next((piece for piece in others if not is_part_of_firm(piece)), others[0])
        return position, name, True
    if organized:
        return next((piece for piece in pieces if piece not in organized[:1]), ""), organized[0], bool(usual)
    if usual:
        return (pieces[0], pieces[1], True) if usual == "title" else (pieces[1], pieces[0], True)
    return pieces[0], pieces[1], False


def _header(entry: Entry) -> _Header:
    header = _Header()
    heads = _wrapped(entry.header)
    telling = [line for line in heads if not is_place(line.text)]
    for line in heads:
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
        if whole and (BREAKS_OFF.search(whole[-1].text) or whole[-1].text.endswith("-")):
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
        return pieces if is_place(pieces[1]) else [text]
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


def _body(lines: Sequence[Line], work: dict[str, Any]) -> dict[str, Any]:
    """Return ``location``, ``summary`` and ``highlights`` of the lines under a header."""
    said: dict[str, Any] = {}
    rest = list(lines)
    if rest and not work.get("location") and not rest[0].bullet and is_place(rest[0].text):
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

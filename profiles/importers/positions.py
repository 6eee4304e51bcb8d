"""Positions and studies in running text: found by their dates, told apart by words for titles and for organizations."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from profiles.importers.contacts import read_place
from profiles.importers.headings import plain
from profiles.importers.lines import Line, joined
from profiles.importers.periods import Period, find_date, find_period, is_duration, without_durations

_TITLES = re.compile(
    r"\b(?:engineer|developer|programmer|analyst|architect|consultant|manager|lead(?:er)?|director|specialist|"
    r"administrator|scientist|officer|head|coordinator|intern|associate|designer|tester|dba|master|owner|cto|cio|ceo|cfo|"
    r"vp|president|supervisor|technician|assistant|advisor|auditor|professor|teacher|researcher|freelance\w*|founder|"
    r"partner|expert|trainee|support|ingenier[oa]|desarrollador[a]?|programador[a]?|analista|arquitect[oa]|consultor[a]?|"
    r"gerente|lider|jef[ea]|director[a]?|especialista|administrador[a]?|coordinador[a]?|practicante|becari[oa]|tecnic[oa]|"
    r"soporte|auxiliar|asesor[a]?|subdirector[a]?|responsable|oficial|cientific[oa]|auditor[a]?|docente|profesor[a]?|"
    r"investigador[a]?|supervisor[a]?|encargad[oa]|fundador[a]?|soci[oa]|ejecutiv[oa]|scrum|qa|sre|devops|fullstack)\b"
)
_ORGANIZATIONS = re.compile(
    r"\b(?:inc|llc|ltd|corp|corporation|company|group|bank|banco|banca|grupo|sa|s a|sapi|sofom|seguros|insurance|"
    r"universidad|university|instituto|institute|college|secretaria|gobierno|comision|technologies|technology|solutions|"
    r"soluciones|systems|sistemas|software|consulting|consultores|consultoria|services|servicios|labs|financiera|"
    r"financial|capital|holdings|partners|studio|agency|agencia|ministry|department|hospital|airlines|fintech|telecom)\b"
)
_SCHOOLS = re.compile(
    r"\b(?:universidad|university|instituto|institute|tecnologico|college|school|escuela|facultad|unam|ipn|itesm|itam|"
    r"uvm|uam|udg|uanl|buap|tec de monterrey|academy|academia|preparatoria|politecnico|centro|colegio|bootcamp)\b"
)
_DEGREES = re.compile(
    r"\b(?:bachelor\w*|master\w*|phd|ph d|doctor\w*|mba|bsc|msc|b s|m s|ba|ma|associate|diploma|degree|licenciatura|"
    r"licenciad[oa]|ingenieria|ingenier[oa]|maestria|maestr[oa]|doctorado|diplomado|especialidad|tecnic[oa]|bachillerato|"
    r"preparatoria|certificate|carrera|tsu|lic|ing|engineering|minor)\b"
)
_SIGNS = re.compile(r"\s*(?:\||•|·|\t|\s[-–—]\s|—|–|\s@\s)\s*")
_WORDS = re.compile(r"\s+at\s+|\s+en\s+(?=[A-ZÁÉÍÓÚÑ])")
_COMMA = re.compile(r",\s+(?=[A-ZÁÉÍÓÚÑ])")
_FULL_STOP = re.compile(r"[.;:]$")
_LEGAL_FORM = re.compile(
    r"\b(?:s\.?\s?a\.?(?:\s?p\.?\s?i\.?)?(?: de c\.?\s?v\.?)?|c\.?\s?v\.?|s\. de r\.?\s?l\.?.{0,12}|inc\.?|llc|"
    r"l\.l\.c\.|ltd\.?|corp\.?|co\.|s\.?c\.?|gmbh|plc)$",
    re.IGNORECASE,
)
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
    periods = [_dated(each, single_dates=single_dates, day_first=day_first) for each in lines]
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
        starts.append(start)
    found = []
    for order, anchor in enumerate(anchors):
        end = starts[order + 1] if order + 1 < len(anchors) else len(lines)
        tells = looks_like_study if single_dates else _tells_work
        found.append(_entry(lines, starts[order], anchor, end, periods[anchor], tells))
    return found


def _dated(line: Line, *, single_dates: bool, day_first: bool) -> Period | None:
    if line.bullet and len(line.text) > _LONGEST_HEADER:
        return None
    period = find_period(line.text, day_first=day_first)
    if period is not None:
        return period if len(_without(line.text, period)) <= _LONGEST_HEADER else None
    if single_dates and not line.bullet and (found := find_date(line.text, day_first=day_first)):
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
    while (
        body < end
        and most
        and len(entry.header) < 2
        and _can_head(lines[body])
        and (not entry.header or tells(lines[body]) or lines[body].bold)
    ):
        entry.header.append(lines[body])
        body, most = body + 1, most - 1
    entry.body = list(lines[body:end])
    return entry


def _tells_work(line: Line) -> bool:
    return bool(_kind(line.text))


def _without(text: str, period: Period) -> str:
    rest = without_durations(f"{text[: period.span[0]]} {text[period.span[1] :]}")
    return " ".join(rest.split()).strip(" |•·,;:()[]–—-\t")


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
    return bool(_LEGAL_FORM.search(text) or _ENDS_SHORTENED.search(text))


def _kind(text: str) -> str:
    """Return ``title`` or ``organization``, or empty for a text that tells neither.

    A title word decides against words that both use (“Analista de Sistemas”), a legal form decides against all.
    """
    compared = plain(text)
    if _LEGAL_FORM.search(text):
        return "organization"
    if _TITLES.search(compared):
        return "title"
    return "organization" if _ORGANIZATIONS.search(compared) else ""


def read_position(entry: Entry) -> tuple[dict[str, Any], bool]:
    """Return an entry of JSON Resume's ``work``, and whether title and employer could be told apart for certain."""
    pieces: list[str] = []
    work: dict[str, Any] = {}
    for line in entry.header:
        for piece in _halves(line.text, alone=len(entry.header) == 1):
            if "location" not in work and pieces and read_place(piece) is not None:
                work["location"] = piece
            elif not is_duration(piece):
                pieces.append(piece)
    titled = [piece for piece in pieces if _kind(piece) == "title"]
    organized = [piece for piece in pieces if _kind(piece) == "organization"]
    position = titled[0] if titled else next((piece for piece in pieces if piece not in organized[:1]), "")
    others = [piece for piece in pieces if piece != position]
    name = next((piece for piece in organized if piece != position), others[0] if others else "")
    if position and not name and not titled:
        position, name = "", position
    extra = [piece for piece in pieces if piece not in {position, name}]
    if len(extra) == 1 and "location" not in work and any(f"\t{extra[0]}" in line.text for line in entry.header):
        work["location"] = extra.pop()  # what stands alone at the right edge and is no date
    work = {"name": name, "position": ", ".join([position, *extra]) if position else "", **work, **_dates(entry)}
    work |= _body(entry.body, work)
    return {key: value for key, value in work.items() if value}, bool(titled and name)


def _halves(text: str, *, alone: bool) -> list[str]:
    """Return the parts of a header line; ``alone`` when title and employer must both be in it."""
    if read_place(text) is not None:
        return [text]
    pieces = _strip(_SIGNS.split(text))
    if len(pieces) == 1:
        halves = _strip(_WORDS.split(text, maxsplit=1))
        # "Desarrolladora en Java" names no employer, "Desarrolladora en Banco Ejemplo" does.
        if len(halves) == 2 and (" at " in text or _kind(halves[1]) == "organization"):
            pieces = halves
    if len(pieces) == 1 and alone:
        pieces = _strip(_COMMA.split(text))
        if len(pieces) > 3:
            pieces = [text]
    return _rejoined(pieces)


def _strip(pieces: Sequence[str]) -> list[str]:
    return [piece for piece in (each.strip(" ,;:()") for each in pieces) if piece]


def _rejoined(pieces: Sequence[str]) -> list[str]:
    """Undo commas that part no halves: “Monterrey, Nuevo León” is one place, “Acme, S.A. de C.V.” one firm."""
    whole: list[str] = []
    for piece in pieces:
        before = f"{whole[-1]}, {piece}" if whole else ""
        firm = re.match(r"(?:s a|sa|inc|llc|ltd|corp|s de r)\b", plain(piece))
        if before and (firm or (read_place(before) is not None and not _kind(whole[-1]))):
            whole[-1] = before
        else:
            whole.append(piece)
    return whole


def _dates(entry: Entry) -> dict[str, str]:
    if entry.period is None:
        return {}
    return {"startDate": entry.period.start, "endDate": entry.period.end}


def _body(lines: Sequence[Line], work: dict[str, Any]) -> dict[str, Any]:
    """Return ``location``, ``summary`` and ``highlights`` of the lines under a header."""
    said: dict[str, Any] = {}
    rest = list(lines)
    if rest and "location" not in work and not rest[0].bullet and read_place(rest[0].text) is not None:
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


def read_study(entry: Entry) -> dict[str, Any]:
    """Return an entry of JSON Resume's ``education``."""
    texts = [line.text for line in entry.header] or [line.text for line in entry.body[:2] if not line.bullet]
    pieces = [piece for text in texts for piece in _study_pieces(text) if not is_duration(piece)]
    school = next((piece for piece in pieces if _SCHOOLS.search(plain(piece))), "")
    degree = next((piece for piece in pieces if piece != school and _DEGREES.search(plain(piece))), "")
    others = [piece for piece in pieces if piece not in {school, degree} and read_place(piece) is None]
    if not school and others:
        school = others.pop(0)
    study_type, area = _degree_and_area(degree)
    if not area and others:
        area = others.pop(0)
    study = {"institution": school, "studyType": study_type, "area": area, **_dates(entry)}
    return {key: value for key, value in study.items() if value}


def _study_pieces(text: str) -> list[str]:
    pieces = _strip(_SIGNS.split(text))
    if len(pieces) == 1:
        halves = _rejoined(_strip(_COMMA.split(text)))
        # A comma parts a degree from its school, but not a school from its campus.
        if len(halves) > 1 and sum(bool(_SCHOOLS.search(plain(half))) for half in halves) == 1:
            pieces = halves
    return pieces


def _degree_and_area(degree: str) -> tuple[str, str]:
    found = re.match(r"(.{3,80}?)\s+(?:in|en)\s+(.{3,})", degree)
    return (found[1], found[2]) if found else (degree, "")


def looks_like_study(line: Line) -> bool:
    """Tell whether a line names a school or a degree."""
    compared = plain(line.text)
    return bool(_SCHOOLS.search(compared) or _DEGREES.search(compared))

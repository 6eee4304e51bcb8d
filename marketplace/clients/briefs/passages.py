"""A brief cut into sentences, each with the section that it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from marketplace.clients.briefs.reading import Plain


class Section(Enum):
    """What a heading says about the lines below it."""

    NEUTRAL = "neutral"
    MUST = "must"
    WISH = "wish"
    ASIDE = "aside"  # about the firm, benefits: nothing is asked for here
    EXCLUDED = "excluded"
    SEATS = "seats"
    DUTIES = "duties"


@dataclass(frozen=True)
class Sentence:
    """``text[start:end]`` of the plain brief. ``heading`` tells a title line, ``item`` a line of a list."""

    start: int
    end: int
    section: Section
    item: bool = False
    heading: bool = False


_LABELS = {
    Section.EXCLUDED: (
        r"out of scope|not (?:needed|required|included|in scope)|(?:we )?(?:don't|do not) need|exclu(?:sions?|ded)"
        r"|fuera del? alcance|exclusiones|excluid[oa]s?|no (?:se )?(?:requiere|necesita|incluye)(?:mos|n)?"
        r"|no (?:requerid|necesari|incluid)[oa]s?|no hace falta"
    ),
    Section.WISH: (
        r"nice(?:[- ]to[- ]haves?)?|a plus|preferably|wish ?list"
        r"|preferred(?: qualifications| skills| experience)?|bonus(?: points| skills)?"
        r"|desir(?:able|ed)(?: skills)?|plus(?:es)?|good to have|optional(?: skills)?|additional skills|extras?"
        r"|would be nice|valorables?|ventajas?|no indispensables?|suma(?:n)?(?: puntos)?"
        r"|(?:conocimientos |requisitos )?(?:deseables?|opcionales)|opcional|se valora(?:ra)?|puntos extra|deseamos"
    ),
    Section.MUST: (
        r"(?:key |minimum |basic |core |technical )?(?:requirements?|qualifications|skills)(?: required)?"
        r"|mandatory(?: skills| requirements)?|required(?: skills| qualifications| experience)?|must[- ]haves?"
        r"|must|what you(?:'ll| will)? (?:need|bring)"
        r"|(?:technical |tech )?stack|technologies|technology|we need|you have|essential"
        r"|requisitos(?: indispensables)?|requerimientos|indispensables?|imprescindibles?|obligatorios?"
        r"|conocimientos(?: requeridos| tecnicos| indispensables)?|lo que buscamos"
        r"|experiencia(?: requerida)?|tecnologias|habilidades(?: requeridas)?|regulation|regulacion|certifications?"
        r"|certificaciones"
    ),
    Section.ASIDE: (
        r"about(?: us| the company| the client| our company)?|who we are|benefits|what we offer|we offer|perks"
        r"|compensation and benefits|equal opportunity|how to apply|our company|company"
        r"|acerca de(?: nosotros| la empresa)?|sobre (?:nosotros|la empresa)|quienes somos|beneficios|ofrecemos"
        r"|(?:lo )?que ofrecemos|prestaciones|como postular(?:te|se)?"
    ),
    Section.SEATS: (
        r"(?:the |our |proposed )?(?:team|roles?|seats?|positions?|profiles?|staffing|cell|headcount|people)"
        r"(?: composition| needed| required)?|(?:el )?equipo(?: requerido)?|perfil(?:es)?(?: requeridos?"
        r"| buscados?)?|puestos|roles"
        r"|vacantes?|integrantes|(?:la )?celula|posiciones"
    ),
    Section.DUTIES: (
        r"(?:key |main )?responsibilities|duties|what you(?:'ll| will) do|scope(?: of work)?|deliverables|objectives?"
        r"|(?:principales )?(?:responsabilidades|funciones|actividades)|alcance|entregables|objetivos?"
    ),
}
_BULLET = re.compile(r"[ \t]*(?:[-*•·▪◦‣>]+|\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+\.?|[a-z]\))[ \t]+")
_MARKUP = re.compile(r"[#*_ \t]+")
_LABELED = re.compile(
    r"[#*_ \t]*(?:"
    + "|".join(f"(?P<{kind.name}>{words})" for kind, words in _LABELS.items())
    + r")[*_ \t]*(?P<colon>[:\-]|$)[*_ \t]*"
)
_ANY_LABEL = re.compile(r"[#*_ \t]*\w[\w /()-]{1,40}:")
_ANY_HEADING = re.compile(r"[#*_ \t]*[^:.]{2,60}:[*_ \t]*$")
_STOPS = re.compile(r"(?<=[.!?;])(?=\s)|(?<=;)")
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|sr|jr|ssr|vs|p\. ?ej|ej|u\.s|a\.m|p\.m|inc|approx|aprox|no|min)|\b[a-z])\.$"
)
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
LONG_LINE = 55
LONGEST_TITLE = 120


def sentences(plain: Plain) -> list[Sentence]:
    """Return the sentences of a brief in order; headings with nothing behind the colon only set the section."""
    found: list[Sentence] = []
    section, blank_before, listed = Section.NEUTRAL, True, False
    for start, end in _blocks(plain.text):
        line = plain.text[start:end]
        if not line.strip():
            blank_before = True
            continue
        bullet = _BULLET.match(line)
        at = start + (bullet.end() if bullet else 0)
        label = _LABELED.match(plain.text, at, end)
        if label and not plain.text[label.end() : end].strip():
            section = _section(label)
            blank_before = False
            continue
        if label and label["colon"]:
            found += _cut(plain.text, label.end(), end, _section(label), bool(bullet))
            blank_before = False
            continue
        if not bullet and _ANY_HEADING.fullmatch(plain.text, at, end):
            section = Section.NEUTRAL
        elif not bullet and listed and _ANY_LABEL.match(plain.text, at, end):
            section = Section.NEUTRAL  # "Schedule: …" below the items of a list is none of them
        elif not bullet and blank_before and section is not Section.ASIDE and len(line.strip()) > LONG_LINE:
            section = Section.NEUTRAL  # a paragraph of prose behind a blank line ends the list above it
        found += _cut(plain.text, at, end, section, bool(bullet), title=not found and not bullet)
        blank_before, listed = False, bool(bullet)
    return found


def _section(label: re.Match[str]) -> Section:
    return next(kind for kind in _LABELS if label[kind.name])


def _blocks(text: str) -> list[tuple[int, int]]:
    """Return lines, with a line that only continues a wrapped one joined to it."""
    blocks: list[tuple[int, int]] = []
    for match in _LINES.finditer(text):
        start, end = match.start(), match.start() + len(match.group().rstrip("\r\n"))
        if start == len(text):
            break
        wrapped = (
            blocks
            and blocks[-1][1] - blocks[-1][0] >= LONG_LINE
            and text[blocks[-1][1] - 1] not in ".:;!?"
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


def _cut(text: str, start: int, end: int, section: Section, item: bool, *, title: bool = False) -> list[Sentence]:
    """Cut a block at full stops and semicolons; a label in the middle of a line holds for its sentence."""
    found: list[Sentence] = []
    first, current = start, section
    stops = [match.start() for match in _STOPS.finditer(text, start, end)]
    for stop in [*(s for s in stops if start < s < end and not _ABBREVIATIONS.search(text, max(start, s - 8), s)), end]:
        while first < stop and text[first].isspace():
            first += 1
        if first < stop:
            label = _LABELED.match(text, first, stop)
            labeled = label is not None and bool(label["colon"])
            begin = label.end() if label is not None and labeled else first
            current = _section(label) if label is not None and labeled else current
            if begin < stop:
                heading = title and not found and stop == end and end - start <= LONGEST_TITLE
                found.append(Sentence(begin, stop, current, item, heading))
            if text[stop - 1] != ";":
                current = section
        first = stop
    return found

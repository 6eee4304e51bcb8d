"""What the styles of a DOCX say about the looks of paragraphs (ECMA-376 part 1, 17.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from profiles.importers import safe_xml

_HEADING = re.compile(r"(?:heading|titre|t[ií]?tulo|ttulo|encabezado)\s*(?P<level>\d)?$", re.IGNORECASE)
_LIST = re.compile(r"list\s*(?:bullet|number|paragraph bullet)|lista con|listaconvi|listaconn", re.IGNORECASE)
_DEEPEST = 12  # styles that rest on one another


@dataclass(frozen=True)
class Style:
    """``rank`` is the level of a heading (1 the highest, 0 none), ``size`` in points (0 unknown)."""

    rank: int = 0
    bullet: bool = False
    bold: bool = False
    size: float = 0.0


def value(element: Element) -> str:
    """Return the attribute ``val`` of an element, whatever its namespace."""
    return next((said for key, said in element.attrib.items() if key.endswith("val")), "")


def run(properties: Element, bold: bool, size: float) -> tuple[bool, float]:
    """Return whether a run is bold and how large, by its properties over what holds around it."""
    for each in properties:
        name = safe_xml.local(each)
        if name == "b":
            bold = value(each) not in {"0", "false"}
        elif name == "sz" and value(each).isdigit():
            size = int(value(each)[:4]) / 2  # half-points
    return bold, size


def by_name(name: str) -> Style:
    """Return what the name of a style tells: ``heading 2``, ``Título1``, ``List Bullet``."""
    if found := _HEADING.match(name.strip()):
        return Style(rank=int(found["level"] or 1) + 1 if found["level"] else 2)
    if name.strip().lower() in {"title", "puesto"}:
        return Style(rank=1)
    return Style(bullet=bool(_LIST.match(name)))


def read(content: bytes) -> dict[str, Style]:
    """Return the styles by their ids, the usual one of paragraphs under ``""``; nothing for no content."""
    if not content:
        return {}
    written: dict[str, tuple[Style, str]] = {}
    usual = Style()
    for element in safe_xml.parse(content):
        kind = safe_xml.local(element)
        if kind == "docDefaults":
            usual = _with_runs(element, usual)
        elif kind == "style":
            told = {safe_xml.local(each): value(each) for each in element}
            identity = next((said for key, said in element.attrib.items() if key.endswith("styleId")), "")
            named = by_name(told.get("name", ""))
            written[identity] = (_with_runs(element, named), told.get("basedOn", ""))
    return {"": usual, **{identity: _resolved(identity, written, usual) for identity in written}}


def _with_runs(element: Element, style: Style) -> Style:
    for each in element.iter():
        name = safe_xml.local(each)
        if name == "rPr":
            bold, size = run(each, style.bold, style.size)
            style = replace(style, bold=bold, size=size)
        elif name == "outlineLvl" and value(each).isdigit() and not style.rank and int(value(each)) < 9:
            style = replace(style, rank=int(value(each)) + 2)
    return style


def _resolved(identity: str, written: dict[str, tuple[Style, str]], usual: Style) -> Style:
    style, below = written[identity]
    for _depth in range(_DEEPEST):
        if below not in written:
            break
        under, below = written[below]
        style = Style(
            rank=style.rank or under.rank,
            bullet=style.bullet or under.bullet,
            bold=style.bold or under.bold,
            size=style.size or under.size,
        )
    return replace(style, size=style.size or usual.size)

"""Lines of a DOCX (ECMA-376): a ZIP of XML, opened with bounds and no library, since only its text is wanted."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from profiles.importers import lines, safe_xml
from profiles.importers.lines import Line
from profiles.importers.pdf import FEWEST_LETTERS
from profiles.importers.reading import Reading, Refused

MOST_MEMBERS = 2_000
MOST_BYTES = 20_000_000

_BODY = "word/document.xml"
_NUMBERED_HEADINGS = ("heading", "titre", "titulo", "título", "ttulo", "title")
_LIST_STYLES = ("listbullet", "listnumber", "listaconvi", "listaconn")
# The same text stands twice where a newer drawing has an older replacement.
_SKIPPED = frozenset({"Fallback", "del", "instrText", "moveFrom"})


def read_lines(raw: bytes, reading: Reading) -> list[Line]:
    """Return one line per paragraph or line break, headers first.

    Raises Refused: ``damaged_file``, ``password_protected``, ``too_large_inside`` (a bomb), ``not_a_document``,
    ``no_text``, and what ``safe_xml`` refuses.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = _checked(archive)
            parts = [name for name in sorted(names) if name.startswith("word/header") and name.endswith(".xml")]
            contents = [_read(archive, name) for name in [*parts, _BODY]]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Refused("damaged_file") from error
    except RuntimeError as error:  # what zipfile says of a member with a password
        raise Refused("password_protected") from error
    found: list[Line] = []
    for content in contents:
        for paragraph in _paragraphs(safe_xml.parse(content)):
            found += [each for each in _lines(paragraph, len(found)) if each.text]
    if sum(sign.isalpha() for each in found for sign in each.text) < FEWEST_LETTERS:
        raise Refused("no_text", pages=0)
    return found


def _checked(archive: zipfile.ZipFile) -> set[str]:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES * 5:
        raise Refused("too_large_inside", most=MOST_BYTES)
    names = {member.filename for member in members}
    if _BODY not in names:
        raise Refused("not_a_document")
    return names


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read a member up to the limit: what the archive says about sizes is only what it says."""
    with archive.open(name) as member:
        content = member.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused("too_large_inside", most=MOST_BYTES)
    return content


def _paragraphs(root: Element) -> Iterator[Element]:
    """Yield paragraphs in order, those of text boxes and tables too, without going down into what is repeated."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        name = safe_xml.local(element)
        if name in _SKIPPED:
            continue
        if name == "p":
            yield element
            waiting += list(_boxes(element))[::-1]
        else:
            waiting += list(element)[::-1]


def _boxes(paragraph: Element) -> Iterator[Element]:
    waiting = list(paragraph)[::-1]
    while waiting:
        element = waiting.pop()
        name = safe_xml.local(element)
        if name == "txbxContent":
            yield element
        elif name not in _SKIPPED:
            waiting += list(element)[::-1]


def _lines(paragraph: Element, before: int) -> list[Line]:
    looks = _looks(paragraph)
    pieces: list[str] = []
    weights: list[tuple[int, bool]] = []
    _collect(paragraph, pieces, weights)
    letters = sum(count for count, _bold in weights)
    bold = letters > 0 and sum(count for count, is_bold in weights if is_bold) == letters
    return [
        lines.line(f"• {text}" if looks["bullet"] and text.strip() else text,
                   number=before + position + 1, bold=bold, heading=bool(looks["heading"]), size=float(looks["size"]))
        for position, text in enumerate("".join(pieces).split("\n"))
    ]  # fmt: skip


def _collect(element: Element, pieces: list[str], weights: list[tuple[int, bool]], bold: bool = False) -> None:
    """Gather the text of runs; boxes inside are paragraphs of their own."""
    for child in element:
        name = safe_xml.local(child)
        if name == "t":
            text = child.text or ""
            pieces.append(text)
            weights.append((len(text.strip()), bold))
        elif name == "tab":
            pieces.append("\t")
        elif name in {"br", "cr"}:
            pieces.append("\n")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name == "r":
            _collect(child, pieces, weights, _is_bold(child))
        elif name not in _SKIPPED and name not in {"txbxContent", "pPr", "rPr"}:
            _collect(child, pieces, weights, bold)


def _is_bold(run: Element) -> bool:
    for properties in run:
        if safe_xml.local(properties) == "rPr":
            for each in properties:
                if safe_xml.local(each) == "b":
                    return _value(each) not in {"0", "false"}
    return False


def _looks(paragraph: Element) -> dict[str, Any]:
    looks: dict[str, Any] = {"heading": False, "bullet": False, "size": 0.0}
    for properties in paragraph:
        if safe_xml.local(properties) != "pPr":
            continue
        for each in properties:
            name, value = safe_xml.local(each), _value(each).lower()
            if name == "pStyle":
                looks["heading"] = value.startswith(_NUMBERED_HEADINGS)
                looks["bullet"] = looks["bullet"] or value.startswith(_LIST_STYLES)
            elif name == "numPr":
                looks["bullet"] = True
    return looks


def _value(element: Element) -> str:
    return next((value for key, value in element.attrib.items() if key.endswith("val")), "")

"""Lines of a DOCX (ECMA-376): a ZIP of XML, opened with bounds and no library, since only its text is wanted."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from profiles.importers import contacts, docx_styles, lines, safe_xml, tables
from profiles.importers.docx_styles import Style
from profiles.importers.headings import section_of
from profiles.importers.lines import Line
from profiles.importers.pdf import FEWEST_LETTERS
from profiles.importers.reading import Reading, Refused

MOST_MEMBERS = 2_000
MOST_BYTES = 20_000_000

_BODY = "word/document.xml"
_STYLES = "word/styles.xml"
# The same text stands twice where a newer drawing has an older replacement.
_SKIPPED = frozenset({"Fallback", "del", "instrText", "moveFrom"})


def read_lines(raw: bytes, reading: Reading) -> list[Line]:
    """Return one line per paragraph or line break, headers first; a row of short cells is one line with tabs.

    Raises Refused: ``damaged_file``, ``password_protected``, ``too_large_inside`` (a bomb), ``not_a_document``,
    ``no_text``, and what ``safe_xml`` refuses.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = _checked(archive)
            headers, footers = (
                [_read(archive, name) for name in sorted(names) if name.startswith(start) and name.endswith(".xml")]
                for start in ("word/header", "word/footer")
            )
            body = _read(archive, _BODY)
            styles = docx_styles.read(_read(archive, _STYLES) if _STYLES in names else b"")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise Refused("damaged_file") from error
    except RuntimeError as error:  # what zipfile says of a member with a password
        raise Refused("password_protected") from error
    writer = _Writer(styles)
    for content in headers:
        writer.write(safe_xml.parse(content))
    for content in footers:  # of a footer only how to reach the person is wanted
        writer.write(safe_xml.parse(content), only=contacts.is_contact)
    writer.write(safe_xml.parse(body))
    if sum(sign.isalpha() for each in writer.found for sign in each.text) < FEWEST_LETTERS:
        raise Refused("no_text", pages=0)
    return writer.found


class _Writer:
    """Lines of one document, numbered in the order in which they are written."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self.found: list[Line] = []
        self._styles = styles

    def write(self, root: Element, *, only: Callable[[str], bool] = bool) -> None:
        """Write what is under an element, as far as ``only`` holds of its text, without recursion."""
        waiting = [root]
        while waiting:
            element = waiting.pop()
            name = safe_xml.local(element)
            if name in _SKIPPED:
                continue
            if name == "tbl":
                self._table(element, waiting)
            elif name == "p":
                self.found += [each for each in self._lines(element) if each.text and only(each.text)]
                waiting += list(_boxes(element))[::-1]
            else:
                waiting += list(element)[::-1]

    def _table(self, table: Element, waiting: list[Element]) -> None:
        """Write rows of short cells as lines; another table only gives the page its shape, and is read cell by cell."""
        rows = [[cell for cell in row if safe_xml.local(cell) == "tc"] for row in table if safe_xml.local(row) == "tr"]
        texts = [[self._cell(cell) for cell in cells] for cells in rows]
        names = tables.labels([" ".join(cell) for cell in texts[0]]) if texts else ()
        todo: list[Element] = []
        for cells, said in zip(rows[1:] if names else rows, texts[1:] if names else texts, strict=True):
            short = sum(map(bool, said)) > 1 and all(len(cell) <= 1 for cell in said) and not todo
            if names and len(said) == len(names) and not todo:
                self._row(["\n".join(cell) for cell in said], names)
            elif short and not section_of(next(cell[0] for cell in said if cell)):
                self._row([cell[0] if cell else "" for cell in said], ())
            else:
                todo += cells
        waiting += todo[::-1]

    def _row(self, cells: list[str], names: Sequence[str]) -> None:
        text = "\t".join(" ".join(cell.split("\n")) for cell in cells if cell)
        if text:
            line = lines.line(text, number=len(self.found) + 1, cells=tables.row(names, cells))
            self.found.append(line)

    def _cell(self, cell: Element) -> list[str]:
        """Return the paragraphs of a cell that hold text; two for one with a table inside, which is taken apart."""
        inner = [element for element in cell if safe_xml.local(element) in {"p", "tbl", "sdt"}]
        if any(safe_xml.local(element) != "p" for element in inner):
            return ["", ""]
        texts = [line.text for paragraph in inner for line in self._lines(paragraph)]
        boxes = any(True for paragraph in inner for _box in _boxes(paragraph))
        return ["", ""] if boxes else [text for text in texts if text]

    def _lines(self, paragraph: Element) -> list[Line]:
        looks = self._looks(paragraph)
        pieces: list[str] = []
        weights: list[tuple[int, bool, float]] = []
        _collect(paragraph, pieces, weights, _Run(looks.bold, looks.size))
        letters = sum(count for count, _bold, _size in weights)
        bold = letters > 0 and sum(count for count, is_bold, _size in weights if is_bold) == letters
        size = max(((count, size) for count, _bold, size in weights), default=(0, looks.size))[1]
        return [
            lines.line(
                f"• {text}" if looks.bullet and text.strip() else text,
                number=len(self.found) + position + 1, bold=bold, heading=looks.rank > 0, rank=looks.rank, size=size,
            )
            for position, text in enumerate("".join(pieces).split("\n"))
        ]  # fmt: skip

    def _looks(self, paragraph: Element) -> Style:
        looks = self._styles.get("", Style())
        for properties in paragraph:
            if safe_xml.local(properties) != "pPr":
                continue
            for each in properties:
                name, value = safe_xml.local(each), docx_styles.value(each)
                if name == "pStyle":
                    looks = self._styles.get(value) or docx_styles.by_name(value)
                elif name == "numPr":
                    looks = replace(looks, bullet=True)
        return replace(looks, rank=0) if looks.bullet and looks.rank else looks


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


def _boxes(paragraph: Element) -> Iterator[Element]:
    waiting = list(paragraph)[::-1]
    while waiting:
        element = waiting.pop()
        name = safe_xml.local(element)
        if name == "txbxContent":
            yield element
        elif name not in _SKIPPED:
            waiting += list(element)[::-1]


@dataclass(frozen=True)
class _Run:
    bold: bool
    size: float


def _collect(element: Element, pieces: list[str], weights: list[tuple[int, bool, float]], run: _Run) -> None:
    """Gather the text of runs; boxes inside are paragraphs of their own."""
    for child in element:
        name = safe_xml.local(child)
        if name == "t":
            text = child.text or ""
            pieces.append(text)
            weights.append((len(text.strip()), run.bold, run.size))
        elif name == "tab":
            pieces.append("\t")
        elif name in {"br", "cr"}:
            pieces.append("\n")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name == "sym":
            pieces.append(" ")
        elif name == "r":
            _collect(child, pieces, weights, _run(child, run))
        elif name not in _SKIPPED and name not in {"txbxContent", "pPr", "rPr"}:
            _collect(child, pieces, weights, run)


def _run(element: Element, around: _Run) -> _Run:
    bold, size = around.bold, around.size
    for properties in element:
        if safe_xml.local(properties) == "rPr":
            bold, size = docx_styles.run(properties, bold, size)
    return _Run(bold, size)

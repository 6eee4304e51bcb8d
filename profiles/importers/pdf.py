"""Lines of a PDF, with the size and place of each; an attached Europass document is found too."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import ContentStream, NameObject

from profiles.importers import lines, pdf_gaps
from profiles.importers.lines import Line
from profiles.importers.reading import Reading, Refused

MOST_PAGES = 40
FEWEST_LETTERS = 25
MOST_ATTACHMENT = 2_000_000
MOST_UNPACKED = 8_000_000  # of the content of one page
_MOST_WIDTHS = 400
_FEWEST_WIDTHS = 12
_SHORT = 20
_USUAL_WIDTH = 530.0  # of Helvetica's letters in a subset, in thousandths of the size

logger = logging.getLogger(__name__)
logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file


def open_pdf(raw: bytes) -> PdfReader:
    """Return the opened document.

    Raises Refused: ``password_protected``, ``too_many_pages`` (more than 40), ``damaged_file``.
    """
    try:
        document = PdfReader(io.BytesIO(raw), strict=False)
        # A document may be locked against changes only: that one opens with the empty password.
        if document.is_encrypted and not document.decrypt(""):
            raise Refused("password_protected")
        pages = len(document.pages)
    except FileNotDecryptedError as error:
        raise Refused("password_protected") from error
    except DependencyError as error:
        raise Refused("password_protected") from error
    except Refused:
        raise
    except _FAULTS as error:
        raise Refused("damaged_file") from error
    if pages > MOST_PAGES:
        raise Refused("too_many_pages", most=MOST_PAGES, pages=pages)
    if pages == 0:
        raise Refused("damaged_file")
    return document


# What pypdf raises on a broken file is not only its own: the parts of a PDF are whatever the file says they are.
_FAULTS = (
    PyPdfError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError, LookupError, OSError,
    NotImplementedError,
)  # fmt: skip


def read_lines(document: PdfReader, reading: Reading) -> list[Line]:
    """Return the pieces of text of all pages in the order in which the document writes them; see ``layout.arrange``.

    Raises Refused ``no_text`` for a document that holds pictures of text only, ``damaged_file`` when no page opens,
    ``too_large_inside`` for one that unpacks to more than a page can hold.
    """
    found: list[Line] = []
    broken = 0
    reading.pages = len(document.pages)
    for number in range(reading.pages):
        try:
            found += _page_lines(document.pages[number], number + 1)
        except LimitReachedError as error:  # pypdf stops unpacking a stream at 75 MB
            raise Refused("too_large_inside", most=MOST_UNPACKED) from error
        except _FAULTS:
            broken += 1
            reading.notice("unreadable_page", page=number + 1)
    if broken == reading.pages:
        raise Refused("damaged_file")
    if sum(sign.isalpha() for each in found for sign in each.text) < FEWEST_LETTERS:
        raise Refused("no_text", pages=reading.pages)
    return found


def author(document: PdfReader) -> str:
    """Return the author that the document names, empty when it names none."""
    try:
        found = document.metadata
        return str(found.get("/Author", "")) if found else ""
    except _FAULTS:
        return ""


def attached_xml(document: PdfReader) -> list[bytes]:
    """Return the XML files attached to the document (Europass carries its data so), at most three of 2 MB."""
    try:
        names = [name for name in document.attachments if name.lower().endswith(".xml")][:3]
        contents = [content for name in names for content in document.attachments[name]]
    except _FAULTS:
        return []
    return [bytes(content) for content in contents[:3] if len(content) <= MOST_ATTACHMENT]


def _page_lines(page: PageObject, number: int) -> list[Line]:
    """Return the pieces of text of a page with their looks: pypdf breaks the lines, a wide gap parts what is on one.

    Raises Refused ``too_large_inside``.
    """
    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) > MOST_UNPACKED:
        raise Refused("too_large_inside", most=MOST_UNPACKED)
    _mark_gaps(page, contents)
    found: list[Line] = []
    pending: list[tuple[str, dict[str, Any]]] = []

    def finish() -> None:
        for text, looks in _pieces(pending):
            found.append(lines.line(text, page=number, number=len(found) + 1, **looks))
        pending.clear()

    def visit(text: str, matrix: list[float], text_matrix: list[float], font: Any, size: float) -> None:
        looks = _looks(matrix, text_matrix, font, size)
        first, *others = text.split("\n")
        pending.append((first, looks))
        for other in others:
            finish()
            pending.append((other, looks))

    page.extract_text(visitor_text=visit)
    finish()
    return found


def _mark_gaps(page: PageObject, contents: ContentStream | None) -> None:
    """Have pypdf tell apart what stands far apart on a line; a page that cannot be marked is read as it is."""
    if contents is None:
        return
    try:
        # As bytes, as pypdf itself reads it for its text: strings of other encodings would not survive.
        stream = ContentStream(contents, page.pdf, "bytes")
        stream.operations = pdf_gaps.marked(stream.operations, pdf_gaps.two_byte_fonts(page))
        page[NameObject("/Contents")] = stream
    except _FAULTS:
        logger.debug("the gaps of a page could not be marked")


def _pieces(pending: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Join what follows closely on one line; a gap wider than the letters are high parts it."""
    whole: list[tuple[str, dict[str, Any]]] = []
    end = 0.0
    for text, looks in pending:
        if not text.strip():
            if whole:
                whole[-1] = (whole[-1][0] + text, whole[-1][1])
            continue
        # Letters of another size behind a gap are something else; small capitals follow closely.
        # How far a short text reaches is known better.
        alike = 1.0 if whole and len(whole[-1][0]) <= _SHORT else 1.2
        most = alike if whole and abs(whole[-1][1]["size"] - looks["size"]) < 0.6 else 0.4
        near = bool(whole) and looks["left"] >= whole[-1][1]["left"] and looks["left"] - end < most * looks["size"]
        if near and abs(whole[-1][1]["y"] - looks["y"]) <= 0.5 * (looks["size"] or 1.0):
            apart = looks["left"] - end > 0.15 * looks["size"] and not whole[-1][0].endswith(" ")
            whole[-1] = (whole[-1][0] + (" " if apart and not text.startswith(" ") else "") + text, whole[-1][1])
        else:
            whole.append((text, looks))
        last = whole[-1][1]
        end = lines.line(whole[-1][0], size=last["size"], left=last["left"], stretch=last["stretch"]).right
    return whole


def _looks(matrix: list[float], text_matrix: list[float], font: Any, size: float) -> dict[str, Any]:
    """Return where the text stands and how large it is, both matrices applied (ISO 32000-1, 9.4.4)."""
    a, b, c, d, e, f = (float(value) for value in matrix)
    tc, td, te, tf = (float(value) for value in text_matrix[2:])
    scale = max(abs(tc * b + td * d), abs(tc * a + td * c)) or 1.0
    name = str((font or {}).get("/BaseFont", "")) if isinstance(font, dict) else ""
    stretch = _stretch(font) if isinstance(font, dict) else 1.0
    return {
        "left": round(te * a + tf * c + e, 1),
        "y": round(te * b + tf * d + f, 1),
        "size": round(abs(float(size)) * scale, 2),
        "stretch": stretch,
        "bold": bool(re.search(r"bold|black|heavy|semibold", name, re.IGNORECASE)),
    }


def _stretch(font: dict[str, Any]) -> float:
    """Return how wide the letters of a font are beside those of Helvetica, by the mean of the widths that it tells.

    Fonts in files hold little more than the letters used; 1 where nothing is told (ISO 32000-1, 9.2.4 and 9.7.4.3).
    """
    try:
        below = font.get("/DescendantFonts")
        told = below[0].get_object().get("/W") if below else font.get("/Widths")
        widths: list[float] = []
        for each in list(told.get_object() if told is not None else [])[:_MOST_WIDTHS]:
            value = each.get_object() if hasattr(each, "get_object") else each
            if isinstance(value, list):
                widths += [float(width) for width in value]
            elif not below:
                widths.append(float(value))
        used = [width for width in widths if 150 < width < 1200]
        return min(1.3, max(0.8, sum(used) / len(used) / _USUAL_WIDTH)) if len(used) >= _FEWEST_WIDTHS else 1.0
    except _FAULTS:
        return 1.0

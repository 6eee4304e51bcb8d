"""Lines of a PDF, with the size and place of each; an attached Europass document is found too."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from profiles.importers import lines
from profiles.importers.lines import Line
from profiles.importers.reading import Reading, Refused

MOST_PAGES = 40
FEWEST_LETTERS = 25
MOST_ATTACHMENT = 2_000_000
_FOOTER = re.compile(r"(?:page|página)\s+\d+\s+(?:of|de)\s+\d+|\d{1,3}\s*/\s*\d{1,3}|-?\s*\d{1,2}\s*-?", re.IGNORECASE)

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
    """Return the lines of all pages in the order in which the document writes them.

    Raises Refused ``no_text`` for a document that holds pictures of text only, ``damaged_file`` when no page opens.
    """
    found: list[Line] = []
    broken = 0
    reading.pages = len(document.pages)
    for number in range(reading.pages):
        try:
            found += _page_lines(document.pages[number], number + 1)
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
    """Return the lines of a page: pypdf breaks them, the first signs of each tell its size and place."""
    found: list[Line] = []
    pending: list[tuple[str, dict[str, Any]]] = []

    def finish() -> None:
        text = _with_gaps(pending)
        looks: dict[str, Any] = next((looks for piece, looks in pending if piece.strip()), {})
        pending.clear()
        if text.strip() and not _FOOTER.fullmatch(lines.clean(text)):
            found.append(lines.line(text, page=number, number=len(found) + 1, **looks))

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


def _with_gaps(pieces: list[tuple[str, dict[str, Any]]]) -> str:
    """Return the pieces of a line as one text, a tab where one begins far to the right of where the last ended.

    Half the size of the letters is about their usual width; pypdf does not tell the real one.
    """
    text, end = "", 0.0
    for piece, looks in pieces:
        if not piece.strip():
            text += piece
            continue
        if text.strip() and looks["size"] and looks["left"] - end > 3 * looks["size"]:
            text += "\t"
        text += piece
        end = looks["left"] + 0.55 * looks["size"] * len(piece)
    return text


def _looks(matrix: list[float], text_matrix: list[float], font: Any, size: float) -> dict[str, Any]:
    """Return where the text stands and how large it is, both matrices applied (ISO 32000-1, 9.4.4)."""
    a, b, c, d, e, f = (float(value) for value in matrix)
    tc, td, te, tf = (float(value) for value in text_matrix[2:])
    scale = max(abs(tc * b + td * d), abs(tc * a + td * c)) or 1.0
    name = str((font or {}).get("/BaseFont", "")) if isinstance(font, dict) else ""
    return {
        "left": round(te * a + tf * c + e, 1),
        "y": round(te * b + tf * d + f, 1),
        "size": round(abs(float(size)) * scale, 2),
        "bold": bool(re.search(r"bold|black|heavy|semibold", name, re.IGNORECASE)),
    }

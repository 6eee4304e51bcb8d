"""Files made by code: PDF from positioned lines, DOCX from paragraphs, and the ways in which they can be bad."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from pypdf import PdfReader, PdfWriter

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Words:
    """A line at a place of a page, in points from the lower left corner."""

    text: str
    size: float = 10.0
    left: float = 50.0
    y: float = 0.0
    bold: bool = False


def pdf(pages: Sequence[Sequence[Words]], *, info: dict[str, str] | None = None) -> bytes:
    """Return a PDF (ISO 32000-1) that writes each line where it says, in Helvetica with WinAnsi letters."""
    objects: list[bytes] = [
        b"",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for page in pages:
        stream = b"\n".join(
            b"BT /F%d %.2f Tf 1 0 0 1 %.1f %.1f Tm (%s) Tj ET"
            % (1 + each.bold, each.size, each.left, each.y, _literal(each.text))
            for each in page
        )
        packed = zlib.compress(stream)
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
            b"/Contents %d 0 R >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    entries = b" ".join(b"/%s (%s)" % (key.encode(), _literal(value)) for key, value in (info or {}).items())
    objects.append(b"<< %s >>" % entries)
    return pdf_of(objects, info=len(objects))


def pdf_of(objects: Sequence[bytes], *, info: int = 0) -> bytes:
    """Return a PDF of these objects, the first being its catalog, with a sound table of where they stand."""
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    told = b"/Info %d 0 R " % info if info else b""
    out.write(b"trailer << /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, told, start))
    return out.getvalue()


def _literal(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def text_pdf(text: str) -> bytes:
    """Return a PDF of the lines of ``text``, the first in larger letters, 55 a page; a tab goes to the right edge."""
    pages, lines = [], text.strip("\n").split("\n")
    for start in range(0, len(lines), 55):
        page = []
        for row, line in enumerate(lines[start : start + 55]):
            size = 18.0 if start + row == 0 else 10.0
            for column, piece in enumerate(line.split("\t")):
                if piece.strip():
                    page.append(Words(piece, size, 50.0 + 330.0 * column, 750.0 - 13 * row))
        pages.append(page)
    return pdf(pages)


def encrypted(content: bytes, *, user_password: str) -> bytes:
    """Return a PDF locked with AES-256; an empty ``user_password`` opens it for reading."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user_password=user_password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_attachment(content: bytes, name: str, attached: bytes) -> bytes:
    """Return a PDF that carries a file."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.add_attachment(name, attached)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(text: str, *, header: str = "", footer: str = "") -> bytes:
    """Return a DOCX of the lines of ``text``.

    ``# `` opens a heading, ``• `` an item of a list, ``+ `` a bold line, ``! `` one of 20 points, a tab is a tab.
    Between lines ``[table`` and ``]`` stand rows: ``|cell|cell|``, the paragraphs of a cell parted by ``//``.
    """
    parts = {"word/document.xml": _document("body", text)}
    if header:
        parts["word/header1.xml"] = _document("hdr", header)
    if footer:
        parts["word/footer1.xml"] = _document("ftr", footer)
    return archive({"[Content_Types].xml": b"<Types/>", **parts})


def _document(element: str, text: str) -> bytes:
    paragraphs = "".join(_block(line) for line in text.strip("\n").split("\n"))
    inside = f"<w:{element}>{paragraphs}</w:{element}>" if element == "body" else paragraphs
    root = "document" if element == "body" else element
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} xmlns:w="{_WORD}">{inside}</w:{root}>'.encode()


def _block(line: str) -> str:
    if line in {"[table", "]"}:
        return "<w:tbl>" if line == "[table" else "</w:tbl>"
    if "|" in line and line.startswith("|"):
        cells = ("".join(_paragraph(each.strip()) for each in cell.split("//")) for cell in line.strip("|").split("|"))
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"
    return _paragraph(line)


def _paragraph(line: str) -> str:
    style = ""
    if line.startswith("! "):
        runs = f'<w:rPr><w:b/><w:sz w:val="40"/></w:rPr><w:t>{escape(line[2:])}</w:t>'
        return f"<w:p><w:r>{runs}</w:r></w:p>"
    if line.startswith("+ "):
        return f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{escape(line[2:])}</w:t></w:r></w:p>"
    if line.startswith("# "):
        line, style = line[2:], '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    elif line.startswith("• "):
        line, style = line[2:], '<w:pPr><w:numPr><w:ilvl w:val="0"/></w:numPr></w:pPr>'
    runs = "<w:r><w:tab/></w:r>".join(
        f'<w:r><w:t xml:space="preserve">{escape(piece)}</w:t></w:r>' for piece in line.split("\t")
    )
    return f"<w:p>{style}{runs}</w:p>"


def archive(members: dict[str, bytes]) -> bytes:
    """Return a ZIP of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, content in members.items():
            archive_file.writestr(name, content)
    return out.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    """Return what an archive holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive_file:
        return {name: archive_file.read(name) for name in archive_file.namelist()}


def millions_of_paragraphs(count: int) -> bytes:
    """Return the body of a DOCX of so many empty paragraphs."""
    return b'<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (_WORD.encode(), b"<w:p/>" * count)


def page_tree_loop() -> bytes:
    """Return a PDF whose pages contain themselves."""
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])


def deep_page_tree(depth: int) -> bytes:
    """Return a PDF whose only page is so many levels down."""
    levels = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1) for number in range(2, depth + 2)]
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", *levels, b"<< /Type /Page /MediaBox [0 0 612 792] >>"])


def one_page(
    content: bytes,
    *,
    resources: bytes = b"",
    catalog: bytes = b"",
    entries: bytes = b"",
    more: Sequence[bytes] = (),
) -> bytes:
    """Return a PDF of one page with this content stream; ``more`` are the objects from number 6 on, 5 is a font."""
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> %s >> >>" % resources,
            stream(content, entries),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            *more,
        ]
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def scripted_pdf(text: str) -> bytes:
    """Return a PDF of one line that carries a script to run when it is opened, and a file."""
    run = b"/OpenAction << /S /JavaScript /JS (app.launchURL('https://example.com')) >>"
    return with_attachment(one_page(b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % _literal(text), catalog=run), "a.exe", b"MZ")


def forms_within_forms(depth: int) -> bytes:
    """Return a PDF whose page draws a form twice, which draws another twice, and so on: 2 to the ``depth`` in all."""
    more = [
        stream(
            b"/X Do /X Do", b"/Type /XObject /Subtype /Form /Resources << /XObject << /X %d 0 R >> >>" % (number + 1)
        )
        for number in range(6, depth + 6)
    ]
    last = stream(b"BT /F1 9 Tf (A) Tj ET", b"/Type /XObject /Subtype /Form /Resources << /Font << /F1 5 0 R >> >>")
    return one_page(b"/X Do", resources=b"/XObject << /X 6 0 R >>", more=[*more, last])


def form_of_itself() -> bytes:
    """Return a PDF whose page draws a form that draws itself."""
    itself = stream(b"/X Do", b"/Type /XObject /Subtype /Form /Resources << /XObject << /X 6 0 R >> >>")
    return one_page(b"/X Do", resources=b"/XObject << /X 6 0 R >>", more=[itself])


def inflating_pdf(megabytes: int) -> bytes:
    """Return a PDF of one page whose content unpacks to so many megabytes."""
    packer, block = zlib.compressobj(9), b"BT /F1 9 Tf (A) Tj ET\n" * 45_454
    content = b"".join([packer.compress(block) for _megabyte in range(megabytes)]) + packer.flush()
    return one_page(content, entries=b"/Filter /FlateDecode")

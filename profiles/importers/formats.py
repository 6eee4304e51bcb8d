"""Reading a file of any kind that is known."""

from __future__ import annotations

import json

from profiles.importers import (
    docx,
    europass,
    json_resume,
    json_text,
    layout,
    linkedin,
    particulars,
    pdf,
    safe_xml,
    text_resume,
)
from profiles.importers.lines import Line
from profiles.importers.reading import Reading, Refused
from profiles.importers.recognition import DOCX, PDF, XML, recognize
from profiles.importers.text_language import SUPPORTED, language_of


def read(raw: bytes) -> Reading:
    """Return what a file says. Raises Refused; its codes stand with their sentences in ``profiles.resume_notices``."""
    kind = recognize(raw)
    if kind == PDF:
        return _read_pdf(raw)
    if kind == DOCX:
        reading = Reading("docx")
        _read_text(docx.read_lines(raw, reading), reading)
        return reading
    reading = Reading("europass_xml" if kind == XML else "json_resume")
    if kind == XML:
        europass.read_xml(safe_xml.parse(raw), reading)
    else:
        data = json_text.parse(raw, reading)
        if europass.is_europass(data):
            reading.format = "europass_json"
            europass.read_json(data, reading)
        else:
            reading.document = json_resume.conform(data, reading)
    _judge_language(reading)
    return reading


def _read_pdf(raw: bytes) -> Reading:
    document = pdf.open_pdf(raw)
    reading = Reading("pdf")
    for content in pdf.attached_xml(document):
        attached = Reading("europass_xml", pages=len(document.pages))
        try:
            europass.read_xml(safe_xml.parse(content), attached)
        except Refused:
            continue
        _judge_language(attached)
        return attached
    lines = layout.without_page_numbers(pdf.read_lines(document, reading))
    if linkedin.is_linkedin(lines, pdf.author(document)):
        linkedin.read(lines, reading)
        reading.document = json_resume.conform(reading.document, reading)
        return reading
    _read_text(layout.arrange(lines), reading)
    return reading


def _read_text(lines: list[Line], reading: Reading) -> None:
    text_resume.read(lines, reading)
    reading.document = json_resume.conform(reading.document, reading)


def _judge_language(reading: Reading) -> None:
    """Set the language of a structured file by its longer texts; another than ours is told, not refused."""
    reading.identifiers = particulars.identifiers(json.dumps(reading.document, ensure_ascii=False))
    basics = reading.document.get("basics", {})
    work = reading.document.get("work", [])
    texts = [basics.get("summary", ""), basics.get("label", "")]
    texts += [text for entry in work for text in (entry.get("summary", ""), *entry.get("highlights", []))]
    found = language_of("\n".join(texts))
    if found and found not in SUPPORTED:
        reading.notice("unsupported_language", language=found)
    reading.language = found

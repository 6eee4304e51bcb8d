"""Raw files as request bodies: a résumé is sent as it is, under its media type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class RawFile(BaseParser):
    """Take the body as bytes, unread: a worker reads it, within limits of its own."""

    def parse(  # type: ignore[override]
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        content: bytes = stream.read()
        return content


class PdfFile(RawFile):
    media_type = "application/pdf"


class DocxFile(RawFile):
    media_type = DOCX


class JsonFile(RawFile):
    media_type = "application/json"


class XmlFile(RawFile):
    media_type = "application/xml"


class TextXmlFile(RawFile):
    media_type = "text/xml"


FILES: tuple[type[RawFile], ...] = (PdfFile, DocxFile, JsonFile, XmlFile, TextXmlFile)
MEDIA_TYPES = tuple(str(each.media_type) for each in FILES)

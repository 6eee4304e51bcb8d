"""What kind of file the bytes are, whatever its name or label says."""

from __future__ import annotations

import orjson

from profiles.importers.reading import Refused

PDF, DOCX, XML, JSON = "pdf", "docx", "xml", "json"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LONGEST_BARE_JSON = 10_000
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def recognize(raw: bytes) -> str:
    """Return the kind of a file by its first bytes.

    Raises Refused: ``empty_file``; ``password_protected`` and ``legacy_word`` for Office's old container, which holds
    DOCX files with a password and DOC files; ``unknown_format``.
    """
    if not raw.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Refused("empty_file")
    if b"%PDF-" in raw[:1024]:
        return PDF
    if raw.startswith(b"PK\x03\x04"):
        return DOCX
    if raw.startswith(_OLE):
        raise Refused("password_protected" if _ENCRYPTED_PACKAGE in raw else "legacy_word")
    start = raw[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\xfe\xff \t\r\n")
    if start.startswith(b"<"):
        return XML
    if start.startswith(b"{\\rtf"):
        raise Refused("unknown_format")
    if start[:1] in {b"{", b"["} or _is_bare_json(raw):
        return JSON
    raise Refused("unknown_format")


def _is_bare_json(raw: bytes) -> bool:
    """Tell whether a short file is a JSON text or number: no résumé, but what is wrong with it can be said."""
    try:
        orjson.loads(raw[:_LONGEST_BARE_JSON])
    except orjson.JSONDecodeError:
        return False
    return True

"""Tables for spreadsheets: CSV as RFC 4180 writes it, with no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

# OWASP, "CSV Injection": what makes a spreadsheet take a text for a formula, at the beginning of a cell.
_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = "\ufeff"  # without it Excel takes UTF-8 for the local code page


@dataclass(frozen=True)
class Table:
    """``file_name`` without its ending; cells are anything that ``str`` says well, None for an empty one."""

    file_name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def cell(value: Any) -> str:
    """Return ``value`` as a text that no spreadsheet runs: what would begin a formula is led by an apostrophe.

    Numbers are written plainly, negative ones included; only texts can be somebody's formula.
    """
    if value is None:
        return ""
    text = str(value)
    if not isinstance(value, str):
        return text
    # Spreadsheets look past blanks in front of a formula.
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_BEGINNINGS) or text.startswith(_BEGINNINGS) else text


def written(table: Table) -> bytes:
    """Return the table as ``text/csv`` in UTF-8, every cell in quotes."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([[cell(value) for value in row] for row in table.rows])
    return (_BOM + out.getvalue()).encode()


class CSVRenderer(BaseRenderer):
    """Writes a ``Table``; a refusal in its place stays a problem in JSON."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return written(data) if isinstance(data, Table) else orjson.dumps(data, default=str)

"""The pieces of a line that heads a position or a study, parted at signs and commas."""

from __future__ import annotations

import re
from collections.abc import Sequence

from profiles.importers.comparing import plain
from profiles.importers.occupations import kind
from profiles.importers.places import read_place

SIGNS = re.compile(r"\s*(?:\||•|·|\t|\s[-–—/]\s|—|–|\s@\s)\s*")
COMMA = re.compile(r",\s+(?=[A-ZÁÉÍÓÚÑ])")


def strip(pieces: Sequence[str]) -> list[str]:
    """Return the pieces without the signs around them, and none that is nothing else."""
    return [piece for piece in (balanced(each.strip(" ,;:")) for each in pieces) if piece]


def balanced(text: str) -> str:
    """Return a text without a bracket whose other half is gone, and without brackets around all of it."""
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    if text.count("(") > text.count(")"):
        text = text.strip("( ") if text.startswith("(") or text.endswith("(") else text
    if text.count(")") > text.count("("):
        text = text.strip(") ")
    return text.strip(" ,;:")


def rejoined(pieces: Sequence[str]) -> list[str]:
    """Undo commas that part no halves: “Monterrey, Nuevo León” is one place, “Acme, S.A. de C.V.” one firm."""
    whole: list[str] = []
    for piece in pieces:
        before = f"{whole[-1]}, {piece}" if whole else ""
        firm = re.match(r"(?:s a|sa|inc|llc|ltd|corp|s de r|sofom|e n r|e r|s c|a c|sapi|s a p i)\b", plain(piece))
        if before and (firm or (read_place(before) is not None and not kind(whole[-1]) and len(whole) > 1)):
            whole[-1] = before
        else:
            whole.append(piece)
    return whole

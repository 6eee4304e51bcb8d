"""Gaps within a line of a PDF: pypdf tells of one text from there on, though another cell or column begins."""

from __future__ import annotations

from typing import Any

from pypdf import PageObject

_NOTHING = ([1, 0, 0, 1, 0, 0], b"cm")  # changes no coordinate, but makes pypdf tell what it has read so far
_USUAL = 0.5  # the width of a letter, of its size
_LEAST = 1.0  # a gap that is wider than the letters are high is none between words


def two_byte_fonts(page: PageObject) -> frozenset[str]:
    """Return the names of the fonts of a page whose letters take two bytes each (ISO 32000-1, 9.7)."""
    resources = page.get("/Resources")
    fonts = resources.get_object().get("/Font") if resources is not None else None
    found = fonts.get_object().items() if fonts is not None else ()
    return frozenset(str(name) for name, font in found if font.get_object().get("/Subtype") == "/Type0")


def marked(operations: list[tuple[Any, bytes]], two_bytes: frozenset[str]) -> list[tuple[Any, bytes]]:
    """Return the operations of a page with a mark before each move along the line over a wide gap."""
    told: list[tuple[Any, bytes]] = []
    size, scale, wide = 0.0, 1.0, False
    left = height = shown = 0.0
    for operands, operator in operations:
        if operator == b"Tf":
            size, wide = _number(operands, 1), str(operands[0]) in two_bytes if operands else False
        elif operator == b"BT":
            scale, left, height, shown = 1.0, 0.0, 0.0, 0.0
        elif operator in {b"Tj", b"TJ"}:
            shown += _letters(operands[0] if operands else "", size, two_bytes=wide)
        elif operator in {b"Tm", b"Td", b"TD"}:
            moved = operator != b"Tm"
            new_scale = scale if moved else _number(operands, 0)
            new_left = left + _number(operands, 0) * scale if moved else _number(operands, 4)
            new_height = height + _number(operands, 1) * scale if moved else _number(operands, 5)
            gap = new_left - left - shown * scale
            if shown and abs(new_height - height) < 0.1 * abs(size * scale) and gap > _LEAST * abs(size * scale):
                told.append(_NOTHING)
            scale, left, height, shown = new_scale, new_left, new_height, 0.0
        told.append((operands, operator))
    return told


def _letters(shown: Any, size: float, *, two_bytes: bool) -> float:
    """Return about how wide a text is, moves between its letters included."""
    if isinstance(shown, list):
        moves = sum(float(each) for each in shown if isinstance(each, int | float))
        return sum(_letters(each, size, two_bytes=two_bytes) for each in shown) - moves / 1000 * size
    return len(shown) / (2 if two_bytes else 1) * _USUAL * size if isinstance(shown, str | bytes) else 0.0


def _number(operands: Any, place: int) -> float:
    try:
        return float(operands[place])
    except (IndexError, TypeError, ValueError, KeyError):
        return 0.0

"""Numbers as people write them in English and Spanish: digits, words, thousands."""

from __future__ import annotations

import re
from decimal import Decimal

_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18,
    "twenty": 20, "twenty-four": 24, "thirty": 30, "couple of": 2,
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16,
    "dieciocho": 18, "veinte": 20, "veinticuatro": 24, "treinta": 30,
}  # fmt: skip
COUNT = r"(?:\d{1,2}|" + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)) + r")"
AMOUNT = r"\d{1,3}(?:[, ]\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"


def count(text: str) -> int | None:
    """Return the count that ``text`` (lower case, no accents) says, or ``None``."""
    text = text.strip()
    return int(text) if text.isdecimal() else _WORDS.get(text)


def amount(digits: str, scale: str | None) -> Decimal:
    """Return an amount such as ``80``, scale ``k``; ``960,000``; ``1.2``, scale ``million``.

    Thousands are separated by commas or spaces, as in both countries; scales are k, mil, thousand, m, mm, million(s),
    millon(es).
    """
    factor = {"k": 1_000, "mil": 1_000, "thousand": 1_000}.get(scale or "", 1 if not scale else 1_000_000)
    return Decimal(digits.replace(",", "").replace(" ", "")) * factor

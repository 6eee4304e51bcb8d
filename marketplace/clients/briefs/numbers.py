"""Numbers as people write them in English and Spanish: digits, words, thousands."""

from __future__ import annotations

import re
from decimal import Decimal

_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "twenty-four": 24, "thirty": 30, "thirty-six": 36,
    "couple of": 2, "a couple of": 2, "a pair of": 2, "un par de": 2, "par de": 2,
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16,
    "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veinticuatro": 24, "treinta": 30,
    "treinta y seis": 36,
}  # fmt: skip
COUNT = r"(?:\d{1,2}|" + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)) + r")"
# Three figures behind a full stop are thousands too ("60.000 dólares"): no amount has a third decimal.
AMOUNT = r"\d{1,3}(?:[, ]\d{3})+(?:\.\d{1,2})?(?!\d)|\d{1,3}(?:\.\d{3})+(?!\d)|\d+(?:\.\d{1,2})?"
_UNITS = {
    **{word: value for word, value in _WORDS.items() if word.isalpha() and word not in {"a", "an"}},
    "veintiuno": 21, "veintidos": 22, "veinticinco": 25, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
    "ochenta": 80, "noventa": 90, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500,
    "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_FACTORS = {
    "hundred": 100,
    "mil": 1_000,
    "thousand": 1_000,
    "million": 1_000_000,
    "millon": 1_000_000,
    "millones": 1_000_000,
}
_NUMBER = "(?:" + "|".join(sorted({*_UNITS, *_FACTORS}, key=len, reverse=True)) + ")"
WORDED = rf"\b{_NUMBER}(?:(?:\s|-|\sy\s|\sand\s){_NUMBER}){{1,7}}\b"


def count(text: str) -> int | None:
    """Return the count that ``text`` (lower case, no accents) says, or ``None``."""
    text = text.strip()
    return int(text) if text.isdecimal() else _WORDS.get(text)


def amount(digits: str, scale: str | None) -> Decimal:
    """Return an amount such as ``80``, scale ``k``; ``960,000``; ``1.2``, scale ``million``.

    Thousands are separated by commas or spaces, as in both countries, or full stops, as in Spain; scales are k, mil,
    thousand, grand, m, mm, million(s), millon(es), mdd and mdp.
    """
    factor = {"k": 1_000, "mil": 1_000, "thousand": 1_000, "grand": 1_000}.get(
        scale or "", 1 if not scale else 1_000_000
    )
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits):
        digits = digits.replace(".", "")
    return Decimal(digits.replace(",", "").replace(" ", "")) * factor


def worded(text: str) -> Decimal:
    """Return an amount in words of both languages, such as ``un millon cien mil`` or ``sixty-five thousand``."""
    total = group = 0
    for word in re.findall(r"[a-z]+", text):
        factor = _FACTORS.get(word)
        if factor == 100:
            group = max(group, 1) * factor
        elif factor:
            total, group = total + max(group, 1) * factor, 0
        else:
            group += _UNITS.get(word, 0)
    return Decimal(total + group)

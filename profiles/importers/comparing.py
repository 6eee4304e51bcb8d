"""Texts brought into the form in which they are compared."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return a text to compare by: lower case, no accents, letters and single spaces only, ``and``/``y`` for ``&``."""
    decomposed = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    letters = "".join(sign if sign.isalpha() else " " for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(letters.split())

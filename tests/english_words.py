"""Telling English from Spanish by the small words that only one of them has."""

from __future__ import annotations

import re

# Words of either language that are words of the other as well (a, no, me, has, he, once) or stand in names of
# places (Los Angeles) are left out.
_ENGLISH = (
    "the of is are was were with for not this that these those your you its from which have been by at when who will "
    "would can cannot must does their there they them what than then into only after before every each other"
)
_SPANISH = "el las una del que para por esta este estos estas está están y se su sus al lo como más pero hay ya"
ENGLISH, SPANISH = frozenset(_ENGLISH.split()), frozenset(_SPANISH.split())
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|“[^”]*”|«[^»]*»|`[^`]*`|\S+://\S+|\w+_\w+")
_WORD = re.compile(r"[^\W\d_]+")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without placeholders, quotations, identifiers and addresses."""
    return [word.lower() for word in _WORD.findall(_PLACEHOLDER.sub(" ", text))]


def english_words(text: str) -> list[str]:
    """Return the words of a text that only English has."""
    return [word for word in words(text) if word in ENGLISH]


def spanish_words(text: str) -> list[str]:
    """Return the words of a text that only Spanish has."""
    return [word for word in words(text) if word in SPANISH]

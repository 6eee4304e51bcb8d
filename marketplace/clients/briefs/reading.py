"""What is read from a brief carries the words it was read from and how sure the reading is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from profiles.taxonomy.text import strip_accents

T = TypeVar("T")

# Marks that are not seen: soft hyphen, zero-width signs, marks of writing direction, byte order mark.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe0f]")
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "‑": "-", "’": "'", "“": '"', "”": '"'})


@dataclass(frozen=True)
class Evidence:
    """The words ``text`` at ``start``..``end`` of the brief as it was sent, counted in characters."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Reading(Generic[T]):
    """A value, how sure it is (0..1), and the words that say so."""

    value: T
    confidence: float
    evidence: tuple[Evidence, ...] = ()


class Plain:
    """A brief in lower case without accents and unseen marks, and the way back to the places of the original."""

    def __init__(self, original: str) -> None:
        self.original = original
        signs: list[str] = []
        self._places: list[int] = []
        for place, sign in enumerate(original):
            for plain in sign.lower() if sign.isascii() else self._folded(sign):
                signs.append(plain)
                self._places.append(place)
        self.text = "".join(signs)

    @staticmethod
    def _folded(sign: str) -> str:
        if _UNSEEN.match(sign):
            return ""
        return strip_accents(sign.translate(_DASHES)).casefold()

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the original words of ``text[start:end]``; the span must not be empty."""
        first, last = self._places[start], self._places[end - 1] + 1
        return Evidence(first, last, self.original[first:last])

    def of_match(self, match: re.Match[str], group: int | str = 0) -> Evidence:
        """Return the original words of a match on ``text``, or of one of its groups."""
        return self.evidence(match.start(group), match.end(group))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``original[start:end]`` is in ``text``."""
        return bisect_left(self._places, start), bisect_left(self._places, end)

    def find(self, pattern: re.Pattern[str], start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Return the matches of ``pattern`` in ``text[start:end]``."""
        return pattern.finditer(self.text, start, len(self.text) if end is None else end)

"""One spelling per name: the form under which two writings of a skill are the same skill."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Signs that tell one technology from another survive; every other sign is a gap between words.
#   +  # behind a word        C++  C#  Security+
#   .    opening a word       .NET
#   &    inside a word        R&D, which must not shrink to R
#   /    beside a lone sign   PL/I  z/OS  A/B; in KYC/AML it is a gap
_WORDS = re.compile(r"(?:(?<!\w)\.)?\w+(?:[&+#/]+\w+)*[+#]*")
_APOSTROPHES = re.compile(r"['’´`]")
_SPACED_SUFFIX = re.compile(r"\b([cf]) +(\+\+|#)(?!\w)")


@dataclass(frozen=True)
class Word:
    """A word of a text in its comparable form, and where it stands: ``text[start:end]`` of the original."""

    form: str
    start: int
    end: int


def strip_accents(text: str) -> str:
    """Return ``text`` without diacritics (``á`` to ``a``, ``ñ`` to ``n``), as people type in a hurry.

    Signs that nobody sees, such as soft hyphens and marks of writing direction, go with them.
    """
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text)
        if sign.isascii() or not (unicodedata.combining(sign) or unicodedata.category(sign) == "Cf")
    )


def normalize(text: str) -> str:
    """Return the comparable form of a skill's name: lower case, no accents, words separated by one space.

    Punctuation that tells technologies apart is kept (C, C++, C#, .NET, PL/I, R and R&D are six different names);
    hyphens, dots, commas, brackets and doubled spaces are not. The result may be empty.
    """
    plain = _APOSTROPHES.sub("", strip_accents(text).casefold()).replace("_", " ")
    plain = _SPACED_SUFFIX.sub(r"\1\2", plain)
    return " ".join(piece for word in _WORDS.findall(plain) for piece in _parts(word))


def words(text: str) -> list[Word]:
    """Return the words of a free text as ``normalize`` would write them, each with its place in ``text``."""
    plain, places = _folded(text)
    found = []
    for hit in _WORDS.finditer(plain):
        at = hit.start()
        for piece in _parts(hit.group()):
            at = plain.index(piece, at)
            found.append(Word(piece, places[at], places[at + len(piece) - 1] + 1))
            at += len(piece)
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    """Return ``text`` as ``normalize`` sees it before it is cut into words, and the origin of each of its signs."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for plain in _plain(sign):
            signs.append(plain)
            places.append(place)
    folded = "".join(signs)
    kept: list[int] = []
    last = 0
    for hit in _SPACED_SUFFIX.finditer(folded):
        kept += [*range(last, hit.end(1)), *range(hit.start(2), hit.end(2))]
        last = hit.end(2)
    if not last:
        return folded, places
    kept += range(last, len(folded))
    return "".join(folded[index] for index in kept), [places[index] for index in kept]


def _plain(sign: str) -> Iterator[str]:
    if sign.isascii():
        if sign not in "'`":
            yield " " if sign == "_" else sign.lower()
        return
    yield from _APOSTROPHES.sub("", strip_accents(sign).casefold())


def _parts(word: str) -> list[str]:
    """Split a word at the slashes between longer names; a slash beside a lone letter belongs to the name."""
    pieces = word.split("/")
    if len(pieces) == 1 or any(len(piece) == 1 for piece in pieces):
        return [word]
    return [piece for piece in pieces if piece]

"""One spelling per name: the form under which two writings of a skill are the same skill."""

from __future__ import annotations

import re
import unicodedata

# Signs that tell one technology from another survive; every other sign is a gap between words.
#   +  # behind a word        C++  C#  Security+
#   .    opening a word       .NET
#   &    inside a word        R&D, which must not shrink to R
#   /    beside a lone sign   PL/I  z/OS  A/B; in KYC/AML it is a gap
_WORDS = re.compile(r"(?:(?<!\w)\.)?\w+(?:[&+#/]+\w+)*[+#]*")
_APOSTROPHES = re.compile(r"['’´`]")
_SPACED_SUFFIX = re.compile(r"\b([cf]) +(\+\+|#)(?!\w)")


def strip_accents(text: str) -> str:
    """Return ``text`` without diacritics (``á`` to ``a``, ``ñ`` to ``n``), as people type in a hurry."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def normalize(text: str) -> str:
    """Return the comparable form of a skill's name: lower case, no accents, words separated by one space.

    Punctuation that tells technologies apart is kept (C, C++, C#, .NET, PL/I, R and R&D are six different names);
    hyphens, dots, commas, brackets and doubled spaces are not. The result may be empty.
    """
    plain = _APOSTROPHES.sub("", strip_accents(text).casefold()).replace("_", " ")
    plain = _SPACED_SUFFIX.sub(r"\1\2", plain)
    return " ".join(piece for word in _WORDS.findall(plain) for piece in _parts(word))


def _parts(word: str) -> list[str]:
    """Split a word at the slashes between longer names; a slash beside a lone letter belongs to the name."""
    pieces = word.split("/")
    if len(pieces) == 1 or any(len(piece) == 1 for piece in pieces):
        return [word]
    return [piece for piece in pieces if piece]

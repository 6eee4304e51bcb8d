"""How alike two names of people, or of employers, are: from 0 to 100, as they are written in Mexico and the US.

People here have two family names, of which the second is left out or cut to an initial abroad, and which forms swap;
one or more given names, some of which go by initials or pet names; and clerks who write z for s and b for v.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz

from profiles.taxonomy.text import strip_accents

_PET_NAMES = Path(__file__).with_name("pet_names.csv")
_PARTICLES = frozenset(
    {"de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "das", "di", "von", "van", "der", "san"}
)
_TITLES = frozenset({"ing", "lic", "mtro", "mtra", "dr", "dra", "sr", "sra", "mr", "mrs", "ms", "jr", "ii", "iii"})
# Given names so common that one alone says little of who is meant.
_COMMON = frozenset({"maria", "jose", "juan"})

_LEGAL = frozenset(
    {"sa", "s", "a", "de", "cv", "c", "v", "rl", "r", "l", "sapi", "sab", "sc", "ac", "inc", "llc", "ltd", "corp", "co",
     "plc", "gmbh", "ag", "lp", "llp", "company", "corporation", "incorporated", "limited", "del", "la", "las", "los",
     "el", "y", "the", "of", "and", "com", "mx", "us", "usa"}
)  # fmt: skip
# Words that many employers share; those that are left tell one from another.
_GENERIC = frozenset(
    {"grupo", "group", "banco", "bank", "financiero", "financial", "seguros", "insurance", "tecnologia", "tecnologias",
     "technology", "technologies", "tech", "consultoria", "consulting", "consultores", "consultants", "servicios",
     "services", "service", "sistemas", "systems", "soluciones", "solutions", "software", "mexico", "international",
     "internacional", "global", "holding", "holdings", "it", "mexicana", "nacional", "national", "digital", "labs",
     "corporativo", "universidad", "university", "instituto", "institute", "secretaria"}
)  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")

ALIKE_WORD = 84  # of 100, by rapidfuzz's ratio: one letter of six or seven


@dataclass(frozen=True)
class Name:
    """Given and family names, each a tuple of words: lower case, no accents, no particles."""

    given: tuple[str, ...]
    family: tuple[str, ...]

    @classmethod
    def of(cls, given: str, family: str) -> Name:
        return cls(_name_words(given), _name_words(family))


def readings(text: str) -> tuple[Name, ...]:
    """Return what a full name may mean, as nobody says where its family names begin: both orders, every cut."""
    words = _name_words(text)
    cuts = range(1, len(words))
    return tuple(
        dict.fromkeys(
            [
                *(Name(words[:cut], words[cut:]) for cut in cuts if cut >= len(words) - 2),
                *(Name(words[cut:], words[:cut]) for cut in cuts if cut <= 2),
            ]
        )
    )


def alike(one: Name, other: Name) -> int:
    """Return how alike two names are; 0 as soon as a word speaks against it."""
    family = _family(one.family, other.family)
    given = _given(one.given, other.given) if family else 0
    return round(0.4 * given + 0.6 * family) if given and family else 0


def alike_employers(one: str, other: str) -> int:
    """Return how alike two employers are, legal forms aside; the same without general words counts 92."""
    first, second = _employer_words(one), _employer_words(other)
    if not first or not second:
        return 0
    whole = fuzz.token_sort_ratio(" ".join(first), " ".join(second))
    if telling(one) == telling(other):
        whole = max(whole, 92.0)
    return round(whole)


def telling(employer: str) -> frozenset[str]:
    """Return the words that tell an employer from others, all of them where all are general."""
    words = _employer_words(employer)
    return frozenset([word for word in words if word not in _GENERIC] or words)


def skeleton(word: str) -> str:
    """Return a word as it sounds in Mexican Spanish, without vowels after the first letter."""
    sounds = word
    for written, heard in (
        ("qu", "k"), ("ce", "se"), ("ci", "si"), ("ch", "x"), ("c", "k"), ("z", "s"), ("v", "b"), ("ll", "y"),
        ("ge", "je"), ("gi", "ji"), ("x", "j"), ("h", ""), ("w", "u"), ("ph", "f"), ("ñ", "n"),
    ):  # fmt: skip
        sounds = sounds.replace(written, heard)
    sounds = re.sub(r"(.)\1+", r"\1", sounds)
    return sounds[:1] + re.sub(r"[aeiouy]", "", sounds[1:])


def initials(given: Iterable[str]) -> frozenset[str]:
    """Return the letters under which somebody's given names may stand, pet names resolved."""
    return frozenset(name[0] for word in given for name in _meant(word))


def folded(text: str) -> str:
    """Return ``text`` in lower case without accents, blanks made single."""
    return " ".join(strip_accents(text).casefold().split())


@lru_cache(maxsize=50_000)
def _name_words(text: str) -> tuple[str, ...]:
    found = _WORDS.findall(folded(text))
    return tuple(word for word in found if word not in _PARTICLES and word not in _TITLES)


@lru_cache(maxsize=50_000)
def _employer_words(text: str) -> tuple[str, ...]:
    found = _WORDS.findall(folded(text))
    return tuple([word for word in found if word not in _LEGAL] or found)


@lru_cache
def _pet_names() -> dict[str, list[str]]:
    """Return pet names and abbreviations, each with the names that it may stand for."""
    with _PET_NAMES.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["stands_for"].split() for row in csv.DictReader(lines)}


def _meant(word: str) -> frozenset[str]:
    return frozenset({word, *_pet_names().get(word, [])})


@lru_cache(maxsize=200_000)
def _same_word(one: str, other: str) -> int:
    if one == other:
        return 100
    if _meant(one) & _meant(other):
        return 96
    if len(one) == 1 or len(other) == 1:
        return 85 if one[0] == other[0] else 0
    ratio = fuzz.ratio(one, other)
    if skeleton(one) == skeleton(other) and ratio >= 70:
        return max(92, round(ratio))
    return round(ratio) if ratio >= ALIKE_WORD else 0


def _given(one: Sequence[str], other: Sequence[str]) -> int:
    """Every name of the shorter must be one of the longer's."""
    short, long = sorted((list(one), list(other)), key=len)
    if not short:
        return 0
    left, total = list(long), 0
    for word in short:
        best = max(left, key=lambda each: _same_word(word, each))
        if not _same_word(word, best):
            return 0
        total += _same_word(word, best)
        left.remove(best)
    score = total // len(short)
    if left:
        score -= 12 if len(short) == 1 and short[0] in _COMMON else 4
    return max(score, 1)


def _family(one: Sequence[str], other: Sequence[str]) -> int:
    """Two family names each must be the same two, in either order; of a lone one it should be the first."""
    if not one or not other:
        return 0
    if len(one) > 1 and len(other) > 1:
        straight = (_same_word(one[0], other[0]), _same_word(one[1], other[1]))
        crossed = (_same_word(one[0], other[1]), _same_word(one[1], other[0]))
        return max(sum(straight) // 2 if all(straight) else 0, sum(crossed) // 2 - 4 if all(crossed) else 0)
    (lone,), several = (one, other) if len(one) == 1 else (other, one)
    if same := _same_word(lone, several[0]):
        return same - (8 if len(several) > 1 else 0)
    same = _same_word(lone, several[1]) if len(several) > 1 else 0
    return same - 16 if same else 0

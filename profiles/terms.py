"""What somebody means by a few words: skills under any of their names, in either language, and words of the profile.

A word is taken for a skill where the taxonomy is certain; whatever is less than certain (a part of a name, a similar
spelling) and whatever was not said but follows (a narrower skill) is marked as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from profiles.services import skills
from profiles.taxonomy.hierarchy import Hierarchy
from profiles.taxonomy.lookup import Match
from profiles.taxonomy.source import Entry, read_taxonomy
from profiles.taxonomy.spellings import FLOOR
from profiles.taxonomy.text import normalize, strip_accents
from profiles.taxonomy.ways import ALIAS, EXACT, NORMALIZED

MOST_WORDS = 12  # the longest names of the taxonomy have ten
MOST_PARTS = 8
_REMEMBERED = 4_096  # every page of a search asks for the same words
_SHORTEST = 3
_LITERAL = {EXACT, ALIAS, NORMALIZED}

# Words that join others and say nothing themselves, without accents.
_ENGLISH_JOINTS = {"a", "and", "at", "for", "in", "of", "on", "or", "the", "to", "with"}
_SPANISH_JOINTS = {"al", "con", "de", "del", "e", "el", "en", "la", "las", "los", "o", "para", "por", "un", "una", "y"}
_JOINTS = _ENGLISH_JOINTS | _SPANISH_JOINTS


class Via(models.TextChoices):
    """Why a skill of somebody answers a search."""

    ASKED = "asked", _("Asked for by code or name")
    NAME = "name", _("Named in the words searched for")
    BROADER = "broader", _("Belongs to the broader skill that was named")
    SPELLING = "spelling", _("Spelled similarly")
    PART = "part", _("Has the word in its name")
    TEXT = "text", _("The words stand in the profile")


@dataclass(frozen=True)
class Term:
    """One thing that a person must show: a skill of ``skills`` (code to ``Via``), or else all ``words`` in the text."""

    skills: Mapping[str, Via]
    words: tuple[str, ...] = ()


@lru_cache(_REMEMBERED)
def understand(text: str) -> tuple[Term, ...]:
    """Return the terms of ``text``, all of which must hold; the longest names of skills are found first.

    A name of a skill stands for the skill and what is narrower, in whichever language it was written; a mention in
    somebody's prose is no claim. Words that name nothing, or not literally, are looked for in the prose too.
    """
    words = text.split()[:MOST_WORDS]
    terms, at = [], 0
    while at < len(words):
        match, length = _longest_name(words[at:])
        if match:
            terms.append(_named(match, words[at : at + length]))
        elif _plain(words[at]) not in _JOINTS:
            terms.append(_loose(words[at]))
        at += length
    if len(terms) < 2 or not any(term.words for term in terms):
        return tuple(terms)
    # Whoever has what the whole text is a misspelling of has all that was meant; what it names outright is only a part.
    outright = {code for term in terms for code, via in term.skills.items() if via == Via.NAME}
    odd = [word for term in terms if Via.NAME not in term.skills.values() for word in term.words]
    near = {code: via for code, via in _similar(" ".join(words), odd).items() if code not in outright}
    return tuple(Term({**near, **term.skills}, term.words) for term in terms)


def _longest_name(words: list[str]) -> tuple[Match | None, int]:
    for length in range(len(words), 0, -1):
        match = skills.names().find(" ".join(words[:length]))
        if match and (match.how in _LITERAL or _one_thing(words[:length], match.code)):
            return match, length
    return None, 1


def _one_thing(words: list[str], code: str) -> bool:
    """ "Mainframe and cloud" asks for two things, whatever the look-up takes the whole for."""
    if _plain(words[0]) in _JOINTS or _plain(words[-1]) in _JOINTS:
        return False
    alone = [skills.names().find(word) for word in words]
    return all(match.code == code for match in alone if match and match.how in _LITERAL)


def _named(match: Match, words: list[str]) -> Term:
    found = {match.code: Via.NAME, **dict.fromkeys(_hierarchy().narrower(match.code), Via.BROADER)}
    telling = [word for word in words if _plain(word) not in _JOINTS]
    return Term(found, () if match.how in _LITERAL else tuple(telling))


@lru_cache(_REMEMBERED)
def _loose(word: str) -> Term:
    form = normalize(word)
    parts = [code for code, words in _words().items() if any(each.startswith(form) for each in words)]
    # A word that many names share points at none of them.
    telling = len(form) >= _SHORTEST and len(parts) <= MOST_PARTS
    return Term({**_similar(word), **dict.fromkeys(parts if telling else (), Via.PART)}, (word,))


def _similar(text: str, odd: Sequence[str] = ()) -> dict[str, Via]:
    """What ``text`` may be a misspelling of: a name that has it as one of its words, spelled well, is no such thing.

    Nor is one that has nothing like the ``odd`` words: "credit risk stands out" is as long as other risks, and no slip.
    """
    return {
        suggestion.code: Via.SPELLING
        for suggestion in skills.names().similar(text)
        if normalize(text) not in normalize(suggestion.name).split()
        and all(_resembles(word, suggestion.name) for word in odd)
    }


def _resembles(word: str, name: str) -> bool:
    form = normalize(word)
    return any(OSA.normalized_similarity(form, each) >= FLOOR for each in normalize(name).split())


def _plain(text: str) -> str:
    return strip_accents(text).lower()


@lru_cache
def _entries() -> dict[str, Entry]:
    return read_taxonomy().by_code()


@lru_cache
def _words() -> dict[str, frozenset[str]]:
    """The words of the names of each skill, without those that mean something else in another spelling."""
    found = {}
    for code, entry in _entries().items():
        as_written = {alias.name for alias in entry.aliases if alias.as_written}
        names = [normalize(name) for name in entry.names if name not in as_written]
        found[code] = frozenset(word for name in names for word in name.split())
    return found


@lru_cache
def _hierarchy() -> Hierarchy:
    return Hierarchy(_entries().values())

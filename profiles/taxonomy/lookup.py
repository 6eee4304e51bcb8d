"""From a piece of text to a skill: certain when the name is known, a suggestion otherwise."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from profiles.taxonomy import fillers
from profiles.taxonomy.forms import AND, LINKING, american, differ_in_number, glued, roots
from profiles.taxonomy.hierarchy import Hierarchy
from profiles.taxonomy.source import Entry, read_ordinary_words
from profiles.taxonomy.text import normalize

EXACT, ALIAS, NORMALIZED, INFLECTED, GLUED, DESCRIBED = (
    "exact",
    "alias",
    "normalized",
    "inflected",
    "glued",
    "described",
)
SUGGESTED = "fuzzy"
CONFIDENCE = {EXACT: 1.0, ALIAS: 0.95, NORMALIZED: 0.9, INFLECTED: 0.85, GLUED: 0.85, DESCRIBED: 0.8}

# Share of letters that two spellings must have in common. One slip in a name of four letters leaves 75 %; "java" and
# "javascript" are at 40 %, "cobit" and "cobol" at 60 %, "c" and "c#" at 50 %.
SUGGESTION_FLOOR = 0.7
MOST_SIMILAR = 0.99  # a suggestion is never as sure as a name
SHORTEST_FOR_SUGGESTIONS = 3
SHORTEST_ALONE = 2
BAG = 37  # letters, digits and one more: signs are counted by their number modulo this
LONGEST_FOR_SUGGESTIONS = 80

LONGEST_DESCRIPTION = 10  # words
_IN_BRACKETS = re.compile(r"([^()]+)\(([^()]+)\)\s*")
_COUNT_OF_YEARS = re.compile(r"\b\d{1,2}\+? (?:anos?|years?)\b")
_X_OF_Y = re.compile(r"(.+?) of (?:the )?(.+)")


@dataclass(frozen=True)
class Match:
    """A skill found for certain: its code, how sure (0..1), and how (one of the keys of ``CONFIDENCE``)."""

    code: str
    confidence: float
    how: str


@dataclass(frozen=True)
class Suggestion:
    """A skill whose spelling is near: its code, the similarity (0..1) and the name that came near."""

    code: str
    similarity: float
    name: str


class Lookup:
    """The names of a taxonomy, ready to be asked. Immutable once built, so one instance serves many threads."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Index ``entries``; raises ``ValueError`` when two of them own the same name."""
        self._preferred: dict[str, str] = {}
        self._aliases: dict[str, str] = {}
        self._normalized: dict[str, str] = {}
        self._spelling: dict[str, tuple[str, str]] = {}
        proper: set[str] = set()
        entries = tuple(entries)
        self._kinds = {entry.code: entry.kind for entry in entries}
        self._hierarchy = Hierarchy(entries)
        self._ordinary = frozenset(normalize(word) for word in read_ordinary_words())
        for entry in entries:
            for name in (entry.code, entry.name_en, entry.name_es):
                self._preferred.setdefault(name, entry.code)
            only_as_written = {alias.name for alias in entry.aliases if alias.as_written}
            for alias in entry.aliases:
                self._aliases.setdefault(alias.name, entry.code)
            for name in entry.names:
                form = normalize(name)
                owner, _ = self._spelling.setdefault(form, (entry.code, name))
                if owner != entry.code:
                    raise ValueError(f"{name!r} belongs to {owner!r} and to {entry.code!r}")
                if name not in only_as_written:
                    self._normalized[form] = entry.code
                if " " not in form and (entry.kind == "technology" or name.isupper()):
                    proper.add(form)
        self._with_brackets = frozenset(normalize(name) for entry in entries for name in entry.names if "(" in name)
        # Products and acronyms are proper names: "reacts" is no React, "CAM" no CAMS. "JCLs" is JCL all the same.
        self._proper = frozenset(proper)
        self._inflected = self._unambiguous(_key)
        self._glued = self._unambiguous(glued)
        # Codes answer too, but never take a form from a name that people write ("c" from C, "r" from R).
        for code in set(self._preferred.values()):
            self._normalized.setdefault(normalize(code), code)
        self._spellings = _Spellings(self._spelling)

    def _unambiguous(self, key: Callable[[str], Hashable]) -> dict[Hashable, str]:
        """Return one name per key, without the keys that lead to two skills."""
        names: dict[Hashable, str] = {}
        shared = set()
        for form, code in self._normalized.items():
            made = key(form)
            if made and self._normalized[names.setdefault(made, form)] != code:
                shared.add(made)
        return {made: form for made, form in names.items() if made and made not in shared}

    def find(self, text: str) -> Match | None:
        """Return the one skill that ``text`` names, or ``None``; spelling mistakes are never resolved here.

        Tried in turn: code or preferred name as written, alias as written, any of them normalized
        (see ``profiles.taxonomy.text.normalize``) unless it counts as written only, another number or gender of the
        same words, words glued or split, and a name wrapped in "experience in …". Language does not matter.
        """
        written = text.strip()
        for how, names in ((EXACT, self._preferred), (ALIAS, self._aliases)):
            if code := names.get(written):
                return Match(code, CONFIDENCE[how], how)
        form = normalize(written)
        if len(form) > LONGEST_FOR_SUGGESTIONS * 2:
            return None
        explained = self._bracketed(written) if form not in self._with_brackets else None
        return explained or self._formed(form, written) or self._described(form, written)

    def _formed(self, form: str, written: str = "") -> Match | None:
        if not form:
            return None
        if code := self._normalized.get(form):
            return Match(code, CONFIDENCE[NORMALIZED], NORMALIZED)
        if name := self._other_number(form, written):
            return Match(self._normalized[name], CONFIDENCE[INFLECTED], INFLECTED)
        if (joined := glued(form)) and (name := self._glued.get(joined)):
            return Match(self._normalized[name], CONFIDENCE[GLUED], GLUED)
        if turned := _X_OF_Y.fullmatch(form):
            return self._formed(f"{turned[2]} {turned[1]}")
        return None

    def _other_number(self, form: str, written: str) -> str | None:
        if written.endswith("s") and written[:-1].isupper() and len(written) > SHORTEST_FOR_SUGGESTIONS:
            singular = normalize(written[:-1])
            return singular if singular in self._normalized else None
        name = self._inflected.get(_key(form))
        if name is None or " " in form or " " in name:
            return name
        if name in self._proper:
            return None
        return name if differ_in_number(form, name) or american(form) == american(name) else None

    def _bracketed(self, written: str) -> Match | None:
        """Resolve ``data quality (DQ)``: what stands in brackets explains the name before them."""
        hit = _IN_BRACKETS.fullmatch(written)
        head = hit and (self._formed(normalize(hit[1]), hit[1].strip()))
        return Match(head.code, CONFIDENCE[DESCRIBED], DESCRIBED) if head else None

    def _described(self, form: str, written: str) -> Match | None:
        """Resolve a name among words that add nothing, or several names of which one includes the others."""
        words = _COUNT_OF_YEARS.sub("", form).split()
        if len(words) > LONGEST_DESCRIPTION:
            return None
        codes, around, pieces, position = set[str](), set[str](), list[str](), 0
        while position < len(words):
            end, named = self._longest(words, position)
            if named is None:
                around.add(words[position])
            else:
                codes.add(named)
                pieces.append(" ".join(words[position:end]))
            position = end
        if not all(word in LINKING or word in fillers.KNOWN or fillers.is_number(word) for word in around):
            return None
        if len(pieces) == 1 and self._needs_more(pieces[0], around):
            return None
        code = self._most_special(codes, "/" in written)
        if code is None or not all(word in LINKING or fillers.may_wear(self._kinds[code], word) for word in around):
            return None
        return Match(code, CONFIDENCE[DESCRIBED], DESCRIBED)

    def _longest(self, words: Sequence[str], first: int) -> tuple[int, str | None]:
        """Return where the longest name that begins at ``first`` ends, and its skill, or the next word and ``None``."""
        for end in range(len(words), first, -1):
            if end == first + 1 and (words[first] in LINKING or words[first] in fillers.KNOWN):
                break
            named = self._formed(" ".join(words[first:end]))
            if named and named.how != GLUED:
                return end, named.code
        return first + 1, None

    def _needs_more(self, name: str, around: set[str]) -> bool:
        """Tell a lone C or R, and "spring 2027", from the language and the framework."""
        if len(name) <= SHORTEST_ALONE:
            return not around & fillers.SAY_LANGUAGE
        return name in self._ordinary and all(fillers.is_number(word) for word in around)

    def _most_special(self, codes: set[str], enumerated: bool) -> str | None:
        """Return the one of ``codes`` that belongs to all the others; an enumeration of several names is no name."""
        if len(codes) > 1 and enumerated:
            return None
        return next((code for code in sorted(codes) if codes - {code} <= self._hierarchy.broader(code).keys()), None)

    def suggest(self, text: str, limit: int = 5) -> list[Suggestion]:
        """Return up to ``limit`` skills with a similar spelling, nearest first, for a person to choose from.

        Similarity is the share of letters left after the insertions, deletions, replacements and swaps of neighbors
        that turn one into the other (optimal string alignment), in the order written or with words sorted. Texts of
        fewer than three signs get no suggestions, since everything short is near everything else, nor do those of more
        than eighty. Never take one silently.
        """
        form = normalize(text)
        if not SHORTEST_FOR_SUGGESTIONS <= len(form) <= LONGEST_FOR_SUGGESTIONS or limit < 1:
            return []
        best: dict[str, tuple[float, str]] = {}
        for name, similarity in self._spellings.near(form):
            code = self._spelling[name][0]
            # People seldom miss the first letter: it decides between two names that are equally far.
            rank = similarity + (0.01 if name[0] == form[0] else 0.0)
            if rank > best.get(code, (0.0, ""))[0]:
                best[code] = (rank, name)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        return [
            Suggestion(code, round(min(rank, MOST_SIMILAR), 4), self._spelling[name][1])
            for code, (rank, name) in ranked[:limit]
        ]


def _key(form: str) -> tuple[str, ...]:
    return tuple(part for part in roots(form) if part != AND)


class _Spellings:
    """Spellings by length and by the letters they are made of, so that only those that can be near are compared."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._ordered = sorted(forms, key=lambda form: (len(form), form))
        self._lengths = [len(form) for form in self._ordered]
        self._sorted_words = [_sorted_words(form) for form in self._ordered]
        self._bags = np.array([_bag(form) for form in self._ordered], np.int16).reshape(len(self._ordered), BAG)

    def near(self, form: str) -> list[tuple[str, float]]:
        """Return the spellings near ``form``, written as they are or with their words sorted, with the similarity."""
        first = bisect_left(self._lengths, len(form) * SUGGESTION_FLOOR)
        last = bisect_right(self._lengths, len(form) / SUGGESTION_FLOOR)
        # An edit changes the counts of at most two letters, whatever the order of the words.
        differing = np.abs(self._bags[first:last] - np.array(_bag(form), np.int16)).sum(axis=1)
        allowed = 2 * (1 - SUGGESTION_FLOOR) * np.maximum(self._lengths[first:last], len(form))
        candidates = (np.flatnonzero(differing <= allowed) + first).tolist()
        best: dict[int, float] = {}
        for query, spellings in ((form, self._ordered), (_sorted_words(form), self._sorted_words)):
            for _, score, place in process.extract(
                query,
                [spellings[index] for index in candidates],
                scorer=OSA.normalized_similarity,
                score_cutoff=SUGGESTION_FLOOR,
                limit=None,
            ):
                best[candidates[place]] = max(score, best.get(candidates[place], 0.0))
        return [(self._ordered[index], score) for index, score in best.items()]


def _bag(form: str) -> list[int]:
    counts = [0] * BAG
    for sign in form:
        counts[ord(sign) % BAG] += 1
    return counts


def _sorted_words(form: str) -> str:
    return " ".join(sorted(form.split()))

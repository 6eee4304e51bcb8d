"""From a piece of text to a skill: certain when the name is known, a suggestion otherwise."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from profiles.taxonomy import fillers
from profiles.taxonomy.bilingual import concepts, mixes_languages
from profiles.taxonomy.forms import AND, LINKING, american, differ_in_number, glued, roots
from profiles.taxonomy.hierarchy import Hierarchy
from profiles.taxonomy.source import Entry, read_ordinary_words
from profiles.taxonomy.text import normalize

EXACT, ALIAS, NORMALIZED, INFLECTED, GLUED, REWORDED, DESCRIBED = (
    "exact",
    "alias",
    "normalized",
    "inflected",
    "glued",
    "reworded",
    "described",
)
SUGGESTED = "fuzzy"
CONFIDENCE = {EXACT: 1.0, ALIAS: 0.95, NORMALIZED: 0.9, INFLECTED: 0.85, GLUED: 0.85, REWORDED: 0.8, DESCRIBED: 0.8}

# Share of letters that two spellings must have in common. One slip in a name of four letters leaves 75 %; "java" and
# "javascript" are at 40 %, "cobit" and "cobol" at 60 %, "c" and "c#" at 50 %.
SUGGESTION_FLOOR = 0.7
MOST_SIMILAR = 0.99  # a suggestion is never as sure as a name
SHORTEST_FOR_SUGGESTIONS = 3
SHORTEST_ALONE = 2
BAG = 37  # letters, digits and one more: signs are counted by their number modulo this
LONGEST_FOR_SUGGESTIONS = 80

LONGEST_DESCRIPTION = 10  # words
SHORTEST_IN_ANY_ORDER = 3  # words: "risk model" is no model risk
_IN_BRACKETS = re.compile(r"([^()]+)\(([^()]+)\)\s*")
_COUNT_OF_YEARS = re.compile(r"\b\d{1,2}\+? (?:anos?|years?)\b")
_ENUMERATES = re.compile(r"[/,;&]|\s(?:and|y|e)\s")
_POINT_VERSION = re.compile(r"\b(v?\d+)(?:\.(?:\d+|[xX]))+\b")
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
        reserved: set[str] = set()
        entries = tuple(entries)
        self._kinds = {entry.code: entry.kind for entry in entries}
        self._hierarchy = Hierarchy(entries)
        self._ordinary = frozenset(normalize(word) for word in read_ordinary_words())
        for entry in entries:
            for name in (entry.code, entry.name_en, entry.name_es):
                self._preferred.setdefault(name, entry.code)
            only_as_written = {alias.name for alias in entry.aliases if alias.as_written}
            reserved |= only_as_written
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
        self._reworded = self._unambiguous(concepts)
        # Codes answer too, but never take a form from a name that people write ("c" from C, "r" from R), nor from one
        # that counts only as written: "safe" is no SAFe.
        for code in set(self._preferred.values()):
            if self._spelling.setdefault(normalize(code), (code, code))[1] in reserved:
                del self._preferred[code]
            else:
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
        if len(form) > LONGEST_FOR_SUGGESTIONS * 2 or (len(form) == 1 and len(written.rstrip(".,;:")) > 1):
            return None
        explained = self._bracketed(written) if form not in self._with_brackets else None
        return explained or self._formed(form, written) or self._spelled_out(form) or self._described(form, written)

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
        if name := self._other_words(form):
            return Match(self._normalized[name], CONFIDENCE[REWORDED], REWORDED)
        return None

    def _other_words(self, form: str) -> str | None:
        """Return the name of the same words in another order, or some of them in the other language."""
        key = concepts(form)
        name = self._reworded.get(key) if key else None
        if name is None:
            return None
        unmistakable = len(key) >= SHORTEST_IN_ANY_ORDER or not self._proper.isdisjoint(form.split())
        return name if unmistakable or mixes_languages(form) else None

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
        if hit is None or head is None:
            return None
        # An acronym with other words behind it may stand for them: "SAR (Saudi riyal)".
        known = hit[2].isupper() or "," in hit[2] or any(fillers.is_number(word) for word in normalize(hit[2]).split())
        if hit[1].strip().isupper() and not known and self._parsed_names(hit[2]) == ():
            return None
        return Match(head.code, CONFIDENCE[DESCRIBED], DESCRIBED)

    def _parsed_names(self, text: str) -> tuple[str, ...]:
        words = normalize(text).split()
        return tuple(word for word in words if word in fillers.KNOWN or self._formed(word)) or (
            (text,) if self._formed(normalize(text)) else ()
        )

    def _spelled_out(self, form: str) -> Match | None:
        """Resolve an acronym behind the words that it stands for: ``cascading style sheets CSS``."""
        words = form.split()
        while len(words) > SHORTEST_IN_ANY_ORDER and words[-1] in fillers.KNOWN:
            words.pop()
        code = self._normalized.get(words[-1]) if words and words[-1] in self._proper else None
        if code is None:
            return None
        told = (words[first:-1] for first in range(max(0, len(words) - SHORTEST_IN_ANY_ORDER)))
        if any(_abbreviates(words[-1], full) for full in told):
            return Match(code, CONFIDENCE[DESCRIBED], DESCRIBED)
        return None

    def _described(self, form: str, written: str) -> Match | None:
        """Resolve a name among words that add nothing, or several names of which one includes the others."""
        words = _COUNT_OF_YEARS.sub("", normalize(_POINT_VERSION.sub(r"\1", written))).split()
        if not words or len(words) > LONGEST_DESCRIPTION:
            return None
        as_written = {normalize(word): code for word in written.split() if (code := self._aliases.get(word))}
        # Few idle words first ("Kafka Streams"), then few names ("Enterprise | COBOL for z/OS").
        return next(
            (
                Match(code, CONFIDENCE[DESCRIBED], DESCRIBED)
                for cost in (_Parse.fewest_idle, _Parse.fewest_names)
                if (parse := self._parse(words, as_written, cost)) and (code := self._meant(parse, written))
            ),
            None,
        )

    def _meant(self, parse: _Parse, written: str) -> str | None:
        if len(parse.names) == 1 and self._needs_more(parse.names[0], written, parse.around):
            return None
        code = self._most_special(set(parse.codes), bool(_ENUMERATES.search(written)))
        if code is None:
            return None
        fits = all(word in LINKING or fillers.may_wear(self._kinds[code], word) for word in parse.around)
        return code if fits else None

    def _parse(
        self, words: Sequence[str], as_written: Mapping[str, str], cost: Callable[[_Parse], tuple[int, int]]
    ) -> _Parse | None:
        """Cover ``words`` by names and by words that add nothing in the cheapest way, or return ``None``."""
        best: list[_Parse | None] = [None] * len(words) + [_Parse()]
        for first in reversed(range(len(words))):
            readings = []
            idle = words[first] in LINKING or words[first] in fillers.KNOWN or fillers.is_number(words[first])
            # "Oracle Delphi" is Delphi; the oracle of Delphi is not.
            idle = idle and not (words[first] in fillers.MAKERS and words[first + 1 : first + 2] in (["of"], ["de"]))
            if idle and (rest := best[first + 1]):
                readings.append(rest.with_word(words[first]))
            for end in range(first + 1, len(words) + 1):
                rest = best[end]
                if rest is None or (end == first + 1 and words[first] in LINKING):
                    continue
                name = " ".join(words[first:end])
                named = self._formed(name)
                code = named.code if named and named.how != GLUED else as_written.get(name)
                if code:
                    readings.append(rest.with_name(name, code))
            best[first] = min(readings, key=cost, default=None)
        return best[0]

    def _needs_more(self, name: str, written: str, around: frozenset[str]) -> bool:
        """Tell a lone C or R, "spring 2027" and "react 3 times" from the language and the framework."""
        if len(name) <= SHORTEST_ALONE:
            return not around & fillers.SAY_LANGUAGE
        if name not in self._ordinary or not all(fillers.is_number(word) for word in around):
            return False
        return not written[:1].isupper() or any(fillers.is_year(word) for word in around)

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


@dataclass(frozen=True)
class _Parse:
    """Names found in a text, their skills, and the words around them."""

    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    around: frozenset[str] = frozenset()
    idle: int = 0

    def with_word(self, word: str) -> _Parse:
        return replace(self, around=self.around | {word}, idle=self.idle + (word not in LINKING))

    def with_name(self, name: str, code: str) -> _Parse:
        return replace(self, names=(name, *self.names), codes=(code, *self.codes))

    def fewest_idle(self) -> tuple[int, int]:
        return self.idle, len(self.names)

    def fewest_names(self) -> tuple[int, int]:
        return len(self.names), self.idle


def _key(form: str) -> tuple[str, ...]:
    return tuple(part for part in roots(form) if part != AND)


class _Spellings:
    """Spellings by length and by the letters they are made of, so that only those that can be near are compared."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._ordered = sorted(forms, key=lambda form: (len(form), form))
        self._lengths = [len(form) for form in self._ordered]
        self._sorted_words = [_sorted_words(form) for form in self._ordered]
        self._sizes = np.array(self._lengths, np.int16)
        # One row per letter: sums over letters then run along the rows.
        bags = np.array([_bag(form) for form in self._ordered], np.int8).reshape(len(self._ordered), BAG)
        self._bags = np.ascontiguousarray(bags.T)

    def near(self, form: str) -> list[tuple[str, float]]:
        """Return the spellings near ``form``, written as they are or with their words sorted, with the similarity."""
        first = bisect_left(self._lengths, len(form) * SUGGESTION_FLOOR)
        last = bisect_right(self._lengths, len(form) / SUGGESTION_FLOOR)
        # An edit changes the counts of at most two letters, whatever the order of the words.
        bag = np.array(_bag(form), np.int8)[:, np.newaxis]
        differing = np.abs(self._bags[:, first:last] - bag).sum(axis=0, dtype=np.int16)
        allowed = 2 * (1 - SUGGESTION_FLOOR) * np.maximum(self._sizes[first:last], len(form))
        candidates = (np.flatnonzero(differing <= allowed) + first).tolist()
        best: dict[int, float] = {}
        orders = [(form, self._ordered), (_sorted_words(form), self._sorted_words)]
        for query, spellings in orders if " " in form else orders[:1]:
            for _, score, place in process.extract(
                query,
                [spellings[index] for index in candidates],
                scorer=OSA.normalized_similarity,
                score_cutoff=SUGGESTION_FLOOR,
                limit=None,
            ):
                best[candidates[place]] = max(score, best.get(candidates[place], 0.0))
        return [(self._ordered[index], score) for index, score in best.items()]


def _abbreviates(acronym: str, words: Sequence[str]) -> bool:
    """Return whether ``acronym`` is made of the initials of ``words``, perhaps with letters from inside them."""
    letters = iter(acronym)
    initials = [word[0] for word in words if word not in LINKING and word not in {"and", "y"}]
    return len(initials) > 1 and initials[0] == acronym[0] and all(initial in letters for initial in initials)


def _bag(form: str) -> list[int]:
    counts = [0] * BAG
    for sign in form:
        counts[ord(sign) % BAG] += 1
    return counts


def _sorted_words(form: str) -> str:
    return " ".join(sorted(form.split()))

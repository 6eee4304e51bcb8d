"""From a piece of text to a skill: certain when the name is known, a suggestion otherwise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from profiles.taxonomy import fillers
from profiles.taxonomy.bilingual import concepts, mixes_languages
from profiles.taxonomy.forms import AND, LINKING, differ_in_number, glued, in_full, root, roots
from profiles.taxonomy.hierarchy import Hierarchy
from profiles.taxonomy.parse import Parse
from profiles.taxonomy.source import Entry, read_also_means, read_ordinary_words, read_words_to_ask_about
from profiles.taxonomy.spellings import Spellings
from profiles.taxonomy.text import normalize
from profiles.taxonomy.ways import (
    ALIAS,
    CONFIDENCE,
    DESCRIBED,
    EXACT,
    GLUED,
    INFLECTED,
    NORMALIZED,
    REWORDED,
)

MOST_SIMILAR = 0.99
OTHER_MEANING = 0.95  # similarity of what a name means, too
A_PART = 0.65  # and of a name that is only a part of the text, at most: less than any spelling that is near
SURE_OF_SUGGESTIONS = 0.75  # a suggestion is never as sure as the least sure way of finding
SHORTEST_FOR_SUGGESTIONS = 3
SHORTEST_ALONE = 2
LONGEST_FOR_SUGGESTIONS = 80

LONGEST_DESCRIPTION = 10  # words
SHORTEST_IN_ANY_ORDER = 3  # words: "risk model" is no model risk
_IN_BRACKETS = re.compile(r"([^()]+)\(([^()]+)\)\s*")
# "Experiencia laboral" says no more than experience; "conciliación laboral" is a matter of courts.
_COUNT_OF_YEARS = re.compile(r"\b\d{1,2}\+? (?:anos?|years?)\b|(?<=\bexperiencia) laboral\b")
# The slash of z/OS, PL/I and AS/400 belongs to the name.
_ENUMERATES = re.compile(r"(?<=\w\w)\s?/\s?(?=[^\W\d]\w)|[,;&]|\s(?:and|y|e|\+)\s")
_POINT_VERSION = re.compile(r"\bv?(\d+)(?:\.(?:\d+|[xX]))+\b")
_X_OF_Y = re.compile(r"(.+?) of (?:the )?(.+)")


@dataclass(frozen=True)
class Match:
    """A skill found for certain: its code, how sure (0..1), and how (one of the keys of ``CONFIDENCE``)."""

    code: str
    confidence: float
    how: str


@dataclass(frozen=True)
class Suggestion:
    """A skill that may be meant: its code, the similarity (0..1) and the name that came near."""

    code: str
    similarity: float
    name: str

    @property
    def confidence(self) -> float:
        """How sure (0..1), comparable with that of a ``Match`` and always below it."""
        return round(SURE_OF_SUGGESTIONS * self.similarity, 4)


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
        self._asked_about = frozenset(normalize(word) for word in read_words_to_ask_about())
        self._also_means = {normalize(name): codes for name, codes in read_also_means().items()}
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
        self._spellings = Spellings(self._spelling)
        # The certificates of a skill, and those of them that begin with a name of it: "ITIL 4 Foundation".
        self._certificates: dict[str, list[str]] = defaultdict(list)
        self._certified = set()
        names = {entry.code: entry.names for entry in entries}
        for entry in entries:
            for code in entry.broader if entry.kind == "certificate" else ():
                self._certified.add(code)
                if any(entry.name_en.startswith(f"{name} ") for name in names.get(code, ())):
                    self._certificates[code].append(entry.code)
        self._roots_of: dict[str, set[str]] = defaultdict(set)
        for form, (code, _) in self._spelling.items():
            self._roots_of[code].update(roots(form))
        joins: dict[frozenset[str], list[str]] = defaultdict(list)
        for entry in entries:
            if entry.kind == "method" and len(entry.broader) > 1:
                joins[frozenset(entry.broader)].append(entry.code)
        # What a method is made of names it: database administration of Oracle is Oracle database administration.
        self._joined = {parts: codes[0] for parts, codes in joins.items() if len(codes) == 1}

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
        same words, words glued or split, and a name wrapped in "experience in …". Language does not matter. A word
        that is to be asked about ("tandem", "phoenix") is taken only as the name is written.
        """
        written = text.strip()
        for how, names in ((EXACT, self._preferred), (ALIAS, self._aliases)):
            if code := names.get(written):
                return Match(code, CONFIDENCE[how], how)
        form = normalize(written)
        if form in self._asked_about:
            return None
        if len(form) > LONGEST_FOR_SUGGESTIONS * 2 or (len(form) == 1 and len(written.rstrip(".,;:")) > 1):
            return None
        if self._adds_up(written):
            return None
        if form in self._spelling and _other_acronym(written, self._spelling[form][1]):
            return None
        explained = self._bracketed(written) if form not in self._with_brackets else None
        formed = explained or self._formed(form, written)
        if formed is not None and formed.how != REWORDED:
            return formed
        # "Risk management projects" is risk management; only turned round would it be project risk management.
        return self._spelled_out(form) or self._described(form, written) or formed

    def _adds_up(self, written: str) -> bool:
        """Tell ``React + TypeScript``, two skills, from a name that has a plus."""
        parts = [self._formed(normalize(part)) for part in written.split(" + ")] if " + " in written else []
        return len({part.code for part in parts if part}) > 1

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
        if name is None or self._loses_a_name(form, name):
            return None
        unmistakable = len(key) >= SHORTEST_IN_ANY_ORDER or not self._proper.isdisjoint(form.split())
        return name if unmistakable or mixes_languages(form) else None

    def _other_number(self, form: str, written: str) -> str | None:
        if written.endswith("s") and written[:-1].isupper() and len(written) > SHORTEST_FOR_SUGGESTIONS:
            singular = normalize(written[:-1])
            return singular if singular in self._normalized else None
        name = self._inflected.get(_key(form))
        if name is None or " " in form or " " in name:
            return None if name and self._loses_a_name(form, name) else name
        if name in self._proper:
            return None
        return name if differ_in_number(form, name) or in_full(form) == in_full(name) else None

    def _loses_a_name(self, form: str, name: str) -> bool:
        """Tell Stata from state: a product or an acronym in ``form`` must stand in ``name`` as it is."""
        kept = {*name.split(), *LINKING}
        proper = (word for word in form.split() if word in self._proper)
        return any(kept.isdisjoint({word, f"{word}s", word.removesuffix("s")}) for word in proper)

    def _bracketed(self, written: str) -> Match | None:
        """Resolve ``data quality (DQ)``: what stands in brackets explains the name before them."""
        hit = _IN_BRACKETS.fullmatch(written)
        if hit is None:
            return None
        head = self._formed(normalize(hit[1]), hit[1].strip()) or self._described(normalize(hit[1]), hit[1].strip())
        if head is None:
            # An acronym of its own with the name behind it: "ROI (reporte de operaciones inusuales)".
            full = (
                self._formed(normalize(hit[2])) if _abbreviates(normalize(hit[1]), normalize(hit[2]).split()) else None
            )
            return Match(full.code, CONFIDENCE[DESCRIBED], DESCRIBED) if full else None
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
        # "Search and rescue SAR" has the initials of another skill, but none of its words.
        known = self._roots_of[code]
        if any(_abbreviates(words[-1], full) and not known.isdisjoint(map(root, _telling(full))) for full in told):
            return Match(code, CONFIDENCE[DESCRIBED], DESCRIBED)
        return None

    def _described(self, form: str, written: str) -> Match | None:
        """Resolve a name among words that add nothing, or several names of which one includes the others."""
        words = _COUNT_OF_YEARS.sub("", normalize(_POINT_VERSION.sub(r"v\1", written))).split()
        if not words or len(words) > LONGEST_DESCRIPTION:
            return None
        as_written = {normalize(word): code for word in written.split() if (code := self._aliases.get(word))}
        # Few idle words first ("Kafka Streams"), then few names ("Enterprise | COBOL for z/OS").
        whole = self._parse(words, as_written, Parse.fewest_idle)
        code = self._meant(whole, written) if whole else None
        if whole and code is None:
            rest = self._parse(words, as_written, Parse.fewest_names)
            code = self._meant(rest, written) if rest else None
            # A name of several words is never idle: a "business analyst banking" is no banker.
            if code and rest and any(" " in name for name in set(whole.names).difference(rest.names)):
                code = None
        return Match(code, CONFIDENCE[DESCRIBED], DESCRIBED) if code else None

    def _meant(self, parse: Parse, written: str) -> str | None:
        if len(parse.names) == 1 and self._needs_more(parse.names[0], written, parse.around):
            return None
        code = self._most_special(set(parse.codes), bool(_ENUMERATES.search(written)))
        if code is None:
            return None
        if self._kinds[code] != "certificate" and parse.around & fillers.SAY_CERTIFICATE:
            # "Terraform certified" is the certificate if there is one; which of two it is, nobody can tell.
            certificates = self._certificates.get(code, ())
            if len(certificates) != 1 and code in self._certified:
                return None
            code = next(iter(certificates), code)
        fits = all(
            word in LINKING
            or word in fillers.SAY_CERTIFICATE
            or fillers.may_wear(self._kinds[code], word)
            or (fillers.is_number(word) and not parse.around.isdisjoint(fillers.SAY_RANK))
            for word in parse.around
        )
        return code if fits else None

    def _parse(
        self, words: Sequence[str], as_written: Mapping[str, str], cost: Callable[[Parse], tuple[int, ...]]
    ) -> Parse | None:
        """Cover ``words`` by names and by words that add nothing in the cheapest way, or return ``None``."""
        best: list[Parse | None] = [None] * len(words) + [Parse()]
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
                    # A name as it is written comes before one whose words are turned round.
                    readings.append(rest.with_name(name, code, named.how if named else ALIAS))
            best[first] = min(readings, key=cost, default=None)
        return best[0]

    def _needs_more(self, name: str, written: str, around: frozenset[str]) -> bool:
        """Tell a lone C or R, "spring 2027", "visa process" and "the express" from the language and the product."""
        if len(name) <= SHORTEST_ALONE:
            return not around & fillers.SAY_LANGUAGE
        if name not in self._ordinary:
            return False
        if not all(fillers.is_number(word) for word in around):
            return around.isdisjoint(fillers.SAY_PRODUCT)
        return not written[:1].isupper() or any(fillers.is_year(word) for word in around)

    def _most_special(self, codes: set[str], enumerated: bool) -> str | None:
        """Return the one of ``codes`` that belongs to all the others; an enumeration of several names is no name."""
        if len(codes) > 1 and enumerated:
            return None
        if len(codes) > 1 and (joined := self._joined.get(frozenset(codes))):
            return joined
        return next((code for code in sorted(codes) if codes - {code} <= self._hierarchy.broader(code).keys()), None)

    def suggest(self, text: str, limit: int = 5) -> list[Suggestion]:
        """Return up to ``limit`` skills that ``text`` may mean, nearest first, for a person to choose from.

        First what a name means as well (``also_means.csv``: "MDM" is a kind of device management, too), then similar
        spellings (see ``similar``), then skills whose names are a part of the text. Never take one silently.
        """
        if limit < 1:
            return []
        form = normalize(text)
        found = {code: Suggestion(code, OTHER_MEANING, text.strip()) for code in self._also_means.get(form, ())}
        if form in self._asked_about and form in self._spelling:
            code, name = self._spelling[form]
            found.setdefault(code, Suggestion(code, OTHER_MEANING, name))
        for near in self.similar(text, limit):
            found.setdefault(near.code, near)
        if len(found) < limit:
            for part in self._parts(form):
                found.setdefault(part.code, part)
        return sorted(found.values(), key=lambda each: -each.similarity)[:limit]

    def similar(self, text: str, limit: int = 5) -> list[Suggestion]:
        """Return up to ``limit`` skills with a similar spelling, nearest first.

        Similarity is the share of letters left after the insertions, deletions, replacements and swaps of neighbors
        that turn one into the other (optimal string alignment), in the order written or with words sorted. Texts of
        fewer than three signs get no suggestions, since everything short is near everything else, nor do those of more
        than eighty.
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

    def _parts(self, form: str) -> list[Suggestion]:
        """Return the skills whose names stand inside ``form``, those that cover more of it first."""
        words = form.split()
        if not 1 < len(words) <= LONGEST_DESCRIPTION:
            return []
        found: dict[str, Suggestion] = {}
        for length in range(len(words) - 1, 0, -1):
            for first in range(len(words) - length + 1):
                name = " ".join(words[first : first + length])
                match = self._formed(name) if len(name) >= SHORTEST_FOR_SUGGESTIONS else None
                if match and name not in self._ordinary:
                    share = A_PART * len(name) / len(form)
                    found.setdefault(match.code, Suggestion(match.code, round(share, 4), self._spelling_of(name)))
        return list(found.values())

    def _spelling_of(self, form: str) -> str:
        return self._spelling[form][1] if form in self._spelling else form


def _key(form: str) -> tuple[str, ...]:
    return tuple(part for part in roots(form) if part != AND)


def _other_acronym(written: str, name: str) -> bool:
    """Tell SARS, the illness, from SARs, the reports."""
    return written.isupper() and name.endswith("s") and name[:-1].isupper() and written[:-1] == name[:-1]


def _telling(words: Iterable[str]) -> list[str]:
    """Return the words that are not there to join others."""
    return [word for word in words if word not in LINKING and root(word) != AND]


def _abbreviates(acronym: str, words: Sequence[str]) -> bool:
    """Return whether ``acronym`` is made of the initials of ``words``, perhaps with letters from inside them."""
    letters = iter(acronym)
    initials = [word[0] for word in _telling(words)]
    return len(initials) > 1 and initials[0] == acronym[0] and all(initial in letters for initial in initials)

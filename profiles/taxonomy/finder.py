"""Skills inside a free text in English or Spanish: the longest known name at each place, in one pass.

The names form a tree over stems of words, as in the string matching of Aho and Corasick (1975), Communications of the
ACM 18(6), 333-340, walked word by word instead of sign by sign: a name never begins or ends inside a word.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from profiles.taxonomy.everyday import means_something_else
from profiles.taxonomy.forms import LINKING, differ_in_number, root, roots
from profiles.taxonomy.source import Entry, read_ordinary_words
from profiles.taxonomy.text import Word, normalize, words
from profiles.taxonomy.ways import ALIAS, CONFIDENCE, EXACT, INFLECTED, NORMALIZED

CONTEXT = "context"
CONTEXT_CONFIDENCE = 0.7
LONGEST_IN_CAPITALS = 4
LONGEST_WALK = 16  # words from the first of a name to the last, with the linking words between them

# A name may run across spaces, hyphens, dots inside a word, and one line break; a slash or colon only if it has one.
_TIGHT = re.compile(r"[ \t\u00a0\u200e\u200f_.&'’´`-]*(?:\r?\n)?[ \t\u00a0]*")
_SIGNS_INSIDE = frozenset({",", "/", ":"})
_SENTENCE_ENDS = re.compile(r"[.!?:;]\s|\n|^\s*$")
_ITEM_BEGINS = re.compile(r"(?:^|\n)[ \t]*(?:[-*•·▪◦>+✅✔➕]+|\d{1,2}[.)])[ \t]*$")
_ITEM_ENDS = re.compile(r"[ \t]*(?:$|[\r\n]|[(,:;/–—-])")
_BETWEEN_LISTED = re.compile(
    r"(?:\s(?:expert[oa]?|avanzad[oa]|intermedi[oa]|b[aá]sic[oa]|advanced|intermediate|basic|s[oó]lid[oa]?))?"
    r"\s*(?:[,/;|•·+]|\n\s*[-*•·–]?|,?\s(?:and|or|y|e|o|u)\s|&|\s\(?(?:not|no|nor|ni)\s|,?\s(?:rather than|instead of"
    r"|over|as well as|en lugar de|en vez de|m[aá]s que|as[ií] como)\s)\s*(?:(?:and|or|y|e|o)\s)?",
    re.I,
)
_YEARS_BEHIND = re.compile(r"\s*[(,:]?\s*\d{1,2}\s*(?:\+|-\s*\d{1,2})?\s*(?:o m[aá]s\s)?(?:years|yrs|a[nñ]os)\b", re.I)

# Words beside which even an ordinary word is meant as the name of a technology.
_CUES_BEFORE = frozenset(
    normalize(
        "experience experiencia knowledge conocimiento conocimientos skills expertise proficiency proficient"
        " familiarity using usando manejo dominio programming programacion development desarrollo desarrollador"
        " desarrolladora desarrolladores programador programadora programadores lenguaje lenguajes language languages"
        " framework frameworks stack ingeniero ingenieros written coding background senior junior backend frontend"
    ).split()
)
_CUES_BEHIND = frozenset(
    normalize(
        "dev devs developer developers engineer engineers programmer programmers language programming development"
        " framework"
        " scripts scripting code codebase microservices backend frontend experience skills knowledge required optional"
        " preferred desirable mandatory certification dashboards reports deseable opcional indispensable"
    ).split()
)
# A Spanish title says the role first, so that a name with the role may end before the name that is meant.
_ROLES = frozenset(
    normalize(
        "analista analistas arquitecto arquitecta arquitectos administrador administradora administradores consultor"
        " consultora consultores desarrollador desarrolladora desarrolladores especialista especialistas gerente"
        " ingeniero ingeniera ingenieros lider lideres programador programadora programadores experto experta expertos"
    ).split()
)
_JUDGED = re.compile(
    r"\s+(?:(?:tambi[eé]n|also)\s+(?:se\s+acept|vale|cuenta|sirve|works|counts|is\s+(?:fine|ok|accepted))"
    r"|(?:would be|will be|is|are|seria|ser[ií]a|es|ser[aá])\s+(?:a\s+|an\s+|un\s+|una\s+|highly\s+|muy\s+)?"
    r"(?:nice|great|good|plus|bonus|asset|must|required|needed|preferred|desirable|desired|welcome|optional|mandatory"
    r"|essential|deseable|indispensable|obligatori[oa]|necesari[oa]|opcional|ideal|bueno|ventaja)\b)",
    re.I,
)
_SEASON_BEFORE = frozenset({"in", "this", "next", "early", "late", "by", "during", "last", "since", "mid", "the"})


@dataclass(frozen=True)
class Found:
    """A skill at ``text[start:end]``; ``how`` is as in the look-up, or ``context`` where only the words around tell."""

    code: str
    start: int
    end: int
    how: str
    confidence: float


@dataclass(frozen=True)
class _Name:
    code: str
    written: str
    form: str
    preferred: bool
    proper: bool
    as_written: bool


@dataclass
class _Node:
    following: dict[str, _Node] = field(default_factory=dict)
    names: list[_Name] = field(default_factory=list)


@dataclass(frozen=True)
class _Hit:
    name: _Name
    first: int
    last: int
    start: int
    end: int
    how: str
    sure: bool


class Finder:
    """The names of a taxonomy as a tree. Immutable once built, so one instance serves many threads."""

    def __init__(self, entries: Iterable[Entry], ordinary: Iterable[str] | None = None) -> None:
        """Index ``entries``; ``ordinary`` are names that are everyday words too (default: ``ordinary_words.csv``)."""
        self._ordinary = frozenset(
            normalize(word) for word in (read_ordinary_words() if ordinary is None else ordinary)
        )
        self._top = _Node()
        for entry in entries:
            kept = [(entry.name_en, True, False), (entry.name_es, True, False)]
            kept += [(alias.name, False, alias.as_written) for alias in entry.aliases if not alias.alone]
            for written, preferred, as_written in kept:
                form = normalize(written)
                proper = " " not in form and (entry.kind == "technology" or written.isupper())
                self._add(_Name(entry.code, written, form, preferred, proper, as_written))

    def _add(self, name: _Name) -> None:
        node = self._top
        for step in roots(name.form):
            node = node.following.setdefault(step, _Node())
        node.names.append(name)

    def find_all(self, text: str) -> list[Found]:
        """Return every skill named in ``text``, in order, without overlaps; the longest name wins.

        Acronyms of up to four letters must be in capitals, and names that are everyday words too (Go, R, Spring,
        Excel) must be written as names or stand beside other technologies or words such as "developer".
        """
        tokens = words(text)
        hits = self._hits(text, tokens)
        taken = {number for number, hit in enumerate(hits) if hit.sure or self._told_by_context(text, tokens, hit)}
        waiting = [number for number in range(len(hits)) if number not in taken]
        # Forward and back: in "Java, Spring and Go" the second vouches for the third, in "Go, Spring, Java" it waits.
        for number in (*waiting, *reversed(waiting)):
            if number not in taken and _listed(text, hits, number, taken):
                taken.add(number)
        return [
            Found(
                hit.name.code,
                hit.start,
                hit.end,
                hit.how if hit.sure else CONTEXT,
                CONFIDENCE[hit.how] if hit.sure else CONTEXT_CONFIDENCE,
            )
            for number, hit in enumerate(hits)
            if number in taken
        ]

    def _hits(self, text: str, tokens: Sequence[Word]) -> list[_Hit]:
        hits = []
        position = 0
        while position < len(tokens):
            hit = self._longest(text, tokens, position)
            if hit is not None and tokens[position].form in _ROLES:
                hit = self._beyond(text, tokens, hit) or hit
            if hit is None and "/" in tokens[position].form:
                hits += self._around_slashes(text, tokens, position)
            if hit is not None:
                hits.append(hit)
                position = hit.last
            position += 1
        return hits

    def _longest(self, text: str, tokens: Sequence[Word], first: int) -> _Hit | None:
        if tokens[first].form in LINKING and tokens[first].form not in self._top.following:
            return None
        node, best, signs = self._top, None, ""
        for position in range(first, min(first + LONGEST_WALK, len(tokens))):
            if position > first:
                gap = text[tokens[position - 1].end : tokens[position].start]
                if "\n" in gap and text.startswith(":", tokens[position].end):
                    break  # the next line is a label: "Python" and, below it, "Languages: …"
                if (
                    gap.startswith(". ")
                    and text[tokens[position].start].isupper()
                    and len(tokens[position - 1].form) > 2
                ):
                    break  # a sentence ends: "We do not use Jenkins. CI runs elsewhere."
                if not _TIGHT.fullmatch(gap):
                    if gap.strip() not in _SIGNS_INSIDE:
                        break
                    signs += gap.strip()
            following = node.following.get(root(tokens[position].form))
            if following is None:
                if position > first and tokens[position].form in LINKING:
                    continue
                break
            node = following
            best = self._named(text, tokens, first, position, node.names, signs) or best
        return best

    def _beyond(self, text: str, tokens: Sequence[Word], hit: _Hit) -> _Hit | None:
        """Return the name that begins inside ``hit`` and ends behind it: "ingeniero de [IA generativa]"."""
        for first in range(hit.first + 1, hit.last + 1):
            other = self._longest(text, tokens, first)
            if other is not None and other.last > hit.last:
                return other
        return None

    def _named(
        self, text: str, tokens: Sequence[Word], first: int, last: int, names: Sequence[_Name], signs: str
    ) -> _Hit | None:
        start, end = tokens[first].start, tokens[last].end
        written = text[start:end]
        form = " ".join(token.form for token in tokens[first : last + 1])
        best: _Hit | None = None
        if names and means_something_else(text, start, end, form):
            return None
        for name in names:
            if any(sign not in name.written for sign in signs):
                continue
            how = _how(name, written, form)
            if how is None or (best is not None and CONFIDENCE[best.how] >= CONFIDENCE[how]):
                continue
            best = _Hit(name, first, last, start, end, how, self._is_sure(name, written))
        return best

    def _around_slashes(self, text: str, tokens: Sequence[Word], position: int) -> list[_Hit]:
        """Return the names within a word such as ``C/C++`` that is no name as a whole."""
        whole = tokens[position]
        if len(text[whole.start : whole.end]) != len(whole.form):
            return []
        hits, at = [], whole.start
        for piece in whole.form.split("/"):
            node = self._top.following.get(root(piece))
            part = [Word(piece, at, at + len(piece))]
            hit = self._named(text, part, 0, 0, node.names, "") if node else None
            if hit:
                hits.append(_Hit(hit.name, position, position, hit.start, hit.end, hit.how, hit.sure))
            at += len(piece) + 1
        return hits

    def _is_sure(self, name: _Name, written: str) -> bool:
        if name.form in self._ordinary:
            return False
        acronym = name.written.isupper() and len(name.written) <= LONGEST_IN_CAPITALS
        return not acronym or written.rstrip("s").isupper()

    def _told_by_context(self, text: str, tokens: Sequence[Word], hit: _Hit) -> bool:
        if _beside_cue(text, tokens, hit) or _is_item(text, hit):
            return True
        if len(hit.name.form) > 2 and _YEARS_BEHIND.match(text, hit.end):
            return True
        if len(hit.name.form) <= 2 or hit.name.form not in self._ordinary:
            return False
        if text[hit.start].isupper() and _JUDGED.match(text, hit.end):
            return not _season(tokens, hit)
        # An everyday word counts where it is capitalized though no sentence begins there: "built with React".
        written = text[hit.start : hit.end]
        before = text[max(0, hit.start - 3) : hit.start]
        begins = hit.start == 0 or bool(_SENTENCE_ENDS.search(before)) or not before.strip(' \t-*•·"“(')
        return written[0].isupper() and not begins and not _season(tokens, hit)


def _how(name: _Name, written: str, form: str) -> str | None:
    """Return how ``written`` is ``name``, or ``None`` if it is not after all."""
    if written == name.written:
        return EXACT if name.preferred else ALIAS
    if name.as_written:
        return None
    if form == name.form:
        return NORMALIZED
    if " " not in form and " " not in name.form:
        plural_acronym = name.written.isupper() and written == f"{name.written}s"
        if not plural_acronym and (name.proper or not differ_in_number(form, name.form)):
            return None
    return INFLECTED


def _beside_cue(text: str, tokens: Sequence[Word], hit: _Hit) -> bool:
    before = hit.first - 1
    while before >= 0 and tokens[before].form in LINKING | {"with", "con", "using"}:
        before -= 1
    if before >= 0 and tokens[before].form in _CUES_BEFORE and _TIGHT.fullmatch(_gap(text, tokens, before)):
        return not _compound(text, hit)
    behind = hit.last + 1
    return (
        behind < len(tokens)
        and tokens[behind].form in _CUES_BEHIND
        and not text[hit.end : tokens[behind].start].strip()
    )


def _is_item(text: str, hit: _Hit) -> bool:
    """Tell a name that is an item of a list, or begins one and is explained: ``• React``, ``- Spring (5 years)``."""
    if not text[hit.start].isupper() or not _ITEM_BEGINS.search(text, max(0, hit.start - 12), hit.start):
        return False
    behind = text[hit.end : hit.end + 3]
    return _ITEM_ENDS.match(behind) is not None if len(hit.name.form) > 2 else not behind.strip(" \t\r")[:1].strip()


def _gap(text: str, tokens: Sequence[Word], position: int) -> str:
    return text[tokens[position].end : tokens[position + 1].start]


def _compound(text: str, hit: _Hit) -> bool:
    """Tell ``C-level`` and ``go-to-market`` from the language."""
    return bool(re.match(r"-\w", text[hit.end : hit.end + 2])) or bool(
        re.match(r"\w-$", text[hit.start - 2 : hit.start])
    )


def _listed(text: str, hits: Sequence[_Hit], number: int, taken: Container[int]) -> bool:
    """Return whether a skill that was taken stands beside this one in an enumeration."""
    hit = hits[number]
    if _compound(text, hit) or _lower_letter(text, hit):
        return False
    for other in (number - 1, number + 1):
        if other in taken:
            left, right = sorted((hit, hits[other]), key=lambda each: each.start)
            if _BETWEEN_LISTED.fullmatch(text[left.end : right.start]):
                return True
    return False


def _lower_letter(text: str, hit: _Hit) -> bool:
    """Tell the article or conjunction from the language of one letter: nobody writes ``c`` in a list of skills."""
    return len(hit.name.form) == 1 and text[hit.start : hit.end].islower()


def _season(tokens: Sequence[Word], hit: _Hit) -> bool:
    behind = tokens[hit.last + 1].form if hit.last + 1 < len(tokens) else ""
    before = tokens[hit.first - 1].form if hit.first else ""
    return hit.name.form == "spring" and ((behind.isdigit() and len(behind) == 4) or before in _SEASON_BEFORE)

"""From a piece of text to a skill: certain when the name is known, a suggestion otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from profiles.taxonomy.source import Entry
from profiles.taxonomy.text import normalize

EXACT, ALIAS, NORMALIZED = "exact", "alias", "normalized"
CONFIDENCE = {EXACT: 1.0, ALIAS: 0.95, NORMALIZED: 0.9}

# Below this similarity a neighbor in spelling is usually another thing: "java" and "javascript" are at 57,
# "cobit" and "cobol" at 60, "c" and "c#" at 67.
SUGGESTION_FLOOR = 70.0
SHORTEST_FOR_SUGGESTIONS = 3


@dataclass(frozen=True)
class Match:
    """A skill found for certain: its code, how sure (0..1), and how (``exact``, ``alias`` or ``normalized``)."""

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
        # Codes answer too, but never take a form from a name that people write ("c" from C, "r" from R).
        for code in set(self._preferred.values()):
            self._normalized.setdefault(normalize(code), code)
        self._forms = tuple(self._spelling)

    def find(self, text: str) -> Match | None:
        """Return the one skill that ``text`` names, or ``None``; spelling mistakes are never resolved here.

        Tried in turn: code or preferred name as written, alias as written, any of them normalized
        (see ``profiles.taxonomy.text.normalize``) unless it counts as written only. Language does not matter.
        """
        written = text.strip()
        for how, names in ((EXACT, self._preferred), (ALIAS, self._aliases)):
            if code := names.get(written):
                return Match(code, CONFIDENCE[how], how)
        form = normalize(written)
        if form and (code := self._normalized.get(form)):
            return Match(code, CONFIDENCE[NORMALIZED], NORMALIZED)
        return None

    def suggest(self, text: str, limit: int = 5) -> list[Suggestion]:
        """Return up to ``limit`` skills with a similar spelling, nearest first, for a person to choose from.

        Similarity is the better of the edit ratio in the order written and with words sorted; texts of fewer than three
        signs get no suggestions, since everything short is near everything else. Never take one silently.
        """
        form = normalize(text)
        if len(form) < SHORTEST_FOR_SUGGESTIONS or limit < 1:
            return []
        best: dict[str, tuple[float, str]] = {}
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
            for near, score, _ in process.extract(
                form, self._forms, scorer=scorer, processor=None, score_cutoff=SUGGESTION_FLOOR, limit=None
            ):
                code, _name = self._spelling[near]
                if score > best.get(code, (0.0, ""))[0]:
                    best[code] = (score, near)
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        return [
            Suggestion(code, round(score / 100, 4), self._spelling[near][1]) for code, (score, near) in ranked[:limit]
        ]

"""A text read as names of skills among words that add nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from profiles.taxonomy import fillers
from profiles.taxonomy.forms import LINKING
from profiles.taxonomy.ways import INFLECTED, REWORDED


@dataclass(frozen=True)
class Parse:
    """Names found in a text, their skills, and the words around them."""

    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    around: frozenset[str] = frozenset()
    idle: int = 0
    changed: int = 0
    letters: int = 0

    def with_word(self, word: str) -> Parse:
        idle = 0 if word in LINKING else fillers.weight(word)
        return replace(self, around=self.around | {word}, idle=self.idle + idle)

    def with_name(self, name: str, code: str, how: str) -> Parse:
        return replace(
            self,
            names=(name, *self.names),
            codes=(code, *self.codes),
            idle=self.idle + 2 * (how == REWORDED),
            changed=self.changed + (how == INFLECTED),
            letters=self.letters + len(name),
        )

    def fewest_idle(self) -> tuple[int, ...]:
        # A second name costs no less than a word that says nothing.
        return self.idle + max(0, len(self.names) - 1), len(self.names), self.changed, -self.letters

    def fewest_names(self) -> tuple[int, ...]:
        return len(self.names), self.idle, self.changed, -self.letters

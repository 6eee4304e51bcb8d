"""What is more general and what is more special than a skill, however many steps away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from profiles.taxonomy.source import Entry


class Hierarchy:
    """The broader links of a taxonomy, closed in both directions. Immutable once built."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        above: dict[str, tuple[str, ...]] = {entry.code: entry.broader for entry in entries}
        below: dict[str, list[str]] = defaultdict(list)
        for code, targets in above.items():
            for target in targets:
                below[target].append(code)
        self._above: Mapping[str, tuple[str, ...]] = above
        self._below: Mapping[str, list[str]] = dict(below)

    def broader(self, code: str) -> dict[str, int]:
        """Return every skill that ``code`` belongs to and how many steps up it is; a code nobody knows has none."""
        return _closure(self._above, code)

    def narrower(self, code: str) -> dict[str, int]:
        """Return every skill that belongs to ``code`` and how many steps down it is: "mainframe" leads to COBOL."""
        return _closure(self._below, code)


def _closure(links: Mapping[str, Iterable[str]], start: str) -> dict[str, int]:
    reached: dict[str, int] = {}
    front, steps = [start], 0
    while front:
        steps += 1
        front = [
            target
            for target in dict.fromkeys(t for code in front for t in links.get(code, ()))
            if target not in reached
        ]
        reached |= {target: steps for target in front if target != start}
    return reached

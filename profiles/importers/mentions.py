"""Skills that sentences name: of a functional résumé there is nothing else to read them from."""

from __future__ import annotations

from functools import lru_cache

from profiles.taxonomy import source
from profiles.taxonomy.finder import Finder

_MOST_CHARACTERS = 2_000


@lru_cache
def _finder() -> Finder:
    """Read from the files beside the taxonomy: the process that reads a résumé knows no database."""
    return Finder(source.read_taxonomy().entries)


def written(text: str) -> list[str]:
    """Return the names of skills in a sentence, as written, each once and in order; only what is certain."""
    found = _finder().find_all(text[:_MOST_CHARACTERS])
    return list(dict.fromkeys(text[each.start : each.end] for each in found))

"""Which known spellings are near a text: compared are only those whose letters and length allow it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

# Share of letters that two spellings must have in common. One slip in a name of four letters leaves 75 %; "java" and
# "javascript" are at 40 %, "cobit" and "cobol" at 60 %, "c" and "c#" at 50 %.
FLOOR = 0.7
BAG = 37  # letters, digits and one more: signs are counted by their number modulo this


class Spellings:
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
        first = bisect_left(self._lengths, len(form) * FLOOR)
        last = bisect_right(self._lengths, len(form) / FLOOR)
        # An edit changes the counts of at most two letters, whatever the order of the words.
        bag = np.array(_bag(form), np.int8)[:, np.newaxis]
        differing = np.abs(self._bags[:, first:last] - bag).sum(axis=0, dtype=np.int16)
        allowed = 2 * (1 - FLOOR) * np.maximum(self._sizes[first:last], len(form))
        candidates = (np.flatnonzero(differing <= allowed) + first).tolist()
        best: dict[int, float] = {}
        orders = [(form, self._ordered), (_sorted_words(form), self._sorted_words)]
        for query, spellings in orders if " " in form else orders[:1]:
            for _, score, place in process.extract(
                query,
                [spellings[index] for index in candidates],
                scorer=OSA.normalized_similarity,
                score_cutoff=FLOOR,
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

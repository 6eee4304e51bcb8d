"""Drawing from distributions, whole columns at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rng = np.random.Generator


def choose(rng: Rng, weights: ArrayLike, size: int) -> NDArray[np.int32]:
    """Return ``size`` positions in ``weights``, each drawn with a probability proportional to its weight."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn: NDArray[np.int64] = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    return np.minimum(drawn, len(cumulative) - 1).astype(np.int32)


def pick(rng: Rng, values: Sequence[int], weights: ArrayLike, size: int) -> NDArray[np.int32]:
    """Return ``size`` of ``values``, each drawn with a probability proportional to its weight."""
    chosen: NDArray[np.int32] = np.asarray(values, dtype=np.int32)[choose(rng, weights, size)]
    return chosen


def chance(rng: Rng, probability: ArrayLike, size: int) -> NDArray[np.bool_]:
    """Return ``size`` flags, each set with its probability (one for all, or one each)."""
    return np.asarray(rng.random(size) < np.asarray(probability))


def banded(score: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.uint8]:
    """Cut people into bands of exact ``shares`` (they sum to 1) by ``score``: band 0 the lowest scores, and so on.

    A drawn proportion would miss a scarce band by chance in a small market; a cut by rank does not.
    """
    order = np.argsort(score, kind="stable")
    edges = np.round(np.cumsum(shares)[:-1] * len(score)).astype(np.int64)
    bands = np.empty(len(score), dtype=np.uint8)
    bands[order] = np.searchsorted(edges, np.arange(len(score)), side="right").astype(np.uint8)
    return bands


def zipf_weights(count: int) -> NDArray[np.float64]:
    """Return weights 1, 1/2, 1/3 … for ``count`` ranks (Zipf's law with exponent 1)."""
    return 1.0 / np.arange(1, count + 1, dtype=np.float64)

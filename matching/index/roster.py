"""Ids of many people without an object for each: two halves of a UUID per row."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

HALF = 1 << 64


class Roster(Sequence[uuid.UUID]):
    """``people[row]``, made when asked for."""

    def __init__(self, high: NDArray[np.uint64], low: NDArray[np.uint64]) -> None:
        self._high, self._low = high, low

    @classmethod
    def of(cls, data: bytes) -> Roster:
        """Return the roster that ``to_bytes`` wrote. Raises ValueError for bytes that are no whole ids."""
        halves = np.frombuffer(data, ">u8").reshape(-1, 2).astype(np.uint64)
        return cls(halves[:, 0], halves[:, 1])

    def __len__(self) -> int:
        return len(self._high)

    @overload
    def __getitem__(self, row: int) -> uuid.UUID: ...
    @overload
    def __getitem__(self, row: slice) -> Roster: ...
    def __getitem__(self, row: int | slice) -> uuid.UUID | Roster:
        if isinstance(row, slice):
            return Roster(self._high[row], self._low[row])
        return uuid.UUID(int=int(self._high[row]) * HALF + int(self._low[row]))

    def at(self, rows: NDArray[np.integer]) -> Roster:
        """Return the roster of these rows."""
        return Roster(self._high[rows], self._low[rows])

    def with_ids(self, other: Roster) -> Roster:
        """Return these ids, then those of ``other``."""
        return Roster(np.concatenate([self._high, other._high]), np.concatenate([self._low, other._low]))

    def ascending(self) -> NDArray[np.intp]:
        """Return the rows in the order of their ids."""
        return order_by_id(np.arange(len(self)), self._high, self._low)

    def to_bytes(self) -> bytes:
        """Return sixteen bytes per person, in order."""
        return np.stack([self._high, self._low], axis=1).astype(">u8").tobytes()


def halves(ids: Sequence[uuid.UUID]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the two halves of ids as columns."""
    return (
        np.array([key.int >> 64 for key in ids], np.uint64),
        np.array([key.int & (HALF - 1) for key in ids], np.uint64),
    )


def locate(
    high: NDArray[np.uint64], low: NDArray[np.uint64], wanted_high: NDArray[Any], wanted_low: NDArray[Any]
) -> NDArray[np.int32]:
    """Return the rows of ids in a roster sorted by id, -1 for those that are not in it."""
    wanted_high, wanted_low = wanted_high.astype(np.uint64), wanted_low.astype(np.uint64)
    if not len(high):
        return np.full(len(wanted_high), -1, np.int32)
    at = np.searchsorted(high, wanted_high)
    while True:
        safe = np.minimum(at, len(high) - 1)
        here = (at < len(high)) & (high[safe] == wanted_high)
        # Ids made in the same millisecond can share their first half.
        onward = here & (low[safe] < wanted_low)
        if not onward.any():
            return np.where(here & (low[safe] == wanted_low), safe, -1).astype(np.int32)
        at += onward


def order_by_id(rows: NDArray[np.intp], high: NDArray[np.uint64], low: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return ``rows`` sorted by id; quick where most of them are in order already."""
    ordered = rows[np.argsort(high[rows], kind="stable")]
    tied = high[ordered][1:] == high[ordered][:-1]
    if (tied & (low[ordered][1:] < low[ordered][:-1])).any():
        return rows[np.lexsort((low[rows], high[rows]))]
    return ordered

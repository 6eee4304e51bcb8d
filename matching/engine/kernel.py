"""The band search as one loop over numbers, compiled by numba where that is installed: the same search, a faster tail.

``descend`` is plain Python; uncompiled it gives the same answers, only slowly. numba is optional: without it, or with
``CELULA_KERNEL=numpy`` in the environment, the search in blocks of numpy does the work. Both are exact, and ties are
decided inside the values, so both find the same cells.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Band(NamedTuple):
    """A band in flat columns, seats in the order of the search.

    Pairs of seat ``s`` are ``start[s]:start[s+1]``, by descending ``worth``. ``gain`` and ``holds`` are [person, need],
    ``in_cut`` is [person, cut]; ``asked`` and ``most`` are what needs ask for and cuts allow. ``later``, ``cheapest``,
    ``dearest``, ``seats_holding`` and ``later_top`` tell what the seats after each one can still bring; ``tail`` tells
    it for each ``step`` of money above the cheapest, without a price on money, and ``apart`` the same for each cut when
    nobody of it may come any more.
    """

    start: Integers
    person: Integers
    worth: Floats
    cost: Floats
    value: Floats
    gain: Floats
    holds: Integers
    in_cut: Integers
    asked: Integers
    most: Integers
    best_price: Floats
    cover_price: Floats
    cut_price: Floats
    budget_price: float
    budget: float
    constant: float
    later: Floats
    cheapest: Floats
    dearest: Floats
    seats_holding: Integers
    later_top: Floats
    tail: Floats
    apart: Floats
    step: float


def descend(band: Band, best: float, unit: float, most_nodes: int) -> tuple[float, Integers, int, bool]:
    """(value, pair per seat or -1, partial cells looked at, finished) of the best cell worth ``best + unit`` or more.

    Depth first over seats; a branch ends where its bound, less every slack that can no longer vanish, is too low.
    """
    seats, needs, cuts = len(band.start) - 1, band.gain.shape[1], band.in_cut.shape[1]
    at, chosen = np.zeros(seats, np.int64), np.full(seats, -1, np.int64)
    worth, spent, double = np.zeros(seats + 1), np.zeros(seats + 1), np.zeros(seats + 1)
    top, held = np.zeros((seats + 1, needs)), np.zeros((seats + 1, needs), np.int64)
    common = np.zeros((seats + 1, cuts), np.int64)
    winner, nodes, s = np.full(seats, -1, np.int64), 0, 0
    at[0] = band.start[0]
    while s >= 0:
        i = at[s]
        if i >= band.start[s + 1] or band.constant + worth[s] - double[s] + band.worth[i] + band.later[s] < best + unit:
            s -= 1
            if s >= 0:
                at[s] += 1
            continue
        nodes += 1
        if nodes > most_nodes:
            return best, winner, nodes, False
        person, left = band.person[i], seats - s - 1
        money = band.budget - spent[s] - band.cost[i]
        fits = money >= band.cheapest[s]
        ahead = band.later[s] - band.budget_price * max(0.0, money - band.dearest[s])
        if fits:
            ahead = min(ahead, band.tail[s, int((money - band.cheapest[s]) // band.step)] - band.budget_price * money)
            fits = band.constant + worth[s] - double[s] + band.worth[i] + ahead >= best + unit
        for t in range(s):
            if band.person[chosen[t]] == person:
                fits = False
        if fits:
            loss, twice = 0.0, double[s]
            for r in range(needs):
                gain, before = band.gain[person, r], top[s, r]
                top[s + 1, r] = max(gain, before)
                held[s + 1, r] = held[s, r] + band.holds[person, r]
                twice += max(0.0, min(gain, before) - band.best_price[r])
                loss += max(0.0, band.best_price[r] - max(top[s + 1, r], band.later_top[s, r]))
                if held[s + 1, r] + band.seats_holding[s, r] < band.asked[r]:
                    fits = False
                loss += band.cover_price[r] * max(0, held[s + 1, r] - band.asked[r])
            for c in range(cuts):
                common[s + 1, c] = common[s, c] + band.in_cut[person, c]
                if common[s + 1, c] > band.most[c]:
                    fits = False
                elif common[s + 1, c] == band.most[c]:
                    alone = band.apart[c, s, int((money - band.cheapest[s]) // band.step)]
                    ahead = min(ahead, alone - band.budget_price * money)
                loss += band.cut_price[c] * max(0, band.most[c] - common[s + 1, c] - left)
            if band.constant + worth[s] + band.worth[i] + ahead - twice - loss < best + unit:
                fits = False
        if not fits:
            at[s] += 1
            continue
        chosen[s] = i
        if left:
            worth[s + 1], spent[s + 1], double[s + 1] = worth[s] + band.worth[i], spent[s] + band.cost[i], twice
            s += 1
            at[s] = band.start[s]
            continue
        exact = 0.0
        for t in range(seats):
            exact += band.value[chosen[t]]
        for r in range(needs):
            exact += top[seats, r]
        if exact >= best + unit:
            best = exact
            winner[:] = chosen
        at[s] += 1
    return best, winner, nodes, True


Kernel = Callable[[Band, float, float, int], tuple[float, Integers, int, bool]]


def _compiled() -> Kernel | None:
    """``descend`` as machine code, or None where that is not wanted or not possible."""
    if os.environ.get("CELULA_KERNEL", "numba") == "numpy" or find_spec("numba") is None:
        return None
    numba: Any = import_module("numba")
    try:
        kernel: Kernel = numba.njit(cache=True)(descend)
    except RuntimeError:  # nowhere to keep the machine code: each process compiles for itself
        kernel = numba.njit(descend)
    return kernel


COMPILED: Kernel | None = _compiled()


def prepare() -> None:
    """Compiles the search, or loads its kept machine code, before anybody waits for it; does nothing without numba."""
    if COMPILED is None:
        return
    numbers, whole = np.zeros(1), np.zeros(1, np.int64)
    nothing, none = np.zeros(0), np.zeros(0, np.int64)
    lone = Band(
        start=np.array([0, 1], np.int64),
        person=whole,
        worth=numbers,
        cost=numbers,
        value=numbers,
        gain=np.zeros((1, 0)),
        holds=np.zeros((1, 0), np.int64),
        in_cut=np.zeros((1, 0), np.int64),
        asked=none,
        most=none,
        best_price=nothing,
        cover_price=nothing,
        cut_price=nothing,
        budget_price=0.0,
        budget=0.0,
        constant=0.0,
        later=numbers,
        cheapest=numbers,
        dearest=numbers,
        seats_holding=np.zeros((1, 0), np.int64),
        later_top=np.zeros((1, 0)),
        tail=np.zeros((1, 1)),
        apart=np.zeros((0, 1, 1)),
        step=1.0,
    )
    COMPILED(lone, -1.0, 1.0, 10)

"""A good cell of open seats in little time, so that few pairs are left to prove it: greedy under prices, then tidied.

Whoever costs least for what nobody covers yet comes next, judged by worth under the prices of the relaxation,
several times over with prices that differ a little (Caprara, Fischetti and Toth 1999, "A heuristic method for the set
covering problem"). Nothing is proven here: what it finds is a first cell for a search that is exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.instance import Floats, Instance, Placement
from matching.engine.pricing import NOTHING, Duals

MOST_PAIRS = 500
TRIALS = 5
SPREAD = 0.15  # by which prices differ between trials


class _Pairs:
    """The most promising pairs of an instance in flat columns, with who holds what."""

    def __init__(self, instance: Instance, upper: list[Floats]) -> None:
        together = np.concatenate(upper)
        order = np.argsort(-together, kind="stable")[:MOST_PAIRS]
        seat = np.repeat(np.arange(len(upper)), [len(values) for values in upper])[order]
        self.instance, self.seat = instance, seat
        self.person = np.concatenate([seat.local for seat in instance.seats])[order]
        self.value = np.concatenate([seat.value for seat in instance.seats])[order]
        self.cost = np.concatenate([seat.cost for seat in instance.seats])[order]
        looked_up = [need.lookup(self.person) for need in instance.needs]
        shape = (len(instance.needs), len(order))
        self.holds = np.array([holds for holds, _ in looked_up], float).reshape(shape).T.copy()
        self.gain = np.array([gain for _, gain in looked_up]).reshape(shape).T.copy()
        self.in_cut = np.zeros((len(order), len(instance.cuts)))
        for position, cut in enumerate(instance.cuts):
            self.in_cut[:, position] = np.isin(self.person, instance.cut_members(cut))
        self.asked = np.array([need.count for need in instance.needs], float)
        self.least = np.array([seat.least for seat in instance.seats])
        self.most = np.array([seat.most for seat in instance.seats])
        self.allowed = np.array([cut.most for cut in instance.cuts], float)

    def worth(self, chosen: NDArray[np.intp]) -> float:
        """The objective of these pairs, nothing if they break a rule."""
        filled = np.bincount(self.seat[chosen], minlength=len(self.least))
        keeps = (
            (filled >= self.least).all()
            and (filled <= self.most).all()
            and self.cost[chosen].sum() <= self.instance.budget
            and (self.holds[chosen].sum(0) >= self.asked).all()
            and (self.in_cut[chosen].sum(0) <= self.allowed).all()
            and len(np.unique(self.person[chosen])) == len(chosen)
        )
        if not keeps:
            return NOTHING
        return float(self.value[chosen].sum() + self.gain[chosen].max(0, initial=0.0).sum())

    def members(self, chosen: NDArray[np.intp]) -> list[Placement]:
        rows = self.instance.people[self.person[chosen]].tolist()
        return sorted(zip(rows, self.seat[chosen].tolist(), strict=True), key=lambda member: (member[1], member[0]))

    def gather(self, cover: Floats, best: Floats, price: float) -> NDArray[np.intp] | None:
        """Pairs taken one after the other until everything asked for is there; None where nobody fits any more."""
        free = np.ones(len(self.seat), bool)
        chosen: list[int] = []
        missing, top = self.asked.copy(), np.zeros(len(self.asked))
        filled, room, money = np.zeros_like(self.least), self.allowed.copy(), float(self.instance.budget)
        static, scored = self.value - price * self.cost, bool((self.gain > 0).any())
        while True:
            unmet = missing > 0
            short = filled < self.least
            if not unmet.any() and not short.any():
                return np.array(chosen, np.intp)
            helps = self.holds @ unmet.astype(float) + short[self.seat]
            loss = -(static + self.holds @ (cover * unmet))
            if scored:
                loss -= np.maximum(0.0, self.gain - np.maximum(top, best)).sum(1)
            fits = free & (helps > 0) & (filled < self.most)[self.seat] & (self.cost <= money)
            if len(room):
                fits &= (self.in_cut <= room).all(1)
            if not fits.any():
                return None
            score = np.where(loss > 0, loss / np.maximum(helps, 1.0), loss * helps)
            at = int(np.argmin(np.where(fits, score, np.inf)))
            chosen.append(at)
            free &= self.person != self.person[at]
            missing -= self.holds[at]
            top = np.maximum(top, self.gain[at])
            filled[self.seat[at]] += 1
            room -= self.in_cut[at]
            money -= self.cost[at]

    def tidied(self, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
        """The same pairs without those whose absence breaks nothing and is worth more, the dearest first."""
        value = self.worth(chosen)
        for at in chosen[np.argsort(self.value[chosen], kind="stable")].tolist():
            fewer = chosen[chosen != at]
            without = self.worth(fewer)
            if len(fewer) and without > NOTHING and without >= value:
                chosen, value = fewer, without
        return chosen


def open_cell(instance: Instance, duals: Duals, upper: list[Floats]) -> tuple[list[Placement] | None, float]:
    """(members, value) of a good cell of open seats, (None, nothing) if none was found.

    ``upper`` are bounds of the pairs, which say who is promising.
    """
    pairs, rng = _Pairs(instance, upper), np.random.default_rng(0)
    best: NDArray[np.intp] | None = None
    value = NOTHING
    for trial in range(TRIALS):
        noise = rng.uniform(1 - SPREAD, 1 + SPREAD, len(duals.cover)) if trial else np.ones(len(duals.cover))
        chosen = pairs.gather(duals.cover * noise, duals.best, duals.budget)
        if chosen is None or not len(chosen) or pairs.worth(chosen) == NOTHING:
            continue
        chosen = pairs.tidied(chosen)
        reached = pairs.worth(chosen)
        if reached > value:
            best, value = chosen, reached
    return (None, NOTHING) if best is None else (pairs.members(best), value)

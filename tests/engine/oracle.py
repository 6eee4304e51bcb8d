"""Brute force over all cells of a tiny problem, with the judge's rules and none of the solver's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from matching.engine.problem import Cefr, EarlierCell, Problem
from matching.engine.verify import need_gain, pair_cost, pair_points, pair_violations


@dataclass(frozen=True)
class Truth:
    """``value`` of the optimum; ``cohesion`` and ``cohesive_value`` of the most cohesive cell near enough to it."""

    value: int
    cohesion: int
    cohesive_value: int


class Oracle:
    """Tables of one problem, then any number of questions with earlier cells added."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        people = problem.market.people
        refs = [int(ref) for ref in people.ref]
        self._refs = refs
        self._pairs = [
            {
                row: (pair_points(problem, row, seat), pair_cost(problem, row, seat))
                for row, ref in enumerate(refs)
                if not list(pair_violations(problem, ref, row, seat))
            }
            for seat in range(len(problem.seats))
        ]
        self._gains = [[need_gain(problem, row, need) for row in range(len(refs))] for need in problem.needs]
        spoken = people.languages.get(problem.bridge_language)
        self._fluent = [spoken is not None and int(spoken[row]) >= Cefr.C1 for row in range(len(refs))]
        self._abroad = [int(people.country[row]) == 1 for row in range(len(refs))]
        together = problem.market.collaborations
        self._edges = [
            (int(a), int(b), int(w)) for a, b, w in zip(together.first, together.second, together.weight, strict=True)
        ]

    def _assignments(self) -> Iterator[list[tuple[int, int]]]:
        """Every way to seat people, as (row, seat), within the sizes of the seats."""
        seats = self._problem.seats
        if all(seat.least == 1 == seat.most for seat in seats):
            for rows in product(*(list(pairs) for pairs in self._pairs)):
                if len(set(rows)) == len(rows):
                    yield [(row, seat) for seat, row in enumerate(rows)]
            return
        choices = [
            [None, *(seat for seat in range(len(seats)) if row in self._pairs[seat])] for row in range(len(self._refs))
        ]
        for taken in product(*choices):
            filled = [taken.count(seat) for seat in range(len(seats))]
            if all(seat.least <= count <= seat.most for seat, count in zip(seats, filled, strict=True)):
                yield [(row, seat) for row, seat in enumerate(taken) if seat is not None]

    def _worth(self, members: list[tuple[int, int]], earlier: tuple[EarlierCell, ...]) -> int | None:
        problem, rows = self._problem, [row for row, _ in members]
        size = len(rows)
        if size < max(1, problem.least) or (problem.most and size > problem.most):
            return None
        cost = sum(self._pairs[seat][row][1] for row, seat in members)
        value = sum(self._pairs[seat][row][0] for row, seat in members)
        if cost > problem.budget:
            return None
        if sum(self._fluent[row] for row in rows) < problem.bridges:
            return None
        if sum(self._abroad[row] for row in rows) < problem.specialists:
            return None
        for need, gains in zip(problem.needs, self._gains, strict=True):
            held = [gain for gain in (gains[row] for row in rows) if gain is not None]
            if len(held) < need.count:
                return None
            value += max(held, default=0)
        refs = {self._refs[row] for row in rows}
        if any(pin.ref not in refs for pin in problem.pins):
            return None
        if any(len(refs & set(cell.refs)) > cell.most_in_common for cell in (*problem.earlier, *earlier)):
            return None
        return value

    def best(self, earlier: tuple[EarlierCell, ...] = ()) -> Truth | None:
        """The optimum among cells that differ enough from earlier ones, or None."""
        cells = []
        for members in self._assignments():
            value = self._worth(members, earlier)
            if value is not None:
                rows = {row for row, _ in members}
                cells.append((value, sum(w for a, b, w in self._edges if a in rows and b in rows)))
        if not cells:
            return None
        value = max(cells)[0]
        floor = value - abs(value) * self._problem.policy.cohesion_permille // 1000
        cohesion, cohesive_value = max((cohesion, v) for v, cohesion in cells if v >= floor)
        return Truth(value, cohesion, cohesive_value)


def without_cohesion(problem: Problem) -> Problem:
    """The same problem when nobody has worked with anybody."""
    together = problem.market.collaborations
    none = replace(together, first=together.first[:0], second=together.second[:0], weight=together.weight[:0])
    return replace(problem, market=replace(problem.market, collaborations=none))

"""RarestFirst, the best known method for cells that know each other, as a yardstick.

Lappas, Liu and Terzi, "Finding a Team of Experts in Social Networks", KDD 2009: take the requirement that fewest people
meet; for each of those people find the nearest one for every other requirement in the graph of who worked with whom;
keep the one whose farthest colleague is nearest. Here each seat is a requirement. The method knows no budget, no needs
of the whole cell and no points: what that costs is the question.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine import Baseline, Collaborations, Problem, verify
from matching.engine.eligibility import eligible

Rows = NDArray[np.int32]
UNREACHABLE = np.iinfo(np.int32).max


class Graph:
    """Who worked with whom, both ways, for distances in steps."""

    def __init__(self, together: Collaborations, people: int) -> None:
        ends = np.concatenate([together.first, together.second])
        others = np.concatenate([together.second, together.first])
        self._neighbors = others[np.argsort(ends, kind="stable")].astype(np.int32)
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=people))])
        self._people = people

    def distances(self, sources: Rows) -> Rows:
        """Steps of everybody from the nearest of ``sources``; ``UNREACHABLE`` where there is no path."""
        steps = np.full(self._people, UNREACHABLE, np.int32)
        steps[sources] = 0
        frontier, step = np.unique(sources), 0
        while len(frontier):
            step += 1
            counts = self._starts[frontier + 1] - self._starts[frontier]
            at = np.repeat(self._starts[frontier] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
            reached = self._neighbors[at]
            frontier = np.unique(reached[steps[reached] == UNREACHABLE])
            steps[frontier] = step
        return steps


def rarest_first(problem: Problem, graph: Graph) -> Baseline:
    """The cell that the method finds, judged by our judge; seats that nobody fits stay empty.

    One search per seat from all who fit it gives the distances of the paper's inner loop for every candidate at once.
    Ties and people without any path fall to the lower ref. Seats are taken as 1..1.
    """
    lists = [eligible(problem, position) for position in range(len(problem.seats))]
    order = sorted((position for position, rows in enumerate(lists) if len(rows)), key=lambda p: (len(lists[p]), p))
    if not order:
        return Baseline((), verify(problem, ()))
    rare, others = order[0], order[1:]
    farthest = np.zeros(len(lists[rare]), np.int32)
    for position in others:
        farthest = np.maximum(farthest, graph.distances(lists[position])[lists[rare]])
    first = int(lists[rare][np.argmin(farthest)])
    steps = graph.distances(np.array([first], np.int32))
    chosen = {rare: first}
    for position in others:
        free = lists[position][~np.isin(lists[position], list(chosen.values()))]
        if len(free):
            chosen[position] = int(free[np.argmin(steps[free])])
    refs = problem.market.people.ref
    members = tuple((int(refs[chosen[position]]), position) for position in sorted(chosen))
    return Baseline(members, verify(problem, members))

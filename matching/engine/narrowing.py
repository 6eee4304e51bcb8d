"""The same problem over fewer people: whoever no seat would take can be in no cell, so they can be left out.

A market of hundreds of thousands becomes what its snapshot has to keep.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matching.engine.eligibility import Rows, eligible
from matching.engine.problem import Collaborations, EarlierCell, Market, Pin, Posting, Problem


def narrow(problem: Problem) -> tuple[Problem, Rows]:
    """The problem over those whom some seat would take or a pin names, renumbered from 0, and their former rows.

    Every array is a copy. Cells, values, bounds and their absence are those of the given problem; the reasons why
    somebody is left out are not, so ``diagnose`` wants the given one. Raises ``ValueError`` for collaborations that do
    not ascend by their first.
    """
    people = problem.market.people
    taken = np.zeros(len(people), bool)
    for position in range(len(problem.seats)):
        taken[eligible(problem, position)] = True
    taken |= np.isin(people.ref, np.array([pin.ref for pin in problem.pins], np.int64))
    rows = np.flatnonzero(taken).astype(np.int32)
    place = np.full(len(people), -1, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    refs = {int(ref): number for number, ref in enumerate(people.ref[rows])} if _names_somebody(problem) else {}
    columns = {name: column[rows] for name, column in vars(people).items() if name not in ("ref", "languages")}
    narrowed = replace(
        people,
        ref=np.arange(len(rows), dtype=np.int64),
        languages={key: column[rows] for key, column in people.languages.items()},
        **columns,
    )
    postings = {skill: _posting(posting, place) for skill, posting in problem.market.postings.items()}
    market = Market(narrowed, postings, _collaborations(problem.market.collaborations, place))
    return replace(
        problem,
        market=market,
        pins=tuple(Pin(refs.get(pin.ref, -1), pin.seat) for pin in problem.pins),
        banned=tuple(refs[ref] for ref in problem.banned if ref in refs),
        earlier=tuple(
            EarlierCell(tuple(refs[ref] for ref in cell.refs if ref in refs), cell.most_in_common)
            for cell in problem.earlier
        ),
    ), rows


def _names_somebody(problem: Problem) -> bool:
    return bool(problem.pins or problem.banned or problem.earlier)


def _posting(posting: Posting, place: Rows) -> Posting:
    person = place[posting.person]
    kept = person >= 0
    return Posting(
        person[kept], posting.level[kept], posting.years[kept], posting.evidence[kept], posting.valid_through[kept]
    )


def _collaborations(together: Collaborations, place: Rows) -> Collaborations:
    """Pairs of whom both stay. Pairs ascend by their first, so only those of people who stay are looked at."""
    if (together.first[1:] < together.first[:-1]).any():
        raise ValueError("collaborations are not in ascending order")
    stay = np.flatnonzero(place >= 0).astype(together.first.dtype)
    starts = np.searchsorted(together.first, stay)
    counts = np.searchsorted(together.first, stay, side="right") - starts
    at = np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
    at = at[place[together.second[at]] >= 0]
    return Collaborations(place[together.first[at]], place[together.second[at]], together.weight[at])

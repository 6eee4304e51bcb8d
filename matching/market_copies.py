"""Copies of the market: of everybody, and of everybody with the people of an engagement as it sees them itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from marketplace.clients.models import Project
from matching import engine, snapshots
from matching.snapshots import Taken, roster_of
from matching.terms import Terms

Columns = TypeVar("Columns", engine.Posting, engine.Collaborations)


def whole(given: Project | Terms) -> Taken:
    """Return a copy of everybody, for who must ask about those whom no seat would take.

    The index is held only while it is copied: whatever is solved afterwards keeps nobody else in this process waiting.
    """
    with snapshots.reading(given) as everybody:
        problem, market = everybody.problem, everybody.problem.market
        people = replace(
            market.people,
            languages={key: column.copy() for key, column in market.people.languages.items()},
            **{name: column.copy() for name, column in vars(market.people).items() if name != "languages"},
        )
        postings = {skill: _copied(posting) for skill, posting in market.postings.items()}
        copied = engine.Market(people, postings, _copied(market.collaborations))
        ids = roster_of(everybody.people)
        return replace(everybody, problem=replace(problem, market=copied), people=ids.at(np.arange(len(ids))))


def _copied(columns: Columns) -> Columns:
    return replace(columns, **{name: column.copy() for name, column in vars(columns).items()})


def joined(market: Taken, placed: Taken) -> Taken:
    """Return the market with ``placed`` people in it as these are, and without whoever its problem bans.

    Every array is a copy; past collaborations are left out.
    """
    out = {*market.problem.banned, *(ref for ref in map(market.ref, placed.people) if ref is not None)}
    kept = np.setdiff1d(np.arange(len(market.people)), np.array(sorted(out), np.int64))
    ids = roster_of(market.people).at(kept).with_ids(roster_of(placed.people))
    order = ids.ascending()
    row = np.empty(len(order), np.int32)
    row[order] = np.arange(len(order), dtype=np.int32)
    former = np.full(len(market.people), -1, np.int32)
    former[kept] = row[: len(kept)]
    one, other = market.problem.market, placed.problem.market
    columns = {
        name: np.concatenate([column[kept], getattr(other.people, name)])[order]
        for name, column in vars(one.people).items()
        if name not in ("ref", "languages")
    }
    people = engine.People(
        ref=np.arange(len(order), dtype=np.int64),
        languages={
            key: np.concatenate([column[kept], other.people.languages[key]])[order]
            for key, column in one.people.languages.items()
        },
        **columns,
    )
    postings = {
        skill: _both(posting, former, other.postings[skill], row[len(kept) :])
        for skill, posting in one.postings.items()
    }
    nobody = np.zeros(0, np.int32)
    none = engine.Collaborations(nobody, nobody, np.zeros(0, np.uint8))
    problem = replace(market.problem, market=engine.Market(people, postings, none), pins=(), banned=())
    return replace(market, problem=problem, people=ids.at(order))


def _both(
    one: engine.Posting, places: np.ndarray[Any, np.dtype[np.int32]], other: engine.Posting, own: np.ndarray[Any, Any]
) -> engine.Posting:
    """The claims of two markets in one: rows of the first become ``places`` (-1: left out), of the second ``own``."""
    stays = places[one.person] >= 0
    person = np.concatenate([places[one.person[stays]], own[other.person]])
    order = np.argsort(person, kind="stable")
    rest = {
        name: np.concatenate([column[stays], getattr(other, name)])[order]
        for name, column in vars(one).items()
        if name != "person"
    }
    return engine.Posting(person=person[order].astype(np.int32), **rest)

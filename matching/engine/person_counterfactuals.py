"""What one person would have to change to be in the best cell: one thing alone, as little of it as suffices. Exact.

A person enters if and only if the best cell with them in it is worth as much as the best cell of all. Whatever is
raised here only ever helps, so the first step that suffices is found by bisection; each step is another solve in which
nothing but this person's own pairs has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.client_counterfactuals import best_cell
from matching.engine.clock import Clock
from matching.engine.codec import mentioned_languages, mentioned_skills
from matching.engine.eligibility import Rows, posting_of, rows_of
from matching.engine.feasibility import Unanswered
from matching.engine.instance import Instance, NeedList, build, whole_points
from matching.engine.outcome import Limits, PersonalChange, PersonCounterfactuals
from matching.engine.pricing import Duals, bound
from matching.engine.problem import Cefr, Collaborations, Evidence, Market, Posting, Problem, evidence_column

MOST_LEVEL, MOST_SENIORITY = 5, 5
WEEK = 7


@dataclass(frozen=True)
class _Lever:
    """One thing about a person, with its values from mild to drastic; ``apply`` puts a value into their market."""

    code: str
    name: str | int | None
    before: int
    values: range | tuple[int, ...]
    apply: Callable[[Market, int], Market]


def _alone(market: Market, row: int) -> Market:
    """The market of this one person."""
    people = market.people
    columns = {name: column[row : row + 1] for name, column in vars(people).items() if name != "languages"}
    languages = {key: column[row : row + 1] for key, column in people.languages.items()}
    postings = {}
    for skill, posting in market.postings.items():
        at = int(np.searchsorted(posting.person, row))
        if at < len(posting.person) and posting.person[at] == row:
            claim = {name: column[at : at + 1] for name, column in vars(posting).items()}
            postings[skill] = Posting(**claim | {"person": np.zeros(1, np.int32)})
    none = np.zeros(0, np.int32)
    together = Collaborations(none, none, np.zeros(0, np.uint8))
    return Market(replace(people, languages=languages, **columns), postings, together)


def _with_column(market: Market, name: str, value: int) -> Market:
    column = np.full_like(getattr(market.people, name), value)
    return replace(market, people=replace(market.people, **{name: column}))


def _with_language(market: Market, key: str, level: int) -> Market:
    languages = market.people.languages | {key: np.array([level], np.uint8)}
    return replace(market, people=replace(market.people, languages=languages))


def _with_skill(market: Market, skill: int, level: int) -> Market:
    """The claim at a higher level; a claim that was not there is new: without years, evidence or an expiry."""
    posting = market.postings.get(skill)
    if posting is None:
        zero = np.zeros(1, np.uint8)
        posting = Posting(np.zeros(1, np.int32), zero, zero, zero, np.zeros(1, np.int32))
    return replace(market, postings=market.postings | {skill: replace(posting, level=np.array([level], np.uint8))})


def _levers(problem: Problem, alone: Market) -> Iterator[_Lever]:
    people = alone.people
    evidence = {evidence_column(language) for seat in problem.seats for language, _ in seat.language_evidence}
    for key in mentioned_languages(problem):
        spoken = int(people.languages[key][0]) if key in people.languages else 0
        shown = key in evidence
        # Only a recruiter verifies; a test is what somebody can take by themselves, and it may not be enough.
        values = range(spoken + 1, (Evidence.TESTED if shown else Cefr.C2) + 1)
        code = "language_evidence" if shown else "language"
        yield _Lever(code, key, spoken, values, lambda given, value, key=key: _with_language(given, key, value))  # type: ignore[misc]
    for skill in mentioned_skills(problem):
        posting = posting_of(replace(problem, market=alone), skill)
        level = int(posting.level[0]) if len(posting.person) else 0
        values = range(level + 1, MOST_LEVEL + 1)
        yield _Lever("skill", skill, level, values, lambda given, value, skill=skill: _with_skill(given, skill, value))  # type: ignore[misc]

    def column(code: str, name: str, values: range | tuple[int, ...]) -> _Lever:
        before = int(getattr(people, name)[0])
        return _Lever(code, None, before, values, lambda given, value: _with_column(given, name, value))

    rate, free = int(people.rate_cents[0]), int(people.free_minutes[0])
    since, seniority = int(people.available_from[0]), int(people.seniority[0])
    yield column("rate", "rate_cents", range(rate - 1, 0, -1))
    yield column(
        "hours", "free_minutes", tuple(sorted({s.weekly_minutes for s in problem.seats} - set(range(free + 1))))
    )
    earliest = problem.starts_on - WEEK * problem.policy.prompt_start_points
    days = (problem.starts_on - WEEK * weeks for weeks in range(problem.policy.prompt_start_points + 1))
    yield column("date", "available_from", tuple(day for day in days if earliest <= day < since))
    yield column("seniority", "seniority", range(seniority + 1, MOST_SENIORITY + 1))


class _Entry:
    """The market with one person's pairs exchanged: what is the best cell that this person is in?"""

    def __init__(self, problem: Problem, ref: int, clock: Clock) -> None:
        (row,) = rows_of(problem, (ref,)).tolist()
        self.row, self.clock = int(row), clock
        self._problem = problem
        self.base = build(problem, ties=False)
        self._others = _without(self.base, self.row)
        self._prices: list[Duals] = []

    def best_without_change(self) -> int | None:
        """The value of the best cell of all."""
        found = best_cell(self.base, self.clock)
        if found is not None and found.given is not None:
            self._prices.append(_with_one_more_need(found.given.duals))
        return None if found is None else whole_points(found.value)

    def best(self, alone: Market, floor: int | None) -> tuple[int, int] | None:
        """(value, seat) of the best cell with this person as they are in ``alone``; None if it is below ``floor``."""
        if self.clock.expired:
            raise Unanswered
        own = build(replace(self._problem, market=alone), ties=False)
        if not own.pairs:
            return None
        instance = _joined(self._others, own, self.row, self._problem.budget)
        if floor is not None and any(bound(instance, duals).value < floor for duals in self._prices):
            return None
        found = best_cell(instance, self.clock)
        if found is None or found.members is None:
            return None
        if found.given is not None:
            self._prices = [found.given.duals, *self._prices][:4]
        value = whole_points(found.value)
        seat = next(seat for row, seat in found.members if row == self.row)
        return (value, seat) if floor is None or value >= floor else None


def _with_one_more_need(duals: Duals) -> Duals:
    """The same prices for the same rules and nothing for the one that is added: that the person is in the cell."""
    return replace(duals, best=np.append(duals.best, 0.0), cover=np.append(duals.cover, 0.0))


def _without(instance: Instance, row: int) -> Instance:
    """The instance without any pair of a person."""
    local, here = instance.locate(np.array([row], np.int32))
    if not here[0]:
        return instance
    return instance.restrict([seat.local != local[0] for seat in instance.seats])


def _joined(others: Instance, own: Instance, row: int, budget: int) -> Instance:
    """The instance of ``others`` with the pairs of one person, who must be in the cell; ``own`` is theirs alone."""
    place = int(np.searchsorted(others.people, row))

    def shifted(local: Rows) -> tuple[Rows, int]:
        """The same people renumbered to make room, and where the person belongs among them."""
        moved = np.where(local >= place, local + 1, local).astype(np.int32)
        return moved, int(np.searchsorted(moved, place))

    seats, needs = [], []
    for seat, mine in zip(others.seats, own.seats, strict=True):
        local, at = shifted(seat.local)
        seats.append(
            replace(
                seat,
                local=np.insert(local, at, np.full(len(mine.local), place)),
                value=np.insert(seat.value, at, mine.value),
                cost=np.insert(seat.cost, at, mine.cost),
            )
        )
    for need, held in zip(others.needs, own.needs, strict=True):
        local, at = shifted(need.local)
        holders = np.insert(local, at, np.full(len(held.local), place))
        needs.append(NeedList(holders, np.insert(need.gain, at, held.gain), need.count))
    needs.append(NeedList(np.array([place], np.int32), np.zeros(1), 1))
    # What the dearest people cost together bounded the budget; this person may be dearer still.
    dearest = others.budget + int(sum(float(mine.cost.sum()) for mine in own.seats))
    people = np.insert(others.people, place, row).astype(np.int32)
    return replace(others, people=people, seats=tuple(seats), needs=tuple(needs), budget=min(budget, dearest))


def counterfactuals_for_person(
    problem: Problem,
    ref: int,
    limits: Limits = Limits(),  # noqa: B008
    value: int | None = None,
) -> PersonCounterfactuals:
    """The mildest change in each single thing about a person that would bring them into the best cell.

    Tried are each language that the problem mentions, a test of it, each skill, the rate, weekly hours, the day from
    which they are available and seniority. ``value`` is what the best cell is worth (``Cell.best_value``), where known.
    Raises ``ValueError`` for a ref that is not in the market. Takes at most about ``limits.seconds``.
    """
    if not len(rows_of(problem, (ref,))):
        raise ValueError(f"nobody in this market has the ref {ref}")
    entry = _Entry(problem, ref, Clock(limits.seconds))
    alone = _alone(problem.market, entry.row)
    try:
        best = entry.best_without_change() if value is None else value
        present = entry.best(alone, None)
    except Unanswered:
        return PersonCounterfactuals(value, None, (), complete=False)
    as_they_are = None if present is None else present[0]
    if as_they_are is not None and (best is None or as_they_are >= best):
        return PersonCounterfactuals(best, as_they_are, ())
    changes, complete = [], True
    for lever in _levers(problem, alone):
        try:
            change = _mildest(entry, alone, lever, best)
        except Unanswered:
            complete = False
            continue
        if change is not None:
            changes.append(change)
    return PersonCounterfactuals(best, as_they_are, tuple(changes), complete)


def _mildest(entry: _Entry, alone: Market, lever: _Lever, floor: int | None) -> PersonalChange | None:
    """The mildest value of a lever that brings the person in, None if no value does."""
    if not len(lever.values):
        return None
    found = entry.best(lever.apply(alone, lever.values[-1]), floor)
    if found is None:
        return None
    low, high = 0, len(lever.values) - 1
    while low < high:
        middle = (low + high) // 2
        tried = entry.best(lever.apply(alone, lever.values[middle]), floor)
        if tried is None:
            low = middle + 1
        else:
            high, found = middle, tried
    return PersonalChange(lever.code, lever.name, lever.before, int(lever.values[low]), found[1], found[0])

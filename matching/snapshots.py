"""From rows to a ``Problem``: what the engine is given, with opaque refs, frozen and stored with its digest.

A ref is the position of a person in the snapshot. Names, contact, sex, age and identifiers are never read.
"""

from __future__ import annotations

import datetime as dt
import uuid
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Protocol

import numpy as np
from django.db import connection

from marketplace.clients.models import Project
from marketplace.kernel import clock
from marketplace.kernel.money import Currency
from matching import engine
from matching import terms as asked
from matching.index import keeper as index
from matching.index.projection import asked_cents
from matching.index.roster import Roster, halves
from matching.models import Snapshot
from matching.terms import NeedTerms, SeatTerms, Terms
from profiles import selectors
from profiles.levels import Activity, Country, Evidence, LanguageCode
from profiles.services import exchange

ENGLISH_SPOKEN = "en.speaking"
_COST_PER_POINT = 40
_NEVER = 2_000_000_000
_ACTIVITIES = (Activity.LISTENING, Activity.SPEAKING, Activity.READING, Activity.WRITING)


@dataclass(frozen=True)
class Taken:
    """A problem and the people behind its refs: ``people[ref]``.

    ``searched`` is how many people the market had, ``index_version`` what they were read from ("" for rows).
    """

    problem: engine.Problem
    people: Sequence[uuid.UUID]
    searched: int
    index_version: str = ""

    def person(self, ref: int) -> uuid.UUID:
        return self.people[ref]

    def ref(self, person: uuid.UUID) -> int | None:
        """Return the ref of a person, None for somebody who is not in this market."""
        return _place(self.people, person)


def _place(people: Sequence[uuid.UUID], person: uuid.UUID) -> int | None:
    """Where a person is in a market, whose people ascend by id."""
    at = bisect_left(people, person)
    return at if at < len(people) and people[at] == person else None


def take(given: Project | Terms, only: Collection[uuid.UUID] | None = None) -> Taken:
    """Read what is asked and the market from rows as they are now; ``only`` restricts it to some people.

    For members who are read again, and the oracle of ``take_from_index``: it takes a minute over a large market.
    """
    rules = _Rules(given)
    market, people = _market(rules.project, rules.skills, only)
    return Taken(rules.over(market, people), people, len(people))


def take_from_index(given: Project | Terms, keeper: index.Keeper) -> Taken:
    """Read what is asked now and the market from its index, brought up to date: the same problem as ``take``.

    Columns are views that hold until the keeper is used again; ``narrowed`` copies. Raises RuntimeError inside a
    transaction.
    """
    rules = _Rules(given)
    view, version = keeper.market_for(rules.project, rules.skills, _exchange_rates(rules.project, Currency.values))
    return Taken(rules.over(view.market, view.people), view.people, len(view.people), version)


def current(given: Project | Terms) -> Taken:
    """Read the market as it is now from the index; inside a transaction from rows, since the index sees none of it."""
    return take(given) if connection.in_atomic_block else take_from_index(given, index.keeper())


@contextmanager
def reading(given: Project | Terms) -> Iterator[Taken]:
    """Give ``current`` while nobody else in this process may bring the index up to date under its columns."""
    if connection.in_atomic_block:
        yield take(given)
        return
    keeper = index.keeper()
    with keeper.held():
        yield take_from_index(given, keeper)


def narrowed(taken: Taken, keep: Collection[uuid.UUID] = ()) -> Taken:
    """Leave out whoever no seat would take: the same cells and bounds, in a snapshot that is small enough to keep.

    People in ``keep`` stay whether or not a seat would take them.
    """
    given, people = taken.problem, taken.people
    kept = [engine.Pin(ref) for ref in map(taken.ref, keep) if ref is not None]
    problem, rows = engine.narrow(replace(given, pins=(*given.pins, *kept)))
    problem = replace(problem, pins=problem.pins[: len(given.pins)])
    left = people.at(rows) if isinstance(people, Roster) else tuple(people[row] for row in rows.tolist())
    return replace(taken, problem=problem, people=left)


@dataclass(frozen=True)
class Placed:
    """Somebody who has a seat in an engagement, on terms that do not change: ``rate_cents`` an hour, as accepted."""

    person: uuid.UUID
    placement: uuid.UUID
    rate_cents: int
    weekly_minutes: int
    overlap_minutes: int


def take_placed(given: Terms, members: Sequence[Placed]) -> Taken:
    """Read the people of an engagement as it sees them itself, by id.

    Their hours in it are free for it, their rates are those accepted, and what was accepted of their time still counts.
    """
    rules, known = _Rules(given), {member.person: member for member in members}
    market, people = _market(rules.project, rules.skills, list(known), [member.placement for member in members])
    placed, columns = [known[key] for key in people], market.people
    kept = replace(
        columns,
        rate_cents=np.array([member.rate_cents for member in placed], np.int32),
        free_minutes=np.maximum(columns.free_minutes, np.array([m.weekly_minutes for m in placed], np.int32)),
        overlap_minutes=np.maximum(columns.overlap_minutes, np.array([m.overlap_minutes for m in placed], np.int16)),
        available_from=np.minimum(columns.available_from, rules.project.starts_on.toordinal()),
    )
    return Taken(rules.over(replace(market, people=kept), people), people, len(people))


class _Rules:
    """What is asked of a market, read once."""

    def __init__(self, given: Project | Terms) -> None:
        self._terms = given if isinstance(given, Terms) else asked.of_project(given)
        self.project = self._terms.project
        self.skills = set(self._terms.skills.values())

    def over(self, market: engine.Market, people: Sequence[uuid.UUID]) -> engine.Problem:
        """Return the problem; a pin on somebody who is not in the market names the ref -1, which nobody has."""
        project, terms = self.project, self._terms
        pinned = [(_place(people, person), terms.seat_at(seat)) for person, seat in terms.pins]
        banned = [_place(people, person) for person in terms.bans]
        return engine.Problem(
            market=market,
            seats=tuple(_seat(project, seat, terms.skills) for seat in terms.seats),
            needs=tuple(_need(project, need, terms.skills) for need in terms.needs),
            budget=int(project.monthly_cap.to_integral_value(ROUND_FLOOR)),
            starts_on=project.starts_on.toordinal(),
            ends_on=project.ends_on.toordinal(),
            bridges=project.bridges,
            specialists=project.us_specialists,
            least=project.size_least,
            most=project.size_most,
            pins=tuple(engine.Pin(-1 if ref is None else ref, seat) for ref, seat in pinned),
            banned=tuple(sorted(ref for ref in banned if ref is not None)),
            policy=policy_of(project),
        )


def _exchange_rates(project: Project, currencies: Iterable[str]) -> dict[str, Decimal | None]:
    return {currency: exchange.rate(currency, project.currency, clock.today()) for currency in currencies}


def policy_of(project: Project) -> engine.Policy:
    """Return the scoring policy: the house's, with cost weighed as the client asks (percent, 0 leaves it out)."""
    weight = project.cost_weight
    return engine.Policy(
        name=f"2026-11/cost-{weight}", cost_per_point=max(1, _COST_PER_POINT * 100 // weight) if weight else _NEVER
    )


def _seat(project: Project, seat: SeatTerms, skills: Mapping[str, int]) -> engine.Seat:
    wanted = seat.asked
    floors = {f"{floor.language}.{floor.activity}": int(floor.level) for floor in wanted.languages}
    shown: dict[str, int] = {}
    for floor in wanted.languages:  # evidence is of a language as a whole: the strictest of its floors counts
        if floor.evidence > shown.get(floor.language, Evidence.SELF_DECLARED):
            shown[floor.language] = floor.evidence
    max_rate = 0
    if wanted.max_rate is not None:
        limit = _cents(wanted.max_rate.amount, wanted.max_rate.currency, project, ROUND_FLOOR)
        max_rate = max(1, limit) if limit >= 0 else 0
    return engine.Seat(
        key=seat.key,
        function=wanted.function,
        skills=tuple(engine.SkillFloor(skills[s.skill], s.level, project.evidence_floor) for s in wanted.skills),
        min_seniority=wanted.min_seniority,
        languages=tuple(sorted(floors.items())),
        language_evidence=tuple(sorted(shown.items())),
        countries=tuple(sorted(wanted.countries)) or tuple(Country.values),
        weekly_minutes=wanted.weekly_minutes,
        min_overlap_minutes=project.overlap_minutes,
        max_rate_cents=max_rate,
        client_facing=wanted.client_facing,
        least=wanted.least,
        most=wanted.most,
    )


def _need(project: Project, need: NeedTerms, skills: Mapping[str, int]) -> engine.Need:
    return engine.Need(
        key=need.key,
        skill=skills[need.asked.skill],
        level=need.asked.level,
        evidence=project.evidence_floor,
        count=need.asked.count,
        weight=need.asked.weight,
    )


def _cents(amount: Decimal, currency: str, project: Project, rounding: str) -> int:
    """Return hundredths of the project's currency, or -1 where no exchange rate is known."""
    rate = exchange.rate(currency, project.currency, clock.today())
    return -1 if rate is None else int((amount * rate * 100).to_integral_value(rounding))


def _market(
    project: Project,
    skills: set[int],
    only: Collection[uuid.UUID] | None,
    placements: Collection[uuid.UUID] | None = None,
) -> tuple[engine.Market, tuple[uuid.UUID, ...]]:
    first, last = project.starts_on, project.ends_on
    rows = selectors.candidates(first, last, only, placements=placements)
    ids = tuple(row.id for row in rows)
    place = {key: number for number, key in enumerate(ids)}
    shared = _shared_minutes(project, rows)
    rates = _exchange_rates(project, {row.rate_currency for row in rows})
    people = engine.People(
        ref=np.arange(len(rows), dtype=np.int64),
        functions=np.array([sum(1 << f for f in row.functions) for row in rows], np.uint8),
        main_function=np.array([row.main_function for row in rows], np.uint8),
        seniority=np.array([row.seniority for row in rows], np.uint8),
        country=np.array([row.country for row in rows], np.uint8),
        routes=np.array([1 << row.route for row in rows], np.uint8),
        rate_cents=np.array([asked_cents(row.rate_amount, rates[row.rate_currency]) for row in rows], np.int32),
        free_minutes=np.array([row.free_minutes for row in rows], np.int32),
        overlap_minutes=np.array([shared[row.time_zone, row.work_starts, row.work_ends] for row in rows], np.int16),
        available_from=np.array(
            [row.available_from.toordinal() if row.available_from else 0 for row in rows], np.int32
        ),
        languages=_languages(place, last, only),
    )
    return engine.Market(people, _postings(place, skills, last, only), _collaborations(place, only)), ids


def _shared_minutes(project: Project, rows: Sequence[selectors.Candidate]) -> dict[tuple[str, int, int], int]:
    """Return the worst day's overlap by zone and working hours: a market has few distinct ones."""
    return {
        key: engine.worst_day_overlap(
            key[0],
            key[1],
            key[2],
            project.time_zone,
            project.day_starts,
            project.day_ends,
            project.starts_on,
            project.ends_on,
        )
        for key in {(row.time_zone, row.work_starts, row.work_ends) for row in rows}
    }


def _languages(place: dict[uuid.UUID, int], last: dt.date, only: Collection[uuid.UUID] | None) -> dict[str, np.ndarray]:
    columns = {
        f"{language}.{activity}": np.zeros(len(place), np.uint8)
        for language in LanguageCode.values
        for activity in _ACTIVITIES
    }
    columns |= {engine.evidence_column(language): np.zeros(len(place), np.uint8) for language in LanguageCode.values}
    for spoken in selectors.languages(last, only):
        row = place.get(spoken.professional_id)
        if row is not None:
            for activity, level in zip(_ACTIVITIES, spoken.levels, strict=True):
                columns[f"{spoken.language}.{activity}"][row] = level
            columns[engine.evidence_column(spoken.language)][row] = spoken.evidence
    return columns


def _postings(
    place: dict[uuid.UUID, int], skills: set[int], last: dt.date, only: Collection[uuid.UUID] | None
) -> dict[int, engine.Posting]:
    held: dict[int, list[tuple[int, int, int, int, int]]] = defaultdict(list)
    for h in selectors.holdings(skills, last, only):
        row = place.get(h.professional_id)
        if row is not None:
            expires = h.valid_through.toordinal() if h.valid_through else 0
            held[h.skill_id].append((row, h.level, min(h.years, 60), h.evidence, expires))
    postings = {}
    for skill in sorted(skills):
        columns = np.array(sorted(held[skill]), np.int64).reshape(-1, 5).T
        postings[skill] = engine.Posting(
            columns[0].astype(np.int32),
            columns[1].astype(np.uint8),
            columns[2].astype(np.uint8),
            columns[3].astype(np.uint8),
            columns[4].astype(np.int32),
        )
    return postings


def _collaborations(place: dict[uuid.UUID, int], only: Collection[uuid.UUID] | None) -> engine.Collaborations:
    edges = sorted(
        (min(place[a], place[b]), max(place[a], place[b]), min(times, 3))
        for a, b, times in selectors.collaborations(only)
        if a in place and b in place
    )
    columns = np.array(edges, np.int64).reshape(-1, 3).T
    return engine.Collaborations(columns[0].astype(np.int32), columns[1].astype(np.int32), columns[2].astype(np.uint8))


class Kept(Protocol):
    """A row that holds what the engine was given."""

    digest: str
    content: Any
    people: Any


def packed(taken: Taken) -> dict[str, Any]:
    """Return the columns of a row that is to keep what the engine is given."""
    return {
        "digest": engine.digest(taken.problem),
        "content": engine.encode(taken.problem),
        "people": zlib.compress(roster_of(taken.people).to_bytes(), 1),
    }


def store(run_id: uuid.UUID, taken: Taken) -> Snapshot:
    """Keep what the engine is given; a retried run replaces its snapshot."""
    row, _created = Snapshot.objects.update_or_create(run_id=run_id, defaults=packed(taken))
    return row


def load(snapshot: Kept) -> Taken:
    """Return what was kept. Raises ValueError when the content no longer has its digest."""
    problem = engine.decode(bytes(snapshot.content))
    if engine.digest(problem) != snapshot.digest:
        raise ValueError("the stored snapshot does not have its digest")
    people = Roster.of(zlib.decompress(bytes(snapshot.people)))
    return Taken(problem, people, len(people))


def roster_of(people: Sequence[uuid.UUID]) -> Roster:
    """Return ids as a roster."""
    return people if isinstance(people, Roster) else Roster(*halves(people))


def changed_members(given: Project | Terms, taken: Taken, refs: Collection[int]) -> list[uuid.UUID]:
    """Return which of these members are no longer what the snapshot says: a cell of theirs must not be recorded."""
    ids = [taken.person(ref) for ref in refs]
    now = take(given, only=ids)
    rows = {key: number for number, key in enumerate(now.people)}
    spoken = taken.problem.market.people.languages  # what is read from storage has only those that a rule mentions
    return [
        taken.person(ref)
        for ref in refs
        if taken.person(ref) not in rows
        or _facts(taken.problem, ref, spoken) != _facts(now.problem, rows[taken.person(ref)], spoken)
    ]


def _facts(problem: engine.Problem, row: int, languages: Collection[str]) -> tuple[object, ...]:
    """Everything that the rules read of one person."""
    people = problem.market.people
    columns = (
        people.functions,
        people.main_function,
        people.seniority,
        people.country,
        people.routes,
        people.rate_cents,
        people.free_minutes,
        people.overlap_minutes,
        people.available_from,
    )
    held = []
    for skill, posting in sorted(problem.market.postings.items()):
        at = int(np.searchsorted(posting.person, row))
        if at < len(posting.person) and posting.person[at] == row:
            held.append((skill, *(int(c[at]) for c in (posting.level, posting.years, posting.evidence))))
            held.append((skill, int(posting.valid_through[at])))
    levels = [int(people.languages[key][row]) for key in sorted(languages)]
    return (*(int(column[row]) for column in columns), tuple(levels), tuple(held))

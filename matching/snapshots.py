"""From rows to a ``Problem``: what the engine is given, with opaque refs, frozen and stored with its digest.

A ref is the position of a person in the snapshot. Names, contact, sex, age and identifiers are never read.
"""

from __future__ import annotations

import datetime as dt
import uuid
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

import numpy as np
from django.db import connection

from marketplace.clients.models import Need, Project, Seat
from marketplace.kernel import clock
from marketplace.kernel.money import Currency
from matching import engine
from matching.index import keeper as index
from matching.index.projection import asked_cents
from matching.index.roster import Roster, halves
from matching.models import Snapshot
from profiles import selectors
from profiles.levels import Activity, Country, LanguageCode
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


def take(project: Project, only: Collection[uuid.UUID] | None = None) -> Taken:
    """Read the project's rules and the market from rows as they are now; ``only`` restricts it to some people.

    For members who are read again, and the oracle of ``take_from_index``: it takes a minute over a large market.
    """
    rules = _Rules(project)
    market, people = _market(project, rules.skills, only)
    return Taken(rules.over(market), people, len(people))


def take_from_index(project: Project, keeper: index.Keeper) -> Taken:
    """Read the project's rules now and the market from its index, brought up to date: the same problem as ``take``.

    Columns are views that hold until the keeper is used again; ``narrowed`` copies. Raises RuntimeError inside a
    transaction.
    """
    rules = _Rules(project)
    view, version = keeper.market_for(project, rules.skills, _exchange_rates(project, Currency.values))
    return Taken(rules.over(view.market), view.people, len(view.people), version)


def current(project: Project) -> Taken:
    """Read the market as it is now from the index; inside a transaction from rows, since the index sees none of it."""
    return take(project) if connection.in_atomic_block else take_from_index(project, index.keeper())


def narrowed(taken: Taken) -> Taken:
    """Leave out whoever no seat would take: the same cells and bounds, in a snapshot that is small enough to keep."""
    problem, rows = engine.narrow(taken.problem)
    people = taken.people
    kept = people.at(rows) if isinstance(people, Roster) else tuple(people[row] for row in rows.tolist())
    return replace(taken, problem=problem, people=kept)


class _Rules:
    """What a project asks of a market, read once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._seats = list(project.seats.prefetch_related("skills", "languages").order_by("position"))
        self._needs = list(project.needs.order_by("position"))
        self.skills = {s.skill_id for seat in self._seats for s in seat.skills.all()}
        self.skills |= {need.skill_id for need in self._needs}

    def over(self, market: engine.Market) -> engine.Problem:
        project = self._project
        return engine.Problem(
            market=market,
            seats=tuple(_seat(project, seat) for seat in self._seats),
            needs=tuple(_need(project, need) for need in self._needs),
            budget=int(project.monthly_cap.to_integral_value(ROUND_FLOOR)),
            starts_on=project.starts_on.toordinal(),
            ends_on=project.ends_on.toordinal(),
            bridges=project.bridges,
            specialists=project.us_specialists,
            least=project.size_least,
            most=project.size_most,
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


def _seat(project: Project, seat: Seat) -> engine.Seat:
    floors = {f"{row.language}.{row.activity}": int(row.level) for row in seat.languages.all()}
    max_rate = 0
    if seat.max_rate is not None:
        limit = _cents(seat.max_rate, seat.max_rate_currency, project, ROUND_FLOOR)
        max_rate = max(1, limit) if limit >= 0 else 0
    return engine.Seat(
        key=seat.public_id,
        function=seat.function,
        skills=tuple(engine.SkillFloor(s.skill_id, s.level, project.evidence_floor) for s in seat.skills.all()),
        min_seniority=seat.min_seniority,
        languages=tuple(sorted(floors.items())),
        countries=tuple(sorted(seat.countries)) or tuple(Country.values),
        weekly_minutes=seat.weekly_minutes,
        min_overlap_minutes=project.overlap_minutes,
        max_rate_cents=max_rate,
        client_facing=seat.client_facing,
        least=seat.least,
        most=seat.most,
    )


def _need(project: Project, need: Need) -> engine.Need:
    return engine.Need(
        key=need.public_id,
        skill=need.skill_id,
        level=need.level,
        evidence=project.evidence_floor,
        count=need.count,
        weight=need.weight,
    )


def _cents(amount: Decimal, currency: str, project: Project, rounding: str) -> int:
    """Return hundredths of the project's currency, or -1 where no exchange rate is known."""
    rate = exchange.rate(currency, project.currency, clock.today())
    return -1 if rate is None else int((amount * rate * 100).to_integral_value(rounding))


def _market(
    project: Project, skills: set[int], only: Collection[uuid.UUID] | None
) -> tuple[engine.Market, tuple[uuid.UUID, ...]]:
    first, last = project.starts_on, project.ends_on
    rows = selectors.candidates(first, last, only)
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
        languages=_languages(place, only),
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


def _languages(place: dict[uuid.UUID, int], only: Collection[uuid.UUID] | None) -> dict[str, np.ndarray]:
    columns = {
        f"{language}.{activity}": np.zeros(len(place), np.uint8)
        for language in LanguageCode.values
        for activity in _ACTIVITIES
    }
    for person, language, *levels in selectors.language_levels(only):
        row = place.get(person)
        if row is not None:
            for activity, level in zip(_ACTIVITIES, levels, strict=True):
                columns[f"{language}.{activity}"][row] = level
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


def store(run_id: uuid.UUID, taken: Taken) -> Snapshot:
    """Keep what the engine is given; a retried run replaces its snapshot."""
    row, _created = Snapshot.objects.update_or_create(
        run_id=run_id,
        defaults={
            "digest": engine.digest(taken.problem),
            "content": engine.encode(taken.problem),
            "people": zlib.compress(_roster(taken.people).to_bytes(), 1),
        },
    )
    return row


def load(snapshot: Snapshot) -> Taken:
    """Return what ``store`` kept. Raises ValueError when the content no longer has its digest."""
    problem = engine.decode(bytes(snapshot.content))
    if engine.digest(problem) != snapshot.digest:
        raise ValueError("the stored snapshot does not have its digest")
    people = Roster.of(zlib.decompress(bytes(snapshot.people)))
    return Taken(problem, people, len(people))


def _roster(people: Sequence[uuid.UUID]) -> Roster:
    return people if isinstance(people, Roster) else Roster(*halves(people))


def changed_members(project: Project, taken: Taken, refs: Collection[int]) -> list[uuid.UUID]:
    """Return which of these members are no longer what the snapshot says: a cell of theirs must not be recorded."""
    ids = [taken.person(ref) for ref in refs]
    now = take(project, only=ids)
    rows = {key: number for number, key in enumerate(now.people)}
    return [
        taken.person(ref)
        for ref in refs
        if taken.person(ref) not in rows or _facts(taken.problem, ref) != _facts(now.problem, rows[taken.person(ref)])
    ]


def _facts(problem: engine.Problem, row: int) -> tuple[object, ...]:
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
    levels = {key: int(column[row]) for key, column in sorted(people.languages.items())}
    return (*(int(column[row]) for column in columns), tuple(levels.items()), tuple(held))

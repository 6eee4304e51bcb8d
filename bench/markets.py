"""Markets and projects of any size for measuring, straight from the synthetic generator, without a database.

The same arguments give the same market and the same projects on every machine. Markets are kept in the user's cache
folder, since 700,000 people take some seconds to draw.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from tempfile import gettempdir

import numpy as np
from numpy.typing import NDArray

from matching.engine import (
    ACTIVITIES,
    Cefr,
    Collaborations,
    Country,
    Function,
    Market,
    Need,
    People,
    Pin,
    Posting,
    Problem,
    Seat,
    SkillFloor,
    worst_day_overlap,
)
from profiles.synthetic.generate import REFERENCE_DAY, generate
from profiles.synthetic.market import SyntheticMarket
from profiles.taxonomy.source import read_taxonomy

FORMAT = 3  # raised whenever the same arguments give another market: kept ones are then drawn anew
LANGUAGES = ("en", "es")  # by number, as in ``LanguageColumns``
CLIENT_ZONE, CLIENT_OPENS, CLIENT_CLOSES = "America/Chicago", 540, 1_020
STARTS = (7, 14, 30, 45)  # days after the day as of which the market was drawn
LENGTH = 180  # days
CERTIFIED_LEVEL = 5
HARD_DRAWS = 25  # of so many people the cheapest joins the hidden cell: the budget then binds nearly always
SPOKEN = "en.speaking"


def market(people: int, seed: int = 1) -> Market:
    """The engine's columns of a market of ``people``, for engagements of half a year; drawn once, then read again."""
    kept = _cache_folder() / f"market-{FORMAT}-{people}-{seed}.npz"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Another process may be drawing the same market: both write whole files, and the last one stays.
        written = kept.with_name(f"{kept.stem}-{os.getpid()}.npz")
        np.savez(written, allow_pickle=False, **_packed(_columns(generate(people, seed, read_taxonomy()))))
        written.replace(kept)
    with np.load(kept) as arrays:
        return _unpacked(dict(arrays))


def with_dense_collaborations(given: Market, neighbors: int = 100, seed: int = 1) -> Market:
    """The market with about ``neighbors`` past collaborations for each person instead of its own."""
    size = len(given.people)
    rng = np.random.default_rng([seed, size, neighbors])
    first, second = (rng.integers(size, size=size * neighbors // 2) for _ in range(2))
    keys = np.unique((np.minimum(first, second) * size + np.maximum(first, second))[first != second])
    together = Collaborations(
        first=(keys // size).astype(np.int32),
        second=(keys % size).astype(np.int32),
        weight=rng.integers(1, 4, len(keys)).astype(np.uint8),
    )
    return replace(given, collaborations=together)


def projects(given: Market, count: int, seed: int = 1, hard: bool = True) -> list[Problem]:
    """``count`` problems, each around a hidden cell from which its rules are taken, so that each has an answer.

    Where ``hard``, the hidden cell is made of people who ask for little, so that the budget keeps most better ones out.
    """
    drawing = _Drawing(given)
    return [drawing.project(np.random.default_rng([seed, number]), hard) for number in range(count)]


def _cache_folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return Path(home) / "celula" if home else Path(gettempdir()) / "celula-bench"


def _columns(drawn: SyntheticMarket) -> Market:
    persons, size = drawn.people, len(drawn.people)
    first = drawn.as_of.toordinal() + STARTS[0]
    last = drawn.as_of.toordinal() + STARTS[-1] + LENGTH
    dollars = persons.rate_cents / np.where(persons.rate_in_pesos, float(drawn.pesos_per_dollar), 1.0)
    free = np.where((persons.available_until == 0) | (persons.available_until >= last), persons.weekly_minutes, 0)
    spells = drawn.exceptions
    meets = (spells.starts_on <= last) & ((spells.ends_on == 0) | (spells.ends_on >= first))
    np.minimum.at(free, spells.person[meets], spells.weekly_minutes[meets])
    countries = np.array([place.country for place in drawn.places], np.uint8)
    languages = {f"{code}.{activity}": np.zeros(size, np.uint8) for code in LANGUAGES for activity in ACTIVITIES}
    for number, code in enumerate(LANGUAGES):
        those = drawn.languages.language == number
        for activity in ACTIVITIES:
            languages[f"{code}.{activity}"][drawn.languages.person[those]] = getattr(drawn.languages, activity)[those]
    people = People(
        ref=np.arange(size, dtype=np.int64),
        functions=persons.functions,
        main_function=persons.main_function,
        seniority=persons.seniority,
        country=countries[persons.place],
        routes=np.left_shift(np.uint8(1), persons.route).astype(np.uint8),
        rate_cents=np.ceil(dollars - 1e-9).astype(np.int32),
        free_minutes=free.astype(np.int32),
        overlap_minutes=_overlap(drawn, first, last),
        available_from=persons.available_from,
        languages=languages,
    )
    together = drawn.collaborations
    return Market(people, _postings(drawn), Collaborations(together.first, together.second, together.times))


def _overlap(drawn: SyntheticMarket, first: int, last: int) -> NDArray[np.int16]:
    persons = drawn.people
    hours = np.stack([persons.place, persons.work_starts, persons.work_ends], axis=1)
    distinct, number = np.unique(hours, axis=0, return_inverse=True)
    shared = [
        worst_day_overlap(
            drawn.places[place].zone,
            starts,
            ends,
            CLIENT_ZONE,
            CLIENT_OPENS,
            CLIENT_CLOSES,
            date.fromordinal(first),
            date.fromordinal(last),
        )
        for place, starts, ends in distinct.tolist()
    ]
    return np.array(shared, np.int16)[number.reshape(-1)]


def _postings(drawn: SyntheticMarket) -> dict[int, Posting]:
    """Claims and certificates by skill and person; of two about the same skill the certificate counts."""
    claims, papers = drawn.claims, drawn.certificates
    years = np.clip((drawn.as_of.toordinal() - papers.issued_on) // 365, 0, 60)
    skill, person = (np.concatenate([getattr(papers, name), getattr(claims, name)]) for name in ("skill", "person"))
    level = np.concatenate([np.full(len(papers), CERTIFIED_LEVEL, np.uint8), claims.level])
    practiced = np.concatenate([years.astype(np.uint8), claims.years])
    evidence = np.concatenate([papers.evidence, claims.evidence])
    expires = np.concatenate([papers.expires_on, np.zeros(len(claims), np.int32)])
    keys, at = np.unique(skill.astype(np.int64) << 32 | person, return_index=True)
    skills, starts = np.unique(keys >> 32, return_index=True)
    ends = np.append(starts[1:], len(keys))
    return {
        number: Posting(
            person[at[start:end]],
            level[at[start:end]],
            practiced[at[start:end]],
            evidence[at[start:end]],
            expires[at[start:end]],
        )
        for number, start, end in zip(skills.tolist(), starts.tolist(), ends.tolist(), strict=True)
    }


def _packed(given: Market) -> dict[str, NDArray[np.generic]]:
    people, together = given.people, given.collaborations
    arrays = {
        f"people/{field.name}": getattr(people, field.name) for field in fields(people) if field.name != "languages"
    }
    arrays |= {f"language/{key}": column for key, column in people.languages.items()}
    arrays |= {f"collaborations/{field.name}": getattr(together, field.name) for field in fields(together)}
    skills = sorted(given.postings)
    arrays["posting/skills"] = np.array(skills, np.int64)
    arrays["posting/ends"] = np.cumsum([len(given.postings[skill].person) for skill in skills]).astype(np.int64)
    for field in fields(Posting):
        parts = [getattr(given.postings[skill], field.name) for skill in skills]
        arrays[f"posting/{field.name}"] = np.concatenate(parts) if parts else np.zeros(0, np.int32)
    return arrays


def _unpacked(arrays: dict[str, NDArray[np.generic]]) -> Market:
    def part(prefix: str) -> dict[str, NDArray[np.generic]]:
        return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}

    columns = part("posting/")
    skills, ends = columns.pop("skills").tolist(), columns.pop("ends").tolist()
    starts = [0, *ends[:-1]]
    postings = {
        skill: Posting(**{name: column[start:end] for name, column in columns.items()})  # type: ignore[arg-type]
        for skill, start, end in zip(skills, starts, ends, strict=True)
    }
    people = People(**part("people/"), languages=part("language/"))  # type: ignore[arg-type]
    return Market(people, postings, Collaborations(**part("collaborations/")))  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Member:
    """A member of a hidden cell: the row of the market and the (skill, level) that they hold to the end."""

    row: int
    held: list[tuple[int, int]]


class _Drawing:
    """Draws projects over one market."""

    def __init__(self, given: Market) -> None:
        self._market = given
        people = given.people
        self._able = (people.free_minutes >= 960) & (people.rate_cents > 0) & (people.languages[SPOKEN] >= Cefr.A2)

    def project(self, rng: np.random.Generator, hard: bool) -> Problem:
        people = self._market.people
        starts_on = REFERENCE_DAY.toordinal() + int(rng.choice(STARTS))
        ends_on = starts_on + LENGTH
        members = self._members(rng, int(rng.integers(3, 10)), starts_on, ends_on, draws=HARD_DRAWS if hard else 1)
        seats = tuple(self._seat(rng, position, member) for position, member in enumerate(members))
        rows = [member.row for member in members]
        cost = sum(
            -(-int(people.rate_cents[row]) * seat.weekly_minutes * 13 // 18_000)
            for row, seat in zip(rows, seats, strict=True)
        )
        fluent = int((people.languages[SPOKEN][rows] >= Cefr.C1).sum())
        abroad = int((people.country[rows] == Country.UNITED_STATES).sum())
        pins: tuple[Pin, ...] = ()
        banned: tuple[int, ...] = ()
        if rng.random() < 0.1:
            pins = (Pin(int(people.ref[rows[0]]), 0 if rng.random() < 0.5 else None),)
        if rng.random() < 0.2:
            banned = tuple(int(people.ref[row]) for row in rng.integers(len(people), size=3) if row not in rows)
        return Problem(
            market=self._market,
            seats=seats,
            needs=self._needs(rng, members),
            budget=int(np.ceil(cost * (1 + rng.uniform(0.0, 0.15)))),
            starts_on=starts_on,
            ends_on=ends_on,
            bridges=min(fluent, int(rng.integers(0, 3))),
            specialists=min(abroad, 1),
            pins=pins,
            banned=banned,
        )

    def _members(self, rng: np.random.Generator, size: int, starts_on: int, ends_on: int, draws: int) -> list[_Member]:
        """Distinct people who can start in time; of ``draws`` at a time the one who asks for least."""
        people, rows = self._market.people, list[int]()
        fit = np.flatnonzero(self._able & (people.available_from <= starts_on))
        while len(rows) < size:
            drawn = fit[rng.integers(len(fit), size=draws)]
            row = int(drawn[np.argmin(people.rate_cents[drawn])])
            if row not in rows:
                rows.append(row)
        held: list[list[tuple[int, int]]] = [[] for _ in rows]
        wanted = np.array(rows, np.int32)
        for skill, posting in self._market.postings.items():
            at = np.minimum(np.searchsorted(posting.person, wanted), len(posting.person) - 1)
            valid = (posting.valid_through[at] == 0) | (posting.valid_through[at] >= ends_on)
            for position in np.flatnonzero((posting.person[at] == wanted) & valid):
                held[position].append((skill, int(posting.level[at[position]])))
        return [_Member(row, skills) for row, skills in zip(rows, held, strict=True)]

    def _seat(self, rng: np.random.Generator, position: int, member: _Member) -> Seat:
        """Floors at or a little below what the member has."""
        people, row = self._market.people, member.row
        order = rng.permutation(len(member.held))[: int(rng.choice([0, 1, 2], p=[0.2, 0.45, 0.35]))]
        spoken, free = int(people.languages[SPOKEN][row]), int(people.free_minutes[row])
        anywhere = (Country.MEXICO, Country.UNITED_STATES)
        return Seat(
            key=f"seat-{position}",
            function=int(people.main_function[row]),
            skills=tuple(
                SkillFloor(skill, max(1, level - int(rng.integers(0, 2))))
                for skill, level in (member.held[i] for i in order.tolist())
            ),
            min_seniority=max(1, int(people.seniority[row]) - int(rng.integers(0, 3))),
            languages=((SPOKEN, max(1, spoken - int(rng.integers(0, 3)))),),
            countries=anywhere if rng.random() < 0.7 else (int(people.country[row]),),
            weekly_minutes=int(rng.choice([minutes for minutes in (960, 1_200, 1_800, 2_400) if minutes <= free])),
            min_overlap_minutes=min(240, int(people.overlap_minutes[row])),
            client_facing=bool(spoken >= Cefr.B2 and rng.random() < 0.25),
        )

    def _needs(self, rng: np.random.Generator, members: list[_Member]) -> tuple[Need, ...]:
        levels: dict[int, list[int]] = {}
        for member in members:
            for skill, level in member.held:
                levels.setdefault(skill, []).append(level)
        needs = []
        for skill in rng.permutation(sorted(levels))[: int(rng.integers(4, 9))].tolist():
            best = sorted(levels[skill], reverse=True)
            count = 2 if len(best) > 1 and rng.random() < 0.5 else int(rng.random() < 0.8)
            level = max(1, best[max(count, 1) - 1] - int(rng.integers(0, 2)))
            needs.append(Need(f"need-{skill}", skill=skill, level=level, count=count, weight=int(rng.integers(2, 11))))
        return tuple(needs)


def open_cells(given: Market, count: int, seed: int = 1) -> list[Problem]:
    """The same problems with the size left to the engine: a seat for up to four people per function."""
    opened = []
    for problem in projects(given, count, seed, hard=False):
        seats = tuple(
            Seat(f"function-{function}", function=function, weekly_minutes=1_200, least=0, most=4)
            for function in Function.ALL
        )
        opened.append(replace(problem, seats=seats, pins=(), least=2, most=0))
    return opened

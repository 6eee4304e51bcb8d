"""Hard rules of one pair (person, seat): one named function per rule, one row per rule in ``seat_rules``.

A rule looks at some rows of the market, or at whole columns, and answers with a mask. Every rule has a stable code,
which diagnosis and reasons repeat: ``function``, ``seniority``, ``language:en.speaking``, ``skill:12`` and so on; what
follows the colon says of which language or skill.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Cefr, Need, Posting, Problem, Seat, SkillFloor, evidence_column

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]
Positions = NDArray[np.intp]
Which = Rows | slice

EVERYBODY = slice(None)  # whole columns, read as they lie: far cheaper than gathering all rows by number

EMPTY_POSTING = Posting(
    person=np.zeros(0, np.int32),
    level=np.zeros(0, np.uint8),
    years=np.zeros(0, np.uint8),
    evidence=np.zeros(0, np.uint8),
    valid_through=np.zeros(0, np.int32),
)


@dataclass(frozen=True)
class Rule:
    """``passes(rows)`` says which of the rows (row numbers of ``People``, ascending, or EVERYBODY) keep the rule."""

    code: str
    passes: Callable[[Which], Mask]


def posting_of(problem: Problem, skill: int) -> Posting:
    """Everybody who claims the skill; nobody when the market does not know it."""
    return problem.market.postings.get(skill, EMPTY_POSTING)


def language_levels(problem: Problem, key: str) -> NDArray[np.uint8]:
    """A column of ``People.languages``: CEFR levels of one activity, or evidence; all 0 where the market has none."""
    column = problem.market.people.languages.get(key)
    return np.zeros(len(problem.market.people), np.uint8) if column is None else column


def language_floors(problem: Problem, seat: Seat) -> tuple[tuple[str, int], ...]:
    """The seat's floors; a client-facing seat asks for spoken B2 in the client's language even if none is written."""
    floors = dict(seat.languages)
    if seat.client_facing:
        floors[problem.bridge_language] = max(floors.get(problem.bridge_language, 0), Cefr.B2)
    return tuple(floors.items())


def _claims(problem: Problem, posting: Posting, rows: Which) -> tuple[Mask, Positions]:
    """Which rows claim the skill, and where in the posting."""
    if isinstance(rows, slice):
        rows = everybody(problem)[rows]
    if not len(posting.person):
        return np.zeros(len(rows), bool), np.zeros(len(rows), np.intp)
    at = np.minimum(np.searchsorted(posting.person, rows), len(posting.person) - 1)
    return posting.person[at] == rows, at


def rows_of(problem: Problem, refs: Collection[int]) -> Rows:
    """Row numbers, ascending, of those of these refs that the market has."""
    known, asked = problem.market.people.ref, np.unique(np.array(list(refs), np.int64))
    if not len(known):
        return np.zeros(0, np.int32)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    rows: Rows = at[known[at] == asked].astype(np.int32)
    return rows


def _among(problem: Problem, refs: Collection[int], rows: Which) -> Mask:
    """Which rows are people with one of these refs."""
    named = rows_of(problem, refs)
    if not isinstance(rows, slice):
        return np.isin(rows, named) if len(named) else np.zeros(len(rows), bool)
    mask = np.zeros(len(problem.market.people), bool)
    mask[named] = True
    return mask


def is_not_banned(problem: Problem, rows: Which) -> Mask:
    return ~_among(problem, problem.banned, rows)


def respects_pins(problem: Problem, position: int, rows: Which) -> Mask:
    """A pinned person sits where the pin says; a seat whose places are all pinned takes nobody else."""
    elsewhere = [pin.ref for pin in problem.pins if pin.seat is not None and pin.seat != position]
    here = {pin.ref for pin in problem.pins if pin.seat == position}
    mask = ~_among(problem, elsewhere, rows)
    if here and len(here) >= problem.seats[position].most:
        mask &= _among(problem, here, rows)
    return mask


def covers_function(problem: Problem, seat: Seat, rows: Which) -> Mask:
    mask: Mask = (problem.market.people.functions[rows] & np.uint8(1 << seat.function)) != 0
    return mask


def lives_in_allowed_country(problem: Problem, seat: Seat, rows: Which) -> Mask:
    lives = problem.market.people.country[rows]
    mask = np.zeros(len(lives), bool)
    for country in seat.countries:
        mask |= lives == country
    return mask


def shares_a_contract_route(problem: Problem, rows: Which) -> Mask:
    mask: Mask = (problem.market.people.routes[rows] & np.uint8(problem.allowed_routes & 0xFF)) != 0
    return mask


def asks_an_acceptable_rate(problem: Problem, seat: Seat, rows: Which) -> Mask:
    rates = problem.market.people.rate_cents[rows]
    return (rates >= 0) & (rates <= seat.max_rate_cents) if seat.max_rate_cents else rates >= 0


def reaches_seniority(problem: Problem, seat: Seat, rows: Which) -> Mask:
    return problem.market.people.seniority[rows] >= seat.min_seniority


def speaks(problem: Problem, key: str, level: int, rows: Which) -> Mask:
    return language_levels(problem, key)[rows] >= level


def shows_language(problem: Problem, language: str, evidence: int, rows: Which) -> Mask:
    """A test whose result runs out before the engagement ends does not count: see ``People.languages``."""
    return language_levels(problem, evidence_column(language))[rows] >= evidence


def is_available(problem: Problem, rows: Which) -> Mask:
    return problem.market.people.available_from[rows] <= problem.starts_on


def has_the_hours(problem: Problem, seat: Seat, rows: Which) -> Mask:
    return problem.market.people.free_minutes[rows] >= seat.weekly_minutes


def shares_enough_hours(problem: Problem, seat: Seat, rows: Which) -> Mask:
    return problem.market.people.overlap_minutes[rows] >= seat.min_overlap_minutes


def claims_level(problem: Problem, floor: SkillFloor, rows: Which) -> Mask:
    posting = posting_of(problem, floor.skill)
    known, at = _claims(problem, posting, rows)
    known[known] = posting.level[at[known]] >= floor.level
    return known


def claims_evidence(problem: Problem, floor: SkillFloor, rows: Which) -> Mask:
    posting = posting_of(problem, floor.skill)
    known, at = _claims(problem, posting, rows)
    known[known] = posting.evidence[at[known]] >= floor.evidence
    return known


def stays_certified(problem: Problem, floor: SkillFloor, rows: Which) -> Mask:
    """A claim whose certificate expires before the engagement ends does not count."""
    posting = posting_of(problem, floor.skill)
    known, at = _claims(problem, posting, rows)
    known[known] = unexpired(posting, problem.ends_on)[at[known]]
    return known


def unexpired(posting: Posting, ends_on: int) -> Mask:
    """Which claims are still certified on the last day of the engagement (0 = never expires)."""
    mask: Mask = (posting.valid_through == 0) | (posting.valid_through >= ends_on)
    return mask


def good_claims(problem: Problem, floor: SkillFloor) -> Positions:
    """Where in the skill's posting the claims that meet the floor are: the three rules of a skill in one pass."""
    posting = posting_of(problem, floor.skill)
    good = (posting.level >= floor.level) & (posting.evidence >= floor.evidence) & unexpired(posting, problem.ends_on)
    return np.flatnonzero(good)


def personal_rules(problem: Problem, position: int) -> tuple[Rule, ...]:
    """The rules of a seat that read columns of ``People``; what is asked of skills is in ``skill_rules``."""
    seat = problem.seats[position]
    rules = [
        Rule("banned", lambda rows: is_not_banned(problem, rows)),
        Rule("pinned", lambda rows: respects_pins(problem, position, rows)),
        Rule("function", lambda rows: covers_function(problem, seat, rows)),
        Rule("country", lambda rows: lives_in_allowed_country(problem, seat, rows)),
        Rule("route", lambda rows: shares_a_contract_route(problem, rows)),
        Rule("rate", lambda rows: asks_an_acceptable_rate(problem, seat, rows)),
        Rule("seniority", lambda rows: reaches_seniority(problem, seat, rows)),
        Rule("available", lambda rows: is_available(problem, rows)),
        Rule("free_time", lambda rows: has_the_hours(problem, seat, rows)),
        Rule("overlap", lambda rows: shares_enough_hours(problem, seat, rows)),
    ]
    rules += [
        Rule(f"language:{key}", lambda rows, key=key, level=level: speaks(problem, key, level, rows))  # type: ignore[misc]
        for key, level in language_floors(problem, seat)
    ]
    rules += [
        Rule(
            f"language_evidence:{language}",
            lambda rows, language=language, step=step: shows_language(problem, language, step, rows),  # type: ignore[misc]
        )
        for language, step in seat.language_evidence
    ]
    return tuple(rules)


def skill_rules(problem: Problem, floor: SkillFloor) -> tuple[Rule, ...]:
    """Level, evidence and validity of one skill."""
    return (
        Rule(f"skill:{floor.skill}", lambda rows: claims_level(problem, floor, rows)),
        Rule(f"evidence:{floor.skill}", lambda rows: claims_evidence(problem, floor, rows)),
        Rule(f"certificate:{floor.skill}", lambda rows: stays_certified(problem, floor, rows)),
    )


def seat_rules(problem: Problem, position: int) -> tuple[Rule, ...]:
    """Every rule of one seat, in the order in which diagnosis counts whom each of them removes."""
    rules = list(personal_rules(problem, position))
    for floor in problem.seats[position].skills:
        rules += skill_rules(problem, floor)
    return tuple(rules)


def everybody(problem: Problem) -> Rows:
    """All row numbers of the market."""
    return np.arange(len(problem.market.people), dtype=np.int32)


def _breakable_rules(problem: Problem, position: int) -> list[Rule]:
    """The personal rules that somebody could break at all: without bans or pins nobody is looked up."""
    void = {code for code, named in (("banned", problem.banned), ("pinned", problem.pins)) if not named}
    return [rule for rule in personal_rules(problem, position) if rule.code not in void]


@dataclass(frozen=True)
class Candidates:
    """``rows`` of everybody who keeps every rule of a seat, ascending; ``claims[k]`` is where each of them stands in
    the posting of the seat's k-th must-have skill."""

    rows: Rows
    claims: tuple[Positions, ...]


def candidates(problem: Problem, position: int) -> Candidates:
    """Everybody who keeps every rule of the seat.

    A seat with must-have skills starts from those whose claim is good, the rarest skill first, so that its cost follows
    that skill and not the market; any other seat reads whole columns.
    """
    floors = problem.seats[position].skills
    if not floors:
        mask = np.ones(len(problem.market.people), bool)
        for rule in _breakable_rules(problem, position):
            mask &= rule.passes(EVERYBODY)
        return Candidates(np.flatnonzero(mask).astype(np.int32), ())
    good = [good_claims(problem, floor) for floor in floors]
    people = [posting_of(problem, floor.skill).person[at] for floor, at in zip(floors, good, strict=True)]
    first, *others = sorted(range(len(floors)), key=lambda k: len(good[k]))
    rows, claims = people[first], {first: good[first]}
    for k in others:
        if not len(people[k]):
            rows = people[k]
            claims = dict.fromkeys(range(len(floors)), good[k])
            break
        at = np.minimum(np.searchsorted(people[k], rows), len(people[k]) - 1)
        both = people[k][at] == rows
        rows, claims = rows[both], {j: c[both] for j, c in claims.items()} | {k: good[k][at[both]]}
    kept = np.arange(len(rows))
    for rule in _breakable_rules(problem, position):
        kept = kept[rule.passes(rows[kept])]
    return Candidates(rows[kept], tuple(claims[k][kept] for k in range(len(floors))))


def with_claims_of(problem: Problem, position: int, rows: Rows) -> Candidates:
    """These people as candidates of a seat, whether or not they keep its rules: -1 where they do not claim a skill."""
    claims = []
    for floor in problem.seats[position].skills:
        known, at = _claims(problem, posting_of(problem, floor.skill), rows)
        claims.append(np.where(known, at, -1))
    return Candidates(rows, tuple(claims))


def eligible(problem: Problem, position: int) -> Rows:
    """Row numbers, ascending, of everybody who keeps every rule of the seat."""
    return candidates(problem, position).rows


def removals(problem: Problem, position: int) -> tuple[tuple[str, int], ...]:
    """How many of the people left each rule of the seat removes, in the order of ``seat_rules``."""
    rows, counts = everybody(problem), []
    for rule in seat_rules(problem, position):
        kept = rows[rule.passes(rows)]
        counts.append((rule.code, len(rows) - len(kept)))
        rows = kept
    return tuple(counts)


def need_rules(problem: Problem, need: Need) -> tuple[Rule, ...]:
    """The rules that make somebody a holder of a need."""
    if need.skill is None:
        key = need.language or ""
        return (Rule(f"language:{key}", lambda rows: speaks(problem, key, need.level, rows)),)
    return skill_rules(problem, SkillFloor(need.skill, need.level, need.evidence))


def holders(problem: Problem, need: Need) -> Rows:
    """Row numbers, ascending, of everybody who holds a need, whether or not a seat would take them."""
    if need.skill is not None:
        at = good_claims(problem, SkillFloor(need.skill, need.level, need.evidence))
        return posting_of(problem, need.skill).person[at]
    return np.flatnonzero(speaks(problem, need.language or "", need.level, EVERYBODY)).astype(np.int32)

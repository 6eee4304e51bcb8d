"""Hard rules of one pair (person, seat): one named function per rule, one row per rule in ``seat_rules``.

A rule looks at some rows of the market and answers with a mask. Every rule has a stable code, which diagnosis and
reasons repeat: ``function``, ``seniority``, ``language:en.speaking``, ``skill:12`` and so on; what follows the colon
says of which language or skill.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import Cefr, Need, Posting, Problem, Seat, SkillFloor

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]

EMPTY_POSTING = Posting(
    person=np.zeros(0, np.int32),
    level=np.zeros(0, np.uint8),
    years=np.zeros(0, np.uint8),
    evidence=np.zeros(0, np.uint8),
    valid_through=np.zeros(0, np.int32),
)


@dataclass(frozen=True)
class Rule:
    """``passes(rows)`` says which of the rows (row numbers of ``People``, ascending) keep the rule."""

    code: str
    passes: Callable[[Rows], Mask]


def posting_of(problem: Problem, skill: int) -> Posting:
    """Everybody who claims the skill; nobody when the market does not know it."""
    return problem.market.postings.get(skill, EMPTY_POSTING)


def language_levels(problem: Problem, key: str) -> NDArray[np.uint8]:
    """CEFR levels of everybody in one language and activity, 0 for all when the market has no such column."""
    column = problem.market.people.languages.get(key)
    return np.zeros(len(problem.market.people), np.uint8) if column is None else column


def language_floors(problem: Problem, seat: Seat) -> tuple[tuple[str, int], ...]:
    """The seat's floors; a client-facing seat asks for spoken B2 in the client's language even if none is written."""
    floors = dict(seat.languages)
    if seat.client_facing:
        floors[problem.bridge_language] = max(floors.get(problem.bridge_language, 0), Cefr.B2)
    return tuple(floors.items())


def _claims(posting: Posting, rows: Rows) -> tuple[Mask, NDArray[np.intp]]:
    """Which rows claim the skill, and where in the posting."""
    if not len(posting.person):
        return np.zeros(len(rows), bool), np.zeros(len(rows), np.intp)
    at = np.minimum(np.searchsorted(posting.person, rows), len(posting.person) - 1)
    return posting.person[at] == rows, at


def is_not_banned(problem: Problem, rows: Rows) -> Mask:
    return ~np.isin(problem.market.people.ref[rows], np.array(problem.banned, np.int64))


def respects_pins(problem: Problem, position: int, rows: Rows) -> Mask:
    """A pinned person sits where the pin says; a seat whose places are all pinned takes nobody else."""
    refs = problem.market.people.ref[rows]
    elsewhere = [pin.ref for pin in problem.pins if pin.seat is not None and pin.seat != position]
    here = {pin.ref for pin in problem.pins if pin.seat == position}
    mask = ~np.isin(refs, np.array(elsewhere, np.int64))
    if here and len(here) >= problem.seats[position].most:
        mask &= np.isin(refs, np.array(sorted(here), np.int64))
    return mask


def covers_function(problem: Problem, seat: Seat, rows: Rows) -> Mask:
    mask: Mask = (problem.market.people.functions[rows] & np.uint8(1 << seat.function)) != 0
    return mask


def lives_in_allowed_country(problem: Problem, seat: Seat, rows: Rows) -> Mask:
    return np.isin(problem.market.people.country[rows], np.array(seat.countries, np.uint8))


def shares_a_contract_route(problem: Problem, rows: Rows) -> Mask:
    mask: Mask = (problem.market.people.routes[rows] & np.uint8(problem.allowed_routes & 0xFF)) != 0
    return mask


def asks_an_acceptable_rate(problem: Problem, seat: Seat, rows: Rows) -> Mask:
    rates = problem.market.people.rate_cents[rows]
    return (rates >= 0) & (rates <= seat.max_rate_cents) if seat.max_rate_cents else rates >= 0


def reaches_seniority(problem: Problem, seat: Seat, rows: Rows) -> Mask:
    return problem.market.people.seniority[rows] >= seat.min_seniority


def speaks(problem: Problem, key: str, level: int, rows: Rows) -> Mask:
    return language_levels(problem, key)[rows] >= level


def is_available(problem: Problem, rows: Rows) -> Mask:
    return problem.market.people.available_from[rows] <= problem.starts_on


def has_the_hours(problem: Problem, seat: Seat, rows: Rows) -> Mask:
    return problem.market.people.free_minutes[rows] >= seat.weekly_minutes


def shares_enough_hours(problem: Problem, seat: Seat, rows: Rows) -> Mask:
    return problem.market.people.overlap_minutes[rows] >= seat.min_overlap_minutes


def claims_level(problem: Problem, floor: SkillFloor, rows: Rows) -> Mask:
    posting = posting_of(problem, floor.skill)
    known, at = _claims(posting, rows)
    known[known] = posting.level[at[known]] >= floor.level
    return known


def claims_evidence(problem: Problem, floor: SkillFloor, rows: Rows) -> Mask:
    posting = posting_of(problem, floor.skill)
    known, at = _claims(posting, rows)
    known[known] = posting.evidence[at[known]] >= floor.evidence
    return known


def stays_certified(problem: Problem, floor: SkillFloor, rows: Rows) -> Mask:
    """A claim whose certificate expires before the engagement ends does not count."""
    posting = posting_of(problem, floor.skill)
    known, at = _claims(posting, rows)
    known[known] = unexpired(posting, problem.ends_on)[at[known]]
    return known


def unexpired(posting: Posting, ends_on: int) -> Mask:
    """Which claims are still certified on the last day of the engagement (0 = never expires)."""
    mask: Mask = (posting.valid_through == 0) | (posting.valid_through >= ends_on)
    return mask


def seat_rules(problem: Problem, position: int) -> tuple[Rule, ...]:
    """Every rule of one seat, in the order in which diagnosis counts whom each of them removes."""
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
    for floor in seat.skills:
        rules += [
            Rule(f"skill:{floor.skill}", lambda rows, floor=floor: claims_level(problem, floor, rows)),  # type: ignore[misc]
            Rule(f"evidence:{floor.skill}", lambda rows, floor=floor: claims_evidence(problem, floor, rows)),  # type: ignore[misc]
            Rule(f"certificate:{floor.skill}", lambda rows, floor=floor: stays_certified(problem, floor, rows)),  # type: ignore[misc]
        ]
    return tuple(rules)


def everybody(problem: Problem) -> Rows:
    """All row numbers of the market."""
    return np.arange(len(problem.market.people), dtype=np.int32)


def eligible(problem: Problem, position: int) -> Rows:
    """Row numbers, ascending, of everybody who keeps every rule of the seat.

    Starts from the shortest posting among the seat's musts, so that its cost follows the rarest skill, not the market.
    """
    skills = [posting_of(problem, floor.skill).person for floor in problem.seats[position].skills]
    rows = min(skills, key=len) if skills else everybody(problem)
    for rule in seat_rules(problem, position):
        rows = rows[rule.passes(rows)]
    return rows


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
    floor = SkillFloor(need.skill, need.level, need.evidence)
    return (
        Rule(f"skill:{floor.skill}", lambda rows: claims_level(problem, floor, rows)),
        Rule(f"evidence:{floor.skill}", lambda rows: claims_evidence(problem, floor, rows)),
        Rule(f"certificate:{floor.skill}", lambda rows: stays_certified(problem, floor, rows)),
    )


def holders(problem: Problem, need: Need) -> Rows:
    """Row numbers, ascending, of everybody who holds a need, whether or not a seat would take them."""
    rows = posting_of(problem, need.skill).person if need.skill is not None else everybody(problem)
    for rule in need_rules(problem, need):
        rows = rows[rule.passes(rows)]
    return rows

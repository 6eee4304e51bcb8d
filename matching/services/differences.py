"""What sets one cell apart from another: who comes, who goes, and what it does to value, cost and coverage.

The JSON of ``WhatIf.difference``::

    {"joined": ["prof_…"], "left": ["prof_…"], "moved": [{"professional", "from", "to"}], "stayed": 2,
     "value": {"before": 310, "after": 295}, "monthly_cost": {"before": 18000, "after": 16500},
     "as_it_was": {"holds": false, "value": 301, "violations": [{"rule", "data"}]},
     "coverage": [{"skill": "kyc", "before": {"holders", "points", "thin"} | null, "after": … | null}],
     "members": [{"professional", "seat", "position", "points", "monthly_cost", …}]}

``as_it_was`` judges the former cell under the new terms, where values can be compared: weights may have changed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from matching import engine
from matching.models import Proposal, ProposalMember
from matching.snapshots import ENGLISH_SPOKEN, Taken
from matching.terms import Terms
from profiles.models import Professional


def between(
    proposal: Proposal, members: Sequence[ProposalMember], asked: Terms, taken: Taken, cell: engine.Cell
) -> dict[str, Any]:
    """Return how ``cell``, composed as ``asked``, differs from the proposal and its ``members``."""
    at = {seat.position: number for number, seat in enumerate(asked.seats)}
    before = {member.professional_id: at.get(member.seat.position) for member in members}
    after = {taken.person(member.ref): member.seat for member in cell.members}
    former = [
        (_ref(taken, person), -1 if seat is None else seat) for person, seat in before.items() if seat is not None
    ]
    verdict = engine.verify(taken.problem, former)
    return {
        "joined": [_id(person) for person in after if person not in before],
        "left": [_id(person) for person in before if person not in after],
        "moved": [
            {"professional": _id(person), "from": _seat(asked, before[person]), "to": _seat(asked, seat)}
            for person, seat in after.items()
            if person in before and before[person] != seat
        ],
        "stayed": sum(1 for person, seat in after.items() if person in before and before[person] == seat),
        "value": {"before": proposal.value, "after": cell.value},
        "monthly_cost": {"before": int(proposal.monthly_cost), "after": cell.cost},
        "as_it_was": {
            "holds": verdict.holds,
            "value": verdict.value,
            "violations": [
                {"rule": violation.rule, "data": violation.data} for violation in _told_once(verdict.violations)
            ],
        },
        "coverage": _coverage(proposal, asked, cell),
        "members": [_member(member, asked, taken) for member in cell.members],
    }


def _id(person: uuid.UUID) -> str:
    return Professional(pk=person).public_id


def _ref(taken: Taken, person: uuid.UUID) -> int:
    ref = taken.ref(person)
    return -1 if ref is None else ref


def _seat(asked: Terms, position: int | None) -> str | None:
    return None if position is None else asked.seats[position].key


def _told_once(violations: Sequence[engine.Violation]) -> list[engine.Violation]:
    """Leave out what is told of several members alike."""
    return list({violation.rule: violation for violation in reversed(violations)}.values())[::-1]


def _member(member: engine.Member, asked: Terms, taken: Taken) -> dict[str, Any]:
    people, seat = taken.problem.market.people, asked.seats[member.seat]
    return {
        "professional": _id(taken.person(member.ref)),
        "seat": seat.key,
        "position": seat.position,
        "points": member.points,
        "monthly_cost": member.cost,
        "rate_cents": int(people.rate_cents[member.ref]),
        "weekly_minutes": seat.asked.weekly_minutes,
        "overlap_minutes": int(people.overlap_minutes[member.ref]),
        "seniority": int(people.seniority[member.ref]),
        "english": int(people.languages[ENGLISH_SPOKEN][member.ref]),
        "country": int(people.country[member.ref]),
    }


def _coverage(proposal: Proposal, asked: Terms, cell: engine.Cell) -> list[dict[str, Any]]:
    """Return every need of either cell by skill, those of the new one first."""
    before = {
        line.need.skill.code: {
            "holders": line.holders,
            "points": line.points,
            "thin": line.need.count > 0 and line.backup_id is None,
        }
        for line in proposal.coverage.select_related("need__skill")
    }
    after = {
        asked.needs[line.need].asked.skill: {
            "holders": len(line.holders),
            "points": line.points,
            "thin": asked.needs[line.need].asked.count > 0 and line.backup is None,
        }
        for line in cell.coverage
    }
    return [{"skill": code, "before": before.get(code), "after": after.get(code)} for code in {**after, **before}]


def cell_of(content: Mapping[str, Any]) -> engine.Cell:
    """Return the cell that ``dataclasses.asdict`` wrote, read back from JSON."""
    return engine.Cell(
        **{
            **content,
            "members": tuple(engine.Member(**member) for member in content["members"]),
            "coverage": tuple(
                engine.Coverage(**{**line, "holders": tuple(line["holders"])}) for line in content["coverage"]
            ),
            "reasons": tuple(engine.Reason(**reason) for reason in content["reasons"]),
        }
    )

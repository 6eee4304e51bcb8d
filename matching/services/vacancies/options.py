"""A replacement as a row can keep it: who sits where, who came for whom, what it disturbs and what it costs.

The JSON of one entry of ``Replacement.options``::

    {"disturbs": [further members who leave, who change seat], "value", "bound", "budget", "cost", "proven": true,
     "monthly_cost": "17310.00", "refs": [engine's refs], "joining": [those of newcomers],
     "after": [newcomers of those found before it], "current": [[ref, seat] of those who are left],
     "members": [{"ref", "at": seat of the problem, "points",
                  "professional", "seat", "position", "placement": who stays as they are, or null,
                  "was": the placement of one who changes seat, or null, "replaces": the placement they follow, or null,
                  "weekly_minutes", "monthly_cost", "rate": {"amount", "currency"}, "overlap_minutes", "seniority",
                  "english", "country", "starts_on"}],
     "leaves": [placements], "moves": [placements], "coverage": [{"skill", "holders", "points", "thin"}],
     "certificate": {…}}

Ids are those of rows. Costs of those who stay are the accepted ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from marketplace.clients.models import Placement
from matching import engine, snapshots
from matching.engine import disturbance
from matching.services.vacancies.standing import Standing
from profiles.models import Professional


def as_json(
    option: disturbance.Replacement,
    problem: engine.Problem,
    members: Sequence[tuple[int, int]],
    left: Standing,
    taken: snapshots.Taken,
    after: Sequence[tuple[int, ...]] = (),
) -> dict[str, Any]:
    """Return one option; ``members`` are (ref, seat) of those who are left, in the order of ``left.placed``.

    ``after`` are the newcomers of the options before it.
    """
    placed = {ref: placement for placement, (ref, _seat) in zip(left.placed, members, strict=True)}
    seats = dict(members)
    gone = _left_behind(option, placed, seats, left)
    rows = [_member(member, placed, seats, gone, problem, left, taken) for member in option.members]
    return {
        "disturbs": [len(option.leaves), len(option.moves)],
        "value": option.value,
        "bound": option.bound,
        "budget": problem.budget,
        "cost": option.cost,
        "proven": option.proven,
        "monthly_cost": str(sum((Decimal(row["monthly_cost"]) for row in rows), Decimal(0))),
        "refs": sorted(member.ref for member in option.members),
        "joining": list(option.joins),
        "after": [list(joins) for joins in after],
        "current": [list(placed) for placed in members],
        "members": rows,
        "leaves": [str(placed[ref].pk) for ref in option.leaves],
        "moves": [str(placed[ref].pk) for ref in option.moves],
        "coverage": [_line(line, problem, left) for line in option.coverage],
        "certificate": option.certificate,
    }


def _left_behind(
    option: disturbance.Replacement, placed: Mapping[int, Placement], seats: Mapping[int, int], left: Standing
) -> dict[int, list[Placement]]:
    """Placements by seat that somebody has to follow: the vacant ones first, then those of who leaves or moves."""
    gone: dict[int, list[Placement]] = {}
    for placement in left.vacant:
        gone.setdefault(left.seat(placement), []).append(placement)
    for ref in (*option.leaves, *option.moves):
        gone.setdefault(seats[ref], []).append(placed[ref])
    return gone


def _member(
    member: engine.Member,
    placed: Mapping[int, Placement],
    seats: Mapping[int, int],
    gone: Mapping[int, list[Placement]],
    problem: engine.Problem,
    left: Standing,
    taken: snapshots.Taken,
) -> dict[str, Any]:
    people, seat = taken.problem.market.people, left.terms.seats[member.seat]
    row = placed.get(member.ref)
    stays = row is not None and seats[member.ref] == member.seat
    follows = None if stays else gone[member.seat].pop(0)
    starts_on = max(left.starts_on, (follows and follows.vacant_from) or left.starts_on)
    return {
        "ref": member.ref,
        "at": member.seat,
        "points": member.points,
        "professional": str(taken.person(member.ref)),
        "seat": str(seat.id),
        "position": seat.position,
        "placement": str(row.pk) if row is not None and stays else None,
        "was": str(row.pk) if row is not None and not stays else None,
        "replaces": str(follows.pk) if follows is not None else None,
        "weekly_minutes": row.weekly_minutes
        if row is not None and stays
        else problem.seats[member.seat].weekly_minutes,
        "monthly_cost": str(row.monthly_cost if row is not None and stays else Decimal(member.cost)),
        "rate": {"amount": str(row.rate_amount), "currency": row.rate_currency} if row is not None else None,
        "overlap_minutes": int(people.overlap_minutes[member.ref]),
        "seniority": int(people.seniority[member.ref]),
        "english": int(people.languages[snapshots.ENGLISH_SPOKEN][member.ref]),
        "country": int(people.country[member.ref]),
        "starts_on": (row.starts_on if row is not None and stays else starts_on).isoformat(),
    }


def _line(line: engine.Coverage, problem: engine.Problem, left: Standing) -> dict[str, Any]:
    return {
        "skill": left.terms.needs[line.need].asked.skill,
        "holders": len(line.holders),
        "points": line.points,
        "thin": problem.needs[line.need].count > 0 and line.backup is None,
    }


def name_rates(options: Sequence[dict[str, Any]], people: Mapping[int, Professional]) -> None:
    """Write the rates of newcomers, read in the transaction that has found them unchanged, into the options."""
    rates = {
        str(person.pk): {"amount": str(person.rate_amount), "currency": person.rate_currency}
        for person in people.values()
    }
    for option in options:
        for member in option["members"]:
            member["rate"] = member["rate"] or rates[member["professional"]]

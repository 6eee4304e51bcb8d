"""The judge: every rule of a cell, row by row, in plain Python, and its value counted again.

It shares no judgment with the solver on purpose: it is the oracle of the tests and the door through which every cell
must pass before it is saved. Rules are written out once more here, from the documents of ``problem``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from matching.engine.outcome import Coverage, Member, Verdict, Violation
from matching.engine.problem import Cefr, Country, Need, Problem, Seat, evidence_column


class _Claim(NamedTuple):
    level: int
    years: int
    evidence: int
    valid_through: int

    def counts_until(self, day: int) -> bool:
        return self.valid_through == 0 or self.valid_through >= day

    @property
    def strength(self) -> int:
        return 16 * self.level + 2 * min(self.years, 10)


def _row(problem: Problem, ref: int) -> int | None:
    refs = problem.market.people.ref
    at = bisect_left(refs, ref)
    return at if at < len(refs) and int(refs[at]) == ref else None


def _claim(problem: Problem, row: int, skill: int) -> _Claim | None:
    posting = problem.market.postings.get(skill)
    if posting is None:
        return None
    at = bisect_left(posting.person, row)
    if at == len(posting.person) or int(posting.person[at]) != row:
        return None
    return _Claim(
        int(posting.level[at]), int(posting.years[at]), int(posting.evidence[at]), int(posting.valid_through[at])
    )


def _language(problem: Problem, row: int, key: str) -> int:
    column = problem.market.people.languages.get(key)
    return 0 if column is None else int(column[row])


def _floors(problem: Problem, seat: Seat) -> dict[str, int]:
    """Language floors of a seat; facing the client takes spoken B2 in the client's language."""
    floors = dict(seat.languages)
    if seat.client_facing and floors.get(problem.bridge_language, 0) < Cefr.B2:
        floors[problem.bridge_language] = Cefr.B2
    return floors


def pair_violations(problem: Problem, ref: int, row: int, position: int) -> Iterable[Violation]:
    """Every rule of one seat that one person breaks."""
    people, seat = problem.market.people, problem.seats[position]

    def broken(rule: str, asked: object, found: object) -> Violation:
        return Violation(rule, ref=ref, seat=position, data={"asked": asked, "found": found})

    if ref in problem.banned:
        yield broken("banned", 0, ref)
    for pin in problem.pins:
        if pin.ref == ref and pin.seat is not None and pin.seat != position:
            yield broken("pinned", pin.seat, position)
    if not (int(people.functions[row]) >> seat.function) & 1:
        yield broken("function", seat.function, int(people.functions[row]))
    if int(people.country[row]) not in seat.countries:
        yield broken("country", list(seat.countries), int(people.country[row]))
    if not int(people.routes[row]) & problem.allowed_routes:
        yield broken("route", problem.allowed_routes, int(people.routes[row]))
    rate = int(people.rate_cents[row])
    if rate < 0 or (seat.max_rate_cents and rate > seat.max_rate_cents):
        yield broken("rate", seat.max_rate_cents, rate)
    if int(people.seniority[row]) < seat.min_seniority:
        yield broken("seniority", seat.min_seniority, int(people.seniority[row]))
    if int(people.available_from[row]) > problem.starts_on:
        yield broken("available", problem.starts_on, int(people.available_from[row]))
    if int(people.free_minutes[row]) < seat.weekly_minutes:
        yield broken("free_time", seat.weekly_minutes, int(people.free_minutes[row]))
    if int(people.overlap_minutes[row]) < seat.min_overlap_minutes:
        yield broken("overlap", seat.min_overlap_minutes, int(people.overlap_minutes[row]))
    for key, level in _floors(problem, seat).items():
        if _language(problem, row, key) < level:
            yield broken(f"language:{key}", level, _language(problem, row, key))
    for language, step in seat.language_evidence:
        shown = _language(problem, row, evidence_column(language))
        if shown < step:
            yield broken(f"language_evidence:{language}", step, shown)
    for floor in seat.skills:
        claim = _claim(problem, row, floor.skill)
        if claim is None or claim.level < floor.level:
            yield broken(f"skill:{floor.skill}", floor.level, claim.level if claim else 0)
            continue
        if claim.evidence < floor.evidence:
            yield broken(f"evidence:{floor.skill}", floor.evidence, claim.evidence)
        if not claim.counts_until(problem.ends_on):
            yield broken(f"certificate:{floor.skill}", problem.ends_on, claim.valid_through)


def pair_cost(problem: Problem, row: int, position: int) -> int:
    """Dollars a month, rounded up: hourly cents times weekly minutes times 52 weeks, over 60 · 12 · 100."""
    product = int(problem.market.people.rate_cents[row]) * problem.seats[position].weekly_minutes * 52
    whole, rest = divmod(product, 60 * 12 * 100)
    return whole + (1 if rest else 0)


def pair_points(problem: Problem, row: int, position: int) -> int:
    """Points of one person in one seat, cost deducted; see ``Policy``."""
    people, policy, seat = problem.market.people, problem.policy, problem.seats[position]
    points = 0
    if int(people.main_function[row]) == seat.function:
        points += policy.main_function_points
    points += policy.seniority_step_points * min(policy.steps_counted, int(people.seniority[row]) - seat.min_seniority)
    for key, level in _floors(problem, seat).items():
        points += policy.language_step_points * min(policy.steps_counted, _language(problem, row, key) - level)
    days_before = problem.starts_on - int(people.available_from[row])
    points += min(policy.prompt_start_points, days_before // 7)
    for floor in seat.skills:
        claim = _claim(problem, row, floor.skill)
        if claim is not None and policy.skill_strength_divisor:
            points += claim.strength // policy.skill_strength_divisor
    if policy.cost_per_point:
        points -= pair_cost(problem, row, position) // policy.cost_per_point
    return points


def need_gain(problem: Problem, row: int, need: Need) -> int | None:
    """Points for being responsible for a need, or None for somebody who does not hold it."""
    if need.skill is None:
        level = _language(problem, row, need.language or "")
        return need.weight * 16 * level // 2 if level >= need.level else None
    claim = _claim(problem, row, need.skill)
    if claim is None or claim.level < need.level or claim.evidence < need.evidence:
        return None
    return need.weight * claim.strength // 2 if claim.counts_until(problem.ends_on) else None


def coverage_of(problem: Problem, rows: dict[int, int]) -> tuple[Coverage, ...]:
    """Who holds each need among members given as ref -> row: the strongest first, the lower ref among equals."""
    lines = []
    for position, need in enumerate(problem.needs):
        gains = [(need_gain(problem, row, need), ref) for ref, row in rows.items()]
        held = sorted((-gain, ref) for gain, ref in gains if gain is not None)
        refs = tuple(ref for _, ref in held)
        lines.append(
            Coverage(
                need=position,
                responsible=refs[0] if refs else None,
                backup=refs[1] if len(refs) > 1 else None,
                holders=refs,
                points=-held[0][0] if held else 0,
            )
        )
    return tuple(lines)


def _seat_violations(problem: Problem, members: Sequence[tuple[int, int]]) -> Iterable[Violation]:
    for ref, times in Counter(ref for ref, _ in members).items():
        if times > 1:
            yield Violation("person_twice", ref=ref, data={"asked": 1, "found": times})
    filled = Counter(seat for _, seat in members)
    for position, seat in enumerate(problem.seats):
        if not seat.least <= filled[position] <= seat.most:
            yield Violation(
                "seat_count", seat=position, data={"asked": [seat.least, seat.most], "found": filled[position]}
            )
    if len(members) < max(1, problem.least) or (problem.most and len(members) > problem.most):
        yield Violation("size", data={"asked": [max(1, problem.least), problem.most], "found": len(members)})


def _cell_violations(
    problem: Problem, rows: dict[int, int], coverage: tuple[Coverage, ...], cost: int
) -> Iterable[Violation]:
    if cost > problem.budget:
        yield Violation("budget", data={"asked": problem.budget, "found": cost})
    for need, line in zip(problem.needs, coverage, strict=True):
        if len(line.holders) < need.count:
            yield Violation("need", need=line.need, data={"asked": need.count, "found": len(line.holders)})
    bridges = sum(_language(problem, row, problem.bridge_language) >= Cefr.C1 for row in rows.values())
    if bridges < problem.bridges:
        yield Violation("bridges", data={"asked": problem.bridges, "found": bridges})
    specialists = sum(int(problem.market.people.country[row]) == Country.UNITED_STATES for row in rows.values())
    if specialists < problem.specialists:
        yield Violation("specialists", data={"asked": problem.specialists, "found": specialists})
    for pin in problem.pins:
        if pin.ref not in rows:
            yield Violation("pinned", ref=pin.ref, seat=pin.seat, data={"asked": pin.ref, "found": None})
    for position, earlier in enumerate(problem.earlier):
        common = len(set(earlier.refs) & rows.keys())
        if common > earlier.most_in_common:
            data = {"earlier": position, "asked": earlier.most_in_common, "found": common}
            yield Violation("in_common", data=data)


def verify(problem: Problem, cell_members: Sequence[tuple[int, int]], value: int | None = None) -> Verdict:
    """Judges a cell given as (ref, seat) against every rule, and its value if one is claimed.

    Returns every broken rule, none for a cell that holds. Strangers to the market and seats that do not exist are
    reported and left out of the recomputed numbers.
    """
    violations, rows, members = [], {}, []
    for ref, seat in cell_members:
        row = _row(problem, ref)
        if row is None:
            violations.append(Violation("stranger", ref=ref, seat=seat))
        elif not 0 <= seat < len(problem.seats):
            violations.append(Violation("no_such_seat", ref=ref, data={"found": seat}))
        else:
            rows[ref] = row
            violations += pair_violations(problem, ref, row, seat)
            members.append(Member(ref, seat, pair_points(problem, row, seat), pair_cost(problem, row, seat)))
    coverage, cost = coverage_of(problem, rows), sum(member.cost for member in members)
    violations += _seat_violations(problem, cell_members)
    violations += _cell_violations(problem, rows, coverage, cost)
    total = sum(member.points for member in members) + sum(line.points for line in coverage)
    if value is not None and value != total:
        violations.append(Violation("value", data={"asked": total, "found": value}))
    return Verdict(
        violations=tuple(violations),
        value=total,
        cost=cost,
        cohesion=_cohesion(problem, set(rows.values())),
        members=tuple(members),
        coverage=coverage,
    )


def _cohesion(problem: Problem, rows: set[int]) -> int:
    """Collaborations among the members; pairs ascend by their first, so only those of members are looked at."""
    together, total = problem.market.collaborations, 0
    for row in rows:
        for at in range(bisect_left(together.first, row), bisect_right(together.first, row)):
            if int(together.second[at]) in rows:
                total += int(together.weight[at])
    return total

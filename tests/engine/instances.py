"""Seeded random problems for the tests: tiny ones that can be enumerated, and markets of any size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import (
    Collaborations,
    Country,
    Market,
    Need,
    People,
    Pin,
    Policy,
    Posting,
    Problem,
    Seat,
    SkillFloor,
)

STARTS_ON = 739_950
ENDS_ON = STARTS_ON + 180
EN, ES, EN_EVIDENCE = "en.speaking", "es.speaking", "en.evidence"


def postings_of(rows: list[tuple[int, int, int, int, int, int]]) -> dict[int, Posting]:
    """Rows of (skill, person, level, years, evidence, valid_through) as postings."""
    table: dict[int, list[tuple[int, int, int, int, int, int]]] = {}
    for row in sorted(rows):
        table.setdefault(row[0], []).append(row)
    return {
        skill: Posting(
            person=np.array([r[1] for r in claims], np.int32),
            level=np.array([r[2] for r in claims], np.uint8),
            years=np.array([r[3] for r in claims], np.uint8),
            evidence=np.array([r[4] for r in claims], np.uint8),
            valid_through=np.array([r[5] for r in claims], np.int32),
        )
        for skill, claims in table.items()
    }


def collaborations(rng: np.random.Generator, people: int, edges: int) -> Collaborations:
    """Distinct random pairs, sorted."""
    if people < 2:
        edges = 0
    first, second = rng.integers(people, size=edges), rng.integers(people, size=edges)
    pairs = sorted({(min(a, b), max(a, b)) for a, b in zip(first.tolist(), second.tolist(), strict=True) if a != b})
    return Collaborations(
        first=np.array([a for a, _ in pairs], np.int32),
        second=np.array([b for _, b in pairs], np.int32),
        weight=rng.integers(1, 4, len(pairs)).astype(np.uint8),
    )


def people_of(rng: np.random.Generator, n: int, refs: NDArray[np.int64] | None = None) -> People:
    """n plausible people: seniority and English drive the rate, one in twelve lives in the United States."""
    seniority = rng.choice(5, n, p=[0.2, 0.3, 0.28, 0.16, 0.06]) + 1
    english = np.clip(np.rint(1.6 + 0.45 * seniority + rng.normal(0, 1.15, n)), 0, 6)
    country = (rng.random(n) < 1 / 12).astype(np.uint8)
    main = rng.choice(4, n, p=[0.15, 0.1, 0.6, 0.15])
    functions = (1 << main) | np.where(rng.random(n) < 0.2, 1 << rng.integers(0, 4, n), 0)
    rate = np.exp(np.log(22) + 0.24 * seniority + 0.06 * english + rng.normal(0, 0.22, n)) * (1 + 0.8 * country)
    return People(
        ref=np.arange(n, dtype=np.int64) * 7 + 100 if refs is None else refs,
        functions=functions.astype(np.uint8),
        main_function=main.astype(np.uint8),
        seniority=seniority.astype(np.uint8),
        country=country,
        routes=rng.choice([1, 2, 3], n).astype(np.uint8),
        rate_cents=np.where(rng.random(n) < 0.02, -1, np.rint(rate * 2) * 50).astype(np.int32),
        free_minutes=rng.choice([600, 1200, 1800, 2400, 2700], n, p=[0.08, 0.14, 0.1, 0.6, 0.08]).astype(np.int32),
        overlap_minutes=rng.choice([240, 300, 360, 420, 480], n, p=[0.05, 0.05, 0.1, 0.6, 0.2]).astype(np.int16),
        available_from=(STARTS_ON + np.clip(rng.exponential(35, n) - 80, -200, 200)).astype(np.int32),
        languages={
            EN: english.astype(np.uint8),
            ES: np.where(country == 1, rng.integers(0, 4, n), 6).astype(np.uint8),
            # Not drawn, so that whatever is drawn after it stays what it was.
            EN_EVIDENCE: ((np.arange(n) + seniority) % 3 * (english > 0)).astype(np.uint8),
        },
    )


def market_of(rng: np.random.Generator, n: int, skills: int = 60, density: float = 1.0) -> Market:
    """n people with 4 to 9 of the skills each (common ones first), and about ``density`` collaborations a person."""
    popularity = 1 / np.arange(1, skills + 1) ** 0.8
    popularity /= popularity.sum()
    people, rows = people_of(rng, n), []
    for person in range(n):
        for skill in rng.choice(skills, min(skills, int(rng.integers(4, 10))), replace=False, p=popularity):
            level = int(np.clip(rng.normal(1 + 0.55 * people.seniority[person], 1), 1, 5))
            valid = ENDS_ON + int(rng.integers(-60, 400)) if rng.random() < 0.1 else 0
            rows.append((int(skill), person, level, int(rng.integers(0, 12)), int(rng.integers(0, 3)), valid))
    return Market(people, postings_of(rows), collaborations(rng, n, int(n * density)))


def _shown(people: People, person: int, position: int) -> tuple[tuple[str, int], ...]:
    """A floor of evidence for English that the person meets, in every other seat of those who have any."""
    evidence = int(people.languages[EN_EVIDENCE][person])
    return (("en", max(1, evidence - position % 4 // 2)),) if evidence and position % 2 else ()


def project_of(rng: np.random.Generator, market: Market, size: int, slack: float) -> Problem:
    """A problem around a hidden cell, so that most are feasible: its rules are taken from the members."""
    people = market.people
    fit = np.flatnonzero((people.available_from <= STARTS_ON) & (people.free_minutes >= 1200) & (people.rate_cents > 0))
    claims: dict[int, list[tuple[int, int]]] = {}
    for skill, posting in sorted(market.postings.items()):
        valid = (posting.valid_through == 0) | (posting.valid_through >= ENDS_ON)
        for person, level, ok in zip(posting.person.tolist(), posting.level.tolist(), valid.tolist(), strict=True):
            if ok:
                claims.setdefault(person, []).append((skill, level))
    hidden = rng.choice(fit, size, replace=False).tolist()
    seats, cost = [], 0
    for position, person in enumerate(hidden):
        own = claims.get(person, [])
        musts = [own[i] for i in rng.permutation(len(own))[: int(rng.choice([0, 1, 2], p=[0.3, 0.5, 0.2]))]]
        english = int(people.languages[EN][person])
        minutes = int(rng.choice([m for m in (1200, 1800, 2400) if m <= people.free_minutes[person]]))
        seats.append(
            Seat(
                key=f"seat-{position}",
                function=int(people.main_function[person]),
                skills=tuple(SkillFloor(k, max(1, level - int(rng.integers(0, 2)))) for k, level in musts),
                min_seniority=max(1, int(people.seniority[person]) - int(rng.integers(0, 3))),
                languages=((EN, max(1, english - int(rng.integers(0, 3)))),) if english else (),
                language_evidence=_shown(people, person, position),
                weekly_minutes=minutes,
                min_overlap_minutes=min(360, int(people.overlap_minutes[person])),
                client_facing=bool(english >= 4 and rng.random() < 0.3),
            )
        )
        cost += -(-int(people.rate_cents[person]) * minutes * 13 // 18_000)
    held: dict[int, list[int]] = {}
    for person in hidden:
        for skill, level in claims.get(person, []):
            held.setdefault(skill, []).append(level)
    needs = []
    for skill in rng.permutation(sorted(held))[: int(rng.integers(3, 8))].tolist():
        levels = sorted(held[skill], reverse=True)
        count = 2 if len(levels) > 1 and rng.random() < 0.5 else int(rng.random() < 0.8)
        level = max(1, levels[max(count, 1) - 1] - int(rng.integers(0, 2)))
        needs.append(Need(f"need-{skill}", skill=skill, level=level, count=count, weight=int(rng.integers(1, 11))))
    fluent = sum(int(people.languages[EN][p]) >= 5 for p in hidden)
    return Problem(
        market=market,
        seats=tuple(seats),
        needs=tuple(needs),
        budget=int(cost * (1 + slack * rng.random())),
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        bridges=min(fluent, int(rng.integers(0, 3))),
        specialists=min(1, sum(int(people.country[p]) == Country.UNITED_STATES for p in hidden)),
    )


def tiny_market(rng: np.random.Generator, n: int, skills: int = 5) -> Market:
    """A few people who are alike enough for rules to bite and values to tie."""
    people = replace(
        people_of(rng, n),
        functions=((1 << rng.integers(0, 2, n)) | (1 << rng.integers(0, 2, n)) | (1 << rng.integers(0, 2, n))).astype(
            np.uint8
        ),
        main_function=rng.integers(0, 2, n).astype(np.uint8),
        seniority=rng.integers(1, 6, n).astype(np.uint8),
        routes=rng.choice([1, 2, 3], n, p=[0.2, 0.2, 0.6]).astype(np.uint8),
        rate_cents=(rng.integers(10, 40, n) * 100).astype(np.int32),
        free_minutes=rng.choice([1200, 2400], n, p=[0.2, 0.8]).astype(np.int32),
        overlap_minutes=rng.choice([300, 420], n, p=[0.15, 0.85]).astype(np.int16),
        available_from=(STARTS_ON + rng.integers(-80, 4, n)).astype(np.int32),
        country=(rng.random(n) < 0.3).astype(np.uint8),
        languages={
            EN: rng.integers(1, 7, n).astype(np.uint8),
            ES: rng.integers(0, 7, n).astype(np.uint8),
            EN_EVIDENCE: (np.arange(n) % 3).astype(np.uint8),
        },
    )
    rows = []
    for person in range(n):
        for skill in rng.permutation(skills)[: int(rng.integers(2, skills + 1))].tolist():
            valid = ENDS_ON + int(rng.integers(-3, 3)) if rng.random() < 0.2 else 0
            rows.append(
                (skill, person, int(rng.integers(1, 6)), int(rng.integers(0, 13)), int(rng.integers(0, 3)), valid)
            )
    return Market(people, postings_of(rows), collaborations(rng, n, int(rng.integers(0, 2 * n))))


def tiny_problem(rng: np.random.Generator, permille: int = 0) -> Problem:
    """Two to four seats over six to nine people, every kind of rule now and then."""
    n, seats = int(rng.integers(6, 10)), int(rng.integers(2, 5))
    market = tiny_market(rng, n)
    places = tuple(_tiny_seat(rng, position) for position in range(seats))
    budget = int(sum(seat.weekly_minutes for seat in places) / 60 * 52 / 12 * rng.uniform(17, 42))
    pins, banned = (), ()
    if rng.random() < 0.2:
        seat = int(rng.integers(seats)) if rng.random() < 0.5 else None
        pins = (Pin(int(market.people.ref[rng.integers(n)]), seat),)
    if rng.random() < 0.2:
        banned = (int(market.people.ref[rng.integers(n)]),)
    return Problem(
        market=market,
        seats=places,
        needs=tiny_needs(rng),
        budget=budget,
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        bridges=int(rng.integers(0, 2)),
        specialists=int(rng.random() < 0.2),
        allowed_routes=int(rng.choice([0xFF, 1], p=[0.9, 0.1])),
        pins=pins,
        banned=banned,
        policy=Policy(cohesion_permille=permille),
    )


def _tiny_seat(rng: np.random.Generator, position: int) -> Seat:
    skills = ()
    if rng.random() < 0.15:
        skills = (SkillFloor(int(rng.integers(5)), int(rng.integers(1, 3)), int(rng.integers(0, 2))),)
    seat = Seat(
        key=f"seat-{position}",
        function=int(rng.integers(0, 2)),
        skills=skills,
        min_seniority=int(rng.integers(1, 3)),
        languages=((EN, int(rng.integers(1, 3))),) if rng.random() < 0.5 else (),
        countries=(0, 1) if rng.random() < 0.9 else (0,),
        weekly_minutes=int(rng.choice([1200, 2400], p=[0.7, 0.3])),
        min_overlap_minutes=int(rng.choice([0, 360], p=[0.8, 0.2])),
        max_rate_cents=int(rng.choice([0, 3000], p=[0.9, 0.1])),
        client_facing=bool(rng.random() < 0.1),
    )
    # Not drawn, so that whatever is drawn after it stays what it was.
    shown = seat.languages and seat.weekly_minutes == 2400 and seat.min_seniority == 2
    return replace(seat, language_evidence=(("en", 1 + position % 2),)) if shown else seat


def tiny_needs(rng: np.random.Generator) -> tuple[Need, ...]:
    """Two to four skills and now and then a language."""
    needs = [
        Need(
            key=f"need-{skill}",
            skill=skill,
            level=int(rng.integers(1, 3)),
            evidence=int(rng.choice([0, 1], p=[0.9, 0.1])),
            count=int(rng.choice([0, 1, 2], p=[0.3, 0.5, 0.2])),
            weight=int(rng.integers(0, 11)),
        )
        for skill in rng.permutation(5)[: int(rng.integers(2, 5))].tolist()
    ]
    if rng.random() < 0.2:
        needs.append(Need("spanish", language=ES, level=int(rng.integers(2, 6)), count=1, weight=3))
    return tuple(needs)


def open_problem(rng: np.random.Generator, permille: int = 0) -> Problem:
    """One to three seats for ranges of people over four to seven people."""
    base = tiny_problem(rng, permille)
    n, seats = int(rng.integers(4, 8)), int(rng.integers(1, 4))
    if seats == 3:
        n = min(n, 6)
    places = []
    for position in range(seats):
        least = int(rng.choice([0, 1], p=[0.7, 0.3]))
        places.append(
            replace(_tiny_seat(rng, position), least=least, most=least + int(rng.integers(1, 4)), weekly_minutes=1200)
        )
    least = int(rng.choice([0, 2], p=[0.7, 0.3]))
    return replace(
        base,
        market=tiny_market(rng, n),
        seats=tuple(places),
        budget=int(rng.uniform(2_000, 14_000)),
        pins=(),
        banned=(),
        least=least,
        most=int(rng.choice([0, 3], p=[0.7, 0.3])),
    )


def lone_problem() -> Problem:
    """One person (ref 7) and one seat that they fit with nothing to spare; they are worth 46 together."""
    people = People(
        ref=np.array([7], np.int64),
        functions=np.array([0b0100], np.uint8),
        main_function=np.array([2], np.uint8),
        seniority=np.array([3], np.uint8),
        country=np.array([Country.MEXICO], np.uint8),
        routes=np.array([0b01], np.uint8),
        rate_cents=np.array([4_000], np.int32),
        free_minutes=np.array([2_400], np.int32),
        overlap_minutes=np.array([420], np.int16),
        available_from=np.array([STARTS_ON], np.int32),
        languages={EN: np.array([4], np.uint8), EN_EVIDENCE: np.array([1], np.uint8)},
    )
    none = np.zeros(0, np.int32)
    seat = Seat(
        key="engineer",
        function=2,
        skills=(SkillFloor(1, level=4, evidence=1),),
        min_seniority=3,
        languages=((EN, 4),),
        language_evidence=(("en", 1),),
        countries=(Country.MEXICO,),
        min_overlap_minutes=420,
        max_rate_cents=4_000,
        client_facing=True,
    )
    return Problem(
        market=Market(
            people,
            postings_of([(1, 0, 4, 6, 1, ENDS_ON)]),
            Collaborations(none, none, np.zeros(0, np.uint8)),
        ),
        seats=(seat,),
        needs=(Need("cobol", skill=1, level=4, evidence=1, count=1, weight=5),),
        budget=6_934,
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        allowed_routes=0b01,
    )


def with_people(problem: Problem, **columns: int) -> Problem:
    """The problem with whole columns of ``People`` set to one value; ``english`` stands for spoken English.

    ``english_evidence`` is what stands behind it.
    """
    people = problem.market.people
    spoken = {key: columns.pop(name, None) for name, key in (("english", EN), ("english_evidence", EN_EVIDENCE))}
    changed = {name: np.full_like(getattr(people, name), value) for name, value in columns.items()}
    levels = {key: np.full(len(people), level, np.uint8) for key, level in spoken.items() if level is not None}
    people = replace(people, languages=people.languages | levels)
    return replace(problem, market=replace(problem.market, people=replace(people, **changed)))


def with_claim(problem: Problem, level: int, years: int, evidence: int, valid_through: int) -> Problem:
    """The lone problem with another claim of its one skill."""
    postings = postings_of([(1, 0, level, years, evidence, valid_through)])
    return replace(problem, market=replace(problem.market, postings=postings))


def with_seat(problem: Problem, **fields: object) -> Problem:
    """The problem with its first seat changed."""
    return replace(problem, seats=(replace(problem.seats[0], **fields), *problem.seats[1:]))


def covering(sets: list[list[int]], costs: list[int]) -> Problem:
    """Set cover as a cell: a person per set, a need per element, cost as the only objective: ``-value`` is the cost.

    With a week of 18,000 minutes the monthly cost is 13 times the rate in cents, and 13 dollars weigh one point.
    """
    n = len(sets)
    people = People(
        ref=np.arange(n, dtype=np.int64),
        functions=np.ones(n, np.uint8),
        main_function=np.zeros(n, np.uint8),
        seniority=np.ones(n, np.uint8),
        country=np.zeros(n, np.uint8),
        routes=np.ones(n, np.uint8),
        rate_cents=np.array(costs, np.int32),
        free_minutes=np.full(n, 18_000, np.int32),
        overlap_minutes=np.zeros(n, np.int16),
        available_from=np.zeros(n, np.int32),
        languages={},
    )
    elements = sorted({element for members in sets for element in members})
    rows = [(element, person, 1, 0, 0, 0) for person, members in enumerate(sets) for element in members]
    none = np.zeros(0, np.int32)
    return Problem(
        market=Market(people, postings_of(rows), Collaborations(none, none, np.zeros(0, np.uint8))),
        seats=(Seat("any", function=0, weekly_minutes=18_000, least=0, most=n),),
        needs=tuple(Need(f"element-{e}", skill=e, level=1, count=1, weight=0) for e in elements),
        budget=13 * sum(costs),
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        policy=Policy(
            cost_per_point=13,
            main_function_points=0,
            seniority_step_points=0,
            language_step_points=0,
            prompt_start_points=0,
            skill_strength_divisor=0,
            cohesion_permille=0,
        ),
    )

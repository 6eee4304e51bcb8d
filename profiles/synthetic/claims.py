"""Drawing skills: what a trade knows together, a Zipf-popular rest, levels that grow with years, mixed evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from profiles.levels import Evidence, Function
from profiles.synthetic.drawing import Rng, chance, choose, pick, zipf_weights
from profiles.synthetic.market import NONE, ClaimColumns, Ints, PersonColumns
from profiles.synthetic.practices import Practice
from profiles.taxonomy.source import Taxonomy

EVIDENCE_SHARES = {Evidence.SELF_DECLARED: 0.62, Evidence.TESTED: 0.24, Evidence.VERIFIED: 0.14}

_MOST_FURTHER_SKILLS = 6
_HALF_OF_MASTERY_YEARS = 5.0


def draw_claims(
    rng: Rng, people: PersonColumns, practices: Sequence[Practice], taxonomy: Taxonomy, as_of: dt.date
) -> ClaimColumns:
    """Return one row per person and skill, ascending by both.

    A skill of the person's own trade is claimed with the practice's probability, a few further ones come from its
    families with probabilities by Zipf's law. Juniors claim less, the experienced more.
    """
    position = {entry.code: index for index, entry in enumerate(taxonomy.entries)}
    people_parts: list[NDArray[np.int64]] = []
    skill_parts: list[NDArray[np.int32]] = []
    core_parts: list[NDArray[np.bool_]] = []
    breadth = np.clip(0.75 + people.years / 36.0, 0.0, 1.15)
    for number, practice in enumerate(practices):
        rows = np.flatnonzero(people.practice == number)
        core = np.array([position[code] for code in practice.skills], dtype=np.int32)
        probability = np.array(list(practice.skills.values()))
        # The defining skills (0.9 and up) do not depend on seniority: a junior COBOL engineer knows COBOL.
        reach = np.where(probability >= 0.9, 1.0, breadth[rows][:, None])
        holder, column = np.nonzero(rng.random((len(rows), len(core))) < probability * reach)
        people_parts.append(rows[holder])
        skill_parts.append(core[column])
        core_parts.append(np.ones(len(holder), dtype=np.bool_))

        pool = _popular(practice, taxonomy, position)
        count = rng.integers(1, _MOST_FURTHER_SKILLS + 1, len(rows))
        people_parts.append(np.repeat(rows, count))
        skill_parts.append(pool[choose(rng, zipf_weights(len(pool)), int(count.sum()))])
        core_parts.append(np.zeros(int(count.sum()), dtype=np.bool_))

    person, skill, is_core = _once(
        np.concatenate(people_parts), np.concatenate(skill_parts), np.concatenate(core_parts), len(position)
    )
    years, level = _mastery(rng, people, person, is_core)
    evidence = _evidence(rng, people, person)
    idle = np.minimum(np.where(is_core, 0, rng.geometric(0.45, len(person)) - 1), people.years[person])
    today = as_of.toordinal()
    return ClaimColumns(
        person=person,
        skill=skill,
        level=level,
        years=years,
        last_used=(as_of.year - idle).astype(np.int32),
        evidence=evidence,
        evidence_on=np.where(
            evidence == Evidence.SELF_DECLARED, NONE, today - rng.integers(10, 900, len(person))
        ).astype(np.int32),
    )


def _popular(practice: Practice, taxonomy: Taxonomy, position: dict[str, int]) -> Ints:
    """Return what else the families of a trade hold, the best connected first: links tell a known skill from a rare."""
    narrower: dict[str, int] = {}
    for entry in taxonomy.entries:
        for broader in entry.broader:
            narrower[broader] = narrower.get(broader, 0) + 1
    candidates = [
        entry
        for entry in taxonomy.entries
        if entry.family in practice.families
        and entry.kind in ("technology", "method", "domain")
        and entry.code not in practice.skills
    ]
    candidates.sort(key=lambda entry: (-(narrower.get(entry.code, 0) + len(entry.neighbors)), entry.code))
    return np.array([position[entry.code] for entry in candidates], dtype=np.int32)


def _once(
    person: NDArray[np.int64], skill: Ints, is_core: NDArray[np.bool_], skills: int
) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Drop repetitions and sort by person and skill."""
    keys, first = np.unique(person * skills + skill, return_index=True)
    return (keys // skills).astype(np.int32), (keys % skills).astype(np.int32), is_core[first]


def _mastery(
    rng: Rng, people: PersonColumns, person: Ints, is_core: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return years and level: the level follows the years in the skill, saturating, with a push by seniority."""
    career = people.years[person].astype(np.float64)
    share = np.where(is_core, 0.45 + 0.5 * rng.random(len(person)), 0.1 + 0.4 * rng.random(len(person)))
    years = np.floor(career * share)
    growth = years / (years + _HALF_OF_MASTERY_YEARS)
    score = 1.3 + 3.4 * growth + 0.25 * (people.seniority[person] - 1.0) + 0.55 * rng.standard_normal(len(person))
    return years.astype(np.uint8), np.clip(np.round(score), 1, 5).astype(np.uint8)


def _evidence(rng: Rng, people: PersonColumns, person: Ints) -> NDArray[np.uint8]:
    """Self-declared, tested or verified; business claims are seldom tested and more often verified."""
    shares = np.array([EVIDENCE_SHARES[kind] for kind in Evidence])
    drawn = choose(rng, shares, len(person)).astype(np.uint8)
    business = people.main_function[person] == Function.BUSINESS
    moved = business & (drawn == Evidence.TESTED) & chance(rng, 0.5, len(person))
    return np.where(moved, pick(rng, (Evidence.SELF_DECLARED, Evidence.VERIFIED), (1, 1), len(person)), drawn).astype(
        np.uint8
    )

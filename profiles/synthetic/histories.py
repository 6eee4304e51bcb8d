"""Drawing histories: certificates, employments, absences, and who has worked with whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from profiles.levels import Country, Evidence
from profiles.synthetic import names
from profiles.synthetic.drawing import Rng, chance, pick
from profiles.synthetic.market import (
    NONE,
    CertificateColumns,
    CollaborationColumns,
    ExceptionColumns,
    ExperienceColumns,
    Ints,
    PersonColumns,
)
from profiles.synthetic.places import PLACES
from profiles.synthetic.practices import Practice
from profiles.taxonomy.source import Taxonomy

_DAYS_PER_YEAR = 365.25
_DAYS_PER_MONTH = _DAYS_PER_YEAR / 12

# Juniors seldom hold the certificates of their trade, leads more often than seniors.
_CERTIFIED_BY_SENIORITY = (0.25, 0.7, 1.0, 1.15, 1.25)
_KEPT_AFTER_EXPIRY = 1.08

_MOST_EMPLOYMENTS = 4
_ABSENT_SHARE = 0.12

LEAST_GROUP, LARGEST_GROUP = 3, 9
GROUP_ROUNDS, _GROUPED_SHARE = 4, 0.6


def draw_certificates(
    rng: Rng, people: PersonColumns, practices: Sequence[Practice], taxonomy: Taxonomy, as_of: dt.date
) -> CertificateColumns:
    """Return one row per person and certificate; about one in fourteen of those that expire has done so."""
    position = {entry.code: index for index, entry in enumerate(taxonomy.entries)}
    factor = np.array(_CERTIFIED_BY_SENIORITY)[people.seniority - 1]
    persons: list[NDArray[np.int64]] = []
    skills: list[NDArray[np.int32]] = []
    for number, practice in enumerate(practices):
        rows = np.flatnonzero(people.practice == number)
        codes = np.array([position[code] for code in practice.certificates], dtype=np.int32)
        probability = np.array(list(practice.certificates.values()))
        person, column = np.nonzero(rng.random((len(rows), len(codes))) < probability * factor[rows][:, None])
        persons.append(rows[person])
        skills.append(codes[column])
    person, skill = np.concatenate(persons), np.concatenate(skills)
    order = np.lexsort((skill, person))
    person, skill = person[order], skill[order]

    months = np.array([entry.validity_months or 0 for entry in taxonomy.entries])[skill]
    valid_days = np.round(months * _DAYS_PER_MONTH)
    career_days = np.maximum(people.years[person], 1) * _DAYS_PER_YEAR
    age = rng.random(len(person)) * np.where(months > 0, valid_days * _KEPT_AFTER_EXPIRY, career_days)
    issued = as_of.toordinal() - 1 - np.floor(age)
    return CertificateColumns(
        person=person.astype(np.int32),
        skill=skill,
        issued_on=issued.astype(np.int32),
        expires_on=np.where(months > 0, issued + valid_days, NONE).astype(np.int32),
        evidence=pick(
            rng, (Evidence.SELF_DECLARED, Evidence.TESTED, Evidence.VERIFIED), (35, 15, 50), len(person)
        ).astype(np.uint8),
    )


def draw_experiences(rng: Rng, people: PersonColumns, as_of: dt.date) -> ExperienceColumns:
    """Return one to four employments per person, the latest first and still going on, without gaps."""
    count = np.clip(1 + people.years // 4, 1, _MOST_EMPLOYMENTS).astype(np.int64)
    person = np.repeat(np.arange(len(people), dtype=np.int32), count)
    first_row = np.repeat(np.cumsum(count) - count, count)
    turn = np.arange(len(person)) - first_row
    of = count[person]
    days = np.maximum(people.years[person], 1) * _DAYS_PER_YEAR
    # Boundaries cut the career into near-equal parts, each moved by up to a third of a part.
    jitter = (rng.random(len(person)) - 0.5) * 0.6
    back = np.where(turn + 1 == of, 1.0, (turn + 1 + jitter) / of)
    starts = as_of.toordinal() - np.floor(days * back)
    ends = np.where(turn == 0, NONE, np.roll(starts, 1) - 1)
    specialist = np.array([place.country == Country.UNITED_STATES for place in PLACES])[people.place][person]
    spanish, english = len(names.EMPLOYERS_ES), len(names.EMPLOYERS_EN)
    at_home = (rng.random(len(person)) * spanish).astype(np.int32)
    abroad = spanish + (rng.random(len(person)) * english).astype(np.int32)
    # One in three Mexicans has worked for clients abroad.
    employer = np.where(specialist | chance(rng, 1 / 3, len(person)), abroad, at_home)
    return ExperienceColumns(
        person=person,
        employer=employer.astype(np.int32),
        seniority=np.maximum(people.seniority[person].astype(np.int64) - turn, 1).astype(np.uint8),
        starts_on=starts.astype(np.int32),
        ends_on=ends.astype(np.int32),
    )


def draw_exceptions(rng: Rng, people: PersonColumns, as_of: dt.date) -> ExceptionColumns:
    """Return the absences of the coming year: mostly leave of one to four weeks, sometimes months of half time."""
    person = np.flatnonzero(chance(rng, _ABSENT_SHARE, len(people))).astype(np.int32)
    starts = as_of.toordinal() + rng.integers(5, 360, len(person))
    half_time = chance(rng, 0.2, len(person))
    days = np.where(half_time, rng.integers(60, 150, len(person)), rng.integers(5, 28, len(person)))
    return ExceptionColumns(
        person=person,
        starts_on=starts.astype(np.int32),
        ends_on=(starts + days).astype(np.int32),
        weekly_minutes=np.where(half_time, people.weekly_minutes[person] // 2, 0).astype(np.int32),
    )


def draw_collaborations(rng: Rng, people: PersonColumns, as_of: dt.date) -> CollaborationColumns:
    """Return the pairs of past groups: three to nine people of one cluster, whatever their trade, as on projects."""
    clusters = {name: number for number, name in enumerate(dict.fromkeys(place.cluster for place in PLACES))}
    cluster = np.array([clusters[place.cluster] for place in PLACES])[people.place]
    pairs: list[NDArray[np.int64]] = []
    for _ in range(GROUP_ROUNDS):
        members = np.flatnonzero(chance(rng, _GROUPED_SHARE, len(people)))
        members = members[np.lexsort((rng.random(len(members)), cluster[members]))]
        pairs.append(_pairs(rng, members, cluster[members], len(people)))
    keys, times = np.unique(np.concatenate(pairs), return_counts=True)
    again = rng.geometric(0.7, len(keys)) - 1
    return CollaborationColumns(
        first=(keys // len(people)).astype(np.int32),
        second=(keys % len(people)).astype(np.int32),
        times=np.minimum(times + again, 3).astype(np.uint8),
        last_year=(as_of.year - rng.integers(0, 6, len(keys))).astype(np.int32),
    )


def _pairs(rng: Rng, members: NDArray[np.int64], cluster: Ints, people: int) -> NDArray[np.int64]:
    """Chop ``members`` (clusters together) into groups; return ``first * people + second`` of every pair inside one.

    Pairs are formed by distance in the row, one vectorized step each: groups have at most nine members.
    """
    sizes = rng.integers(LEAST_GROUP, LARGEST_GROUP + 1, len(members) // LEAST_GROUP + 1)
    group = np.repeat(np.arange(len(sizes)), sizes)[: len(members)]
    keys: list[NDArray[np.int64]] = []
    for distance in range(1, LARGEST_GROUP):
        left, right = members[:-distance], members[distance:]
        together = (group[:-distance] == group[distance:]) & (cluster[:-distance] == cluster[distance:])
        low, high = np.minimum(left, right)[together], np.maximum(left, right)[together]
        keys.append(low.astype(np.int64) * people + high)
    return np.concatenate(keys)

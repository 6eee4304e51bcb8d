"""Drawing the people: where they live, what trade they have, how senior they are, what they ask, when they are free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from profiles.levels import ContractRoute, Country, Function, Seniority
from profiles.synthetic import names
from profiles.synthetic.drawing import Rng, banded, chance, choose, pick
from profiles.synthetic.market import NONE, Ints, PersonColumns
from profiles.synthetic.places import PLACES
from profiles.synthetic.practices import Practice

UNITED_STATES_SHARE = 0.07
PESO_SHARE = 0.15

# Hourly rates in US dollars, from and to, by seniority: Mexican professionals, then US-based business specialists.
MEXICAN_RATES = ((25, 40), (40, 60), (55, 85), (75, 110), (85, 120))
SPECIALIST_RATES = ((90, 110), (90, 120), (95, 140), (115, 160), (130, 170))

# From how many years on somebody may be of a seniority, and the share of those who reach it.
_SENIOR_FROM = ((3, 1.0), (6, 0.92), (11, 0.55), (16, 0.35))
_MOST_YEARS = 38
_LEAST_SPECIALIST_YEARS = 6

_WEEKLY_MINUTES, _WEEKLY_WEIGHTS = (2400, 1800, 1200, 960), (80, 7, 9, 4)
_MEXICAN_DAYS = ((540, 1080), (480, 1020), (600, 1140), (420, 960))
_SPECIALIST_DAYS = ((540, 1020), (510, 1050), (480, 1020), (540, 1080))
_DAY_WEIGHTS = (62, 22, 8, 8)
_ROUTES = (ContractRoute.INDEPENDENT, ContractRoute.REPSE, ContractRoute.EMPLOYER_OF_RECORD)
_ROUTE_WEIGHTS = (45, 35, 20)


def draw_people(
    rng: Rng, people: int, practices: Sequence[Practice], as_of: dt.date, pesos_per_dollar: Decimal
) -> PersonColumns:
    """Return ``people`` rows in random order; the share of US specialists is exact to the person."""
    specialist = rng.permutation(people) < round(people * UNITED_STATES_SHARE)
    place = _places(rng, specialist)
    practice = _practices(rng, specialist, practices)
    years = _years(rng, specialist, np.array([each.years for each in practices])[practice])
    seniority = _seniority(rng, years)
    main, functions = _functions(rng, practice, practices, seniority)
    in_pesos = chance(rng, PESO_SHARE / (1 - UNITED_STATES_SHARE), people) & ~specialist
    dollars = _dollars(rng, specialist, seniority, place, np.array([each.rate for each in practices])[practice])
    rate, floor = _asking(rng, dollars, in_pesos, pesos_per_dollar)
    starts, ends = _hours(rng, specialist)
    available_from, available_until = _dates(rng, people, as_of)
    feminine = chance(rng, 0.4, people)
    given, second_given, family, second_family = _names(rng, specialist, feminine)
    return PersonColumns(
        given=given,
        second_given=second_given,
        family=family,
        second_family=second_family,
        feminine=feminine,
        place=place,
        practice=practice,
        years=years,
        seniority=seniority,
        main_function=main,
        functions=functions,
        rate_cents=rate,
        floor_cents=floor,
        rate_in_pesos=in_pesos,
        route=np.where(specialist, ContractRoute.US_SPECIALIST, pick(rng, _ROUTES, _ROUTE_WEIGHTS, people)).astype(
            np.uint8
        ),
        weekly_minutes=pick(rng, _WEEKLY_MINUTES, _WEEKLY_WEIGHTS, people),
        work_starts=starts,
        work_ends=ends,
        available_from=available_from,
        available_until=available_until,
        has_rfc=chance(rng, 0.6, people) & ~specialist,
        has_curp=chance(rng, 0.5, people) & ~specialist,
    )


def _places(rng: Rng, specialist: NDArray[np.bool_]) -> Ints:
    place = np.empty(len(specialist), dtype=np.int32)
    for country, rows in ((Country.MEXICO, ~specialist), (Country.UNITED_STATES, specialist)):
        weights = np.array([each.weight if each.country == country else 0.0 for each in PLACES])
        # By rank and not by lot, so that clusters keep their proportions in a small market too.
        place[rows] = banded(rng.random(int(rows.sum())), list(weights / weights.sum()))
    return place


def _practices(rng: Rng, specialist: NDArray[np.bool_], practices: Sequence[Practice]) -> Ints:
    practice = np.empty(len(specialist), dtype=np.int32)
    for rows, weights in (
        (~specialist, np.array([each.mexico for each in practices])),
        (specialist, np.array([each.united_states for each in practices])),
    ):
        practice[rows] = banded(rng.random(int(rows.sum())), list(weights / weights.sum()))
    return practice


def _years(rng: Rng, specialist: NDArray[np.bool_], mean: NDArray[np.float64]) -> NDArray[np.uint8]:
    shape = 2.6
    years = rng.gamma(shape, mean / shape) + np.where(specialist, 5.0, 0.0)
    least = np.where(specialist, _LEAST_SPECIALIST_YEARS, 0)
    return np.clip(years, least, _MOST_YEARS).astype(np.uint8)


def _seniority(rng: Rng, years: NDArray[np.uint8]) -> NDArray[np.uint8]:
    reached = np.ones(len(years), dtype=np.bool_)
    seniority = np.full(len(years), Seniority.JUNIOR, dtype=np.uint8)
    for least, share in _SENIOR_FROM:
        reached = reached & (years >= least) & chance(rng, share, len(years))
        seniority += reached.astype(np.uint8)
    return seniority


def _functions(
    rng: Rng, practice: Ints, practices: Sequence[Practice], seniority: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    cumulative = np.cumsum(np.array([each.functions for each in practices]), axis=1)[practice]
    main = np.minimum((rng.random(len(practice))[:, None] >= cumulative).sum(axis=1), 3).astype(np.uint8)
    functions = np.left_shift(np.uint8(1), main).astype(np.uint8)
    # Experienced engineers design, experienced operators engineer; a lead talks to the business.
    size, experienced, leading = len(practice), seniority >= Seniority.SENIOR, seniority >= Seniority.LEAD
    for who, probability, added in (
        (experienced & (main == Function.ENGINEERING), 0.3, Function.ARCHITECTURE),
        (leading & (main == Function.ENGINEERING), 0.4, Function.ARCHITECTURE),
        (experienced & (main == Function.OPERATIONS), 0.25, Function.ENGINEERING),
        (experienced & (main == Function.ENGINEERING), 0.2, Function.OPERATIONS),
        (experienced & (main == Function.ARCHITECTURE), 0.5, Function.ENGINEERING),
        (leading & (main == Function.ARCHITECTURE), 0.3, Function.BUSINESS),
        (leading & (main == Function.BUSINESS), 0.15, Function.OPERATIONS),
    ):
        functions |= np.where(who & chance(rng, probability, size), 1 << added, 0).astype(np.uint8)
    return main, functions


def _dollars(
    rng: Rng, specialist: NDArray[np.bool_], seniority: NDArray[np.uint8], place: Ints, step: NDArray[np.float64]
) -> NDArray[np.int64]:
    bands = np.array([MEXICAN_RATES, SPECIALIST_RATES])[specialist.astype(np.int8), seniority - 1]
    low, high = bands[:, 0], bands[:, 1]
    city = np.array([each.rate_step for each in PLACES])[place]
    position = np.clip(0.45 + 0.2 * rng.standard_normal(len(place)) + city + step, 0.0, 1.0)
    dollars: NDArray[np.int64] = np.round(low + (high - low) * position).astype(np.int64)
    return dollars


def _asking(
    rng: Rng, dollars: NDArray[np.int64], in_pesos: NDArray[np.bool_], pesos_per_dollar: Decimal
) -> tuple[Ints, Ints]:
    """Return the asking rate and the least acceptable, in hundredths of each person's own currency."""
    pesos = np.round(dollars * float(pesos_per_dollar) / 10).astype(np.int64) * 10
    rate = np.where(in_pesos, pesos, dollars)
    floor = np.floor(rate * (0.85 + 0.12 * rng.random(len(rate)))).astype(np.int64)
    return (rate * 100).astype(np.int32), (floor * 100).astype(np.int32)


def _hours(rng: Rng, specialist: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    day = choose(rng, _DAY_WEIGHTS, len(specialist))
    hours = np.array([_MEXICAN_DAYS, _SPECIALIST_DAYS], dtype=np.int32)[specialist.astype(np.int8), day]
    return hours[:, 0], hours[:, 1]


def _dates(rng: Rng, people: int, as_of: dt.date) -> tuple[Ints, Ints]:
    """Return from and until: three in five are free at once, the rest within four months; one in twelve has an end."""
    today = as_of.toordinal()
    later = rng.integers(7, 120, people)
    available_from = today + np.where(chance(rng, 0.6, people), -rng.integers(0, 60, people), later)
    until = np.where(chance(rng, 1 / 12, people), available_from + rng.integers(270, 720, people), NONE)
    return available_from.astype(np.int32), until.astype(np.int32)


def _names(rng: Rng, specialist: NDArray[np.bool_], feminine: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints, Ints]:
    """Two family names in Mexico, one in the United States; every third Mexican has a second given name."""
    people = len(specialist)
    starts = np.array(
        [[names.FIRST_MASCULINE_ES, 0], [names.FIRST_MASCULINE_EN, names.FIRST_FEMININE_EN]], dtype=np.int32
    )
    counts = np.array(
        [
            [len(names.MASCULINE_ES), len(names.FEMININE_ES)],
            [len(names.MASCULINE_EN), len(names.FEMININE_EN)],
        ],
        dtype=np.int32,
    )
    locale, gender = specialist.astype(np.int8), feminine.astype(np.int8)
    start, count = starts[locale, gender], counts[locale, gender]
    given = start + (rng.random(people) ** 1.5 * count).astype(np.int32)
    second = start + (rng.random(people) * count).astype(np.int32)
    second = np.where(chance(rng, 1 / 3, people) & ~specialist & (second != given), second, -1)
    first_family = np.where(specialist, names.FIRST_FAMILY_EN, 0)
    families = np.where(specialist, len(names.FAMILY_EN), len(names.FAMILY_ES))
    family = first_family + (rng.random(people) ** 1.5 * families).astype(np.int32)
    other = first_family + (rng.random(people) ** 1.5 * families).astype(np.int32)
    return (
        given.astype(np.int32),
        second.astype(np.int32),
        family.astype(np.int32),
        np.where(specialist, -1, other).astype(np.int32),
    )

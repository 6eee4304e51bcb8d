"""The objective in integer points: what a pair is worth, how strong a holder is, what a month costs.

Everything is integer arithmetic, so that a value is the same on every machine. See ``Policy`` for the weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.eligibility import Rows, language_floors, language_levels, posting_of
from matching.engine.problem import Need, Policy, Problem

Points = NDArray[np.int64]


def monthly_cost(rate_cents: NDArray[np.integer], weekly_minutes: int) -> Points:
    """Whole dollars a month of ``weekly_minutes`` at an hourly rate in cents, rounded up.

    rate/100 · minutes/60 · 52/12 = rate · minutes · 13 / 18000, in integers.
    """
    cost: Points = -((-rate_cents.astype(np.int64) * weekly_minutes * 13) // 18_000)
    return cost


def skill_strength(level: NDArray[np.integer], years: NDArray[np.integer]) -> Points:
    """``16·level + 2·min(years, 10)``: a level weighs as much as eight years."""
    strength: Points = 16 * level.astype(np.int64) + 2 * np.minimum(years.astype(np.int64), 10)
    return strength


def language_strength(level: NDArray[np.integer]) -> Points:
    """``16·CEFR``: the same scale as skills, without years."""
    return 16 * level.astype(np.int64)


def _claim_strength(problem: Problem, skill: int, rows: Rows) -> Points:
    """Strength of rows that are known to claim the skill."""
    posting = posting_of(problem, skill)
    at = np.searchsorted(posting.person, rows)
    return skill_strength(posting.level[at], posting.years[at])


def need_gain(problem: Problem, need: Need, rows: Rows) -> Points:
    """Points that each of these holders earns if responsible for the need: ``weight·strength // 2``."""
    if need.skill is not None:
        strength = _claim_strength(problem, need.skill, rows)
    else:
        strength = language_strength(language_levels(problem, need.language or "")[rows])
    gain: Points = need.weight * strength // 2
    return gain


def cost_points(policy: Policy, cost: Points) -> Points:
    """Points that a monthly cost takes away, rounded down; none when the policy gives cost no weight."""
    points: Points = cost // policy.cost_per_point if policy.cost_per_point else np.zeros_like(cost)
    return points


def fit_points(problem: Problem, position: int, rows: Rows) -> Points:
    """Points of eligible rows in a seat, before cost.

    Main function, steps above the seniority and language floors (at most ``steps_counted`` each), one point per full
    week of availability before the start (at most ``prompt_start_points``), and strength in each must-have skill.
    """
    people, policy, seat = problem.market.people, problem.policy, problem.seats[position]
    steps = policy.steps_counted
    points: Points = policy.main_function_points * (people.main_function[rows] == seat.function).astype(np.int64)
    above = people.seniority[rows].astype(np.int64) - seat.min_seniority
    points += policy.seniority_step_points * np.minimum(above, steps)
    for key, level in language_floors(problem, seat):
        above = language_levels(problem, key)[rows].astype(np.int64) - level
        points += policy.language_step_points * np.minimum(above, steps)
    weeks = (problem.starts_on - people.available_from[rows].astype(np.int64)) // 7
    points += np.minimum(weeks, policy.prompt_start_points)
    if policy.skill_strength_divisor:
        for floor in seat.skills:
            points += _claim_strength(problem, floor.skill, rows) // policy.skill_strength_divisor
    return points

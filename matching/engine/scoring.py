"""The objective in integer points: what a pair is worth, how strong a holder is, what a month costs.

Everything is integer arithmetic, so that a value is the same on every machine. See ``Policy`` for the weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.engine.eligibility import Candidates, Positions, language_floors, language_levels, posting_of
from matching.engine.problem import Need, Policy, Posting, Problem

Points = NDArray[np.int64]


def monthly_cost(rate_cents: NDArray[np.integer], weekly_minutes: int) -> Points:
    """Whole dollars a month of ``weekly_minutes`` at an hourly rate in cents, rounded up.

    rate/100 · minutes/60 · 52/12 = rate · minutes · 13 / 18000, in integers.
    """
    cost: Points = -((-rate_cents.astype(np.int64) * weekly_minutes * 13) // 18_000)
    return cost


def skill_strength(level: NDArray[np.uint8], years: NDArray[np.uint8]) -> Points:
    """``16·level + 2·min(years, 10)``: a level weighs as much as eight years."""
    strength: Points = 16 * level.astype(np.int64)
    strength += 2 * np.minimum(years, 10)
    return strength


def language_strength(level: NDArray[np.integer]) -> Points:
    """``16·CEFR``: the same scale as skills, without years."""
    return 16 * level.astype(np.int64)


def claim_strength(posting: Posting, at: Positions) -> Points:
    """Strength of the claims at these positions of a posting, nothing where the position is -1."""
    if not len(posting.person):
        return np.zeros(len(at), np.int64)
    strength = skill_strength(posting.level[at], posting.years[at])
    if len(at) and at.min() < 0:
        strength[at < 0] = 0
    return strength


def skill_gain(need: Need, strength: Points) -> Points:
    """Points that holders of this strength earn if responsible for the need: ``weight·strength // 2``."""
    gain: Points = need.weight * strength // 2
    return gain


def cost_points(policy: Policy, cost: Points) -> Points:
    """Points that a monthly cost takes away, rounded down; none when the policy gives cost no weight."""
    points: Points = cost // policy.cost_per_point if policy.cost_per_point else np.zeros_like(cost)
    return points


def fit_points(problem: Problem, position: int, found: Candidates) -> Points:
    """Points of the candidates of a seat, before cost.

    Main function, steps above the seniority and language floors (at most ``steps_counted`` each), one point per full
    week of availability before the start (at most ``prompt_start_points``), and strength in each must-have skill.
    """
    people, policy, seat, rows = problem.market.people, problem.policy, problem.seats[position], found.rows
    steps = policy.steps_counted

    def above(levels: NDArray[np.uint8], floor: int, points: int) -> Points:
        # A table for all 256 levels is read faster than small integers are widened, compared and multiplied.
        table: Points = points * np.minimum(np.arange(256) - floor, steps)
        return table[levels]

    points = above(people.seniority[rows], seat.min_seniority, policy.seniority_step_points)
    points += np.where(people.main_function[rows] == seat.function, policy.main_function_points, 0)
    for key, level in language_floors(problem, seat):
        points += above(language_levels(problem, key)[rows], level, policy.language_step_points)
    weeks = (problem.starts_on - people.available_from[rows]) // 7
    points += np.minimum(weeks, policy.prompt_start_points)
    if policy.skill_strength_divisor:
        for floor, at in zip(seat.skills, found.claims, strict=True):
            points += claim_strength(posting_of(problem, floor.skill), at) // policy.skill_strength_divisor
    return points

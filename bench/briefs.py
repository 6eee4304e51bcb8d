"""Projects of the engine's harness as bodies of ``POST /projects``, for a served market of the same size and seed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bench import markets
from matching.engine import Cefr, Country, Problem
from profiles.synthetic.generate import REFERENCE_DAY
from profiles.taxonomy.source import read_taxonomy

Json = dict[str, Any]
FUNCTIONS = ("business", "architecture", "engineering", "operations")
SENIORITIES = ("", "junior", "mid", "senior", "lead", "principal")
LEVELS = ("", "a1", "a2", "b1", "b2", "c1", "c2")
COUNTRIES = {Country.MEXICO: "MX", Country.UNITED_STATES: "US"}
LEAD = dt.timedelta(weeks=1)


def bodies(people: int, count: int, seed: int, today: dt.date) -> list[Json]:
    """Return ``count`` bodies, each round a hidden cell of the market of ``people``, so that most have an answer.

    Dates move by whole weeks when the market's own day is past.
    """
    codes = [entry.code for entry in read_taxonomy().entries]
    given = markets.market(people, seed)
    late = max(dt.timedelta(0), today - REFERENCE_DAY)
    shift = dt.timedelta(weeks=-(-late.days // 7))
    problems = markets.projects(given, count, seed)
    return [_body(problem, codes, shift, number) for number, problem in enumerate(problems)]


def _body(problem: Problem, codes: list[str], shift: dt.timedelta, number: int) -> Json:
    starts, ends = (dt.date.fromordinal(day) + shift for day in (problem.starts_on, problem.ends_on))
    return {
        "title": f"Measured project {number + 1}",
        "solution_type": "core_modernization",
        "starts_on": starts.isoformat(),
        "ends_on": ends.isoformat(),
        "monthly_cap": {"amount": f"{problem.budget}.00", "currency": "USD"},
        "time_zone": markets.CLIENT_ZONE,
        "day_starts": _clock(markets.CLIENT_OPENS),
        "day_ends": _clock(markets.CLIENT_CLOSES),
        "overlap_minutes": min(seat.min_overlap_minutes for seat in problem.seats),
        "bridges": problem.bridges,
        "us_specialists": problem.specialists,
        "seats": [
            {
                "title_en": f"Seat {position + 1}",
                "title_es": f"Puesto {position + 1}",
                "function": FUNCTIONS[seat.function],
                "min_seniority": SENIORITIES[seat.min_seniority],
                "countries": [COUNTRIES[country] for country in seat.countries],
                "weekly_minutes": seat.weekly_minutes,
                "client_facing": seat.client_facing,
                "skills": [{"skill": codes[floor.skill], "level": floor.level} for floor in seat.skills],
                "languages": [_floor(key, level, seat.client_facing) for key, level in seat.languages],
            }
            for position, seat in enumerate(problem.seats)
        ],
        "needs": [
            {"skill": codes[need.skill], "level": need.level, "count": need.count, "weight": need.weight}
            for need in problem.needs
            if need.skill is not None
        ],
    }


def _floor(key: str, level: int, client_facing: bool) -> Json:
    """A language floor; the service refuses to be asked for less than what facing the client takes anyway."""
    language, _, activity = key.partition(".")
    least = Cefr.B2 if client_facing and key == markets.SPOKEN else Cefr.A1
    return {"language": language, "activity": activity, "level": LEVELS[max(level, least)]}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"

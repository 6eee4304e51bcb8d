"""The draft of a project that an analysis comes to, in the shape that creating a project takes."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from marketplace.clients.briefs import levels, role_titles, roles
from marketplace.clients.briefs.analysis import MOST_NEEDS, MOST_SEATS, Analysis
from marketplace.clients.briefs.attitudes import Attitude
from marketplace.clients.briefs.needs import NeedReading, kind
from marketplace.clients.briefs.reading import Reading
from marketplace.clients.briefs.seat_reading import SeatReading
from marketplace.clients.models import Project
from marketplace.clients.models.project import SolutionType
from marketplace.kernel.money import Money
from profiles.levels import COUNTRY_CODES, Activity, Cefr, Country, Evidence, Function, Level, Seniority, SkillKind
from profiles.taxonomy.text import strip_accents

MOST_SKILLS = 20
OF_THE_SHAPE = ("bridges", "us_specialists")
MUST_WEIGHT, WISH_WEIGHT, REGULATION_WEIGHT = 6, 3, 7


def body(analysis: Analysis, brief: str) -> dict[str, Any]:
    """Return the body of ``POST /projects`` as far as the brief says it; what is missing is left out.

    A solution type names its blueprint, which fills what the body leaves out, but adds no needs to seats that were
    read. Skills that a seat demands stand in the seat; the others are needs of the cell, wishes with a count of 0. Of
    more needs than a project holds the demands come first.
    """
    made: dict[str, Any] = {"brief": brief}
    if analysis.title:
        made["title"] = analysis.title.value
    if analysis.solution_type:
        made |= {"blueprint": analysis.solution_type.value, "solution_type": analysis.solution_type.value}
        # A blueprint's own title is in English, whatever the language of the brief, and says more than the brief.
        with translation.override("es-mx" if analysis.language == "es" else "en"):
            made.setdefault("title", str(SolutionType(analysis.solution_type.value).label))
    for name in ("starts_on", "ends_on"):
        if reading := getattr(analysis, name):
            made[name] = reading.value.isoformat()
    if analysis.monthly_cap:
        made["monthly_cap"] = analysis.monthly_cap.value.as_json()
    if analysis.places.time_zone:
        made["time_zone"] = analysis.places.time_zone.value
    if analysis.places.overlap_minutes:
        made["overlap_minutes"] = analysis.places.overlap_minutes.value
    if analysis.places.us_specialists:
        made["us_specialists"] = analysis.places.us_specialists.value
    if analysis.seats and analysis.solution_type:
        # A blueprint's bridges and specialists are counted for its own seats.
        made |= {name: made.get(name, getattr(Project(), name)) for name in OF_THE_SHAPE}
    if bridges := [d.value.people for d in analysis.languages if d.value.people and d.value.level >= Cefr.C1]:
        made["bridges"] = max(bridges)
    if analysis.seats:
        made["seats"] = [_seat(seat, analysis) for seat in analysis.seats[:MOST_SEATS]]
    seated = {floor["skill"] for seat in made.get("seats", ()) for floor in seat["skills"]}
    cell = [need for need in analysis.needs if need.code not in seated]
    cell.sort(key=lambda need: need.attitude is Attitude.WISH)
    if cell or analysis.seats:
        made["needs"] = [_need(need) for need in cell[:MOST_NEEDS]]
    return made


def _seat(seat: SeatReading, analysis: Analysis) -> dict[str, Any]:
    stated = {need.code: need for need in analysis.needs}
    usual = levels.OF_SENIORITY.get(Seniority(seat.seniority), Level.INDEPENDENT) if seat.seniority else None
    floors: dict[str, int] = {}
    for mention in seat.mentions:
        if kind(mention.code) == SkillKind.REGULATION or len(floors) == MOST_SKILLS:
            continue
        level = mention.level or _level_elsewhere(stated.get(mention.code)) or usual or Level.INDEPENDENT
        floors[mention.code] = max(floors.get(mention.code, 0), int(level))
    english, spanish = role_titles.both(seat, analysis.language)
    made: dict[str, Any] = {
        "title_en": english,
        "function": Function(seat.function).name.lower(),
        "min_seniority": Seniority(seat.seniority or Seniority.JUNIOR).name.lower(),
        "least": seat.least,
        "most": seat.count,
        "skills": [{"skill": code, "level": level} for code, level in floors.items()],
        "languages": _floors(seat, analysis),
    }
    if spanish:
        made["title_es"] = spanish
    if seat.weekly_minutes:
        made["weekly_minutes"] = seat.weekly_minutes
    if seat.client_facing and all(
        f["language"] != "en" or Cefr[f["level"].upper()] >= Cefr.B2 for f in made["languages"]
    ):
        made["client_facing"] = True
    if analysis.places.countries:
        made["countries"] = [COUNTRY_CODES[Country(each)] for each in analysis.places.countries.value]
    if analysis.hourly_cap:
        made["max_rate"] = _money(analysis.hourly_cap)
    return made


def _money(reading: Reading[Money]) -> dict[str, str]:
    return reading.value.as_json()


def _level_elsewhere(need: NeedReading | None) -> int | None:
    return need.level if need is not None and need.stated else None


def _floors(seat: SeatReading, analysis: Analysis) -> list[dict[str, str]]:
    """The languages that this seat must speak: those of everybody, of its role, or of the roles that are left.

    One that is meant for so many people is no floor; one for roles that no seat has is everybody's.
    """
    names = [_role(each) for each in analysis.seats]
    own = _role(seat)
    highest: dict[str, int] = {}
    proven: set[str] = set()
    for demand in analysis.languages:
        value = demand.value
        if value.people is not None:
            continue
        meant = {role for role in value.roles if any(roles.same(role, name) for name in names)}
        if meant and not any(roles.same(role, own) for role in meant):
            continue
        if value.rest and any(
            roles.same(role, own)
            for other in analysis.languages
            if other.value.language == value.language
            for role in other.value.roles
        ):
            continue
        if value.roles and not meant and len(analysis.languages) > 1:
            continue
        highest[value.language] = max(highest.get(value.language, 0), value.level)
        if value.tested:
            proven.add(value.language)
    return [
        {
            "language": str(language),
            "activity": str(Activity.SPEAKING.value),
            "level": Cefr(level).name.lower(),
            **({"evidence": Evidence.TESTED.name.lower()} if language in proven else {}),
        }
        for language, level in highest.items()
    ]


def _role(seat: SeatReading) -> str:
    return roles.named(strip_accents(seat.title).casefold()) or seat.title.casefold()


def _need(need: NeedReading) -> dict[str, Any]:
    wish = need.attitude is Attitude.WISH
    regulation = kind(need.code) == SkillKind.REGULATION
    return {
        "skill": need.code,
        "level": int(need.level),
        "count": 0 if wish else 1,
        "weight": WISH_WEIGHT if wish else REGULATION_WEIGHT if regulation else MUST_WEIGHT,
    }

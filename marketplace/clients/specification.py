"""What a project asks for, as plain values: the same for a request, a blueprint, and an edit of what is stored."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.clients.models import Need, Seat
from marketplace.kernel.money import Money
from profiles.levels import Activity, Evidence, Level, Seniority


@dataclass(frozen=True)
class SkillFloor:
    """A must of a seat: ``skill`` by its code or by any name of it, ``level`` 1..5."""

    skill: str
    level: int


@dataclass(frozen=True)
class LanguageFloor:
    """``level`` is CEFR 1..6 in one activity; ``evidence`` must stand behind the language until the engagement ends."""

    language: str
    level: int
    activity: str = Activity.SPEAKING
    evidence: int = Evidence.SELF_DECLARED


@dataclass(frozen=True)
class SeatSpecification:
    """A place for ``least``..``most`` people; no ``countries`` means any, ``max_rate`` is per hour."""

    title_en: str
    function: int
    title_es: str = ""
    min_seniority: int = Seniority.JUNIOR
    countries: tuple[int, ...] = ()
    weekly_minutes: int = 2400
    client_facing: bool = False
    max_rate: Money | None = None
    least: int = 1
    most: int = 1
    skills: tuple[SkillFloor, ...] = ()
    languages: tuple[LanguageFloor, ...] = ()


@dataclass(frozen=True)
class NeedSpecification:
    """Something the whole cell must hold: ``count`` members at ``level``; 0 makes it a wish worth ``weight`` 0..10."""

    skill: str
    level: int = Level.INDEPENDENT
    count: int = 1
    weight: int = 5


def of_seat(seat: Seat) -> SeatSpecification:
    """Return what a stored seat asks for. Reads ``skills__skill`` and ``languages``, which the caller prefetches."""
    return SeatSpecification(
        title_en=seat.title_en,
        title_es=seat.title_es,
        function=seat.function,
        min_seniority=seat.min_seniority,
        countries=tuple(seat.countries),
        weekly_minutes=seat.weekly_minutes,
        client_facing=seat.client_facing,
        max_rate=None if seat.max_rate is None else Money.of(seat.max_rate, seat.max_rate_currency),
        least=seat.least,
        most=seat.most,
        skills=tuple(
            SkillFloor(row.skill.code, row.level) for row in sorted(seat.skills.all(), key=lambda row: row.pk)
        ),
        languages=tuple(
            LanguageFloor(row.language, row.level, row.activity, row.evidence)
            for row in sorted(seat.languages.all(), key=lambda row: row.pk)
        ),
    )


def of_need(need: Need) -> NeedSpecification:
    """Return what a stored need asks for."""
    return NeedSpecification(skill=need.skill.code, level=need.level, count=need.count, weight=need.weight)

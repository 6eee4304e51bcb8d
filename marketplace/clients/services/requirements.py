"""Seats and needs of a project: skills recognized, rules checked, rows written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from marketplace.clients.models import Need, Project, Seat, SeatLanguage, SeatSkill
from marketplace.clients.services import rules
from marketplace.clients.specification import (
    LanguageFloor,
    NeedSpecification,
    SeatSpecification,
    SkillFloor,
    of_need,
    of_seat,
)
from marketplace.kernel.errors import FieldError, Invalid
from marketplace.kernel.money import Money
from profiles.levels import Evidence
from profiles.models import Skill
from profiles.services import skills

_AMENDABLE = frozenset(
    {"monthly_cap", "overlap_minutes", "starts_on", "ends_on", "bridges", "us_specialists", "evidence_floor"}
)
_AMENDABLE_SEAT = frozenset(
    {
        "min_seniority", "weekly_minutes", "max_rate", "countries", "client_facing", "least", "skills", "languages",
        "language_evidence",
    }
)  # fmt: skip
_AMENDABLE_NEED = frozenset({"level", "count", "weight"})


@dataclass(frozen=True)
class Requirements:
    """Seats and needs whose skills are all codes of the taxonomy, and those skills under their codes."""

    seats: tuple[SeatSpecification, ...]
    needs: tuple[NeedSpecification, ...]
    skills: dict[str, Skill]


def check(
    project: Project,
    seats: Sequence[SeatSpecification],
    needs: Sequence[NeedSpecification],
    *,
    today: dt.date,
    complete: bool = False,
) -> Requirements:
    """Return the requirements with every skill recognized; ``complete`` asks for all that publishing needs.

    Raises Invalid ``invalid_project`` with every fault of the project, its seats and its needs, each with its pointer.
    """
    errors = [
        *rules.schedule(project, today=today),
        *rules.seats(project, seats, today=today),
        *rules.counts(project, seats, needs),
        *(rules.completeness(project, len(seats), len(needs)) if complete else ()),
    ]
    names = {floor.skill for seat in seats for floor in seat.skills} | {need.skill for need in needs}
    known = skills.resolve(names)
    errors += [
        fault
        for number, seat in enumerate(seats)
        for fault in _skill_faults(
            [(f"/seats/{number}/skills/{k}/skill", floor.skill) for k, floor in enumerate(seat.skills)], known
        )
    ]
    errors += _skill_faults([(f"/needs/{number}/skill", need.skill) for number, need in enumerate(needs)], known)
    if errors:
        raise Invalid("invalid_project", _("The project breaks some rules; see errors."), errors=errors)
    return Requirements(
        seats=tuple(
            replace(seat, skills=tuple(replace(floor, skill=known[floor.skill].code) for floor in seat.skills))
            for seat in seats
        ),
        needs=tuple(replace(need, skill=known[need.skill].code) for need in needs),
        skills={row.code: row for row in known.values()},
    )


def _skill_faults(asked: Sequence[tuple[str, str]], known: dict[str, Skill]) -> list[FieldError]:
    errors = []
    seen: set[str] = set()
    for pointer, name in asked:
        skill = known.get(name)
        if skill is None:
            errors.append(skills.unknown(name, pointer))
        elif skill.code in seen:
            errors.append(FieldError(pointer, "duplicate_skill", _("This skill is already named.")))
        else:
            seen.add(skill.code)
    return errors


def stored(project: Project) -> tuple[tuple[SeatSpecification, ...], tuple[NeedSpecification, ...]]:
    """Return what the project asks for now, in order of position."""
    seats = project.seats.prefetch_related("skills__skill", "languages")
    return tuple(of_seat(seat) for seat in seats), tuple(
        of_need(need) for need in project.needs.select_related("skill")
    )


def amended(project: Project, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that ``projects.amend``'s ``changes`` come to. Raises Invalid ``unknown_change``."""
    seats, needs = (list(each) for each in stored(project))
    fields = {name: value for name, value in changes.items() if name in _AMENDABLE}
    if "monthly_cap" in fields:
        fields["monthly_cap"] = Money.of(fields["monthly_cap"], project.currency)
    unknown = [f"/{name}" for name in changes.keys() - _AMENDABLE - {"seats", "needs"}]
    for position, change in changes.get("seats", {}).items():
        at = f"/seats/{position}"
        if not 0 <= position < len(seats):
            unknown.append(at)
            continue
        unknown += [f"{at}/{name}" for name in change.keys() - _AMENDABLE_SEAT]
        seats[position] = _amended_seat(seats[position], {k: v for k, v in change.items() if k in _AMENDABLE_SEAT})
    for position, change in changes.get("needs", {}).items():
        at = f"/needs/{position}"
        if not 0 <= position < len(needs):
            unknown.append(at)
            continue
        unknown += [f"{at}/{name}" for name in change.keys() - _AMENDABLE_NEED]
        needs[position] = replace(needs[position], **{k: v for k, v in change.items() if k in _AMENDABLE_NEED})
    if unknown:
        detail = _("This cannot be changed here.")
        raise Invalid(
            "unknown_change", detail, errors=[FieldError(at, "unknown_change", detail) for at in sorted(unknown)]
        )
    return {**fields, "seats": tuple(seats), "needs": tuple(needs)}


def _amended_seat(seat: SeatSpecification, change: dict[str, Any]) -> SeatSpecification:
    parts = {"skills", "languages", "language_evidence", "countries"}
    plain = {name: value for name, value in change.items() if name not in parts}
    if "countries" in change:
        plain["countries"] = tuple(change["countries"])
    skills_asked = {floor.skill: floor.level for floor in seat.skills} | change.get("skills", {})
    languages = {f"{floor.language}.{floor.activity}": floor.level for floor in seat.languages}
    shown = {f"{floor.language}.{floor.activity}": floor.evidence for floor in seat.languages}
    most = change.get("language_evidence", {})
    return replace(
        seat,
        **plain,
        skills=tuple(SkillFloor(code, level) for code, level in skills_asked.items() if level),
        languages=tuple(
            LanguageFloor(language, level, activity, min(shown.get(key, 0), most.get(language, Evidence.VERIFIED)))
            for key, level in (languages | change.get("languages", {})).items()
            for language, activity in [key.split(".")]
            if level
        ),
    )


def write(project: Project, wanted: Requirements) -> None:
    """Bring the rows in line, within the caller's transaction that holds the project locked.

    A seat or need that does not change keeps its row and id. One that changes gets a new row: the old is deleted, or
    detached where a proposal refers to it.
    """
    seats = {seat.position: seat for seat in project.seats.prefetch_related("skills__skill", "languages")}
    kept_seats = {n for n, seat in seats.items() if n < len(wanted.seats) and of_seat(seat) == wanted.seats[n]}
    for position, seat in seats.items():
        if position not in kept_seats:
            _retire(seat)
    for position, asked in enumerate(wanted.seats):
        if position not in kept_seats:
            _add_seat(project, position, asked, wanted.skills)

    needs = {need.position: need for need in project.needs.select_related("skill")}
    kept_needs = {n for n, need in needs.items() if n < len(wanted.needs) and of_need(need) == wanted.needs[n]}
    for position, need in needs.items():
        if position not in kept_needs:
            _retire(need)
    Need.objects.bulk_create(
        [
            Need(
                project=project,
                position=position,
                skill=wanted.skills[need.skill],
                level=need.level,
                count=need.count,
                weight=need.weight,
            )
            for position, need in enumerate(wanted.needs)
            if position not in kept_needs
        ]
    )


def _retire(row: Seat | Need) -> None:
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        row.project = None
        row.touch("project")


def _add_seat(project: Project, position: int, asked: SeatSpecification, known: dict[str, Skill]) -> None:
    seat = Seat.objects.create(
        project=project,
        position=position,
        title_en=asked.title_en,
        title_es=asked.title_es,
        function=asked.function,
        min_seniority=asked.min_seniority,
        countries=list(asked.countries),
        weekly_minutes=asked.weekly_minutes,
        client_facing=asked.client_facing,
        max_rate=asked.max_rate.amount if asked.max_rate else None,
        max_rate_currency=asked.max_rate.currency if asked.max_rate else project.currency,
        least=asked.least,
        most=asked.most,
    )
    SeatSkill.objects.bulk_create(
        [SeatSkill(seat=seat, skill=known[floor.skill], level=floor.level) for floor in asked.skills]
    )
    SeatLanguage.objects.bulk_create(
        [
            SeatLanguage(
                seat=seat,
                language=floor.language,
                activity=floor.activity,
                level=floor.level,
                evidence=floor.evidence,
            )
            for floor in asked.languages
        ]
    )

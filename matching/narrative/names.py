"""What things are called in the reader's language: seats, needs, skills, languages, scales."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matching.models import MatchRun
from matching.narrative import amounts
from profiles.levels import Cefr, Evidence, Seniority
from profiles.models import Skill

_SKILL_CODE = re.compile(r'"(?:[^"]*(?:skill|evidence|certificate):)?([-a-z0-9]+)"')


@dataclass(frozen=True)
class Names:
    """``seats`` and ``needs`` by their position in the problem, ``skills`` by code."""

    currency: str
    seats: Sequence[str] = ()
    needs: Sequence[str] = ()
    skills: Mapping[str, str] = field(default_factory=dict)

    def seat(self, position: int) -> str:
        """Return the title of a seat, in quotation marks, or its number where the title is not known."""
        known = self.seats[position] if position < len(self.seats) else ""
        return _("“%(title)s”") % {"title": known} if known else amounts.number(position + 1)

    def need(self, position: int) -> str:
        """Return what a need asks for, or its number."""
        known = self.needs[position] if position < len(self.needs) else ""
        return known or _("need %(number)s") % {"number": amounts.number(position + 1)}

    def skill(self, code: str) -> str:
        """Return the name of a skill, or its code where the taxonomy has none."""
        return self.skills.get(code, code)


def of_run(run: MatchRun) -> Names:
    """Return the names that a run's diagnosis speaks of, in three queries.

    A diagnosis counts seats and needs by position, so the titles serve only while the project is as the run saw it.
    """
    project, spoken = run.project, get_language() or "en"
    if project.version != run.project_version:
        mentioned = set(_SKILL_CODE.findall(json.dumps(run.diagnosis)))
        skills = {row.code: row.name(spoken) for row in Skill.objects.filter(code__in=mentioned)}
        return Names(project.currency, skills=skills)
    needs = list(project.needs.select_related("skill").order_by("position"))
    seats = list(project.seats.prefetch_related("skills__skill").order_by("position"))
    rows = [need.skill for need in needs] + [floor.skill for seat in seats for floor in seat.skills.all()]
    return Names(
        project.currency,
        seats=[seat.title(spoken) for seat in seats],
        needs=[need.skill.name(spoken) for need in needs],
        skills={row.code: row.name(spoken) for row in rows},
    )


def of_terms(content: Mapping[str, Any], currency: str) -> Names:
    """Return the names that the diagnosis of a question speaks of (``content`` as in ``matching.terms``), in one query.

    Seats and needs are in the order of the problem.
    """
    spoken = get_language() or "en"
    codes = {floor["skill"] for seat in content["seats"] for floor in seat["skills"]}
    codes |= {need["skill"] for need in content["needs"]}
    skills = {row.code: row.name(spoken) for row in Skill.objects.filter(code__in=codes)}
    return Names(
        currency,
        seats=[(spoken.startswith("es") and seat["title_es"]) or seat["title_en"] for seat in content["seats"]],
        needs=[skills.get(need["skill"], need["skill"]) for need in content["needs"]],
        skills=skills,
    )


def skills_mentioned(facts: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Return the names of the skills that the data of reasons speak of, by number; no query where there are none."""
    numbers = {data["skill"] for data in facts if "skill" in data}
    spoken = get_language() or "en"
    return {row.pk: row.name(spoken) for row in Skill.objects.filter(pk__in=numbers)} if numbers else {}


def language(key: str) -> str:
    """Return what a language and activity such as ``en.speaking`` are called."""
    known = {
        "en.listening": _("understanding spoken English"),
        "en.speaking": _("spoken English"),
        "en.reading": _("reading English"),
        "en.writing": _("written English"),
        "es.listening": _("understanding spoken Spanish"),
        "es.speaking": _("spoken Spanish"),
        "es.reading": _("reading Spanish"),
        "es.writing": _("written Spanish"),
    }
    return known.get(key, key)


def language_evidence(key: str) -> str:
    """Return what the evidence of a language is called; ``key`` is ``en``, or the column ``en.evidence``."""
    known = {
        "en": _("the evidence for English until the end"),
        "es": _("the evidence for Spanish until the end"),
    }
    return known.get(key.removesuffix(".evidence"), key)


def cefr(level: int) -> str:
    """Return ``C1``; a dash for none."""
    return str(Cefr(level).label)


def seniority(step: int) -> str:
    """Return ``senior`` as it stands within a sentence."""
    return str(Seniority(step).label).lower()


def evidence(step: int) -> str:
    """Return ``verified`` as it stands within a sentence."""
    return str(Evidence(step).label).lower()


def rule(code: str, names: Names) -> str:
    """Return what a rule of one person looks at: ``spoken English``, ``the weekly hours``."""
    kind, _colon, subject = code.partition(":")
    match kind:
        case "language":
            return language(subject)
        case "language_evidence":
            return language_evidence(subject)
        case "skill":
            return names.skill(subject)
        case "evidence":
            return _("the evidence for %(skill)s") % {"skill": names.skill(subject)}
        case "certificate":
            return _("the validity of %(skill)s until the end") % {"skill": names.skill(subject)}
    known = {
        "banned": _("the exclusions"),
        "pinned": _("the pinned members"),
        "function": _("the function"),
        "country": _("the country"),
        "route": _("the contract route"),
        "rate": _("the hourly rate"),
        "seniority": _("the seniority"),
        "available": _("the starting date"),
        "free_time": _("the weekly hours"),
        "overlap": _("the shared working hours"),
        "seat": _("the seats, none of which takes them"),
        "market": _("the market, which is empty"),
    }
    return known[kind]

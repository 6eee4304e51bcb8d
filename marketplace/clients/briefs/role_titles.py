"""The title of a seat in both languages: the brief's own words in the one, role and skills in the other."""

from __future__ import annotations

import re

from marketplace.clients.briefs.seats import SeatReading
from profiles.levels import Seniority
from profiles.services import skills
from profiles.taxonomy.text import strip_accents

LONGEST = 120
MOST_SKILLS = 3

_ROLES = tuple(
    (re.compile(rf"\b(?:{words})\b"), english, spanish)
    for words, english, spanish in (
        (
            r"(?:tech(?:nical)?|development)[- ]leads?|lider(?:es)? (?:tecnic[oa]s?|de desarrollo)",
            "technical lead",
            "líder técnico",
        ),
        (
            r"(?:project|delivery) (?:managers?|leads?)"
            r"|(?:lider(?:es)?|jef[ea]s?|gerentes?|administrador\w*) de proyectos?",
            "project manager",
            "líder de proyecto",
        ),
        (r"program(?:me)? managers?|gerentes? de programas?", "program manager", "gerente de programa"),
        (r"(?:test|qa) (?:leads?|managers?)|lider(?:es)? de (?:pruebas|qa)", "test lead", "líder de pruebas"),
        (
            r"product (?:owners?|managers?)|duen[oa]s? de producto|gerentes? de producto",
            "product owner",
            "dueño de producto",
        ),
        (r"scrum masters?", "Scrum Master", "Scrum Master"),
        (r"data stewards?|custodi[oa]s? de(?: los)? datos", "data steward", "custodio de datos"),
        (r"architects?|arquitect[oa]s?", "architect", "arquitecto"),
        (r"dbas?", "database administrator", "administrador de bases de datos"),
        (r"administrators?|admins?|sysadmins?|administrador(?:es|as?)?", "administrator", "administrador"),
        (r"operators?|operador(?:es|as?)?", "operator", "operador"),
        (r"auditors?|auditor(?:es|as?)", "auditor", "auditor"),
        (r"officers?|oficial(?:es)?", "officer", "oficial"),
        (r"coach(?:es)?", "coach", "coach"),
        (r"analysts?|analistas?", "analyst", "analista"),
        (r"consultants?|consultor(?:es|as?)?", "consultant", "consultor"),
        (r"developers?|devs?|coders?|desarrollador(?:es|as?)?", "developer", "desarrollador"),
        (r"programmers?|programador(?:es|as?)?", "programmer", "programador"),
        (r"sres?", "site reliability engineer", "ingeniero de confiabilidad"),
        (r"engineers?|ingenier[oa]s?", "engineer", "ingeniero"),
        (r"testers?|qas?|probador(?:es|as?)?", "tester", "probador"),
        (r"scientists?|cientific[oa]s?", "scientist", "científico"),
        (r"designers?|disenador(?:es|as?)?", "designer", "diseñador"),
        (r"investigators?", "investigator", "investigador"),
        (r"researchers?|investigador(?:es|as?)?", "researcher", "investigador"),
        (r"modelers?|modelador(?:es|as?)?", "modeler", "modelador"),
        (r"specialists?|especialistas?|smes?|experts?|expert[oa]s?", "specialist", "especialista"),
        (r"leads?|lider(?:es)?", "lead", "líder"),
        (r"managers?|gerentes?|jef[ea]s?", "manager", "gerente"),
    )
)
_RANKS = {
    Seniority.PRINCIPAL: ("principal", "principal"),
    Seniority.LEAD: ("lead", "líder"),
    Seniority.SENIOR: ("senior", "sénior"),
    Seniority.MID: ("mid-level", "intermedio"),
    Seniority.JUNIOR: ("junior", "júnior"),
}


def both(seat: SeatReading, language: str) -> tuple[str, str]:
    """Return the title of ``seat`` in English and in Spanish; ``language`` is that of the whole brief.

    A role with an English name in a Spanish brief ("QA Engineer") keeps it in both. What the brief does not say is made
    of the role, the rank and up to three skills: "Senior engineer (Java, Spring Boot)".
    """
    if seat.spanish:
        return _made(seat, "en") or seat.title, seat.title
    if language == "es":
        return seat.title, seat.title
    return seat.title, _made(seat, "es")


def _made(seat: SeatReading, language: str) -> str:
    plain = strip_accents(seat.title).casefold()
    # The head of a Spanish title comes first, that of an English one last; of two at one place the first listed counts.
    roles = [
        (hit.start() if seat.spanish else -hit.end(), order, english, spanish)
        for order, (words, english, spanish) in enumerate(_ROLES)
        if (hit := words.search(plain))
    ]
    if not roles:
        return ""
    _, _, english, spanish = min(roles)
    # Whoever leads is read as senior without a word of it; "senior lead" would say more than the brief.
    leads = {"lead", "líder"} & {*english.split(), *spanish.split()}
    rank = _RANKS.get(Seniority(seat.seniority)) if seat.seniority and not leads else None
    if language == "en":
        role = f"{rank[0]} {english}" if rank else english
    else:
        role = f"{spanish} {rank[1]}" if rank else spanish
    known = skills.entries()
    named = dict.fromkeys(
        known[m.code].name_en if language == "en" else known[m.code].name_es
        for m in seat.mentions
        # A project manager manages projects: a role of two words says its method itself.
        if m.code in seat.own and (" " not in english or known[m.code].kind == "technology")
    )
    listed = ", ".join(list(named)[:MOST_SKILLS])
    title = f"{role} ({listed})" if listed else role
    return (title[:1].upper() + title[1:])[:LONGEST]

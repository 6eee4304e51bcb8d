"""The roles that briefs ask for, in both languages."""

from __future__ import annotations

import re

# What a role is called, and its name in English and in Spanish; of two at one place the first listed counts.
ROLES = tuple(
    (re.compile(rf"\b(?:{words})\b"), english, spanish)
    for words, english, spanish in (
        (
            r"(?:tech(?:nical)?|development)[- ]leads?|lider(?:es)? (?:tecnic[oa]s?|de desarrollo)",
            "technical lead",
            "líder técnico",
        ),
        (
            r"pms?\b|(?:project|delivery) (?:managers?|leads?)"
            r"|(?:lider(?:es)?|jef[ea]s?|gerentes?|administrador\w*) de proyectos?",
            "project manager",
            "líder de proyecto",
        ),
        (r"program(?:me)? managers?|gerentes? de programas?", "program manager", "gerente de programa"),
        (r"(?:test|qa) (?:leads?|managers?)|lider(?:es)? de (?:pruebas|qa)", "test lead", "líder de pruebas"),
        (
            r"pos?\b|product (?:owners?|managers?)|duen[oa]s? de producto|gerentes? de producto",
            "product owner",
            "dueño de producto",
        ),
        (r"scrum masters?", "Scrum Master", "Scrum Master"),
        (r"data stewards?|custodi[oa]s? de(?: los)? datos", "data steward", "custodio de datos"),
        (
            r"ba(?=\b)|business analysts?|analistas? (?:de negocios?|funcional(?:es)?)",
            "business analyst",
            "analista de negocio",
        ),
        (r"architects?|arquitect[oa]s?", "architect", "arquitecto"),
        (r"dbas?", "database administrator", "administrador de bases de datos"),
        (r"administrators?|admins?|sysadmins?|administrador(?:es|as?)?", "administrator", "administrador"),
        (r"operators?|operador(?:es|as?)?", "operator", "operador"),
        (r"auditors?|auditor(?:es|as?)", "auditor", "auditor"),
        (r"officers?|oficial(?:es)?", "officer", "oficial"),
        (r"coach(?:es)?", "coach", "coach"),
        (r"analysts?|analistas?", "analyst", "analista"),
        (r"consultants?|consultor(?:es|as?)?", "consultant", "consultor"),
        (
            r"deve?lop+e?rs?|devs?|coders?|desarrollador(?:es|as?)?|(?:back|front)-?end|full-?stack",
            "developer",
            "desarrollador",
        ),
        (r"program+ers?|programador(?:es|as?)?", "programmer", "programador"),
        (r"sres?", "site reliability engineer", "ingeniero de confiabilidad"),
        (r"engi?n+e+a?rs?|ingenier[oa]s?", "engineer", "ingeniero"),
        (r"testers?|qas?|sdets?|probador(?:es|as?)?|automatizador(?:es|as?)?", "tester", "probador"),
        (r"pen-?testers?", "penetration tester", "pentester"),
        (r"scientists?|cientific[oa]s?", "scientist", "científico"),
        (r"designers?|disenador(?:es|as?)?", "designer", "diseñador"),
        (r"investigators?", "investigator", "investigador"),
        (r"researchers?|investigador(?:es|as?)?", "researcher", "investigador"),
        (r"modelers?|modelador(?:es|as?)?", "modeler", "modelador"),
        (r"specialists?|especialistas?|smes?|experts?|expert[oa]s?", "specialist", "especialista"),
        (r"advis[eo]rs?|asesor(?:es|as?)?", "advisor", "asesor"),
        (r"coordinators?|coordinador(?:es|as?)?", "coordinator", "coordinador"),
        (r"configurators?|configurador(?:es|as?)?", "configurator", "configurador"),
        (r"leads?|lider(?:es)?", "lead", "líder"),
        (r"managers?|gerentes?|jef[ea]s?", "manager", "gerente"),
    )
)

# Any word for a person at work, for "a business analyst", "two front-end developers", "ingeniero de redes".
ANY = (
    r"architects?|administrators?|admins?|dbas?|operators?|engi?n+e+a?rs?|analysts?|developers?|devlopers?|devs?"
    r"|consultants?|specialists?|managers?|leads?|testers?|scientists?|designers?|program+ers?|coders?|auditors?"
    r"|advis[eo]rs?|asesor(?:es|as?)?|coordinators?|coordinador(?:es|as?)?|configurators?|configurador(?:es|as?)?"
    r"|contractors?|owners?|officers?|oficial(?:es)?|experts?|people|folks|arquitect[oa]s?|administrador(?:es"
    r"|as?)?|operador(?:es|as?)?"
    r"|ingenier[oa]s?"
    r"|analistas?|desarrollador(?:es|as?)?|consultor(?:es|as?)?|especialistas?|gerentes?|lider(?:es)?|jef[ea]s?"
    r"|probador(?:es|as?)?|cientific[oa]s?|disenador(?:es|as?)?|programador(?:es|as?)?|auditor(?:es|as?)?|qas?|sdets?"
)


def named(words: str) -> str | None:
    """Return the English name of the role that ``words`` (lower case, no accents) speak of, or ``None``.

    The head of an English title comes last; of two at one place the first listed counts.
    """
    hits = [
        (-hit.end(), order, english)
        for order, (pattern, english, _) in enumerate(ROLES)
        if (hit := pattern.search(words))
    ]
    return min(hits)[2] if hits else None


def all_named(words: str) -> frozenset[str]:
    """Return the English names of all roles in ``words`` (lower case, no accents), each place read once."""
    taken: list[tuple[int, int]] = []
    found: set[str] = set()
    for pattern, english, _ in ROLES:
        for hit in pattern.finditer(words):
            if not any(start < hit.end() and hit.start() < end for start, end in taken):
                taken.append(hit.span())
                found.add(english)
    return frozenset(found)


def same(one: str, other: str) -> bool:
    """Return whether two names of roles may mean the same people: "analyst" and "business analyst"."""
    return set(one.split()) <= set(other.split()) or set(other.split()) <= set(one.split())

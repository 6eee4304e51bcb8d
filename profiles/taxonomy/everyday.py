"""Words that are names of skills and stand for something else where they are: people, idioms, terms of payment."""

from __future__ import annotations

import re

from profiles.taxonomy import fillers
from profiles.taxonomy.text import normalize

# Products that are called like people: a title, a first name before or a surname behind tells the person.
_LIKE_PEOPLE = frozenset({"jasmine", "jenkins", "julia", "kafka", "pascal", "ruby", "tesla"})
_TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|dr|dra|lic|licenciad[oa]|sra|srta|don|doña|author|autor)\.?\s+$", re.I)
_READS = re.compile(r"\b(?:read|reads|reading|leer|lee|leo|leyendo|novels? (?:by|of)|novelas? de)\s+$", re.I)
# Not across a line end: what stands above or below is another matter.
_WORD_BEFORE = re.compile(r"(?P<before>[^\s.!?:;,]+)?(?P<gap>\s+)(?P<word>[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+)[ \t]+$")
_WORD_BEHIND = re.compile(r"[ \t]+([A-ZÁÉÍÓÚÑ][a-záéíóúñ]+)\b")

# Of a name, what must not follow it, and what must not stand before it.
_BEHIND = {
    "seguro": r"\s+(?:que|de que|social)\b",
    "payment": r"\s+(?:is|terms?|schedule|will be|net)\b",
    "payments": r"\s+(?:are|will be)\s+(?:made|net|monthly|weekly)\b",
    "pago": r"\s+(?:es|ser[aá]|quincenal|mensual|semanal|por hora|neto|a \d+ d[ií]as)\b",
    "pagos": r"\s+(?:quincenales|mensuales|semanales|por hora|a \d+ d[ií]as)\b",
    "linaje": r"\s+(?:de la familia|familiar|real)\b",
    "lineage": r"\s+of (?:the|his|her) (?:family|kings?)\b",
    "nube": r"\s+de\s+(?!AWS|Azure|Google|Microsoft|Oracle|IBM|Amazon)\w+",
    "sar": r"\s+(?:crew|helicopter|imagery|team will train|mission|operations? at sea)\b",
    "agile": r"\s+(?:response|dancer|hands|person|animal|body|mind\b(?!set)|movements?|reaction|way\b)",
    "scala": r"\s+(?:Milano|de Mil[aá]n)\b",
    "python": r"\s+(?:snake|skin)\b",
    "java": r"\s+(?:chip|coffee|island|sea)\b",
    "cms": r"\s+(?:interoperability|rules?|guidelines|reimbursement|quality|reporting|regulations?|audits?)\b",
    "visa": r"\s+(?:sponsorship|status|required|process|holder|TN|H-?1B|de trabajo|americana)\b",
}
_BEFORE = {
    "seguro": r"\b(?:est[aá]|estoy|es|sitio|lugar|entorno|ambiente)\s+$",
    "cloud": r"\b(?:a|dust|dark)\s+$",
    "sar": r"\b(?:helicopter|rescue|radar|satellite)\s+$",
    "python": r"\b(?:Monty|ball|burmese)\s+$",
    "capacitacion": r"\b(?:da|dan|damos|dara|daremos|dará|recibir[aá]n?|reciben?|brindamos|ofrecemos)\s+"
    r"(?:la\s+|una\s+)?$",
    "sepa": r"\b(?:que|quien|alguien)\s+$",
    "cms": r"\b(?:Medicaid|Medicare)\W+(?:\w+\W+){0,3}$",
    "pmp": r"\bprogram(?:me)?\s+\(?$",
    "visa": r"\b(?:work|tourist|TN|H-?1B|student|valid)\s+$",
    "swift": r"\b(?:Taylor|Suzuki|Jonathan)\s+$",
    "salvage": r"\b(?:can|cannot|to)\s+$",
}
_COMPILED_BEHIND = {name: re.compile(pattern, re.I) for name, pattern in _BEHIND.items()}
_COMPILED_BEFORE = {name: re.compile(pattern, re.I) for name, pattern in _BEFORE.items()}
# What only looks like another number of a name: an analysis is no analyst.
_NO_NAME = frozenset({"security analysis", "security analyses", "analisis de seguridad"})
_FAR_ENOUGH = 40  # signs before a name in which the words that decide stand


def means_something_else(text: str, start: int, end: int, form: str) -> bool:
    """Return whether ``text[start:end]``, normalized ``form``, is an idiom or somebody's name where it stands."""
    before = text[max(0, start - _FAR_ENOUGH) : start]
    if (behind := _COMPILED_BEHIND.get(form)) and behind.match(text, end):
        return True
    if (pattern := _COMPILED_BEFORE.get(form)) and pattern.search(before):
        return True
    if form in _NO_NAME:
        return True
    return form in _LIKE_PEOPLE and _is_somebody(text, end, before)


def _is_somebody(text: str, end: int, before: str) -> bool:
    if _TITLE.search(before) or _READS.search(before):
        return True
    first = _WORD_BEFORE.search(before)
    if first and first["before"] and not _is_said_of_skills(first["word"]):
        return True
    surname = _WORD_BEHIND.match(text, end)
    return surname is not None and not _is_said_of_skills(surname[1])


def _is_said_of_skills(word: str) -> bool:
    """Return whether ``word`` beside a product speaks of it: a role, a rank, its maker, a kind of thing."""
    form = normalize(word)
    return form in fillers.KNOWN or form.endswith(("ing", "ment", "cion", "s"))

"""When two different spellings are one name: plurals, endings, small words between, words glued or split.

The rules are the same for English and Spanish, so that nobody has to say which language a name is in.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Between two words these say nothing about which skill is meant: "calidad de los datos", "Db2 on z/OS".
LINKING = frozenset({"de", "del", "el", "en", "for", "in", "la", "las", "lo", "los", "of", "on", "para", "the"})
AND = "&"
_AND = frozenset({"and", "y", "e", AND})
SHORTEST_STEMMED = 4
SHORTEST_GLUED = 5
_REMEMBERED = 16_384  # the names of the taxonomy have some seven thousand different words


_AMERICAN = (
    ("isation", "ization"),
    ("isations", "ization"),
    ("ising", "izing"),
    ("elling", "eling"),
    ("ogue", "og"),
    ("aviour", "avior"),
)
_IN_FULL = {
    "centre": "center",
    "programme": "program",
    "mgmt": "management",
    "mgt": "management",
    "mgr": "manager",
    "admon": "administracion",
    "admin": "administrador",
    "arq": "arquitecto",
    "eng": "engineer",
    "engr": "engineer",
    "ing": "ingeniero",
    "gob": "gobierno",
    "infra": "infrastructure",
    "reqs": "requirements",
    "svc": "service",
    "svcs": "services",
    "txn": "transaction",
    "trx": "transaccion",
    "warehousing": "warehouse",
}


def in_full(word: str) -> str:
    """Return a word in US spelling (``modernisation`` to ``modernization``), and short ones in full (``mgmt``)."""
    for british, us in _AMERICAN:
        if word.endswith(british):
            return word.removesuffix(british) + us
    return _IN_FULL.get(word, word)


# An activity and whoever does it, and words between which people choose freely: the first of each line stands for all.
_FAMILIES = """
management manager managing
gestion administracion administrador manejo gerencia gerente
gobierno gobernanza
engineering engineer
ingenieria ingeniero
architecture architect architecting
arquitectura arquitecto
analysis analyst analyses
analisis analista
development developer
desarrollo desarrollador
programming programmer
programacion programador
testing test tester
prueba probador
audit auditor auditing
stewardship steward
ownership owner
science scientist
ciencia cientifico
modeling model modeler modeller
adjudication adjudicator
implementation implementer
processing processor
collection collector collecting
validation validator validating
verification verifier
integration integrator integrating
translation translator
facilitation facilitator
reconciliation reconciling
modelado modelo modelacion
administration administrator
underwriting underwriter
investigation investigator
custodia custodio
design designer
diseno disenador
remediation remediating
migration migrating migrate
modernization modernizing modernize
screening screen
monitoring monitor
monitoreo vigilancia monitorizacion
consulting consultant consultancy
consultoria consultor
coaching coach
origination originator
operations operation operator
operacion operador
scoring score
hacking hacker hackeo
hunting hunter
planning planner
scheduling scheduler
cataloging cataloger
profiling profiler
adjusting adjuster adjustment
trading trader
lending lender
conciliacion conciliador
suscripcion suscriptor
ajuste ajustador
rendimiento desempeno
planeacion planificacion
requerimiento requisito
confiabilidad fiabilidad
computadora computador ordenador
archivo fichero
informe reporte
movil celular
cifrado encriptacion encripcion
costo coste
mesa mostrador
capacitacion adiestramiento capacitador
"""


# A doer in Spanish and what is done: "validador de modelos", "validación de modelos".
_DOER = re.compile(r"(?<=[a-z]{3})ador(?:a|es|as)?$")
_NO_DOERS = frozenset({"computador", "ordenador", "contador", "servidor", "operador"})


def _stem(word: str) -> str:
    word = in_full(word)
    if word.rstrip("aes").removesuffix("r") + "r" not in _NO_DOERS:
        word = _DOER.sub("acion", word)
    stem = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    if len(stem) > 3 and stem[-1] in "aeo":
        stem = stem[:-1]
    if stem.endswith("y"):
        stem = stem[:-1] + "i"
    return stem[:-1] if stem.endswith("ss") else stem


_FAMILY = {_stem(word): _stem(line.split()[0]) for line in _FAMILIES.strip().splitlines() for word in line.split()[1:]}


@lru_cache(_REMEMBERED)
def root(word: str) -> str:
    """Return the stem that singular and plural, masculine and feminine share: ``datos``, ``dato``, ``data`` to ``dat``.

    An activity shares it with whoever does it: ``data architect``, ``data architecture``. Words of fewer than four
    letters and words with signs or digits stay as they are. A stem is a key, not a word.
    """
    if word in _AND:
        return AND
    if (len(word) < SHORTEST_STEMMED and word not in _IN_FULL) or not word.isalpha():
        return word
    stem = _stem(word)
    return _FAMILY.get(stem, stem)


def roots(form: str) -> tuple[str, ...]:
    """Return the stems of a normalized name without the linking words inside it; the outer words always count."""
    parts = form.split()
    inner = [part for part in parts[1:-1] if part not in LINKING]
    kept = [*parts[:1], *inner, *parts[-1:]] if len(parts) > 1 else parts
    return tuple(root(part) for part in kept)


def glued(form: str) -> str:
    """Return a normalized name as one word, ``springboot`` of ``spring boot``; empty where too short to tell."""
    joined = form.replace(" ", "")
    return joined if len(joined) >= SHORTEST_GLUED else ""


# Securities are traded and claims are filed with an insurer: one of them is something else.
_OTHER_IN_PLURAL = frozenset(
    {"securities", "equities", "wires", "claims", "operations", "operaciones", "deposits", "recoveries", "salvamentos"}
    | {"recs", "pacs", "transformers"}
)


def differ_in_number(left: str, right: str) -> bool:
    """Return whether one of two words is the plural of the other, in English or Spanish."""
    short, long = sorted((left, right), key=len)
    if long in _OTHER_IN_PLURAL:
        return False
    if long in (f"{short}s", f"{short}es"):
        return True
    return (short.endswith("y") and long == f"{short[:-1]}ies") or (short.endswith("z") and long == f"{short[:-1]}ces")

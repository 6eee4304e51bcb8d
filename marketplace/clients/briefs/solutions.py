"""Which kind of solution a brief is about, by the skills and words that are typical of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marketplace.clients.briefs.attitudes import Attitude
from marketplace.clients.briefs.needs import NeedReading
from marketplace.clients.briefs.reading import Plain, Reading
from marketplace.clients.models.project import SolutionType
from profiles.services import skills

# Skills that point to a solution, with everything more special than them; the weight says how strongly.
_SKILLS: dict[str, dict[str, int]] = {
    SolutionType.ONBOARDING_KYC: {
        "kyc": 5,
        "digital-onboarding": 7,
        "identity-verification": 4,
        "aml-bsa": 4,
        "ofac": 3,
        "financial-crime": 2,
    },
    SolutionType.DATA_GOVERNANCE: {
        "data-governance": 5,
        "master-data": 4,
        "metadata-management": 3,
        "data-quality": 2,
        "data-privacy": 1,
    },
    SolutionType.CORE_MODERNIZATION: {
        "mainframe-modernization": 8,
        "application-modernization": 4,
        "core-banking": 2,
        "cobol": 1,
        "java": 1,
    },
    SolutionType.CYBERSECURITY: {
        "cybersecurity": 3,
        "security-governance": 3,
        "soc-operations": 3,
        "penetration-testing": 3,
        "access-management": 2,
    },
    SolutionType.INFRASTRUCTURE_SUPPORT: {
        "application-support": 5,
        "it-operations": 2,
        "itil": 2,
        "system-administration": 2,
        "incident-management": 3,
        "itsm-service-desk": 4,
        "sre": 2,
    },
    SolutionType.ANALYTICS: {
        "business-intelligence": 4,
        "data-warehouse": 3,
        "analytics": 2,
        "data-engineering": 2,
        "data-visualization": 3,
    },
    SolutionType.AI: {
        "machine-learning": 4,
        "generative-ai": 6,
        "mlops": 4,
        "deep-learning": 4,
        "nlp": 3,
        "ai-governance": 3,
    },
    SolutionType.LEGACY_MAINTENANCE: {"legacy-maintenance": 8, "cobol": 2, "mainframe": 1, "ibm-i": 3, "jcl": 1},
}
_WORDS = {
    SolutionType.ONBOARDING_KYC: r"onboarding|account opening|apertura de cuentas|alta (?:digital )?de clientes"
    r"|know your customer|conoce a tu cliente",
    SolutionType.DATA_GOVERNANCE: r"data governance|gobierno (?:de(?:l| los)? )?datos?|gobernanza de datos"
    r"|data catalog(?:ue)?|linaje",
    SolutionType.CORE_MODERNIZATION: r"moderni[sz]\w+|re-?platform\w*|re-?write|rewrit\w+"
    r"|migrat\w+ (?:\w+ ){0,3}(?:from|off|to java)|moderniza\w*|migra\w+ (?:de|desde|a java)|reescrib\w+"
    r"|off the mainframe|upgrad\w+ (?:\w+ ){0,4}java|actualiza\w+ (?:\w+ ){0,3}java",
    SolutionType.CYBERSECURITY: r"cyber ?security|ciberseguridad|security (?:program|operations|posture)"
    r"|pentest\w*|vulnerabilit\w+|nydfs",
    SolutionType.INFRASTRUCTURE_SUPPORT: r"production support|soporte (?:a produccion|productivo|aplicativo"
    r"|nivel)|24x7|24/7|service desk|mesa de (?:ayuda|servicio)|on-?call|infrastructure support|l2|l3|guardias",
    SolutionType.ANALYTICS: r"dashboards?|reporting|analytics|tableros|analitica|inteligencia de negocios?"
    r"|data warehouse",
    SolutionType.AI: r"\bai\b|artificial intelligence|inteligencia artificial|chatbots?|llms?|machine learning"
    r"|modelos predictivos",
    SolutionType.LEGACY_MAINTENANCE: r"maintain\w*|maintenance|keep (?:\w+ ){0,4}running|mantenimiento"
    r"|manten\w+|keep the lights on|fix defects|sistemas (?:legados|heredados)|legacy (?:systems?|applications?)",
}
_WORD_WEIGHT = 4
FEWEST_POINTS = 3
ENOUGH_POINTS = 10  # two skills, or a skill and two words; fewer make a reading less sure by as much
LEAST_SURE = 0.35


def read(plain: Plain, found: Sequence[NeedReading]) -> Reading[str] | None:
    """Return the solution type that most of the brief points to, or ``None`` where too little points anywhere.

    The confidence is the share of the winner in what points to the first two, less where little points there at all.
    """
    points: dict[str, float] = dict.fromkeys(_SKILLS, 0.0)
    evidence: dict[str, list[tuple[int, int]]] = {code: [] for code in _SKILLS}
    for need in found:
        if need.attitude is Attitude.EXCLUDED:
            continue
        lineage = {need.code: 0, **skills.hierarchy().broader(need.code)}
        for solution, typical in _SKILLS.items():
            weight = max((value / (1 + lineage[code]) for code, value in typical.items() if code in lineage), default=0)
            if weight:
                points[solution] += weight * (0.5 if need.attitude is not Attitude.MUST else 1)
                evidence[solution] += [(piece.start, piece.end) for piece in need.evidence[:1]]
    for solution, words in _WORDS.items():
        hits = list(plain.find(re.compile(rf"\b(?:{words})\b")))
        points[solution] += _WORD_WEIGHT * min(len(hits), 2)
        evidence[solution] += [(e.start, e.end) for e in map(plain.of_match, hits[:2])]
    (best, most), (_, second) = sorted(points.items(), key=lambda item: -item[1])[:2]
    sure = min(0.95, most / (most + second)) * min(1.0, most / ENOUGH_POINTS) if most else 0.0
    if most < FEWEST_POINTS or sure < LEAST_SURE:
        return None
    from_words = tuple(plain.evidence(*plain.span(start, end)) for start, end in sorted(set(evidence[best]))[:4])
    return Reading(best, round(sure, 3), from_words)

"""The skills that a brief names: what each is asked for, how well, and by which words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.clients.briefs import asides, attitudes, levels, roles
from marketplace.clients.briefs.attitudes import Attitude
from marketplace.clients.briefs.headings import Section
from marketplace.clients.briefs.passages import Sentence
from marketplace.clients.briefs.reading import Evidence, Plain
from profiles.levels import Level
from profiles.services import skills

# Too general to be asked of somebody unless the sentence says so: a bank that hires is not asking for "banking".
GENERAL = frozenset(
    {
        "banking", "insurance", "financial-services", "fintech", "digital-banking", "lending", "payments", "cards",
        "compliance", "mortgage", "digital-transformation", "life-insurance", "health-insurance", "property-casualty",
        "wealth-management", "capital-markets", "infrastructure", "it-operations", "analytics", "treasury", "ecommerce",
        "consumer-lending", "commercial-lending", "deposits", "branch-banking", "reinsurance", "pensions",
        "procurement", "crm", "erp", "contact-center", "cloud", "finance-accounting", "cybersecurity",
        "insurtech", "remittances", "credit-unions", "retail-banking", "investment-banking", "healthcare", "telecom",
        "payroll", "human-resources", "supply-chain", "bancassurance", "mainframe",
        "artificial-intelligence",
    }
)  # fmt: skip
# Said of every engineer, so nothing is learned from it.
NEVER = frozenset({"programming"})
# What the name of a role says by itself: "a business analyst" asks for a person, and the seat gets the skill.
OF_A_ROLE = frozenset(
    {
        "business-analysis", "project-management", "program-management", "software-testing", "test-management",
        "solution-architecture", "enterprise-architecture", "data-architecture", "security-architecture",
        "cloud-architecture", "software-architecture", "data-engineering", "data-science", "business-intelligence",
        "frontend", "backend", "full-stack", "web-development", "mobile", "system-integration", "networking",
        "network-security", "platform-engineering", "security-engineering", "soc-operations", "mainframe", "analytics",
        "system-administration", "database-administration", "application-support", "engineering-management",
        "data-management", "cybersecurity", "infrastructure", "cloud", "compliance", "artificial-intelligence",
        "security-governance", "technical-leadership", "devops", "test-automation", "service-delivery",
        "product-management", "change-management-org", "change-management-it", "ux-design", "scrum",
        "mobile-testing", "sre", "release-management",
    }
)  # fmt: skip
_ROLE_BEHIND = re.compile(rf"[\s-]*(?:[\w/.#+-]+\s){{0,2}}?(?:{roles.ANY})\b")
_ROLE_AHEAD = re.compile(rf"\b(?:{roles.ANY})\s(?:(?:de|en|del|in|of|de la)\s)?$")
_CALLS_FOR = re.compile(
    r"\b(?:experience|knowledge|background|expertise|domain|understanding|familiar(?:ity)?|skills?|proficien\w+"
    r"|specialist"
    r"|industry experience|experts?|experiencia|conocimientos?|dominio|manejo|giro|entendimiento|familiaridad"
    r"|habilidades"
    r"|especialista|expert[oa]s?|trayectoria|know-how|entienda[ns]?|conozca[ns]?|sepa[ns]?|domine[ns]?|understands?"
    r"|knows?|versed|trabajado|worked|years|anos|nociones|exposure|prior work)\b"
)
_ROLE_BEFORE = re.compile(
    r"\b(?:ingenier|analist|especialist|arquitect|administrador|consultor|expert|sme|specialist|lead|lider)\w*"
    r"\s(?:de|en|in)\s(?:la\s|el\s)?$"
)
_CALLED_BEHIND = re.compile(
    r"\W{0,3}(?:(?:domain|industry|sector|systems?|claims)\W{1,2})?(?:experience|knowledge|background|expertise"
    r"|skills?|specialists?"
    r"|analysts?|engineers?|consultants?|domain|experiencia)\b"
)
# A migration names both of its ends, and both must be understood.
ENDS = {"cobol-to-java": {"cobol": re.compile(r"\bcobol\b"), "java": re.compile(r"\bjava\b")}}
# A supervisor is no skill; what it prescribes may be one.
REGULATORS = frozenset({"us-bank-regulators", "fincen", "uif"})
_RULES_BESIDE = re.compile(
    r"\b(?:rules?|regulat(?:ions?|ory)|requirements?|guid(?:ance|elines)|bulletins?|standards?|handbook|expectations?"
    r"|reglas?|regulacion|normas?|normativ\w+|disposiciones|lineamientos|circular(?:es)?|requisitos|requerimientos"
    r"|know\w*"
    r"|conoc\w+|experien\w+|familiar\w*|dealing|trato|reporting to|reportes?)\b"
)
_HEADING_WORTH = 0.7


def kind(code: str) -> str:
    """Return the kind of a skill of the taxonomy: technology, method, domain, regulation or certificate."""
    return skills.entries()[code].kind


@dataclass(frozen=True)
class Mention:
    """A skill at one place: ``start``..``end`` in the plain text. ``level`` is empty where nothing states it."""

    code: str
    start: int
    end: int
    attitude: Attitude
    level: int | None
    years: int | None
    confidence: float
    evidence: tuple[Evidence, ...]
    firm: bool = False  # demanded in so many words, not only named
    role: bool = False  # part of the name of a role


@dataclass(frozen=True)
class NeedReading:
    """A skill over the whole brief. ``stated`` tells a level that was read from one that is only usual.

    ``role`` tells a skill that only the name of a role says (``OF_A_ROLE``): it is the seat's, nobody asks for more.
    """

    code: str
    attitude: Attitude
    level: int
    years: int | None
    stated: bool
    confidence: float
    evidence: tuple[Evidence, ...]
    role: bool = False

    @property
    def kind(self) -> str:
        """What sort of skill it is."""
        return kind(self.code)


def mentions(plain: Plain, sentences: Sequence[Sentence]) -> list[Mention]:
    """Return every skill that the brief names, in order, judged by its sentence."""
    finds = [(*plain.span(each.start, each.end), each) for each in skills.finder().find_all(plain.original)]
    inside = [
        [item for item in finds if sentence.start <= item[0] and item[1] <= sentence.end] for sentence in sentences
    ]
    spans = [[(start, end) for start, end, _ in items] for items in inside]
    judged = [attitudes.judge(plain, *each) for each in zip(sentences, spans, strict=True)]
    asides.settle(plain, sentences, spans, judged)
    found: list[Mention] = []
    for number, sentence in enumerate(sentences):
        graded = levels.grades(plain, sentence, spans[number])
        if sentence.row is not None and sentence.section is Section.MUST:
            by_row = levels.of_row(plain, sentence.row)
            graded = [grade or by_row for grade in graded]
        for (start, end, each), attitude, grade in zip(inside[number], judged[number], graded, strict=True):
            if each.code in NEVER:
                continue
            role = _in_a_role(plain, sentence, each.code, start, end)
            if (
                attitude is not Attitude.EXCLUDED
                and not role
                and not _asked(plain, sentence, each.code, start, end, spans[number])
            ):
                attitude = Attitude.ASIDE
            evidence = (plain.evidence(start, end), *((grade.evidence,) if grade else ()))
            grade_years = grade.years if grade else None
            firm = sentence.section in {Section.MUST, Section.SEATS} or grade_years is not None
            firm = firm or (attitude is Attitude.WISH and sentence.section is not Section.CONTEXT)
            worth = each.confidence * (_HEADING_WORTH if sentence.section is Section.DUTIES else 1.0)
            mention = Mention(
                each.code,
                start,
                end,
                attitude,
                grade.level if grade else None,
                grade_years,
                round(worth, 3),
                evidence,
                firm or attitudes.insists(plain, sentence, start, end),
                role,
            )
            found.append(mention)
            found += _ends(plain, mention)
    return _of_the_estate(plain, sentences, found)


_WRITTEN_IN = re.compile(
    r"\b(?:written|coded|programmed|developed|built|escrit[oa]s?|programad[oa]s?|desarrollad[oa]s?|hech[oa]s?)"
    r"(?: \w+){0,5} (?:in|on|en|con|with)\b[^.;:]{0,30}$"
)


FEWEST_TO_DOUBT, SHARE_TO_DOUBT = 8, 0.2


def hardly_any_asked(found: Sequence[Mention]) -> bool:
    """Return whether a brief that names many skills would ask for nearly none: its headings were then misread."""
    named = {each.code for each in found if each.code not in GENERAL}
    asked = {each.code for each in found if each.attitude in {Attitude.MUST, Attitude.WISH} and each.code in named}
    return len(named) >= FEWEST_TO_DOUBT and len(asked) < SHARE_TO_DOUBT * len(named)


def _of_the_estate(plain: Plain, sentences: Sequence[Sentence], found: list[Mention]) -> list[Mention]:
    """Return ``found`` with a wish for what the background names beside technology that is asked for.

    "It runs on COBOL with JCL and Db2": whoever is asked for COBOL meets all three. What the system is written in will
    have to be read, whether the brief says so or not.
    """
    asked = {each.code for each in found if each.attitude is Attitude.MUST and kind(each.code) == "technology"}
    near: set[int] = set()
    for sentence in sentences:
        if sentence.section is not Section.CONTEXT:
            continue
        inside = [
            number
            for number, each in enumerate(found)
            if sentence.start <= each.start < sentence.end and kind(each.code) == "technology"
        ]
        beside = any(found[number].code in asked for number in inside)
        near.update(
            number
            for number in inside
            if found[number].attitude is Attitude.ASIDE
            and (beside or _WRITTEN_IN.search(plain.text, sentence.start, found[number].start))
        )
    return [
        replace(each, attitude=Attitude.WISH, firm=False) if number in near else each
        for number, each in enumerate(found)
    ]


def _ends(plain: Plain, mention: Mention) -> list[Mention]:
    parts = []
    for code, pattern in ENDS.get(mention.code, {}).items():
        if hit := pattern.search(plain.text, mention.start, mention.end):
            parts.append(
                replace(mention, code=code, evidence=(plain.of_match(hit),), confidence=mention.confidence * 0.9)
            )
    return parts


def _asked(plain: Plain, sentence: Sentence, code: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    if code in REGULATORS:
        return bool(_RULES_BESIDE.search(plain.text, max(sentence.start, start - 30), min(sentence.end, end + 30)))
    if code not in GENERAL:
        return True
    if sentence.section in {Section.MUST, Section.WISH, Section.SEATS} and (sentence.item or len(spans) > 1):
        return True
    before = plain.text[max(sentence.start, start - 60) : start]
    if _CALLS_FOR.search(before) or _ROLE_BEFORE.search(before):
        return True
    return bool(_CALLED_BEHIND.match(plain.text, end, sentence.end))


def _in_a_role(plain: Plain, sentence: Sentence, code: str, start: int, end: int) -> bool:
    """Return whether the words name a person: "business analyst", "front-end" of "two front-end developers"."""
    if code not in OF_A_ROLE:
        return False
    text = plain.text
    within = re.search(rf"\b(?:{roles.ANY})\b", text[start:end])
    return bool(
        within
        or _ROLE_BEHIND.match(text, end, sentence.end)
        or _ROLE_AHEAD.search(text, max(sentence.start, start - 40), start)
    )


_STRENGTH = {
    Attitude.EXCLUDED: 4,
    Attitude.MUST: 3,
    Attitude.WISH: 2,
    Attitude.ELSEWHERE: 1,
    Attitude.ASIDE: 0,
}


def gathered(found: Sequence[Mention]) -> list[NeedReading]:
    """Return one reading per skill, in order of first mention; what is denied once stays out, however often named.

    A skill wished for in one place and demanded in so many words in another is demanded; the highest level stated
    counts.
    """
    by_code: dict[str, list[Mention]] = defaultdict(list)
    for mention in found:
        by_code[mention.code].append(mention)
    readings = []
    for code, all_mentions in by_code.items():
        attitude = max((each.attitude for each in all_mentions), key=_STRENGTH.__getitem__)
        if attitude is Attitude.MUST and _only_wished(all_mentions):
            attitude = Attitude.WISH
        speaking = [each for each in all_mentions if each.attitude is attitude] or all_mentions
        best = max(speaking, key=lambda each: each.level or 0)
        readings.append(
            NeedReading(
                code=code,
                attitude=Attitude.EXCLUDED if attitude is Attitude.ELSEWHERE else attitude,
                level=best.level or Level.INDEPENDENT,
                years=best.years,
                stated=best.level is not None,
                confidence=max(each.confidence for each in speaking),
                evidence=tuple(dict.fromkeys(piece for each in speaking for piece in each.evidence)),
                role=attitude is Attitude.MUST and all(each.role for each in speaking),
            )
        )
    return readings


def _only_wished(found: Sequence[Mention]) -> bool:
    """A skill of a wish list is no demand because a title or duty names it too with less weight."""
    wished = [each for each in found if each.attitude is Attitude.WISH and each.firm]
    demanded = [each for each in found if each.attitude is Attitude.MUST]
    return bool(wished) and all(
        each.confidence < min(w.confidence for w in wished) or not each.firm for each in demanded
    )

"""The human languages that a brief asks for, and the language that it is written in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.clients.briefs import numbers, roles
from marketplace.clients.briefs.headings import Section
from marketplace.clients.briefs.passages import Sentence
from marketplace.clients.briefs.reading import Plain, Reading
from marketplace.clients.briefs.tables import Column, Row
from profiles.levels import Cefr, LanguageCode

# What people say for a CEFR level. "Fluent" is C1 here: B2 still looks for words before a board; a conversation on
# everyday matters is what B1 describes.
_WORDS = (
    (Cefr.C2, r"native(?:[- ]level)?|nativ[oa]|mother tongue|near[- ]native"),
    (
        Cefr.C1,
        r"fluent(?:ly)?|fluency|advanced|excellent|proficient|full professional|fluid[oa]|fluidez"
        r"|avanzad[oa]|excelente"
        r"|bilingual|bilingue|perfect[oa]?|domin(?:io|ar|e|en)",
    ),
    (
        Cefr.B2,
        r"upper[- ]intermediate|business|good(?! en[ou])|strong|professional|working"
        r"|intermedi[oa][- ](?:alt[oa]|avanzad[oa])"
        r"|tecnico|buen|de negocios|profesional",
    ),
    (Cefr.B1, r"intermediate|conversational|conversacional|intermedi[oa]"),
    (Cefr.A2, r"basic[oa]?"),
)
_NAMES = {
    LanguageCode.ENGLISH: r"english|ingles|(?:languages?|idiomas?)(?=:\s*[abc][12]\b)",
    LanguageCode.SPANISH: r"spanish|espanol|castellano",
}
_NAMES_SPANISH = re.compile(rf"\b(?:{_NAMES[LanguageCode.SPANISH]})\b")
_EXACT = re.compile(r"\b([abc][12])\s*\+?(?![\w+])")
# Mexican advertisements give English in percent; a habit, no scale, so the confidence is low.
_PERCENT = re.compile(r"\b(\d{2,3}) ?%")
_OF_PERCENT = ((90, Cefr.C1), (75, Cefr.B2), (50, Cefr.B1), (0, Cefr.A2))
_REST = re.compile(
    r"\b(?:the (?:rest|others?|remaining)|remaining|everyone else|everybody else|all others|the other \w+|(?:l[oa]s"
    r"|tod[oa]s l[oa]s) demas|l[oa]s otr[oa]s"
    r"|(?:el )?resto)\b"
)
_ALL_BUT = re.compile(r"^.*\b(?:except(?:o|uando)?|salvo|menos|other than|but not)\b", re.DOTALL)
_FOR = re.compile(r"\s*[,()]{0,2}\s*(?:(?:for|of|from|para|de|del|en)\b|level for|en el caso)")
_EDGE = re.compile(r"[;,.()]|\b(?:while|mientras|whereas|but|pero|except|salvo|excepto)\b")
_NAMED = re.compile("|".join(rf"(?P<{code}>\b(?:{words})\b)" for code, words in _NAMES.items()))
_WORD = re.compile("|".join(rf"(?P<{level.name}>\b(?:{words})\b)" for level, words in _WORDS))
_EXACT_OR_WORD = re.compile(rf"\b(?P<exact>[abc][12])\s*\+?(?![\w+])|{_WORD.pattern}")
_ANY_BILINGUAL = re.compile(r"\bbilingual|\bbilingue")
_DENIED = re.compile(r"\b(?:no|not|without|sin)\b[^.;]{0,25}$")
_DENIED_BEHIND = re.compile(
    r"[^.;,]{0,12}\b(?:not|no)\b[^.;,]{0,12}\b(?:required|needed|necessary|necesario|requerido|indispensable)"
)
_WISHED = re.compile(r"\b(?:plus|preferred|desirable|nice|deseable|ventaja|helpful|bonus)\b")
_SPEAKS_OF_TEXT = re.compile(r"\b(?:documentation|documents|brief|this text|version|documentacion|manuales|website)\b")
_READ_ONLY = re.compile(r"\W{1,2}(?:\w+\W{1,2})?(?:lectura|de lectura|reading)\b")
_AT_LEAST = re.compile(
    rf"(?:at least |al menos |minimo )?\b(?P<count>{numbers.COUNT})\b(?: or more)?\s*(?:of them|people|members"
    rf"|person|personas"
    r"|integrantes|miembros|de ellos)?\s*(?:must |should |who |that |que |deben |debe )*(?:be |speak |ser "
    r"|hablar |hablen |hable |con )"
)
NEAR = 38


@dataclass(frozen=True)
class LanguageDemand:
    """``level`` is CEFR, spoken; ``people`` is how many must have it, empty for everybody it concerns."""

    language: str
    level: int
    people: int | None
    start: int  # in the plain text
    roles: frozenset[str] = frozenset()  # English names of the roles that it is meant for, empty for everybody
    rest: bool = False  # for whoever no other demand names
    tested: bool = False  # whether a test or certificate must prove it


def demands(plain: Plain, sentences: Sequence[Sentence]) -> list[Reading[LanguageDemand]]:
    """Return the languages that must be spoken, and by whom; wishes and denials are left out."""
    found: list[Reading[LanguageDemand]] = []
    spoken_of: tuple[int, str] | None = None
    for number, sentence in enumerate(sentences):
        if sentence.row is not None and sentence.section is Section.SEATS:
            found += _of_row(plain, sentence.row)
        if sentence.section in {Section.WISH, Section.ASIDE, Section.EXCLUDED}:
            continue
        before = len(found)
        labeled = plain.text[: sentence.start].rstrip(" \t*_").endswith(":")
        line = plain.text.rfind("\n", 0, sentence.start) + 1
        for name in plain.find(_NAMED, line if labeled else sentence.start, sentence.end):
            if labeled and name.start() < sentence.start and number and sentences[number - 1].end > name.start():
                continue  # a sentence before this one has read it
            found += _demands(plain, sentence, name)
        for hit in plain.find(_ANY_BILINGUAL, sentence.start, sentence.end):
            near = plain.text[max(sentence.start, hit.start() - NEAR) : min(sentence.end, hit.end() + NEAR)]
            if not _NAMED.search(near) and not _WISHED.search(near):
                roles_of = _roles(plain.text, (sentence.start, hit.start()), (hit.end(), sentence.end))
                demand = LanguageDemand(LanguageCode.ENGLISH, Cefr.C1, None, hit.start(), *roles_of)
                found.append(Reading(demand, 0.7, (plain.of_match(hit),)))
        if len(found) > before:
            spoken_of = number, found[-1].value.language
        elif spoken_of is not None and spoken_of[0] == number - 1:
            # "The lead works in English (C1). For the others, B1."
            for mark in plain.find(_EXACT, sentence.start, sentence.end):
                meant, rest = _roles(plain.text, (sentence.start, mark.start()), (mark.end(), sentence.end))
                if meant or rest:
                    value = LanguageDemand(spoken_of[1], Cefr[mark[1].upper()], None, mark.start(), meant, rest)
                    found.append(Reading(value, 0.9, (plain.of_match(mark),)))
    return found


def _of_row(plain: Plain, row: Row) -> list[Reading[LanguageDemand]]:
    """Return what the column for English says of the role of a row."""
    found = []
    for start, end in row.of(Column.ENGLISH):
        if _NAMES_SPANISH.search(plain.text, start, end):
            continue
        exact = _EXACT.search(plain.text, start, end)
        worded = _WORD.search(plain.text, start, end)
        if mark := exact or worded:
            level = Cefr[mark[1].upper()] if exact else next(each for each, _ in _WORDS if mark[each.name])
            meant = frozenset().union(*(roles.all_named(plain.text[slice(*each)]) for each in row.of(Column.ROLE)))
            value = LanguageDemand(LanguageCode.ENGLISH, int(level), None, mark.start(), meant)
            found.append(Reading(value, 1.0 if exact else 0.9, (plain.of_match(mark),)))
    return found


def _demands(plain: Plain, sentence: Sentence, name: re.Match[str]) -> list[Reading[LanguageDemand]]:
    before, behind = plain.text[sentence.start : name.start()], plain.text[name.end() : sentence.end]
    if _DENIED.search(before) or _DENIED_BEHIND.match(behind) or _WISHED.search(behind[:30]):
        return []
    if (
        _SPEAKS_OF_TEXT.search(behind[:20])
        or _READ_ONLY.match(behind)
        or (
            re.search(r"\b(?:in|en) $", before)
            and not _WORD.search(before[-NEAR:] + behind[:NEAR])
            and not _EXACT.search(behind[:NEAR])
        )
    ):
        return []
    first = _demand(plain, sentence, name, before, behind)
    found = [first]
    level_ends = max((piece.end for piece in first.evidence), default=0)
    language = first.value.language
    if proof := _proof(plain, sentence, name):
        value = replace(first.value, tested=True)
        found = [first := Reading(value, first.confidence, (*first.evidence, plain.of_match(proof)))]
    if _NAMED.search(behind):
        return found  # another language's levels follow
    reached = max(name.end(), plain.span(0, level_ends)[1])
    for mark in plain.find(_EXACT_OR_WORD, reached, sentence.end):
        # Of words only "lead: advanced" is sure to be a level.
        if mark["exact"] is None and not plain.text[reached : mark.start()].rstrip().endswith(":"):
            continue
        meant, rest = _roles(plain.text, (reached, mark.start()), (mark.end(), sentence.end))
        if meant or rest:
            stated = mark["exact"]
            level = Cefr[stated.upper()] if stated else next(each for each, _ in _WORDS if mark[each.name])
            value = LanguageDemand(language, int(level), None, mark.start(), meant, rest, first.value.tested)
            found.append(Reading(value, 1.0, (plain.of_match(mark),)))
        reached = mark.end()
    return found


_TESTS = re.compile(r"\b(?:toefl|ielts|toeic|linguaskill|duolingo|cambridge|dele|siele)\b(?: (?:ibt|itp|academic))?")
_LANGUAGE = "|".join(_NAMES.values())
_CERTIFIED = re.compile(
    rf"\b(?:certificad[oa]s?|certificates?|certification|certificacion|constancia|proof|proven|comprobante)"
    rf"(?: \w+){{0,2}}? (?:{_LANGUAGE})\b"
    rf"|\b(?:{_LANGUAGE})(?: \w+){{0,3}}?,? \(?(?:certificad[oa]|certificates?|certified|certification"
    r"|comprobad[oa]|con (?:certificad|certificacion|constancia)\w*)\b"
)
_PROVABLE = re.compile(rf"\b(?:{_LANGUAGE})\b[^.;:\n]{{0,50}}(?<!experiencia )(?:comprobable|demostrable)\b")
_NO_PROOF = re.compile(r"\b(?:no|not|nor|without|sin|ni|need not|needn't)\b[^.;:]{0,30}$")
_NO_PROOF_BEHIND = re.compile(
    r"[^.;:]{0,20}\b(?:not|no|plus|bonus|preferred|desirable|deseable|optional|opcional|nice|ventaja|aren't|isn't)\b"
)


def _proof(plain: Plain, sentence: Sentence, name: re.Match[str]) -> re.Match[str] | None:
    """Return the words that ask for a test or certificate of the language that ``name`` names, if any do."""
    for pattern in (_TESTS, _CERTIFIED, _PROVABLE):
        for hit in plain.find(pattern, sentence.start, sentence.end):
            if pattern is not _TESTS and not (hit.start() <= name.start() and name.end() <= hit.end()):
                continue
            wished = _NO_PROOF.search(plain.text, sentence.start, hit.start())
            if not wished and not _NO_PROOF_BEHIND.match(plain.text, hit.end(), sentence.end):
                return hit
    return None


def _roles(text: str, before: tuple[int, int], behind: tuple[int, int]) -> tuple[frozenset[str], bool]:
    """Return whom a level is meant for: the roles before it or, behind "for", those after it; and whether the rest."""
    ahead = _ALL_BUT.sub("", text[before[0] : before[1]])
    if _REST.search(ahead):
        return frozenset(), True
    if named := roles.all_named(ahead):
        return named, False
    if opened := _FOR.match(text, *behind):
        edge = _EDGE.search(text, opened.end(), behind[1])
        words = text[behind[0] : edge.start() if edge else behind[1]]
        if _REST.search(words):
            return frozenset(), True
        return roles.all_named(words), False
    return frozenset(), False


def _demand(plain: Plain, sentence: Sentence, name: re.Match[str], before: str, behind: str) -> Reading[LanguageDemand]:
    language = next(code for code in _NAMES if name[code])
    lead, tail = (
        before[-NEAR:],
        re.split(r"[.;]|,\s*(?:\w+\s){0,2}(?:spanish|english|ingles|espanol)", behind[:NEAR])[0],
    )
    evidence = [plain.of_match(name)]
    level, confidence = int(Cefr.B2), 0.6
    exact = _EXACT.search(tail) or _EXACT.search(lead)
    worded = _last(_WORD, lead) or _WORD.search(tail)
    percent = None if exact or worded else _PERCENT.search(tail)
    if exact:
        level, confidence = Cefr[exact[1].upper()], 1.0
    elif worded:
        level = next(each for each, _ in _WORDS if worded[each.name])
        confidence = 0.9
    elif percent:
        level, confidence = next(each for least, each in _OF_PERCENT if int(percent[1]) >= least), 0.6
    mark = exact or worded or percent
    behind_start = name.end()
    if mark:
        origin = name.end() if mark.string == tail else name.start() - len(lead)
        evidence.append(plain.evidence(origin + mark.start(), origin + mark.end()))
        behind_start = max(behind_start, origin + mark.end())
    people = _AT_LEAST.search(before[-70:])
    meant, rest = _roles(plain.text, (sentence.start, name.start()), (behind_start, sentence.end))
    value = LanguageDemand(
        language, int(level), numbers.count(people["count"]) if people else None, name.start(), meant, rest
    )
    return Reading(value, confidence, tuple(sorted(evidence, key=lambda each: each.start)))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text))


_COMMON = {
    "en": _vocabulary(
        "the and of to with for we our is are in must need experience will be an on or who team years start project"
        " client developers engineers developer engineer required yrs devs small"
    ),
    "es": _vocabulary(
        "el la los las de que con para y en un una del por experiencia se nuestro nuestra anos es al buscamos proyecto"
        " desarrolladores ingenieros ingeniero desarrollador inicio requisitos"
    ),
    "pt": _vocabulary(
        "o os do da dos das com para e em um uma nao experiencia voce nosso nossa anos ao sao desenvolvedor"
    ),
}
_ONLY_PORTUGUESE = _vocabulary(
    "nao voce com uma em dos das conhecimento desenvolvedor equipe sao nosso nossa vaga procuramos"
)
MIXED = 0.25
FEWEST_WORDS = 3


def written_in(plain: Plain) -> str:
    """Return ``en``, ``es``, ``mixed``, ``pt`` or, where too few common words tell, ``unknown``."""
    words = re.findall(r"[a-z]+", plain.text)
    counts = {code: sum(word in common for word in words) for code, common in _COMMON.items()}
    portuguese = sum(word in _ONLY_PORTUGUESE for word in words)
    spanish_only = counts["es"] - sum(word in _COMMON["es"] & _COMMON["pt"] for word in words)
    if portuguese >= FEWEST_WORDS and portuguese > spanish_only and portuguese > counts["en"]:
        return "pt"
    total = counts["en"] + counts["es"]
    if not total:
        return "unknown"
    share = counts["es"] / total
    return "es" if share > 1 - MIXED else "en" if share < MIXED else "mixed"

"""How well a skill is wanted: from years, from words, or from the seniority of the seat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.clients.briefs import numbers
from marketplace.clients.briefs.passages import Sentence
from marketplace.clients.briefs.reading import Evidence, Plain
from marketplace.clients.briefs.tables import Row
from profiles.levels import Level, Seniority

# Fewest years for each level: one year is guided work, two to four independent, five to nine guide others, ten make an
# expert. A range such as "3-5 years" counts from its lower end.
YEARS = ((10, Level.EXPERT), (5, Level.ADVANCED), (2, Level.INDEPENDENT), (0, Level.SUPERVISED))
OF_SENIORITY = {
    Seniority.JUNIOR: Level.SUPERVISED,
    Seniority.MID: Level.INDEPENDENT,
    Seniority.SENIOR: Level.ADVANCED,
    Seniority.LEAD: Level.ADVANCED,
    Seniority.PRINCIPAL: Level.EXPERT,
}

_YEARS = re.compile(
    rf"(?P<least>{numbers.COUNT})\s*(?:\+|plus)?\s*(?:(?:-|to|a|o|or)\s*(?:\d{{1,2}}|{numbers.COUNT})\s*\+?\s*)?"
    r"(?:or more |o mas )?(?:years?'?|yrs?\.?|anos?|anitos?)(?:\s*\+)?(?: or more| o mas| como minimo| at least"
    r"| minimo)?"
    r"(?! (?:fiscal|contract|project|engagement|old|de edad))(?!\w)"
)
_WORDS = (
    (
        Level.EXPERT,
        r"experts?(?: in| at| level)?|expert[ao]s?(?: en)?|mastery|nivel experto|world[- ]class|deep expertise|guru"
        r"|(?:a |de )?nivel expert[oa]|at an? expert level|maestria",
    ),
    (
        Level.ADVANCED,
        r"strong|solid|advanced|deep|extensive|proven(?! by)|in[- ]depth|excellent|proficien(?:t|cy)|seasoned|thorough"
        r"|(?:really|very|real+y) well|inside out|at an? (?:advanced|senior|high) level|in[- ]depth"
        r"|solid[oa]s?|avanzad[oa]s?|ampli[oa]s?|profund[oa]s?|excelentes?|fuertes?|comprobad[oa]s?|dominio|dominen?"
        r"|(?:a )?nivel (?:alto|avanzado|solido|senior)|a fondo|al dedillo"
        r"|(?<!viene )(?<!vendria )(?<!vienen )muy bien|de pe a pa",
    ),
    (
        Level.INDEPENDENT,
        r"working|intermediate|practical|hands[- ]on|good(?! (?:fit|to|communic|enough|english))"
        r"|at an? intermediate level"
        r"|intermedi[oa]s?|practic[oa]s?|(?<!con )buen(?:os|as|o|a)?(?! (?:ojos|comunic|ingles|actitud))",
    ),
    (
        Level.SUPERVISED,
        r"basic|some(?= (?:experience|knowledge|exposure|understanding|familiarity|[a-z]{2,}))|familiar(?:ity)?"
        r"|exposure"
        r"|entry[- ]level|fundamentals|at an? basic level|basic[oa]s?|nociones|familiaridad"
        r"|alg(?:un|una)(?= (?:conocimiento|experiencia|nocion|idea|familiaridad|manejo))|algo de|(?:a )?nivel basico",
    ),
    (Level.AWARE, r"awareness|general idea|idea general|heard of"),
)
_GRADED = re.compile("|".join(rf"(?P<{level.name}>\b(?:{words})\b)" for level, words in _WORDS))
# Words of degree that follow a whole list: "IBM MQ and IIB at an advanced level", "Snowflake, dbt y Power BI muy bien".
_OF_LIST = re.compile(
    r"(?:at an? \w+ level|(?:a )?nivel \w+|(?:really|very|real+y) well|inside out|a fondo|al dedillo|muy bien"
    r"|de pe a pa)$"
)
_LIST_GAP = re.compile(
    r"\s*(?:\([^()]{0,40}\)\s*)?(?:,|/|&|\+|\band\b|\bor\b|\by\b|\be\b|\bo\b|\bu\b)?\s*"
    r"(?:(?:and|or|y|e|o|the|el|la)\s)?"
)
_EACH = re.compile(r"\s*(?:of (?:experience )?)?(?:each|apiece|in each|cada (?:un[oa]|quien)|en cada|en todo)\b")
# A word of degree reaches over the list behind it, and back only to the skill that it touches: "SQL avanzado".
_TOUCHES = re.compile(r"[\s(\-:,]*(?:nivel |level |a nivel )?\s*")
_YEARS_TOUCH = re.compile(
    r"[\s(\-:,]*(?:experience|experiencia|with|con|at least|minimum|min\.?|minimo|de|of|over|mas de|al menos"
    r"|developers?"
    r"|engineers?|programmers?|\s)*"
)
# An adjective describes the skills behind it up to the next comma that opens another thought.
_BREAKS_WORD = re.compile(
    r",(?!\s*(?:and|or|y|o|e)?\s*\S+\s*(?:,|and|or|y|o|$))|\bas well as\b|\bbut\b|\bpero\b|\bis\b|\bare\b|\bes\b"
)

_OF_A_PROJECT = re.compile(
    r"\b(?:project|contract|engagement|duration|program|last|next|past|proyecto|contrato|duracion|hace|ultimos"
    r"|proximos|otros)"
    r"\W+(?:of |de |for |is |es |the )*$"
)
_OF_EXPERIENCE = re.compile(r"^\s*(?:of |de )?(?:\w+ )?experienc\w+")

Span = tuple[int, int]


@dataclass(frozen=True)
class Grade:
    """A level with the words it was read from; ``years`` is given where years say it."""

    level: int
    years: int | None
    evidence: Evidence


def of_years(years: int) -> int:
    """Return the level that so many years make, by the table ``YEARS``."""
    return next(level for least, level in YEARS if years >= least)


def grades(plain: Plain, sentence: Sentence, spans: Sequence[Span]) -> list[Grade | None]:
    """Return the level that ``sentence`` states for each skill at ``spans``; years speak louder than words."""
    worded = _assigned(plain, sentence, spans, _GRADED, _TOUCHES)
    counted = _assigned(plain, sentence, spans, _YEARS, _YEARS_TOUCH)
    return [by_years or by_word for by_years, by_word in zip(counted, worded, strict=True)]


def of_row(plain: Plain, row: Row) -> Grade | None:
    """Return the level that the years in a cell of a table make for the skills of its row."""
    found = row.years(plain.text)
    return Grade(of_years(found[0]), found[0], plain.evidence(*found[1])) if found else None


def _assigned(
    plain: Plain, sentence: Sentence, spans: Sequence[Span], pattern: re.Pattern[str], touch: re.Pattern[str]
) -> list[Grade | None]:
    text = plain.text
    found: list[Grade | None] = [None] * len(spans)
    taken: set[int] = set()
    marks = list(plain.find(pattern, sentence.start, sentence.end))
    for mark in marks:
        grade = _grade(plain, mark)
        own = next((number for number, (start, end) in enumerate(spans) if start <= mark.start() < end), None)
        if grade is None or own is not None:
            # "Excel avanzado" is a name by itself; the "expert" of a certificate's name grades nothing.
            if grade is not None and own is not None and mark.end() == spans[own][1]:
                found[own], taken = grade, taken | {own}
            continue
        before = [number for number, (_, end) in enumerate(spans) if end <= mark.start()]
        if before and (listed := _listed_before(text, sentence, spans, before, mark)):
            for number in listed:
                found[number] = found[number] or grade
            taken.update(listed)
            continue
        behind = next((number for number, (start, _) in enumerate(spans) if start >= mark.end()), None)
        gap_before = text[spans[before[-1]][1] : mark.start()] if before else None
        # "Java (5 years)", "SQL avanzado", "COBOL: 8+ years": the mark belongs to what it touches from behind.
        if gap_before is not None and touch.fullmatch(gap_before) and _closes(text, mark, spans, behind, gap_before):
            found[before[-1]] = grade
            taken.add(before[-1])
            continue
        if behind is None:
            continue
        for number in range(behind, len(spans)):
            between = text[mark.end() : spans[number][0]]
            if len(between) > 160 or any(m.start() > mark.start() and m.end() <= spans[number][0] for m in marks):
                break
            if (
                pattern is _GRADED
                and number > behind
                and _BREAKS_WORD.search(text, spans[number - 1][1], spans[number][0])
            ):
                break
            if pattern is _YEARS and number > behind and _new_thought(text[spans[number - 1][1] : spans[number][0]]):
                break
            if number not in taken:
                found[number] = grade
    return found


def _listed_before(
    text: str, sentence: Sentence, spans: Sequence[Span], before: Sequence[int], mark: re.Match[str]
) -> list[int]:
    """Return the skills of a list that a mark at its end grades as a whole, or none where it looks elsewhere."""
    last = before[-1]
    gap = text[spans[last][1] : mark.start()]
    if "least" in mark.re.groupindex:
        closing = mark.end() >= sentence.end or not text[mark.end() : sentence.end].strip(" .;)")
        rest = text[mark.end() : sentence.end]
        alone = closing or _ONLY_EXPERIENCE.fullmatch(rest)
        if _EACH.match(text, mark.end(), sentence.end):
            return list(before)
        if not (alone and last + 1 == len(spans) and _AT_THE_END.fullmatch(gap)):
            return []
    elif not _OF_LIST.search(mark.group()) or len(gap) > 25 or re.search(r"[;:]", gap):
        return []
    found = [last]
    while found[-1] > 0 and _LIST_GAP.fullmatch(text[spans[found[-1] - 1][1] : spans[found[-1]][0]]):
        found.append(found[-1] - 1)
    return found


_AT_THE_END = re.compile(
    r"\s*,\s*(?:at least |minimum |min\.? |al menos |minimo |con |with |over |mas de |more than )*"
)
_ONLY_EXPERIENCE = re.compile(
    r"\s*(?:of |de )?(?:(?:relevant|hands-on|prior|total|comprobable|previa)\s)?(?:experience|experiencia)?"
    r"(?: (?:in|en) (?:the|la|el)? ?(?:role|puesto|industry|sector|industria))?[\s.;)]*"
)


def _new_thought(between: str) -> bool:
    return bool(re.search(r",\s*(?:with|con|plus|ademas|knowledge|conocimientos?|familiar)|\bwith\b|\bcon\b", between))


def _closes(text: str, mark: re.Match[str], spans: Sequence[Span], behind: int | None, gap: str) -> bool:
    """Return whether the mark looks back: in brackets, behind a colon or dash, or with nothing to look forward to."""
    ahead = _OF_EXPERIENCE.sub("", text[mark.end() : spans[behind][0]]) if behind is not None else ""
    if re.fullmatch(r"\s*(?:in|of|with|en|de|con)\s+(?:the |la |el )?", ahead) and "(" not in gap:
        return False
    if behind is None or "(" in gap or ":" in gap or gap.strip() == "-":
        return True
    if re.match(r"\s*(?:in|of|with|en|de|con|as|como|developing|working|using)\b", ahead):
        return False
    return bool(re.match(r"\s*[,.;)]|\s+(?:and|y|e)\b", ahead)) and "," not in gap


def _grade(plain: Plain, mark: re.Match[str]) -> Grade | None:
    if "least" in mark.re.groupindex:
        if _OF_A_PROJECT.search(mark.string, max(0, mark.start() - 40), mark.start()):
            return None
        years = numbers.count(mark["least"])
        return None if years is None else Grade(of_years(years), years, plain.of_match(mark))
    level = next(level for level, _ in _WORDS if mark[level.name])
    return Grade(level, None, plain.of_match(mark))

"""One seat as it was read, and what the words of its title say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.clients.briefs import numbers, seat_words
from marketplace.clients.briefs.needs import Mention
from marketplace.clients.briefs.reading import Evidence
from profiles.levels import Function


@dataclass(frozen=True)
class SeatReading:
    """From ``least`` to ``count`` people; ``title`` in the words of the brief, ``own`` the skills that it names."""

    title: str
    spanish: bool
    count: int
    least: int
    function: int
    seniority: int | None
    weekly_minutes: int | None
    client_facing: bool
    mentions: tuple[Mention, ...]
    own: frozenset[str]
    confidence: float
    evidence: tuple[Evidence, ...]
    counted: bool = True  # whether the brief says how many


def is_spanish(words: str) -> bool:
    """Return whether the words of a title (lower case, no accents) are Spanish."""
    return bool(
        re.search(
            r"\b(?:de|en|con|dor(?:es|a)?|ista|tect[oa]s?|ingenier[oa]s?|lider)\b|dor(?:es|as?)?\b|istas?\b", words
        )
    )


def rank_of(word: str) -> int | None:
    """Return the seniority that a word such as "sr." names."""
    match = seat_words.RANK.match(word)
    return next((level for n, (level, _) in enumerate(seat_words.SENIORITY) if match and match[f"s{n}"]), None)


def title_of(words: str) -> str:
    """Return the words as a title: no count, no line break, one capital."""
    plain = re.sub(r"\s+", " ", words).strip(" -:,*").rstrip(".")
    count = rf"{numbers.COUNT}(?:\s*(?:-|to|or|a|o)\s*{numbers.COUNT})?"
    plain = re.sub(rf"^{count}\s+(?:\(\d+\)\s*)?(?:x\s+)?", "", plain, flags=re.IGNORECASE)
    return (plain[:1].upper() + plain[1:])[:120]


def function_of(head: re.Match[str], words: str, inside: Sequence[Mention]) -> int:
    """Return the function of a seat by the head of its title and the words and skills beside it."""
    number = next(n for n in range(len(seat_words.HEADS)) if head[f"h{n}"])
    function = int(seat_words.HEADS[number][0])
    if (
        number == seat_words.ENGINEERS
        and seat_words.OPERATIONS_WORDS.search(words)
        and not re.search(r"\bdata|datos|software\b", words)
    ):
        return int(Function.OPERATIONS)
    if number == seat_words.UNDECIDED and seat_words.LEADS.search(head.group()):
        return int(Function.ENGINEERING if seat_words.TECHNICAL.search(words) else Function.BUSINESS)
    if number == seat_words.UNDECIDED:
        if re.search(
            r"\b(?:soc|support|soporte|security operations|data quality|calidad de(?: los)? datos|vulnerab\w+"
            r"|operations|operaciones|noc)\b",
            words,
        ):
            return int(Function.OPERATIONS)
        if seat_words.ENGINEERING_WORDS.search(words):
            return int(Function.ENGINEERING)
    return function


def with_floor(seat: SeatReading, extra: Sequence[Mention]) -> SeatReading:
    """Return ``seat`` with further skills, each once."""
    known = {mention.code for mention in seat.mentions}
    return replace(seat, mentions=(*seat.mentions, *(m for m in extra if m.code not in known)))

"""Seats that no phrase of the text names: the rows of a table, and people without a role."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marketplace.clients.briefs import numbers, seat_words
from marketplace.clients.briefs.attitudes import Attitude
from marketplace.clients.briefs.headings import Section
from marketplace.clients.briefs.needs import Mention
from marketplace.clients.briefs.passages import Sentence
from marketplace.clients.briefs.reading import Plain
from marketplace.clients.briefs.seat_reading import SeatReading, function_of, is_spanish, rank_of, title_of
from marketplace.clients.briefs.tables import Column, Row
from profiles.levels import Function, Seniority


def of_row(plain: Plain, row: Row, found: Sequence[Mention]) -> SeatReading:
    """Return the seat of a row of a table."""
    (start, end), *_ = row.of(Column.ROLE) or [(row.start, row.end)]
    words = plain.text[start:end]
    heads = list(seat_words.HEAD.finditer(words))
    inside = [m for m in found if start <= m.start and m.end <= end]
    skilled = row.of(Column.MUST, Column.YEARS, Column.OTHER)
    behind = [m for m in found if any(first <= m.start and m.end <= last for first, last in skilled)]
    counts = [numbers.count(plain.text[first:last]) for first, last in row.of(Column.COUNT)]
    ranks = row.of(Column.RANK, Column.YEARS, Column.ROLE)
    hits = [hit for first, last in ranks if (hit := seat_words.RANK.search(plain.text, first, last))]
    rank = rank_of(hits[0].group()) if hits else None
    if rank is None and seat_words.LEADS.search(words):
        rank = int(Seniority.SENIOR)
    evidence = plain.evidence(start, end)
    return SeatReading(
        title=title_of(evidence.text),
        spanish=is_spanish(words),
        count=next((count for count in counts if count and count <= seat_words.MOST_PEOPLE), 1),
        least=next((count for count in counts if count and count <= seat_words.MOST_PEOPLE), 1),
        function=function_of(heads[-1], words, inside) if heads else int(Function.ENGINEERING),
        seniority=rank,
        weekly_minutes=None,
        client_facing=False,
        mentions=tuple(m for m in (*inside, *behind) if m.attitude is Attitude.MUST),
        own=frozenset(m.code for m in inside),
        confidence=0.9,
        evidence=(evidence,),
        counted=any(counts),
    )


def of_people(plain: Plain, sentences: Sequence[Sentence], found: Sequence[Mention]) -> list[SeatReading]:
    """Return the seat of a brief that names no role, only people: "two people who have converted CA-7"."""
    for sentence in sentences:
        if sentence.section in {Section.ASIDE, Section.EXCLUDED, Section.WISH, Section.CONTEXT}:
            continue
        for hit in plain.find(seat_words.PEOPLE, sentence.start, sentence.end):
            asked = seat_words.ASKS.search(plain.text, max(sentence.start, hit.start() - 110), hit.start())
            begins = not plain.text[sentence.start : hit.start()].strip(" \t-*")
            described = re.match(r"\s*(?:who|that|with|que|con)\b", plain.text[hit.end() : hit.end() + 8])
            owned = seat_words.THOSE.search(plain.text, sentence.start, hit.start()) or seat_words.NOT_A_SEAT.search(
                plain.text, sentence.start, hit.start()
            )
            if owned or not (asked or (begins and described)):
                continue
            behind = [m for m in found if hit.end() <= m.start < sentence.end and m.attitude is Attitude.MUST]
            spanish = is_spanish(hit.group()) or hit["head"][:7] in {"persona", "profesi", "recurso", "element"}
            count = numbers.count(hit["count"]) or 1
            return [
                SeatReading(
                    title="Especialista" if spanish else "Specialist",
                    spanish=spanish,
                    count=count,
                    least=count,
                    function=int(Function.ENGINEERING),
                    seniority=None,
                    weekly_minutes=None,
                    client_facing=False,
                    mentions=tuple(behind),
                    own=frozenset(m.code for m in behind[:1]),
                    confidence=0.5,
                    evidence=(plain.of_match(hit),),
                )
            ]
    return []

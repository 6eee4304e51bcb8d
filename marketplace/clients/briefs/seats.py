"""The people that a brief asks for: how many, of which function and seniority, with which skills."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.clients.briefs import numbers, seat_words
from marketplace.clients.briefs.attitudes import Attitude
from marketplace.clients.briefs.headings import Section
from marketplace.clients.briefs.listed_seats import of_people, of_row
from marketplace.clients.briefs.needs import Mention, kind
from marketplace.clients.briefs.passages import Sentence
from marketplace.clients.briefs.reading import Plain
from marketplace.clients.briefs.seat_reading import SeatReading, function_of, is_spanish, rank_of, title_of
from profiles.levels import Seniority, SkillKind


@dataclass(frozen=True)
class _Phrase:
    start: int
    end: int
    head: re.Match[str]
    count: int | None
    sentence: Sentence
    asked: bool
    rank: int | None = None
    title_end: int = 0  # where the words of the title end, when a number or ranks stand behind them


_ITEM_NUMBER = re.compile(r"^\s*\(?\d{1,2}[.)]\s")
_BEFORE_AN_ITEM = " \t-*•–·()0123456789.abcdefghix"
_NO_SEATS = frozenset({Section.ASIDE, Section.CONTEXT, Section.EXCLUDED, Section.WISH})


def read(plain: Plain, sentences: Sequence[Sentence], found: Sequence[Mention]) -> list[SeatReading]:
    """Return the seats in the order of the brief; a role told twice in the same words is one seat."""
    phrases: list[_Phrase] = []
    going_on, last = False, None
    for sentence in sentences:
        going_on = going_on and last is not None and _goes_on(plain.text, last, sentence)
        last = sentence
        if sentence.section in _NO_SEATS or sentence.row is not None:
            continue
        previous = sentence.start
        for head in plain.find(seat_words.HEAD, sentence.start, sentence.end):
            if head.start() < previous or _belongs_elsewhere(plain.text, head, found):
                continue
            follows = bool(phrases) and (phrases[-1].sentence is sentence or going_on)
            phrase = _phrase(plain, sentence, head, found, previous, follows)
            if phrase is not None:
                split = _by_rank(plain.text, phrase)
                phrases += split
                going_on = True
                previous = max(phrase.end, split[-1].end)
    seats: list[SeatReading] = []
    counted: list[bool] = []
    for number, phrase in enumerate(phrases):
        following = phrases[number + 1] if number + 1 < len(phrases) else None
        seat = _seat(plain, phrase, _tail(plain.text, sentences, phrase, following), found)
        if not any(_same(seat, earlier) for earlier in seats):
            seats.append(seat)
            counted.append(phrase.count is not None or not seat_words.PLURAL.search(phrase.head.group()))
    # "We seek Guidewire specialists: 2 developers, …": the plural without a number only announces those behind it.
    seats = [seat for seat, sure in zip(seats, counted, strict=True) if sure or not any(counted)]
    drawn = {sentence.row.start: sentence.row for sentence in sentences if sentence.row is not None}
    if drawn:
        # Who is listed in a table is not counted again where the text speaks of them.
        rows = [of_row(plain, row, found) for row in drawn.values()]
        known = {(seat.function, seat.own) for seat in rows}
        return rows + [seat for seat in seats if seat.count > 1 and (seat.function, seat.own) not in known]
    if len(seats) == 1 and not seats[0].counted and (named := seat_words.VACANCIES.search(plain.text)):
        count = numbers.count(named["named"] or named["count"])
        if count and count <= seat_words.MOST_PEOPLE:
            more = (*seats[0].evidence, plain.of_match(named))
            seats = [replace(seats[0], count=count, least=count, counted=True, evidence=more)]
    return seats or of_people(plain, sentences, found)


def _goes_on(text: str, before: Sentence, sentence: Sentence) -> bool:
    """Return whether a sentence goes on with the list of the one before it, behind a semicolon."""
    return text[before.end - 1] == ";" and not text[before.end : sentence.start].strip()


def _tail(text: str, sentences: Sequence[Sentence], phrase: _Phrase, following: _Phrase | None) -> int:
    """Return where the words about a seat end: with its sentence, its line, or the items listed below its line."""
    sentence = phrase.sentence
    end = sentence.end
    begins_line = not text[text.rfind("\n", 0, phrase.start) + 1 : phrase.start].strip(_BEFORE_AN_ITEM)
    if begins_line:
        place = sentences.index(sentence) + 1
        while place < len(sentences) and "\n" not in text[end : sentences[place].start]:
            end, place = sentences[place].end, place + 1
        if not sentence.item:
            while place < len(sentences) and sentences[place].item and "\n\n" not in text[end : sentences[place].start]:
                end, place = sentences[place].end, place + 1
    return min(end, following.start) if following is not None else end


def _by_rank(text: str, phrase: _Phrase) -> list[_Phrase]:
    """Return a phrase for each rank of "contractors wanted (2 senior, 1 junior)", or the phrase itself."""
    listed = seat_words.RANKS_BEHIND.match(text, phrase.end, phrase.sentence.end)
    hits = list(seat_words.RANKED_COUNT.finditer(text, *listed.span("list"))) if listed else []
    if len(hits) < 2 or phrase.count not in {None, sum(numbers.count(hit["count"]) or 0 for hit in hits)}:
        return [phrase]
    return [
        replace(
            phrase,
            count=numbers.count(hit["count"]),
            rank=rank_of(hit["rank"]),
            end=hit.end(),
            asked=True,
            title_end=phrase.end,
        )
        for hit in hits
    ]


def _belongs_elsewhere(text: str, head: re.Match[str], found: Sequence[Mention]) -> bool:
    """Tell the lead of "lead data scientist" and the architect of a certificate's name from people of their own."""
    if head.group() in {"lead", "leads"} and seat_words.OTHER_HEAD.match(text, head.end()):
        return True
    if head.group().startswith("expert") and re.search(r"\b(?:nivel|level|at|in|;|\()\s*$", text[: head.start()][-10:]):
        return True
    if head.group().startswith("expert") and re.match(r"\s+(?:in|at|en)\b", text[head.end() : head.end() + 4]):
        return True
    if head.group().startswith("expert") and any(each.start == head.end() + 1 for each in found):
        return True
    return any(
        each.start <= head.start() < each.end
        and kind(each.code) == SkillKind.CERTIFICATE
        and not (each.start == head.start() and "certificad" in text[head.end() : each.end])
        for each in found
    )


def _phrase(
    plain: Plain, sentence: Sentence, head: re.Match[str], found: Sequence[Mention], least: int, follows: bool
) -> _Phrase | None:
    start = _leftmost(plain.text, least, head.start(), found)
    end = _rightmost(plain.text, sentence.end, head.end(), found)
    before = plain.text[max(sentence.start, start - 40) : start]
    count, count_start = _count(before, start)
    if count is None:
        start = _over_unknown(plain.text, max(least, sentence.start), start)
        count, count_start = _count(plain.text[max(sentence.start, start - 40) : start], start)
    if count is None and (behind := seat_words.COUNT_BEHIND.match(plain.text, end, sentence.end)):
        value = numbers.count(next(words for words in behind.groups() if words))
        if value and value <= seat_words.MOST_PEOPLE:
            return _Phrase(start, behind.end(), head, value, sentence, True, title_end=end)
    if (
        count is None
        and re.match(r"(?:back|front|full)", head.group())
        and re.match(r"\s*[,;.)]|\s(?:y|and)\b", plain.text[head.end() : head.end() + 5])
    ):
        return None
    if head.group().startswith("person") and re.search(r"\b(?:at least|al menos|minimo|every|each|cada)\b", before):
        return None
    heads_line = not plain.text[plain.text.rfind("\n", 0, start) + 1 : start].strip(_BEFORE_AN_ITEM)
    if count is None and heads_line and (told := seat_words.NUMBERED_LINE.match(plain.text, end, sentence.end)):
        value = numbers.count(told["count"])
        if value and value <= seat_words.MOST_PEOPLE:
            return _Phrase(start, told.end(), head, value, sentence, True, title_end=told.start("count") - 1)
    if seat_words.GIVEN.search(plain.text, max(sentence.start, count_start - 60), count_start):
        return None
    if count is None or count == 1:
        if seat_words.NOT_A_SEAT.search(plain.text, max(sentence.start, count_start - 40), count_start):
            return None
        if re.search(r"\bas an? $|\bcomo (?:un |una )?$", plain.text[max(0, start - 10) : start]):
            return None
    if not _is_asked_for(plain, sentence, head, (start, end, count_start), count, follows):
        return None
    return _Phrase(count_start, end, head, count, sentence, count is not None)


def _is_asked_for(
    plain: Plain,
    sentence: Sentence,
    head: re.Match[str],
    places: tuple[int, int, int],
    count: int | None,
    follows: bool,
) -> bool:
    """Return whether the words ask for somebody, rather than speak of people who are there."""
    start, end, count_start = places
    text = plain.text
    if head.group() in {"someone", "somebody", "alguien"}:
        return (follows or sentence.section is Section.SEATS) and bool(
            re.search(r"\b(?:and|y|e|plus|mas)\s*$", text[sentence.start : start])
        )
    if seat_words.DENIED.search(text, max(sentence.start, count_start - 24), count_start):
        return False
    if seat_words.ASKS.search(text, max(sentence.start, count_start - 110), count_start) or seat_words.WANTED.match(
        text, end, sentence.end
    ):
        return True
    ranked = bool(seat_words.RANK.search(text, start, end))
    begins = not _ITEM_NUMBER.sub("", text[sentence.start : count_start]).strip(" \t-*•:")
    described = end - start > len(head.group())
    counted = count is not None and (count > 1 or text[count_start].isdigit() or text.startswith("one ", count_start))
    if counted or (
        count is not None
        and (follows or sentence.section is Section.SEATS or (begins and (described or sentence.item)))
    ):
        return not seat_words.THOSE.search(text, max(sentence.start, count_start - 12), count_start)
    if follows and (count is not None or ranked):
        return True
    if sentence.section is Section.SEATS:
        return begins or bool(re.search(r"(?:,|\band|\by|\be)\s*$", text[sentence.start : start]))
    if begins and sentence.item:
        return sentence.section is not Section.DUTIES and (
            ranked or (described and sentence.section is Section.NEUTRAL)
        )
    # The title of an advertisement, or its first words: "Arquitecto de integración con experiencia en …".
    first = not text[: sentence.start].strip(" \t#*-")
    labeled = text[:count_start].rstrip().endswith(":") and count is not None
    return described and ((begins and (sentence.heading or first)) or labeled)


def _count(before: str, start: int) -> tuple[int | None, int]:
    match = seat_words.COUNTED.search(before)
    value = numbers.count(match["count"]) if match else None
    if match is None or not value or value > seat_words.MOST_PEOPLE:
        return None, start
    return value, start - (len(before) - match.start())


def _least(text: str, phrase: _Phrase) -> int:
    """Return the lower end of "two or three engineers"."""
    counted = seat_words.COUNTED.match(text, phrase.start, phrase.head.start()) if phrase.count else None
    words = re.match(rf"(?P<least>{numbers.COUNT})\s*(?:-|to|or|a|o)\s", text[phrase.start : phrase.start + 20])
    least = numbers.count(words["least"]) if words and counted is None else None
    return least if least and phrase.count and least < phrase.count else phrase.count or 1


def _leftmost(text: str, least: int, at: int, found: Sequence[Mention]) -> int:
    """Return where the words begin that describe the head from the left: "senior Java" of "senior Java developers"."""
    best = at
    for token in reversed(list(seat_words.TOKEN.finditer(text, max(least, at - 90), at))):
        gap = text[token.end() : best]
        if gap.strip(" -/") or "\n" in gap:
            break
        word = token.group().strip(".")
        inside = any(m.start < token.end() and token.start() < m.end for m in found)
        if not (inside or word in seat_words.MODIFIERS or seat_words.RANK.fullmatch(token.group())):
            break
        best = token.start()
    while (lead := seat_words.TOKEN.match(text, best)) and lead.end() <= at and lead.group() in seat_words.JOINERS:
        best = lead.end() + len(text[lead.end() :]) - len(text[lead.end() :].lstrip())
    return best


def _over_unknown(text: str, least: int, start: int) -> int:
    """Return where up to two unknown words begin that stand between a number and the role: "one healthcare analyst"."""
    # "Una persona de QA", "two people for testing"
    if person := seat_words.PERSON_OF.search(text[max(least, start - 30) : start]):
        return start - len(person.group())
    at = start
    for token in reversed(list(seat_words.TOKEN.finditer(text, max(least, start - 60), start))[-2:]):
        gap = text[token.end() : at]
        if gap.strip(" -/") or "\n" in gap or seat_words.NO_MODIFIER.fullmatch(token.group()):
            break
        at = token.start()
        if seat_words.COUNTED.search(text[max(least, at - 40) : at]):
            return at
    return start


def _rightmost(text: str, most: int, at: int, found: Sequence[Mention]) -> int:
    """Return where the words end that describe the head from the right: "de datos sénior" of a Spanish title."""
    if both := seat_words.BOTH_GENDERS.match(text, at):
        at = both.end()
    best = last = at
    for token in seat_words.TOKEN.finditer(text, at, min(most, at + 90)):
        if text[last : token.start()].strip(" -/") or "\n" in text[last : token.start()]:
            break
        word = token.group().strip(".")
        inside = any(m.start < token.end() and token.start() < m.end for m in found)
        if not (inside or word in seat_words.MODIFIERS or seat_words.RANK.fullmatch(token.group())) or word in {
            "with",
            "and",
            "y",
        }:
            break
        last = token.end()
        if word not in seat_words.JOINERS:
            best = last
    return best


def _seat(plain: Plain, phrase: _Phrase, tail: int, found: Sequence[Mention]) -> SeatReading:
    begin = phrase.head.start()
    own_start = min([phrase.start, begin])
    words = plain.text[own_start : phrase.end]
    inside = [m for m in found if own_start <= m.start and m.end <= max(phrase.end, phrase.head.end())]
    behind = [m for m in found if phrase.end <= m.start and m.end <= tail and m not in inside]
    wanted = tuple(m for m in (*inside, *behind) if m.attitude is Attitude.MUST)
    rank = _ranked(plain.text, phrase, own_start) or seat_words.RANK.match(
        plain.text, *_behind_comma(plain.text, phrase, tail)
    )
    seniority = next((level for n, (level, _) in enumerate(seat_words.SENIORITY) if rank and rank[f"s{n}"]), None)
    if phrase.rank is not None:
        seniority = Seniority(phrase.rank)
    elif seat_words.TECH_LEAD.search(words):
        seniority = Seniority.LEAD
    elif seniority is None and seat_words.LEADS.search(phrase.head.group()):
        seniority = Seniority.SENIOR
    if vague := seat_words.SOMEBODY.match(plain.text, phrase.head.start(), max(tail, phrase.head.end())):
        phrase = replace(phrase, title_end=vague.end())
    evidence = plain.evidence(own_start, max(phrase.end, phrase.head.end()))
    context = plain.text[phrase.start : tail]
    weekly = seat_words.WEEKLY.search(context)
    minutes = int(weekly["hours"]) * 60 if weekly else 1200 if seat_words.PART_TIME.search(context) else None
    return SeatReading(
        title=title_of(plain.evidence(own_start, phrase.title_end or max(phrase.end, phrase.head.end())).text),
        spanish=is_spanish(words),
        count=phrase.count or 1,
        least=_least(plain.text, phrase),
        function=function_of(phrase.head, plain.text[own_start:tail] if vague else words, inside),
        seniority=seniority,
        weekly_minutes=minutes if minutes and 60 <= minutes <= 3600 else None,
        client_facing=bool(seat_words.FACES.search(context)),
        mentions=wanted,
        own=frozenset(m.code for m in inside),
        confidence=0.9 if phrase.asked else 0.75,
        evidence=(evidence,),
        counted=phrase.count is not None,
    )


def _ranked(text: str, phrase: _Phrase, start: int) -> re.Match[str] | None:
    """Return the seniority beside the head; a head such as "lead" says none by itself."""
    return seat_words.RANK.search(text, start, phrase.head.start()) or seat_words.RANK.search(
        text, phrase.head.end(), phrase.end
    )


def _behind_comma(text: str, phrase: _Phrase, tail: int) -> tuple[int, int]:
    """Return where a seniority may follow the role: "3 engineers, mid-level or above", "arquitecto (principal)"."""
    gap = re.compile(r"[\s,(-]*").match(text, max(phrase.end, phrase.head.end()), tail)
    return (gap.end() if gap else tail), tail


def _same(seat: SeatReading, earlier: SeatReading) -> bool:
    if seat.count > 1 or (earlier.count > 1 and seat.count > 1):
        return False
    ranks_agree = seat.seniority is None or earlier.seniority is None or seat.seniority == earlier.seniority
    return (
        seat.function == earlier.function
        and seat.own == earlier.own
        and ranks_agree
        and (bool(seat.own) or earlier.title == seat.title)
    )

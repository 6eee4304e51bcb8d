"""Whether a skill that a sentence names is asked for, wished for, ruled out, or only mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from marketplace.clients.briefs.passages import Section, Sentence
from marketplace.clients.briefs.reading import Plain

Span = tuple[int, int]


class Attitude(Enum):
    MUST = "must"
    WISH = "wish"
    EXCLUDED = "excluded"
    ASIDE = "aside"


# "not only", "no later than", "sin embargo" deny nothing.
_DENIAL = re.compile(
    r"\b(?:no(?! (?:later|less|more|fewer|menos|mas|solo|solamente|despues|obstante|problem|matter|longer than)\b)"
    r"|not(?! (?:only|just|limited|later|less|more|mandatory|essential|necessarily)\b)"
    r"|without|sin(?! (?:embargo|duda|falta)\b)|nor|ni|tampoco|don't|doesn't|do not|does not|never|nunca"
    r"|excluding|except(?:o)?|salvo|excluye(?:ndo)?|fuera del alcance|out of scope"
    r"|instead of|rather than|en lugar de|en vez de)\b"
)
_DENIED_BEHIND = re.compile(
    r"\s*(?:is|are|will be|es|son|esta|estan|queda|quedan|remains?)\s(?:out of scope|excluded|fuera|excluid[oa]s?)\b"
    r"|\W{0,3}(?:(?:experience|knowledge|skills?|experiencia|conocimientos?)\W{1,3})?"
    r"(?:(?:is|are|was) not|isn't|aren't|not|no (?:es|son|sera|seran|esta|se)|will not be)\s(?:\w+\s){0,2}?"
    r"(?:required|needed|necessary|in scope|wanted|relevant|requerid[oa]s?|necesari[oa]s?|requiere[n]?|necesita[n]?"
    r"|considera[n]?|incluid[oa]s?|part of)"
)
_NOT_MANDATORY = re.compile(
    r"not (?:mandatory|essential|necessarily required)|no (?:es |son )?(?:indispensables?|obligatori[oa]s?"
    r"|forzos[oa]s?)"
    r"|not required but|not a must|aunque no"
)
_OPTIONAL = re.compile(
    r"\s*(?:es |son |is |a )?(?:indispensables?|obligatori[oa]s?|forzos[oa]s?|mandatory|essential|must)\b"
)
_WISH_AHEAD = re.compile(
    r"\b(?:nice to have|ideally|preferably|preferred|preference for|bonus(?: points)?(?: for)?|optional(?:ly)?"
    r"|good to have|advantage(?:s)? (?:if|for)|would be (?:nice|great|good) (?:if|to)|deseables?|deseablemente"
    r"|de preferencia|preferentemente|preferible(?:mente)?|idealmente"
    r"|opcional(?:mente)?|se valora(?:ra)?n?|valoramos|valoraremos|seria (?:ideal|bueno|un plus)"
    r"|(?:extra|additional|bonus) (?:points|credit) (?:for|if)"
    r"|(?:puntaje|puntos) (?:adicional(?:es)?|extra) (?:por|a|si)"
    r"|(?:se dara )?preferencia a|si (?:alguien|alguno|alguna|ademas)|if (?:anyone|someone|somebody|you also|they also)"
    r"|gustaria que algun[oa]"
    r"|suma(?:n)? puntos|also helpful|helpful)\b"
)
_WISH_BEHIND = re.compile(
    r"(?:\b(?:is|are|would be|will be|es|son|seria|serian|sera|seran|considered|se considera|a|un|como)\s)*"
    r"\b(?:(?:a |an |un |una )(?:big |strong |great |definite |gran )*(?:plus|advantage|bonus|asset|ventaja"
    r"|diferenciador)"
    r"|plus(?=\s*(?:[.,;)]|$))|would be (?:nice|great|good|ideal)|seria (?:ideal|bueno)|(?:get|have"
    r"|tendran?) (?:priority|preference"
    r"|prioridad|preferencia)"
    r"|nice[- ]to[- ]have|preferred|desirable|desired|deseables?|preferibles?|welcome|helpful|optional|opcionales"
    r"|opcional|appreciated|valued|bienvenid[oa]s?|valorad[oa]s?|se valora(?:ra)?n?|suma(?:n)?(?: puntos)?)\b"
)
_MUST_MARK = re.compile(
    r"\b(?:must|required|mandatory|essential|need(?:ed)?|indispensables?|obligatori[oa]s?|imprescindibles?"
    r"|requerid[oa]s?"
    r"|forzos[oa]s?|se requiere|requerimos|necesitamos|we need|at least|minimum)\b"
)
_TURN = re.compile(r"\bbut\b|\bpero\b|\bhowever\b|\bsino\b|\baunque\b|\bonly\b|;|\bsolo\b|\binstead,")
_LIST_GAP = re.compile(
    r"\s*(?:[,/+&]|\band\b|\bor\b|\by\b|\be\b|\bo\b|\bu\b|\bni\b|\bnor\b)\s*(?:(?:and|or|y|e|o|ni)\s)?"
)
_JOINED_GAP = re.compile(r"\s*(?:/|&|\band\b|\bor\b|\by\b|\be\b|\bo\b|\bu\b)\s*")
_PLURAL_MARK = re.compile(r"^(?:are|son|serian|seran)\b|deseables|preferibles|opcionales|preferred$")
FAR = 60  # signs between a denial and what it denies


def judge(plain: Plain, sentence: Sentence, spans: Sequence[Span]) -> list[Attitude]:
    """Return the attitude of ``sentence`` to each of the skills at ``spans`` (places in the plain text, in order)."""
    base = {
        Section.WISH: Attitude.WISH,
        Section.EXCLUDED: Attitude.EXCLUDED,
        Section.ASIDE: Attitude.ASIDE,
    }.get(sentence.section, Attitude.MUST)
    found = [base] * len(spans)
    _wishes(plain, sentence, spans, found)
    _denials(plain, sentence, spans, found)
    return found


def _denials(plain: Plain, sentence: Sentence, spans: Sequence[Span], found: list[Attitude]) -> None:
    text = plain.text
    for denial in plain.find(_DENIAL, sentence.start, sentence.end):
        reached = denial.end()
        for number, (start, end) in enumerate(spans):
            if start < denial.end():
                continue
            between = text[reached:start]
            first = reached == denial.end()
            near = len(between) <= FAR and not _TURN.search(between) and not (first and _breaks(between))
            if not (near if first else _LIST_GAP.fullmatch(between)):
                break
            found[number] = Attitude.WISH if _OPTIONAL.match(text, denial.end()) else Attitude.EXCLUDED
            reached = end
    for number, (_start, end) in enumerate(spans):
        if _NOT_MANDATORY.search(text, end, min(sentence.end, end + FAR)):
            if not any(end < start < end + FAR and not _LIST_GAP.fullmatch(text[end:start]) for start, _ in spans):
                found[number] = Attitude.WISH
        elif _DENIED_BEHIND.match(text, end, sentence.end):
            for earlier in _joined_backwards(text, spans, number, _LIST_GAP):
                found[earlier] = Attitude.EXCLUDED


def _breaks(between: str) -> bool:
    """Tell ``no, but we use`` from ``no prior COBOL``: a comma ends what a denial reaches."""
    return "," in between or ":" in between


def _wishes(plain: Plain, sentence: Sentence, spans: Sequence[Span], found: list[Attitude]) -> None:
    text = plain.text
    for mark in plain.find(_WISH_BEHIND, sentence.start, sentence.end):
        before = [number for number, (_, end) in enumerate(spans) if end <= mark.start()]
        if not before or not _close_behind(text[spans[before[-1]][1] : mark.start()]):
            continue
        last = before[-1]
        wide = bool(_PLURAL_MARK.search(mark.group().strip())) and "(" not in text[spans[last][1] : mark.start()]
        for number in _joined_backwards(text, spans, last, _LIST_GAP if wide else _JOINED_GAP):
            found[number] = Attitude.WISH
    for mark in plain.find(_WISH_AHEAD, sentence.start, sentence.end):
        ahead = [number for number, (start, _) in enumerate(spans) if start >= mark.end()]
        opens = not text[sentence.start : mark.start()].strip(" \t-*•:,") or _LOOKS_AHEAD.match(text, mark.end())
        if mark.group() in _ONLY_BEHIND and not opens:
            continue
        for number in ahead:
            if _MUST_MARK.search(text, mark.end(), spans[number][0]) or _TURN.search(
                text, mark.end(), spans[number][0]
            ):
                break
            found[number] = Attitude.WISH


_LOOKS_AHEAD = re.compile(
    r"\s*(?::|en\b|in\b|de\b|of\b|con\b|for\b|que\b|if\b|to\b|conoc|exper|knowl|certif|skill|background)"
)
_ONLY_BEHIND = frozenset(
    {"preferred", "deseable", "deseables", "helpful", "optional", "opcional", "plus", "nice to have"}
)


def _close_behind(between: str) -> bool:
    """Return whether only words such as "experience" stand between a skill and the mark behind it."""
    return bool(
        re.fullmatch(
            r"[\s,(\-:]*(?:(?:experience|knowledge|skills?|certifications?|certificate|exposure|background|experiencia"
            r"|conocimientos?|certificacion(?:es)?|certified|or similar|o similar|is|are|es|son|also|tambien"
            r"|highly|muy"
            r"|would|be|seria|considered|se|considera|strongly|and|a|un|una|como|in|en|people|candidates"
            r"|candidatos|personas)[\s,(\-:]*){0,5}",
            between,
        )
    )


def _joined_backwards(text: str, spans: Sequence[Span], last: int, gap: re.Pattern[str]) -> list[int]:
    found = [last]
    while found[-1] > 0 and gap.fullmatch(text[spans[found[-1] - 1][1] : spans[found[-1]][0]]):
        found.append(found[-1] - 1)
    return found

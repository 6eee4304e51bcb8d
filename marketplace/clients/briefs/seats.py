"""The people that a brief asks for: how many, of which function and seniority, with which skills."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketplace.clients.briefs import numbers
from marketplace.clients.briefs.attitudes import Attitude
from marketplace.clients.briefs.needs import Mention, kind
from marketplace.clients.briefs.passages import Section, Sentence
from marketplace.clients.briefs.reading import Evidence, Plain
from profiles.levels import Function, Seniority, SkillKind

_HEADS = (
    (Function.ARCHITECTURE, r"architects?|arquitect[oa]s?"),
    (
        Function.OPERATIONS,
        r"administrators?|admins?|dbas?|operators?|sysadmins?|sres?|administrador(?:es|as?)?"
        r"|operador(?:es|as?)?",
    ),
    (
        Function.BUSINESS,
        r"(?:product )?owners?|managers?|(?:scrum )?masters?|stewards?|officers?|auditors?"
        r"|smes?|subject[- ]matter experts?"
        r"|gerentes?|jef[ea]s?|custodi[oa]s?|oficial(?:es)?|auditor(?:es|as?)?"
        r"|duen[oa]s? de producto|coach(?:es)?",
    ),
    (
        Function.BUSINESS,
        r"analysts?|analistas?|consultants?|consultor(?:es|as?)?|specialists?|especialistas?"
        r"|leads?|lider(?:es)?|researchers?|investigators?|investigador(?:es|as?)?|modelers?|modelador(?:es|as?)?|experts?"
        r"|expert[oa]s?",
    ),
    (
        Function.ENGINEERING,
        r"developers?|programmers?|coders?|engineers?|devs?|testers?|scientists?|designers?"
        r"|desarrollador(?:es|as?)?"
        r"|programador(?:es|as?)?|ingenier[oa]s?|cientific[oa]s?|disenador(?:es|as?)?"
        r"|probador(?:es|as?)?|qas?",
    ),
)
_HEAD = re.compile("|".join(rf"(?P<h{n}>\b(?:{words})\b(?![-/]))" for n, (_, words) in enumerate(_HEADS)))
_UNDECIDED = 3  # the heads whose function only the words beside them tell
_ENGINEERS = 4
_OPERATIONS_WORDS = re.compile(
    r"\b(?:devops|mlops|sre|reliability|platform|infrastructure|support|operations?|release|cloud|network"
    r"|systems?|monitoring|soc"
    r"|soporte|operacion(?:es)?|infraestructura|plataforma|redes|sistemas|liberaciones|batch|vulnerabilit\w+"
    r"|vulnerabilidades"
    r"|database|bases de datos)\b"
)
_ENGINEERING_WORDS = re.compile(
    r"\b(?:qa|test(?:ing)?|pruebas|automation|automatizacion|java|cobol|mainframe|python|javascript|developer"
    r"|software|tech(?:nical)?"
    r"|tecnic[oa]|frontend|backend|front|back|full|etl|data engineer\w*|integration|integracion|rpg|salesforce"
    r"|react|sql)\b"
)
_SENIORITY = (
    (Seniority.PRINCIPAL, r"principal|staff|chief"),
    (Seniority.LEAD, r"tech(?:nical)?[- ]lead|lead|lider(?:es)? tecnic[oa]s?"),
    (Seniority.MID, r"mid(?:-?level|-?senior)?|middle|semi[- ]?senior|ssr|intermedi[oa]s?"),
    (Seniority.SENIOR, r"senior(?:s|es)?|sr|experienced|experimentad[oa]s?|seasoned"),
    (Seniority.JUNIOR, r"junior(?:s|es)?|jr|entry-level|trainee"),
)
_RANK = re.compile("|".join(rf"(?P<s{n}>\b(?:{words})\b\.?)" for n, (_, words) in enumerate(_SENIORITY)))
_MODIFIERS = frozenset(
    re.findall(
        r"\S+",
        "semi full-stack fullstack full stack back-end backend back end front-end frontend front bilingual bilingue"
        " bilingues certified remote technical tecnico tecnica tecnicos tech data solution solutions business software"
        " application applications aplicaciones systems system sistemas sistema security seguridad cloud database"
        " databases quality qa support soporte project projects proyecto proyectos product producto program programa"
        " scrum agile web mobile movil test testing pruebas automation release platform plataforma infrastructure"
        " infraestructura network redes mainframe integration operations operaciones operacion production produccion"
        " process procesos risk riesgo riesgos fraud fraude compliance cumplimiento negocio negocios datos soluciones"
        " nube calidad devops site reliability it ti de en del y and / & of with us-based level experienced delivery"
        " service change functional funcional funcionales governance gobierno kyc aml pld modernization modernizacion"
        " learning ai ia experiencia usuario usability ux ui batch payments pagos claims siniestros seguros core"
        " banking bancario regulatory reporting vulnerability identity enterprise empresarial time full-time part-time"
        " tiempo",
    )
)
_JOINERS = frozenset({"de", "en", "del", "y", "and", "/", "&", "of", "with"})
_ASKS = re.compile(
    r"\b(?:need(?:s|ed)?|look(?:ing)? for|seek(?:s|ing)?|hir(?:e|ing)|want(?:s|ed)?|requir(?:e|es|ing)"
    r"|search(?:ing)? for|include[s]?"
    r"|consist(?:s|ing) of|staff(?:ed)? with|add|plus|team of|cell (?:of|with)|busca(?:mos|ndo)?|necesita(?:mos"
    r"|n)?|requerimos|hacen? falta"
    r"|requieren?|solicita(?:mos|n)?|contratar|incorporar|integra(?:r|da)?(?: por)?|formad[oa] por|celula (?:de"
    r"|con)|equipo (?:de|con)"
    r"|vacante|position|opening|role(?: of)?|puesto|perfil|ademas)\b[^.;]{0,90}$"
)
_NOT_A_SEAT = re.compile(
    r"\b(?:as an?|como|work(?:s|ing)? (?:closely )?with|report(?:s|ing)? to|reporta(?:ra)? a|collaborat\w+ with"
    r"|colabora\w* con"
    r"|alongside|junto (?:a|con)|support(?:s|ing)? (?:our|the)|our(?: own| internal| existing)?|your|their"
    r"|nuestr[oa]s?|existing"
    r"|internal|by the|to the|between|entre|for our|for the|helped by|trabaja\w* con|sus|del cliente)\s(?:\w+\s){0,2}$"
)
_PART_TIME = re.compile(r"\b(?:part[- ]time|half[- ]time|medio tiempo|tiempo parcial|50 ?%)")
_WEEKLY = re.compile(
    r"\b(?P<hours>\d{1,2})\s*(?:hours?|hrs?|horas?)\s*(?:a|per|/|por|a la|semanales)\s*(?:week|semana)?"
)
_FACES = re.compile(
    r"client[- ]facing|customer[- ]facing|fac(?:es|ing) the client|trato (?:directo )?con (?:el )?cliente"
    r"|cara al cliente"
)
_WANTED = re.compile(
    r"\s*(?:\([^)]{0,30}\)\s*)?(?:is |are |es |son )?(?:wanted|needed|required|sought|requerid[oa]s?"
    r"|solicitad[oa]s?)\b"
)
_THOSE = re.compile(r"\b(?:the|these|those|our|los|las|esos|estos|nuestr[oa]s)\s*$")
_DENIED = re.compile(r"\b(?:no|not|without|sin|ni|don't need|do not need)\s(?:an?\s|\w+\s)?$")
_OTHER_HEAD = re.compile(
    r"\s+(?:[\w-]+\s+){0,2}(?:scientists?|engineers?|developers?|architects?|analysts?|designers?|programmers?)\b"
)
_TOKEN = re.compile(r"[\w+#./&'-]+")
_COUNTED = re.compile(
    rf"(?<![\w.,$])(?:(?P<least>{numbers.COUNT})\s*(?:-|\bto\b|\bor\b|\ba\b|\bo\b)\s*)?"
    rf"(?P<count>{numbers.COUNT})(?:\s*\(\d{{1,2}}\))?\s*(?:x\s*)?$"
)
_PLURAL = re.compile(r"(?<![sq])s$")
_LEADS = re.compile(r"\b(?:leads?|lider(?:es)?)\b")
_TECHNICAL = re.compile(r"\b(?:tech(?:nical)?|tecnic[oa]s?|engineering|development|desarrollo|ingenieria)\b")
MOST_PEOPLE = 60
TECH_LEAD = re.compile(r"\b(?:tech(?:nical)?[- ]lead|lider(?:es)? tecnic[oa]s?|tech lead)\b")


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


@dataclass(frozen=True)
class _Phrase:
    start: int
    end: int
    head: re.Match[str]
    count: int | None
    sentence: Sentence
    asked: bool


def read(plain: Plain, sentences: Sequence[Sentence], found: Sequence[Mention]) -> list[SeatReading]:
    """Return the seats in the order of the brief; a role told twice in the same words is one seat."""
    phrases: list[_Phrase] = []
    for sentence in sentences:
        if sentence.section in {Section.ASIDE, Section.EXCLUDED, Section.WISH}:
            continue
        previous = sentence.start
        for head in plain.find(_HEAD, sentence.start, sentence.end):
            if head.start() < previous or _belongs_elsewhere(plain.text, head, found):
                continue
            follows = bool(phrases) and phrases[-1].sentence is sentence
            phrase = _phrase(plain, sentence, head, found, previous, follows)
            if phrase is not None:
                phrases.append(phrase)
                previous = phrase.end
    seats: list[SeatReading] = []
    counted: list[bool] = []
    for number, phrase in enumerate(phrases):
        following = phrases[number + 1] if number + 1 < len(phrases) else None
        tail = following.start if following and following.sentence is phrase.sentence else phrase.sentence.end
        seat = _seat(plain, phrase, tail, found)
        if not any(_same(seat, earlier) for earlier in seats):
            seats.append(seat)
            counted.append(phrase.count is not None or not _PLURAL.search(phrase.head.group()))
    # "We seek Guidewire specialists: 2 developers, …": the plural without a number only announces those behind it.
    return [seat for seat, sure in zip(seats, counted, strict=True) if sure or not any(counted)]


def _belongs_elsewhere(text: str, head: re.Match[str], found: Sequence[Mention]) -> bool:
    """Tell the lead of "lead data scientist" and the architect of a certificate's name from people of their own."""
    if head.group() in {"lead", "leads"} and _OTHER_HEAD.match(text, head.end()):
        return True
    if head.group().startswith("expert") and any(each.start == head.end() + 1 for each in found):
        return True
    return any(each.start <= head.start() < each.end and kind(each.code) == SkillKind.CERTIFICATE for each in found)


def _phrase(
    plain: Plain, sentence: Sentence, head: re.Match[str], found: Sequence[Mention], least: int, follows: bool
) -> _Phrase | None:
    start = _leftmost(plain.text, least, head.start(), found)
    end = _rightmost(plain.text, sentence.end, head.end(), found)
    before = plain.text[max(sentence.start, start - 40) : start]
    count, count_start = _count(before, start)
    if count is None or count == 1:
        if _NOT_A_SEAT.search(plain.text, max(sentence.start, count_start - 40), count_start):
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
    if _DENIED.search(text, max(sentence.start, count_start - 24), count_start):
        return False
    if _ASKS.search(text, max(sentence.start, count_start - 110), count_start) or _WANTED.match(
        text, end, sentence.end
    ):
        return True
    ranked = bool(_RANK.search(text, start, end))
    begins = not text[sentence.start : count_start].strip(" \t-*•:")
    described = end - start > len(head.group())
    counted = count is not None and (count > 1 or text[count_start].isdigit() or text.startswith("one ", count_start))
    if counted or (count is not None and (follows or sentence.section is Section.SEATS or (begins and described))):
        return not _THOSE.search(text, max(sentence.start, count_start - 12), count_start)
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
    match = _COUNTED.search(before)
    value = numbers.count(match["count"]) if match else None
    if match is None or not value or value > MOST_PEOPLE:
        return None, start
    return value, start - (len(before) - match.start())


def _least(text: str, phrase: _Phrase) -> int:
    """Return the lower end of "two or three engineers"."""
    counted = _COUNTED.match(text, phrase.start, phrase.head.start()) if phrase.count else None
    words = re.match(rf"(?P<least>{numbers.COUNT})\s*(?:-|to|or|a|o)\s", text[phrase.start : phrase.start + 20])
    least = numbers.count(words["least"]) if words and counted is None else None
    return least if least and phrase.count and least < phrase.count else phrase.count or 1


def _leftmost(text: str, least: int, at: int, found: Sequence[Mention]) -> int:
    """Return where the words begin that describe the head from the left: "senior Java" of "senior Java developers"."""
    best = at
    for token in reversed(list(_TOKEN.finditer(text, max(least, at - 90), at))):
        gap = text[token.end() : best]
        if gap.strip(" -/") or "\n" in gap:
            break
        word = token.group().strip(".")
        inside = any(m.start < token.end() and token.start() < m.end for m in found)
        if not (inside or word in _MODIFIERS or _RANK.fullmatch(token.group())):
            break
        best = token.start()
    while (lead := _TOKEN.match(text, best)) and lead.end() <= at and lead.group() in _JOINERS:
        best = lead.end() + len(text[lead.end() :]) - len(text[lead.end() :].lstrip())
    return best


def _rightmost(text: str, most: int, at: int, found: Sequence[Mention]) -> int:
    """Return where the words end that describe the head from the right: "de datos sénior" of a Spanish title."""
    best = last = at
    for token in _TOKEN.finditer(text, at, min(most, at + 90)):
        if text[last : token.start()].strip(" -/") or "\n" in text[last : token.start()]:
            break
        word = token.group().strip(".")
        inside = any(m.start < token.end() and token.start() < m.end for m in found)
        if not (inside or word in _MODIFIERS or _RANK.fullmatch(token.group())) or word in {"with", "and", "y"}:
            break
        last = token.end()
        if word not in _JOINERS:
            best = last
    return best


def _seat(plain: Plain, phrase: _Phrase, tail: int, found: Sequence[Mention]) -> SeatReading:
    begin = phrase.head.start()
    own_start = min([phrase.start, begin])
    words = plain.text[own_start : phrase.end]
    inside = [m for m in found if own_start <= m.start and m.end <= max(phrase.end, phrase.head.end())]
    behind = [m for m in found if phrase.end <= m.start and m.end <= tail and m not in inside]
    wanted = tuple(m for m in (*inside, *behind) if m.attitude is Attitude.MUST)
    rank = _ranked(plain.text, phrase, own_start) or _RANK.match(plain.text, *_behind_comma(plain.text, phrase, tail))
    seniority = next((level for n, (level, _) in enumerate(_SENIORITY) if rank and rank[f"s{n}"]), None)
    if TECH_LEAD.search(words):
        seniority = Seniority.LEAD
    elif seniority is None and _LEADS.search(phrase.head.group()):
        seniority = Seniority.SENIOR
    evidence = plain.evidence(own_start, max(phrase.end, phrase.head.end()))
    context = plain.text[phrase.start : tail]
    weekly = _WEEKLY.search(context)
    minutes = int(weekly["hours"]) * 60 if weekly else 1200 if _PART_TIME.search(context) else None
    spanish = bool(
        re.search(r"\b(?:de|en|con|dor(?:es|a)?|ista|tect[oa]s?|ingenier[oa]s?|lider)\b|dor(?:es|as?)?\b", words)
    )
    return SeatReading(
        title=_title(evidence.text),
        spanish=spanish,
        count=phrase.count or 1,
        least=_least(plain.text, phrase),
        function=_function(phrase.head, words, inside),
        seniority=seniority,
        weekly_minutes=minutes if minutes and 60 <= minutes <= 3600 else None,
        client_facing=bool(_FACES.search(context)),
        mentions=wanted,
        own=frozenset(m.code for m in inside),
        confidence=0.9 if phrase.asked else 0.75,
        evidence=(evidence,),
    )


def _ranked(text: str, phrase: _Phrase, start: int) -> re.Match[str] | None:
    """Return the seniority beside the head; a head such as "lead" says none by itself."""
    return _RANK.search(text, start, phrase.head.start()) or _RANK.search(text, phrase.head.end(), phrase.end)


def _behind_comma(text: str, phrase: _Phrase, tail: int) -> tuple[int, int]:
    """Return where a seniority may follow the role: "3 engineers, mid-level or above", "arquitecto (principal)"."""
    gap = re.compile(r"[\s,(-]*").match(text, max(phrase.end, phrase.head.end()), tail)
    return (gap.end() if gap else tail), tail


def _title(words: str) -> str:
    """Return the words as a title: no count, no line break, one capital."""
    plain = re.sub(r"\s+", " ", words).strip(" -:,.*")
    count = rf"{numbers.COUNT}(?:\s*(?:-|to|or|a|o)\s*{numbers.COUNT})?"
    plain = re.sub(rf"^{count}\s+(?:\(\d+\)\s*)?(?:x\s+)?", "", plain, flags=re.IGNORECASE)
    return (plain[:1].upper() + plain[1:])[:120]


def _function(head: re.Match[str], words: str, inside: Sequence[Mention]) -> int:
    number = next(n for n in range(len(_HEADS)) if head[f"h{n}"])
    function = int(_HEADS[number][0])
    if number == _ENGINEERS and _OPERATIONS_WORDS.search(words) and not re.search(r"\bdata|datos|software\b", words):
        return int(Function.OPERATIONS)
    if number == _UNDECIDED and _LEADS.search(head.group()):
        return int(Function.ENGINEERING if _TECHNICAL.search(words) else Function.BUSINESS)
    if number == _UNDECIDED:
        if re.search(
            r"\b(?:soc|support|soporte|security operations|data quality|calidad de(?: los)? datos|vulnerab\w+"
            r"|operations|operaciones|noc)\b",
            words,
        ):
            return int(Function.OPERATIONS)
        if _ENGINEERING_WORDS.search(words):
            return int(Function.ENGINEERING)
    return function


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


def with_floor(seat: SeatReading, extra: Sequence[Mention]) -> SeatReading:
    """Return ``seat`` with further skills, each once."""
    known = {mention.code for mention in seat.mentions}
    return replace(seat, mentions=(*seat.mentions, *(m for m in extra if m.code not in known)))

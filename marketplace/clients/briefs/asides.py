"""What a brief lays aside: skills that others see to, that go away, or that do not concern the cell.

Such words often stand in a sentence of their own and mean what the one before it named: "Claims run on Guidewire and
finance on SAP; both are out of scope."
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from marketplace.clients.briefs.attitudes import Attitude, Span
from marketplace.clients.briefs.passages import Sentence
from marketplace.clients.briefs.reading import Plain

_OWN = r"(?:our|the client's|the bank's|their|nuestr[oa]s?|el|los|del cliente)"
_ANOTHER = (
    r"(?:(?:an)?other|a (?:separate|different|sister)|an? (?:outside|external)|separate|different|someone else|third"
    r"|otr[oa]s?|un tercer[oa]?|tercer[oa]s|our own|the client's own|their own|our internal|our in-house)"
)
_GROUP = (
    r"(?:team|vendor|contractor|supplier|provider|group|squad|party|parties|department|people|staff|employees|firm"
    r"|equipo|proveedor|area|celula|empresa|tercero|grupo|departamento|gente|personal)(?:e?s)?"
)
# Others see to it, or it goes away: the words behind do not ask for it, but another sentence may.
_ELSEWHERE = re.compile(
    rf"\b(?:(?:handled|managed|run|done|operated|covered|maintained|owned|staffed|performed|carried out|taken care of"
    rf"|looked after|provided|tuned|replaced|supported) by (?:{_ANOTHER}(?: \w+)?|{_OWN} (?:own )?(?:\w+ )?{_GROUP})\b"
    rf"|(?:handled|managed|run|operated|maintained|owned|looked after|supported) by the (?:\w+ ){{1,3}}{_GROUP}\b"
    rf"|(?:our|their) (?:own )?(?:guys|folks|people|staff|(?:\w+ )?team) (?:takes? care|handles?|does|do|runs?"
    rf"|looks? after"
    rf"|owns?|maintains?|covers?)"
    rf"|{_ANOTHER} (?:\w+ )?{_GROUP} (?:takes? care|handles?|does|runs?|looks? after|owns?|maintains?|covers?|has)"
    r"|(?:lo|la|los|las) (?:opera|atiende|lleva|maneja|hace|ve|cubre|administra|mantiene|desarrolla)n? (?:otr[oa]s?"
    r"|un tercero|terceros|nuestr[oa]s?|el (?:equipo|area|proveedor|corporativo)|la matriz|internamente|ellos)"
    rf"|(?:a cargo|por parte|en manos) de (?:{_ANOTHER}|nuestr[oa])"
    r"|(?:is|are|being|be|will be|was|were|has been|have been|gets?) (?:\w+ )?(?:retired|decommissioned|switched off"
    r"|turned off|sunset(?:ted)?|phased out|shut down|scrapped|abandoned|dropped|discontinued|left alone)"
    r"|(?:was|were|been) considered and (?:then )?(?:dropped|rejected|discarded)|(?:is|are) gone"
    rf"|(?:remains?|stays?) with {_OWN}|ya no se (?:usa|utiliza|emplea|ocupa)n?"
    r"|retires|retiring|will be gone|(?:is|are) going away|stays? (?:exactly )?(?:as (?:it )?is|where it is|put)"
    r"|(?:remains?|stays?) (?:untouched|in place|as is)|(?:sits?|lies|rests|stays?|remains?) with (?:an)?other \w+"
    r"|permanecen? (?:igual|sin cambios|a cargo)"
    r"|ya (?:esta|estan|quedo|quedaron) (?:arriba|conectad|instalad|operando|list|en (?:produccion|linea)|resuelt)\w*"
    r"|(?:is|are) already (?:live|connected|in (?:place|production)|running|up|installed|done)"
    r"|se (?:apaga|retira|jubila|abandona|da de baja|descontinua|desecha|deja atras|queda como esta)(?:n|ra|ran)?"
    r"|(?:is|are) (?:already |all )?(?:covered|taken care of|sorted)|estan? (?:ya )?cubiert[oa]s?|quedo descartad[oa]"
    r"|(?:neither|none) of (?:which|them|these) (?:concerns?|matters?|is|are|needs?)"
    r"|va(?:mos|n)? de salida|tirar a la basura|en desuso|quedan? (?:tal )?como estan?|no se (?:tocan?|tocara"
    r"|tocaran|mueven?|modifican?|cambian?)"
    r"|corren? por cuenta de(?:l)?|(?:a cargo|responsabilidad) del (?:banco|cliente|corporativo))\b"
)
# It is not for the cell to know.
_NOT_FOR_US = re.compile(
    r"\b(?:(?:you|they|the team|nobody|no one|the (?:cell|supplier|contractors?)) (?:won't|wont|will not|needn't|neednt"
    r"|need not|do(?:es)?n't (?:need|have) to|do(?:es)? not (?:need|have) to|shouldn't|should not)"
    r" (?:\w+ )?(?:touch|know|work|use|learn|deal|support|maintain|care|be near)"
    r"|nobody (?:needs|has) to"
    r"|(?:you|they) (?:won't|will not|never|don't|do not) (?:be )?(?:touch|work)\w*"
    r"|no (?:les|te|le|nos) tocan?|(?:outside|out of|beyond) (?:of )?(?:the |this |our )?scope"
    r"|fuera del? (?:este )?alcance"
    r"|(?:no|not|isn't|aren't) (?:a )?part of|no forman? parte|ningun[oa](?: de \w+(?: \w+)?)? (?:forma parte|entra|se)"
    r"|(?:neither|none)(?: of (?:them|these|those|the \w+))? (?:is|are) (?:part of|in|needed|required|asked)"
    r"|no (?:\w+ ){0,2}(?:knowledge|experience|familiarity|background|skills?) (?:of|with|in) (?:it|them|these|that"
    r"|those|either|any|this)\b"
    r"|no (?:hace falta|se requiere|se necesita|es necesario|hay que|tienen? que) (?:conocer|saber|administrar|tocar"
    r"|manejar|usar|dominar|mantener)(?:l[oa]s?)?|no l[oa]s? (?:pidas|pidan|pongas|busques|mandes|ofrezcas|incluyas"
    r"|incluyan|pongan|ofrezcan|manden|propongan|necesitamos|pedimos"
    r"|requerimos|busquen|ocupamos|usamos|vamos a (?:usar|tocar))"
    r"|(?:does not|doesn't|do not|don't|will not) apply|no aplican?|pero no (?:a|en|para|de) est[ea]"
    r"|(?<!not )will be (?:rejected|disregarded|discarded)|seran (?:rechazad|descartad)[oa]s"
    r"|no (?:entran?|se incluyen?|viene incluid[oa]) en|not (?:included|covered) in|not (?:used )?by us"
    r"|nobody (?:used|uses) (?:it|them)|(?:none of|not) (?:your|their|the cell's) (?:concern|business|problem|job)"
    r"|need not apply|no (?:es|son) asunto (?:suyo|de \w+)|no les (?:incumbe|toca))\b"
)
# There are people for it already, or none is wanted: what stands behind these words is ruled out.
_ENOUGH = re.compile(
    r"\b(?:(?:have|has|with) (?:enough|plenty of|sufficient|our own|its own)"
    r"|(?:tenemos|contamos con|hay) (?:ya )?(?:suficientes?|bastantes?|gente (?:propia )?(?:de|para)|de sobra)"
    r"|(?:please )?(?:do not|don't|dont) (?:offer|send|propose|submit|put forward)"
    r"|(?:favor de |por favor )?(?:ya )?no (?:enviar|mandar|presentar|proponer|ofrecer|cotizar|manden|envien|pongan"
    r"|propongan|ofrezcan|presenten))\b"
)
# What stands behind these words belongs to the firm, or to people whom it has.
_FIRM_HAS = re.compile(
    r"\b(?:ya tenemos (?:gente|equipo|personal|quien)|(?:con|with) (?:mas de |more than |over |about |unos "
    r"|unas |some )?"
    r"\d[\d,.]* (?:personas|ingenier[oa]s|consultores|empleados|engineers|people|employees|consultants)"
    r"|(?:our|the|su|nuestr[oa]|el) (?:own )?(?:[\w&]+ )?(?:team|department|equipo|area)(?: de \w+)? (?:uses?|usa"
    r"|runs? on"
    r"|works? (?:in|with|on)|trabaja (?:en|con))|tambien (?:usa|utiliza|tiene)n?|also (?:uses?|has|have|runs?|owns?)"
    r"|(?:we|they) (?:already )?have (?:an?|our own|their own) (?=[\w ,&/-]{0,40}\b(?:group|team|department|practice"
    r"|unit)\b)"
    r"|tenemos (?:un|una) (?:equipo|area|grupo|departamento) (?:\w+ )?(?:de|para)"
    r"|(?:we|i) (?:tried|attempted)|(?:tratamos|intentamos|tratado|intentado) (?:de )?\w+"
    r"|(?:retirar|apagar|jubilar|dar de baja|retire|decommission|switch off|turn off|phase out|sunset|get rid of)"
    r"|(?:we|we've|we have|hemos|ya) (?:already )?(?:dropped|abandoned|retired|stopped using|moved (?:off|away from)"
    r"|dejamos(?: de usar)?|abandonamos|dejado|abandonado|nos cambiamos de|migramos de|(?:moved|migrated"
    r"|switched) from)"
    r"|(?:alongside|together with|work(?:ing)? (?:closely )?with|junto (?:a|con)) (?:the |our |el "
    r"|los )?(?:client's|bank's"
    r"|internal|existing|equipo de|equipo interno de)|who (?:owns?|runs?|maintains?) the"
    r"|(?:the|our) \w+ (?:team|group) (?:maintains|owns|handles|supports|runs|looks after)"
    r")\b"
)
_REFERS = re.compile(
    r"\b(?:it|its|them|they|these|those|this|that|both|neither|either|any of|all of|none of|eso|esto|es[oe]s|l[oa]s?"
    r"|ambos|ambas|ningun[oa]|ellos|ellas|ese|esa|aquello|all that)\b"
)
_OPENS = re.compile(r"\s*(?:\w+\s*)?\(\s*")
_LACKING = re.compile(r"\b(?:without|lacking|lack|sin|carezcan?)\b")
# "We are thus nearly out of scope": the firm is, not what it names.
_OF_OURSELVES = re.compile(r"\b(?:we are|we're|estamos|quedamos)(?: \w+){0,3} $")
NEAR = 12  # signs at the head of a sentence in which it says what it speaks of
_TURNS = re.compile(r"\b(?:but|however|while|whereas|pero|mientras|aunque|although|sino)\b|[:(]")


def settle(
    plain: Plain,
    sentences: Sequence[Sentence],
    spans: Sequence[Sequence[Span]],
    judged: Sequence[list[Attitude]],
) -> None:
    """Change in ``judged`` the attitude to the skills at ``spans`` that their sentence, or the next, lays aside."""
    for number, sentence in enumerate(sentences):
        for pattern, attitude in ((_ELSEWHERE, Attitude.ELSEWHERE), (_NOT_FOR_US, Attitude.EXCLUDED)):
            for hit in plain.find(pattern, sentence.start, sentence.end):
                if _LACKING.search(plain.text, sentence.start, hit.start()):
                    continue
                if _OF_OURSELVES.search(plain.text, sentence.start, hit.start()):
                    continue
                meant = _meant_before(plain.text, sentence, spans[number], hit)
                if meant:
                    # "OCR is handled by a separate vendor (ABBYY)": the brackets say the same again.
                    same = [
                        n
                        for n, (start, _) in enumerate(spans[number])
                        if _OPENS.fullmatch(plain.text, hit.end(), start)
                    ]
                    _lay_aside(judged[number], [*meant, *same], attitude)
                    continue
                if _refers_back(plain.text, sentences, number, spans[number], hit):
                    _lay_aside(judged[number - 1], range(len(spans[number - 1])), attitude)
                if pattern is _ELSEWHERE:
                    near = [
                        n for n in _meant_behind(plain.text, spans[number], hit) if spans[number][n][0] < hit.end() + 30
                    ]
                    _lay_aside(judged[number], near, attitude)
        for pattern, attitude in ((_ENOUGH, Attitude.EXCLUDED), (_FIRM_HAS, Attitude.ELSEWHERE)):
            for hit in plain.find(pattern, sentence.start, sentence.end):
                _lay_aside(judged[number], _meant_behind(plain.text, spans[number], hit), attitude)


def _lay_aside(judged: list[Attitude], numbers: Sequence[int], attitude: Attitude) -> None:
    for number in numbers:
        if judged[number] is not Attitude.EXCLUDED:
            judged[number] = attitude


def _meant_before(text: str, sentence: Sentence, spans: Sequence[Span], hit: re.Match[str]) -> list[int]:
    """Return the skills that the words speak of: those before them since the last turn of thought that has any."""
    before = [number for number, (_, end) in enumerate(spans) if end <= hit.end() and spans[number][0] < hit.end()]
    if not before:
        return []
    turns = [sentence.start, *(turn.end() for turn in _TURNS.finditer(text, sentence.start, hit.start()))]
    for turn in reversed(turns):
        inside = [number for number in before if spans[number][0] >= turn]
        if inside:
            return (
                inside
                if turn != sentence.start or len(turns) == 1 or _REFERS.search(text, turns[-1], hit.end() + NEAR // 2)
                else []
            )
    return []


def _meant_behind(text: str, spans: Sequence[Span], hit: re.Match[str]) -> list[int]:
    found = []
    reached = hit.end()
    for number, (start, end) in enumerate(spans):
        if end <= hit.end():
            continue
        if _TURNS.search(text, reached, start) or ";" in text[reached:start]:
            break
        found.append(number)
        reached = end
    return found


# "No hay que tocar el core": these words have their object behind them and need none of the sentence before.
_OF_ITS_OWN = re.compile(
    r"\s+(?:el|la|los|las|un|una|the|any(?! of)|our|nuestr[oa]s?|ningun|ninguna(?! de))\s+(?!same|mism[oa])\w+"
)
# A sentence that asks for people is not taken back by the next one in passing.
_ASKS_FOR = re.compile(
    r"\b(?:piden|pedimos|busc(?:o|an|amos)|necesit(?:o|an|amos)|requier\w+|ocup(?:o|an|amos)|queremos|we need|i need"
    r"|they need"
    r"|looking for|we want|must have|needed are|who we need)\b"
)


def _refers_back(
    text: str, sentences: Sequence[Sentence], number: int, spans: Sequence[Span], hit: re.Match[str]
) -> bool:
    """Return whether a sentence without a skill before the words speaks of what the one before it named."""
    if number == 0 or any(start < hit.end() + NEAR for start, _ in spans):
        return False
    gap = text[sentences[number - 1].end : sentences[number].start]
    if gap.strip() or "\n" in gap or _OF_ITS_OWN.match(text, hit.end(), sentences[number].end):
        return False
    if _ASKS_FOR.search(text, sentences[number - 1].start, sentences[number - 1].end):
        return False
    start = sentences[number].start
    own = hit.start() + 4 if hit.group()[:3] in {"lo ", "la ", "los", "las"} else hit.start()
    return hit.start() - start < NEAR or bool(
        _REFERS.search(text, start, start + NEAR) or _REFERS.search(text, own, hit.end() + 2 * NEAR)
    )

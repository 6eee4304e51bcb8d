"""Whether a skill that a sentence names is asked for, wished for, ruled out, or only mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from marketplace.clients.briefs.headings import Section
from marketplace.clients.briefs.passages import Sentence
from marketplace.clients.briefs.reading import Plain

Span = tuple[int, int]


class Attitude(Enum):
    MUST = "must"
    WISH = "wish"
    EXCLUDED = "excluded"
    ELSEWHERE = "elsewhere"  # others see to it, or it goes away: ruled out, unless another sentence asks for it
    ASIDE = "aside"


# "not only", "no later than", "sin embargo" deny nothing; nor does what has not been done yet, or a condition.
_DENIAL = re.compile(
    r"(?<!\bif )(?<!\bsi )\b"
    r"(?:no(?! (?:later|less|more|fewer|menos|mas|solo|solamente|despues|obstante|problem|matter|longer than|importa"
    r"|one|deseables?|opcional(?:es)?|l[eo]s? (?:tenga|negociamos)|negociables?|vayan?)\b)"
    r"|(?<!has )(?<!have )(?<!had )(?<!could )not(?! (?:only|just|limited|later|less|more|mandatory|essential"
    r"|necessarily|optional|yet|been|afraid|negotiable|a nice)\b)"
    r"|without|sin(?! (?:embargo|duda|falta|apagar|parar|detener|asustar\w*|ser|que|costo|excepcion)\b)|nor|ni|tampoco"
    r"|don't|dont|doesn't|doesnt|do not|does not|never|nunca|won't|needn't"
    r"|nada de|quedan? (?:excluid[oa]s?|fuera)|se excluyen?|excluding|except(?:o)?|salvo|excluye(?:ndo)?"
    r"|fuera del alcance|out of scope|outside the scope"
    r"|neither (?:is|are|do|does|will)|instead of|rather than|en lugar de|en vez de|(?:anything|everything) (?:but"
    r"|except)|(?:cualquiera"
    r"|cualquier cosa|todo) menos"
    r"|skip (?:the|any|all)|(?:dejen|queden) fuera(?: a)?(?: l[oa]s)?(?: de)?|nobody (?:will be |will |is "
    r"|needs to )?(?:work\w*|touch\w*"
    r"|know|use))\b"
)
_DENIED_BEHIND = re.compile(
    r"\s*(?:is|are|will be|es|son|esta|estan|queda|quedan|remains?)\s(?:out of scope|excluded|fuera|excluid[oa]s?)\b"
    r"|\W{0,3}(?:(?:experience|knowledge|skills?|people|background|itself|experiencia|conocimientos?)\W{1,3})?"
    r"(?:(?:is|are|was) not|isn't|aren't|not|no (?:es|son|sera|seran|esta|se)|will not be)\s(?:\w+\s){0,2}?"
    r"(?:required|needed|necessary|in scope|wanted|sought|desired|expected|relevant|requerid[oa]s?"
    r"|necesari[oa]s?|requiere[n]?|necesita[n]?"
    r"|pide[n]?|considera[n]?|incluid[oa]s?|part of)"
    r"|\s(?:people|folks|profiles|developers|engineers|consultants|perfiles|candidat[oa]s)? ?(?:need not apply"
    r"|abstenerse)"
    r"|,?\s(?:ya no|por ahora no|not any ?more|no longer)(?=\s*[.;,:)]|$)"
    r"|\s(?:no|(?:does|do|is|are) not|doesn't|don't|isn't)\s*(?=[.;,]|$)"
    r"|\s(?:neither|tampoco)\b(?! (?:is|are|nor))"
    r"|,? (?:we|you|they|i) (?:do not|don't|dont|will not|won't|never) (?:have|need|use|want|run|own|touch|require)\b"
    r"|\s(?:is|are) not (?:something|anything|a skill) (?:\w+ ){0,3}(?:needs?|have)\b"
    r"|\W{0,3}(?:itself |tampoco |ya )?(?:you |we )?(?:needn't|need not|don't need to|no (?:lo |la |los |las )?"
    r"(?:necesitamos|pedimos|requerimos|ocupamos|hacen? falta))\b"
)
_LISTS_BEHIND = re.compile(
    r"\b(?:no form(?:a|an|aran?) parte[^:]{0,40}|not (?:form )?part of[^:]{0,40}|fuera del? alcance[^:]{0,30}"
    r"|(?:outside|out of) (?:the )?scope[^:]{0,30}|no (?:buscamos|necesitamos|pedimos|queremos)"
    r"|(?:do not|don't) (?:need|want))\s*:"
)
_NOT_MANDATORY = re.compile(
    r"not (?:mandatory|essential|necessarily required|strictly (?:required|necessary))"
    r"|no (?:es |son )?(?:indispensables?|obligatori[oa]s?|forzos[oa]s?)"
    r"|no (?:es|son) (?:un )?requisitos?|(?:is|are) not (?:a )?requirements?|by no means required"
    r"|not required but|not a must|aunque no|sin ser (?:obligatori|indispensable|requisito)\w*"
)
_OPTIONAL = re.compile(
    r"\s*(?:es |son |is |a )?(?:indispensables?|obligatori[oa]s?|forzos[oa]s?|mandatory|essential|must)\b"
)
_WISH_AHEAD = re.compile(
    r"\b(?:nice to have|ideally|preferably|preferred|preference for|bonus(?: points)?(?: for)?|optional(?:ly)?"
    r"|good to have|advantage(?:s)? (?:if|for)|(?:would be|it's|is) (?:nice|great|good|a plus|ideal) (?:if|to)"
    r"|(?:we'd|we would) (?:love|like|appreciate|welcome)(?: it)? (?:if|to see|someone|somebody|exposure|any|people)"
    r"|(?:even |all the )?better if|(?:looks?|looked) (?:up)?favou?rably (?:up)?on|preference (?:will be|is"
    r"|shall be) given"
    r"|(?:anyone|people|candidates) who (?:also )?(?:know|have)s? .{0,25}(?:first|preferred)|if possible,?"
    r"|where possible"
    r"|deseables?|deseablemente|de preferencia|preferentemente|preferible(?:mente)?|idealmente|ideal (?:si|que)"
    r"|opcional(?:mente)?|se valora(?:ra)?n?|valoramos|valoraremos|se aprecia(?:ra)?n?|se agradece(?:ra)?n?"
    r"|seria (?:ideal|buen[oa]|un plus|un extra|padre|genial|excelente|deseable|fantastico|increible|perfecto)"
    r"|(?:extra|additional|bonus) (?:points|credit)[^.;:]{0,45}(?:for|if|to)"
    r"|(?:puntaje|puntos) (?:adicional(?:es)?|extra)(?: (?:por|a|si)|(?=:))"
    r"|(?:we are|we're|we'd be|we would be|i'd be) (?:happy|glad|delighted|pleased) (?:if|when|to)"
    r"|serian? un (?:diferenciador|plus|extra|punto)|(?:it'd|it would|that'd|that would) be (?:handy|nice|great|good"
    r"|useful|helpful|ideal|lovely|a plus) (?:if|to)"
    r"|(?:tambien )?(?:convendria|estaria bien|no estaria mal|vendria bien|serviria)|lo ideal (?:es|seria)"
    r"|(?:se dara )?preferencia a|(?:aun )?mejor si|de ser posible"
    r"|si (?:alguien|alguno|alguna|ademas|tambien|de paso|ya) (?:de (?:ell[oa]s|los \w+) )?(?:\w+ )?"
    r"(?:conoce|sabe|trae|tiene|ha|han|maneja|domina|vio|cuenta)\w*|si (?:alguien|alguno|alguna|ademas)"
    r"|if (?:anyone|someone|somebody|anybody|you also|they also|one of (?:them|you)|any of (?:them|you)|you(?:'ve"
    r"| have)"
    r"|you happen|they happen|you know|they know)"
    r"|si (?:ya )?(?:conocen?|saben?|manejan?|traen?|dominan?)|quien(?:es)? (?:ademas )?(?:conozca|sepa|traiga"
    r"|tenga|domine)n?|whoever (?:also )?(?:knows|has)"
    r"|(?:nos )?gustaria que|nos (?:gustaria|encantaria)|gustaria que algun[oa]|(?:con|vemos con"
    r"|veriamos con) buenos ojos"
    r"|suma(?:n|ria|rian)? puntos|also helpful|helpful|te sumara(?:n)?|si se puede)\b"
)
_COPULA = (
    r"(?:\b(?:is|are|would be|would also be|will be|'d be|es|son|seria|serian|sera|seran|considered"
    r"|considerad[oa]s?|se considera(?:ra)?|a|un"
    r"|como|also|tambien)\s)*"
)
_WISH_BEHIND = re.compile(
    _COPULA + r"\b(?:(?:a |an |un |una )(?:big |strong |great |definite |nice |real |gran |buen )*"
    r"(?:plus|advantage|bonus|asset|differentiator|ventaja|diferenciador|extra|punto a favor|punto extra|mas\b(?! de))"
    r"|nice(?= but)|plus(?=\s*(?:[.,;)]|$))|bonus(?=\s*(?:[.,;)]|$))|would (?:also )?be (?:nice|great|good|ideal"
    r"|sweet|cool|awesome"
    r"|useful|beneficial|handy|lovely|wonderful|a|an|welcome)|(?:is|are) (?:nice|beneficial|useful|advantageous)"
    r"|(?:useful|nice|good|helpful) but (?:secondary|optional|not)|would (?:help|set)|sets? (?:you|\w+ candidates?"
    r"|candidates|someone|them) apart|counts? in (?:your|their) favou?r|(?:so much|all) the better|even better"
    r"|seria (?:ideal|buen[oa]|padre|genial|excelente|deseable|perfecto|lo ideal)"
    r"|(?:gets?|ha(?:s|ve)|tendran?|tiene|llevan?) (?:an? )?(?:priority|preference|edge|advantage|prioridad"
    r"|preferencia|ventaja)"
    r"|nice[- ]to[- ]have|preferred|preferably|desirable|desired|beneficial(?! owner)|advantageous|deseables?"
    r"|preferibles?"
    r"|welcome"
    r"|helpful|optional|opcionales|opcional|appreciated|valued|bienvenid[oa]s?|valorad[oa]s?|se valora(?:ra)?n?"
    r"|se aprecia(?:ra)?n?|se agradece(?:ra)?n?|se acepta(?:n)?(?: como equivalente)?|accepted|suma(?:n|ria"
    r"|rian)?(?: puntos)?"
    r"|(?:les|nos|me|le) (?:gustaria|encantaria|interesaria)|de preferencia|preferentemente|(?:nos )?v(?:iene"
    r"|endria)n? (?:muy )?bien|como extra|by preference"
    r"|if possible|si (?:es posible|se puede)|(?:would not|wouldn't) hurt|no (?:estaria|esta) de mas|ayuda"
    r"|helps)\b"
)
# Said of all that the sentence names before them.
_WISH_OF_ALL = re.compile(
    r"(?:so much|all) the better|even better|(?:dont|don't|do not) worry if not|not a (?:deal ?breaker|must)"
    r"|no me muero"
    r"|would set|sets? (?:you|a candidate|candidates|someone|them) apart|counts? in (?:your|their) favou?r"
    r"|no (?:descarten|pasa nada)"
    r"|(?:nos )?v(?:iene|endria)n? (?:muy )?bien|es (?:una )?ventaja conocer|conocerl[oa]s? es una ventaja"
    r"|l[oa] (?:podemos aprender|aprenden)|podemos ensenar|we can (?:teach|train)|can be (?:learned|taught)"
)
_LEADS_A_LIST = re.compile(
    r"\W*(?:(?:prior|previous|some|any|a|an|the|and|or|also|past|hands-on|working|additional|previa?|alguna?|tambien"
    r"|tener|haber|contar|trabajado|worked"
    r"|experience|experiencia|knowledge|conocimientos?|familiarity|familiaridad|exposure|background|nociones|manejo"
    r"|dominio"
    r"|certifications?|certificacion(?:es)?|awareness|understanding|skills?|work|of|with|in|on|to|de|en|con|del|la|el"
    r"|los"
    r"|las|for|as well as|using)\W+)*"
)
_MUST_MARK = re.compile(
    r"\b(?:must|required|mandatory|essential|need(?:ed)?|indispensables?|obligatori[oa]s?|imprescindibles?"
    r"|requerid[oa]s?"
    r"|forzos[oa]s?|se requiere|requerimos|necesitamos|we need|at least|minimum)\b"
)
_TURN = re.compile(
    r"\bbut\b|\bpero\b|\bhowever\b|\bsino\b|\baunque\b(?![^,;.]{0,40},\s*que\b)|\bonly\b|;|\bsolo\b|\binstead,"
)
_LIST_GAP = re.compile(
    r"\s*(?:[,/+&]|\band\b|\bor\b|\by\b|\be\b|\bo\b|\bu\b|\bni\b|\bnor\b)\s*(?:(?:and|or|y|e|o|ni)\s)?"
)
# Between two things that one denial rules out: "SOX, la certificación ISO 27001 ni la operación del SOC".
_DENIED_GAP = re.compile(
    _LIST_GAP.pattern
    + r"(?:(?!(?:we|you|they|need|require|must|use|want|is|are|es|son|que|con|with|necesit|requier|busc|si|pero"
    r"|but|only|solo)\w*)[a-z]+\s){0,4}"
)
_JOINED_GAP = re.compile(r"\s*(?:/|&|\band\b|\bor\b|\by\b|\be\b|\bo\b|\bu\b)\s*")
_PLURAL_MARK = re.compile(r"^(?:are|son|serian|seran)\b|deseables|preferibles|opcionales|preferred$")
FAR = 60  # signs between a denial and what it denies


_EITHER_WAY = frozenset({"preferably", "preferentemente", "de preferencia", "preferred", "si se puede", "if possible"})
_PREDICATE = re.compile(r"\s*(?:is|are|would|will|es|son|seria|serian)\b")
_DEMANDED_AHEAD = re.compile(
    r"\W*(?:also |and |y |pero |but )?(?:we (?:do )?(?:need|require)|required|se requiere[n]?|necesitamos"
    r"|requerimos|buscamos)\b"
)
_DEMANDED_BEHIND = re.compile(
    r"\W{1,2}(?:is |are |es |son )?(?:a |un )?(?:must\b(?!-| have)|required|mandatory|indispensables?|obligatori[oa]s?"
    r"|imprescindibles?|essential)\b"
)
_AS_IS = re.compile(
    r"[,;]?\s*(?:(?:as|so) (?:is|are|would be|do|does)\s+(?:\w+\s)?"
    r"|(?:lo mismo que|al igual que|igual que|asi como)\s(?:\w+\s){0,6})$"
)


def judge(plain: Plain, sentence: Sentence, spans: Sequence[Span]) -> list[Attitude]:
    """Return the attitude of ``sentence`` to each of the skills at ``spans`` (places in the plain text, in order)."""
    base = {
        Section.WISH: Attitude.WISH,
        Section.EXCLUDED: Attitude.EXCLUDED,
        Section.ASIDE: Attitude.ASIDE,
        Section.CONTEXT: Attitude.ASIDE,
    }.get(sentence.section, Attitude.MUST)
    found = [base] * len(spans)
    if base in {Attitude.WISH, Attitude.EXCLUDED}:
        # "Preferred: Docker. Java is a must." A label holds for its line, unless a sentence of it says otherwise.
        for number, (start, end) in enumerate(spans):
            asked = _DEMANDED_AHEAD.match(plain.text, sentence.start, start)
            if asked or _DEMANDED_BEHIND.match(plain.text, end, sentence.end):
                found[number] = Attitude.MUST
    _wishes(plain, sentence, spans, found)
    _denials(plain, sentence, spans, found)
    for number in range(1, len(spans)):
        # "Python is a plus, as is Kafka."
        if _AS_IS.search(plain.text, spans[number - 1][1], spans[number][0]):
            found[number] = found[number - 1]
    return found


def insists(plain: Plain, sentence: Sentence, start: int, end: int) -> bool:
    """Return whether the words near a skill demand it: "required", "we need", "indispensable"."""
    near = plain.text[max(sentence.start, start - FAR) : min(sentence.end, end + FAR)]
    return bool(_MUST_MARK.search(near))


def _denials(plain: Plain, sentence: Sentence, spans: Sequence[Span], found: list[Attitude]) -> None:
    text = plain.text
    for denial in plain.find(_DENIAL, sentence.start, sentence.end):
        if _is_demand(text, sentence, denial, spans):
            continue
        bound = _bracket_end(text, sentence, denial.start())
        reached = denial.end()
        for number, (start, end) in enumerate(spans):
            if start < denial.end():
                continue
            between = text[reached:start]
            first = reached == denial.end()
            near = len(between) <= FAR and not _TURN.search(between) and not (first and _breaks(between))
            near = near and not _DENIED_AGAIN.search(between)
            if start >= bound or not (near if first else _DENIED_GAP.fullmatch(between)):
                break
            found[number] = Attitude.WISH if _OPTIONAL.match(text, denial.end()) else Attitude.EXCLUDED
            reached = end
    for heading in plain.find(_LISTS_BEHIND, sentence.start, sentence.end):
        for number, (start, _end) in enumerate(spans):
            if start >= heading.end():
                found[number] = Attitude.EXCLUDED
    for number, (_start, end) in enumerate(spans):
        if _NOT_MANDATORY.search(text, end, min(sentence.end, end + FAR)):
            if not any(end < start < end + FAR and not _LIST_GAP.fullmatch(text[end:start]) for start, _ in spans):
                found[number] = Attitude.WISH
        elif _DENIED_BEHIND.match(text, end, sentence.end):
            for earlier in _joined_backwards(text, spans, number, _LIST_GAP):
                found[earlier] = Attitude.EXCLUDED


_DENIED_AGAIN = re.compile(r"\b(?:without|sin|unless|a menos)\b")


def _is_demand(text: str, sentence: Sentence, denial: re.Match[str], spans: Sequence[Span]) -> bool:
    """Tell "do not apply without Java" and "sin Kafka no nos sirve" from denials: two of them are none."""
    if denial.group() not in {"without", "sin"}:
        return False
    end = next((end for start, end in spans if start >= denial.end()), denial.end())
    return bool(
        re.search(r"\b(?:not|don't|no|never|nobody|nadie)\b[^,;]{0,20}$", text[sentence.start : denial.start()])
        or re.match(r"\s+(?:no|nada|nadie)\b", text[end : min(end + 8, sentence.end)])
    )


def _bracket_end(text: str, sentence: Sentence, at: int) -> int:
    """Return where the brackets round ``at`` close: what is denied inside them is not denied behind them."""
    if text.rfind("(", sentence.start, at) > text.rfind(")", sentence.start, at):
        closing = text.find(")", at, sentence.end)
        return closing if closing >= 0 else sentence.end
    return sentence.end


def _breaks(between: str) -> bool:
    """Tell ``no, but we use`` from ``no prior COBOL``: a comma ends what a denial reaches."""
    return "," in between or ":" in between


def _wishes(plain: Plain, sentence: Sentence, spans: Sequence[Span], found: list[Attitude]) -> None:
    text = plain.text
    for mark in plain.find(_WISH_BEHIND, sentence.start, sentence.end):
        before = [number for number, (_, end) in enumerate(spans) if end <= mark.start()]
        between = text[spans[before[-1]][1] : mark.start()] if before else ""
        told_more = _PREDICATE.match(mark.group()) and _TOLD_MORE.fullmatch(between)
        if not before or not (told_more or _close_behind(between)):
            continue
        if mark.group().strip() in _EITHER_WAY and _LOOKS_AHEAD.match(text, mark.end()):
            continue
        last = before[-1]
        between = text[spans[last][1] : mark.start()]
        bracketed = "(" in between
        if not bracketed and ")" in between:
            # "Data privacy law (CCPA, state rules) a bonus": the brackets say the same again.
            opening = text.rfind("(", sentence.start, spans[last][0])
            for number in before:
                if spans[number][0] > opening or _JOINED_GAP.fullmatch(text[spans[number][1] : opening] or " "):
                    found[number] = Attitude.WISH
        wide = not bracketed and (
            bool(_PLURAL_MARK.search(mark.group().strip())) or _opens_with_list(text, sentence, spans, last)
        )
        gap = _LIST_GAP if wide else _JOINED_GAP
        if not bracketed and _PREDICATE.match(mark.group()):
            # "Performance testing with k6 would be a bonus": one thing, and all of it is wished for.
            gap = re.compile(rf"{gap.pattern}|\s(?:with|using|on|in|con|usando|en|sobre)\s")
        for number in _joined_backwards(text, spans, last, gap):
            found[number] = Attitude.WISH
    for mark in plain.find(_WISH_OF_ALL, sentence.start, sentence.end):
        for number, (_, end) in enumerate(spans):
            if end <= mark.start() and not _MUST_MARK.search(text, end, mark.start()):
                found[number] = Attitude.WISH
    for mark in plain.find(_WISH_AHEAD, sentence.start, sentence.end):
        # "(Nice to have) Docker": brackets round the mark alone do not end what it speaks of.
        alone = text.startswith(")", mark.end()) and text.endswith("(", 0, mark.start())
        bound = sentence.end if alone else _bracket_end(text, sentence, mark.start())
        ahead = [number for number, (start, _) in enumerate(spans) if mark.end() <= start < bound]
        opens = not text[sentence.start : mark.start()].strip(" \t-*•:,([") or _LOOKS_AHEAD.match(text, mark.end())
        if mark.group() in _ONLY_BEHIND and not opens:
            continue
        for number in ahead:
            insisted = _MUST_MARK.search(text, mark.end(), spans[number][0])
            if (insisted and not _NOT_MUST.search(text, mark.end(), insisted.start())) or _TURN.search(
                text, mark.end(), spans[number][0]
            ):
                break
            found[number] = Attitude.WISH


_NOT_MUST = re.compile(r"\b(?:sin ser|no (?:es|son)|not|aunque no|although not|without being)\s*(?:a |an |un )?$")
_LOOKS_AHEAD = re.compile(
    r"\s*(?::|en\b|in\b|de\b|of\b|con\b|for\b|que\b|if\b|to\b|conoc|exper|knowl|certif|skill|background)"
)
_ONLY_BEHIND = frozenset(
    {"preferred", "deseable", "deseables", "helpful", "optional", "opcional", "plus", "nice to have"}
)


def _opens_with_list(text: str, sentence: Sentence, spans: Sequence[Span], last: int) -> bool:
    """Tell "Experience with A, B or C would be nice" from "A and B required, C a plus"."""
    lead = text[sentence.start : spans[0][0]]
    return bool(lead.strip(" \t-*:")) and bool(_LEADS_A_LIST.fullmatch(lead)) and last > 0


# "Computer vision for damage photos would be an asset."
_TOLD_MORE = re.compile(r"\s(?:for|of|in|on|with|to|para|de|del|en|con|sobre)(?: [\w-]+){1,5}\s*")
_BRACKET_CLOSES = re.compile(r"[^().;:]{0,60}\)")


def _close_behind(between: str) -> bool:
    """Return whether only words such as "experience" stand between a skill and the mark behind it."""
    if "(" not in between and (closing := _BRACKET_CLOSES.match(between)):
        between = between[closing.end() :]
    return bool(
        re.fullmatch(
            r"(?:\s*(?:/|\band\b|\bor\b|\by\b|\bo\b)\s*[\w.+#-]+(?:\s[\w.+#-]+)?)?"
            r"[\s,(\[\-:?]*(?:(?:merely|only|just|simply|experience|knowledge|skills?|certifications?"
            r"|certificate|exposure|background|experiencia"
            r"|conocimientos?|certificacion(?:es)?|certified|or similar|o similar|is|are|es|son|also|tambien"
            r"|highly|muy"
            r"|would|be|seria|considered|se|considera|strongly|and|a|un|una|como|in|en|people|candidates"
            r"|candidatos|personas|los|las|the|it|nice|badge|holders?|certificado|titulo)[\s,(\-:]*){0,5}",
            between,
        )
    )


def _joined_backwards(text: str, spans: Sequence[Span], last: int, gap: re.Pattern[str]) -> list[int]:
    found = [last]
    while found[-1] > 0 and gap.fullmatch(text[spans[found[-1] - 1][1] : spans[found[-1]][0]]):
        found.append(found[-1] - 1)
    return found

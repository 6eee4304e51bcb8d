"""When a project starts and ends, and how long it takes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from marketplace.clients.briefs import numbers
from marketplace.clients.briefs.reading import Plain, Reading
from marketplace.clients.services.rules import months_later

_MONTH_NAMES = (
    ("january|jan|enero|ene", 1), ("february|feb|febrero", 2), ("march|mar|marzo", 3), ("april|apr|abril|abr", 4),
    ("may|mayo", 5), ("june|jun|junio", 6), ("july|jul|julio", 7), ("august|aug|agosto|ago", 8),
    ("september|sept|sep|septiembre", 9), ("october|oct|octubre", 10), ("november|nov|noviembre", 11),
    ("december|dec|diciembre|dic", 12),
)  # fmt: skip
_MONTHS = {name: number for names, number in _MONTH_NAMES for name in names.split("|")}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_NTH = (
    r"first|second|third|fourth|last|1st|2nd|3rd|4th|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|ultim[oa]|1er|1a|2a"
    r"|2o"
)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday|lunes", "tuesday|martes", "wednesday|miercoles", "thursday|jueves", "friday|viernes",
            "saturday|sabado", "sunday|domingo",
        )
    )
    for name in names.split("|")
}  # fmt: skip
_WEEKDAY = "(?:" + "|".join(_WEEKDAYS) + ")"
_PART = (
    r"(?:(?P<part>early|mid|middle of|late|(?:the )?(?:beginning|start|middle|end) of|principios? de|inicios? de"
    r"|comienzos? de|mediados de|finales de|fines de|el fin de)"
    rf"|(?P<nth>{_NTH}) (?P<slice>week|half|fortnight|semana|quincena|mitad|{_WEEKDAY})(?: of| de| in)?(?: the)?)[\s-]+"
)
_DATE = re.compile(
    rf"(?P<iso>(?P<y1>20\d\d)[-/.](?P<m1>\d\d)[-/.](?P<d1>\d\d))"
    rf"|(?P<slashed>\b(?P<a>\d{{1,2}})(?P<mark>[-/.])(?P<b>\d{{1,2}})(?P=mark)(?P<y2>20\d\d|\d\d\b))"
    rf"|\b(?P<d5>\d{{1,2}})[-/. ](?P<mon5>{_MONTH})[-/. ](?P<y7>20\d\d|\d\d\b)"
    rf"|\b(?P<mon1>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>20\d\d)"
    rf"|\b(?P<d3>\d{{1,2}})\.?(?:st|nd|rd|th|o|ro|er)?\.?\s+(?:dias?\s+(?:del mes\s+)?)?(?:de\s+"
    rf"|of\s+)?(?P<mon2>{_MONTH})"
    rf"(?:,?\s+(?:de\s+|del\s+(?:ano\s+)?)?(?P<y4>20\d\d))?"
    rf"|\b(?P<mon3>{_MONTH})\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:months?|meses))"
    rf"|\b(?:{_PART})?(?P<mon4>{_MONTH})(?:,?\s+(?:de\s+|del\s+|of\s+)?(?P<y5>20\d\d))?"
    rf"|\b(?:q(?P<q>[1-4])|(?P<qt>[1-4])[qt]|t(?P<tq>[1-4])"
    rf"|(?P<ordinal>first|second|third|fourth|primer|segundo|tercer|cuarto) (?:calendar )?(?:quarter|trimestre))\b"
    rf"(?:[\s']+(?:de\s+|del\s+|of\s+|in\s+)?(?P<y6>20\d\d|\d\d\b))?"
    rf"|\b(?:h(?P<half>[12])|(?P<halfth>first|second|primer|segundo) (?:half|semestre))\b(?:\s+(?:de\s+|del\s+|of\s+)?"
    rf"(?P<y8>20\d\d))"
    rf"|\b(?P<yearpart>early|mid|late|(?:the )?(?:beginning|start|middle) of|principios? de|inicios? de|comienzos? de"
    rf"|mediados de|arranque de)[\s-]+(?P<y9>20\d\d)"
    rf"|\b(?P<next>next month|el mes que (?:entra|viene)|(?:el )?proximo mes|(?:the )?(?:beginning"
    rf"|start) of next month)\b"
    rf"|\b(?P<nextday>next|(?:el )?proximo|(?:el )?siguiente) (?P<day>{_WEEKDAY})\b"
    rf"|\b(?P<a2>\d{{1,2}})/(?P<b2>\d{{1,2}})\b(?![/\d])"
)
_YEARS_OF = ("y1", "y2", "y3", "y4", "y5", "y6", "y7", "y8", "y9")
_QUARTERS = {"first": 1, "primer": 1, "second": 2, "segundo": 2, "third": 3, "tercer": 3, "fourth": 4, "cuarto": 4}
_LEAD_IN = (
    r"on|in|by|the|el|la|en|de|del|dia|a|week|of|commencing|semana|date|fecha|targeted|planned|for|as|soon|seria|sera"
    r"|es"
    r"|is|would|will|be|previst[oa]|estimad[oa]|tentativ[oa]|expected|tentative|around|about|hacia|alrededor|after"
    r"|latest"
    r"|mas|tardar|no|later|than|preferably|ideally|idealmente|between|entre|or|before|antes|target"
    rf"|{_WEEKDAY}"
)
_STARTS = re.compile(
    r"\b(?:start(?:s|ing|ed)?(?: date)?(?: is)?|begin(?:s|ning)?|kick[- ]?off|kicks off|from|as of|commenc\w+"
    r"|takes? effect"
    r"|effective(?: date)?|onboard(?:ing)?|on board|entra(?:da)? en vigor|surte efecto|vigencia|vigente|a contar"
    r"|inici\w*|arran\w+|comien\w+|comenz\w+|empez\w+|empiez\w+|entrar|entran|incorpora\w*|ingres\w+|a partir (?:de"
    r"|del)"
    r"|desde|fecha de inicio|available(?: from)?|needed|go(?:es)?|entrada(?=\s*:)|when(?=\s*:)|cuando(?=\s*:)"
    r"|fecha(?=\s*:)|dates?(?=\s*:)"
    r"|fechas(?=\s*:))"
    rf"\b[\s:,.(]*(?:(?:{_LEAD_IN})\b|-|\s|[:,(.])*$"
)
_START_BEHIND = re.compile(r"[\s-]*(?:start(?: date)?|kick-?off|onboarding|inicio|arranque)\b(?! (?:to|until))")
_ENDS = re.compile(
    r"\b(?:until|through|till|end(?:s|ing)?(?: date)?|complet\w+|finish\w*|to|deadline|deliver\w*|hasta|al|a"
    r"|termin\w+|finaliz\w+|expires?|vence|conclu\w+|a mas tardar|fecha de (?:fin|termino))\b[\s:]*"
    r"(?:on|in|by|the|el|la|en|de|del|dia|mas tardar|end of|fin de|finales de|-|\s)*$"
)
_TO = re.compile(r"\s*(?:-|to|through|until|thru|a|al|hasta)\s*(?:el\s|the\s|fines de\s|end of\s)?$")
# "two month-end closings" is no duration.
_DURATION = re.compile(
    rf"\b(?P<count>{numbers.COUNT})(?P<more> y medio| and a half)?[\s-]*(?:\(\d{{1,2}}\)\s*)?"
    r"(?P<unit>months?|meses|mes|mos?\b\.?|weeks?|semanas|years?|anos?)\b(?P<half>\s(?:y medio|and a half))?"
    r"(?![\s-]*(?:end|close|closing|ago|atras|old|notice|de gracia))"
)
_OF_EXPERIENCE = re.compile(
    r"[\s-]*(?:of |de |in |en |\w+ ){0,4}(?:experience|experiencia|exp\b|working with|hands-on)|\s*\+|\s+(?:old"
    r"|ago|notice|como minimo en|o mas|or more)"
)
_OF_PROJECT = re.compile(
    r"(?:engagement|project|contract|duration|term|period|initiative|program|for|over|last\w*|length|runs?|takes?"
    r"|plan on"
    r"|proyecto|contrat\w+|duracion|dura(?:ra)?|plazo|periodo|vigencia|por|durante|en|fase)[^\w.;!?\n]*(?:of "
    r"|de |del |is |es "
    r"|sera |: ?"
    r"|about |approximately |approx |aprox |aproximadamente |estimad[oa] |estimated |un |una |an? |at least "
    r"|la fase )*$"
)
_PROJECT_BEHIND = re.compile(
    r"[\s-]*(?:engagement|project|contract|term|program|initiative|assignment|de (?:proyecto|contrato|duracion"
    r"|trabajo))"
)
_NOT_OF_PROJECT = re.compile(
    r"\b(?:last|past|previous|ultim[oa]s|every|each|cada|first|primer[oa]s|within the|extension|extend\w*|renew\w*"
    r"|renov\w*|prorrog\w*|ampli\w*|opcion|option|hace|desde hace)\W+(?:\w+\W+){0,3}$"
)
_HALF_YEAR = re.compile(r"\b(?:half a year|medio ano|un semestre)\b")
_YEAR_AND_HALF = re.compile(r"\b(?:un |una )?ano y medio\b|\ba year and a half\b")
_SOON = re.compile(
    r"\b(?:asap|as soon as possible|immediate(?:ly)?|right away|lo antes posible|de inmediato|inmediat[oa]|urgente"
    r"|en cuanto (?:sea posible|se pueda)|cuanto antes|lo mas pronto posible|a la brevedad|ya mismo)\b"
)


CUE = 45  # signs before a date that may say whether it is a start or an end


@dataclass(frozen=True)
class Schedule:
    """What the brief says of time; ``soon`` are words such as "ASAP", which name no day."""

    starts_on: Reading[dt.date] | None
    ends_on: Reading[dt.date] | None
    months: Reading[int] | None
    soon: Reading[str] | None


def read(plain: Plain, *, today: dt.date, day_first: bool) -> Schedule:
    """Return start, end and duration. A month without a year is the next one; ``day_first`` reads 3/4 as April 3."""
    start: Reading[dt.date] | None = None
    end: Reading[dt.date] | None = None
    dates = [match for match in plain.find(_DATE) if match.group() != "24/7"]
    for number, match in enumerate(dates):
        before = plain.text[max(0, match.start() - CUE) : match.start()]
        following = dates[number + 1] if number + 1 < len(dates) else None
        opens = following is not None and _TO.fullmatch(plain.text[match.end() : following.start()])
        closes = number > 0 and _TO.fullmatch(plain.text[dates[number - 1].end() : match.start()])
        if closes or (_ENDS.search(before) and not _STARTS.search(before)):
            day = _day(match, start.value if start else today, day_first, ending=True)
            end = end or (Reading(*day, (plain.of_match(match),)) if day else None)
        elif opens or _STARTS.search(before) or _START_BEHIND.match(plain.text, match.end()):
            # "from February to July 2027": the year stands once, at the end.
            year = _year(following) if opens and following is not None else None
            day = _day(match, today, day_first, ending=False, year=year)
            start = start or (Reading(*day, (plain.of_match(match),)) if day else None)
    months = _duration(plain)
    if start and end is None and months:
        end = Reading(
            months_later(start.value, months.value),
            round(min(start.confidence, months.confidence) * 0.9, 3),
            (*start.evidence, *months.evidence),
        )
    soon = next(plain.find(_SOON), None)
    return Schedule(start, end, months, Reading(soon.group(), 0.5, (plain.of_match(soon),)) if soon else None)


def _year(match: re.Match[str]) -> int | None:
    year = next((int(match[name]) for name in _YEARS_OF if match[name]), None)
    return year + 2000 if year is not None and year < 100 else year


def _day(
    match: re.Match[str], after: dt.date, day_first: bool, *, ending: bool, year: int | None = None
) -> tuple[dt.date, float] | None:
    if match["iso"]:
        return _date(int(match["y1"]), int(match["m1"]), int(match["d1"]), 1.0)
    if match["slashed"] or match["a2"]:
        return _in_figures(match, after, day_first)
    if match["next"] or match["nextday"]:
        return _coming(match, after)
    year = _year(match) or year
    named = next((match[name] for name in ("mon1", "mon2", "mon3", "mon4", "mon5") if match[name]), None)
    day_of: int | None = None
    sure = 0.8
    if named:
        month = _MONTHS[named.rstrip(".")]
        day_of = next((int(match[name]) for name in ("d2", "d3", "d4", "d5") if match[name]), None)
        sure = 1.0 if day_of else 0.8
        if match["part"] or match["nth"]:
            sure = 0.75
    elif match["half"] or match["halfth"]:
        first = (match["half"] or match["halfth"]) in {"1", "first", "primer"}
        month, sure = (6 if first else 12) if ending else (1 if first else 7), 0.7
    elif match["yearpart"]:
        month, sure = {"mid": 7, "middle": 7, "mediados": 7, "late": 10}.get(_first_word(match["yearpart"]), 1), 0.5
    else:
        digit = match["q"] or match["qt"] or match["tq"]
        quarter = int(digit) if digit else _QUARTERS[match["ordinal"]]
        month = 3 * quarter - (0 if ending else 2)
    confidence = round(sure * (1.0 if year else 0.85), 3)
    if year is None:
        year = after.year + (month < after.month or (month == after.month and (day_of or 28) <= after.day))
    if match["part"] or match["nth"]:
        return _in_part(match, year, month), confidence
    if day_of is None and ending:
        return _last_day(year, month), confidence
    return _date(year, month, day_of or 1, confidence)


def _in_figures(match: re.Match[str], after: dt.date, day_first: bool) -> tuple[dt.date, float] | None:
    first, second = (int(match["a"]), int(match["b"])) if match["slashed"] else (int(match["a2"]), int(match["b2"]))
    day, month = (first, second) if (day_first and second <= 12) or first > 12 else (second, first)
    year, sure = _year(match), 0.9 if max(first, second) > 12 or first == second else 0.6
    if year is None:
        year, sure = after.year + ((month, day) <= (after.month, after.day)), round(sure * 0.85, 3)
    return _date(year, month, day, sure)


def _coming(match: re.Match[str], after: dt.date) -> tuple[dt.date, float]:
    if match["next"]:
        return months_later(after.replace(day=1), 1), 0.7
    ahead = (_WEEKDAYS[match["day"]] - after.weekday() - 1) % 7 + 1
    return after + dt.timedelta(days=ahead), 0.65


# Where "early", "mid" and "late" begin: no day is meant, so the confidence says so.
_PARTS = {"mid": 15, "middle": 15, "mediados": 15, "late": 25, "finales": 25, "fines": 25}


def _in_part(match: re.Match[str], year: int, month: int) -> dt.date:
    if match["part"]:
        word = _first_word(match["part"])
        return _last_day(year, month) if word in {"end", "fin"} else dt.date(year, month, _PARTS.get(word, 1))
    nth, piece = match["nth"], match["slice"]
    place = {"1": 1, "f": 1, "p": 1, "2": 2, "s": 2, "3": 3, "t": 3, "4": 4, "c": 4, "l": 5, "u": 5}[nth[0]]
    place = 4 if nth == "fourth" else place
    if piece in _WEEKDAYS:
        first = dt.date(year, month, 1)
        day = 1 + (_WEEKDAYS[piece] - first.weekday()) % 7 + 7 * (min(place, 4) - 1)
        return dt.date(year, month, day)
    if piece in {"week", "semana"}:
        return dt.date(year, month, min(1 + 7 * (place - 1), 25))
    return dt.date(year, month, 1 if place == 1 else 16)


def _first_word(part: str) -> str:
    return part.removeprefix("the ").removeprefix("el ").split(" ")[0]


def _last_day(year: int, month: int) -> dt.date:
    return months_later(dt.date(year, month, 1), 1) - dt.timedelta(days=1)


def _date(year: int, month: int, day: int, confidence: float) -> tuple[dt.date, float] | None:
    try:
        return dt.date(year, month, day), confidence
    except ValueError:
        return None


def _duration(plain: Plain) -> Reading[int] | None:
    """Return the first duration that the words round it call the project's, else the first number of months."""
    found: list[Reading[int]] = []
    for match in plain.find(_DURATION):
        if _OF_EXPERIENCE.match(plain.text, match.end()):
            continue
        count, unit = numbers.count(match["count"]), match["unit"]
        before = plain.text[max(0, match.start() - 40) : match.start()]
        cued = bool(_OF_PROJECT.search(before)) or bool(_PROJECT_BEHIND.match(plain.text, match.end()))
        if not count or (not unit.startswith("m") and not cued) or re.search(r"[\d+]\s*$", before):
            continue
        if _NOT_OF_PROJECT.search(before):
            continue
        exact = count + (0.5 if match["more"] or match["half"] else 0)
        months = round(exact if unit.startswith("m") else exact * 12 if unit[0] in "ya" else exact * 12 / 52)
        if 1 <= months <= 60:
            found.append(Reading(months, 0.95 if cued else 0.75, (plain.of_match(match),)))
    if year := next(plain.find(_YEAR_AND_HALF), None):
        found.append(Reading(18, 0.85, (plain.of_match(year),)))
    if half := next(plain.find(_HALF_YEAR), None):
        found.append(Reading(6, 0.8, (plain.of_match(half),)))
    return max(found, key=lambda each: each.confidence, default=None)

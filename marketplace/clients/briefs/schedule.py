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
_DATE = re.compile(
    rf"(?P<iso>(?P<y1>20\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d))"
    rf"|(?P<slashed>\b(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<y2>20\d\d))"
    rf"|\b(?P<mon1>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>20\d\d)"
    rf"|\b(?P<d3>\d{{1,2}})(?:st|nd|rd|th|o)?\s+(?:de\s+|of\s+)?(?P<mon2>{_MONTH})(?:\s+(?:de\s+"
    rf"|del\s+)?(?P<y4>20\d\d))?"
    rf"|\b(?P<mon3>{_MONTH})\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:months?|meses))"
    rf"|\b(?:(?:early|mid|late|beginning of|principios de|mediados de|finales de)[\s-]+)?(?P<mon4>{_MONTH})"
    rf"(?:\s+(?:de\s+|del\s+|of\s+)?(?P<y5>20\d\d))?"
    rf"|\b(?:q(?P<q>[1-4])|(?P<ordinal>first|second|third|fourth|primer|segundo|tercer|cuarto) (?:quarter|trimestre))"
    rf"(?:\s+(?:de\s+|del\s+|of\s+)?(?P<y6>20\d\d))?"
)
_QUARTERS = {"first": 1, "primer": 1, "second": 2, "segundo": 2, "third": 3, "tercer": 3, "fourth": 4, "cuarto": 4}
_STARTS = re.compile(
    r"\b(?:start(?:s|ing|ed)?(?: date)?(?: is)?|begin(?:s|ning)?|kick[- ]?off|from|as of|commenc\w+"
    r"|onboard(?:ing)? (?:in|by)"
    r"|inici\w*|arran\w+|comien\w+|comenz\w+|empez\w+|empiez\w+|a partir (?:de|del)|desde|fecha de inicio"
    r"|available from)"
    r"\b[\s:]*(?:on|in|by|the|el|la|en|de|del|dia|week of|semana|date|fecha|targeted"
    r"|planned|for|as|soon|seria|sera|es|is|would|will|be|previst[oa]|estimad[oa]|expected|tentative|around|hacia"
    r"|alrededor|-|\s)*$"
)
_ENDS = re.compile(
    r"\b(?:until|through|till|end(?:s|ing)?(?: date)?|complet\w+|finish\w*|to|deadline|deliver\w*|hasta|al"
    r"|termin\w+|finaliz\w+"
    r"|conclu\w+|a mas tardar|fecha de (?:fin|termino))\b[\s:]*(?:on|in|by|the|el|la|en|de|del|dia|end of"
    r"|fin de|finales de|-|\s)*$"
)
_TO = re.compile(r"\s*(?:-|to|through|until|a|al|hasta)\s*(?:el\s|fines de\s)?$")
_DURATION = re.compile(
    rf"\b(?P<count>{numbers.COUNT})[\s-]*(?:\(\d{{1,2}}\)\s*)?(?P<unit>months?|meses|mes|weeks?|semanas|years?"
    rf"|anos?)\b"
)
_OF_EXPERIENCE = re.compile(
    r"[\s-]*(?:of |de |in |en |\w+ ){0,4}(?:experience|experiencia|exp\b|working with|hands-on)|\s*\+|\s+(?:old"
    r"|ago|notice)"
)
_OF_PROJECT = re.compile(
    r"(?:engagement|project|contract|duration|term|period|initiative|program|for|over|last\w*|length|proyecto"
    r"|contrat\w+"
    r"|duracion|plazo|periodo|por|durante|en)\W*(?:of |de |is |es |: ?|about |approximately |aproximadamente "
    r"|un |an? |at least )*$"
)
_PROJECT_BEHIND = re.compile(
    r"[\s-]*(?:engagement|project|contract|term|program|initiative|assignment|de (?:proyecto|contrato|duracion))"
)
_HALF_YEAR = re.compile(r"\b(?:half a year|medio ano|un semestre)\b")
_SOON = re.compile(
    r"\b(?:asap|as soon as possible|immediate(?:ly)?|right away|lo antes posible|de inmediato|inmediat[oa]|urgente)\b"
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
    dates = list(plain.find(_DATE))
    for number, match in enumerate(dates):
        before = plain.text[max(0, match.start() - CUE) : match.start()]
        following = dates[number + 1] if number + 1 < len(dates) else None
        opens = following is not None and _TO.fullmatch(plain.text[match.end() : following.start()])
        closes = number > 0 and _TO.fullmatch(plain.text[dates[number - 1].end() : match.start()])
        if closes or (_ENDS.search(before) and not _STARTS.search(before)):
            day = _day(match, start.value if start else today, day_first, ending=True)
            end = end or (Reading(*day, (plain.of_match(match),)) if day else None)
        elif opens or _STARTS.search(before):
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
    return next((int(match[name]) for name in ("y1", "y2", "y3", "y4", "y5", "y6") if match[name]), None)


def _day(
    match: re.Match[str], after: dt.date, day_first: bool, *, ending: bool, year: int | None = None
) -> tuple[dt.date, float] | None:
    named = next((match[name] for name in ("mon1", "mon2", "mon3", "mon4") if match[name]), None)
    if match["iso"]:
        return _date(int(match["y1"]), int(match["m1"]), int(match["d1"]), 1.0)
    if match["slashed"]:
        first, second = int(match["a"]), int(match["b"])
        day, month = (first, second) if (day_first and second <= 12) or first > 12 else (second, first)
        return _date(int(match["y2"]), month, day, 0.9 if max(first, second) > 12 or first == second else 0.6)
    year = _year(match) or year
    if named:
        month = _MONTHS[named.rstrip(".")]
        day_of = next((int(match[name]) for name in ("d2", "d3", "d4") if match[name]), None)
    else:
        quarter = int(match["q"]) if match["q"] else _QUARTERS[match["ordinal"]]
        month, day_of = 3 * quarter - (0 if ending else 2), None
    confidence = (1.0 if day_of else 0.8) * (1.0 if year else 0.85)
    if year is None:
        year = after.year + (month < after.month or (month == after.month and (day_of or 28) <= after.day))
    if day_of is None and ending:
        return months_later(dt.date(year, month, 1), 1) - dt.timedelta(days=1), round(confidence, 3)
    return _date(year, month, day_of or 1, round(confidence, 3))


def _date(year: int, month: int, day: int, confidence: float) -> tuple[dt.date, float] | None:
    try:
        return dt.date(year, month, day), confidence
    except ValueError:
        return None


def _duration(plain: Plain) -> Reading[int] | None:
    for match in plain.find(_DURATION):
        if _OF_EXPERIENCE.match(plain.text, match.end()):
            continue
        count, unit = numbers.count(match["count"]), match["unit"]
        before = plain.text[max(0, match.start() - 40) : match.start()]
        cued = bool(_OF_PROJECT.search(before)) or bool(_PROJECT_BEHIND.match(plain.text, match.end()))
        if not count or (not unit.startswith("m") and not cued) or re.search(r"[\d+]\s*$", before):
            continue
        months = count if unit.startswith("m") else count * 12 if unit[0] in "ya" else round(count * 12 / 52)
        if 1 <= months <= 60:
            return Reading(months, 0.95 if cued else 0.75, (plain.of_match(match),))
    half = next(plain.find(_HALF_YEAR), None)
    return Reading(6, 0.8, (plain.of_match(half),)) if half else None

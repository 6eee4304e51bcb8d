"""Where the client is, how many hours are to be shared, and where people must be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.clients.briefs import numbers
from marketplace.clients.briefs.reading import Plain, Reading
from profiles.levels import Country

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
_CITIES = {
    EASTERN: "new york|nueva york|nyc|manhattan|boston|charlotte|atlanta|miami|philadelphia"
    "|washington,? d\\.?c\\.?|pittsburgh"
    "|orlando|tampa|jacksonville|hartford|newark|jersey city|columbus|cleveland|cincinnati|detroit|raleigh|richmond"
    "|baltimore|wilmington|new jersey|connecticut|massachusetts|florida|georgia|north carolina|virginia|ohio"
    "|pennsylvania|michigan",
    CENTRAL: "chicago|dallas|houston|austin|san antonio|minneapolis|st\\.? louis|saint louis|kansas city"
    "|nashville|memphis"
    "|new orleans|milwaukee|omaha|des moines|plano|fort worth|texas|illinois|minnesota|wisconsin|missouri|iowa"
    "|tennessee",
    MOUNTAIN: "denver|salt lake city|albuquerque|boise|colorado|utah",
    "America/Phoenix": "phoenix|tucson|scottsdale|arizona",
    PACIFIC: "los angeles|san francisco|seattle|san diego|portland|las vegas|san jose|sacramento|silicon valley"
    "|california"
    "|oregon|nevada|bay area",
    "America/Indiana/Indianapolis": "indianapolis|indiana",
    "America/Detroit": "ann arbor",
}
_CLOCKS = {
    EASTERN: r"e[sd]?t|eastern(?: time)?|(?:hora|tiempo|horario|zona(?: horaria)?):? (?:del )?este",
    CENTRAL: r"c[sd]?t|central time|us central|(?:hora|tiempo|horario|zona(?: horaria)?):? (?:del )?centro"
    r"(?: de (?:eu|ee\.? ?uu\.?))?",
    MOUNTAIN: r"m[sd]t|mountain time|(?:hora|tiempo|horario|zona(?: horaria)?):? (?:de la )?montana",
    PACIFIC: r"p[sd]?t|pacific(?: time)?|(?:hora|tiempo|horario|zona(?: horaria)?):? (?:del )?pacifico",
}
_CITY = re.compile("|".join(rf"(?P<z{n}>\b(?:{words})\b)" for n, words in enumerate(_CITIES.values())))
_CLOCK = re.compile("|".join(rf"(?P<z{n}>\b(?:{words})\b)" for n, words in enumerate(_CLOCKS.values())))
_NEAR_CLOCK = re.compile(
    r"\b(?:hours?|time ?zone|overlap|horario|horas|traslape|am|pm|a\.m\.|p\.m\.|\d{1,2}(?::\d\d)?\s*(?:am"
    r"|pm)?)\s*[\w\s,:-]{0,18}$"
)
_SEAT_OF_CLIENT = re.compile(
    r"\b(?:based(?: out)? (?:in|of)|headquartered (?:in|at)|headquarters|located in|offices? in|our|hq|con sede"
    r"|ubicad[oa]|de|in|en|from)"
    r"\W*(?:en|in|de)?\W*$"
)
_PEOPLE_ELSEWHERE = re.compile(r"\b(?:travel|on-?site|visit|viaj\w+|presencial)\b[\w\s]{0,20}$")
_OVERLAP = re.compile(
    rf"\b(?P<h1>{numbers.COUNT})\+?\s*(?:hours?|hrs?|horas?)\s*(?:of |de |daily |diarias |a day "
    rf"|al dia )*(?:\w+\s)?(?:overlap|traslape|shared|compartidas|en comun|coincid\w+)"
    rf"|(?:overlap|traslape)(?:\s+horario)?(?:\W+(?:of|de|with|con|at least|al menos|minimum|minimo|minima|for"
    rf"|time|us|the)){{0,4}}\W+(?P<h2>{numbers.COUNT})\+?\s*(?:hours?|hrs?|h\b|horas?)"
)
_IN_MEXICO = re.compile(
    r"\b(?:based |located |working |remote )?(?:in|from|en|desde) (?:mexico|guadalajara|monterrey|queretaro"
    r"|merida|puebla|cdmx"
    r"|ciudad de mexico|mexico city|tijuana|leon)\b|\bnearshore(?: from)? mexico\b|\bmexico-based\b"
)
_US_BASED = re.compile(
    rf"(?:(?P<count>{numbers.COUNT})\s+)?(?:\w+\s){{0,2}}?\b(?:us-based|u\.s\.-based|based in the (?:us|u\.s\."
    rf"|united states)|stateside|en (?:estados unidos|ee\.? ?uu\.?))"
)


@dataclass(frozen=True)
class Places:
    """``time_zone`` is the client's, IANA; ``overlap_minutes`` a day; ``us_specialists`` people based in the US."""

    time_zone: Reading[str] | None
    overlap_minutes: Reading[int] | None
    countries: Reading[tuple[int, ...]] | None
    us_specialists: Reading[int] | None


def read(plain: Plain, taken: Sequence[tuple[int, int]]) -> Places:
    """Return what is said of places; ``taken`` are places in the text that mean something else (names of laws)."""
    return Places(_zone(plain, taken), _overlap(plain), _countries(plain), _specialists(plain))


def _zone(plain: Plain, taken: Sequence[tuple[int, int]]) -> Reading[str] | None:
    clocks = list(_CLOCKS)
    for match in plain.find(_CLOCK):
        zone = clocks[next(n for n in range(len(clocks)) if match[f"z{n}"])]
        written = plain.of_match(match).text
        before = plain.text[max(0, match.start() - 40) : match.start()]
        if (len(written) > 3 or written.isupper()) and (len(written) > 4 or _NEAR_CLOCK.search(before)):
            return Reading(zone, 0.95, (plain.of_match(match),))
    cities = list(_CITIES)
    best: Reading[str] | None = None
    for match in plain.find(_CITY):
        if any(start <= match.start() < end for start, end in taken):
            continue
        before = plain.text[max(0, match.start() - 40) : match.start()]
        if _PEOPLE_ELSEWHERE.search(before):
            continue
        zone = cities[next(n for n in range(len(cities)) if match[f"z{n}"])]
        confidence = 0.85 if _SEAT_OF_CLIENT.search(before) else 0.65
        if best is None or confidence > best.confidence:
            best = Reading(zone, confidence, (plain.of_match(match),))
    return best


def _overlap(plain: Plain) -> Reading[int] | None:
    for match in plain.find(_OVERLAP):
        hours = numbers.count(match["h1"] or match["h2"])
        if hours and hours <= 12:
            return Reading(hours * 60, 0.95, (plain.of_match(match),))
    return None


def _countries(plain: Plain) -> Reading[tuple[int, ...]] | None:
    match = next(plain.find(_IN_MEXICO), None)
    return Reading((int(Country.MEXICO),), 0.7, (plain.of_match(match),)) if match else None


def _specialists(plain: Plain) -> Reading[int] | None:
    match = next(plain.find(_US_BASED), None)
    if match is None or not match["count"]:
        return None
    count = numbers.count(match["count"])
    return Reading(count, 0.8, (plain.of_match(match),)) if count else None

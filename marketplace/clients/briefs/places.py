"""Where the client is, how many hours are to be shared, and where people must be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.clients.briefs import numbers
from marketplace.clients.briefs.reading import Plain, Reading
from profiles.levels import Country

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
ARIZONA, ALASKA, HAWAII = "America/Phoenix", "America/Anchorage", "Pacific/Honolulu"
# Cities of firms, then states; a state in two zones counts for the one in which most of its people live.
_CITIES = {
    EASTERN: "new york|nueva york|nyc|manhattan|brooklyn|boston|charlotte|atlanta|miami|philadelphia|filadelfia"
    "|washington,? d\\.?c\\.?|pittsburgh|orlando|tampa|jacksonville|fort lauderdale|hartford|stamford|newark"
    "|jersey city"
    "|columbus|cleveland|cincinnati|raleigh|durham|richmond|baltimore|wilmington|buffalo|rochester|albany|providence"
    "|louisville|lexington|knoxville|charleston|savannah|norfolk|akron|dayton|toledo|worcester|greensboro|winston-salem"
    "|princeton|white plains|reston|mclean|bethesda|new jersey|nueva jersey|connecticut|massachusetts|florida|georgia"
    "|north carolina|carolina del norte|south carolina|carolina del sur|virginia|west virginia|ohio"
    "|pennsylvania|pensilvania"
    "|michigan|maryland|delaware|maine|vermont|new hampshire|rhode island|kentucky|upstate new york",
    CENTRAL: "chicago|dallas|houston|austin|san antonio|minneapolis|st\\.? paul|st\\.? louis|saint louis|kansas city"
    "|nashville|memphis|new orleans|nueva orleans|milwaukee|omaha|lincoln|des moines|plano|irving|frisco|fort worth"
    "|madison|birmingham|oklahoma city|tulsa|little rock|bentonville|sioux falls|fargo|wichita|baton rouge|mobile,? al"
    "|laredo|mcallen|texas|illinois|minnesota|wisconsin|missouri|iowa|tennessee|louisiana|oklahoma|arkansas|alabama"
    "|mississippi|nebraska|kansas|north dakota|south dakota|the dakotas",
    MOUNTAIN: "denver|boulder|colorado springs|salt lake city|albuquerque|santa fe|boise|el paso|billings"
    "|cheyenne|colorado"
    "|utah|new mexico|nuevo mexico|montana|wyoming|idaho",
    ARIZONA: "phoenix|pheonix|tucson|scottsdale|tempe|chandler|mesa,? az|arizona",
    PACIFIC: "los angeles|san francisco|seattle|san diego|portland|las vegas|san jose|sacramento|silicon valley|oakland"
    "|palo alto|irvine|fresno|reno|spokane|bellevue|tacoma|long beach|california|oregon|nevada|bay area"
    "|washington state"
    "|estado de washington",
    "America/Indiana/Indianapolis": "indianapolis|fort wayne|indiana",
    "America/Detroit": "ann arbor|detroit|grand rapids",
    ALASKA: "anchorage|alaska",
    HAWAII: "honolulu|hawaii",
    "America/Puerto_Rico": "puerto rico|san juan,? p\\.?r",
}
_STATES = {
    **dict.fromkeys(re.findall("..", "NYNJCTMAFLGANCSCVAWVOHPAMDDEMEVTNHRIKYDCMI"), EASTERN),
    **dict.fromkeys(re.findall("..", "TXILMNWIMOIATNLAOKARALMSNEKSNDSD"), CENTRAL),
    **dict.fromkeys(re.findall("..", "COUTNMMTWYID"), MOUNTAIN),
    **dict.fromkeys(re.findall("..", "CAORWANV"), PACIFIC),
    "AZ": ARIZONA, "IN": "America/Indiana/Indianapolis", "AK": ALASKA, "HI": HAWAII,
}  # fmt: skip
# "Buffalo, NY": a city that the lists need not know.
_IN_STATE = re.compile(r"\b[A-Z][\w.'-]+,\s+(?P<state>[A-Z]{2})\b(?!\.?[a-z])")
# Mexican hours count only where hours are spoken of: the people of a cell live there whatever the client's zone is.
_MEXICAN_HOURS = {
    "America/Mexico_City": "mexico city|ciudad de mexico|cdmx|guadalajara|queretaro|puebla|centro de mexico",
    "America/Monterrey": "monterrey",
    "America/Tijuana": "tijuana",
    "America/Hermosillo": "hermosillo|sonora",
    "America/Cancun": "cancun",
}
_CLOCKS = {
    EASTERN: r"e[sd]?t|eastern(?: (?:standard |daylight )?(?:time|hours))?|(?:hora|tiempo|horario"
    r"|zona(?: horaria)?):? (?:del )?este",
    CENTRAL: r"c[sd]?t|(?:us )?central(?: (?:standard |daylight )?(?:time|hours))|us central|(?<=are )central"
    r"|(?<=\d )central|(?<=[ap]m )central|(?<=on )central|(?<=on us )central"
    r"|(?:hora|tiempo|horario|zona(?: horaria)?):? (?:del )?centro"
    r"(?: de (?:eu|ee\.? ?uu\.?))?",
    MOUNTAIN: r"m[sd]t|mountain (?:standard |daylight )?(?:time|hours)|(?:hora|tiempo|horario"
    r"|zona(?: horaria)?):? (?:de la )?montana",
    PACIFIC: r"p[sd]?t|pacific(?: (?:standard |daylight )?(?:time|hours))?|(?:hora|tiempo|horario"
    r"|zona(?: horaria)?):? (?:del )?pacifico",
}
_CITY = re.compile("|".join(rf"(?P<z{n}>\b(?:{words})\b)" for n, words in enumerate(_CITIES.values())))
_CLOCK = re.compile("|".join(rf"(?P<z{n}>\b(?:{words})\b)" for n, words in enumerate(_CLOCKS.values())))
_MEXICAN = re.compile(
    "|".join(
        rf"(?P<m{n}>\b(?:hora|horario|huso|tiempo)(?: local)?(?: de)?(?: la)? (?:{words})\b"
        rf"|\b(?:{words}) (?:time|hours|office hours|business hours)\b)"
        for n, words in enumerate(_MEXICAN_HOURS.values())
    )
)
_NEAR_CLOCK = re.compile(
    r"\b(?:hours?|time ?zone|overlap|horario|horas|traslape|am|pm|a\.m\.|p\.m\.|\d{1,2}(?::\d\d)?\s*(?:am"
    r"|pm)?)\s*[\w\s,:-]{0,18}$"
)
_CLOCK_BEHIND = re.compile(r"\s(?:business |working |office |core )?(?:hours|time|zone|day)\b")
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
    rf"(?:(?P<count>{numbers.COUNT})\s+)?(?:\b\w{{1,20}}\s){{0,2}}?\b(?:us-based|u\.s\.-based|based in the (?:us|u\.s\."
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
        if (len(written) > 3 or written.isupper()) and (
            len(written) > 4 or _NEAR_CLOCK.search(before) or _CLOCK_BEHIND.match(plain.text, match.end())
        ):
            return Reading(zone, 0.95, (plain.of_match(match),))
    mexican = list(_MEXICAN_HOURS)
    if hours := next(plain.find(_MEXICAN), None):
        zone = mexican[next(n for n in range(len(mexican)) if hours[f"m{n}"])]
        return Reading(zone, 0.85, (plain.of_match(hours),))
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
    if best is None:
        for match in _IN_STATE.finditer(plain.original):
            if zone_of := _STATES.get(match["state"]):
                return Reading(zone_of, 0.75, (plain.evidence(*plain.span(*match.span())),))
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

"""Dates as résumés write them, in English and Spanish, as partial dates of JSON Resume (``2019``, ``2019-03``, …)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

PRESENT = "present"

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero janeiro",
            "feb february febrero fev fevereiro",
            "mar march marzo março",
            "apr april abr abril",
            "may mayo maio",
            "jun june junio junho",
            "jul july julio julho",
            "aug august ago agosto",
            "sep sept september septiembre setiembre",
            "oct october octubre outubro",
            "nov november noviembre novembro",
            "dec december dic diciembre dez dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19|20)\d{2}"
_NUMBER = r"(?:0?[1-9]|1[0-2])"
_OPEN = (
    r"(?:at\s+)?present(?:e)?|current(?:ly)?|now|today|ongoing|to\s+date|"
    r"(?:(?:a|hasta)\s+)?(?:la\s+(?:fecha|actualidad))|actual(?:idad|mente)?|atual(?:mente)?|o\s+momento|hoy|vigente|en\s+curso"
)
_SEASON = r"(?:spring|summer|fall|autumn|winter|primavera|verano|oto[ñn]o|invierno)"
_DATE = (
    rf"(?:\d{{1,2}}\s+(?:de\s+)?{_MONTH}\s*(?:del?\s+|,\s*)?{_YEAR}"  # 15 de marzo de 2019
    rf"|{_MONTH}\s+\d{{1,2}}\s*,?\s+{_YEAR}"  # March 15, 2019
    rf"|{_MONTH}\s*(?:del?\s+|,\s*|/\s*|-\s*)?{_YEAR}"  # Mar 2019, marzo de 2019
    rf"|{_SEASON}\s+(?:del?\s+)?{_YEAR}"  # Summer 2016: of the year no more is told
    rf"|\d{{1,2}}[/.]\d{{1,2}}[/.]{_YEAR}"  # 15/03/2019
    rf"|{_YEAR}[-/.]{_NUMBER}(?:[-/.]\d{{1,2}})?(?!\d)"  # 2019-03, 2019-03-15
    rf"|{_NUMBER}(?:[-/.]|\s/\s){_YEAR}"  # 03/2019
    rf"|{_YEAR})(?!\d)"
)
_DATE_PATTERN = re.compile(rf"(?<![\w/-]){_DATE}", re.IGNORECASE)
_OPEN_PATTERN = re.compile(rf"(?:{_OPEN})\W*", re.IGNORECASE)
_PERIOD = re.compile(
    rf"(?<![\w/-])(?:(?:from|de|desde|del)\s+)?(?P<start>{_DATE})"
    rf"\s*(?:[-–—−~→]+|(?<=\s)/(?=\s)|\bto\b|\buntil\b|\bthrough\b|\ba\b|\bal\b|\bhasta\b)?\s*"
    rf"(?P<end>{_DATE}|(?:{_OPEN})\b)",
    re.IGNORECASE,
)
# “enero a junio de 2024”: one year for both months.
_WITHIN_YEAR = re.compile(
    rf"(?<![\w/-])(?:(?:from|de|desde)\s+)?(?P<start>{_MONTH})\s*(?:[-–—−~/]|\bto\b|\bthrough\b|\ba\b|\bal\b|\bhasta\b)\s*"
    rf"(?P<end>{_MONTH})\s*(?:del?\s+|,\s*)?(?P<year>{_YEAR})(?!\d)",
    re.IGNORECASE,
)
_ONE_SEASON = re.compile(rf"(?<![\w/-]){_SEASON}\s+(?:del?\s+)?(?P<year>{_YEAR})(?!\d)", re.IGNORECASE)
_SINCE = re.compile(rf"\b(?:since|desde|a\s+partir\s+de)\s+(?P<start>{_DATE})", re.IGNORECASE)
_ISO = re.compile(rf"({_YEAR}|[12]\d{{3}})(?:[-/.](\d{{1,2}})(?:[-/.](\d{{1,2}})(?:[T ].*)?)?)?", re.DOTALL)
_DURATION = re.compile(
    r"\(?\s*(?:\d+\s*(?:years?|yrs?|años?|months?|mos?|meses|mes)\b[\s,y]*(?:and\s+)?)+\)?\W*", re.IGNORECASE
)
_LONGEST_LINE = 400


@dataclass(frozen=True)
class Period:
    """From ``start`` to ``end`` (empty while it lasts), partial dates; ``span`` are the characters it was read from."""

    start: str
    end: str
    span: tuple[int, int]


def read_date(text: str, *, day_first: bool = True) -> str | None:
    """Return one date as a partial ISO date, ``PRESENT`` for words that mean now, or None when it is not readable.

    ``day_first`` decides 04/05/2019 where both readings exist; a date that nobody writes is None.
    """
    written = " ".join(text.split())[:_LONGEST_LINE]
    if _OPEN_PATTERN.fullmatch(written):
        return PRESENT
    if found := _ISO.fullmatch(written):
        return _partial(int(found[1]), int(found[2] or 0), int(found[3] or 0))
    found = _DATE_PATTERN.fullmatch(written.strip(" .,()"))
    return _parse(found[0], day_first=day_first) if found else None


def find_date(line: str, *, day_first: bool = True) -> tuple[str, tuple[int, int]] | None:
    """Return the first date inside a line and the characters it was read from."""
    found = _DATE_PATTERN.search(line[:_LONGEST_LINE])
    date = _parse(found[0], day_first=day_first) if found else None
    return (date, found.span()) if found and date else None


def last_date(line: str, *, day_first: bool = True) -> tuple[str, tuple[int, int]] | None:
    """Return the last date inside a line, or where a period ends it the start of that, and the characters."""
    if period := find_period(line, day_first=day_first):
        return period.start, period.span
    dates = list(_DATE_PATTERN.finditer(line[:_LONGEST_LINE]))
    date = _parse(dates[-1][0], day_first=day_first) if dates else None
    return (date, dates[-1].span()) if date else None


def find_period(line: str, *, day_first: bool = True) -> Period | None:
    """Return the period that a line states, such as ``Jan 2019 – Present`` or ``desde marzo de 2020``."""
    written = line[:_LONGEST_LINE]
    if within := _WITHIN_YEAR.search(written):
        first, last = (_MONTHS[within[name].lower().rstrip(".")] for name in ("start", "end"))
        year = int(within["year"])
        return Period(f"{year - (first > last):04}-{first:02}", f"{year:04}-{last:02}", within.span())
    found = _PERIOD.search(written)
    if found:
        start = _parse(found["start"], day_first=day_first)
        open_end = _OPEN_PATTERN.fullmatch(found["end"])
        end = "" if open_end else _parse(found["end"], day_first=day_first)
        if start and end is not None:
            return Period(start, end, found.span())
    since = _SINCE.search(written)
    start = _parse(since["start"], day_first=day_first) if since else None
    if since and start:
        return Period(start, "", since.span())
    season = _ONE_SEASON.search(written)
    return Period(season["year"], season["year"], season.span()) if season else None


def is_duration(text: str) -> bool:
    """Tell whether a text is only a length of time, such as ``(3 years 2 months)``."""
    return bool(_DURATION.fullmatch(text.strip()))


def without_durations(text: str) -> str:
    """Return a text without lengths of time in brackets, which repeat what the dates say."""
    return re.sub(r"\(\s*(?:\d+\s*[a-zñ]+[\s,]*(?:and|y)?\s*){1,4}\)", " ", text, flags=re.IGNORECASE)


def first_day(partial: str) -> dt.date | None:
    """Return the first day that a partial date covers, or None when there is no such day (such as 2019-13)."""
    year, month, day = _parts(partial)
    try:
        return dt.date(year, month or 1, day or 1)
    except ValueError:
        return None


def last_day(partial: str) -> dt.date | None:
    """Return the last day that a partial date covers, or None when there is no such day."""
    year, month, day = _parts(partial)
    try:
        return dt.date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def _parts(partial: str) -> tuple[int, int | None, int | None]:
    """Split a partial date; a part that is written as zeros is no part but a fault, so it stays 0 only as 99."""
    pieces = partial.split("-")
    if not all(piece.isascii() and piece.isdigit() for piece in pieces) or len(pieces) > 3:
        return 0, None, None
    numbers = [int(piece) for piece in pieces]
    month = (numbers[1] or 99) if len(numbers) > 1 else None
    day = (numbers[2] or 99) if len(numbers) > 2 else None
    return numbers[0], month, day


def _partial(year: int, month: int, day: int) -> str | None:
    text = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if month and day else "")
    return text if first_day(text) else None


def _parse(text: str, *, day_first: bool) -> str | None:
    written = text.lower()
    years = re.findall(_YEAR, written)
    year = int(years[-1] if not re.match(_YEAR, written) else years[0])
    named = re.search(r"[a-z]+", re.sub(r"\b(?:de|del)\b", " ", written))
    numbers = [int(number) for number in re.findall(r"\d+", written)]
    if named:
        month = _MONTHS.get(named[0].rstrip("."), 0)
        day = next((number for number in numbers if number != year and number <= 31), 0)
        return _partial(year, month, day)
    others = [number for number in numbers if number != year]
    if re.match(_YEAR, written):
        return _partial(year, *[*others, 0, 0][:2])
    if len(others) == 1:
        return _partial(year, others[0], 0)
    if len(others) == 2:
        day, month = others if day_first else reversed(others)
        return _partial(year, month, day) or _partial(year, day, month)
    return _partial(year, 0, 0)

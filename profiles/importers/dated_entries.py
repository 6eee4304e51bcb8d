"""The entries of a part, positions or studies, found by their dates: header lines and body of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from profiles.importers.header_pieces import SIGNS, balanced
from profiles.importers.lines import Line
from profiles.importers.occupations import is_degree, is_legal_form, is_school, is_title, kind
from profiles.importers.periods import Period, find_date, find_period, without_durations
from profiles.importers.places import is_place, without_place

_FULL_STOP = re.compile(r"[.;:]$")
_ENDS_SHORTENED = re.compile(r"\b(?:Jr|Sr|Ssr)\.$")
BREAKS_OFF = re.compile(r"(?:,|&|\s(?:de|del|la|las|los|el|y|en|para|of|and|the|for|in))$")
_LONGEST_HEADER = 110


@dataclass
class Entry:
    """One dated entry: its header lines, the place in a header line where the dates stood cut out, and its body."""

    period: Period | None
    header: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)


def entries(lines: Sequence[Line], *, single_dates: bool = False, day_first: bool = True) -> list[Entry]:
    """Return the dated entries of a part, in order.

    How many lines stand above the dates of the first entry is how many stand above those of the others.
    ``single_dates`` lets one date open an entry too, as studies are often dated.
    """
    lines = _with_dates(lines, day_first=day_first)
    listed = all(each.bullet for each in lines)  # a list of studies, each an item
    periods = [_dated(each, single_dates=single_dates, listed=listed, day_first=day_first) for each in lines]
    anchors = [position for position, period in enumerate(periods) if period is not None]
    if not anchors:
        return []
    above = min(anchors[0], 3)
    starts = []
    for order, anchor in enumerate(anchors):
        floor = anchors[order - 1] + 1 if order else 0
        start = anchor
        while start > floor and anchor - start < above and _can_head(lines[start - 1]):
            start -= 1
        if start == anchor and _heads_undated(lines, anchor - 1, floor):
            start -= 1
        starts.append(start)
    found = []
    for order, anchor in enumerate(anchors):
        end = starts[order + 1] if order + 1 < len(anchors) else len(lines)
        tells = looks_like_study if single_dates else _tells_work
        found.append(_entry(lines, starts[order], anchor, end, periods[anchor], tells))
    return found


def _heads_undated(lines: Sequence[Line], at: int, floor: int) -> bool:
    """Tell whether a line above dates is the employer though others have none there: bold, below the end of a list."""
    if at <= floor or not lines[at].bold or not _can_head(lines[at]):
        return False
    above = lines[at - 1]
    return above.bullet or (not above.bold and len(above.text) > _LONGEST_HEADER / 2)


def _with_dates(lines: Sequence[Line], *, day_first: bool) -> list[Line]:
    """Join a line broken behind a comma to the dates below it, and dates broken behind their dash."""
    whole: list[Line] = []
    for line in lines:
        above = whole[-1] if whole else None
        if above is not None and re.search(r"\d{4}\s*[-–—]$", above.text) and not line.bullet:
            joined = f"{above.text} {line.text}"
            if find_period(joined, day_first=day_first):
                whole[-1] = replace(above, text=joined)
                continue
        broken = above is not None and above.text.endswith(",") and not (above.bullet or line.bullet)
        if (
            above is not None
            and broken
            and abs(above.left - line.left) < 4
            and find_period(line.text, day_first=day_first)
        ):
            whole[-1] = replace(above, text=f"{above.text} {line.text}")
        else:
            whole.append(line)
    return whole


def _dated(line: Line, *, single_dates: bool, listed: bool, day_first: bool) -> Period | None:
    bulleted = line.bullet and not listed
    if line.bullet and len(line.text) > _LONGEST_HEADER:
        return None
    period = find_period(line.text, day_first=day_first)
    if period is not None:
        return period if len(_without(line.text, period)) <= _LONGEST_HEADER else None
    if single_dates and not bulleted and (found := find_date(line.text, day_first=day_first)):
        return Period("", found[0], found[1])
    return None


def _entry(
    lines: Sequence[Line], start: int, anchor: int, end: int, period: Period | None, tells: Callable[[Line], bool]
) -> Entry:
    entry = Entry(period, list(lines[start:anchor]))
    rest = _without(lines[anchor].text, period) if period else lines[anchor].text
    if rest:
        line = lines[anchor]
        entry.header.append(replace(line, text=rest))
    body = anchor + 1
    # The other half of the header may follow the dates; a title or an organization gives it away.
    most = 2 if not entry.header else 1
    # Where dates come first, both halves follow them.
    both_follow = start == anchor and not rest
    while (
        body < end
        and most
        and len(entry.header) < 2
        and _can_head(lines[body])
        and (
            not entry.header
            or tells(lines[body])
            or lines[body].bold
            or BREAKS_OFF.search(entry.header[-1].text)
            or (_is_short(lines[body]) and (both_follow or _lacks_employer(entry, lines[body : min(body + 2, end)])))
            or (_is_short(lines[body]) and _lacks_title(entry, lines[body]))
        )
    ):
        entry.header.append(lines[body])
        body, most = body + 1, most - 1
    entry.body = list(lines[body:end])
    return entry


def _lacks_employer(entry: Entry, below: Sequence[Line]) -> bool:
    """Tell whether what stands below a lone title is its employer: with a place behind it, or above a list."""
    if len(entry.header) != 1 or kind(entry.header[0].text) != "title" or len(SIGNS.split(entry.header[0].text)) > 1:
        return False
    cells = below[0].text.split("\t")
    placed = bool(without_place(below[0].text)[1]) or (len(cells) > 1 and any(map(is_place, cells)))
    return placed or (len(below) > 1 and (below[1].bullet or is_place(below[1].text)))


def _lacks_title(entry: Entry, below: Line) -> bool:
    """Tell whether what stands below an employer alone, with its place, is the title: a few words in capitals."""
    if len(entry.header) != 1 or not without_place(entry.header[0].text)[1] or is_title(entry.header[0].text):
        return False
    words = [word for word in below.text.split() if len(word) > 3]
    return len(below.text.split()) <= 6 and all(word[0].isupper() for word in words)


def _is_short(line: Line) -> bool:
    return len(line.text.split()) <= 8 and len(line.text) <= 60


def _tells_work(line: Line) -> bool:
    return bool(kind(line.text))


def _without(text: str, period: Period) -> str:
    rest = without_durations(f"{text[: period.span[0]]} {text[period.span[1] :]}")
    rest = re.sub(r"\(\s*[,;]?\s*\)|\[\s*\]", " ", rest).strip(" |•·,;:–—-\t")
    rest = re.sub(r"^[.\s]+(?=[^\W\d_]+\s)", "", rest) if rest[:2] == ". " else rest
    if period.span[0] < len(text) / 4 and re.search(r"[a-záéíóúñ]{4}\.$", rest) and not _may_end_so(rest):
        rest = rest[:-1]  # “2018–2020. Researcher, National Laboratory.” is written as a sentence
    return balanced(rest).strip(" |•·,;:–—-\t")


def _can_head(line: Line) -> bool:
    if line.heading or line.bold:
        return not line.bullet
    return (
        not line.bullet
        and len(line.text) <= _LONGEST_HEADER
        and (not _FULL_STOP.search(line.text) or _may_end_so(line.text))
        and (line.text[:1].isupper() or line.text[:1].isdigit() or line.text[:1] == "(")
    )


def _may_end_so(text: str) -> bool:
    return bool(is_legal_form(text) or _ENDS_SHORTENED.search(text))


def dates(entry: Entry) -> dict[str, str]:
    """Return ``startDate`` and ``endDate`` of an entry, partial dates, empty where open or not told."""
    if entry.period is None:
        return {}
    return {"startDate": entry.period.start, "endDate": entry.period.end}


def looks_like_study(line: Line) -> bool:
    """Tell whether a line names a school or a degree."""
    return is_school(line.text) or is_degree(line.text)


def is_only_dates(line: Line) -> bool:
    """Tell whether a line holds a date or a period and nothing else."""
    period = find_period(line.text)
    span = period.span if period else (found[1] if (found := find_date(line.text)) else (0, 0))
    return span != (0, 0) and not re.sub(r"\W", "", line.text[: span[0]] + line.text[span[1] :])

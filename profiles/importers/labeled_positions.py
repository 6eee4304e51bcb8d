"""Positions that say what each of their parts is: by labels before the lines, or in the first row of a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from profiles.importers import tables
from profiles.importers.lines import Line
from profiles.importers.periods import find_date, find_period, read_date


def labeled(lines: Sequence[Line]) -> list[Line]:
    """Return positions whose lines say what they are (``Empresa: …``, ``Puesto: …``) as rows with named cells.

    The label that comes first opens each of them; what has no label goes on with what is above. Lines of other
    layouts come back as they are.
    """
    named = [tables.named(line.text) for line in lines]
    kinds = Counter(name for name, _said in named if name)
    if not kinds["employer"] or not kinds["position"] or not kinds.keys() & {"dates", "start"}:
        return list(lines)
    first = next(name for name, _said in named if name)
    records: list[tuple[Line, dict[str, str]]] = []
    last = ""
    for line, (name, said) in zip(lines, named, strict=True):
        if name == first or not records:
            records.append((line, {}))
        cells = records[-1][1]
        last = name or (last if last == "details" else "details")
        cells[last] = f"{cells[last]}\n{said}" if last in cells else said
    return [replace(line, cells=tuple(cells.items())) for line, cells in records]


def read_row(line: Line, *, day_first: bool) -> dict[str, Any]:
    """Return an entry of JSON Resume's ``work`` from a row of a table whose columns say what they hold."""
    said = dict(line.cells)
    period = find_period(said.get("dates", ""), day_first=day_first)
    start, end = (period.start, period.end) if period else ("", "")
    if not period and (found := find_date(said.get("dates", ""), day_first=day_first)):
        start = found[0]
    if "start" in said and "end" not in said:
        both = find_period(re.sub(r"\b(al?|hasta|to):", r"\1", said["start"], flags=re.IGNORECASE), day_first=day_first)
        start, end = (both.start, both.end) if both else (read_date(said["start"], day_first=day_first) or "", "")
    elif "start" in said:
        start = read_date(said["start"], day_first=day_first) or ""
        end = read_date(said.get("end", ""), day_first=day_first) or ""
    work = {
        "name": said.get("employer", "") or said.get("school", ""),
        "position": said.get("position", ""),
        "location": said.get("place", ""),
        "startDate": start,
        "endDate": "" if end == "present" else end,
        "summary": said.get("details", ""),
    }
    return {key: value for key, value in work.items() if value}

"""How well briefs are read: ``python -m bench.django_process bench.brief_reading`` (``-v`` lists what was missed).

Each file of ``marked_briefs/`` is a brief written for this purpose and marked by hand: skills that it demands, wishes
for and rules out, and some of its seats, dates, money, zone and English. Precision is the share of the skills
read that are marked, with the same attitude; recall the share of the marked skills that were read so. What only the
name of a role says ("business analyst") is marked, and counts as read where a seat holds it. The set taught the rules;
what it was worth on first sight stands in the README beside this module.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace.clients.briefs import draft
from marketplace.clients.briefs.analysis import Analysis, analyze
from profiles.levels import Cefr

DATA = Path(__file__).resolve().parent / "marked_briefs"
TODAY = dt.date(2026, 11, 22)
ATTITUDES = ("must", "wish", "excluded")


@dataclass(frozen=True)
class Result:
    """One brief: the skills marked and read as pairs of attitude and code, and the other fields, right or wrong."""

    name: str
    marked: frozenset[tuple[str, str]]
    read: frozenset[tuple[str, str]]
    fields: dict[str, tuple[bool, Any, Any]]
    milliseconds: float


def results() -> list[Result]:
    """Read every brief of the set as if it were the day for which they were written."""
    return [_result(path) for path in sorted(DATA.glob("*.json"))]


def marked(path: Path) -> dict[str, Any]:
    """Return a brief with what is marked in it."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _result(path: Path) -> Result:
    wanted = marked(path)
    began = time.process_time()
    found = analyze(wanted["text"], today=TODAY)
    spent = 1000 * (time.process_time() - began)
    read = {(need.attitude.value, need.code) for need in (*found.needs, *found.excluded)}
    # What only the name of a role says is marked too, and stands with the seat.
    read |= {("must", mention.code) for seat in found.seats for mention in seat.mentions if mention.role}
    return Result(
        path.stem,
        frozenset((attitude, code) for attitude in ATTITUDES for code in wanted[attitude]),
        frozenset(read),
        _fields(wanted, found),
        spent,
    )


def _fields(wanted: dict[str, Any], found: Analysis) -> dict[str, tuple[bool, Any, Any]]:
    made = draft.body(found, "")
    english = max((d.value.level for d in found.languages if d.value.language == "en"), default=0)
    given = {
        "language": found.language,
        "seats": [
            {"count": s["most"], "function": s["function"], "seniority": _rank(s)} for s in made.get("seats", ())
        ],
        "solution_type": made.get("solution_type"),
        "starts_on": made.get("starts_on"),
        "months": found.months.value if found.months else None,
        "cap": made.get("monthly_cap"),
        "time_zone": made.get("time_zone"),
        "english": Cefr(english).name.lower() if english else None,
    }
    return {name: (given[name] == wanted[name], given[name], wanted[name]) for name in given if name in wanted}


def _rank(seat: dict[str, Any]) -> str | None:
    return None if seat["min_seniority"] == "junior" else str(seat["min_seniority"])


def precision_and_recall(found: list[Result], attitude: str | None = None) -> tuple[float, float]:
    """Return both over all briefs together, for one attitude or for all."""
    read = marked = both = 0
    for result in found:
        of_read = {pair for pair in result.read if attitude in (None, pair[0])}
        of_marked = {pair for pair in result.marked if attitude in (None, pair[0])}
        read, marked, both = read + len(of_read), marked + len(of_marked), both + len(of_read & of_marked)
    return both / read, both / marked


def field_shares(found: list[Result]) -> dict[str, tuple[int, int]]:
    """Return how many of the marked fields of each name were read right, and how many there are."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for result in found:
        for name, (fits, _, _) in result.fields.items():
            right[name] += fits
            asked[name] += 1
    return {name: (right[name], asked[name]) for name in sorted(asked)}


def as_json(found: list[Result]) -> dict[str, Any]:
    """Return the figures over all briefs with plain values."""
    precision, recall = precision_and_recall(found)
    return {
        "briefs": len(found),
        "marked": sum(len(result.marked) for result in found),
        "precision": precision,
        "recall": recall,
        "attitudes": {attitude: precision_and_recall(found, attitude) for attitude in ATTITUDES},
        "fields": field_shares(found),
        "milliseconds": sum(result.milliseconds for result in found) / len(found),
    }


def main() -> None:
    """Print the figures, or write them to the file named behind ``--json``."""
    found = results()
    if "--json" in sys.argv:
        Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps(as_json(found)))
        return
    out = sys.stdout.write
    out(f"{len(found)} briefs, {sum(len(r.marked) for r in found)} marked skills, ")
    out(f"{sum(r.milliseconds for r in found) / len(found):.1f} ms of processor time each\n\n")
    out(f"{'skills':<12}{'precision':>10}{'recall':>10}\n")
    for attitude in (*ATTITUDES, None):
        precision, recall = precision_and_recall(found, attitude)
        out(f"{attitude or 'all':<12}{precision:>10.1%}{recall:>10.1%}\n")
    out(f"\n{'field':<15}{'right':>6}{'of':>5}\n")
    for name, (right, asked) in field_shares(found).items():
        out(f"{name:<15}{right:>6}{asked:>5}\n")
    if "-v" in sys.argv:
        for result in found:
            _tell(result)


def _tell(result: Result) -> None:
    out = sys.stdout.write
    out(f"\n{result.name}\n")
    for label, pairs in (("missed", result.marked - result.read), ("made up", result.read - result.marked)):
        if pairs:
            out(f"  {label}: {', '.join(f'{attitude} {code}' for attitude, code in sorted(pairs))}\n")
    for name, (fits, given, wanted) in result.fields.items():
        if not fits:
            out(f"  {name}: {given} (should be {wanted})\n")


if __name__ == "__main__":
    main()

"""What the forms of Europass share: entries with their places, and languages by CEFR activity."""

from __future__ import annotations

import re
from typing import Any

from profiles.importers import json_resume
from profiles.importers.reading import Reading, Source

CEFR = re.compile(r"\b([ABC][12])\b")

Rows = list[tuple[dict[str, Any], str]]


def place(document: dict[str, Any], section: str, rows: Rows, reading: Reading) -> None:
    """Write the entries of a section that say anything, each with the place in the file that it came from."""
    kept = [(entry, at) for entry, at in ((json_resume.meaningful(entry), at) for entry, at in rows) if entry]
    if kept:
        document[section] = [entry for entry, _at in kept]
        for position, (_entry, at) in enumerate(kept):
            reading.sources[f"/{section}/{position}"] = Source(pointer=at)


def language(name: str, cefr: dict[str, str]) -> dict[str, Any]:
    """Return an entry of ``languages``: what is spoken is its fluency, all activities are in ``cefr``."""
    return {"language": name, "fluency": cefr.get("speaking") or next(iter(cefr.values()), ""), "cefr": cefr}

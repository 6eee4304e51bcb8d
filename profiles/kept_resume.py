"""What is kept of a confirmed résumé, and how it and the profile make one JSON Resume again.

The columns of a profile hold less than a résumé says: dates by the month, highlights, keywords, studies, references.
So each accepted part is kept as it was written, together with what the columns said when it was accepted (``seen``).
On the way out a part is written as it came in wherever the columns still say the same, and anew where they do not; what
the profile has let go is left out. Importing and exporting therefore loses nothing that the schema can say, and the
profile has the last word.

It looks so: ``{"basics": {"name": {"said": …, "seen": {…}}, "location/city": …}, "profiles": [entry, …],
"work": [{"entry": {…}, "row": "exp_…", "seen": {…}}], "skills": [{"entry": {…}, "claims": {text: {…}}}],
"rest": {"education": [entry, …], "meta": {…}, …}}``, languages and certificates as work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Kept = dict[str, Any]

ROWS = ("work", "languages", "certificates")
_BASIC_ORDER = ("name", "label", "image", "email", "phone", "url", "summary")
_SECTION_ORDER = ("$schema", "basics", "work", "volunteer", "education", "awards", "certificates", "publications")


@dataclass(frozen=True)
class ProfileSide:
    """The profile as JSON Resume would say it, and the columns behind each part.

    ``basics`` maps a part (``name``, ``location/city``, …) to what the profile says, ``columns`` to the values behind
    it. ``rows`` holds, for work, languages and certificates, the entry and the columns of each row by its id;
    ``claims`` the same for skills by code.
    """

    basics: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, dict[str, tuple[dict[str, Any], dict[str, Any]]]] = field(default_factory=dict)
    claims: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)


# Which members of an entry a column answers for: where it has changed, they are written anew.
_ANSWERS: dict[str, dict[str, tuple[str, ...]]] = {
    "work": {
        "employer": ("name",),
        "title": ("position",),
        "starts_on": ("startDate",),
        "ends_on": ("endDate",),
        "summary_en": ("summary", "highlights"),
        "summary_es": ("summary", "highlights"),
    },
    "languages": dict.fromkeys(("listening", "speaking", "reading", "writing", "native"), ("fluency", "cefr")),
    "certificates": {"issued_on": ("date",), "verify_url": ("url",)},
}


def exported(kept: Kept, profile: ProfileSide) -> dict[str, Any]:
    """Return the document of a profile, what was kept of its résumés included."""
    document: dict[str, Any] = {}
    if basics := _basics(kept, profile):
        document["basics"] = basics
    for section in ROWS:
        if entries := _rows(kept.get(section, []), section, profile.rows.get(section, {})):
            document[section] = entries
    if skills := _skills(kept.get("skills", []), profile.claims):
        document["skills"] = skills
    document |= kept.get("rest", {})
    first = [section for section in _SECTION_ORDER if section in document]
    return {section: document[section] for section in [*first, *(key for key in document if key not in first)]}


def _unchanged(seen: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return all(now.get(column) == value for column, value in seen.items())


def _basics(kept: Kept, profile: ProfileSide) -> dict[str, Any]:
    parts: dict[str, Any] = {part: text for part, text in profile.basics.items() if text}
    for part, each in kept.get("basics", {}).items():
        if _unchanged(each["seen"], profile.columns.get(part, {})):
            parts[part] = each["said"]
    basics: dict[str, Any] = {part: parts[part] for part in _BASIC_ORDER if part in parts}
    location = {part.removeprefix("location/"): text for part, text in parts.items() if part.startswith("location/")}
    basics |= {part: text for part, text in parts.items() if part not in basics and not part.startswith("location/")}
    if location:
        basics["location"] = location
    if kept.get("profiles"):
        basics["profiles"] = kept["profiles"]
    return basics


def _rows(
    records: list[dict[str, Any]], section: str, rows: Mapping[str, tuple[dict[str, Any], dict[str, Any]]]
) -> list[dict[str, Any]]:
    entries, told = [], set()
    for record in records:
        row = record.get("row")
        if row is None:
            entries.append(record["entry"])
        elif row in rows and row not in told:
            told.add(row)
            written, columns = rows[row]
            entries.append(_anew(record, section, written, columns))
    return entries + [entry for row, (entry, _columns) in rows.items() if row not in told]


def _anew(record: dict[str, Any], section: str, written: dict[str, Any], columns: dict[str, Any]) -> dict[str, Any]:
    """Return the entry as it was written, but for the members whose columns have changed since."""
    changed = {column for column, value in record["seen"].items() if columns.get(column) != value}
    members = {member for column in changed for member in _ANSWERS[section].get(column, ())}
    entry = {key: value for key, value in record["entry"].items() if key not in members or key in written}
    return {**entry, **{member: written[member] for member in written if member in members}}


def _skills(
    records: list[dict[str, Any]], claims: Mapping[str, tuple[dict[str, Any], dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Return the entries as written, less what is claimed no more; a claim that changed is said once, as it is now."""
    entries, told = [], set()
    for record in records:
        entry, linked = dict(record["entry"]), record["claims"]
        gone = {text for text, seen in linked.items() if seen["skill"] not in claims}
        if entry.get("name") in gone:
            del entry["name"]
        if keywords := entry.get("keywords"):
            entry["keywords"] = [word for word in keywords if word not in gone]
        if not entry.get("name") and not entry.get("keywords") and gone:
            continue
        for text, seen in linked.items():
            code = seen["skill"]
            if text in gone or not _unchanged({**seen, "skill": code}, {**claims[code][1], "skill": code}):
                continue
            told.add(code)
        if entry.get("name") in linked and linked[entry["name"]]["skill"] in claims.keys() - told:
            # The level of the entry is said of this skill, and is another by now.
            code = linked[entry["name"]]["skill"]
            entry |= {key: value for key, value in claims[code][0].items() if key != "name"}
            told.add(code)
        entries.append(entry)
    return entries + [entry for code, (entry, _columns) in claims.items() if code not in told]


# -- keeping ----------------------------------------------------------------------------------------------------------
def keep_basic(kept: Kept, part: str, said: str, seen: dict[str, Any]) -> None:
    """Keep one part of ``basics`` as it was written, replacing what was kept of it before."""
    kept.setdefault("basics", {})[part] = {"said": said, "seen": seen}


def keep_entry(kept: Kept, section: str, entry: dict[str, Any], row: str | None, seen: dict[str, Any]) -> None:
    """Keep an entry of work, languages or certificates; what was kept before for the same row is replaced."""
    records = kept.setdefault(section, [])
    record = {"entry": entry, "row": row, "seen": seen}
    for position, known in enumerate(records):
        if row is not None and known["row"] == row:
            records[position] = record
            return
    records.append(record)


def keep_skills(kept: Kept, entries: Sequence[tuple[dict[str, Any], dict[str, dict[str, Any]]]]) -> None:
    """Keep entries of skills, each with the claims that its texts became; the same entry of before is replaced."""
    records = kept.setdefault("skills", [])
    earlier = {position: record["entry"] for position, record in enumerate(records)}
    for entry, claims in entries:
        record = {"entry": entry, "claims": claims}
        place = next((position for position, known in earlier.items() if known == entry), None)
        if place is None:
            records.append(record)
        else:
            records[place] = record
            del earlier[place]  # of two entries that are the same each replaces one


def keep_profile(kept: Kept, entry: dict[str, Any]) -> None:
    """Keep one of ``basics.profiles``: an account elsewhere."""
    kept.setdefault("profiles", []).append(entry)


def keep_rest(kept: Kept, section: str, value: Any, *, entry: bool) -> None:
    """Keep what the profile has no column for: an ``entry`` of a list section, or a whole section."""
    rest = kept.setdefault("rest", {})
    if entry:
        rest.setdefault(section, []).append(value)
    else:
        rest[section] = value


def found(kept: Kept, section: str, value: Any, *, entry: bool) -> Any:
    """Return what is kept in the place of ``value``, None when nothing is: an ``entry`` is found by being the same."""
    if section.startswith("basics/"):
        each = kept.get("basics", {}).get(section.removeprefix("basics/"))
        return each["said"] if each is not None else None
    if not entry:
        return kept.get("rest", {}).get(section)
    if section == "profiles":
        entries = kept.get("profiles", [])
    elif section in ROWS:
        entries = [record["entry"] for record in kept.get(section, []) if record["row"] is None]
    else:
        entries = kept.get("rest", {}).get(section, [])
    return value if isinstance(entries, list) and value in entries else None

"""JSON Resume (jsonresume.org, schema of 2026-06, MIT license), taken as people and programs really write it.

Every valid document passes through unchanged but for parts that say nothing (null, "", [] and {}). What breaks the
schema is mended where its meaning is plain, left out with a notice where it is not.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from profiles.importers.periods import PRESENT, read_date
from profiles.importers.reading import Reading, Refused, Source, escape

SCHEMA: dict[str, Any] = json.loads((Path(__file__).with_name("json_resume.schema.json")).read_text(encoding="utf-8"))
SECTIONS: dict[str, Any] = SCHEMA["properties"]

_PARTIAL_DATE = re.compile(SCHEMA["definitions"]["iso8601"]["pattern"])
# What an entry is called when it is written as a bare text.
_MAIN_KEY = {
    "work": "name",
    "volunteer": "organization",
    "education": "institution",
    "awards": "title",
    "languages": "language",
    "profiles": "network",
}
# Names of the schema before version 1.0, and those that people and tools write instead.
_DATES = {"start": "startDate", "from": "startDate", "end": "endDate", "to": "endDate"}
_FORMER_KEYS = {
    "work": {
        "company": "name",
        "website": "url",
        "employer": "name",
        "organization": "name",
        "title": "position",
        "jobTitle": "position",
        "role": "position",
        "achievements": "highlights",
        "responsibilities": "highlights",
        **_DATES,
    },
    "volunteer": {"website": "url", **_DATES},
    "publications": {"website": "url", "title": "name"},
    "basics": {"picture": "image", "website": "url", "degree": "label", "headline": "label", "title": "label"},
    "education": {
        "gpa": "score",
        "degree": "studyType",
        "school": "institution",
        "university": "institution",
        "college": "institution",
        "field": "area",
        "major": "area",
        "fieldOfStudy": "area",
        **_DATES,
    },
    "languages": {"name": "language", "level": "fluency", "proficiency": "fluency"},
    "certificates": {
        "title": "name",
        "certificate": "name",
        "certification": "name",
        "certificationName": "name",
        "authority": "issuer",
        "organization": "issuer",
        "issuedBy": "issuer",
        "issuingOrganization": "issuer",
        "issueDate": "date",
        "issued": "date",
        "issuedOn": "date",
        "year": "date",
        "link": "url",
        "website": "url",
    },
    "skills": {"skill": "name", "title": "name", "category": "name", "group": "name", "items": "keywords"},
}
_FORMER_SECTIONS = {
    "certifications": "certificates",
    "certs": "certificates",
    "hobbies": "interests",
    "experience": "work",
    "workExperience": "work",
    "work_experience": "work",
    "employment": "work",
}
# Where a lone text is an enumeration of entries.
_LISTED = frozenset({"skills", "languages", "interests"})
_TEXT_KEYS = (
    *("name", "title", "text", "value", "label", "keyword", "skill", "technology", "tool", "language", "framework"),
    *("summary", "description", "url"),
)


def conform(data: Any, reading: Reading) -> dict[str, Any]:
    """Return ``data`` as a document that the schema accepts. Raises Refused ``not_an_object`` for anything else.

    Sections that the schema does not know are kept, each with the notice ``unknown_field``.
    """
    if not isinstance(data, dict):
        raise Refused("not_an_object")
    document: dict[str, Any] = {}
    for key, value in data.items():
        pointer = f"/{escape(key)}"
        section = key
        if key in _FORMER_SECTIONS and _FORMER_SECTIONS[key] not in data:
            section = _FORMER_SECTIONS[key]
            reading.notice("former_field", pointer, now=section)
        if section not in SECTIONS:
            if not _says_nothing(kept := meaningful(value)):
                reading.notice("unknown_field", pointer)
                document[key] = kept
            continue
        fitted = _fit(value, SECTIONS[section], pointer, section, reading)
        if not _says_nothing(fitted):
            document[section] = fitted
            if section != key:
                reading.sources[f"/{escape(section)}"] = Source(pointer=pointer)
    return document


def meaningful(value: Any) -> Any:
    """Return ``value`` without the parts that say nothing: null, blank texts, empty lists and objects."""
    if isinstance(value, dict):
        kept = {key: meaningful(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if not _says_nothing(item)}
    if isinstance(value, list):
        return [item for item in map(meaningful, value) if not _says_nothing(item)]
    return value


def _says_nothing(value: Any) -> bool:
    return value is None or value == [] or value == {} or (isinstance(value, str) and not value.strip())


def _fit(value: Any, shape: dict[str, Any], pointer: str, name: str, reading: Reading) -> Any:
    """Return ``value`` in the shape that the schema wants, None when nothing of it can be kept."""
    if _says_nothing(value):
        return None
    if "$ref" in shape:
        return _fit_date(value, pointer, reading)
    kind = shape.get("type")
    if kind == "string":
        return _fit_text(value, pointer, reading)
    if kind == "array":
        return _fit_list(value, shape["items"], pointer, name, reading)
    return _fit_object(value, shape, pointer, name, reading)


def _fit_text(value: Any, pointer: str, reading: Reading) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        text = json.dumps(value)
    elif isinstance(value, dict):
        text = next((value[key] for key in _TEXT_KEYS if isinstance(value.get(key), str)), "")
    else:
        text = ", ".join(item for item in value if isinstance(item, str))
    if not text.strip():
        reading.notice("wrong_type", pointer, expected="text")
        return None
    reading.notice("converted", pointer, to="text")
    return text


def _fit_date(value: Any, pointer: str, reading: Reading) -> str | None:
    if isinstance(value, str) and _PARTIAL_DATE.match(value):
        return value
    date = read_date(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if date == PRESENT:
        return None  # an open end is a date that is not there
    if date is None or not _PARTIAL_DATE.match(date):
        reading.notice("unreadable_date", pointer)
        return None
    reading.notice("converted", pointer, to="date")
    return date


def _fit_list(value: Any, shape: dict[str, Any], pointer: str, name: str, reading: Reading) -> list[Any] | None:
    if name == "skills" and _is_grouped(value, shape):
        return _fit_groups(value, shape, pointer, reading)
    if not isinstance(value, list):
        if isinstance(value, str) and (shape.get("type") == "string" or name in _LISTED):
            value = [piece.strip() for piece in re.split(r"[\n;,•]", value)]
        else:
            value = [value]
        reading.notice("converted", pointer, to="list")
    fitted: list[Any] = []
    for position, item in enumerate(value):
        entry = _fit(item, shape, f"{pointer}/{position}", name, reading)
        if not _says_nothing(entry):
            if len(fitted) != position:  # something empty before it went away
                reading.sources[f"{pointer}/{len(fitted)}"] = Source(pointer=f"{pointer}/{position}")
            fitted.append(entry)
    return fitted


def _is_grouped(value: Any, shape: dict[str, Any]) -> bool:
    """Tell whether skills are an object of groups instead of one skill."""
    if not isinstance(value, dict) or value.keys() & shape["properties"].keys():
        return False
    return bool(value) and all(isinstance(items, list | str) for items in value.values())


def _fit_groups(value: dict[str, Any], shape: dict[str, Any], pointer: str, reading: Reading) -> list[Any]:
    """Return skills that are written as an object of groups, ``{"Databases": ["Db2", "Oracle"]}``, as a list."""
    reading.notice("converted", pointer, to="list")
    fitted: list[Any] = []
    for group, items in value.items():
        inner = f"{pointer}/{escape(group)}"
        keywords = _fit(items, shape["properties"]["keywords"], inner, "keywords", reading)
        if not _says_nothing(keywords):
            reading.sources[f"{pointer}/{len(fitted)}"] = Source(pointer=inner)
            fitted.append({"name": group, "keywords": keywords})
    return fitted


def _fit_object(value: Any, shape: dict[str, Any], pointer: str, name: str, reading: Reading) -> dict[str, Any] | None:
    if isinstance(value, str) and (name in _MAIN_KEY or shape is not SECTIONS.get(name)):
        key = "address" if name == "location" else _MAIN_KEY.get(name, "name")
        reading.notice("converted", pointer, to="object")
        return {key: value}
    if not isinstance(value, dict):
        reading.notice("wrong_type", pointer, expected="object")
        return None
    properties = shape["properties"]
    former = {old: new for old, new in _FORMER_KEYS.get(name, {}).items() if old in value and new not in value}
    fitted: dict[str, Any] = {}
    for key, item in value.items():
        inner = f"{pointer}/{escape(key)}"
        entry = _fit(item, properties[key], inner, key, reading) if key in properties else meaningful(item)
        if not _says_nothing(entry):
            fitted[key] = entry
        if key in former and former[key] not in fitted:
            renamed = _fit(item, properties[former[key]], inner, former[key], reading)
            if not _says_nothing(renamed):
                reading.notice("former_field", inner, now=former[key])
                fitted[former[key]] = renamed
    return fitted

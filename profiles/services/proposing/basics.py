"""Who somebody is, by their résumé: name, contact, headline, summary and place, against what the profile says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from profiles.importers.comparing import plain
from profiles.importers.contacts import PARTICLES
from profiles.importers.text_language import language_of
from profiles.levels import COUNTRY_CODES
from profiles.services import professionals
from profiles.services.proposing.draft import Draft, Proposal, keep, placed

LONGEST = {
    "given_names": 80,
    "family_names": 120,
    "headline_en": 160,
    "headline_es": 160,
    "summary_en": 4000,
    "summary_es": 4000,
    "city": 80,
    "region": 80,
}
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_DIALING = {"MX": "+52", "US": "+1"}


def propose(draft: Draft) -> Iterator[Proposal]:
    """Propose the parts of ``basics``: one per column of the profile, the others to be kept."""
    basics = draft.reading.document.get("basics", {})
    for part, said in basics.items():
        pointer = f"/basics/{part}"
        if part == "location" and isinstance(said, dict):
            for inner, text in said.items():
                yield _part(draft, f"location/{inner}", text, f"{pointer}/{inner}", basics)
        elif part == "profiles" and isinstance(said, list):
            for position, entry in enumerate(said):
                yield keep(draft, "profiles", f"{pointer}/{position}", entry)
        else:
            yield _part(draft, part, said, pointer, basics)


def _part(draft: Draft, part: str, said: Any, pointer: str, basics: dict[str, Any]) -> Proposal:
    value, confidence = columns_of(part, said, basics, draft) if isinstance(said, str) else ({}, 0)
    if not value:
        path = "/resume/basics/" + (part if part.replace("/", "_").isidentifier() and len(part) <= 60 else "other")
        return keep(draft, f"basics/{part}", pointer, said, entry=False, path=path)
    path = "/name" if part == "name" else f"/{next(iter(value))}"
    proposal = Proposal("basics", path, pointer, value, draft.sure(confidence, min(confidence, 80)))
    current = _current(draft, list(value))
    return placed(proposal, current if any(current.values()) else None)


def _current(draft: Draft, columns: list[str]) -> dict[str, Any]:
    row = draft.professional
    clear = {
        "phone": lambda: professionals.phone(row),
        "country": lambda: COUNTRY_CODES[row.country],
    }
    return {column: clear[column]() if column in clear else getattr(row, column) for column in columns}


def columns_of(part: str, said: str, basics: dict[str, Any], draft: Draft) -> tuple[dict[str, Any], int]:
    """Return the columns that a part of ``basics`` fills, none when it fills none, and the confidence."""
    text = " ".join(said.split())
    if part == "name":
        return _name(text, basics, draft)
    if part == "email":
        return ({"contact_email": text}, 98) if _is_email(text) else ({}, 0)
    if part == "phone":
        return _phone(text, basics)
    if part in {"label", "summary"}:
        return _by_language(part, said.strip() if part == "summary" else text, draft)
    if part in {"location/city", "location/region"}:
        column = part.removeprefix("location/")
        return ({column: text}, 90) if len(text) <= LONGEST[column] else ({}, 0)
    if part == "location/countryCode":
        code = {"MEX": "MX", "USA": "US", "MÉXICO": "MX", "MEXICO": "MX"}.get(text.upper(), text.upper())
        return ({"country": code}, 95) if code in COUNTRY_CODES.values() else ({}, 0)
    return {}, 0


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _phone(text: str, basics: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Return the number in E.164; one of ten digits gets the dialing code of the country that the résumé names."""
    digits = re.sub(r"[^\d+]", "", text.split("ext")[0])
    number = "+" + digits.lstrip("+") if text.lstrip(" (").startswith("+") else digits
    confidence = 95
    if re.fullmatch(r"\+521\d{10}", number):  # the 1 of mobiles, gone from Mexico's numbers since 2019
        number, confidence = "+52" + number[4:], 90
    location = basics.get("location")
    country = str(location.get("countryCode", "")).upper() if isinstance(location, dict) else ""
    if re.fullmatch(r"\d{10}", number) and country in _DIALING:
        number, confidence = _DIALING[country] + number, 75
    return ({"phone": number}, confidence) if _E164.fullmatch(number) else ({}, 0)


def _by_language(part: str, text: str, draft: Draft) -> tuple[dict[str, Any], int]:
    language = draft.column_language(text)
    if not language:
        draft.reading.notice("unsupported_language", f"/basics/{part}", language=language_of(text))
        return {}, 0
    column = ("headline_" if part == "label" else "summary_") + language
    if len(text) > LONGEST[column]:
        draft.reading.notice("shortened", f"/basics/{part}", most=LONGEST[column])
    return {column: text[: LONGEST[column]]}, 90 if language_of(text) else 70


def _name(text: str, basics: dict[str, Any], draft: Draft) -> tuple[dict[str, Any], int]:
    """Return given and family names. Where a text has more than two words their border is a guess, by where it is from.

    Spanish-speaking countries write two family names, the United States one.
    """
    given, family, confidence = str(basics.get("givenName", "")), str(basics.get("familyName", "")), 97
    if f"{given} {family}".split() != text.split():
        given, family, confidence = _split(text, spanish=_is_spanish(basics, draft))
    if not given or len(given) > LONGEST["given_names"] or len(family) > LONGEST["family_names"]:
        draft.reading.notice("shortened", "/basics/name")
        return {}, 0
    return {"given_names": given, "family_names": family}, confidence


def _is_spanish(basics: dict[str, Any], draft: Draft) -> bool:
    location = basics.get("location")
    country = str(location.get("countryCode", "")).upper() if isinstance(location, dict) else ""
    return country == "MX" or (country != "US" and draft.reading.language == "es")


def _split(text: str, *, spanish: bool) -> tuple[str, str, int]:
    if "," in text:
        family, _comma, given = text.partition(",")
        return given.strip(), family.strip(), 85
    words = text.split()
    if len(words) < 3:
        return words[0] if words else "", " ".join(words[1:]), 95
    groups: list[str] = []
    for word in reversed(words):  # a particle belongs to the name behind it: “de la Cruz”
        if groups and plain(word) in PARTICLES and len(groups) < len(words):
            groups[-1] = f"{word} {groups[-1]}"
        else:
            groups.append(word)
    groups.reverse()
    families = 2 if spanish and len(groups) >= 3 else 1
    if len(groups) <= families:
        return groups[0], " ".join(groups[1:]), 70
    return " ".join(groups[:-families]), " ".join(groups[-families:]), 75

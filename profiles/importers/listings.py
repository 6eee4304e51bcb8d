"""Parts of a résumé that are lists: skills, languages, certificates, and what is kept as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from profiles.importers.headings import plain
from profiles.importers.lines import Line
from profiles.importers.periods import find_date

_LEVEL_WORDS = (
    "basic|beginner|novice|elementary|intermediate|advanced|expert|proficient|fluent|master|familiar|competent|native|"
    "basico|basica|principiante|elemental|intermedio|intermedia|avanzado|avanzada|experto|experta|dominio|fluido|nativo|"
    "básico|básica|medio"
)
_LEVEL = re.compile(rf"[\s:(–—-]+(?P<level>(?:nivel\s+)?(?:{_LEVEL_WORDS})(?:\s+level)?)\)?\s*$", re.IGNORECASE)
_YEARS = re.compile(
    r"[\s:(,–—-]*(?P<years>\d{1,2})\s*\+?\s*(?:years?|yrs?|años?)(?:\s+(?:of\s+experience|de\s+experiencia))?\)?\s*$",
    re.IGNORECASE,
)
_YEARS_FIRST = re.compile(
    r"^(?P<years>\d{1,2})\s*\+?\s*(?:years?|yrs?|años?)\s+(?:of\s+experience\s+)?(?:de\s+experiencia\s+)?"
    r"(?:in|of|with|en|de|con)\s+(?P<name>.+)$",
    re.IGNORECASE,
)
_LANGUAGES = re.compile(
    r"english|ingles|spanish|espanol|castellano|french|frances|german|aleman|portuguese|portugues|italian|italiano|"
    r"chinese|chino|mandarin|japanese|japones|korean|coreano|russian|ruso|arabic|arabe|nahuatl|maya|dutch|holandes|"
    r"hindi|catalan|hebrew|hebreo|polish|polaco|turkish|turco|zapoteco|mixteco|otomi|tzotzil|tzeltal"
)
_RANK = re.compile(
    r"(?:associate|professional|foundations?|practitioner|expert|advanced|intermediate|fundamentals|specialty|"
    r"foundation level|level \w+|nivel \w+)(?:\s+level)?",
    re.IGNORECASE,
)  # part of a certificate's name, not who issued it
_LONGEST_SKILL = 120
_MOST_SKILL_WORDS = 8


def split_items(text: str) -> list[str]:
    """Return the items of an enumeration, split at commas and the like, but not inside brackets."""
    items, depth, start = [], 0, 0
    for position, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        # A comma inside a number or a name such as "1,000" has no space behind it.
        comma = sign == "," and (position + 1 == len(text) or not text[position + 1].isdigit())
        if depth <= 0 and (comma or sign in ";|•·\t●▪"):
            items.append(text[start:position])
            start = position + 1
    items.append(text[start:])
    return [item for item in map(_trimmed, items) if item]


def _trimmed(item: str) -> str:
    """Return an item without the signs around it, but .NET with its dot."""
    item = item.strip().rstrip(" .")
    return item if item.lower().startswith(".net") else item.lstrip(" .")


def read_skills(lines: Sequence[Line]) -> Iterator[tuple[dict[str, Any], Line]]:
    """Yield entries of JSON Resume's ``skills`` with the line of each.

    ``Bases de datos: DB2, Oracle`` is one entry with keywords; an enumeration gives an entry per item. ``years`` is a
    member of our own, which the schema allows.
    """
    for line in _unwrapped(lines):
        head, _colon, rest = line.text.partition(":")
        grouped = bool(rest.strip()) and len(head) <= 60
        if grouped and (not _LEVEL.search(f" {rest.strip()}") or len(split_items(rest)) > 1):
            items = [item for item in map(_skill, split_items(rest)) if item["name"]]
            if all(set(item) == {"name"} for item in items):
                yield {"name": head.strip(), "keywords": [item["name"] for item in items]}, line
                continue
            for item in items:
                yield item, line
            continue
        for text in split_items(line.text):
            item = _skill(text)
            if item["name"] and len(item["name"].split()) <= _MOST_SKILL_WORDS:
                yield item, line


def _skill(text: str) -> dict[str, Any]:
    skill: dict[str, Any] = {}
    name = text.strip(" .:") if not text.strip().startswith(".") else text.strip(" :")
    if found := _YEARS_FIRST.match(name):
        name, skill["years"] = found["name"], int(found["years"])
    if found := _YEARS.search(name):
        name, skill["years"] = name[: found.start()], int(found["years"])
    if (found := _LEVEL.search(name)) and name[: found.start()].strip():
        name, skill["level"] = name[: found.start()], found["level"]
    name = name.strip(" ,:–—-")
    if name.count("(") > name.count(")"):
        name += ")"
    return {"name": name[:_LONGEST_SKILL], **skill}


def _unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Join lines that an enumeration was wrapped into: one that ends with a comma goes on."""
    whole: list[Line] = []
    for line in lines:
        if whole and not line.bullet and whole[-1].text.endswith((",", ";", " y", " and")):
            first = whole[-1]
            whole[-1] = replace(first, text=f"{first.text} {line.text}")
        else:
            whole.append(line)
    return whole


def read_languages(lines: Sequence[Line]) -> Iterator[tuple[dict[str, str], Line]]:
    """Yield entries of JSON Resume's ``languages``: the name as written, and what is said of it as ``fluency``."""
    for line in lines:
        for text in split_items(line.text):
            words = text.replace("(", " (").split()
            position = next((at for at, word in enumerate(words) if _LANGUAGES.fullmatch(plain(word))), None)
            if position is None:
                continue
            rest = " ".join([*words[:position], *words[position + 1 :]])
            fluency = rest.strip(" :()–—-,.").strip()
            if "(" in fluency and ")" not in fluency:
                fluency += ")"
            entry = {"language": words[position].strip(" :()–—-,.")}
            if fluency:
                entry["fluency"] = fluency
            yield entry, line


def read_certificates(lines: Sequence[Line]) -> Iterator[tuple[dict[str, str], Line]]:
    """Yield entries of JSON Resume's ``certificates``: name, date and issuer where a line gives them."""
    for line in lines:
        text = line.text
        entry: dict[str, str] = {}
        if found := find_date(text):
            date, (start, end) = found
            entry["date"] = date
            text = f"{text[:start]} {text[end:]}"
        if said := re.fullmatch(r"(.+?)\s*\(([^()]*)\)\W*", text):
            text = f"{said[1]} – {said[2]}"
        pieces = [_unbracketed(piece) for piece in re.split(r"\s[-–—]\s|[|•·\t]|—|–", text)]
        pieces = [piece for piece in pieces if piece]
        if not pieces:
            continue
        if len(pieces) > 1 and _RANK.fullmatch(pieces[1]):
            pieces[:2] = [f"{pieces[0]} – {pieces[1]}"]
        name = pieces[0]
        if len(pieces) == 1 and ", " in name and len(name) > 12:
            name, _comma, issuer = name.partition(", ")
            pieces = [name, issuer]
        entry["name"] = name
        issuer = next((piece for piece in pieces[1:] if not re.fullmatch(r"[A-Z]{2,6}\+?|\d+", piece)), "")
        if issuer:
            entry["issuer"] = issuer
        yield entry, line


def _unbracketed(text: str) -> str:
    """Return a text without the signs around it, and without a bracket whose other half is gone."""
    stripped = text.strip(" ,;:.")
    for opening, closing in (("(", ")"), ("[", "]")):
        if stripped.count(opening) != stripped.count(closing):
            stripped = stripped.strip(f"{opening}{closing} ,;:.")
    return stripped


def read_plain(section: str, lines: Sequence[Line]) -> Iterator[tuple[dict[str, Any], Line]]:
    """Yield entries of a part that the profile keeps as it stands: awards, publications, interests, references, …"""
    key = {"awards": "title", "volunteer": "organization", "references": "reference"}.get(section, "name")
    for line in _items(lines):
        if section == "interests":
            for item in split_items(line.text):
                yield {"name": item}, line
            continue
        entry: dict[str, Any] = {key: line.text}
        date = find_date(line.text)
        if date and section in {"awards", "publications"}:
            entry["date" if section == "awards" else "releaseDate"] = date[0]
        yield entry, line


def _items(lines: Sequence[Line]) -> list[Line]:
    """Join wrapped lines to the item they belong to, where the part has bullets at all."""
    if not any(line.bullet for line in lines):
        return list(lines)
    items: list[Line] = []
    for line in lines:
        if line.bullet or not items:
            items.append(line)
        else:
            first = items[-1]
            items[-1] = replace(first, text=f"{first.text} {line.text}")
    return items

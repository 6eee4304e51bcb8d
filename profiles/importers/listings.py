"""Parts of a résumé that are lists: skills, languages, certificates, and what is kept as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from profiles.importers import mentions
from profiles.importers.lines import Line
from profiles.importers.periods import find_date, last_date
from profiles.importers.places import read_place

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
MARKS = re.compile(r"\s*[●○★☆■□▪▫◆◇⬤◯•·∙]{2,}\s*$")
_RANK = re.compile(
    r"(?:associate|professional|foundations?|practitioner|expert|advanced|intermediate|fundamentals|specialty|"
    r"foundation level|level \w+|nivel \w+)(?:\s+level)?",
    re.IGNORECASE,
)  # part of a certificate's name, not who issued it
_ACRONYM = re.compile(r"[A-Z][A-Z0-9+/-]{1,9}(?: [IV]{1,3})?")
_ENDS_WITH_ACRONYM = re.compile(r"\([A-Z][A-Za-z0-9+/-]{1,9}\)[®™]?$")
LEVEL_ALONE = re.compile(
    rf"(?:nivel\s+)?(?:{_LEVEL_WORDS}|lengua materna|mother tongue|matern[oa]|"
    r"near-?native|casi nativ[oa]|bilingual|biling[uü]e|conversational|conversacional|"
    r"professional(?: working)?(?: proficiency)?|full professional|limited working|native or bilingual|fluente|"
    r"intermedi[aá]rio|avan[cç]ado)(?:\s+(?:level|proficiency|speaker))?(?:\s*\([ABC][12]\))?",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"(?:vigente|active|activo|current|expires?|vence|issued|emitid[oa]|expedid[oa]|obtenid[oa]|valid until|"
    r"v[aá]lid[oa] hasta|credential id.*|id de la credencial.*|folio.*|no\. .*)[:\s]*",
    re.IGNORECASE,
)
_LONGEST_SKILL = 120
_MOST_SKILL_WORDS = 8


def split_items(text: str) -> list[str]:
    """Return the items of an enumeration, split at commas and the like, but not inside brackets."""
    items, depth, start = [], 0, 0
    for position, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        # A comma inside a number or a name such as "1,000" has no space behind it.
        comma = sign == "," and (position + 1 == len(text) or not text[position + 1].isdigit())
        # "CI / CD" may be one thing or two; "TSO/ISPF" is one.
        slash = sign == "/" and text[position - 1 : position] == " " == text[position + 1 : position + 2]
        if depth <= 0 and (comma or slash or sign in ";|•·\t●▪"):
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

    ``Bases de datos: DB2, Oracle`` is one entry with keywords; an enumeration gives an entry per item; of a sentence
    only what the taxonomy surely names is taken. ``years`` is a member of our own, which the schema allows.
    """
    unwrapped = _unwrapped(lines)
    for at, line in enumerate(unwrapped):
        if line.cells:
            yield from ((item, line) for item in _skill_row(line))
            continue
        if _is_sentence(line):
            names = mentions.written(line.text)
            if not names and len(line.text.split()) <= _MOST_SKILL_WORDS:
                names = [line.text.rstrip(".")]
            for name in names:
                yield {"name": name}, line
            continue
        below = unwrapped[at + 1] if at + 1 < len(unwrapped) else None
        if below is not None and not line.bullet and _is_sentence(below) and len(split_items(line.text)) == 1:
            continue  # a heading over sentences
        head, rest = _group(line.text)
        if rest and (not _LEVEL.search(f" {rest}") or len(split_items(rest)) > 1):
            items = [item for item in map(_skill, split_items(rest)) if item["name"]]
            if all(set(item) == {"name"} for item in items):
                yield {"name": head, "keywords": [item["name"] for item in items]}, line
                continue
            for item in items:
                yield item, line
            continue
        for text in split_items(line.text):
            item = _skill(text)
            if item["name"] and len(item["name"].split()) <= _MOST_SKILL_WORDS and not LEVEL_ALONE.fullmatch(text):
                yield item, line


def _group(text: str) -> tuple[str, str]:
    """Return head and items of a group: ``Cloud: AWS, Azure``, ``CLOUD<tab>AWS · Azure``, ``Cloud – AWS, Azure``."""
    head, colon, rest = text.partition(":")
    if not colon and text.count("\t") == 1:
        head, colon, rest = text.partition("\t")
        colon = colon if len(split_items(rest)) > 1 else ""
    if not colon:
        head, colon, rest = _dashed(text)
    return (head.strip(), rest.strip()) if colon and len(head) <= 60 else ("", "")


def _dashed(text: str) -> tuple[str, str, str]:
    found = re.match(r"([^,;|·\t]{2,40}?)\s[-–—]\s(.+)", text)
    if found and len(split_items(found[2])) > 1 and len(found[1].split()) <= 4:
        return found[1], "-", found[2]
    return text, "", ""


def _is_sentence(line: Line) -> bool:
    """Tell whether a line tells of skills in a sentence instead of listing them."""
    words = line.text.split()
    if len(words) < (5 if line.bullet else 6) or line.cells:
        return False
    items = split_items(_group(line.text)[1] or line.text)
    ends = line.text.endswith(".") and not line.text.endswith("..")
    return len(words) / max(len(items), 1) > (2.5 if ends and line.bullet else 4.5 if ends else 9)


def _skill_row(line: Line) -> Iterator[dict[str, Any]]:
    said = dict(line.cells)
    for text in split_items(said.get("skill", "") or said.get("award", "")):
        item = _skill(text)
        if years := re.search(r"\d{1,2}", said.get("years", "")):
            item["years"] = int(years[0])
        if level := said.get("level", ""):
            item["level"] = level
        yield item


def _skill(text: str) -> dict[str, Any]:
    skill: dict[str, Any] = {}
    text = MARKS.sub("", text)
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


def read_certificates(lines: Sequence[Line]) -> Iterator[tuple[dict[str, str], Line]]:
    """Yield entries of JSON Resume's ``certificates``: name, date and issuer where a line gives them.

    A date that stands alone on its line belongs to the certificate above; acronyms in a row are one each.
    """
    found: list[tuple[dict[str, str], Line]] = []
    for line in filled(lines):
        dated = [part.strip() for part in line.text.split(";") if part.strip()]
        if len(dated) > 1 and not line.cells and all(map(_is_dated_name, dated)):
            found += [(entry, line) for part in dated if "name" in (entry := _certificate(part))]
            continue
        acronyms = split_items(line.text)
        if len(acronyms) > 1 and all(_ACRONYM.fullmatch(item) for item in acronyms) and not line.cells:
            found += [({"name": item}, line) for item in acronyms]
            continue
        if len(acronyms) > 1 and not line.cells and all(_is_dated_name(item) for item in acronyms):
            found += [(entry, line) for item in acronyms if "name" in (entry := _certificate(item))]
            continue
        entry = _certificate_row(line) if line.cells else _certificate(line.text)
        if "name" in entry:
            found.append((entry, line))
        elif "date" in entry and found and "date" not in found[-1][0]:
            found[-1][0]["date"] = entry["date"]
    yield from found


def _is_dated_name(item: str) -> bool:
    date = find_date(item)
    return date is not None and sum(sign.isalpha() for sign in item[: date[1][0]]) > 1


def _certificate_row(line: Line) -> dict[str, str]:
    said = dict(line.cells)
    name = said.get("award", "") or said.get("skill", "") or said.get("position", "")
    date = find_date(said.get("dates", "") or said.get("end", ""))
    entry = {
        "name": name,
        "date": date[0] if date else "",
        "issuer": said.get("school", "") or said.get("employer", ""),
    }
    return {key: value for key, value in entry.items() if value}


def _certificate(text: str) -> dict[str, str]:
    entry: dict[str, str] = {}
    if found := last_date(text):
        date, (start, end) = found
        entry["date"] = date
        text = f"{text[:start].rstrip(' ,;')} {text[end:]}"
    if said := re.fullmatch(r"(.+?)\s*\(([^()]*)\)\W*", text):
        text = f"{said[1]} – {said[2]}"
    text = re.sub(
        r"\b(?:issued by|emitido por|emitida por|otorgado por|issuer|emisor)\b:?", "|", text, flags=re.IGNORECASE
    )
    pieces = [_unbracketed(piece) for piece in re.split(r"\s[-–—/]\s|[|•·\t]|—|–", text)]
    pieces = [piece for piece in pieces if piece and not _STATED.fullmatch(piece)]
    if not pieces:
        return entry
    if len(pieces) > 1 and _RANK.fullmatch(pieces[1]):
        pieces[:2] = [f"{pieces[0]} – {pieces[1]}"]
    name = pieces[0]
    if len(pieces) == 1 and ", " in name and (len(name) > 12 or "date" in entry):
        name, _comma, issuer = name.partition(", ")
        pieces = [name, issuer]
    entry["name"] = name
    issuer = next((piece for piece in pieces[1:] if not re.fullmatch(r"[A-Z]{2,6}\+?|\d+", piece)), "")
    if issuer:
        entry["issuer"] = issuer
    return entry


_CERTIFIED = re.compile(
    r"\b(?:certifi\w+|accredited|acreditad\w+|licen[cs]ed?|credential\w*|badge|insignia|nanodegree|exam)\b",
    re.IGNORECASE,
)


def names_certificate(text: str) -> bool:
    """Tell whether a line names a certificate by its words, though it may name a school too."""
    return bool(_CERTIFIED.search(text))


def filled(lines: Sequence[Line], *, lower_only: bool = False) -> list[Line]:
    """Join items that a narrow column broke: a line that the next word would not have fitted into goes on.

    Only a PDF tells where lines end; a line much shorter than the column was ended on purpose. With ``lower_only`` just
    what begins in small letters goes on, for lists of short items.
    """
    whole: list[Line] = []
    above: Line | None = None
    for line in lines:
        goes_on = above is not None and not (line.bullet or line.cells or above.cells) and line.page == above.page
        if above is not None and goes_on and above.edge:
            word = replace(line, text=line.text.split(" ")[0])
            full = above.right + 0.3 * line.size + word.right - word.left > above.edge
            wide = above.right - above.left >= 0.65 * (above.edge - above.left)
            goes_on = full and wide and above.size == line.size and not find_date(whole[-1].text)
            goes_on = goes_on and read_place(line.text) is None and above.bold == line.bold
            # “Certified Fraud Examiner (CFE)” is whole, and so is what says once more that it certifies.
            goes_on = goes_on and not (_ENDS_WITH_ACRONYM.search(above.text) and not line.text[:1].islower())
            goes_on = goes_on and not (names_certificate(whole[-1].text) and names_certificate(line.text))
            goes_on = goes_on and (not lower_only or line.text[:1].islower())
        else:
            goes_on = goes_on and line.text[:1].islower() and not find_date(whole[-1].text) and len(line.text) > 3
        if goes_on:
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text} {line.text}")
        else:
            whole.append(line)
        above = line
    return whole


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

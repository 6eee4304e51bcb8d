"""The SkillsPassport of Europass (Cedefop, to 2020), XML or JSON, as a JSON Resume document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from profiles.importers import json_resume, listings
from profiles.importers.europass_entries import CEFR, Rows, language, place
from profiles.importers.lines import Line
from profiles.importers.markup import plain_text
from profiles.importers.periods import read_date
from profiles.importers.reading import Reading, Source
from profiles.importers.safe_xml import local

_ACTIVITIES = {"Listening": "listening", "Reading": "reading", "SpokenInteraction": "speaking", "Writing": "writing"}


def is_skills_passport(data: Any) -> bool:
    """Tell whether a JSON value is Europass's."""
    return isinstance(data, dict) and ("SkillsPassport" in data or "LearnerInfo" in data)


def read_json(data: Any, reading: Reading) -> None:
    """Fill ``reading`` from a SkillsPassport in JSON."""
    base = "/SkillsPassport/LearnerInfo" if "SkillsPassport" in data else "/LearnerInfo"
    passport = _map(data.get("SkillsPassport", data))
    _learner(_map(passport.get("LearnerInfo")), base, reading)


def read_xml(root: Element, reading: Reading) -> None:
    """Fill ``reading`` from a SkillsPassport in XML; sources are paths of its JSON form."""
    tree, name = _map(_tree(root)), local(root)
    learner = tree if name == "LearnerInfo" else _map(tree.get("LearnerInfo"))
    _learner(learner, "/LearnerInfo" if name == "LearnerInfo" else f"/{name}/LearnerInfo", reading)


def _tree(element: Element) -> Any:
    """Return an element as the JSON form writes it: lists without their wrappers, attributes as members."""
    children = list(element)
    if not children and not element.attrib:
        return (element.text or "").strip()
    members: dict[str, Any] = {}
    for key, value in element.attrib.items():
        members[key.rpartition("}")[2].capitalize()] = value
    for child in children:
        name = local(child)
        if name.endswith("List") and len(child):
            inner = [_tree(each) for each in child]
            members.setdefault(local(child[0]), []).extend(inner)
        elif name in members:
            before = members[name]
            members[name] = [*before, _tree(child)] if isinstance(before, list) else [before, _tree(child)]
        else:
            members[name] = _tree(child)
    return members


def _learner(learner: dict[str, Any], base: str, reading: Reading) -> None:
    document: dict[str, Any] = {}
    basics = _identification(_map(learner.get("Identification")))
    headline = _map(learner.get("Headline"))
    basics["label"] = _label(headline.get("Description"))
    document["basics"] = basics
    skills = _map(learner.get("Skills"))
    sections: dict[str, Rows] = {
        "work": [(_work(each), at) for each, at in _rows(learner, "WorkExperience", base)],
        "education": [(_education(each), at) for each, at in _rows(learner, "Education", base)],
        "languages": list(_languages(_map(skills.get("Linguistic")), f"{base}/Skills/Linguistic")),
        "skills": list(_skills(skills, f"{base}/Skills")),
        "certificates": list(_certificates(learner, base)),
        "awards": [
            (_achievement(each), at) for each, at in _rows(learner, "Achievement", base) if not _is_certification(each)
        ],
    }
    for section, rows in sections.items():
        place(document, section, rows, reading)
    reading.sources["/basics"] = Source(pointer=f"{base}/Identification")
    reading.sources["/basics/label"] = Source(pointer=f"{base}/Headline/Description/Label")
    reading.document = json_resume.meaningful(json_resume.conform(document, reading))


def _identification(who: dict[str, Any]) -> dict[str, Any]:
    name = _map(who.get("PersonName"))
    contact = _map(who.get("ContactInfo"))
    address = _map(_map(contact.get("Address")).get("Contact"))
    country = _map(address.get("Country"))
    emails, phones, sites = (_contacts(contact.get(key)) for key in ("Email", "Telephone", "Website"))
    given, family = _text(name.get("FirstName")), _text(name.get("Surname"))
    return {
        "name": " ".join(part for part in (given, family) if part),
        # How the parts of a name are divided is known here and nowhere else.
        "givenName": given,
        "familyName": family,
        "email": emails[0] if emails else "",
        "phone": phones[0] if phones else "",
        "url": sites[0] if sites else "",
        "location": {
            "address": _text(address.get("AddressLine")),
            "postalCode": _text(address.get("PostalCode")),
            "city": _text(address.get("Municipality")),
            "countryCode": _text(country.get("Code")).upper(),
        },
    }


def _contacts(value: Any) -> list[str]:
    return [text for text in (_text(_map(each).get("Contact")) for each in _list(value)) if text]


def _work(each: dict[str, Any]) -> dict[str, Any]:
    employer = _map(each.get("Employer"))
    address = _map(_map(_map(employer.get("ContactInfo")).get("Address")).get("Contact"))
    country = _label(address.get("Country"))
    place = ", ".join(part for part in (_text(address.get("Municipality")), country) if part)
    text, items = plain_text(_text(each.get("Activities")))
    return {
        "name": _text(employer.get("Name")),
        "position": _label(each.get("Position")),
        "location": place,
        "description": _label(employer.get("Sector")),
        **_period(_map(each.get("Period"))),
        "summary": text,
        "highlights": items,
    }


def _education(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "institution": _text(_map(each.get("Organisation")).get("Name")),
        "studyType": _text(each.get("Title")),
        "area": _label(each.get("Field")),
        **_period(_map(each.get("Period"))),
    }


def _languages(linguistic: dict[str, Any], base: str) -> Iterator[tuple[dict[str, Any], str]]:
    for each, at in _rows(linguistic, "MotherTongue", base):
        yield {"language": _label(each.get("Description")), "fluency": "native"}, at
    for each, at in _rows(linguistic, "ForeignLanguage", base):
        levels = _map(each.get("ProficiencyLevel"))
        cefr = {ours: found[1] for key, ours in _ACTIVITIES.items() if (found := CEFR.search(_text(levels.get(key))))}
        yield language(_label(each.get("Description")), cefr), at


def _skills(skills: dict[str, Any], base: str) -> Iterator[tuple[dict[str, Any], str]]:
    for key in ("Computer", "JobRelated", "Communication", "Organisational", "Other"):
        text, items = plain_text(_text(_map(skills.get(key)).get("Description")))
        for line in [*text.splitlines(), *items]:
            names = [name.strip(" .") for name in re.split(r"[,;•]", line) if name.strip(" .")]
            # What is told in a sentence (“buena comunicación con usuarios”) names no skill.
            listed = key in {"Computer", "JobRelated"} or len(names) > 1
            for name in names:
                if len(name.split()) <= (8 if listed else 3):
                    yield {"name": name}, f"{base}/{key}/Description"


def _is_certification(each: dict[str, Any]) -> bool:
    title = each.get("Title")
    code = _text(title.get("Code")) if isinstance(title, dict) else ""
    return "certif" in f"{code} {_label(title)}".lower()


def _certificates(learner: dict[str, Any], base: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the certificates that an achievement of that title lists, one a line."""
    for each, at in _rows(learner, "Achievement", base):
        if _is_certification(each):
            text, items = plain_text(_text(each.get("Description")))
            lines = [Line(line) for line in [*text.splitlines(), *items] if line.strip()]
            for entry, _line in listings.read_certificates(lines):
                yield entry, f"{at}/Description"


def _achievement(each: dict[str, Any]) -> dict[str, Any]:
    text, items = plain_text(_text(each.get("Description")))
    return {"title": _label(each.get("Title")) or text[:80], "summary": "\n".join([text, *items]).strip()}


def _period(period: dict[str, Any]) -> dict[str, str]:
    ended = {} if _text(period.get("Current")).lower() == "true" else _map(period.get("To"))
    return {"startDate": _date(_map(period.get("From"))), "endDate": _date(ended)}


def _date(parts: dict[str, Any]) -> str:
    """Return a partial date; months come as 3, as ``--03`` and days as ``---15`` (XML Schema's gMonth, gDay)."""
    numbers = [_text(parts.get(key)).lstrip("-") for key in ("Year", "Month", "Day")]
    present = []
    for number in numbers:
        if not number.isdigit():
            break
        present.append(number.zfill(2))
    return read_date("-".join(present)) or "" if present else ""


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _rows(holder: dict[str, Any], key: str, base: str) -> Rows:
    """Return the entries of a list, which XML and JSON write as one when it is alone, each with its pointer."""
    return [(_map(each), f"{base}/{key}/{position}") for position, each in enumerate(_list(holder.get(key)))]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _label(value: Any) -> str:
    """Return the words of a coded value: its label, or the label inside."""
    if isinstance(value, dict):
        return _text(value.get("Label")) or _label(value.get("Label"))
    return _text(value)

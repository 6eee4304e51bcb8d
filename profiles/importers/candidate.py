"""The Candidate of Europass (HR Open Standards, since 2020), as a JSON Resume document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from profiles.importers import json_resume
from profiles.importers.europass_entries import CEFR, Rows, language, place
from profiles.importers.markup import plain_text
from profiles.importers.periods import read_date
from profiles.importers.reading import Reading, Refused, Source
from profiles.importers.safe_xml import local

# How the codes of the competency dimensions end: CEF-Understanding-Listening, CEF-Speaking-Interaction, …
_ACTIVITIES = {
    "listening": "listening",
    "reading": "reading",
    "interaction": "speaking",
    "writing": "writing",
}


def read(root: Element, reading: Reading) -> None:
    """Fill ``reading`` from a Candidate. Raises Refused ``unknown_format`` for one without a person and a profile."""
    person = _first(root, "CandidatePerson")
    profile = _first(root, "CandidateProfile")
    if person is None and profile is None:
        raise Refused("unknown_format")
    document: dict[str, Any] = {"basics": _person(person) if person is not None else {}}
    reading.sources["/basics"] = Source(pointer="/Candidate/CandidatePerson")
    if profile is not None:
        about = _first(profile, "ExecutiveSummary")
        text, items = plain_text(_said(about))
        document["basics"]["summary"] = "\n".join([text, *items]).strip()
        base = "/Candidate/CandidateProfile"
        mother = _said(_first(person, "PrimaryLanguageCode")) if person is not None else ""
        sections = {
            "work": list(_employers(profile, base)),
            "education": list(_attendances(profile, base)),
            "languages": [*_mother_tongue(mother), *_competencies(profile, base, languages=True)],
            "skills": list(_competencies(profile, base, languages=False)),
            "certificates": list(_certifications(profile, base)),
        }
        for section, rows in sections.items():
            place(document, section, rows, reading)
    reading.document = json_resume.meaningful(json_resume.conform(document, reading))


def _person(person: Element) -> dict[str, Any]:
    given, family = _said(_first(person, "GivenName")), _said(_first(person, "FamilyName"))
    basics: dict[str, Any] = {
        "name": " ".join(part for part in (given, family) if part),
        "givenName": given,
        "familyName": family,
    }
    for channel in _each(person, "Communication"):
        code = _said(_first(channel, "ChannelCode")).lower()
        address = _first(channel, "Address")
        if code == "email":
            basics.setdefault("email", _said(_first(channel, "URI")))
        elif code in {"telephone", "phone", "mobile"}:
            dialing = _said(_first(channel, "CountryDialing")).lstrip("+0")
            number = _said(_first(channel, "DialNumber")) or _said(_first(channel, "FormattedNumber"))
            basics.setdefault("phone", f"+{dialing} {number}" if dialing and not number.startswith("+") else number)
        elif code == "web":
            basics.setdefault("url", _said(_first(channel, "URI")))
        elif address is not None:
            basics.setdefault("location", _address(address))
    return basics


def _address(address: Element) -> dict[str, str]:
    return {
        "address": _said(_first(address, "AddressLine")),
        "postalCode": _said(_first(address, "PostalCode")),
        "city": _said(_first(address, "CityName")),
        "countryCode": _said(_first(address, "CountryCode")).upper(),
    }


def _employers(profile: Element, base: str) -> Iterator[tuple[dict[str, Any], str]]:
    for number, employer in enumerate(_each(profile, "EmployerHistory")):
        for position in _each(employer, "PositionHistory"):
            text, items = plain_text(_said(_first(position, "Description")))
            contact = _first(employer, "OrganizationContact")
            city = _said(_first(position, "City")) or _said(_first(contact, "CityName"))
            yield (
                {
                    "name": _said(_first(employer, "OrganizationName")),
                    "position": _said(_first(position, "PositionTitle")),
                    "location": city,
                    **_span(position),
                    "summary": text,
                    "highlights": items,
                },
                f"{base}/EmploymentHistory/EmployerHistory/{number}",
            )


def _attendances(profile: Element, base: str) -> Iterator[tuple[dict[str, Any], str]]:
    for number, each in enumerate(_each(profile, "EducationOrganizationAttendance")):
        yield (
            {
                "institution": _said(_first(each, "OrganizationName")),
                "studyType": _said(_first(each, "DegreeName")) or _said(_first(each, "ProgramName")),
                "area": _said(_first(each, "FieldOfStudy")),
                **_span(each),
            },
            f"{base}/EducationHistory/EducationOrganizationAttendance/{number}",
        )


def _mother_tongue(code: str) -> Rows:
    return [({"language": code, "fluency": "native"}, "/Candidate/CandidatePerson/PrimaryLanguageCode")] if code else []


def _competencies(profile: Element, base: str, *, languages: bool) -> Iterator[tuple[dict[str, Any], str]]:
    for number, each in enumerate(_each(profile, "PersonCompetency")):
        name = _said(_first(each, "CompetencyName")) or _said(_first(each, "CompetencyID"))
        if (_said(_first(each, "TaxonomyID")).lower() == "language") != languages:
            continue
        at = f"{base}/PersonQualifications/PersonCompetency/{number}"
        if not languages:
            yield {"name": name}, at
            continue
        cefr: dict[str, str] = {}
        for dimension in _each(each, "CompetencyDimension"):
            code = _said(_first(dimension, "CompetencyDimensionTypeCode")).lower()
            found = CEFR.search(_said(_first(dimension, "ScoreText")))
            for word, activity in _ACTIVITIES.items():
                if word in code and found:
                    cefr[activity] = found[1]
        yield language(name, cefr), at


def _certifications(profile: Element, base: str) -> Iterator[tuple[dict[str, Any], str]]:
    for number, each in enumerate(_each(profile, "Certification")):
        date = _first(each, "FirstIssuedDate")
        yield (
            {
                "name": _said(_first(each, "CertificationName")),
                "issuer": _said(_first(each, "IssuingAuthorityName")),
                "date": read_date(_said(_first(date, "FormattedDateTime"))) or "",
            },
            f"{base}/Certifications/Certification/{number}",
        )


def _span(element: Element) -> dict[str, str]:
    start, end = _first(element, "StartDate"), _first(element, "EndDate")
    ongoing = (_said(_first(element, "CurrentIndicator")) or _said(_first(element, "Ongoing"))).lower() == "true"
    return {
        "startDate": read_date(_said(_first(start, "FormattedDateTime"))) or "",
        "endDate": "" if ongoing else read_date(_said(_first(end, "FormattedDateTime"))) or "",
    }


def _each(element: Element, name: str) -> list[Element]:
    return [each for each in element.iter() if local(each) == name]


def _first(element: Element | None, name: str) -> Element | None:
    return None if element is None else next((each for each in element.iter() if local(each) == name), None)


def _said(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""

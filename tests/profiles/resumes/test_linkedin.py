"""LinkedIn's PDF of a profile: a narrow column beside a wide one, ranks told by the size of the letters."""

from __future__ import annotations

import pytest

from profiles.importers import formats
from profiles.importers.reading import Reading
from tests.profiles.resumes import files
from tests.profiles.resumes.files import Words

_HEADINGS = {
    "en": ("Contact", "Top Skills", "Languages", "Certifications", "Summary", "Experience", "Education", "Present"),
    "es": (
        "Contactar", "Aptitudes principales", "Languages", "Certifications", "Extracto", "Experiencia", "Educación",
        "Present",
    ),
}  # fmt: skip


def profile(language: str, *, author: str = "LinkedIn") -> bytes:
    contact, skills, languages, certificates, summary, work, education, present = _HEADINGS[language]
    narrow = [
        (contact, 13.0, 20), ("ana.lopez@bancoejemplo.exampl", 10.5, 20), ("e", 10.5, 13),
        ("www.linkedin.com/in/ana-", 11.0, 24), ("lopez-ruiz (LinkedIn)", 11.0, 14),
        (skills, 13.0, 35), ("COBOL", 10.5, 20), ("Prevention of money", 10.5, 17), ("laundering", 10.5, 12),
        ("SQL", 10.5, 17),
        (languages, 13.0, 35), ("English (Full Professional)", 10.5, 20), ("Español (Native or Bilingual)", 10.5, 17),
        (certificates, 13.0, 35), ("CISSP", 10.5, 20),
    ]  # fmt: skip
    wide = [
        ("Ana López Ruiz", 26.0, 20), ("Mainframe engineer at Banco Ejemplo and a long headline that", 12.0, 21),
        ("goes on", 12.0, 15), ("Guadalajara, Jalisco, México", 12.0, 15),
        (summary, 15.75, 38), ("I keep the ledgers of the bank and the batch of the night.", 12.0, 25),
        (work, 15.75, 38),
        ("Banco Ejemplo", 12.0, 30), ("5 years 3 months", 10.5, 16),
        ("Lead Mainframe Engineer", 11.5, 20), (f"January 2021 - {present} (2 years 3 months)", 10.5, 14),
        ("Guadalajara, Jalisco, Mexico", 10.5, 14), ("Moved forty programs to Java.", 10.5, 20),
        ("Mainframe Engineer with a title that is so long that it was", 11.5, 24), ("wrapped", 11.5, 14),
        ("January 2018 - January 2021 (3 years 1 month)", 10.5, 14),
        ("Softtek", 12.0, 30), ("COBOL Developer", 11.5, 16),
        ("June 2014 - December 2017 (3 years 7 months)", 10.5, 14),
        (education, 15.75, 38),
        ("Universidad de Guadalajara", 12.0, 30), ("Ingeniería, Computación · (2009 - 2013)", 10.5, 16),
    ]  # fmt: skip
    page: list[Words] = []
    for left, column in ((21.6, narrow), (223.6, wide)):
        y = 760.0
        for text, size, gap in column:
            y -= gap
            page.append(Words(text, size, left, y))
    page.append(Words("Page 1 of 1", 9.0, 500.0, 20.0))
    return files.pdf([page], info={"Author": author})


@pytest.fixture(params=["en", "es"])
def reading(request) -> Reading:
    return formats.read(profile(request.param))


def test_the_person_is_told_from_both_columns(reading):
    basics = reading.document["basics"]
    assert reading.format == "linkedin_pdf"
    assert basics["name"] == "Ana López Ruiz"
    assert basics["label"] == "Mainframe engineer at Banco Ejemplo and a long headline that goes on"
    assert basics["location"] == {"city": "Guadalajara", "region": "Jalisco", "countryCode": "MX"}
    assert basics["summary"] == "I keep the ledgers of the bank and the batch of the night."


def test_an_address_that_the_narrow_column_broke_is_whole_again(reading):
    basics = reading.document["basics"]
    assert basics["email"] == "ana.lopez@bancoejemplo.example"
    assert basics["profiles"] == [{"network": "LinkedIn", "url": "www.linkedin.com/in/ana-lopez-ruiz"}]


def test_positions_at_one_employer_share_it_and_wrapped_titles_are_whole(reading):
    assert [(work["name"], work["position"], work["startDate"]) for work in reading.document["work"]] == [
        ("Banco Ejemplo", "Lead Mainframe Engineer", "2021-01"),
        ("Banco Ejemplo", "Mainframe Engineer with a title that is so long that it was wrapped", "2018-01"),
        ("Softtek", "COBOL Developer", "2014-06"),
    ]
    first = reading.document["work"][0]
    assert "endDate" not in first
    assert (first["location"], first["summary"]) == ("Guadalajara, Jalisco, Mexico", "Moved forty programs to Java.")


def test_the_lists_of_the_narrow_column_are_read_item_by_item(reading):
    document = reading.document
    assert [skill["name"] for skill in document["skills"]] == ["COBOL", "Prevention of money laundering", "SQL"]
    assert document["languages"] == [
        {"language": "English", "fluency": "Full Professional"},
        {"language": "Español", "fluency": "Native or Bilingual"},
    ]
    assert document["certificates"] == [{"name": "CISSP"}]


def test_studies_are_read_with_their_years(reading):
    assert reading.document["education"] == [
        {
            "institution": "Universidad de Guadalajara",
            "studyType": "Ingeniería",
            "area": "Computación",
            "startDate": "2009",
            "endDate": "2013",
        }
    ]


def test_it_is_known_by_its_address_too_when_printed_by_another_program():
    assert formats.read(profile("en", author="Somebody")).format == "linkedin_pdf"

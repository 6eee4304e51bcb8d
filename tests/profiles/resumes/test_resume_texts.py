"""Résumés in running text, PDF and DOCX, English and Spanish: who, where, when, what, and the line it stood on."""

from __future__ import annotations

import pytest

from profiles.importers import formats
from profiles.importers.reading import Reading, Refused
from tests.profiles.resumes import files, texts


def read_pdf(text: str) -> Reading:
    return formats.read(files.text_pdf(text.replace("(ISC)²", "(ISC)2")))


@pytest.mark.parametrize("make", [files.text_pdf, files.docx], ids=["pdf", "docx"])
def test_a_spanish_resume_is_read_in_all_its_parts(make):
    reading = formats.read(make(texts.SPANISH))
    document = reading.document
    assert reading.language == "es"
    assert document["basics"]["name"] == "María José Hernández Núñez"
    assert document["basics"]["label"] == "Ingeniera de Software Senior"
    assert document["basics"]["email"] == "maria.hernandez@example.mx"
    assert document["basics"]["phone"] == "+52 33 1234 5678"
    assert document["basics"]["location"] == {"city": "Guadalajara", "region": "Jalisco", "countryCode": "MX"}
    assert document["basics"]["profiles"] == [{"network": "LinkedIn", "url": "linkedin.com/in/mariajose"}]
    assert document["basics"]["summary"].endswith("modernización de los mismos hacia Java.")
    first, second = document["work"]
    assert (first["name"], first["position"]) == ("Banco del Bajío", "Ingeniera de Software Senior")
    assert (first["startDate"], "endDate" in first) == ("2019-03", False)
    assert first["highlights"][1].endswith("los procesos por lotes y la eliminación de pasos repetidos.")
    assert (second["name"], second["position"]) == ("Softtek", "Desarrolladora COBOL")
    assert (second["startDate"], second["endDate"]) == ("2014-01", "2019-02")
    assert document["education"] == [
        {
            "institution": "Universidad de Guadalajara",
            "studyType": "Ingeniería",
            "area": "Computación",
            "startDate": "2008",
            "endDate": "2013",
        }
    ]
    assert document["skills"] == [
        {"name": "Lenguajes", "keywords": ["COBOL", "Java", "SQL"]},
        {"name": "AS/400", "years": 5},
        {"name": "Db2", "level": "avanzado"},
        {"name": "Telepatía"},
    ]
    assert document["languages"] == [
        {"language": "Español", "fluency": "nativo"},
        {"language": "Inglés", "fluency": "avanzado, C1"},
    ]
    assert document["certificates"][0]["name"] == "CISSP"
    assert document["certificates"][0]["date"] == "2023"


@pytest.mark.parametrize("make", [files.text_pdf, files.docx], ids=["pdf", "docx"])
def test_an_english_resume_with_the_dates_at_the_right_edge_is_read(make):
    document = formats.read(make(texts.ENGLISH)).document
    assert document["basics"]["name"] == "John A. Smith"
    assert document["basics"]["phone"] == "(512) 555-0147"
    assert document["basics"]["location"] == {"city": "Austin", "region": "TX", "countryCode": "US"}
    assert [(work["position"], work["name"], work["startDate"]) for work in document["work"]] == [
        ("Senior Data Engineer", "Acme Bank", "2020-01"),
        ("Data Engineer", "Initech LLC", "2015-06"),
    ]
    assert document["work"][0]["highlights"] == ["Built the lineage of 400 BCBS 239 reports.", "Led four engineers."]
    assert document["education"][0]["institution"] == "University of Texas at Austin"
    assert document["education"][0]["area"] == "Computer Science"
    assert [skill["name"] for skill in document["skills"]] == ["Python", "SQL", "Snowflake", "data governance", "AWS"]
    assert document["languages"] == [
        {"language": "English", "fluency": "native"},
        {"language": "Spanish", "fluency": "B2"},
    ]


def test_dates_above_employer_and_title_are_understood():
    document = read_pdf(texts.DATES_FIRST).document
    assert [(work["position"], work["name"], work["startDate"], work["endDate"]) for work in document["work"]] == [
        ("Business Analyst", "Globex Corporation", "2018", "2022"),
        ("Junior Business Analyst", "Hooli Inc", "2015", "2018"),
    ]
    assert document["work"][1]["summary"] == "Supported the AML program."
    assert document["education"][0]["studyType"] == "Bachelor of Arts"


def test_labels_legal_forms_and_open_ends_in_spanish_are_understood():
    reading = read_pdf(texts.LABELED)
    document = reading.document
    assert document["basics"]["name"] == "Juan Carlos Pérez de la Cruz"
    place = {"city": "Ciudad de México", "region": "Ciudad de México", "countryCode": "MX"}
    assert document["basics"]["location"] == place
    assert [(work["position"], work["name"]) for work in document["work"]] == [
        ("Analista de Sistemas", "Grupo Financiero Ejemplo, S.A. de C.V."),
        ("Programador Jr.", "Sistemas Integrales del Norte, S.A. de C.V."),
    ]
    assert document["work"][0]["startDate"] == "2017-01"
    assert "endDate" not in document["work"][0]
    assert document["skills"][0] == {"name": "AS/400", "years": 5}
    assert reading.identifiers == ["GODE561231GR8"]


def test_age_family_and_tax_numbers_are_left_out_and_that_is_told():
    more = "Edad: 35 años | Estado civil: casado\nSexo: M\nCURP: BOXW310820HNERXN09\nRFC:"
    reading = read_pdf(texts.LABELED.replace("RFC:", more))
    said = str(reading.document)
    assert not any(word in said for word in ("35 años", "casado", "BOXW310820HNERXN09", "GODE561231GR8"))
    assert reading.document["basics"]["name"] == "Juan Carlos Pérez de la Cruz"
    assert "label" not in reading.document["basics"]
    assert "particulars_left_out" in {notice.code for notice in reading.notices}


def test_every_part_says_on_which_page_and_line_it_stood():
    filler = "\n".join(f"• Proyecto número {number} de la empresa con el equipo." for number in range(60))
    text = texts.SPANISH.replace("• Mantenimiento de sistemas de tarjetas en CICS y DB2.", filler)
    reading = read_pdf(text)
    assert reading.pages == 2
    lines = [line for line in text.strip().split("\n") if line.strip()]
    name, work = reading.sources["/basics/name"], reading.sources["/work/1"]
    assert (name.page, name.line, name.text) == (1, 1, "María José Hernández Núñez")
    assert (work.page, work.text) == (1, "Softtek — Desarrolladora COBOL")
    assert lines[work.line - 1] == work.text
    education = reading.sources["/education/0"]
    assert (education.page, education.text) == (2, "Universidad de Guadalajara")


def test_paragraphs_of_a_word_document_are_counted_and_its_header_comes_first():
    reading = formats.read(files.docx("# Experience\nEngineer at Acme Inc\t2019 - 2021", header="Ana López Ruiz"))
    assert reading.document["basics"]["name"] == "Ana López Ruiz"
    assert (reading.sources["/work/0"].page, reading.sources["/work/0"].line) == (0, 3)


def test_a_mixed_resume_keeps_each_heading_in_its_language():
    text = texts.ENGLISH.replace("WORK EXPERIENCE", "EXPERIENCIA").replace("SKILLS", "HABILIDADES")
    document = read_pdf(text).document
    assert len(document["work"]) == 2
    assert len(document["skills"]) == 5


def test_emoji_and_direction_marks_are_no_obstacle_and_are_told():
    text = texts.ENGLISH.replace("JOHN A. SMITH", "\u202eJohn A. Smith\u202c 🚀")
    text = text.replace("SKILLS", "🛠️ SKILLS").replace("john.smith@", "📧 john\u200b.smith@")
    reading = formats.read(files.docx(text))
    assert reading.document["basics"]["email"] == "john.smith@example.com"
    assert "\u202e" not in reading.document["basics"]["name"]
    assert len(reading.document["skills"]) == 5
    assert "hidden_characters_removed" in {notice.code for notice in reading.notices}


def test_a_portuguese_resume_is_read_as_far_as_it_goes_and_its_language_told():
    reading = formats.read(files.docx(texts.PORTUGUESE))
    assert reading.language == "pt"
    assert [notice.data for notice in reading.notices if notice.code == "language_not_read"] == [{"language": "pt"}]
    assert reading.document["basics"] == {"name": "João da Silva", "email": "joao@example.com.br"}
    work = reading.document["work"][0]
    assert (work["startDate"], "endDate" in work) == ("2019-01", False)


def test_of_a_german_resume_only_the_person_is_read_and_its_language_told():
    reading = formats.read(files.docx(texts.GERMAN))
    assert [notice.data for notice in reading.notices] == [{"language": "de"}]
    assert reading.document["basics"]["email"] == "jurgen@example.de"
    assert reading.document.keys() == {"basics"}


def test_a_letter_without_anything_of_a_resume_is_said_to_be_none():
    letter = (
        "Dear Sir or Madam,\nthank you for your letter of last week. We are sorry that the parcel was lost.\nRegards"
    )
    with pytest.raises(Refused) as refusal:
        formats.read(files.docx(letter))
    assert refusal.value.code == "not_a_resume"


def test_a_guess_between_title_and_employer_is_marked():
    reading = formats.read(
        files.docx("Ana López\nana@example.mx\n# Experience\nFoo Bar\tBaz Qux\n2019 - 2021\nDid things.")
    )
    assert [notice.pointer for notice in reading.notices if notice.code == "title_and_employer_unsure"] == ["/work/0"]

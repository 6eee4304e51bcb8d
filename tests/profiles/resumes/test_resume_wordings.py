"""Ways of writing what a résumé says: spaced letters, seasons, letters behind names, languages run together, keys."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from profiles.importers import contacts, formats, headings, json_resume, lines, listings, periods, spoken_languages
from profiles.importers.lines import Line
from profiles.importers.reading import Reading, source_of
from tests.profiles.resumes import files

TOP = "Ana López Ruiz\nData Engineer\nana@example.mx\n"


def read(text: str) -> Reading:
    return formats.read(files.docx(TOP + text))


def rows(reading: Reading, section: str, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(entry.get(key) for key in keys) for entry in reading.document.get(section, [])]


def jobs(reading: Reading) -> list[tuple[Any, ...]]:
    return rows(reading, "work", "position", "name", "startDate", "endDate")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("E X P E R I E N C I A", "EXPERIENCIA"),
        ("E X P E R I E N C I A   L A B O R A L", "EXPERIENCIA LABORAL"),
        ("S k i l l s", "Skills"),
        ("C R", "C R"),  # two languages of programming
        ("A B C tests", "A B C tests"),
    ],
)
def test_words_written_with_a_space_behind_each_letter_are_words(text, word):
    assert lines.clean(text) == word


def test_headings_of_spaced_letters_open_their_parts_and_make_no_other_language():
    reading = read(
        "E X P E R I E N C I A\nAnalista, Telcel\n2014 – 2019\nT E C H N I C A L S K I L L S\nSAS · R\n"
        "I D I O M A S\nInglés: B2"
    )
    assert reading.language == "es"
    assert jobs(reading) == [("Analista", "Telcel", "2014", "2019")]
    assert rows(reading, "skills", "name") == [("SAS",), ("R",)]
    assert rows(reading, "languages", "language", "fluency") == [("Inglés", "B2")]


def test_an_academic_resume_gives_its_appointments_and_neither_grants_nor_teaching_as_positions():
    reading = read(
        "# Academic Appointments\n"
        "August 2020–present. Assistant Professor, Department of Computer Science, University of Arizona.\n"
        "2018–2020. Postdoctoral Researcher, Lawrence Livermore National Laboratory.\n"
        "Summer 2017. Visiting Researcher, CIMAT, Guanajuato.\n"
        "# Grants\nExample Foundation, PI, $240,000, 2021–2024.\n# Teaching\nMachine Learning, 2020–2023\n"
        "# Computing\nPython, JAX\n# Education\nPh.D., Statistics, Rice University, 2018"
    )
    assert jobs(reading) == [
        ("Assistant Professor, Department of Computer Science", "University of Arizona", "2020-08", None),
        ("Postdoctoral Researcher", "Lawrence Livermore National Laboratory", "2018", "2020"),
        ("Visiting Researcher", "CIMAT", "2017", "2017"),
    ]
    assert rows(reading, "skills", "name") == [("Python",), ("JAX",)]
    assert [notice.data["section"] for notice in reading.notices if notice.code == "section_not_read"] == ["other"] * 2


def test_a_heading_that_may_be_a_skill_is_one_unless_it_looks_like_a_heading():
    reading = read("# Skills\nTeaching\nResearch\nSQL\n# Languages\nEnglish")
    assert rows(reading, "skills", "name") == [("Teaching",), ("Research",), ("SQL",)]


def test_headings_may_ask():
    reading = read(
        "# ¿Dónde he trabajado?\nAnalista | Bitso | 2018 – 2020\n# ¿Qué estudié?\nLic. en Economía, CIDE, 2011-2015\n"
        "# ¿Qué sé hacer?\n• SQL\n• Figma\n# Idiomas\nInglés: TOEFL iBT 102"
    )
    assert jobs(reading) == [("Analista", "Bitso", "2018", "2020")]
    assert rows(reading, "education", "institution", "area") == [("CIDE", "Economía")]
    assert rows(reading, "skills", "name") == [("SQL",), ("Figma",)]
    assert rows(reading, "languages", "fluency") == [("TOEFL iBT 102",)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Testing Intern (Summer 2016)", "2016", "2016"),
        ("Becaria, verano de 2011", "2011", "2011"),
        ("Fall 2013 – Spring 2015", "2013", "2015"),
        ("enero a junio de 2024", "2024-01", "2024-06"),
        ("Mar–Jul 2019", "2019-03", "2019-07"),
        ("noviembre a febrero de 2020", "2019-11", "2020-02"),
    ],
)
def test_seasons_and_months_that_share_a_year_are_periods(text, start, end):
    period = periods.find_period(text)
    assert period is not None
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            "Español 100% Maya (hablado) Inglés 80%",
            [("Español", "100%"), ("Maya", "hablado"), ("Inglés", "80%")],
        ),
        (
            "Maya: hablado y escrito. Español: nativo. Inglés: 80% hablado, 90% leído",
            [("Maya", "hablado y escrito"), ("Español", "nativo"), ("Inglés", "80% hablado, 90% leído")],
        ),
        ("🇮🇱 Hebreo (עברית) nativo | Inglés C2", [("Hebreo", "nativo"), ("Inglés", "C2")]),
        ("English and Spanish, both native", [("English", "native"), ("Spanish", "native")]),
        ("English (near-native), German (reading)", [("English", "near-native"), ("German", "reading")]),
        ("Spanish (taught in English)", [("Spanish", "taught in English")]),
    ],
)
def test_languages_run_together_are_parted_and_each_keeps_what_is_said_of_it(line, found):
    read_languages = [entry for entry, _line in spoken_languages.read_languages([lines.line(line)])]
    assert [(entry["language"], entry.get("fluency", "")) for entry in read_languages] == found


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("Ana López, SHRM-SCP, PMP®", "Ana López"),
        ("Esteban Kraft, Ph.D.", "Esteban Kraft"),
        ("PRIYA NATARAJAN-COHEN, PH.D., CFA", "Priya Natarajan-Cohen"),
        ("Luz Mora, MIB", "Luz Mora"),
        ("John Smith, Jr.", "John Smith, Jr."),
        ("LÓPEZ RUIZ, ANA MARÍA", "López Ruiz, Ana María"),
    ],
)
def test_letters_behind_a_name_are_no_part_of_it_and_given_names_are(name, tidy):
    assert contacts.is_name(name)
    assert contacts.tidy_name(name) == tidy


def test_a_title_may_hold_a_dash_before_its_employer():
    reading = read(
        "# Experiencia\nProduct Owner – Pagos @ Clip | ene 2021 – presente\n• Terminales.\n"
        "Product Manager – Crédito en Konfío | 2018 – 2020\n• Originación."
    )
    assert [job[:2] for job in jobs(reading)] == [
        ("Product Owner – Pagos", "Clip"),
        ("Product Manager – Crédito", "Konfío"),
    ]


def test_a_skill_behind_a_title_is_no_employer():
    reading = read("# Experiencia\nAnalista – Desarrollo en Java | 2018 – 2020\n• Servicios.")
    assert all(job[1] != "Java" for job in jobs(reading))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            "CBCP (DRI International), 2019; ISO 22301 Lead Implementer, 2021",
            [("CBCP", "2019"), ("ISO 22301 Lead Implementer", "2021")],
        ),
        ("CISSP – ISC2 – 2014", [("CISSP", "2014")]),
    ],
)
def test_certificates_of_one_line_that_all_have_dates_are_one_each(line, found):
    entries = [entry for entry, _line in listings.read_certificates([lines.line(line)])]
    assert [(entry["name"], entry.get("date")) for entry in entries] == found


def test_a_certificate_that_fills_a_narrow_column_is_whole_where_its_letters_end_it():
    texts = ["Certified Anti-Money Laundering", "Specialist (CAMS)", "Certified Fraud Examiner (CFE)", "Reactor (CRC)"]
    narrow = [Line(text, page=1, number=at, size=8, left=24, edge=150) for at, text in enumerate(texts, start=1)]
    assert [entry["name"] for entry, _line in listings.read_certificates(narrow)] == [
        "Certified Anti-Money Laundering Specialist",
        "Certified Fraud Examiner",
        "Reactor",
    ]


@pytest.mark.parametrize(
    ("lines_of_study", "study"),
    [
        (
            "B.S. Computer Science, Texas State University, San Marcos, TX. 05/2016. GPA 3.6",
            ("Texas State University", "B.S. Computer Science", None, "2016-05"),
        ),
        (
            "• Ohio University, Athens, OH: Bachelor of Science in Information Systems, May 2017",
            ("Ohio University", "Bachelor of Science", "Information Systems", "2017-05"),
        ),
        ("2017 – 2020\tBachillerato\nColegio Xoclán", ("Colegio Xoclán", "Bachillerato", None, "2020")),
        ("2017 – 2020\tBachillerato\nKukulcán", ("Kukulcán", "Bachillerato", None, "2020")),
        ("Actuaría, UNAM – Facultad de Ciencias\t2010", ("UNAM, Facultad de Ciencias", "Actuaría", None, "2010")),
    ],
)
def test_a_study_keeps_its_school_whole_and_nothing_else(lines_of_study, study):
    reading = read(f"# Education\n{lines_of_study}\n# Skills\nSQL")
    assert rows(reading, "education", "institution", "studyType", "area", "endDate") == [study]


@pytest.mark.parametrize(
    ("name", "group"),
    [("Languages", True), ("Bases de datos", True), ("Other tools", True), ("Java", False), ("Core banking", False)],
)
def test_a_heading_over_skills_is_told_from_a_skill(name, group):
    assert headings.names_group(name) is group


def conform(data: dict[str, Any]) -> Reading:
    reading = Reading("json_resume")
    reading.document = json_resume.conform(data, reading)
    return reading


def test_json_with_other_names_for_its_keys_is_read_and_each_is_told():
    reading = conform(
        {
            "experience": [{"employer": "Acme", "title": "Data Steward", "from": "2018-02", "to": "Present"}],
            "certs": [{"certificationName": "DCAM", "issuingOrganization": "EDM Council", "issueDate": "2021-05"}],
            "education": [{"school": "Marquette University", "degree": "BS", "field": "Law", "end": "2012"}],
            "skills": [{"name": "Languages", "keywords": [{"keyword": "Java"}]}],
        }
    )
    assert jobs(reading) == [("Data Steward", "Acme", "2018-02", None)]
    assert rows(reading, "certificates", "name", "issuer", "date") == [("DCAM", "EDM Council", "2021-05")]
    assert rows(reading, "education", "institution", "studyType", "area", "endDate") == [
        ("Marquette University", "BS", "Law", "2012")
    ]
    assert rows(reading, "skills", "keywords") == [(["Java"],)]
    assert source_of(reading.sources, "/work/0/name").pointer == "/experience/0/name"
    assert {"/experience", "/experience/0/employer", "/certs/0/issueDate"} <= {each.pointer for each in reading.notices}


def test_a_key_of_the_schema_is_never_taken_for_another():
    for section, shape in json_resume.SECTIONS.items():
        for key, kind in shape.get("items", {}).get("properties", {}).items():
            if kind.get("type") == "string":
                reading = conform({section: [{key: "https://example.com"}]})
                assert reading.document == {section: [{key: "https://example.com"}]}
                assert not reading.notices


def test_skills_in_an_object_of_groups_become_groups_with_their_pointers():
    reading = conform({"skills": {"Databases": ["Db2", "Oracle"], "Cloud": "AWS, Azure", "Empty": []}})
    assert reading.document["skills"] == [
        {"name": "Databases", "keywords": ["Db2", "Oracle"]},
        {"name": "Cloud", "keywords": ["AWS", "Azure"]},
    ]
    assert source_of(reading.sources, "/skills/1").pointer == "/skills/Cloud"


def test_the_process_that_reads_loads_no_library_of_arrays():
    code = "import sys; from profiles.importers import child, mentions; mentions.written('Java'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "profiles.taxonomy.finder" in loaded
    assert "numpy" not in loaded


def test_a_zip_code_is_no_part_of_the_number_behind_it_and_a_state_may_be_the_city():
    opening = "Ana López Ruiz\nData Engineer\n{}\n# Skills\nSQL"
    first = formats.read(files.docx(opening.format("Plano, TX 75024 - (469) 555-0112"))).document["basics"]
    assert (first["phone"], first["location"]["city"]) == ("(469) 555-0112", "Plano")
    second = formats.read(files.docx(opening.format("Puebla, México · 222 555 0173"))).document["basics"]
    assert (second["phone"], second["location"]["city"]) == ("222 555 0173", "Puebla")

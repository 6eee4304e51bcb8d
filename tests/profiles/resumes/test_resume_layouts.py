"""Pages as people lay them out: sidebars, tables, margins, marks apart, labels, and what runs along every page."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.importers import formats, layout
from profiles.importers.lines import Line
from profiles.importers.reading import Reading
from tests.profiles.resumes import files
from tests.profiles.resumes.files import Words

HEAD = [
    Words("Ana López Ruiz", 20, 50, 750, bold=True),
    Words("Data Engineer", 10, 50, 730),
    Words("Guadalajara, Jalisco, México | ana@example.mx", 10, 50, 716),
]


def column(left: float, top: float, texts: str, *, step: float = 14.0) -> list[Words]:
    """Return lines below one another; those that begin with ``# `` are bold."""
    return [
        Words(text.removeprefix("# "), 10, left, top - step * row, bold=text.startswith("# "))
        for row, text in enumerate(texts.split("\n"))
        if text
    ]


def read(*pages: list[Words]) -> Reading:
    return formats.read(files.pdf(pages))


def jobs(reading: Reading) -> list[tuple[Any, ...]]:
    return [tuple(work.get(key) for key in ("position", "name", "startDate", "endDate")) for work in work_of(reading)]


def work_of(reading: Reading) -> list[dict[str, Any]]:
    return list(reading.document.get("work", []))


def skills(reading: Reading) -> list[str]:
    return [name for skill in reading.document["skills"] for name in skill.get("keywords", [skill["name"]])]


def test_columns_are_read_one_after_the_other_however_the_file_interleaves_them():
    left = column(50, 740, "# CONTACT\nana@example.mx\n+52 33 1234 5678\n\n# SKILLS\nIBM MQ\nFHIR\nXSLT\nSQL")
    right = column(
        240,
        740,
        "# Ana López Ruiz\nIntegration Architect\n\n# EXPERIENCE\n# Integration Architect\nU.S. Bank\n"
        "2019-04 to present\n- API gateway for 200 services.\n# Middleware Engineer\nOptum\n2013-11 to 2019-03",
    )
    woven = sorted([*left, *right], key=lambda words: (-words.y, words.left))
    reading = read(woven)
    assert reading.document["basics"]["name"] == "Ana López Ruiz"
    assert reading.document["basics"]["label"] == "Integration Architect"
    assert skills(reading) == ["IBM MQ", "FHIR", "XSLT", "SQL"]
    assert jobs(reading) == [
        ("Integration Architect", "U.S. Bank", "2019-04", None),
        ("Middleware Engineer", "Optum", "2013-11", "2019-03"),
    ]


def test_a_column_goes_on_where_it_ended_on_the_page_before():
    left = column(50, 740, "# CONTACT\nana@example.mx\n\n# SKILLS\nFHIR\nSQL\nKafka")
    right = column(
        240, 740, "# Ana López Ruiz\nArchitect\n\n# EXPERIENCE\nArchitect, Optum\n2013-11 to 2019-03\n- Feeds"
    )
    second = column(240, 740, "- Gateways\n- Queues\nAnalyst, Fiserv\n2010 to 2013\n- Reports")
    reading = read(sorted([*left, *right], key=lambda words: -words.y), second)
    assert [work["highlights"] for work in work_of(reading)] == [["Feeds", "Gateways", "Queues"], ["Reports"]]
    assert skills(reading) == ["FHIR", "SQL", "Kafka"]
    assert (reading.sources["/work/1"].page, reading.sources["/skills/0"].page) == (2, 1)


def test_dates_that_a_cell_broke_behind_their_dash_are_whole():
    text = "Ana López\nana@example.mx\n# Experience\nJan 2020 –\nPresent\nAnalyst\nUSAA\nThreat hunting in Splunk."
    assert jobs(formats.read(files.docx(text))) == [("Analyst", "USAA", "2020-01", None)]


def test_a_table_says_by_its_first_row_what_its_cells_are_and_broken_cells_are_whole():
    rows = [
        (["Dates", "Employer", "Position", "Highlights"], 600),
        (["07/2019 – Present", "Fiserv", "Payments Solutions", "FedNow on the"], 580),
        (["", "", "Architect", "hub."], 568),
        (["02/2014 – 06/2019", "Global Payments", "Senior Business", "ISO 8583."], 548),
        (["", "", "Analyst", ""], 536),
    ]
    cells = [
        Words(text, 10, left, y)
        for texts, y in rows
        for text, left in zip(texts, (50, 170, 270, 400), strict=True)
        if text
    ]
    reading = read([*HEAD, Words("Employment", 14, 50, 630, bold=True), *cells])
    assert jobs(reading) == [
        ("Payments Solutions Architect", "Fiserv", "2019-07", None),
        ("Senior Business Analyst", "Global Payments", "2014-02", "2019-06"),
    ]
    assert work_of(reading)[0]["summary"] == "FedNow on the hub."
    assert reading.sources["/work/0"].text.startswith("07/2019 – Present Fiserv")


def test_cells_that_a_program_writes_as_one_text_are_told_apart_by_where_they_stand():
    def row(y: int, *cells: tuple[int, str]) -> bytes:
        moves = b" ".join(b"1 0 0 1 %d %d Tm (%s) Tj" % (left, y, text.encode()) for left, text in cells)
        return b"BT /F1 10 Tf %s ET" % moves

    content = [
        row(750, (50, "Ana Lopez Ruiz")),
        row(735, (50, "ana@example.mx")),
        row(700, (50, "EXPERIENCE")),
        row(680, (50, "Period"), (160, "Employer"), (330, "Position")),
        row(660, (50, "2019 - 2021"), (160, "Monex Grupo"), (330, "Analyst Sr.")),
        row(640, (50, "2013 - 2019"), (160, "CNBV"), (330, "Supervisor of Works")),
    ]
    assert jobs(formats.read(files.one_page(b"\n".join(content)))) == [
        ("Analyst Sr.", "Monex Grupo", "2019", "2021"),
        ("Supervisor of Works", "CNBV", "2013", "2019"),
    ]


def test_skills_with_years_and_levels_in_a_table_keep_them():
    table = "[table\n|Herramienta|Años|Nivel|\n|Oracle 19c|9|Avanzado|\n|Linux|2|Básico|\n]"
    reading = formats.read(files.docx(f"Ana López\nana@example.mx\n# Conocimientos\n{table}"))
    assert reading.document["skills"] == [
        {"name": "Oracle 19c", "years": 9, "level": "Avanzado"},
        {"name": "Linux", "years": 2, "level": "Básico"},
    ]


def test_tables_of_word_are_read_by_their_first_row():
    text = (
        "Ana López\nana@example.mx\n# Experiencia\n[table\n|Empresa|Puesto|Desde|Hasta|\n"
        "|Banco Compartamos|Consultora funcional|Mayo 2017|Actual|\n]\n# Idiomas\n"
        "[table\n|Idioma|Lectura|Escritura|Conversación|\n|Inglés|C1|B1|B2|\n]\n# Formación\n"
        "[table\n|Título|Institución|Año|\n|Ingeniería en Sistemas|Instituto Tecnológico de Querétaro|2012|\n]"
    )
    document = formats.read(files.docx(text)).document
    assert document["work"] == [
        {"name": "Banco Compartamos", "position": "Consultora funcional", "startDate": "2017-05"}
    ]
    assert document["languages"] == [
        {"language": "Inglés", "fluency": "B2", "cefr": {"reading": "C1", "writing": "B1", "speaking": "B2"}}
    ]
    assert document["education"] == [
        {
            "institution": "Instituto Tecnológico de Querétaro",
            "studyType": "Ingeniería",
            "area": "Sistemas",
            "endDate": "2012",
        }
    ]


def test_a_table_that_only_shapes_the_page_is_read_cell_by_cell_and_the_name_found_beside_the_sidebar():
    left = "CONTACTO // brenda@example.mx // Zapopan, Jal. // HABILIDADES // Python // Kafka // CURSOS // Scrum, 2020"
    right = (
        "! BRENDA SOLÍS ARRIAGA // Desarrolladora Backend // EXPERIENCIA // 05/2020 – Presente // Desarrolladora // "
        "Mercado Ejemplo // • Diseño de servicios."
    )
    reading = formats.read(files.docx(f"[table\n|{left}|{right}|\n]"))
    assert reading.document["basics"]["name"] == "Brenda Solís Arriaga"
    assert reading.document["basics"]["label"] == "Desarrolladora Backend"
    assert reading.document["basics"]["location"]["city"] == "Zapopan"
    assert skills(reading) == ["Python", "Kafka"]
    assert jobs(reading) == [("Desarrolladora", "Mercado Ejemplo", "2020-05", None)]
    assert [each["name"] for each in reading.document["certificates"]] == ["Scrum"]


def test_marks_of_lists_that_are_written_apart_join_their_items():
    marks = [Words("•", 12, 60, 600), Words("•", 12, 60, 586)]
    items = [Words("Kept the ledgers of the bank", 10, 75, 601), Words("Built the night batch", 10, 75, 587)]
    entry = column(50, 640, "# EXPERIENCE\nEngineer at Acme Inc, 2019 - 2021")
    assert work_of(read([*HEAD, *entry, *items, *marks]))[0]["highlights"] == [
        "Kept the ledgers of the bank",
        "Built the night batch",
    ]


def test_what_runs_along_every_page_and_page_numbers_are_no_part_of_the_text():
    def page(number: int, texts: str) -> list[Words]:
        foot = Words(f"Página {number} de 2", 8, 280, 20)
        return [Words("Ana López Ruiz - CV", 8, 400, 780), *column(50, 690, texts), foot]

    first = page(1, "# EXPERIENCIA\nIngeniera, Banco Ejemplo, 2019 - 2021\n- Llevó los libros")
    second = page(2, "- Y los cierres\nBecaria, Grupo Norte, 2017 - 2018\n- Apoyo")
    reading = read([*HEAD, *first], second)
    assert work_of(reading)[0]["highlights"] == ["Llevó los libros", "Y los cierres"]
    assert [work["name"] for work in work_of(reading)] == ["Banco Ejemplo", "Grupo Norte"]


def test_headings_in_the_margin_and_dates_that_it_broke_are_whole():
    margin = [
        Words("EXPERIENCIA", 10, 50, 680, bold=True),
        Words("PROFESIONAL", 10, 50, 668, bold=True),
        Words("Marzo 2015 – Diciembre", 10, 50, 650),
        Words("2019", 10, 50, 638),
        Words("HABILIDADES", 10, 50, 600, bold=True),
    ]
    content = [
        Words("Desarrollador Java", 10, 220, 650, bold=True),
        Words("Praxis, CDMX", 10, 220, 638),
        Words("Java, SQL, Kafka", 10, 220, 600),
    ]
    reading = read([*HEAD, *margin, *content])
    assert jobs(reading) == [("Desarrollador Java", "Praxis", "2015-03", "2019-12")]
    assert work_of(reading)[0]["location"] == "CDMX"
    assert skills(reading) == ["Java", "SQL", "Kafka"]


def test_a_heading_that_no_list_knows_ends_what_is_above_it_by_its_looks():
    text = "# EDUCATION\nReed College, BA Mathematics, 2017\n# MY GARDEN\nTomatoes of a bootcamp\n# SKILLS\nSQL, Python"
    reading = read([*HEAD, *column(50, 690, text)])
    assert [each["institution"] for each in reading.document["education"]] == ["Reed College"]
    assert skills(reading) == ["SQL", "Python"]
    assert [notice.data["section"] for notice in reading.notices if notice.code == "section_not_read"] == ["other"]


def test_an_employer_in_the_looks_of_a_heading_is_none():
    text = "# EXPERIENCE\n# GLOBEX\nEngineer\n2019 - 2021\n# INITECH\nAnalyst\n2015 - 2018\n# SKILLS\nSQL, Python"
    assert jobs(read([*HEAD, *column(50, 690, text)])) == [
        ("Engineer", "GLOBEX", "2019", "2021"),
        ("Analyst", "INITECH", "2015", "2018"),
    ]


def test_labels_say_what_the_lines_of_a_position_are():
    text = (
        "Nombre: Verónica Salas Quiroz\nCorreo: vero@example.mx\nPuesto: Analista\n# EXPERIENCIA LABORAL\n"
        "Empresa: Bimbo\nPuesto: Analista de datos\nPeriodo: Marzo 2018 a la fecha\nActividades: Perfilado de datos.\n"
        "Y su limpieza.\nEmpresa: Nestlé México, S.A. de C.V.\nPuesto: Capturista\nPeriodo: Enero 2015 a Febrero 2018"
    )
    reading = formats.read(files.docx(text))
    assert (reading.document["basics"]["name"], reading.document["basics"]["label"]) == (
        "Verónica Salas Quiroz",
        "Analista",
    )
    assert jobs(reading) == [
        ("Analista de datos", "Bimbo", "2018-03", None),
        ("Capturista", "Nestlé México, S.A. de C.V.", "2015-01", "2018-02"),
    ]
    assert work_of(reading)[0]["summary"] == "Perfilado de datos.\nY su limpieza."


def test_of_sentences_about_skills_only_what_the_taxonomy_names_is_taken():
    text = (
        "Loretta Simmons\nlfs@example.com\n# Summary of Skills\nBatch development\n"
        "• Wrote and maintained COBOL programs for the nightly rating of policies.\n"
        "• Debugging with Xpediter and queries of the claims in SPUFI.\n# Work History\n"
        "Programmer, Travelers, 2006–2016"
    )
    found = skills(formats.read(files.docx(text)))
    assert {"COBOL", "Xpediter", "SPUFI"} <= set(found)
    assert not {"Batch development", "Wrote", "nightly"} & set(found)


@pytest.mark.parametrize(
    ("line", "group"),
    [
        ("Cloud: AWS, Azure", {"name": "Cloud", "keywords": ["AWS", "Azure"]}),
        ("CLOUD\tAWS · Azure · CI/CD", {"name": "CLOUD", "keywords": ["AWS", "Azure", "CI/CD"]}),
        ("Cloud – AWS, Azure", {"name": "Cloud", "keywords": ["AWS", "Azure"]}),
    ],
)
def test_groups_of_skills_are_known_by_their_signs(line, group):
    reading = formats.read(files.docx(f"Ana López\nana@example.mx\n# Skills\n{line}\nKYC / EDD / TSO/ISPF"))
    assert reading.document["skills"] == [group, {"name": "KYC"}, {"name": "EDD"}, {"name": "TSO/ISPF"}]


def test_programming_languages_do_not_open_the_languages():
    reading = formats.read(
        files.docx("Ana López\nana@example.mx\n# Technical Skills\nLanguages: C++, Go\nTools: Git, Jira")
    )
    assert skills(reading) == ["C++", "Go", "Git", "Jira"]
    assert "languages" not in reading.document


def test_a_name_in_large_letters_may_be_broken_and_a_title_is_no_name():
    page = [
        Words("Naomi", 18, 50, 740, bold=True),
        Words("Castellanos-Birch", 18, 50, 720, bold=True),
        Words("Machine Learning Engineer", 9, 50, 700),
        Words("Seattle, WA | naomi@example.io", 9, 50, 688),
        *column(50, 660, "# SKILLS\nPython, SQL"),
    ]
    basics = read(page).document["basics"]
    assert (basics["name"], basics["label"]) == ("Naomi Castellanos-Birch", "Machine Learning Engineer")


@pytest.mark.parametrize(
    ("line", "name", "label"),
    [
        ("Lic. Fernanda Olvera Maldonado | Tel. 55 5555 0178 | fer@example.mx", "Fernanda Olvera Maldonado", "Abogada"),
        ("Lucía Menéndez, CAMS", "Lucía Menéndez", "Abogada"),
        ("ING. ÓSCAR DANIEL PEÑA", "Óscar Daniel Peña", "Abogada"),
    ],
)
def test_titles_before_and_behind_a_name_are_no_part_of_it(line, name, label):
    basics = formats.read(files.docx(f"{line}\n{label}\n# Skills\nSQL, KYC")).document["basics"]
    assert (basics["name"], basics["label"]) == (name, label)


def test_employer_title_and_place_are_told_apart_by_the_others_of_the_same_resume():
    text = (
        "Ana López\nana@example.mx\n# Experience\n"
        "Detection Engineer\nLeidos, Reston, VA — May 2021 – Present\n• Rules.\n"
        "Radio Operator (25U)\nU.S. Army, Fort Hood, TX — 2012 – 2017\n• Radios.\n"
        "Thing Whisperer\nFoo, Remote — 2010 – 2011\n• Things."
    )
    reading = formats.read(files.docx(text))
    assert [(work["position"], work["name"], work["location"]) for work in work_of(reading)] == [
        ("Detection Engineer", "Leidos", "Reston, VA"),
        ("Radio Operator (25U)", "U.S. Army", "Fort Hood, TX"),
        ("Thing Whisperer", "Foo", "Remote"),
    ]


def test_several_titles_under_one_employer_are_its_positions_and_marked_as_a_guess():
    text = (
        "Ana López\nana@example.mx\n# Experience\nBanco Popular — Miami, FL\nAML Manager, 2019 – Present\n• Alerts.\n"
        "Senior AML Analyst, 2016 – 2019\n• Scenarios."
    )
    reading = formats.read(files.docx(text))
    assert [(work["position"], work["name"]) for work in work_of(reading)] == [
        ("AML Manager", "Banco Popular"),
        ("Senior AML Analyst", "Banco Popular"),
    ]
    assert [notice.pointer for notice in reading.notices if notice.code == "title_and_employer_unsure"] == ["/work/1"]


@pytest.mark.parametrize(
    ("line", "study"),
    [
        ("Maestría en PLD. Universidad Iberoamericana. 2019", ("Universidad Iberoamericana", "Maestría", "PLD")),
        (
            "Licenciatura en Derecho, UNAM, Facultad de Derecho, 2008 – 2013. Titulado.",
            ("UNAM, Facultad de Derecho", "Licenciatura", "Derecho"),
        ),
        ("B.A. Physics, St. Olaf College, 2007", ("St. Olaf College", "B.A. Physics", None)),
        ("UC Irvine, B.S. Informatics (2014)", ("UC Irvine", "B.S. Informatics", None)),
        ("University of Maryland, College Park – 2019", ("University of Maryland, College Park", None, None)),
        (
            "Universidad Panamericana, Contaduría Pública, 2006 - 2010 (Titulada)",
            ("Universidad Panamericana", "Contaduría Pública", None),
        ),
    ],
)
def test_a_school_is_told_from_the_degree_beside_it(line, study):
    text = f"Ana López\nana@example.mx\n# Education\n{line}"
    found = formats.read(files.docx(text)).document["education"]
    assert [tuple(each.get(key) for key in ("institution", "studyType", "area")) for each in found] == [study]


def test_what_stands_under_a_heading_of_two_names_goes_where_it_belongs():
    text = (
        "Ana López\nana@example.mx\n# Certifications & Languages\nCDMP Practitioner (DAMA), 2019\n"
        "English (fluent), Marathi (native)\n# Education and Credentials\nBBA Finance, Georgia State University, 2009\n"
        "Certified Treasury Professional, 2017"
    )
    document = formats.read(files.docx(text)).document
    assert [each["name"] for each in document["certificates"]] == [
        "CDMP Practitioner",
        "Certified Treasury Professional",
    ]
    assert [each["language"] for each in document["languages"]] == ["English", "Marathi"]
    assert [each["institution"] for each in document["education"]] == ["Georgia State University"]


@pytest.mark.parametrize(
    ("lines", "certificates"),
    [
        (
            "Oracle Database 2019 Certified Professional, Oracle, 2020",
            [("Oracle Database 2019 Certified Professional", "2020")],
        ),
        ("CISSP, CISM, CEH", [("CISSP", None), ("CISM", None), ("CEH", None)]),
        ("CBAP, IIBA, 2018", [("CBAP", "2018")]),
        ("CKA (2022), Terraform Associate (2021)", [("CKA", "2022"), ("Terraform Associate", "2021")]),
        ("TOGAF 9 Certified\n2018", [("TOGAF 9 Certified", "2018")]),
    ],
)
def test_certificates_are_told_from_their_issuers_and_dates(lines, certificates):
    found = formats.read(files.docx(f"Ana López\nana@example.mx\n# Certifications\n{lines}")).document["certificates"]
    assert [(each["name"], each.get("date")) for each in found] == certificates


def test_how_to_reach_somebody_is_read_from_a_footer_too_and_nothing_else_of_it():
    footer = "ana@example.mx | (505) 555-0147 | Albuquerque, NM\nConfidential"
    reading = formats.read(files.docx("Ana López Ruiz\n# Skills\nSQL, Python", footer=footer))
    basics = reading.document["basics"]
    assert (basics["name"], basics["email"], basics["phone"]) == ("Ana López Ruiz", "ana@example.mx", "(505) 555-0147")
    assert basics["location"]["city"] == "Albuquerque"
    assert "Confidential" not in str(reading.document)


@pytest.mark.parametrize(
    ("text", "city", "country"),
    [
        ("Col. Del Valle, Ciudad de México", "Ciudad de México", "MX"),
        ("Monterrey, N.L.", "Monterrey", "MX"),
        ("Greater Chicago Area", "Chicago", "US"),
        ("Guadalajara y alrededores, México", "Guadalajara", "MX"),
        ("São Paulo, SP, Brasil", "São Paulo", "BR"),
        ("Houston, TX 77002", "Houston", "US"),
    ],
)
def test_places_are_read_as_they_are_written(text, city, country):
    basics = formats.read(files.docx(f"Ana López Ruiz\nana@example.mx | {text}\n# Skills\nSQL, KYC")).document["basics"]
    assert (basics["location"]["city"], basics["location"]["countryCode"]) == (city, country)


def test_a_page_of_too_many_pieces_is_left_as_it_is():
    pieces = [
        Line(f"w{number}", page=1, number=number, size=9, left=number % 50, y=700 - number) for number in range(2000)
    ]
    assert layout.arrange(pieces) == pieces


def test_an_employer_with_all_its_time_stands_over_its_positions_and_is_none_itself():
    text = (
        "Ana López\nana@example.mx\n# Experience\n+ American Express, Phoenix, AZ (Feb 2014 – Present)\n"
        "Program Manager, Nov 2019 – Present\n• Nacha rules.\nProject Manager, Feb 2014 – Oct 2019\n• EMV chips.\n"
        "+ Intel Corporation, Chandler, AZ\nBusiness Analyst, 2010 – 2014\n• Requirements."
    )
    reading = formats.read(files.docx(text))
    assert jobs(reading) == [
        ("Program Manager", "American Express", "2019-11", None),
        ("Project Manager", "American Express", "2014-02", "2019-10"),
        ("Business Analyst", "Intel Corporation", "2010", "2014"),
    ]
    assert work_of(reading)[1]["highlights"] == ["EMV chips."]
    assert not reading.notices
    assert reading.sources["/work/0"].text.startswith("Program Manager")


def test_title_and_employer_of_one_line_are_parted_though_the_place_has_a_line_of_its_own():
    text = "# Experience\n+ Java Developer, Charles Schwab\nAustin, TX 03/2018 - 12/2020\n• APIs."
    reading = formats.read(files.docx(f"Ana López\nana@example.mx\n{text}"))
    assert jobs(reading) == [("Java Developer", "Charles Schwab", "2018-03", "2020-12")]
    assert work_of(reading)[0]["location"] == "Austin, TX"


@pytest.mark.parametrize("email", ["meredith.halvorsen@example.com", "mail@example.com"])
def test_a_name_beside_a_sidebar_is_found_by_its_looks_or_by_the_address_and_is_no_certificate(email):
    bold = "+ " if email.startswith("mail") else ""
    text = (
        f"[table\n|CONTACT//{email}//SKILLS//Java//SQL//CERTIFICATIONS//CKA, 2022"
        f"|{bold}Meredith Halvorsen//Senior Java Engineer//SUMMARY//Backend engineer.//EXPERIENCE//"
        "Analyst, Acme Inc//2019 – 2021|\n]"
    )
    document = formats.read(files.docx(text)).document
    assert document["basics"]["name"] == "Meredith Halvorsen"
    assert document["basics"]["label"] == "Senior Java Engineer"
    assert [entry["name"] for entry in document["certificates"]] == ["CKA"]


def test_cells_that_stand_in_the_middle_of_their_row_belong_to_it():
    def at(left: float, y: float, text: str) -> Words:
        return Words(text, 9, left, y)

    table = [
        *(at(54, 491, "Grado"), at(224, 491, "Institución"), at(394, 491, "Año")),
        *(at(54, 473, "Licenciatura en Ciencias de la"), at(224, 473, "Benemérita Universidad")),
        *(at(394, 464, "2007"), at(54, 455, "Computación"), at(224, 455, "Autónoma de Puebla")),
        *(at(54, 437, "Maestría en Administración de"), at(224, 428, "UPAEP"), at(394, 428, "2014")),
        at(54, 419, "Tecnologías de Información"),
    ]
    reading = read([*HEAD, Words("ESTUDIOS", 11, 54, 512, bold=True), *table])
    found = [(entry["institution"], entry["area"], entry["endDate"]) for entry in reading.document["education"]]
    assert found == [
        ("Benemérita Universidad Autónoma de Puebla", "Ciencias de la Computación", "2007"),
        ("UPAEP", "Administración de Tecnologías de Información", "2014"),
    ]
    assert "skills" not in reading.document


def test_short_words_in_frames_of_their_own_are_apart_though_close():
    def frames(y: int, *words: tuple[int, str]) -> bytes:
        return b" ".join(b"BT /F1 10 Tf 1 0 0 1 %d %d Tm (%s) Tj ET" % (left, y, text.encode()) for left, text in words)

    content = [
        frames(750, (50, "Ana Lopez Ruiz")),
        frames(735, (50, "ana@example.mx")),
        frames(700, (50, "SKILLS")),
        frames(680, (50, "Sass"), (86, "Tailwind CSS"), (161, "Cypress")),
    ]
    assert skills(formats.read(files.one_page(b"\n".join(content)))) == ["Sass", "Tailwind CSS", "Cypress"]


def test_a_cell_that_reads_like_a_heading_makes_no_columns_of_a_table():
    def at(left: float, y: float, text: str) -> Words:
        return Words(text, 9, left, y)

    table = [
        *(at(31, 531, "Certification"), at(309, 531, "Issuer"), at(503, 531, "Date")),
        *(at(31, 513, "Confluent Certified Developer for Apache"), at(31, 495, "Kafka")),
        *(at(309, 504, "Confluent, Inc."), at(503, 504, "03/2021")),
        *(at(31, 468, "AWS Certified Developer"), at(309, 477, "Amazon Web Services Training and")),
        *(at(309, 459, "Certification"), at(503, 468, "11/2022")),
    ]
    reading = read([*HEAD, Words("Certifications", 12, 31, 548, bold=True), *table])
    assert [(entry["name"], entry["date"]) for entry in reading.document["certificates"]] == [
        ("Confluent Certified Developer for Apache Kafka", "2021-03"),
        ("AWS Certified Developer", "2022-11"),
    ]


def test_a_head_that_a_narrow_cell_broke_is_whole():
    text = (
        "2019 – a la fecha\tProfesora titular, Facultad de Ciencias de la\nComputación, BUAP\n"
        "2016 – 2019\tCientífica de datos, BBVA México"
    )
    reading = formats.read(files.docx(f"Ana López\nana@example.mx\n# Nombramientos\n{text}"))
    assert jobs(reading) == [
        ("Profesora titular, Facultad de Ciencias de la Computación", "BUAP", "2019", None),
        ("Científica de datos", "BBVA México", "2016", "2019"),
    ]


def test_a_heading_beside_dates_on_one_baseline_is_no_first_row_of_a_table():
    left = column(50, 740, "# CONTACT\nana@example.mx\n\n# TOOLS\nFHIR\nSQL\n\n\n# LANGUAGES\nEnglish (native)")
    right = column(
        240,
        740,
        "# Ana López Ruiz\nArchitect\n\n# CAREER\n# Architect\nOptum\n2013-11 to 2019-03\n# Engineer\n"
        "2008-02 to 2013-10\nFiserv\n- Feeds",
    )
    reading = read(sorted([*left, *right], key=lambda words: (-words.y, words.left)))
    assert [job[2:] for job in jobs(reading)] == [("2013-11", "2019-03"), ("2008-02", "2013-10")]
    assert skills(reading) == ["FHIR", "SQL"]
    assert reading.document["languages"] == [{"language": "English", "fluency": "native"}]

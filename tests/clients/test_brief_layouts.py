"""How briefs are laid out: headings that set parts apart and where that ends, people in lists, tables and lines."""

from __future__ import annotations

import datetime as dt

import pytest

from marketplace.clients.briefs import draft
from marketplace.clients.briefs.analysis import Analysis, analyze

TODAY = dt.date(2026, 11, 22)
LONG = "The programme has a sponsor on the board and a steering committee that meets every second week. "


def read(text: str) -> Analysis:
    return analyze(text, today=TODAY)


def skills(text: str) -> dict[str, str]:
    found = read(text)
    return {need.code: need.attitude.value for need in (*found.needs, *found.excluded)}


def seats(text: str) -> list[int]:
    return [seat.count for seat in read(text).seats]


# -- headings ---------------------------------------------------------------------------------------------------------
def test_what_stands_below_about_us_ends_with_the_next_heading_whatever_its_words() -> None:
    text = (
        "Card cell\n\nWho we are\n\nWe issue cards. Customer service lives in Zendesk and the apps are in Kotlin.\n\n"
        f"The problem\n\nThe monthly deck takes nine days, and nobody trusts it. {LONG}\n\n"
        f"What the cell would do\n\nBuild a lakehouse in Databricks and dashboards in Looker. {LONG}"
    )
    found = skills(text)
    assert found["databricks"] == found["looker"] == "must"
    assert not {"zendesk", "kotlin"} & set(found)


def test_a_wish_told_by_its_heading_alone_holds_for_the_paragraph_below_it() -> None:
    text = (
        f"Data cell\n\nThe work\n\nModels in dbt on Snowflake, run by Airflow. {LONG}\n\n"
        f"What would make us smile\n\nSomebody who knows Collibra, and Great Expectations. {LONG}"
    )
    found = skills(text)
    assert (found["snowflake"], found["collibra"]) == ("must", "wish")


def test_headings_count_whether_by_section_number_or_by_capitals() -> None:
    by_section = (
        "SECTION 1 - ABOUT THE BANK\nThe Bank has been on Hogan since 1992 and lends through nCino.\n"
        "SECTION 2 - SCOPE\n2.1 Extensions in Java.\n"
        "SECTION 3 - ADDITIONAL CONSIDERATION\nKnowledge of OpenShift."
    )
    assert skills(by_section) == {"java": "must", "openshift": "wish"}
    by_capitals = (
        "1 PURPOSE\nNew portal.\n2 CURRENT ENVIRONMENT\nLotus Notes for 400 users.\n"
        "3 SERVICES REQUIRED\n3.1 Angular and Spring Boot.\n4 OUT OF SCOPE\nMicrosoft 365."
    )
    assert skills(by_capitals) == {"angular": "must", "spring-boot": "must", "ms-365": "excluded"}


@pytest.mark.parametrize(
    ("line", "attitude"),
    [
        ("Would love: Docker experience.", "wish"),
        ("III. Conocimientos complementarios (hasta 5 puntos). Docker.", "wish"),
        ("Not in this SOW. Docker.", "excluded"),
        ("Fuera: Docker (lo usaba el equipo anterior).", "excluded"),
        ("What we don't want: Docker.", "excluded"),
    ],
)
def test_the_first_words_of_a_line_may_set_it_apart(line: str, attitude: str) -> None:
    assert skills(f"We need people for an inventory system.\nJava is a must.\n{line}") == {
        "java": "must",
        "docker": attitude,
    }


def test_headings_that_would_lay_nearly_all_aside_are_not_believed() -> None:
    names = "Java, Python, Kafka, Docker, Terraform, Jenkins, Snowflake, Airflow and Kubernetes"
    assert len(skills(f"About us\nEverybody must know {names}. {LONG}")) >= 8


def test_what_a_system_is_written_in_and_what_stands_beside_a_demand_is_good_to_know() -> None:
    text = (
        "Current environment\nBilling runs on COBOL with JCL. Mail is on Lotus Notes.\n\nRequirements\n- COBOL\n- Java"
    )
    assert skills(text) == {"cobol": "must", "jcl": "wish", "java": "must"}


# -- asides stay where they are ---------------------------------------------------------------------------------------
def test_a_passing_sentence_takes_nothing_back_that_the_one_before_it_asks_for() -> None:
    text = "Piden un líder con experiencia en Azure y .NET. No hay que tocar el core, solo consumir sus servicios."
    found = skills(text)
    assert (found["azure"], found["dotnet"]) == ("must", "must")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Java needed. COBOL we don't have.", "cobol"),
        ("Java needed. Mulesoft neither.", "mulesoft"),
        ("Java needed. Experience is not necessary in SAP, and neither is knowledge of Salesforce.", "salesforce"),
        ("Java needed. We own Alation but you will not use it.", "alation"),
        ("Java. CDMP no lo pidas, encarece todo.", "cert-cdmp"),
        ("Java. PolicyCenter ya está arriba.", "guidewire"),
        ("Java. Xamarin ya no, eso se murió.", "xamarin"),
        ("Java needed. AWS people need not apply.", "aws"),
        ("Java. No enviar candidatos con solo experiencia en Boomi.", "boomi"),
        ("Java. Our warehouse is Redshift and is looked after by the data platform team.", "aws-data"),
        ("Java. We have a data science group in Boston.", "data-science"),
    ],
)
def test_more_ways_of_leaving_out(text: str, code: str) -> None:
    found = skills(text)
    assert found["java"] == "must"
    assert found[code] == "excluded"


def test_a_firm_that_is_out_of_scope_rules_nothing_out() -> None:
    assert skills("Java. We need someone who has been through a PCI DSS audit, as we are nearly out of scope.") == {
        "java": "must",
        "pci-dss": "must",
    }


@pytest.mark.parametrize(
    "wish",
    [
        "We are happy if candidates know about Docker.",
        "It'd be handy if they could also set up Docker.",
        "Extra points (up to 10 of 100) shall be awarded for Docker.",
        "Serían un diferenciador: Docker.",
        "También convendría algo de Docker.",
        "Docker les gustaría.",
        "Conocer Kafka es deseable, lo mismo que haber trabajado con Docker.",
        "La certificación CKA y Docker serán consideradas una ventaja.",
        "Docker for local builds would be a real differentiator.",
        "Docker nice but whatever.",
        "Knowledge of containers (Docker, and the like) a bonus.",
    ],
)
def test_more_ways_of_wishing(wish: str) -> None:
    found = skills(f"Java is a must. {wish}")
    assert found["java"] == "must"
    assert found["docker"] == "wish"


def test_a_wish_within_brackets_ends_with_them() -> None:
    text = "Four Java developers (five years of Java; Spring Batch if possible), one person who knows JCL and COBOL."
    assert skills(text) == {"java": "must", "spring-batch": "wish", "jcl": "must", "cobol": "must"}


def test_a_supervisor_is_no_skill_but_its_rules_are() -> None:
    assert skills("The OCC exam left us with a backlog. Java needed.") == {"java": "must"}
    assert "us-bank-regulators" in skills("Java needed, and knowledge of OCC guidelines.")


# -- people -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("SEATS\n A. Java developer ........ 3   (5+ years)\n B. Scrum master .......... 1   (CSM)", [3, 1]),
        ("Personal mínimo\n   a. Un gerente de proyecto con PMP.\n   b. Tres consultores de Temenos.", [1, 3]),
        ("Van tres configuradores Guidewire, un desarrollador Java y un BA con inglés.", [3, 1, 1]),
        ("La célula tendrá un diseñador UX con Figma y dos desarrolladores de Flutter.", [1, 2]),
        ("Pienso en esto: un líder de MDM; una persona de data stewardship; y un analista de datos.", [1, 1, 1]),
        ("We would like to have two persons who can take over the RPG programs.", [2]),
        ("Solution architect 1; Database engineer 2; Full stack developer 2", [1, 2, 2]),
        ("- data engineers, three of them, snowflake\n- a scrum master\n- tableau dev x 1", [3, 1, 1]),
        ("Two openings. (1) A senior data scientist: Python. (2) An MLOps engineer: Terraform.", [1, 1]),
        ("Especialista en continuidad (1): ISO 22301.\nConsultor de riesgos (2): COBIT.", [1, 2]),
        ("Recursos: 4 analistas de soporte (2 senior, 2 junior); 1 coordinador de servicio.", [2, 2, 1]),
        ("Role | Seats | Skills\nMainframe developer | 3 | COBOL\nTest lead | 1 | ISTQB", [3, 1]),
        ("seat | how many | must bring | would help\nIT auditor | 2 | CISA | SOC 2", [2]),
        ("Puesto: Analista KYC\nNúmero de vacantes: 3", [3]),
        ("Vacante: Ingeniero(a) de Datos Sr. (2 posiciones)", [2]),
    ],
)
def test_people_are_counted_in_lists_tables_and_lines(text: str, counts: list[int]) -> None:
    assert seats(text) == counts


@pytest.mark.parametrize(
    "text",
    [
        "Write things down, so that our own three analysts can carry on. Java needed.",
        "PL/SQL a nivel experto. El Cliente dará acceso a dos expertos del negocio.",
        "Current situation\nThree developers maintain it.\n\nRequirements\n- Java",
    ],
)
def test_people_who_are_there_are_no_seats(text: str) -> None:
    assert seats(text) == []


# -- languages that must be proven ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2 Java developers. English B2 (TOEFL iBT or IELTS).", "TOEFL iBT"),
        ("2 Java developers with an English certificate, C1.", "English certificate"),
        ("2 desarrolladores Java con inglés certificado B2.", "inglés certificado"),
        ("2 desarrolladores Java, con certificación de inglés B2.", "certificación de inglés"),
        ("2 desarrolladores Java, inglés avanzado, oral y escrito, comprobable.", "inglés avanzado, oral y"),
    ],
)
def test_a_language_that_must_be_proven_is_a_tested_floor_with_its_words(text: str, words: str) -> None:
    found = read(text)
    (demand,) = found.languages
    assert any(piece.text.startswith(words) for piece in demand.evidence)
    (seat,) = draft.body(found, text)["seats"]
    assert [(floor["language"], floor["evidence"]) for floor in seat["languages"]] == [("en", "tested")]


@pytest.mark.parametrize(
    "text",
    [
        "2 Java developers, English B2. Certified in AWS.",
        "2 Java developers, English B2, no TOEFL needed.",
        "2 Java developers, English B2; TOEFL a plus.",
        "2 desarrolladores Java con inglés B2 y experiencia comprobable.",
    ],
)
def test_a_language_without_a_word_of_proof_stays_as_people_declare_it(text: str) -> None:
    seat = draft.body(read(text), text)["seats"][0]
    assert [floor.get("evidence") for floor in seat["languages"]] == [None]


def test_a_table_says_the_english_of_each_role() -> None:
    text = "Role | Count | Skills | English\nJava developer | 2 | Java | B1\nTest lead | 1 | Selenium | C1"
    made = draft.body(read(text), text)["seats"]
    assert [seat["languages"][0]["level"] for seat in made] == ["b1", "c1"]

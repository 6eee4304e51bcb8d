"""A brief is read by fixed rules: who, what, how well, when, where and for how much, each with its words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import brief_reading
from marketplace.clients.briefs import draft, levels
from marketplace.clients.briefs.analysis import Analysis, analyze
from marketplace.clients.briefs.attitudes import Attitude
from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import Money
from profiles.levels import Cefr, Function, Seniority

TODAY = dt.date(2026, 11, 22)


def read(text: str, language: str | None = None) -> Analysis:
    return analyze(text, today=TODAY, language=language)


def skills(text: str) -> dict[str, str]:
    found = read(text)
    return {need.code: need.attitude.value for need in (*found.needs, *found.excluded)}


def level(text: str, code: str) -> int:
    return next(need.level for need in read(text).needs if need.code == code)


# -- the marked set ---------------------------------------------------------------------------------------------------
RESULTS = brief_reading.results()


def test_the_marked_set_is_large_and_bilingual() -> None:
    languages = [result.fields["language"][2] for result in RESULTS]
    assert len(RESULTS) >= 40
    assert min(languages.count("en"), languages.count("es")) >= 15


def test_skills_are_read_with_the_precision_and_recall_that_are_promised() -> None:
    precision, recall = brief_reading.precision_and_recall(RESULTS)
    assert precision >= 0.95
    assert recall >= 0.95


@pytest.mark.parametrize("attitude", brief_reading.ATTITUDES)
def test_demands_wishes_and_denials_each_reach_the_floor(attitude: str) -> None:
    precision, recall = brief_reading.precision_and_recall(RESULTS, attitude)
    assert precision >= 0.9
    assert recall >= 0.9


@pytest.mark.parametrize("field", ["cap", "english", "language", "months", "seats", "solution_type", "starts_on"])
def test_the_other_fields_are_nearly_always_right(field: str) -> None:
    right, asked = brief_reading.field_shares(RESULTS)[field]
    assert right / asked >= 0.93


def test_every_reading_points_at_the_words_it_came_from() -> None:
    for path in sorted(brief_reading.DATA.glob("*.json")):
        text = brief_reading.marked(path)["text"]
        found = read(text)
        readings = [*found.needs, *found.excluded, *found.seats, *found.languages]
        readings += [r for r in (found.starts_on, found.ends_on, found.monthly_cap, found.solution_type) if r]
        for reading in readings:
            assert reading.evidence
            assert 0 < reading.confidence <= 1
            for piece in reading.evidence:
                assert text[piece.start : piece.end] == piece.text


# -- demanded, wished for, ruled out ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "attitudes"),
    [
        ("We need Java. No COBOL experience required.", {"java": "must", "cobol": "excluded"}),
        ("COBOL is not needed, Java is.", {"cobol": "excluded", "java": "must"}),
        ("Sin experiencia en COBOL ni JCL; con Java.", {"cobol": "excluded", "jcl": "excluded", "java": "must"}),
        ("Not only Java but also COBOL.", {"java": "must", "cobol": "must"}),
        ("Java, not JavaScript.", {"java": "must", "javascript": "excluded"}),
        ("No later than March we need Java.", {"java": "must"}),
        (
            "Must have Java and Kafka. Nice to have: Docker, Kubernetes.",
            {"java": "must", "kafka": "must", "docker": "wish", "kubernetes": "wish"},
        ),
        ("Java and Spring Boot required, Kafka a plus.", {"java": "must", "spring-boot": "must", "kafka": "wish"}),
        (
            "Java required. Docker, Kubernetes and Terraform are a plus.",
            {"java": "must", "docker": "wish", "kubernetes": "wish", "terraform": "wish"},
        ),
        ("Penetration testers (OSCP preferred).", {"penetration-testing": "must", "cert-oscp": "wish"}),
        ("Se requiere Java; deseable Kafka.", {"java": "must", "kafka": "wish"}),
        ("Java indispensable, Kafka deseable.", {"java": "must", "kafka": "wish"}),
        ("No es indispensable la certificación PMP, sí Scrum.", {"cert-pmp": "wish", "scrum": "must"}),
        ("Preferred skills: Python; Docker", {"python": "wish", "docker": "wish"}),
        (
            "Requisitos:\n- Java\nDeseables:\n- Docker\nFuera de alcance:\n- COBOL",
            {"java": "must", "docker": "wish", "cobol": "excluded"},
        ),
        ("About us\nWe build with Docker.\n\nRequirements\n- Java", {"java": "must"}),
        ("We are a bank in the insurance and payments business. Java needed.", {"java": "must"}),
        ("Analyst with experience in insurance and payments.", {"insurance": "must", "payments": "must"}),
    ],
)
def test_attitudes(text: str, attitudes: dict[str, str]) -> None:
    assert skills(text) == attitudes


def test_what_is_ruled_out_once_stays_out_though_a_title_names_it() -> None:
    assert skills("Java developer\nNo COBOL needed. The old system is in COBOL.")["cobol"] == "excluded"


# -- levels -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("years", "expected"), [(0, 2), (1, 2), (2, 3), (4, 3), (5, 4), (9, 4), (10, 5), (30, 5)])
def test_years_become_levels_by_the_table(years: int, expected: int) -> None:
    assert levels.of_years(years) == expected


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("5+ years of Java and Spring Boot", "spring-boot", 4),
        ("Java (3 years), COBOL (12 years)", "cobol", 5),
        ("Java (3 years), COBOL (12 years)", "java", 3),
        ("3-5 años de experiencia en COBOL", "cobol", 3),
        ("expert in COBOL", "cobol", 5),
        ("sólidos conocimientos de SQL", "sql", 4),
        ("SQL avanzado", "sql", 4),
        ("conocimientos básicos de REXX", "rexx", 2),
        ("strong SQL; basic knowledge of Python", "python", 2),
        ("familiarity with Docker, solid Kubernetes", "kubernetes", 4),
        ("We use COBOL", "cobol", 3),
        ("a project of 5 years with COBOL", "cobol", 3),
    ],
)
def test_levels_are_read_from_years_or_words(text: str, code: str, expected: int) -> None:
    assert level(text, code) == expected


def test_years_of_one_role_do_not_reach_the_next() -> None:
    text = "Necesitamos un líder de gobierno de datos con 8 años de experiencia, dos custodios de datos y Collibra."
    assert (level(text, "data-governance"), level(text, "data-stewardship")) == (4, 3)


# -- seats ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "seats"),
    [
        ("We need 2 senior Java developers.", [(2, Function.ENGINEERING, Seniority.SENIOR)]),
        (
            "Buscamos un arquitecto y tres programadores COBOL.",
            [(1, Function.ARCHITECTURE, None), (3, Function.ENGINEERING, None)],
        ),
        ("Looking for a tech lead.", [(1, Function.ENGINEERING, Seniority.LEAD)]),
        (
            "Team: one security architect, two SOC analysts",
            [(1, Function.ARCHITECTURE, None), (2, Function.OPERATIONS, None)],
        ),
        ("We need two or three Java engineers.", [(3, Function.ENGINEERING, None)]),
        ("Our developers work with a product owner in Boston.", []),
        ("No developers needed, experience as a developer helps.", []),
        (
            "Senior COBOL Developer\nWe are looking for a senior COBOL developer.",
            [(1, Function.ENGINEERING, Seniority.SENIOR)],
        ),
        ("Se requieren dos analistas de PLD semi senior.", [(2, Function.BUSINESS, Seniority.MID)]),
    ],
)
def test_seats(text: str, seats: list[tuple[int, int, int | None]]) -> None:
    assert [(seat.count, seat.function, seat.seniority) for seat in read(text).seats] == seats


def test_an_open_number_of_people_keeps_both_ends() -> None:
    (seat,) = draft.body(read("We need two or three Java engineers."), "")["seats"]
    assert (seat["least"], seat["most"], seat["title_en"]) == (2, 3, "Java engineers")


@pytest.mark.parametrize(
    ("text", "english", "spanish"),
    [
        ("We need two Java engineers.", "Java engineers", "Ingeniero (Java)"),
        ("We need a senior COBOL developer.", "Senior COBOL developer", "Desarrollador sénior (COBOL)"),
        ("We need a tech lead.", "Tech lead", "Líder técnico"),
        (
            "Buscamos un arquitecto de soluciones sénior.",
            "Senior architect (Solution architecture)",
            "Arquitecto de soluciones sénior",
        ),
        (
            "Se requieren dos desarrolladores Java semi senior.",
            "Mid-level developer (Java)",
            "Desarrolladores Java semi senior",
        ),
        ("Se requiere un líder de proyecto.", "Project manager", "Líder de proyecto"),
        ("Buscamos para el banco un Scrum Master.", "Scrum Master", "Scrum Master"),
    ],
)
def test_a_seat_is_named_in_both_languages(text: str, english: str, spanish: str) -> None:
    (seat,) = draft.body(read(text), "")["seats"]
    assert (seat["title_en"], seat["title_es"]) == (english, spanish)


def test_the_one_seat_of_an_advertisement_gets_all_that_the_advertisement_demands() -> None:
    text = "Senior Java Engineer\n\nRequirements:\n- Kafka\n- PCI DSS\nNice to have:\n- Docker"
    made = draft.body(read(text), text)
    (seat,) = made["seats"]
    assert {floor["skill"] for floor in seat["skills"]} == {"java", "kafka"}
    assert {floor["level"] for floor in seat["skills"]} == {4}
    assert {(need["skill"], need["count"]) for need in made["needs"]} == {("pci-dss", 1), ("docker", 0)}


# -- languages --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fluent English required", Cefr.C1),
        ("Inglés avanzado B2+", Cefr.B2),
        ("inglés intermedio", Cefr.B1),
        ("native English", Cefr.C2),
        ("Good communication skills in English", Cefr.B2),
        ("English: C1", Cefr.C1),
    ],
)
def test_spoken_english_is_read_as_cefr(text: str, expected: int) -> None:
    assert [demand.value.level for demand in read(f"Java. {text}.").languages] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "No English required.",
        "El inglés no es necesario.",
        "English is a plus.",
        "Documents are in English.",
        "No requerimos inglés.",
    ],
)
def test_english_that_is_not_demanded_is_no_floor(text: str) -> None:
    assert read(f"Java. {text}").languages == ()


# -- dates, money, places ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Start in January 2027 for 6 months", "2027-01-01", "2027-07-01"),
        ("a partir de marzo, 18 meses", "2027-03-01", "2028-09-01"),
        ("from February 1, 2027 to July 31, 2027", "2027-02-01", "2027-07-31"),
        ("de enero a junio de 2027", "2027-01-01", "2027-06-30"),
        ("starting Q2 2027", "2027-04-01", None),
        ("Start date: 02/15/2027", "2027-02-15", None),
        ("start 2027-06-01, until December 2027", "2027-06-01", "2027-12-31"),
        ("we started in 2019; 5 years of Java", None, None),
    ],
)
def test_dates(text: str, start: str | None, end: str | None) -> None:
    found = read(f"Java project {text}.")
    days = [reading.value.isoformat() if reading else None for reading in (found.starts_on, found.ends_on)]
    assert days == [start, end]


def test_a_date_in_figures_is_read_as_the_language_writes_it_and_asked_about() -> None:
    english, spanish = read("Java team must start 03/04/2027."), read("El proyecto de Java inicia el 03/04/2027.")
    assert english.starts_on is not None
    assert spanish.starts_on is not None
    assert (english.starts_on.value, spanish.starts_on.value) == (dt.date(2027, 3, 4), dt.date(2027, 4, 3))
    assert "start_ambiguous" in {question.code for question in english.open_questions}


@pytest.mark.parametrize(
    ("text", "monthly"),
    [
        ("Budget: $80k per month", Money.of(80_000, "USD")),
        ("USD 960,000 budget for 12 months", Money.of(80_000, "USD")),
        ("80 mil dólares al mes", Money.of(80_000, "USD")),
        ("900,000 pesos mensuales", Money.of(900_000, "MXN")),
        ("total cost not to exceed $1.5 million over 10 months", Money.of(150_000, "USD")),
        ("$40,000 - $50,000 monthly", Money.of(50_000, "USD")),
        ("a bank with $40 billion in assets and 3,000,000 customers", None),
    ],
)
def test_money(text: str, monthly: Money | None) -> None:
    found = read(f"Java cell. {text}.").monthly_cap
    assert (found.value if found else None) == monthly


def test_a_rate_per_hour_bounds_the_seats_and_not_the_cell() -> None:
    found = read("We need 2 Java developers, rates up to $95 per hour.")
    assert found.monthly_cap is None
    assert draft.body(found, "")["seats"][0]["max_rate"] == {"amount": "95.00", "currency": "USD"}


def test_a_total_without_a_duration_is_asked_about() -> None:
    found = read("Java project. Total budget USD 500,000.")
    assert found.monthly_cap is None
    assert "budget_per_month" in {question.code for question in found.open_questions}


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("a bank based in Charlotte", "America/New_York"),
        ("our office in Dallas", "America/Chicago"),
        ("hours: 9am-5pm PST", "America/Los_Angeles"),
        ("hora del este", "America/New_York"),
        ("the best est. price", None),
    ],
)
def test_zones(text: str, zone: str | None) -> None:
    found = read(f"Java for {text}.").places.time_zone
    assert (found.value if found else None) == zone


def test_shared_hours_are_read_as_minutes() -> None:
    for text in ("6 hours of overlap with EST", "traslape de al menos 6 horas", "6 horas de traslape"):
        reading = read(f"Java, {text}.").places.overlap_minutes
        assert reading is not None
        assert reading.value == 360


# -- the draft and what is missing ------------------------------------------------------------------------------------
def test_what_is_missing_is_asked_with_the_field_that_the_answer_goes_to() -> None:
    questions = {question.code: question.pointer for question in read("We want to improve things.").open_questions}
    assert questions == {
        "title_missing": "/title",
        "solution_unclear": "/solution_type",
        "start_missing": "/starts_on",
        "end_missing": "/ends_on",
        "budget_missing": "/monthly_cap",
        "seats_missing": "/seats",
        "needs_missing": "/needs",
        "time_zone_missing": "/time_zone",
    }


def test_regulations_are_needs_of_the_cell_and_named_as_such() -> None:
    found = read("We need 2 Java developers who know SOX 404 and 23 NYCRR 500.")
    assert {need.code for need in found.regulations} == {"sox-404", "nydfs-500"}
    assert {need["skill"] for need in draft.body(found, "")["needs"]} == {"sox-404", "nydfs-500"}


# -- bad input --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "brief_empty"),
        (" \n\t ", "brief_empty"),
        ("x" * 20_001, "brief_too_long"),
        ("🚀🚀 123 !!!", "brief_says_nothing"),
        ("Procuramos um desenvolvedor com experiência em COBOL. Você não precisa de inglês.", "language_not_supported"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(text)
    assert refusal.value.code == code
    assert refusal.value.errors[0].pointer == "/text"


def test_marks_of_direction_emoji_and_loose_accents_change_nothing() -> None:
    plain = "Buscamos dos programadores COBOL con 5 años de experiencia. Deseable: gestión de incidentes."
    strange = "\ufeff🚀 Buscamos dos \u200fprogramadores\u200f CO\u200bBOL con 5 an\u0303os de experiencia. "
    strange += "Deseable: gestio\u0301n de incidentes."
    assert [(n.code, n.attitude, n.level) for n in read(strange).needs] == [
        (n.code, n.attitude, n.level) for n in read(plain).needs
    ]


def test_the_words_shown_are_those_of_the_original_whatever_was_dropped_before_them() -> None:
    found = read("\ufeff🅰️ \u200fBuscamos\u200f 2 programadores CO\u200bBOL con gestio\u0301n de incidentes.")
    words = {need.code: need.evidence[0].text for need in found.needs}
    assert words == {"cobol": "programadores CO\u200bBOL", "incident-management": "gestio\u0301n de incidentes"}
    assert found.seats[0].evidence[0].text == "2 programadores CO\u200bBOL"


def test_the_longest_brief_is_read_in_a_fraction_of_a_second() -> None:
    text = ("We need 2 senior Java developers, no COBOL, from March 2027, $80k per month, fluent English. " * 400)[
        :20_000
    ]
    found = read(text)
    assert {need.code for need in found.needs} == {"java"}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_analysis(text: str) -> None:
    try:
        found = read(text, language="en")
    except Invalid:
        return
    draft.body(found, text)


VOCABULARY = (
    "no not sin 5+ years of Java , and COBOL ( ) : ; . \n - * nice to have deseable $80k per month from May to 2027"
    " 31/31/2027 two senior developers líder English C2 EST R C Go 99 hours overlap February 30 is a plus requisitos:"
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY.split(" ")), max_size=60))
def test_no_jumble_of_its_own_vocabulary_breaks_the_analysis(words: list[str]) -> None:
    text = "Java " + " ".join(words)
    made = draft.body(read(text, language="en"), text)
    assert all(1 <= floor["level"] <= 5 for seat in made.get("seats", ()) for floor in seat["skills"])
    assert Decimal(made.get("monthly_cap", {"amount": "0"})["amount"]) >= 0


@pytest.mark.parametrize(
    ("text", "wishes", "ruled_out"),
    [
        ("Must: JCL, VSAM\nNice: REXX, Easytrieve\nDon't need: Assembler", {"rexx", "easytrieve"}, {"hlasm"}),
        ("Obligatorio: Purview\nOpcional: Alteryx\nExcluido: COBOL", {"alteryx"}, {"cobol"}),
        ("Si alguien sabe de Control-M o Dynatrace, mejor. Java es obligatorio.", {"control-m", "dynatrace"}, set()),
        ("Se dará puntaje adicional por conocimientos de MLflow.", {"mlops"}, set()),
        ("Java team. Tableau would be nice, but it isn't a deal breaker.", {"tableau"}, set()),
        ("Quedan fuera del alcance los desarrollos en SAP. Usamos Java.", set(), {"sap"}),
        ("Java developers. Help desk is excluded from this RFP.", set(), {"itsm-service-desk"}),
    ],
)
def test_ways_of_wishing_and_of_ruling_out(text: str, wishes: set[str], ruled_out: set[str]) -> None:
    found = read(text)
    assert {need.code for need in found.needs if need.attitude is Attitude.WISH} == wishes
    assert {need.code for need in found.excluded} == ruled_out


def test_a_labeled_line_below_a_list_of_wishes_is_no_wish() -> None:
    found = read("Preferred qualifications\n- Kotlin\nSchedule: Eastern time. English C1.")
    assert [demand.value.level for demand in found.languages] == [Cefr.C1]

"""The many ways in which briefs ask, wish, rule out, count, date and pay, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest

from marketplace.clients.briefs import assumptions, draft, levels
from marketplace.clients.briefs.analysis import Analysis, analyze
from marketplace.kernel.money import Money
from profiles.levels import Cefr, Function, Seniority

TODAY = dt.date(2026, 11, 22)


def read(text: str) -> Analysis:
    return analyze(text, today=TODAY)


def skills(text: str) -> dict[str, str]:
    found = read(text)
    return {need.code: need.attitude.value for need in (*found.needs, *found.excluded)}


# -- not for the cell -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Our data team uses Databricks; you won't touch any of this. Java needed.", "databricks"),
        ("Claims run on Guidewire; both are outside the scope of this work. Java needed.", "guidewire"),
        ("Java needed. Kubernetes lo opera otro equipo.", "kubernetes"),
        ("Java needed. Elixir in the backend, our guys take care of it.", "elixir"),
        ("Se requiere Java. La empresa también usa Salesforce, pero eso lo atienden otros equipos.", "salesforce"),
        ("Se requiere Java. El almacén está en Netezza; se apaga en diciembre.", "netezza"),
        ("Java. De Jenkins ya vamos de salida, no lo pongan.", "jenkins"),
        ("Somos una consultora con más de 200 ingenieros en SAP. Se requiere Java.", "sap"),
        ("We have plenty of React people of our own. Java needed.", "react"),
        ("Please do not send Perl people. Java needed.", "perl"),
        ("PCI DSS applies. HIPAA does not apply.", "hipaa"),
        ("Java. SOX aplica a la empresa, pero no a este sistema.", "sox-404"),
        ("Anything but PHP. Java.", "php"),
        ("Dejen fuera a los de PHP. Necesitamos Java.", "php"),
        ("Java sí, JavaScript no.", "javascript"),
        ("Skip the Angular people, we need Java.", "angular"),
        ("Java needed. Oracle is used by finance, not by us.", "oracle-db"),
        ("The mainframe team maintains COBOL. Java needed.", "cobol"),
        ("Java needed. VB6 will be decommissioned in June.", "vb6"),
        ("Java needed. Micronaut was considered and dropped.", "micronaut"),
        ("Java needed. The ledger is in Scala and will remain with our own engineers.", "scala"),
        ("Java needed. There was some Perl, it is gone.", "perl"),
        ("Se requiere Java. El código está en Git; Endevor ya no se usa.", "endevor"),
        ("No forman parte de este contrato: SOX, la certificación ISO 27001. Se requiere Java.", "sox-404"),
    ],
)
def test_what_others_do_what_goes_away_and_what_is_ruled_out_is_no_need(text: str, code: str) -> None:
    found = skills(text)
    assert found.get(code) in {None, "excluded"}
    assert "must" in found.values()


@pytest.mark.parametrize(
    "text",
    [
        "No es necesario saber COBOL. Java indispensable.",
        "Do not apply without Java.",
        "Sin Java no nos sirve.",
        "Java (requerido, no deseable).",
        "Java is not optional.",
        "Two files have not yet been moved to Java.",
        "Que no le tenga miedo a Java.",
        "Si no conoces Java, te lo pedimos igual.",
        "We do not need help with COBOL. We need Java.",
        "Preferred: COBOL. Java is a must.",
    ],
)
def test_what_only_sounds_like_a_denial_leaves_the_demand(text: str) -> None:
    assert skills(text)["java"] == "must"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Java required. Docker would set a candidate apart.", "docker"),
        ("Java required. Docker counts in your favor.", "docker"),
        ("Java required. If one of them has seen Docker, so much the better.", "docker"),
        ("Java required. Docker would be sweet.", "docker"),
        ("Java required. The client will look favorably on Docker.", "docker"),
        ("Java required. Docker is useful but secondary.", "docker"),
        ("Java a must; exposure to Docker would not hurt.", "docker"),
        ("Java is required whereas Docker is merely preferred.", "docker"),
        ("Java, plus Docker if possible.", "docker"),
        ("- Java [required]\n- Docker [optional]", "docker"),
        ("Java\n(nice to have) Docker", "docker"),
        ("Must have: Java.\nShould have: Docker.", "docker"),
        ("Java indispensable. Ideal si han tocado Docker.", "docker"),
        ("Java indispensable. Sería padre que trajera Docker, pero no me muero por eso.", "docker"),
        ("Java indispensable. Quien conozca Docker tendrá ventaja.", "docker"),
        ("Java indispensable. Lo que te haría destacar: Docker.", "docker"),
        ("Java indispensable. Se valorará, sin ser obligatorio, haber trabajado con Docker.", "docker"),
        ("Java indispensable. También veríamos con buenos ojos experiencia en Docker.", "docker"),
        ("Java indispensable; Docker de preferencia.", "docker"),
        ("Java indispensable. Te sumará saber Docker.", "docker"),
        ("Java obligatorio. Docker no es requisito aunque se agradece.", "docker"),
        ("Java indispensable. Docker is a plus, as is Terraform.", "terraform"),
    ],
)
def test_ways_of_wishing(text: str, wish: str) -> None:
    found = skills(text)
    assert (found["java"], found[wish]) == ("must", "wish")


def test_what_there_is_today_is_good_to_know_and_no_demand() -> None:
    text = "1. Background\nThe system is written in COBOL.\n\n2. Requirements\n- Java\n\n3. Terms\nUntil June 30, 2027."
    assert skills(text) == {"cobol": "wish", "java": "must"}


def test_an_explicit_wish_is_not_outweighed_by_a_mere_mention() -> None:
    assert skills("Orders leave through Kafka. Knowing Kafka would be nice. Java is required.")["kafka"] == "wish"
    assert skills("We need Kafka. Knowing Kafka would be nice.")["kafka"] == "must"


def test_the_name_of_a_role_is_the_seats_and_no_need_of_its_own() -> None:
    found = read("We need a business analyst and two Java developers with Kafka.")
    assert {need.code for need in found.needs} == {"java", "kafka"}
    assert [[mention.code for mention in seat.mentions] for seat in found.seats] == [
        ["business-analysis"],
        ["java", "kafka"],
    ]


# -- tables -----------------------------------------------------------------------------------------------------------
TABLE = (
    "Roles\r\n"
    "| Role | Qty | Level | Experience | Must have | Nice to have |\r\n"
    "|------|-----|-------|------------|-----------|--------------|\r\n"
    "| 🚀 Data engineer | 2 | Senior | 6 years | Python, An\u0303o Snowflake | dbt |\r\n"
    "| BI analyst | 1 | Junior | | Power BI | Tableau |\r\n\r\n"
    "Old reports are in Netezza, nobody needs to know it."
)


def test_a_table_gives_seats_needs_wishes_and_levels() -> None:
    found = read(TABLE)
    assert [(seat.count, seat.seniority) for seat in found.seats] == [(2, Seniority.SENIOR), (1, Seniority.JUNIOR)]
    assert skills(TABLE) == {
        "python": "must",
        "snowflake": "must",
        "dbt": "wish",
        "power-bi": "must",
        "tableau": "wish",
        "netezza": "excluded",
    }
    assert {need.code: need.level for need in found.needs if need.stated} == {"python": 4, "snowflake": 4}


def test_the_words_of_a_table_are_those_of_the_original() -> None:
    found = read(TABLE)
    for reading in (*found.needs, *found.excluded, *found.seats):
        for piece in reading.evidence:
            assert TABLE[piece.start : piece.end] == piece.text
    assert found.needs[1].evidence[0].text == "Snowflake"


@pytest.mark.parametrize("separator", ["; ", "\t", " | ", "     "])
def test_tables_are_cut_by_whatever_separates_their_columns(separator: str) -> None:
    lines = [("Puesto", "Cant.", "Conocimientos"), ("Desarrollador Java", "3", "Java, Docker"), ("Tester", "1", "Jira")]
    found = read("\n".join(separator.join(line) for line in lines))
    assert [(seat.count, [m.code for m in seat.mentions][-1]) for seat in found.seats] == [(3, "docker"), (1, "jira")]


# -- seats ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("3.1 Data stewards (3): SQL.\n3.2 Java developer (1): Kafka.", [3, 1]),
        ("Guidewire Developers (3 openings)", [3]),
        ("- Java developer x2\n- QA engineer x1", [2, 1]),
        ("Java contractors wanted (2 senior, 1 junior).", [2, 1]),
        ("Senior Java Developer - 2 positions", [2]),
        ("Equipo: PM (1), BA (1), QA (2), desarrollador Java (4)", [1, 1, 2, 4]),
        ("We want two people who have converted CA-7 to Control-M.", [2]),
        ("Busco un SRE para un cliente de Denver.", [1]),
        ("We need one healthcare business analyst and 2 Java devlopers.", [1, 2]),
        ("Célula de cinco: un backend de Node.js, dos devs de Java y un QA.", [1, 2, 1]),
    ],
)
def test_people_are_counted_however_their_number_is_written(text: str, people: list[int]) -> None:
    assert [seat.count for seat in read(text).seats] == people


def test_the_items_below_the_line_of_a_seat_are_its_skills() -> None:
    found = read("2 desarrolladores COBOL sr.\n- JCL\n- Db2\n\n1 tester\n- Selenium")
    assert [{m.code for m in seat.mentions} for seat in found.seats] == [
        {"cobol", "jcl", "db2-zos"},
        {"software-testing", "selenium"},
    ]


def test_a_seat_that_only_a_number_of_people_gives_is_less_sure_than_one_with_a_role() -> None:
    people, role = read("We want two people who know Control-M."), read("We want two Control-M specialists.")
    assert people.seats[0].confidence < role.seats[0].confidence
    assert people.seats[0].function == Function.ENGINEERING


# -- languages --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "Inglés B2 para todos excepto el arquitecto, que requiere C1.",
        "Inglés B2 (arquitecto C1).",
        "The architect needs an English level of C1, the remaining personnel B2.",
        "El arquitecto trabaja en inglés (C1). Para los demás, B2.",
    ],
)
def test_each_seat_gets_the_level_of_its_role(text: str) -> None:
    brief = f"Necesitamos un arquitecto de soluciones y dos desarrolladores Java. {text}"
    seats = draft.body(read(brief), brief)["seats"]
    assert [seat["languages"][0]["level"] for seat in seats] == ["c1", "b2"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("conversational English", Cefr.B1),
        ("inglés fluido", Cefr.C1),
        ("bilingüe inglés-español", Cefr.C1),
        ("inglés intermedio-alto", Cefr.B2),
        ("inglés al 90%", Cefr.C1),
        ("dominio del inglés", Cefr.C1),
    ],
)
def test_words_for_levels(text: str, level: int) -> None:
    assert max(demand.value.level for demand in read(f"Java. Se pide {text}.").languages) == level


# -- dates, durations, money, places ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The work takes effect on March 1, 2027", "2027-03-01"),
        ("start the first week of March 2027", "2027-03-01"),
        ("inicio en la segunda quincena de enero de 2027", "2027-01-16"),
        ("arranca a mediados de abril", "2027-04-15"),
        ("inicio a principios de marzo de 2027", "2027-03-01"),
        ("a partir del lunes 14 de diciembre de 2026", "2026-12-14"),
        ("inicio el 1o. de marzo", "2027-03-01"),
        ("fecha: 01-mar-2027", "2027-03-01"),
        ("kickoff mid-March 2027", "2027-03-15"),
        ("desde el primer lunes de febrero de 2027", "2027-02-01"),
        ("a partir del segundo trimestre de 2027", "2027-04-01"),
        ("Q2 2027 start", "2027-04-01"),
        ("they should start between January 4 and January 18, 2027", "2027-01-04"),
        ("iniciamos el próximo lunes", "2026-11-23"),
        ("start next month", "2026-12-01"),
        ("Start: Dec 7", "2026-12-07"),
        ("inicio en cuanto sea posible", None),
        ("the licence expires on 6/30/2027", None),
        ("our fiscal year ends in March 2027", None),
    ],
)
def test_starts(text: str, day: str | None) -> None:
    found = read(f"Java project of the bank. {text}.").starts_on
    assert (found.value.isoformat() if found else None) == day


def test_a_start_that_names_no_day_is_less_sure_than_one_that_does() -> None:
    sure, vague = read("Java, starting March 15, 2027.").starts_on, read("Java, starting mid-March 2027.").starts_on
    assert sure is not None
    assert vague is not None
    assert (sure.value, vague.value) == (dt.date(2027, 3, 15), dt.date(2027, 3, 15))
    assert vague.confidence < sure.confidence


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("parallel runs over three month-end closings; it runs for eighteen (18) months", 18),
        ("el contrato dura año y medio", 18),
        ("Term: 6 mo.", 6),
        ("six months, extendable by three months", 6),
        ("contrato de 1 año", 12),
        ("three years of Java", None),
    ],
)
def test_durations(text: str, months: int | None) -> None:
    found = read(f"Java project. {text}.").months
    assert (found.value if found else None) == months


@pytest.mark.parametrize(
    ("text", "cap"),
    [
        ("we can spend like 22k per month", Money.of(22_000, "USD")),
        ("fees shall not exceed USD 145,000 in any calendar month", Money.of(145_000, "USD")),
        ("1.2 mdd por 12 meses en total", Money.of(100_000, "USD")),
        ("presupuesto de 1.8 mdp mensuales", Money.of(1_800_000, "MXN")),
        ("tope mensual de sesenta y cinco mil dólares", Money.of(65_000, "USD")),
        ("que no pase de un millón doscientos mil dólares por 12 meses", Money.of(100_000, "USD")),
        ("annual budget of $600k", Money.of(50_000, "USD")),
        ("$150,000 per quarter", Money.of(50_000, "USD")),
        ("we raised $20M in funding", None),
        ("deposits of $45,000,000 a month", Money.of(45_000_000, "USD")),
    ],
)
def test_budgets(text: str, cap: Money | None) -> None:
    found = read(f"Java cell for a bank. {text}.").monthly_cap
    assert (found.value if found else None) == cap


def test_a_price_for_each_person_is_counted_for_all_of_them() -> None:
    found = read("We need 3 Java developers, $5k per month per person.").monthly_cap
    assert found is not None
    assert found.value == Money.of(15_000, "USD")
    assert found.confidence < 0.9


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("a savings bank in Peoria, IL", "America/Chicago"),
        ("hours 8:30-5:30 Monterrey time", "America/Monterrey"),
        ("El horario es el de Phoenix", "America/Phoenix"),
        ("working hours are Central", "America/Chicago"),
        ("EST business hours", "America/New_York"),
        ("people from Guadalajara", None),
    ],
)
def test_places(text: str, zone: str | None) -> None:
    found = read(f"Java. {text}.").places.time_zone
    assert (found.value if found else None) == zone


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("batch COBOL, JCL and VSAM, 8+ years each", "jcl", levels.of_years(8)),
        ("Kubernetes, Helm, Prometheus, mínimo 4 años", "kubernetes", levels.of_years(4)),
        ("we expect IBM MQ and Kafka at an advanced level", "mq", 4),
        ("un líder técnico .NET: ocho años o más en C#", "csharp", levels.of_years(8)),
        ("they should know Snowflake and dbt really well", "snowflake", 4),
        ("some 640 Java programs", "java", 3),
    ],
)
def test_levels_reach_over_lists(text: str, code: str, level: int) -> None:
    assert next(need.level for need in read(f"We need {text}.").needs if need.code == code) == level


# -- how sure, and what is assumed ------------------------------------------------------------------------------------
def test_a_single_word_makes_no_kind_of_solution() -> None:
    found = read("Two frontend developers for a dashboard, React.").solution_type
    assert found is None or found.confidence < 0.5


def test_what_fits_clearly_is_surer_than_what_fits_a_little() -> None:
    clear = read("Data governance program: Collibra, data lineage, data quality, data stewards, data catalog.")
    little = read("Reports and dashboards for a retailer, with Java.")
    assert clear.solution_type is not None
    assert clear.solution_type.value == "data_governance"
    assert clear.solution_type.confidence > 0.8
    assert little.solution_type is None or little.solution_type.confidence < clear.solution_type.confidence


def test_nothing_is_assumed_of_what_the_brief_says() -> None:
    text = "We need 2 senior Java developers (5 years of Java), part time, EST hours, fluent English."
    found = read(text)
    pointers = {each.pointer for each in assumptions.of(found, draft.body(found, text))}
    assert not pointers & {"/seats/0/most", "/seats/0/min_seniority", "/seats/0/weekly_minutes", "/time_zone"}
    assert "/seats/0/skills/0/level" not in pointers

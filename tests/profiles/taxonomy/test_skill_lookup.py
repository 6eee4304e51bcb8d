"""Text becomes a skill only when that is certain; near spellings are suggested, never taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.taxonomy.lookup import Lookup, Match
from profiles.taxonomy.source import Alias, Entry, read_also_means, read_taxonomy
from profiles.taxonomy.text import normalize
from profiles.taxonomy.ways import ALIAS, CONFIDENCE, DESCRIBED, EXACT, GLUED, INFLECTED, NORMALIZED

TAXONOMY = read_taxonomy()
LOOKUP = Lookup(TAXONOMY.entries)


def found(text: str) -> str | None:
    match = LOOKUP.find(text)
    return match.code if match else None


def suggested(text: str) -> list[str]:
    return [suggestion.code for suggestion in LOOKUP.suggest(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Java", "java"),
        ("JavaScript", "javascript"),
        ("JS", "javascript"),
        ("C", "c"),
        ("C++", "cpp"),
        ("c ++", "cpp"),
        ("C#", "csharp"),
        ("c #", "csharp"),
        (".NET", "dotnet"),
        ("R", "r"),
        ("Go", "go"),
        ("golang", "go"),
        ("CAMS", "cert-cams"),
        ("PL/I", "pl-i"),
        ("pl/1", "pl-i"),
        ("PL-I", "pl-i"),
        ("DB2", "db2-zos"),
        ("AS/400", "ibm-i"),
        ("as 400", "ibm-i"),
        ("React", "react"),
        ("React Native", "react-native"),
        ("Node JS", "nodejs"),
        ("SWIFT", "swift-messaging"),
        ("Spring Boot", "spring-boot"),
    ],
)
def test_names_that_look_alike_stay_apart(text: str, code: str) -> None:
    assert found(text) == code


@pytest.mark.parametrize("text", ["R&D", "r & d", "C/C++", "Javanese", "Swift", "GoLand", "CAM", "SCAMS", "", " ", "&"])
def test_text_that_only_resembles_a_skill_is_not_found(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("prevención de lavado de dinero", "aml-bsa"),
        ("PREVENCION DE LAVADO DE DINERO", "aml-bsa"),
        ("PLD", "aml-bsa"),
        ("anti-money laundering", "aml-bsa"),
        ("Gobierno de Datos", "data-governance"),
        ("data governance", "data-governance"),
        ("linaje de datos", "data-lineage"),
        ("conciliacion bancaria", "reconciliation"),
        ("Bank Reconciliation", "reconciliation"),
        ("conoce a tu cliente", "kyc"),
        ("Know your customer", "kyc"),
        ("beneficiario controlador", "beneficial-ownership"),
    ],
)
def test_both_languages_answer_with_or_without_accents(text: str, code: str) -> None:
    assert found(text) == code


def test_the_answer_says_how_it_was_found_and_how_sure_it_is() -> None:
    assert LOOKUP.find("Java") == Match("java", 1.0, EXACT)
    assert LOOKUP.find("cert-cams") == Match("cert-cams", 1.0, EXACT)
    assert LOOKUP.find(" K8s ") == Match("kubernetes", 0.95, ALIAS)
    assert LOOKUP.find("kubernetes.") == Match("kubernetes", 0.9, NORMALIZED)
    assert LOOKUP.find("calidades de los datos") == Match("data-quality", 0.85, INFLECTED)
    assert LOOKUP.find("blue prism") == Match("blue-prism", 0.9, NORMALIZED)
    assert LOOKUP.find("data ware house") == Match("data-warehouse", 0.85, GLUED)
    assert LOOKUP.find("5 años en AS/400") == Match("ibm-i", 0.8, DESCRIBED)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gobierno del dato", "data-governance"),
        ("gobierno datos", "data-governance"),
        ("mainframe modernisation", "mainframe-modernization"),
        ("stewardship of the data", "data-stewardship"),
        ("JCLs", "jcl"),
        ("master data mgmt", "master-data"),
        ("10+ years of experience in COBOL", "cobol"),
        ("COBOL programmer", "cobol"),
        ("lenguaje de programación C", "c"),
        ("R developer", "r"),
        ("SQL Server 2019", "sql-server"),
        ("ISO 27001:2022", "iso-27001"),
        ("SIEM (Splunk)", "siem"),
        ("ServiceNow ITSM", "servicenow"),
        ("ITIL/ITSM", "itil"),
        ("certificación PMP", "cert-pmp"),
    ],
)
def test_number_gender_spelling_and_words_that_add_nothing_are_seen_through(text: str, code: str) -> None:
    assert found(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "SOC 3",
        "plan C",
        "program C",
        "equipo R",
        "nivel C1",
        "spring 2027",
        "reacts",
        "scale",
        "bank training",
        "Java and COBOL",
        "sass",
    ],
)
def test_words_that_do_add_something_make_it_another_thing(text: str) -> None:
    assert found(text) is None


def test_every_code_and_every_name_leads_to_its_own_entry() -> None:
    only_as_written = {
        alias.name.casefold() for entry in TAXONOMY.entries for alias in entry.aliases if alias.as_written
    }
    for entry in TAXONOMY.entries:
        for name in entry.names:
            assert found(name) == entry.code, name
        assert found(entry.code) == (None if entry.code in only_as_written else entry.code)


@pytest.mark.parametrize(("text", "code"), [("SAFe", "safe"), ("safe", None), ("CHIPS", "chips"), ("chips", None)])
def test_a_code_is_no_way_around_a_name_that_counts_only_as_written(text: str, code: str | None) -> None:
    assert found(text) == code


def test_javascript_is_never_suggested_for_java_nor_java_for_javascript() -> None:
    assert "javascript" not in suggested("java")
    assert "javascript" not in suggested("jva")
    assert "java" not in suggested("javascrip")
    assert suggested("javascrip")[0] == "javascript"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Reac JS", "react"),
        ("kubernets", "kubernetes"),
        ("govierno de dato", "data-governance"),
        ("javasricpt", "javascript"),
        ("spring bot", "spring-boot"),
        ("linage de datos", "data-lineage"),
        ("suspicius activity report", "sar"),
    ],
)
def test_the_nearest_spelling_is_suggested_first(text: str, first: str) -> None:
    assert found(text) is None
    assert suggested(text)[0] == first


@pytest.mark.parametrize("text", ["R&D", "C", "Go", "qwertyuiop", "", "c+"])
def test_short_or_strange_text_gets_no_suggestion(text: str) -> None:
    assert suggested(text) == []


def test_suggestions_respect_the_limit_and_come_nearest_first() -> None:
    ranked = [suggestion.similarity for suggestion in LOOKUP.suggest("data managment")]
    assert 2 < len(ranked) <= 5
    assert ranked == sorted(ranked, reverse=True)
    assert len(LOOKUP.suggest("data managment", limit=2)) == 2
    assert LOOKUP.suggest("data management", limit=0) == []


def test_a_name_with_two_owners_is_refused() -> None:
    entries = [
        Entry(code="a", kind="method", name_en="Alpha", name_es="Alfa"),
        Entry(code="b", kind="method", name_en="Beta", name_es="Beta", aliases=(Alias("es", "ALPHA"),)),
    ]
    with pytest.raises(ValueError, match="belongs to 'a' and to 'b'"):
        Lookup(entries)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("C", "C++"),
        ("C", "C#"),
        ("R", "R&D"),
        (".NET", "NET"),
        ("PL/I", "PLI"),
        ("A/B", "AB"),
        ("Security", "Security+"),
    ],
)
def test_punctuation_that_matters_survives_normalization(left: str, right: str) -> None:
    assert normalize(left) != normalize(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Análisis de Procesos", "analisis  de procesos"),
        ("Node.js", "node-js"),
        ("KYC/AML", "kyc aml"),
        ("CI/CD", "ci cd"),
        ("(Java)", "java,"),
        ("Año", "ano"),
        ("know-your-customer", "Know Your Customer"),
    ],
)
def test_punctuation_that_does_not_matter_is_dropped(left: str, right: str) -> None:
    assert normalize(left) == normalize(right)


@given(st.text(max_size=40))
def test_normalizing_twice_changes_nothing_and_no_text_breaks_the_lookup(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    LOOKUP.find(text)
    LOOKUP.suggest(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("data linaje", "data-lineage"),  # two languages
        ("monitoreo de transactions", "transaction-monitoring"),
        ("Lake Formation AWS", "aws-data"),  # another order
        ("cascading style sheets CSS", "css"),  # spelled out
        ("advanced business application programming ABAP software", "abap"),
        ("Red Hat WildFly", "jboss"),  # its maker
        ("Oracle Java", "java"),
        ("Spring Boot 3.x", "spring-boot"),  # versions
        ("Java 8/11/17", "java"),
        ("Spring 6", "spring-framework"),
        ("WAS 9", "websphere"),
        ("Sr. Java Dev II", "java"),  # ranks
        ("Enterprise COBOL for z/OS", "cobol"),
    ],
)
def test_names_in_other_words_are_resolved(text: str, code: str) -> None:
    assert found(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "Java to COBOL migration",  # a direction is not turned around
        "risk model",  # two words in another order mean another thing
        "oracle of Delphi",
        "the express",
        "visa process",
        "spring project",
        "conciliación laboral",
        "security",
        "private equity",
        "was 9",
        "spring 2027",
        "Spring 2027",
        "C--",
        "better style sheets ABAP",  # not what the acronym stands for
    ],
)
def test_other_words_do_not_make_a_name(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("jefe de conciliaciones", "reconciliation"),  # roles
        ("Ing. de datos", "data-engineering"),
        ("admón. de riesgos", "risk-management"),
        ("Terraform certified", "cert-terraform"),  # the one certificate that begins with the name
        ("ITIL v3 certified", "cert-itil4"),
        ("Kubernetes certificado", None),  # one of three
        ("ROI (reporte de operaciones inusuales)", "sar"),  # an acronym of one's own, explained
        ("administración de BD Oracle", "oracle-dba"),  # what a method is made of
        ("IBM Cloud engineer", "ibm-cloud"),  # which word is idle
        ("desarrollo con Spring Batch", "spring-batch"),
        ("Risk management projects", "risk-management"),
        ("business analyst banking", "business-analysis"),
        ("SOC analyst tier 1", "soc-operations"),
        ("HLASM z/OS", "hlasm"),  # the slash of a name enumerates nothing
        ("Docker y contenedores", None),
        ("React + Django", None),
        ("visión por ordenador", "computer-vision"),  # Spain's word
        ("manejo de Stata", "stata"),  # no state management
        ("SOC 1 nivel experto", "soc-1"),  # no SOC of level 1
    ],
)
def test_roles_certificates_and_words_between_are_told_apart(text: str, code: str | None) -> None:
    assert found(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "search and rescue (SAR)",
        "synthetic aperture radar (SAR)",
        "SARS",
        "Centers for Disease Control (CDC)",
        "Visa",
        "TN visa",
    ],
)
def test_another_expansion_or_another_acronym_is_another_thing(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("written", "plain", "code"),
    [("Tandem", "tandem", "nonstop"), ("Phoenix framework", "phoenix", "elixir"), ("Consul", "CONSUL", "service-mesh")],
)
def test_an_everyday_word_is_taken_as_the_name_is_written_and_asked_about_otherwise(
    written: str, plain: str, code: str
) -> None:
    assert found(written) == code
    assert found(plain) is None


def test_what_is_asked_about_or_may_mean_something_else_is_suggested_first() -> None:
    assert suggested("tandem")[0] == "nonstop"
    assert suggested("CDC")[0] == "data-replication"
    assert set(suggested("DB2")[:3]) == {"db2-zos", "db2-luw", "db2-i"}
    assert found("DB") is None
    assert suggested("DB")[0] == "relational-databases"


def test_a_name_that_is_a_part_of_the_text_is_suggested_after_similar_spellings() -> None:
    assert found("Figma prototypes and more") is None
    assert suggested("Figma prototypes and more") == ["figma"]
    near = LOOKUP.suggest("kubernets deployments of Kafka")
    assert near[0].code == "kafka"
    assert all(each.similarity < 0.7 for each in near)


@given(st.sampled_from(["javasricpt", "govierno de dato", "CDC", "tandem", "SPEI participante directo"]))
def test_a_suggestion_is_never_as_sure_as_a_name(text: str) -> None:
    assert found(text) is None
    assert 0 < max(each.confidence for each in LOOKUP.suggest(text)) < min(CONFIDENCE.values())


def test_what_is_similar_leaves_out_parts_and_other_meanings() -> None:
    assert "data-replication" not in [each.code for each in LOOKUP.similar("CDC")]
    assert LOOKUP.similar("SPEI participante directo") == []


def test_everything_that_a_name_means_as_well_exists() -> None:
    codes = {entry.code for entry in TAXONOMY.entries}
    for name, others in read_also_means().items():
        assert set(others) <= codes, name
        assert found(name) not in others, name

"""Skills are found inside sentences in either language, and ordinary words are left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.taxonomy.finder import CONTEXT, Finder
from profiles.taxonomy.source import Alias, Entry, read_taxonomy

TAXONOMY = read_taxonomy()
FINDER = Finder(TAXONOMY.entries)


def found(text: str) -> list[str]:
    return [each.code for each in FINDER.find_all(text)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("We use COBOL, JCL and CICS.", ["cobol", "jcl", "cics"]),
        ("ingeniero con JCL, VSAM y gobierno del dato", ["jcl", "vsam", "data-governance"]),
        ("KYC/AML analysts", ["kyc", "aml-bsa"]),
        ("C/C++ and C#, also .NET", ["c", "cpp", "csharp", "dotnet"]),
        ("PL/I, PL/SQL, CI/CD", ["pl-i", "plsql", "ci-cd"]),
        ("Java/Spring Boot", ["java", "spring-boot"]),
        ("SAP, ABAP", ["sap", "abap"]),
        ("SAP ABAP", ["abap"]),
        ("linaje y calidad de los datos", ["data-lineage", "data-quality"]),
        ("data\nquality", ["data-quality"]),
        ("gobierno, riesgo y cumplimiento", ["security-governance"]),
        ("REST APIs and JCLs", ["api-design", "jcl"]),
    ],
)
def test_names_are_found_in_the_order_of_the_text(text: str, codes: list[str]) -> None:
    assert found(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "R&D and I+D spending",
        "We go live, we go to market, let us go",
        "The project starts in Spring 2027",
        "Spring is coming. Excel at what you do.",
        "C-level and C-suite executives, plan C",
        "security cams and a swift response",
        "LOS REQUISITOS DE SAN JUAN",
        "They react to rust with express delivery",
        "Javanese dancers, scalable results",
        "from 9 AM to 6 PM EST",
        "redes sociales y calidad de vida",
        "a sar and an ach",
    ],
)
def test_ordinary_words_are_no_skills(text: str) -> None:
    assert set(found(text)) <= {"cutover"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Go developers", "go"),
        ("two engineers with Go experience", "go"),
        ("Java, Python and R", "r"),
        ("programación en C", "c"),
        ("desarrollador Go", "go"),
        ("java, spring, kafka", "spring-framework"),
        ("experience with Spring", "spring-framework"),
        ("dashboards built in Tableau", "tableau"),
        ("built with React", "react"),
        ("SWIFT messages", "swift-messaging"),
        ("they file SARs", "sar"),
    ],
)
def test_the_words_around_tell_a_technology_from_a_word(text: str, code: str) -> None:
    assert code in found(text)


def test_one_skill_beside_the_next_vouches_for_it_in_both_directions() -> None:
    assert found("Go, Spring and Java") == ["go", "spring-framework", "java"]
    assert found("Java, Spring and Go") == ["java", "spring-framework", "go"]


def test_places_are_those_of_the_original_text_despite_accents_emoji_and_marks() -> None:
    text = "🚀 Prevención\u0301 de lavado de dinero \u200fCOBOL\u200f, análisis de datos 🇲🇽 C ++"
    for each in FINDER.find_all(text):
        assert text[each.start : each.end].strip() == text[each.start : each.end]
    assert [text[each.start : each.end] for each in FINDER.find_all(text)][1:] == ["COBOL", "análisis de datos", "C ++"]


def test_what_only_the_context_tells_is_marked_as_less_sure() -> None:
    java, spring = FINDER.find_all("Java, Spring")
    assert (java.how, spring.how) == ("exact", CONTEXT)
    assert spring.confidence < java.confidence


def test_a_name_that_counts_alone_is_not_found_in_sentences() -> None:
    entry = Entry("x", "domain", "Xylophones", "Xilófonos", aliases=(Alias("en", "wood", alone=True),))
    finder = Finder([entry])
    assert [each.code for each in finder.find_all("wood and xylophones")] == ["x"]


def test_every_preferred_name_is_found_between_two_words() -> None:
    for entry in TAXONOMY.entries:
        for name in (entry.name_en, entry.name_es):
            if "(" not in name and "," not in name and len(name) > 2 and name not in {"Go", "CHIPS"}:
                assert entry.code in found(f"experience with {name} required"), name


@given(st.text(max_size=60))
def test_no_text_breaks_the_finder_and_places_lie_inside_it(text: str) -> None:
    last = 0
    for each in FINDER.find_all(text):
        assert last <= each.start < each.end <= len(text)
        last = each.end


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Mr. Jenkins signs; we deploy with Jenkins.", ["jenkins"]),
        ("She reads Franz Kafka; our services use Kafka.", ["kafka"]),
        ("Ruby Hernandez recruits Ruby developers.", ["ruby"]),
        ("The agile response of the staff; agile teams.", ["agile"]),
        ("Seguro que sí: trabajamos en seguros.", ["insurance"]),
        ("Payment is net 30 for the team that builds payments.", ["payments"]),
        ("Una nube de polvo; servicios en la nube", ["cloud"]),
        ("El linaje de la familia no es el linaje de datos.", ["data-lineage"]),
        ("The helicopter SAR crew; SAR filing.", ["sar"]),
        ("Painted azure; hosted on Azure.", ["azure"]),
        ("A work visa is no card of Visa and Mastercard.", ["card-schemes"]),
    ],
)
def test_people_idioms_and_terms_of_payment_are_no_skills(text: str, codes: list[str]) -> None:
    assert found(text) == codes


@pytest.mark.parametrize("words", ["in the ", "on the ", "de la ", "with and of "])
def test_a_long_run_of_linking_words_costs_little(words: str) -> None:
    text = (words * 20_000)[:20_000]
    before = time.process_time()
    assert FINDER.find_all(text) == []
    assert time.process_time() - before < 0.5


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("We do not use Jenkins. CI runs on GitLab CI.", ["jenkins", "gitlab-ci"]),
        ("Java, Kafka\nTester; 1", ["java", "kafka", "software-testing"]),
        ("Preferred: Oracle, Kafka\nBudget USD 90,000", ["oracle-db", "kafka"]),
        ("React rather than Angular.", ["react", "angular"]),
        ("Python (not R), SQL", ["python", "r", "sql"]),
        ("Python experto y pandas (5+ años)", ["python", "pandas"]),
        ("Cypress también se acepta", ["cypress"]),
        ("AWS Certified Solutions Architect - Professional", ["cert-aws-sap"]),
        ("levantar requerimientos con los usuarios", ["requirements"]),
        ("a tableau dev", ["tableau"]),
        ("SAFe 6; CSM or PSM", ["safe", "cert-csm", "cert-psm"]),
        ("CMS interoperability rules", ["cms-interoperability"]),
    ],
)
def test_names_end_with_their_sentence_and_their_line(text: str, codes: list[str]) -> None:
    assert found(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "que sepa armar pruebas",
        "se les da capacitación",
        "through its API, with go-live in March",
        "front office in Charlotte",
        "a database of 1.1 TB",
        "system security and security standards",
        "a security analysis of the building",
        "corporate regulation",
        "using recovery tools",
        "Pathogen Modeling Program PMP",
        "a novel by Franz Kafka",
    ],
)
def test_general_words_of_a_sentence_are_no_skills(text: str) -> None:
    assert found(text) == []

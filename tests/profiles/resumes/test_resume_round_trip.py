"""JSON Resume to profile to JSON Resume: nothing that the schema can say is lost, and the profile has the last word."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import jsonschema
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.importers import formats
from profiles.importers.json_resume import SCHEMA, meaningful
from profiles.levels import Cefr
from profiles.models import Professional
from profiles.services import claims, experiences, import_confirmation, imports, languages, professionals, resume_export
from tests.factories import profiles

pytestmark = pytest.mark.django_db

CODES = ("cobol", "java", "sql", "python", "javascript")
WHOLE: dict[str, Any] = {
    "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
    "basics": {
        "name": "María José Hernández Núñez",
        "label": "Ingeniera de mainframe con experiencia en banca",
        "image": "https://example.mx/maria.png",
        "email": "maria@example.mx",
        "phone": "(33) 1234-5678",
        "url": "https://maria.example.mx",
        "summary": "Desarrollo sistemas para bancos desde hace 12 años.\nTambién doy clases.",
        "location": {
            "address": "Av. Vallarta 1", "postalCode": "44100", "city": "Guadalajara", "countryCode": "MX",
            "region": "Jalisco",
        },
        "profiles": [{"network": "GitHub", "username": "maria", "url": "https://github.com/maria"}],
        "pronouns": "ella",
    },
    "work": [
        {
            "name": "Banco del Bajío", "location": "León", "description": "Banca comercial", "position": "Ingeniera",
            "url": "https://bb.example", "startDate": "2019-03", "summary": "Migración de los sistemas a Java.",
            "highlights": ["40 programas", "35 % menos tiempo"],
        },
        {"name": "Softtek", "position": "Desarrolladora", "startDate": "2014", "endDate": "2019-02"},
        {"name": "Sin fechas", "position": "Becaria"},
        {"position": "Freelance", "startDate": "2012-19"},
    ],
    "volunteer": [{"organization": "CoderDojo", "position": "Mentora", "startDate": "2016", "highlights": ["50"]}],
    "education": [
        {
            "institution": "UdeG", "area": "Computación", "studyType": "Ingeniería", "score": "95",
            "courses": ["Compiladores"],
        },
    ],
    "awards": [{"title": "Premio", "date": "2020-11-01", "awarder": "ANIEI", "summary": "Por la migración."}],
    "certificates": [
        {"name": "CISSP", "date": "2024-05", "issuer": "(ISC)2", "url": "https://isc2.example"},
        {"name": "Curso interno"},
    ],
    "publications": [{"name": "COBOL vive", "publisher": "Komputer Sapiens", "releaseDate": "2021"}],
    "skills": [
        {"name": "Lenguajes", "level": "Master", "keywords": ["COBOL", "Java", "Telepatía"]},
        {"name": "SQL", "level": "Intermediate", "keywords": []},
        {"name": "Python"},
    ],
    "languages": [
        {"language": "Español", "fluency": "Nativo"}, {"language": "English", "fluency": "C1"},
        {"language": "Náhuatl", "fluency": "Básico"},
    ],
    "interests": [{"name": "Montaña", "keywords": ["Nevado"]}],
    "references": [{"name": "Luis", "reference": "Una gran ingeniera."}],
    "projects": [
        {
            "name": "Cierre", "keywords": ["batch"], "roles": ["Líder"], "startDate": "2020-01-15", "entity": "BB",
            "type": "application",
        },
    ],
    "meta": {"canonical": "https://maria.example.mx/cv.json", "version": "v1.0.0", "theme": "elegant"},
    "x-own": {"anything": [1, 2.5, {"deep": True}]},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _skills(db):
    for code in CODES:
        profiles.skill(code)
    profiles.skill("cert-cissp", kind="certificate")


@pytest.fixture
def person(db) -> Professional:
    return profiles.professional(headline_en="", headline_es="", contact_email="", city="")


def take_over(person: Professional, document: Any) -> None:
    """Import a document and accept every part of it, whatever the profile says."""
    row = imports.request(
        professional=person, content=json.dumps(document).encode(), media_type="application/json", actor=None
    )
    imports.execute(row.pk, formats.read)
    row.refresh_from_db()
    assert row.status == "read", row.failure
    everything = list(row.items.values_list("pk", flat=True))
    import_confirmation.confirm(resume=row, accept=everything, overwrite=everything, actor=None)


def export(person: Professional, language: str = "en") -> dict[str, Any]:
    document = resume_export.export(professional=person, language=language, actor=None)
    jsonschema.Draft7Validator(SCHEMA).validate(document)
    return document


def lost(said: Any, back: Any, pointer: str = "") -> list[str]:
    """Return the pointers of what ``said`` says and ``back`` does not; lists may have grown at their end."""
    if isinstance(said, dict):
        if not isinstance(back, dict):
            return [pointer]
        return [at for key, item in said.items() for at in lost(item, back.get(key), f"{pointer}/{key}")]
    if isinstance(said, list):
        if not isinstance(back, list) or len(back) < len(said):
            return [pointer]
        return [at for place, item in enumerate(said) for at in lost(item, back[place], f"{pointer}/{place}")]
    return [] if said == back else [pointer]


def test_a_whole_document_comes_back_as_it_was(person):
    take_over(person, WHOLE)
    assert export(person, "es") == meaningful(WHOLE)


def test_and_has_become_columns_on_the_way(person):
    take_over(person, WHOLE)
    row = Professional.objects.get(pk=person.pk)
    assert (row.given_names, row.family_names) == ("María José", "Hernández Núñez")
    assert row.headline_es == "Ingeniera de mainframe con experiencia en banca"
    assert row.summary_es.startswith("Desarrollo sistemas")
    assert (row.city, row.region, professionals.phone(row)) == ("Guadalajara", "Jalisco", "+523312345678")
    assert list(row.experiences.values_list("employer", "starts_on", "ends_on")) == [
        ("Banco del Bajío", dt.date(2019, 3, 1), None),
        ("Softtek", dt.date(2014, 1, 1), dt.date(2019, 2, 28)),
    ]
    told = "Migración de los sistemas a Java.\n• 40 programas\n• 35 % menos tiempo"
    assert row.experiences.first().summary_es == told
    assert {claim.skill.code: claim.level for claim in row.claims.all()} == {
        "cobol": 5,
        "java": 5,
        "sql": 3,
        "python": 3,
    }
    assert {each.language: (each.speaking, each.native) for each in row.languages.all()} == {
        "es": (Cefr.C2, True),
        "en": (Cefr.C1, False),
    }
    assert row.certificates.get().issued_on == dt.date(2024, 5, 1)


def test_what_is_changed_in_the_profile_is_said_anew_and_the_rest_as_it_was(person):
    take_over(person, WHOLE)
    position = person.experiences.get(employer="Banco del Bajío")
    experiences.update(professional=person, experience_id=position.pk, version=None, actor=None, title="Arquitecta")
    professionals.update(professional=person, version=None, actor=None, city="Zapopan")
    languages.set_one(professional=person, language="en", actor=None, speaking=Cefr.C2)
    document = export(person)
    work = document["work"][0]
    assert work["position"] == "Arquitecta"
    assert (work["startDate"], work["location"], work["highlights"]) == (
        "2019-03",
        "León",
        WHOLE["work"][0]["highlights"],
    )
    assert document["basics"]["location"]["city"] == "Zapopan"
    assert document["basics"]["location"]["postalCode"] == "44100"
    assert document["languages"][1]["fluency"] == "C2"


def test_what_the_profile_lets_go_is_not_said_any_more(person):
    take_over(person, WHOLE)
    claims.remove(professional=person, code="cobol", actor=None)
    languages.remove(professional=person, language="en", actor=None)
    experiences.remove(professional=person, experience_id=person.experiences.get(employer="Softtek").pk, actor=None)
    document = export(person)
    assert document["skills"][0]["keywords"] == ["Java", "Telepatía"]
    assert [each["language"] for each in document["languages"]] == ["Español", "Náhuatl"]
    assert "Softtek" not in json.dumps(document)


def test_a_claim_at_another_level_is_said_as_it_is_now(person):
    take_over(person, WHOLE)
    claims.set_one(professional=person, claimed=claims.Claimed("cobol", 2, 4), actor=None)
    claims.set_one(professional=person, claimed=claims.Claimed("sql", 5), actor=None)
    said = export(person)["skills"]
    assert said[0] == WHOLE["skills"][0]
    assert said[1] == {"name": "SQL", "level": "Expert"}
    assert said[-1] == {"name": "COBOL", "level": "Basic", "years": 4}


def test_what_was_never_in_a_resume_is_exported_too_and_reads_back(person):
    profiles.claim(person, "cobol", 4)
    profiles.speaks(person, "en", Cefr.B2)
    document = export(person)
    assert document["skills"] == [{"name": "COBOL", "level": "Advanced", "years": 6}]
    other = profiles.professional(headline_en="", headline_es="")
    take_over(other, document)
    claim, language = other.claims.get(), other.languages.get()
    assert (claim.skill.code, claim.level, claim.years) == ("cobol", 4, 6)
    assert (language.language, language.speaking, language.writing) == ("en", Cefr.B2, Cefr.B2)


@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_an_export_reads_back_into_the_same_profile_in_either_language(language, person):
    take_over(person, WHOLE)
    first = export(person, language)
    take_over(person, first)
    assert export(person, language) == first


def test_a_second_resume_adds_to_the_first(person):
    take_over(person, WHOLE)
    take_over(person, {"education": [{"institution": "ITESO", "area": "Datos"}], "skills": [{"name": "JavaScript"}]})
    document = export(person, "es")
    assert [each["institution"] for each in document["education"]] == ["UdeG", "ITESO"]
    assert lost(meaningful(WHOLE), document) == []
    assert document["skills"][-1] == {"name": "JavaScript"}


def test_a_part_that_was_not_accepted_is_not_exported(person):
    row = imports.request(
        professional=person, content=json.dumps(WHOLE).encode(), media_type="application/json", actor=None
    )
    imports.execute(row.pk, formats.read)
    keep = [item.pk for item in row.items.all() if item.content["pointer"] in {"/skills/0/keywords/0", "/awards/0"}]
    import_confirmation.confirm(resume=row, accept=keep, actor=None)
    document = export(person)
    assert document["skills"] == [{"level": "Master", "keywords": ["COBOL"]}]
    assert document["awards"] == WHOLE["awards"]
    assert "references" not in document


# -- any document that the schema allows ------------------------------------------------------------------------------
_WORDS = st.sampled_from(
    ["Ana López", "Acme", "COBOL", "java", "SQL", "Ingeniera de datos", "English", "Español", "Master", "C1", "native",
     "CISSP", "The bank and its ledgers", "el banco y los clientes", "MX", "US", "ana@example.mx", "+52 33 1234 5678"]
)  # fmt: skip
_TEXT = st.one_of(_WORDS, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
_DATES = st.from_regex(r"\A([12][0-9]{3})(-[01][0-9](-[0-3][0-9])?)?\Z")
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=4,
)


def _values(shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values of a part of the schema, with members beside those that it names wherever it allows them."""
    if "$ref" in shape:
        return _DATES
    if shape["type"] == "string":
        return _TEXT
    if shape["type"] == "array":
        return st.lists(_values(shape["items"]), max_size=3)
    known = st.fixed_dictionaries({}, optional={key: _values(part) for key, part in shape["properties"].items()})
    unknown = st.dictionaries(_TEXT.filter(lambda key: key not in shape["properties"]), _ANYTHING, max_size=1)
    return st.builds(lambda own, more: {**more, **own}, known, unknown)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(document=_values(SCHEMA))
def test_every_valid_document_is_taken_and_loses_nothing(document: dict[str, Any]) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(document)
    with transaction.atomic():
        person = profiles.professional(headline_en="", headline_es="", contact_email="", city="")
        take_over(person, document)
        assert lost(meaningful(document), export(person)) == []
        transaction.set_rollback(True)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(document=st.dictionaries(st.sampled_from([*SCHEMA["properties"], "hobbies", "?"]), _ANYTHING, max_size=4))
def test_every_invalid_document_is_taken_too_in_a_valid_form(document: dict[str, Any]) -> None:
    reading = formats.read(json.dumps(document).encode())
    jsonschema.Draft7Validator(SCHEMA).validate(reading.document)
    assert jsonschema.Draft7Validator(SCHEMA).is_valid(meaningful(document)) or reading.notices

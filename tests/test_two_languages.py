"""What people read is there in English and in Mexican Spanish: labels, names, refusals, e-mails, dates and money."""

from __future__ import annotations

import ast
import csv
import datetime as dt
import importlib
import json
import tomllib
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db.models import Choices
from django.utils import translation
from django.utils.translation import ngettext

from marketplace.clients.states import (
    ChangeStatus,
    EngagementStatus,
    InvitationStatus,
    MilestoneStatus,
    ProjectStatus,
)
from matching.narrative import amounts
from matching.states import OfferStatus
from profiles.levels import Cefr
from profiles.reference import calendars
from profiles.reference.clusters import clusters
from profiles.reference.tables import reference_tables
from profiles.taxonomy.source import read_taxonomy
from tests.english_words import english_words, spanish_words
from tests.factories import clients, profiles

ROOT = Path(settings.BASE_DIR)
ROOMS = ("marketplace", "profiles", "matching")
# Labels that are written alike in both languages.
ALIKE = {"Principal", "No", "W-9", *(str(level.label) for level in Cefr)}
MARKED = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
REFUSALS = {
    "NotFound",
    "NotAllowed",
    "Invalid",
    "Conflict",
    "IllegalTransition",
    "PreconditionFailed",
    "PreconditionRequired",
    "Unavailable",
    "FieldError",
    "Doubt",
    "ValidationError",
    "Part",
}


def in_language(language, text):
    with translation.override(language):
        return str(text)


# -- what the code says ------------------------------------------------------------------------------------------------


def every_choice():
    """Yield (class, member) of every scale and state of ours, wherever it is declared."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "Choices)" in path.read_text(encoding="utf-8"):
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    waiting = [Choices]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.split(".")[0] in ROOMS:
            yield from ((kind, member) for member in kind)


def test_every_label_of_a_scale_or_state_has_its_spanish():
    seen = 0
    for kind, member in every_choice():
        english, spanish = in_language("en", member.label), in_language("es-mx", member.label)
        seen += 1
        if english not in ALIKE:
            assert english != spanish, (kind.__qualname__, member.name)
        assert not english_words(spanish), (kind.__qualname__, member.name, spanish)
        assert not spanish_words(english), (kind.__qualname__, member.name, english)
    assert seen > 100


def bare_sentences(tree):
    """Yield the sentences that a refusal is given without being marked for translation."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name == "field" and isinstance(called, ast.Attribute):
            name = getattr(called.value, "id", "")
        if name not in REFUSALS:
            continue
        for argument in [
            *node.args,
            *(keyword.value for keyword in node.keywords if keyword.arg in {"detail", "step"}),
        ]:
            parts = list(ast.walk(argument))
            if any(isinstance(part, ast.Call) and getattr(part.func, "id", "") in MARKED for part in parts):
                continue
            texts = (part.value for part in parts if isinstance(part, ast.Constant))
            yield from (text for text in texts if isinstance(text, str) and text.count(" ") > 1)


def test_no_refusal_speaks_without_being_translated():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            found = list(bare_sentences(ast.parse(path.read_text(encoding="utf-8"))))
            assert not found, (path.relative_to(ROOT).as_posix(), found)


def test_a_refusal_without_translation_would_be_noticed():
    tree = ast.parse('raise Invalid.field("/a", "bad", "This is not good.")\nraise NotFound("x", _("This is fine."))')
    assert list(bare_sentences(tree)) == ["This is not good."]


# -- what the data says ------------------------------------------------------------------------------------------------


def pairs_of_names():
    """Yield (where, English, Spanish) of all names and sentences that stand in files of data."""
    for entry in read_taxonomy().entries:
        yield f"taxonomy {entry.code}", entry.name_en, entry.name_es
    for cluster in clusters():
        yield f"cluster {cluster.code}", cluster.name_en, cluster.name_es
    for table in reference_tables().tables:
        yield f"table {table.version}", table.note_en, table.note_es
    for country in calendars.COUNTRIES:
        for holiday in calendars.public_holidays(country, 2026):
            yield f"holiday {holiday.on}", holiday.name_en, holiday.name_es
    for path in sorted((ROOT / "marketplace" / "clients" / "blueprints").glob("*.json")):
        yield from pairs_below(json.loads(path.read_text(encoding="utf-8")), path.name)
    costs = tomllib.loads((ROOT / "matching" / "reference" / "landed_costs.toml").read_text(encoding="utf-8"))
    yield "landed costs", costs["notice"]["en"], costs["notice"]["es"]
    yield from pairs_below(costs, "landed costs")


def pairs_below(value, where):
    if isinstance(value, dict):
        for name in value:
            if name.endswith("_en"):
                yield f"{where}/{name}", value[name], value[f"{name[:-3]}_es"]
        for name, each in value.items():
            yield from pairs_below(each, f"{where}/{name}")
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from pairs_below(each, f"{where}/{position}")


def test_names_in_data_are_there_in_both_languages_and_each_in_its_own():
    seen = 0
    for where, english, spanish in pairs_of_names():
        seen += 1
        assert english.strip(), where
        assert spanish.strip(), where
        if english != spanish:  # names of products, laws and places may be the same in both
            assert not english_words(spanish), (where, spanish)
            assert not spanish_words(english), (where, english)
    assert seen > 450


def test_sentences_and_descriptions_are_never_the_same_in_both_languages():
    for where, english, spanish in pairs_of_names():
        if english.count(" ") > 5:
            assert english != spanish, where


def test_methods_and_domains_have_spanish_names_of_their_own():
    """Products and laws keep their names; a method or a domain rarely does."""
    named = [entry for entry in read_taxonomy().entries if entry.kind in {"method", "domain"}]
    alike = [entry.code for entry in named if entry.name_en == entry.name_es]
    assert len(alike) < len(named) / 4, alike


@pytest.mark.parametrize("path", sorted((ROOT / "profiles" / "reference").glob("*.csv")), ids=lambda path: path.name)
def test_reference_files_have_no_column_in_one_language_only(path):
    with path.open(encoding="utf-8", newline="") as handle:
        names = set(csv.DictReader(handle).fieldnames or ())
    assert {name[:-3] for name in names if name.endswith("_en")} == {
        name[:-3] for name in names if name.endswith("_es")
    }


# -- what the API says -------------------------------------------------------------------------------------------------


@pytest.fixture
def ask(cast, api):
    """Return the answer to a request in English and in Spanish; neither may change what the other finds."""

    def both(method, path, who="client", body=None, **headers):
        for language in ("en", "es-MX"):
            client = api(getattr(cast, who) if who else None, accept_language=language)
            yield client.generic(
                method,
                path,
                data=json.dumps(body) if body is not None else "",
                content_type=headers.get("content_type", "application/json"),
                headers={name: value for name, value in headers.items() if name != "content_type"},
            )

    return both


ME = "/api/v1/professionals/me"
LANGUAGE = {"language": "en", "speaking": "b2"}


@pytest.mark.parametrize(
    ("status", "method", "path", "more"),
    [
        (400, "GET", "/api/v1/projects?page_size=x", {}),
        (400, "GET", "/api/v1/projects?colour=red", {}),
        (400, "GET", "/api/v1/projects?created_after=soon", {}),
        (400, "GET", "/api/v1/professionals?skill=cobol:9", {"who": "recruiter"}),
        (400, "GET", "/api/v1/reference/holidays?year=1900&country=CA", {}),
        (400, "GET", "/api/v1/reference/overlap?zone=x", {}),
        (400, "POST", "/api/v1/projects", {"body": {}}),
        (400, "POST", "/api/v1/projects", {"body": {"title_en": 7, "wrong": True, "starts_on": "soon"}}),
        (400, "POST", f"{ME}/languages", {"who": "professional", "body": {**LANGUAGE, "speaking": "z9"}}),
        (401, "GET", "/api/v1/me", {"who": None}),
        (401, "GET", "/api/v1/me", {"who": None, "Authorization": "Bearer nobody"}),
        (403, "GET", "/api/v1/professionals", {}),
        (404, "GET", "/api/v1/projects/proj_00000000000000000000000000", {}),
        (404, "GET", "/api/v1/nowhere", {}),
        (405, "DELETE", "/api/v1/projects", {}),
        (406, "GET", "/api/v1/projects", {"Accept": "image/png"}),
        (415, "POST", "/api/v1/projects", {"body": {}, "content_type": "text/plain"}),
        (428, "PATCH", ME, {"who": "professional", "body": {"city": "León"}}),
        (412, "PATCH", ME, {"who": "professional", "body": {"city": "León"}, "If-Match": '"99"'}),
        (
            409,
            "POST",
            "/api/v1/professionals",
            {"who": "professional", "body": {"given_names": "A", "family_names": "B"}},
        ),
        (422, "POST", f"{ME}/languages", {"who": "professional", "body": {**LANGUAGE, "tested_on": "2199-01-01"}}),
        (
            422,
            "POST",
            f"{ME}/languages",
            {"who": "professional", "body": {**LANGUAGE, "test": "DELE", "raw_score": "B2", "tested_on": "2026-01-01"}},
        ),
        (422, "POST", f"{ME}/skills", {"who": "professional", "body": {"skill": "alchemy", "level": 3}}),
        (422, "POST", f"{ME}/tax-ids", {"who": "professional", "body": {"rfc": "nonsense"}}),
    ],
)
def test_a_refusal_is_told_in_the_readers_language(status, method, path, more, ask):
    english, spanish = ask(method, path, **more)
    assert (english.status_code, spanish.status_code) == (status, status), english.content
    assert (english["Content-Language"], spanish["Content-Language"]) == ("en", "es-mx")
    one, other = english.json(), spanish.json()
    assert one["code"] == other["code"]
    assert one["title"] != other["title"]
    assert one["detail"] != other["detail"]
    assert [(each["pointer"], each["code"]) for each in one["errors"]] == [
        (each["pointer"], each["code"]) for each in other["errors"]
    ]
    for first, second in zip(one["errors"], other["errors"], strict=True):
        assert first["detail"] != second["detail"], first
    for text in (other["title"], other["detail"], *(each["detail"] for each in other["errors"])):
        assert not english_words(text), text


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("es", "es-mx"),
        ("es-MX,es;q=0.9,en;q=0.5", "es-mx"),
        ("es-ES", "es-mx"),
        ("es-419", "es-mx"),
        ("en-US", "en"),
        ("fr, en;q=0.5", "en"),
        ("de", "en"),
        ("", "en"),
    ],
)
def test_the_nearest_of_both_languages_answers(asked, answered, cast, api):
    answer = api(cast.client, accept_language=asked).get("/api/v1/projects/none")
    assert answer["Content-Language"] == answered
    assert "Accept-Language" in answer["Vary"]


def test_doubts_about_a_language_are_told_in_the_readers_language(cast, api):
    profiles.speaks(
        cast.profile, "en", Cefr.C1, test="TOEFL iBT", raw_score="3", scale_version="1-6", tested_on=dt.date(2026, 2, 1)
    )
    spanish = api(cast.professional, accept_language="es-MX").get(f"{ME}/languages").json()["languages"][0]["result"]
    assert spanish["doubts"][0]["detail"] == "Indicas C1; según tu puntaje es B1."
    assert spanish["derived"]["note"].startswith("La escala se hizo")


def test_names_of_skills_and_titles_come_in_the_readers_language(cast, api):
    profiles.skill("data-governance", name_en="Data governance", name_es="Gobierno de datos")
    profiles.claim(cast.profile, "data-governance")
    for language, name in (("en", "Data governance"), ("es-MX", "Gobierno de datos")):
        shown = api(cast.professional, accept_language=language).get(f"{ME}/skills").json()["skills"]
        assert [each["name"] for each in shown] == [name]


def test_a_blueprint_is_offered_in_both_languages(cast, api):
    found = {}
    for language in ("en", "es-MX"):
        client = api(clients.member(cast.organization), accept_language=language)
        found[language] = client.get("/api/v1/blueprints/onboarding_kyc").json()["title"]
    assert found["en"] != found["es-MX"]
    assert not english_words(str(found["es-MX"]))


@pytest.mark.parametrize(("language", "asked"), [("en", "Please confirm"), ("es-MX", "confirm")])
def test_letters_are_written_in_the_readers_language(language, asked, db, api, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4().hex}"}}
    person = {"email": "nueva@example.mx", "password": "correct horse battery staple"}
    assert api(accept_language=language).post("/_allauth/app/v1/auth/signup", person).status_code == 200
    letter = mail.outbox[-1]
    assert asked.lower() in f"{letter.subject} {letter.body}".lower()
    if language == "es-MX":
        assert len(spanish_words(letter.body)) > 3
        assert not english_words(letter.subject)
        assert not english_words(letter.body), letter.body
    else:
        assert not spanish_words(letter.body)


# -- dates, money and numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tell", "english", "spanish"),
    [
        (lambda: amounts.date(dt.date(2026, 11, 22)), "November 22, 2026", "22 de noviembre de 2026"),
        (lambda: amounts.money(1234567, "USD"), "$1,234,567", "$1,234,567\N{NO-BREAK SPACE}USD"),
        (lambda: amounts.money(Decimal("1200.50"), "USD"), "$1,200.50", "$1,200.50\N{NO-BREAK SPACE}USD"),
        (lambda: amounts.money(25000, "MXN"), "MX$25,000", "$25,000\N{NO-BREAK SPACE}MXN"),
        (lambda: amounts.number(1234567), "1,234,567", "1,234,567"),
        (lambda: amounts.hours(2250), "37.5 h", "37.5 h"),
        (lambda: amounts.percent(0.0125), "1.25%", "1.25%"),
        (lambda: amounts.words(["A", "B", "C"]), "A, B, and C", "A, B y C"),
        (lambda: amounts.words(["A", "B"]), "A and B", "A y B"),
        (lambda: amounts.words(["Java", "ITIL"]), "Java and ITIL", "Java e ITIL"),
        (lambda: amounts.words(["A", "B", "historia"]), "A, B, and historia", "A, B e historia"),
        (lambda: amounts.words(["agua", "hielo"]), "agua and hielo", "agua y hielo"),
        (lambda: amounts.words(["IMS"]), "IMS", "IMS"),
    ],
)
def test_dates_money_and_lists_follow_the_locale(tell, english, spanish):
    with translation.override("en"):
        assert tell() == english
    with translation.override("es-mx"):
        assert tell() == spanish


@pytest.mark.parametrize(
    ("count", "english", "spanish"),
    [
        (1, "Composed out of 1 person.", "Compuesta a partir de 1 persona."),
        (2, "Composed out of 2 people.", "Compuesta a partir de 2 personas."),
        (0, "Composed out of 0 people.", "Compuesta a partir de 0 personas."),
    ],
)
def test_numbers_choose_their_form(count, english, spanish):
    for language, expected in (("en", english), ("es-mx", spanish)):
        with translation.override(language):
            text = ngettext("Composed out of %(people)s person.", "Composed out of %(people)s people.", count)
            assert text % {"people": count} == expected


# -- states ------------------------------------------------------------------------------------------------------------


def test_a_move_that_is_refused_names_the_states_as_people_call_them(ask):
    english, spanish = (answer.json() for answer in ask("POST", f"{ME}/resume", who="professional", body={}))
    assert english["data"]["from"] == spanish["data"]["from"] == "active"
    assert english["detail"] == "This cannot move from “active” to “active”."
    assert spanish["detail"] == "No se puede pasar de «activo» a «activo»."


@pytest.mark.parametrize(
    ("kind", "english", "spanish"),
    [
        (ProjectStatus.COMPLETED, "Completed", "Concluido"),
        (EngagementStatus.COMPLETED, "Completed", "Concluida"),
        (MilestoneStatus.ACCEPTED, "Accepted", "Aceptado"),
        (OfferStatus.ACCEPTED, "Accepted", "Aceptada"),
        (ChangeStatus.EXPIRED, "Expired", "Vencido"),
        (InvitationStatus.EXPIRED, "Expired", "Vencida"),
    ],
)
def test_a_state_has_the_gender_of_what_is_in_it(kind, english, spanish):
    assert (in_language("en", kind.label), in_language("es-mx", kind.label)) == (english, spanish)

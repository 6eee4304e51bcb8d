"""What people who come in are told and written: in their language, in the words of the house."""

from __future__ import annotations

import json
import uuid

import pytest
from django.core import mail
from django.db import transaction

from marketplace.accounts.models import User
from tests.english_words import english_words, spanish_words

PATH = "/_allauth/app/v1"
PASSWORD = "correct horse battery staple"
# What allauth's own letters and Django's own refusals say, and this house does not.
STRANGE = ("testserver", "usted", "Introduzca", "introduzca", "Asegúrese", "caducada", "Hello from")


@pytest.fixture(autouse=True)
def _own_counters(settings):
    """The limits of logging in are counted in Redis; every test counts for itself."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4().hex}"}}


@pytest.fixture
def people(db):
    """One who reads Spanish and one who reads English, each with a password."""
    return {
        language: User.objects.create_user(f"{name}@example.mx", PASSWORD, language=language)
        for language, name in (("es-mx", "lucia"), ("en", "grace"))
    }


def letter_to(address):
    (letter,) = [letter for letter in mail.outbox if letter.to == [address]]
    return letter


@pytest.mark.parametrize("asked_in", ["en", "es-MX"])
@pytest.mark.parametrize("reader", ["en", "es-mx"])
def test_a_letter_is_in_the_language_of_its_reader_whoever_asked_for_it(reader, asked_in, people, api):
    person = people[reader]
    api(accept_language=asked_in).post(f"{PATH}/auth/password/request", {"email": person.email})
    letter = letter_to(person.email)
    telling, other = (spanish_words, english_words) if reader == "es-mx" else (english_words, spanish_words)
    assert len(telling(letter.body)) > 3
    assert not other(letter.subject)
    assert not other(letter.body.replace("http://testserver", ""))


@pytest.mark.parametrize(
    ("route", "email"),
    [
        ("auth/signup", "nueva@example.mx"),
        ("auth/password/request", "nadie@example.mx"),
        ("auth/password/request", "lucia@example.mx"),
    ],
)
def test_every_letter_is_written_in_the_words_of_the_house(route, email, people, api):
    api(accept_language="es-MX").post(f"{PATH}/{route}", {"email": email, "password": PASSWORD})
    letter = letter_to(email)
    told = f"{letter.subject}\n{letter.body}".replace("http://testserver", "")
    assert letter.body.startswith("Hola:")
    assert letter.body.rstrip().endswith("El equipo de Célula")
    assert not english_words(told), told
    assert [word for word in STRANGE if word in told] == []


def test_a_letter_leads_to_where_people_use_the_service(people, api, settings):
    settings.HEADLESS_FRONTEND_URLS = {"account_reset_password_from_key": "https://app.celula.example/reset/{key}"}
    api().post(f"{PATH}/auth/password/request", {"email": people["en"].email})
    assert "https://app.celula.example/reset/" in letter_to(people["en"].email).body


@pytest.mark.parametrize(("header", "language"), [("es-MX", "es-mx"), ("es", "es-mx"), ("en", "en"), ("fr", "en")])
def test_whoever_signs_up_is_written_to_in_the_language_of_that_moment(header, language, db, api):
    api(accept_language=header).post(f"{PATH}/auth/signup", {"email": "nueva@example.mx", "password": PASSWORD})
    assert User.objects.get(email="nueva@example.mx").language == language


@pytest.mark.parametrize(
    ("method", "route", "body", "logged_in"),
    [
        ("POST", "auth/signup", {}, False),
        ("POST", "auth/signup", {"email": "x", "password": "x"}, False),
        ("POST", "auth/signup", {"email": "a" * 60 + "@" + "b" * 300 + ".mx", "password": PASSWORD}, False),
        ("POST", "auth/signup", {"email": "lucia.fernandez@example.mx", "password": "lucia.fernandez"}, False),
        ("POST", "auth/signup", {"email": "lucia@example.mx", "password": PASSWORD}, False),
        ("POST", "auth/login", {"email": "lucia@example.mx", "password": "wrong"}, False),
        ("POST", "auth/login", {"email": "a\0b@x.mx", "password": "x\0"}, False),
        ("POST", "auth/password/reset", {"key": "bad", "password": PASSWORD}, False),
        ("POST", "auth/email/verify", {"key": "bad"}, False),
        ("POST", "auth/reauthenticate", {"password": "wrong"}, True),
        ("POST", "auth/2fa/reauthenticate", {"code": "x"}, True),
        ("POST", "account/password/change", {"current_password": "wrong", "new_password": "short"}, True),
        ("POST", "account/email", {"email": "lucia@example.mx"}, True),
        ("PUT", "account/email", {"email": "none@example.mx"}, True),
        ("POST", "account/authenticators/recovery-codes", {}, True),
        ("DELETE", "auth/sessions", {"sessions": ["x"]}, True),
    ],
)
def test_whoever_cannot_come_in_is_told_why_in_their_language(method, route, body, logged_in, people, api):
    told = []
    for language in ("en", "es-MX"):
        client = api(people["es-mx"] if logged_in else None, accept_language=language)
        with transaction.atomic():
            answer = client.generic(method, f"{PATH}/{route}", json.dumps(body), content_type="application/json")
            transaction.set_rollback(True)
        assert answer.status_code == 400, answer.content
        told.append(answer.json()["errors"])
    for english, spanish in zip(*told, strict=True):
        assert english["code"] == spanish["code"]
        assert english["message"] != spanish["message"]
        assert not english_words(spanish["message"]), spanish
        assert [word for word in STRANGE if word in spanish["message"]] == []


def test_who_states_no_language_is_answered_in_the_one_they_chose(people, api):
    for language, person in people.items():
        answer = api(person).get("/api/v1/nowhere/at-all")
        assert answer["Content-Language"] == "en"  # nobody knows yet who asks
        answer = api(person).get("/api/v1/professionals/me")
        assert answer.status_code == 404
        assert answer["Content-Language"] == language
        assert answer.json()["title"] == ("No encontrado" if language == "es-mx" else "Not found")


def test_a_language_that_is_stated_goes_before_the_one_that_was_chosen(people, api):
    answer = api(people["es-mx"], accept_language="en").get("/api/v1/professionals/me")
    assert answer["Content-Language"] == "en"
    assert english_words(answer.json()["detail"])


def test_the_language_of_one_request_does_not_stay_for_the_next(people, api):
    assert api(people["es-mx"]).get("/api/v1/me")["Content-Language"] == "es-mx"
    assert api().get("/api/v1/me")["Content-Language"] == "en"


@pytest.mark.parametrize(("method", "route"), [("GET", "account/phone"), ("POST", "auth/phone/verify")])
def test_accounts_have_no_telephone(method, route, people, api):
    client = api(people["es-mx"], accept_language="es-MX")
    answer = client.generic(method, f"{PATH}/{route}", "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["title"]) == (404, "No encontrado")


def test_an_address_longer_than_an_address_can_be_is_refused_and_nobody_is_made(db, api):
    address = f"{'a' * 290}@example.mx"
    answer = api().post(f"{PATH}/auth/signup", {"email": address, "password": PASSWORD})
    assert answer.status_code == 400, answer.content
    assert [error["param"] for error in answer.json()["errors"]] == ["email"]
    assert not User.objects.exists()

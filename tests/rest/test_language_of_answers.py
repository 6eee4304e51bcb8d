"""Every answer says in which language it is, and that it would be another in another."""

from __future__ import annotations

import json

import pytest

from tests.english_words import english_words

LANGUAGES = {"en": "en", "es-MX": "es-mx"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/livez", 200),
        ("GET", "/readyz", None),
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/me", 200),
        ("GET", "/api/v1/skills", 200),
        ("GET", "/api/v1/projects/none", 404),
        ("GET", "/api/v1/reference/overlap.ics?zone=America/Mexico_City&client_zone=America/New_York", None),
        ("POST", "/api/v1/projects", 400),
        ("DELETE", "/api/v1/projects", 405),
        ("GET", "/api/v1/projects?q=%00", 400),
        ("POST", "/_allauth/app/v1/auth/login", 400),
    ],
)
def test_an_answer_says_its_language_and_varies_with_the_one_asked_for(method, path, status, language, cast, api):
    answer = api(cast.client, accept_language=language).generic(method, path, "{}", content_type="application/json")
    assert status in {None, answer.status_code}, answer.content
    assert answer["Content-Language"] == LANGUAGES[language]
    assert "Accept-Language" in answer["Vary"]


def test_a_body_that_is_too_large_is_refused_in_the_readers_language(cast, api):
    client = api(cast.client, accept_language="es-MX")
    answer = client.generic("POST", "/api/v1/projects", "x" * 1_100_000, content_type="application/json")
    assert (answer.status_code, answer["Content-Language"]) == (413, "es-mx")
    assert answer.json()["detail"] == "El cuerpo pesa más de 1 MB."


def test_a_reply_that_is_repeated_keeps_its_language_and_says_so(cast, api):
    body = json.dumps({"title": 7, "no_such_field": 1})
    answers = [
        api(cast.client, accept_language=language).generic(
            "POST", "/api/v1/projects", body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="the-same"
        )
        for language in ("es-MX", "en")
    ]
    first, again = answers
    assert again["Idempotent-Replayed"] == "true"
    assert first.content == again.content
    assert first["Content-Language"] == again["Content-Language"] == "es-mx"
    assert not english_words(again.json()["detail"])


@pytest.mark.parametrize("part", ["amount", "currency"])
def test_half_an_amount_of_money_is_refused_where_a_body_may_be_partial(part, cast, api):
    amount = {"amount": "50.00", "currency": "USD"}
    answer = api(cast.professional).patch(
        "/api/v1/professionals/me", {"rate_floor": {part: amount[part]}}, HTTP_IF_MATCH='"1"'
    )
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    missing = ({"amount", "currency"} - {part}).pop()
    assert (error["pointer"], error["code"]) == (f"/rate_floor/{missing}", "required")

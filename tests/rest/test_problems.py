"""Every refusal has one shape (RFC 9457), speaks the reader's language and says nothing of our inside."""

from __future__ import annotations

import pytest
from django.db import DataError, IntegrityError, OperationalError
from psycopg import errors as pg
from rest_framework import exceptions

from marketplace.kernel.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound, Unavailable
from marketplace.rest import problems

MEMBERS = {"type", "title", "status", "detail", "instance", "code", "errors", "data", "request_id"}


class Context(dict):
    def __init__(self, rf):
        super().__init__(request=rf.get("/api/v1/x", headers={"X-Request-ID": "req-12345678"}))


def described(rf, error):
    answer = problems.exception_handler(error, Context(rf))
    return answer if answer is None else (answer.status_code, answer.data["code"])


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (NotFound("not_found", "x"), (404, "not_found")),
        (NotAllowed("not_allowed", "x"), (403, "not_allowed")),
        (Invalid("bad_rule", "x"), (422, "bad_rule")),
        (Conflict("moved_on", "x"), (409, "moved_on")),
        (Unavailable("away", "x"), (503, "away")),
        (exceptions.NotAuthenticated(), (401, "not_authenticated")),
        (exceptions.PermissionDenied(), (403, "not_allowed")),
        (exceptions.MethodNotAllowed("PUT"), (405, "method_not_allowed")),
        (exceptions.Throttled(wait=2.4), (429, "too_many_requests")),
        (exceptions.ParseError(code="too_deep"), (400, "too_deep")),
        (exceptions.UnsupportedMediaType("text/xml"), (415, "unsupported_media_type")),
    ],
)
def test_each_error_has_its_status_and_code(error, expected, rf):
    assert described(rf, error) == expected


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (caused(OperationalError(), pg.DeadlockDetected()), (503, "busy")),
        (caused(OperationalError(), pg.LockNotAvailable()), (503, "busy")),
        (caused(OperationalError(), pg.AdminShutdown()), (503, "busy")),
        (caused(DataError(), pg.NumericValueOutOfRange()), (400, "malformed")),
    ],
)
def test_contention_is_worth_another_try_and_a_value_too_large_is_not(error, expected, rf):
    assert described(rf, error) == expected


@pytest.mark.parametrize("error", [ValueError("x"), caused(IntegrityError(), pg.UniqueViolation()), KeyError("rfc")])
def test_a_defect_is_not_dressed_up_as_a_refusal(error, rf):
    assert described(rf, error) is None


def test_the_body_has_exactly_the_members_that_are_documented(rf):
    fault = FieldError("/seats/0/skills/1/skill", "unknown_skill", "x", {"suggestions": []})
    answer = problems.exception_handler(Invalid("unknown_skill", "x", errors=[fault], data={"a": 1}), Context(rf))
    assert set(answer.data) == MEMBERS
    assert answer.data["type"] == "urn:celula:problem:unknown_skill"
    assert answer.data["errors"] == [
        {"pointer": "/seats/0/skills/1/skill", "code": "unknown_skill", "detail": "x", "data": {"suggestions": []}}
        if fault.data
        else {}
    ]
    assert (answer.data["request_id"], answer.data["instance"]) == ("req-12345678", "/api/v1/x")
    assert answer.content_type == "application/problem+json"


def test_pointers_lead_into_lists_objects_and_odd_names(rf):
    detail = {"seats": [{}, {"skills": [{}, {"level": ["low"]}]}], "a/b~c": ["odd"], "non_field_errors": ["whole"]}
    answer = problems.exception_handler(exceptions.ValidationError(detail), Context(rf))
    assert [each["pointer"] for each in answer.data["errors"]] == ["/seats/1/skills/1/level", "/a~1b~0c", ""]


def test_a_list_of_texts_that_are_all_wrong_points_at_the_field(rf):
    answer = problems.exception_handler(exceptions.ValidationError({"ids": ["one", "two"]}), Context(rf))
    assert [(e["pointer"], e["detail"]) for e in answer.data["errors"]] == [("/ids", "one"), ("/ids", "two")]


def test_a_throttled_caller_is_told_when_to_come_back(rf):
    answer = problems.exception_handler(exceptions.Throttled(wait=2.4), Context(rf))
    assert answer["Retry-After"] == "3", "rounded up"


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/api/v1/nowhere", "get", 404, "not_found"),
        ("/nowhere", "get", 404, "not_found"),
        ("/api/v1/professionals/me", "put", 405, "method_not_allowed"),
        ("/api/v1/me", "delete", 405, "method_not_allowed"),
    ],
)
def test_what_no_view_answers_is_a_problem_too(path, method, status, code, cast, api):
    answer = getattr(api(cast.professional), method)(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) == MEMBERS


def test_a_representation_we_do_not_have_is_406(cast, api):
    answer = api(cast.professional).get("/api/v1/me", HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")


def test_a_crash_in_a_view_tells_nothing_of_itself(cast, api, monkeypatch):
    class Broken:
        @property
        def user(self):
            raise RuntimeError("GODE561231GR8 in a message")

    monkeypatch.setattr("marketplace.accounts.api._describe", lambda actor: Broken().user)
    answer = api(cast.professional).get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "GODE561231GR8" not in answer.content.decode()
    assert answer.json()["request_id"] == answer["X-Request-ID"]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("es-MX", "es-mx"), ("es", "es-mx"), ("es-ES", "es-mx"), ("fr", "en"), ("", "en"), ("de;q=x", "en")],
)
def test_the_language_of_a_problem_follows_the_reader(wanted, given, api):
    answer = api().get("/api/v1/me", HTTP_ACCEPT_LANGUAGE=wanted)
    assert answer["Content-Language"] == given
    assert "Accept-Language" in answer["Vary"]

"""Before any view: an id for every request, a limit on its size, and no NUL."""

from __future__ import annotations

import logging

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.urls import include, path

REFUSALS = {"absent": Http404, "barred": PermissionDenied, "odd": SuspiciousOperation, "bad": BadRequest}


def _refuse(_request, name):
    raise REFUSALS[name]


urlpatterns = [path("a-page/<name>", _refuse), path("", include("marketplace.urls"))]


def test_a_request_id_of_the_caller_comes_back(api):
    assert api().get("/livez", HTTP_X_REQUEST_ID="order-2026.11_22")["X-Request-ID"] == "order-2026.11_22"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "bad id with spaces", "line\nbreak-in-it", "ñññññññññ"])
def test_a_request_id_that_could_do_harm_is_replaced(given, api):
    answer = api().get("/livez", HTTP_X_REQUEST_ID=given)
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32


def test_the_log_carries_the_same_id_and_no_query(api, cast, caplog):
    with caplog.at_level(logging.INFO, logger="marketplace.rest.middleware"), caplog.at_level(logging.INFO):
        api(cast.recruiter).get("/api/v1/professionals?q=Guadalupe", HTTP_X_REQUEST_ID="trace-12345678")
    lines = [record.getMessage() for record in caplog.records if "request_finished" in record.getMessage()]
    assert lines
    assert all("trace-12345678" in line for line in lines)
    assert "Guadalupe" not in caplog.text


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(api):
    answer = api().generic(
        "POST", "/api/v1/professionals", b"{}", content_type="application/json", CONTENT_LENGTH="1048577"
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "٣"])
def test_a_length_that_is_no_number_is_refused(length, api):
    answer = api().generic(
        "POST", "/api/v1/professionals", b"{}", content_type="application/json", CONTENT_LENGTH=length
    )
    assert answer.status_code in {400, 413}
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/skills/a%00b", "/api/v1/skills?q=%00", "/api/v1/skills?q=a%00", "/%00"])
def test_a_nul_in_the_address_is_refused(path, api):
    answer = api().get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%ed%a0%80", "%ff=1", "q=" + "x" * 5000, "&&&=&", "skill=:::&skill="])
def test_odd_queries_are_answered_and_never_crash(query, api, cast):
    for there in ("/api/v1/professionals", "/api/v1/skills"):
        assert api(cast.recruiter).get(f"{there}?{query}").status_code in {200, 400}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("name", "status"), [("absent", 404), ("barred", 403), ("odd", 400), ("bad", 400)])
def test_what_a_page_refuses_is_a_problem_of_the_caller_and_no_fault_of_ours(name, status, api):
    answer = api().get(f"/a-page/{name}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")

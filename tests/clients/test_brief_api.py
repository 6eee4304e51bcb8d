"""``POST /projects/analyze``: a brief comes back as a draft with its words, and the draft makes a project."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.clients.models import Project
from marketplace.kernel import clock
from tests.conftest import Cast
from tests.factories.taxonomy import load_taxonomy

ANALYZE = "/api/v1/projects/analyze"
Api = Callable[..., APIClient]
NothingChanges = Callable[[], AbstractContextManager[None]]

BRIEF = (
    "We are a bank based in Charlotte. We need 2 senior Java developers with Spring Boot and Kafka, and one bilingual "
    "project manager, starting {start} for 6 months. SOX 404 knowledge is required, Terraform is a plus. No COBOL. "
    "Fluent English. Budget: $40k per month."
)


@pytest.fixture
def brief() -> str:
    return BRIEF.format(start=(clock.today() + dt.timedelta(weeks=8)).isoformat())


def refusal(answer: Any) -> tuple[int, str, str]:
    said = answer.json()
    return answer.status_code, said["code"], said["errors"][0]["pointer"]


def test_a_brief_comes_back_read_with_its_words_and_nothing_is_stored(
    api: Api, cast: Cast, brief: str, nothing_changes: NothingChanges
) -> None:
    client = api(cast.client)
    with nothing_changes():
        answer = client.post(ANALYZE, {"text": brief})
    assert answer.status_code == 200, answer.json()
    read = answer.json()
    assert (read["language"], read["regulations"]) == ("en", ["sox-404"])
    assert {need["skill"]: need["must"] for need in read["needs"]} == {
        "java": True,
        "spring-boot": True,
        "kafka": True,
        "sox-404": True,
        "terraform": False,
    }
    assert [need["skill"] for need in read["excluded"]] == ["cobol"]
    assert [seat["skills"] for seat in read["seats"]] == [["java", "spring-boot", "kafka"], ["project-management"]]
    assert [(seat["most"], seat["function"], seat["seniority"]) for seat in read["seats"]] == [
        (2, "engineering", "senior"),
        (1, "business", None),
    ]
    assert read["time_zone"]["value"] == "America/New_York"
    assert read["monthly_cap"]["value"] == {"amount": "40000.00", "currency": "USD"}
    for need in read["needs"]:
        assert all(brief[piece["start"] : piece["end"]] == piece["text"] for piece in need["evidence"])


def test_the_draft_with_what_was_missing_filled_in_becomes_a_project(api: Api, cast: Cast, brief: str) -> None:
    load_taxonomy()
    client = api(cast.client)
    draft = client.post(ANALYZE, {"text": brief}).json()["project"]
    made = client.post("/api/v1/projects", {"blueprint": "core_modernization", "title": "Reading", **draft})
    assert made.status_code == 201, made.json()
    project = made.json()
    assert project["brief"] == brief
    assert [(seat["least"], seat["most"]) for seat in project["seats"]] == [(2, 2), (1, 1)]
    assert {floor["skill"]: floor["level"] for floor in project["seats"][0]["skills"]} == {
        "java": 4,
        "spring-boot": 4,
        "kafka": 4,
    }
    assert {(need["skill"], need["count"]) for need in project["needs"]} == {("sox-404", 1), ("terraform", 0)}
    assert Project.objects.get().monthly_cap == 40_000


def test_questions_and_names_follow_the_language_of_the_reader(api: Api, cast: Cast) -> None:
    spanish = api(cast.client, accept_language="es-MX")
    read = spanish.post(ANALYZE, {"text": "Buscamos un custodio de datos."}).json()
    assert read["needs"][0]["name"] == "Custodia de datos"
    assert {question["code"] for question in read["open_questions"]} >= {"start_missing", "budget_missing"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "brief_empty"),
        (" \n ", "brief_empty"),
        ("x" * 20_001, "brief_too_long"),
        ("🚀 !!! 123", "brief_says_nothing"),
        ("Procuramos um desenvolvedor com experiência em COBOL, você não precisa de inglês.", "language_not_supported"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(api: Api, cast: Cast, text: str, code: str) -> None:
    assert refusal(api(cast.client).post(ANALYZE, {"text": text})) == (422, code, "/text")


@pytest.mark.parametrize(
    "body", [{}, {"text": ["Java"]}, {"text": "Java", "tone": "nice"}, {"text": "Java", "language": "pt"}]
)
def test_a_body_of_another_shape_is_a_400(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    assert api(cast.client).post(ANALYZE, body).status_code == 400


@pytest.mark.parametrize("text", ["Java\x00COBOL", "\ud800 Java"])
def test_bytes_that_no_text_has_are_refused_at_the_edge(api: Api, cast: Cast, text: str) -> None:
    answer = api(cast.client).generic("POST", ANALYZE, json.dumps({"text": text}), content_type="application/json")
    assert answer.status_code == 400


def test_only_those_who_write_projects_may_ask(
    api: Api, cast: Cast, brief: str, nothing_changes: NothingChanges
) -> None:
    with nothing_changes():
        for other in (cast.professional, cast.recruiter, cast.operator):
            assert api(other).post(ANALYZE, {"text": brief}).status_code == 403
        assert api().post(ANALYZE, {"text": brief}).status_code == 401

"""The feed of facts: one's own only, oldest first, nothing missed and nothing twice."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from marketplace.clients.services import projects
from tests.conftest import Cast
from tests.factories import accounts, clients

EVENTS = "/api/v1/events"
Api = Callable[..., APIClient]


def test_an_organization_pulls_its_own_facts_oldest_first(api: Api, cast: Cast) -> None:
    own = clients.project(cast.organization, published=True)
    clients.project(cast.rival_organization, published=True)
    projects.withdraw(project=own, actor=None)
    rows = api(cast.client).get(EVENTS).json()["results"]
    assert [(row["kind"], row["subject"]) for row in rows] == [
        ("project.published", own.public_id),
        ("project.withdrawn", own.public_id),
    ]
    assert {row["organization"] for row in rows} == {cast.organization.public_id}


def test_pages_and_after_lead_through_the_feed_without_gaps(api: Api, cast: Cast) -> None:
    made = [clients.project(cast.organization, published=True).public_id for _ in range(5)]
    client = api(accounts.key(cast.organization.pk)[1])
    first = client.get(EVENTS, {"page_size": 3}).json()
    second = client.get(first["next"]).json()
    assert [row["subject"] for row in first["results"] + second["results"]] == made
    assert second["next"] is None
    last = second["results"][-1]["id"]
    assert client.get(EVENTS, {"after": last}).json()["results"] == []
    newest = clients.project(cast.organization, published=True)
    assert [row["subject"] for row in client.get(EVENTS, {"after": last}).json()["results"]] == [newest.public_id]


def test_the_feed_is_filtered_by_kind_and_subject(api: Api, cast: Cast) -> None:
    one, other = (clients.project(cast.organization, published=True) for _ in range(2))
    projects.withdraw(project=one, actor=None)
    client = api(cast.client)

    def found(**query: str) -> list[str]:
        return [row["subject"] for row in client.get(EVENTS, query).json()["results"]]

    assert found(kind="project.withdrawn") == [one.public_id]
    assert found(subject=other.public_id) == [other.public_id]
    assert found(kind="project.unknown") == []


def test_the_feed_needs_the_permission_and_a_readable_cursor(api: Api, cast: Cast) -> None:
    assert api(cast.professional).get(EVENTS).status_code == 403
    assert api(cast.recruiter).get(EVENTS).status_code == 403
    assert api(accounts.key(cast.organization.pk, scopes=["projects:read"])[1]).get(EVENTS).status_code == 403
    assert api(cast.client).get(EVENTS, {"after": "evt_1"}).status_code == 400
    for forged in ("p=yesterday", "p=0", "r=1&p=%00"):
        cursor = base64.b64encode(forged.encode()).decode()
        assert api(cast.client).get(EVENTS, {"cursor": cursor}).status_code == 400, forged


def test_an_operator_sees_the_facts_of_everybody(api: Api, cast: Cast) -> None:
    both = [clients.project(each, published=True).public_id for each in (cast.organization, cast.rival_organization)]
    assert [row["subject"] for row in api(cast.operator).get(EVENTS).json()["results"]] == both


def test_the_feed_takes_a_fixed_number_of_queries(api: Api, cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        clients.project(cast.organization, published=True)
    client = api(cast.client)
    with django_assert_max_num_queries(6):
        assert len(client.get(EVENTS).json()["results"]) == 5

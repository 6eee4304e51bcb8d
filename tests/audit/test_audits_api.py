"""The audit log over HTTP: operators read it, nobody else."""

from __future__ import annotations

from collections.abc import Callable

from rest_framework.test import APIClient

from marketplace.clients.services import projects
from tests.conftest import Cast
from tests.factories import accounts, clients

AUDITS = "/api/v1/audits"
Api = Callable[..., APIClient]


def test_an_operator_follows_one_subject_newest_first(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    clients.project(cast.organization)
    projects.publish(project=project, actor=accounts.actor(cast.client))
    rows = api(cast.operator).get(AUDITS, {"subject": project.public_id}).json()["results"]
    assert [(row["sequence"], row["action"], row["actor"]) for row in rows] == [
        (2, "project.published", cast.client.public_id),
        (1, "project.created", "system"),
    ]
    assert rows[0]["previous_hash"] == rows[1]["hash"]


def test_the_log_is_filtered_by_actor_and_action(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    projects.publish(project=project, actor=accounts.actor(cast.client))
    client = api(cast.operator)
    by_actor = client.get(AUDITS, {"actor": cast.client.public_id}).json()["results"]
    by_action = client.get(AUDITS, {"action": "project.created"}).json()["results"]
    assert [row["action"] for row in by_actor] == ["project.published"]
    assert [row["subject"] for row in by_action] == [project.public_id]
    assert client.get(AUDITS, {"created_after": "2099-01-01T00:00:00Z"}).json()["results"] == []


def test_nobody_but_operators_reads_the_log(api: Api, cast: Cast) -> None:
    for caller in (cast.client, cast.recruiter, cast.professional, accounts.key(cast.organization.pk)[1]):
        assert api(caller).get(AUDITS).status_code == 403
    assert api().get(AUDITS).status_code == 401


def test_the_log_cannot_be_written_over_http(api: Api, cast: Cast) -> None:
    assert api(cast.operator).post(AUDITS, {}).status_code == 405

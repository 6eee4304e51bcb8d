"""Projects over HTTP: written, read, changed, moved, by whom and by whom not."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.audit.models import AuditEvent
from marketplace.clients.events import ProjectPublished, ProjectWithdrawn
from marketplace.clients.models import Project
from marketplace.delivery.models import OutboxEvent
from marketplace.kernel import clock, identifiers
from tests.conftest import Cast
from tests.factories import accounts, clients

PROJECTS = "/api/v1/projects"
Api = Callable[..., APIClient]


def _url(project: Project, step: str = "") -> str:
    return f"{PROJECTS}/{project.public_id}" + (f"/{step}" if step else "")


def _audited(project: Project) -> list[str]:
    return list(
        AuditEvent.objects.filter(subject=project.public_id).order_by("sequence").values_list("action", flat=True)
    )


# -- writing and reading ----------------------------------------------------------------------------------------------
def test_what_is_written_is_what_is_read(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    client = api(cast.client)
    made = client.post(PROJECTS, body)
    assert made.status_code == 201, made.json()
    assert made["Location"] == f"{PROJECTS}/{made.json()['id']}"
    read = client.get(made["Location"])
    assert read.json() == made.json()
    assert read["ETag"] == made["ETag"] == '"1"'
    shown = read.json()
    assert {name: shown[name] for name in body if name not in {"seats", "needs"}} == {
        name: value for name, value in body.items() if name not in {"seats", "needs"}
    }
    assert (shown["status"], shown["time_zone"]) == ("draft", cast.organization.time_zone)
    seat = shown["seats"][0]
    assert {name: seat[name] for name in ("function", "min_seniority", "countries", "languages")} == {
        name: body["seats"][0][name] for name in ("function", "min_seniority", "countries", "languages")
    }
    assert [(floor["skill"], floor["level"]) for floor in seat["skills"]] == [("cobol", 4), ("jcl", 3)]
    assert shown["needs"][0] | body["needs"][0] == shown["needs"][0]
    assert shown["needs"][0]["kind"] == "regulation"


def test_a_repeated_request_with_one_key_makes_one_project(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    client = api(cast.client, idempotency_key="a-request-of-mine")
    first, again = client.post(PROJECTS, body), client.post(PROJECTS, body)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Project.objects.count() == 1


def test_who_belongs_to_several_organizations_says_which(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    other = clients.organization()
    clients.member(other, user=cast.client)
    client = api(cast.client)
    refused = client.post(PROJECTS, body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "organization_required"
    assert not Project.objects.exists()
    made = client.post(PROJECTS, {**body, "organization": other.public_id})
    assert made.json()["organization"] == other.public_id


def test_nobody_writes_for_an_organization_of_others(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    absent = identifiers.encode("org", uuid.uuid4())
    for organization in (cast.organization.public_id, absent):
        refused = api(cast.rival).post(PROJECTS, {**body, "organization": organization})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["code"] == "unknown_organization"
    assert not Project.objects.exists()


def test_a_key_writes_for_its_organization(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    _key, text = accounts.key(cast.organization.pk)
    made = api(text).post(PROJECTS, body)
    assert made.status_code == 201, made.json()
    assert made.json()["organization"] == cast.organization.public_id


def test_a_key_without_the_scope_is_refused(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    _key, text = accounts.key(cast.organization.pk, scopes=["projects:read"])
    client = api(text)
    refused = client.post(PROJECTS, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert not Project.objects.exists()
    assert client.get(PROJECTS).status_code == 200


def test_a_test_key_works_on_the_demo_organization_only(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    project = clients.project(cast.organization)
    _key, text = accounts.key(cast.organization.pk, live=False)
    client = api(text)
    assert client.get(_url(project)).status_code == 404
    assert client.get(PROJECTS).json()["results"] == []
    assert client.post(PROJECTS, body).status_code == 403
    cast.organization.demo = True
    cast.organization.save()
    assert client.get(_url(project)).status_code == 200
    assert client.post(PROJECTS, body).status_code == 201


# -- who sees what ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("step", ["publish", "withdraw", "cancel"])
def test_a_rival_meets_404_and_moves_nothing(api: Api, cast: Cast, step: str) -> None:
    project = clients.project(cast.organization, published=step == "withdraw")
    before = Project.objects.values().get(pk=project.pk)
    refused = api(cast.rival).post(_url(project, step))
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert Project.objects.values().get(pk=project.pk) == before


def test_a_rival_neither_reads_nor_changes_nor_lists(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    rival = api(cast.rival)
    assert rival.get(_url(project)).status_code == 404
    assert rival.patch(_url(project), {"title": "Mine"}, headers={"If-Match": '"1"'}).status_code == 404
    assert rival.get(PROJECTS).json()["results"] == []
    assert rival.get(PROJECTS, {"ids": project.public_id}).json()["results"] == []
    project.refresh_from_db()
    assert project.title != "Mine"


def test_recruiters_see_what_is_published_and_write_nothing(api: Api, cast: Cast, body: dict[str, Any]) -> None:
    draft, published = clients.project(cast.organization), clients.project(cast.organization, published=True)
    recruiter = api(cast.recruiter)
    assert recruiter.get(_url(draft)).status_code == 404
    assert recruiter.get(_url(published)).status_code == 200
    assert [row["id"] for row in recruiter.get(PROJECTS).json()["results"]] == [published.public_id]
    assert recruiter.post(PROJECTS, body).status_code == 403
    assert recruiter.post(_url(published, "cancel")).status_code == 403
    published.refresh_from_db()
    assert published.status == "published"


def test_professionals_and_strangers_are_kept_out(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization, published=True)
    assert api(cast.professional).get(_url(project)).status_code == 403
    assert api(cast.professional).get(PROJECTS).status_code == 403
    assert api().get(PROJECTS).status_code == 401


# -- lists ------------------------------------------------------------------------------------------------------------
def test_the_list_filters_and_pages(api: Api, cast: Cast) -> None:
    first = clients.project(cast.organization, external_id="A-1")
    second = clients.project(cast.organization, published=True, starts_on=clock.today() + dt.timedelta(weeks=12))
    third = clients.project(cast.organization, solution_type="ai")
    client = api(cast.client)

    def found(**query: Any) -> list[str]:
        answer = client.get(PROJECTS, query)
        assert answer.status_code == 200, answer.json()
        return [row["id"] for row in answer.json()["results"]]

    everyone = [third.public_id, second.public_id, first.public_id]
    assert found() == everyone
    assert found(status="published") == [second.public_id]
    assert found(status=["draft", "published"]) == everyone
    assert found(external_id="A-1") == [first.public_id]
    assert found(solution_type="ai") == [third.public_id]
    assert found(ids=f"{first.public_id},{third.public_id}") == [third.public_id, first.public_id]
    assert found(created_after=second.created_at.isoformat()) == [third.public_id]
    assert found(updated_after=third.updated_at.isoformat()) == []
    assert found(starts_after=(clock.today() + dt.timedelta(weeks=8)).isoformat()) == [second.public_id]
    assert found(organization=cast.rival_organization.public_id) == []
    page = client.get(PROJECTS, {"page_size": 2}).json()
    assert [row["id"] for row in page["results"]] == everyone[:2]
    assert [row["id"] for row in client.get(page["next"]).json()["results"]] == everyone[2:]


@pytest.mark.parametrize(
    "query", [{"status": "open"}, {"ids": "prof_1"}, {"created_after": "yesterday"}, {"stauts": "draft"}]
)
def test_a_filter_that_cannot_be_read_is_refused(api: Api, cast: Cast, query: dict[str, str]) -> None:
    answer = api(cast.client).get(PROJECTS, query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


def test_the_list_and_the_detail_take_a_fixed_number_of_queries(
    api: Api, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    projects = [clients.project(cast.organization) for _ in range(8)]
    client = api(cast.client)
    with django_assert_max_num_queries(6):
        assert len(client.get(PROJECTS).json()["results"]) == 8
    with django_assert_max_num_queries(14):
        assert len(client.get(_url(projects[0])).json()["seats"]) == 4


# -- changes ----------------------------------------------------------------------------------------------------------
def test_a_change_needs_the_version_it_saw(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    client = api(cast.client)
    assert client.patch(_url(project), {"title": "New"}).status_code == 428
    changed = client.patch(_url(project), {"title": "New"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed["ETag"], changed.json()["title"]) == (200, '"2"', "New")
    stale = client.patch(_url(project), {"title": "Old"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_changed")
    project.refresh_from_db()
    assert (project.title, project.version) == ("New", 2)


def test_a_change_that_leaves_the_lists_out_leaves_them_alone(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    client = api(cast.client)
    before = client.get(_url(project)).json()
    after = client.patch(_url(project), {"bridges": 2}, headers={"If-Match": '"1"'}).json()
    assert (after["seats"], after["needs"], after["bridges"]) == (before["seats"], before["needs"], 2)


def test_a_list_that_is_given_replaces_the_whole_and_the_unchanged_keep_their_ids(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    client = api(cast.client)
    before = client.get(_url(project)).json()["seats"]
    kept = {name: value for name, value in before[0].items() if name not in {"id", "position", "title"}}
    kept["skills"] = [{"skill": floor["skill"], "level": floor["level"]} for floor in kept["skills"]]
    new = {"title_en": "Tester", "function": "operations"}
    after = client.patch(_url(project), {"seats": [kept, new]}, headers={"If-Match": '"1"'}).json()["seats"]
    assert [seat["title_en"] for seat in after] == ["Senior COBOL engineer", "Tester"]
    assert after[0]["id"] == before[0]["id"]
    assert after[1]["id"] not in {seat["id"] for seat in before}


def test_a_seat_of_a_change_must_be_whole(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    answer = api(cast.client).patch(_url(project), {"seats": [{"least": 1}]}, headers={"If-Match": '"1"'})
    assert answer.status_code == 400
    assert {e["pointer"] for e in answer.json()["errors"]} == {"/seats/0/title_en", "/seats/0/function"}


def test_a_refused_change_leaves_everything_as_it_was(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    client = api(cast.client)
    before = client.get(_url(project)).json()
    change = {"title": "New", "seats": [], "needs": [{"skill": "no such thing"}]}
    assert client.patch(_url(project), change, headers={"If-Match": '"1"'}).status_code == 422
    assert client.get(_url(project)).json() == before
    assert _audited(project) == ["project.created"]


def test_a_published_project_cannot_be_edited(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization, published=True)
    answer = api(cast.client).patch(_url(project), {"title": "New"}, headers={"If-Match": '"2"'})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_a_draft")
    project.refresh_from_db()
    assert (project.title, project.version) == ("Reconciliation batch in Java", 2)


def test_another_projects_external_id_cannot_be_taken_by_a_change(api: Api, cast: Cast) -> None:
    clients.project(cast.organization, external_id="A-1")
    project = clients.project(cast.organization, external_id="A-2")
    answer = api(cast.client).patch(_url(project), {"external_id": "A-1"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (409, "external_id_taken")
    project.refresh_from_db()
    assert (project.external_id, project.version) == ("A-2", 1)


# -- moves ------------------------------------------------------------------------------------------------------------
def test_publishing_tells_audit_outbox_and_the_floors_above(
    api: Api, cast: Cast, told: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    project = clients.project(cast.organization, external_id="REQ-1")
    with django_capture_on_commit_callbacks(execute=True):
        answer = api(cast.client).post(_url(project, "publish"))
    assert (answer.status_code, answer.json()["status"]) == (200, "published")
    assert answer.json()["published_at"] is not None
    assert _audited(project) == ["project.created", "project.published"]
    event = OutboxEvent.objects.get(subject=project.public_id)
    assert (event.kind, event.organization_id) == ("project.published", cast.organization.pk)
    assert event.data == {"status": "published", "external_id": "REQ-1"}
    assert told == [ProjectPublished(project_id=project.pk)]


def test_publishing_twice_is_refused_and_tells_nothing_twice(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    client = api(cast.client)
    assert client.post(_url(project, "publish")).status_code == 200
    again = client.post(_url(project, "publish"))
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    assert _audited(project) == ["project.created", "project.published"]
    assert OutboxEvent.objects.filter(subject=project.public_id).count() == 1


def test_publishing_may_name_the_version_it_saw(api: Api, cast: Cast) -> None:
    project = clients.project(cast.organization)
    client = api(cast.client)
    client.patch(_url(project), {"title": "New"}, headers={"If-Match": '"1"'})
    assert client.post(_url(project, "publish"), headers={"If-Match": '"1"'}).status_code == 412
    project.refresh_from_db()
    assert project.status == "draft"
    assert client.post(_url(project, "publish"), headers={"If-Match": '"2"'}).status_code == 200


def test_a_withdrawn_project_is_a_draft_again_and_can_be_changed(
    api: Api, cast: Cast, told: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    project = clients.project(cast.organization, published=True)
    client = api(cast.client)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(_url(project, "withdraw"))
    assert (answer.json()["status"], answer.json()["published_at"]) == ("draft", None)
    assert told == [ProjectWithdrawn(project_id=project.pk)]
    assert client.patch(_url(project), {"title": "New"}, headers={"If-Match": answer["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("published", "step"), [(False, "withdraw"), (True, "publish")], ids=["withdraw a draft", "publish twice"]
)
def test_a_move_that_the_state_does_not_have_is_refused(api: Api, cast: Cast, published: bool, step: str) -> None:
    project = clients.project(cast.organization, published=published)
    answer = api(cast.client).post(_url(project, step))
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert Project.objects.get(pk=project.pk).status == project.status


def test_a_cancelled_project_is_over(
    api: Api, cast: Cast, told: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    project = clients.project(cast.organization)
    client = api(cast.client)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(_url(project, "cancel")).json()["status"] == "cancelled"
    assert told == [ProjectWithdrawn(project_id=project.pk)]
    for step in ("publish", "withdraw", "cancel"):
        assert client.post(_url(project, step)).status_code == 409

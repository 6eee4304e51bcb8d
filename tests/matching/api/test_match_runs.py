"""Runs over HTTP: asked for, watched, and mended where no cell exists."""

from __future__ import annotations

from decimal import Decimal

import orjson
import pytest

from marketplace.accounts.permissions import Permission
from marketplace.clients.models import Project
from matching.api.progress_stream import follow
from matching.models import MatchRun
from matching.services import runs
from tests.factories import accounts
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db

RUNS = "/api/v1/match-runs"


def url(run: MatchRun, tail: str = "") -> str:
    return f"{RUNS}/{run.public_id}{tail}"


def test_asking_for_cells_answers_202_and_says_where_to_watch(api, cast):
    project = cells.published_project(cast.organization)
    answer = api(cast.client).post(RUNS, {"project": project.public_id})
    assert answer.status_code == 202
    run = MatchRun.objects.get(project=project)
    assert answer["Location"] == url(run)
    assert answer["Retry-After"] == "1"
    assert answer.json()["status"] == "queued"
    assert answer.json()["cause"] == "requested"


def test_asking_again_while_it_is_live_gives_the_same_run(api, cast):
    project = cells.published_project(cast.organization)
    first = api(cast.client).post(RUNS, {"project": project.public_id})
    second = api(cast.recruiter).post(RUNS, {"project": project.public_id})
    assert second.status_code == 202
    assert second.json()["id"] == first.json()["id"]
    assert MatchRun.objects.count() == 1


def test_a_repeated_request_with_its_key_runs_once_and_keeps_its_location(api, cast):
    project = cells.published_project(cast.organization)
    caller = api(cast.client, idempotency_key="compose-1")
    first = caller.post(RUNS, {"project": project.public_id})
    runs.execute(MatchRun.objects.get().pk)
    second = caller.post(RUNS, {"project": project.public_id})
    assert second.json() == first.json()
    assert second["Location"] == first["Location"]
    assert MatchRun.objects.count() == 1


def test_cells_for_a_foreign_project_cannot_be_asked_for(api, cast):
    project = cells.published_project(cast.organization)
    answer = api(cast.rival).post(RUNS, {"project": project.public_id})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not MatchRun.objects.exists()


def test_an_unpublished_project_is_not_composed_for(api, cast):
    project = cells.published_project(cast.organization, status="draft", published_at=None)
    answer = api(cast.client).post(RUNS, {"project": project.public_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "project_not_published")
    assert not MatchRun.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({}, "/project"), ({"project": "run_0"}, "/project"), ({"project": "x", "priority": 9}, "/priority")],
)
def test_a_body_that_does_not_name_a_project_is_400(api, cast, body, pointer):
    answer = api(cast.client).post(RUNS, body)
    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not MatchRun.objects.exists()


def test_a_run_that_has_composed_shows_what_it_proved(api, cast, story):
    answer = api(cast.client).get(url(story.run))
    assert answer.status_code == 200
    assert "Retry-After" not in answer
    body = answer.json()
    assert body["status"] == "composed"
    assert (body["stage"], body["share"]) == ("done", 100)
    assert (body["value"], body["bound"]) == (story.best.value, story.best.bound)
    assert body["gap"] == story.best.bound - story.best.value
    assert body["candidates"] == 13
    assert body["diagnosis"] is None
    assert body["engine_version"]
    assert "lease_token" not in body


def test_the_state_of_a_run_is_told_in_the_language_asked_for(api, cast, story):
    english = api(cast.client, accept_language="en").get(url(story.run))
    spanish = api(cast.client, accept_language="es-MX").get(url(story.run))
    assert english.json()["text"] == "Composed out of 13 people."
    assert spanish.json()["text"] == "Compuesta a partir de 13 personas."
    assert spanish["Content-Language"] == "es-mx"
    assert "Accept-Language" in spanish["Vary"]


def test_runs_are_filtered_by_project_and_status(api, cast, story):
    other = cells.published_project(cast.organization, with_market=False)
    waiting = runs.request(project=other, cause="requested", actor=None)
    caller = api(cast.client)

    def ids(query: str) -> set[str]:
        return {row["id"] for row in caller.get(f"{RUNS}?{query}").json()["results"]}

    assert ids("") == {story.run.public_id, waiting.public_id}
    assert ids(f"project={other.public_id}") == {waiting.public_id}
    assert ids("status=composed") == {story.run.public_id}
    assert ids("status=composed&status=queued") == {story.run.public_id, waiting.public_id}
    assert ids("created_after=2099-01-01T00:00:00Z") == set()
    assert caller.get(f"{RUNS}?requested_by=system").status_code == 400


def test_a_list_of_runs_costs_the_same_whatever_its_length(api, cast, story, django_assert_max_num_queries):
    caller = api(cast.client)
    for _number in range(4):
        project = cells.published_project(cast.organization, with_market=False)
        runs.request(project=project, cause="requested", actor=None)
    with django_assert_max_num_queries(6):
        assert len(caller.get(RUNS).json()["results"]) == 5


# -- who may ----------------------------------------------------------------------------------------------------------
ROUTES = [("get", ""), ("get", "/events"), ("post", "/apply-repair")]


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_to_a_rival_a_run_does_not_exist(api, cast, stuck, method, tail):
    answer = getattr(api(cast.rival), method)(url(stuck, tail), {"repair": 0} if method == "post" else None)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Project.objects.get(pk=stuck.project_id).version == stuck.project_version
    assert api(cast.rival).get(RUNS).json()["results"] == []


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_professionals_have_no_business_with_runs(api, cast, stuck, method, tail):
    answer = getattr(api(cast.professional), method)(url(stuck, tail), {"repair": 0} if method == "post" else None)
    assert answer.status_code == 403
    assert Project.objects.get(pk=stuck.project_id).version == stuck.project_version


def test_nobody_is_shown_a_run_without_credentials(api, story):
    assert api().get(url(story.run)).status_code == 401


def test_a_key_needs_the_scope(api, cast, story):
    _row, reader = accounts.key(cast.organization.pk, scopes=[Permission.READ_RUNS])
    assert api(reader).get(url(story.run)).status_code == 200
    refused = api(reader).post(RUNS, {"project": story.project.public_id})
    assert refused.status_code == 403
    assert MatchRun.objects.count() == 1


# -- no cell ----------------------------------------------------------------------------------------------------------
def test_a_run_without_any_cell_says_why_and_what_would_mend_it(api, cast, stuck):
    body = api(cast.client, accept_language="en").get(url(stuck)).json()
    assert body["status"] == "infeasible"
    diagnosis = body["diagnosis"]
    assert diagnosis["text"].startswith("Proven: no cell exists under these rules.")
    assert "budget" in [rule["code"] for rule in diagnosis["conflict"]]
    cheapest = diagnosis["repairs"][0]
    assert cheapest["index"] == 0
    raised = next(repair for repair in diagnosis["repairs"] if repair["code"] == "budget")
    assert raised["text"].startswith("Raise the monthly cap by $")
    assert set(raised["amendment"]) == {"monthly_cap"}


def test_a_diagnosis_is_told_in_spanish_to_whoever_asks_for_it(api, cast, stuck):
    english = api(cast.client, accept_language="en").get(url(stuck)).json()["diagnosis"]
    spanish = api(cast.client, accept_language="es-MX").get(url(stuck)).json()["diagnosis"]
    raised = next(repair for repair in spanish["repairs"] if repair["code"] == "budget")
    assert raised["text"].startswith("Subir el tope mensual en $")
    assert spanish["text"] != english["text"]
    assert [repair["code"] for repair in spanish["repairs"]] == [repair["code"] for repair in english["repairs"]]


def test_an_infeasible_run_is_read_with_few_queries(api, cast, stuck, django_assert_max_num_queries):
    caller = api(cast.client)
    with django_assert_max_num_queries(11):
        assert caller.get(url(stuck)).json()["diagnosis"]["repairs"]


def test_a_repair_changes_the_project_and_the_next_run_composes(api, cast, stuck):
    repairs = api(cast.client).get(url(stuck)).json()["diagnosis"]["repairs"]
    index = next(repair["index"] for repair in repairs if repair["code"] == "budget")
    answer = api(cast.client).post(url(stuck, "/apply-repair"), {"repair": index})
    assert answer.status_code == 202
    again = MatchRun.objects.get(status="queued")
    assert answer["Location"] == url(again)
    assert answer.json() == {"project": stuck.project.public_id, "run": again.public_id}
    cap = Project.objects.get(pk=stuck.project_id).monthly_cap
    assert cap == Decimal(repairs[index]["amendment"]["monthly_cap"]) > 9_000
    runs.execute(again.pk)
    again.refresh_from_db()
    assert again.status == "composed"


def test_a_repair_that_does_not_exist_changes_nothing(api, cast, stuck):
    answer = api(cast.client).post(url(stuck, "/apply-repair"), {"repair": 999})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_repair")
    assert Project.objects.get(pk=stuck.project_id).version == stuck.project_version
    assert MatchRun.objects.count() == 1


def test_a_diagnosis_of_a_project_that_has_changed_since_is_not_applied(api, cast, stuck):
    Project.objects.get(pk=stuck.project_id).touch()
    answer = api(cast.client).post(url(stuck, "/apply-repair"), {"repair": 0})
    assert (answer.status_code, answer.json()["code"]) == (409, "diagnosis_outdated")
    assert Project.objects.get(pk=stuck.project_id).monthly_cap == 9_000


def test_a_recruiter_does_not_spend_the_clients_money(api, cast, stuck):
    answer = api(cast.recruiter).post(url(stuck, "/apply-repair"), {"repair": 0})
    assert answer.status_code == 403
    assert Project.objects.get(pk=stuck.project_id).version == stuck.project_version


# -- progress ---------------------------------------------------------------------------------------------------------
def events_of(chunks: list[bytes]) -> list[tuple[str, dict]]:
    found = []
    for chunk in chunks:
        fields = dict(line.split(": ", 1) for line in chunk.decode().strip().splitlines())
        if "event" in fields:
            found.append((fields["event"], orjson.loads(fields["data"])))
    return found


def test_the_stream_tells_every_change_until_the_run_has_ended(cast):
    run = runs.request(project=cells.published_project(cast.organization), cause="requested", actor=None)
    steps = iter([lambda: None, lambda: runs.execute(run.pk)])
    told = events_of(list(follow(run.pk, accounts.actor(cast.client), "es-mx", pause=lambda _seconds: next(steps)())))
    assert [name for name, _data in told] == ["progress", "progress", "end"]
    assert [data.get("status") for _name, data in told] == ["queued", "composed", None]
    assert told[0][1]["text"] == "En espera de turno."
    assert told[1][1]["share"] == 100


def test_the_stream_of_a_run_that_nobody_works_on_ends_after_a_minute(cast):
    run = runs.request(project=cells.published_project(cast.organization), cause="requested", actor=None)
    waited: list[float] = []
    told = events_of(list(follow(run.pk, accounts.actor(cast.client), "en", pause=waited.append)))
    assert [name for name, _data in told] == ["progress"]
    assert sum(waited) == 60


def test_the_stream_stops_when_the_run_goes_out_of_sight(cast):
    run = runs.request(project=cells.published_project(cast.organization), cause="requested", actor=None)

    def lose_membership(_seconds: float) -> None:
        cast.organization.memberships.all().delete()

    told = events_of(list(follow(run.pk, accounts.actor(cast.client), "en", pause=lose_membership)))
    assert [name for name, _data in told] == ["progress", "end"]
    assert told[-1][1] == {}


@pytest.mark.parametrize("accept", ["text/event-stream", "*/*"])
def test_progress_is_served_as_an_event_stream_that_no_proxy_holds_back(api, cast, story, accept):
    answer = api(cast.client, accept=accept).get(url(story.run, "/events"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/event-stream"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Accel-Buffering"] == "no"
    told = events_of(list(answer.streaming_content))
    assert [name for name, _data in told] == ["progress", "end"]
    assert told[0][1]["id"] == story.run.public_id


def test_a_refusal_of_the_stream_is_a_problem_in_json(api, cast, story):
    answer = api(cast.rival, accept="text/event-stream").get(url(story.run, "/events"))
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert orjson.loads(answer.content)["code"] == "not_found"

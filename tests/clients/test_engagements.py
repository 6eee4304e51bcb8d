"""Engagements: opened, confirmed by their people, started and ended, with hours given back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from marketplace.audit.models import AuditEvent
from marketplace.clients.models import Engagement, Placement, Project
from marketplace.clients.services import engagements, projects
from marketplace.delivery.models import OutboxEvent
from marketplace.kernel.errors import Conflict
from profiles.models import Booking, PersonWeek, Professional
from tests.conftest import Cast
from tests.factories import clients, profiles

ENGAGEMENTS = "/api/v1/engagements"
Api = Callable[..., APIClient]


@pytest.fixture
def opened(cast: Cast) -> Engagement:
    """Return an engagement of the client with the cast's professional and a colleague, nobody confirmed."""
    colleague = profiles.professional(given_names="Ximena", rate_amount=Decimal("61.00"), rate_floor=Decimal("60.00"))
    return clients.engagement(cast.organization, [cast.profile, colleague])[0]


def _url(engagement: Engagement, step: str = "") -> str:
    return f"{ENGAGEMENTS}/{engagement.public_id}" + (f"/{step}" if step else "")


def _post(client: APIClient, engagement: Engagement, step: str, body: dict[str, str] | None = None) -> Any:
    """Post a step that names the current version."""
    version = Engagement.objects.get(pk=engagement.pk).version
    return client.post(_url(engagement, step), body or {}, headers={"If-Match": f'"{version}"'})


def _started(engagement: Engagement) -> Engagement:
    confirmed = engagements.confirm(engagement=engagement, actor=None)
    return engagements.start(engagement=confirmed, version=confirmed.version, actor=None)


def _placements(engagement: Engagement) -> set[str]:
    return set(engagement.placements.values_list("status", flat=True))


def _state(engagement: Engagement) -> dict[str, Any]:
    row = Engagement.objects.get(pk=engagement.pk)
    return {
        "engagement": (row.status, row.version),
        "placements": sorted(row.placements.values_list("pk", "status")),
        "project": Project.objects.values_list("status").get(pk=row.project_id),
        "booked": sorted(PersonWeek.objects.values_list("pk", "booked")),
    }


# -- who sees what ----------------------------------------------------------------------------------------------------
def test_a_client_sees_names_and_costs_after_acceptance(api: Api, cast: Cast, opened: Engagement) -> None:
    shown = api(cast.client).get(_url(opened)).json()
    assert (shown["status"], shown["monthly_cost"]) == ("confirming", {"amount": "14000.00", "currency": "USD"})
    assert [row["professional"]["given_names"] for row in shown["placements"]] == ["María José", "Ximena"]
    assert [row["rate"]["amount"] for row in shown["placements"]] == ["40.00", "61.00"]
    assert shown["placements"][0]["seat"]["title"] == "Senior COBOL engineer"


def test_a_professional_sees_their_own_placement_and_no_others_rate(api: Api, cast: Cast, opened: Engagement) -> None:
    answer = api(cast.professional).get(_url(opened))
    shown = answer.json()
    assert [row["rate"]["amount"] for row in shown["placements"]] == ["40.00"]
    assert shown["organization_name"] == cast.organization.name
    assert "monthly_cost" not in shown
    assert "61.00" not in answer.content.decode()
    assert "Ximena" not in answer.content.decode()


def test_who_has_no_part_in_an_engagement_does_not_see_it(api: Api, cast: Cast, opened: Engagement) -> None:
    stranger = profiles.professional().user
    for outsider in (cast.rival, stranger):
        assert api(outsider).get(_url(opened)).status_code == 404
        assert api(outsider).get(ENGAGEMENTS).json()["results"] == []
    assert [row["id"] for row in api(cast.recruiter).get(ENGAGEMENTS).json()["results"]] == [opened.public_id]


def test_engagements_are_filtered_by_project_and_state(api: Api, cast: Cast, opened: Engagement) -> None:
    other = clients.project(cast.organization)
    client = api(cast.client)
    for query, expected in [
        ({"project": opened.project.public_id, "status": "confirming"}, [opened.public_id]),
        ({"project": other.public_id}, []),
        ({"status": ["active", "completed"]}, []),
    ]:
        assert [row["id"] for row in client.get(ENGAGEMENTS, query).json()["results"]] == expected


def test_lists_and_details_take_a_fixed_number_of_queries(
    api: Api, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    people = [profiles.professional() for _ in range(4)]
    rows = [clients.engagement(cast.organization, people[:1])[0]]
    rows.append(clients.engagement(cast.organization, people[1:])[0])
    client = api(cast.client)
    with django_assert_max_num_queries(6):
        assert len(client.get(ENGAGEMENTS).json()["results"]) == 2
    with django_assert_max_num_queries(9):
        assert len(client.get(_url(rows[1])).json()["placements"]) == 3


# -- opening ----------------------------------------------------------------------------------------------------------
def test_opening_holds_the_placements_and_tells(opened: Engagement) -> None:
    assert _placements(opened) == {"held"}
    assert AuditEvent.objects.filter(subject=opened.public_id, action="engagement.opened").count() == 1
    event = OutboxEvent.objects.get(subject=opened.public_id)
    assert (event.kind, event.data) == (
        "engagement.opened",
        {"status": "confirming", "project": opened.project.public_id},
    )


def test_a_project_has_one_live_engagement(cast: Cast, opened: Engagement) -> None:
    terms: dict[str, Any] = {
        "project": opened.project,
        "starts_on": opened.starts_on,
        "ends_on": opened.ends_on,
        "monthly_cost": Decimal(1),
        "currency": "USD",
        "placements": [],
        "actor": None,
    }
    with pytest.raises(Conflict) as refusal, transaction.atomic():
        engagements.open(proposal_id=uuid.uuid4(), **terms)
    assert refusal.value.code == "engagement_live"
    assert Engagement.objects.count() == 1


# -- confirming and starting ------------------------------------------------------------------------------------------
def test_a_professional_confirms_their_own_placement_only(api: Api, cast: Cast, opened: Engagement) -> None:
    answer = api(cast.professional).post(_url(opened, "confirm"))
    assert answer.status_code == 200, answer.json()
    statuses = dict(opened.placements.values_list("professional_id", "status"))
    assert statuses.pop(cast.profile.pk) == "confirmed"
    assert set(statuses.values()) == {"held"}
    # The hours are firm only once everybody has said yes: until then they lapse with the others'.
    assert set(Booking.objects.values_list("status", flat=True)) == {"held"}


def test_confirming_again_is_refused(api: Api, cast: Cast, opened: Engagement) -> None:
    client = api(cast.professional)
    client.post(_url(opened, "confirm"))
    before = _state(opened)
    again = client.post(_url(opened, "confirm"))
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_confirm")
    assert _state(opened) == before


def test_work_does_not_start_before_everybody_has_confirmed(api: Api, cast: Cast, opened: Engagement) -> None:
    api(cast.professional).post(_url(opened, "confirm"))
    before = _state(opened)
    refused = _post(api(cast.client), opened, "start")
    assert (refused.status_code, refused.json()["code"]) == (409, "placements_not_confirmed")
    waiting = opened.placements.exclude(professional=cast.profile).get()
    assert refused.json()["data"]["placements"] == [waiting.public_id]
    assert _state(opened) == before


def test_a_recruiter_confirms_for_everybody_and_the_client_starts(api: Api, cast: Cast, opened: Engagement) -> None:
    assert api(cast.recruiter).post(_url(opened, "confirm")).status_code == 200
    assert _placements(opened) == {"confirmed"}
    answer = _post(api(cast.client), opened, "start")
    assert (answer.status_code, answer.json()["status"]) == (200, "active")
    assert _placements(opened) == {"active"}


def test_a_step_that_names_an_older_version_is_refused(api: Api, cast: Cast, opened: Engagement) -> None:
    engagements.confirm(engagement=opened, actor=None)
    before = _state(opened)
    client = api(cast.client)
    assert client.post(_url(opened, "start")).status_code == 428
    assert client.post(_url(opened, "start"), headers={"If-Match": '"1"'}).status_code == 412
    assert _state(opened) == before


# -- ending -----------------------------------------------------------------------------------------------------------
def test_completing_ends_the_placements_and_the_project(api: Api, cast: Cast, opened: Engagement) -> None:
    _started(opened)
    answer = _post(api(cast.client), opened, "complete")
    assert (answer.status_code, answer.json()["status"]) == (200, "completed")
    assert _placements(opened) == {"ended"}
    assert Project.objects.get(pk=opened.project_id).status == "completed"
    assert list(
        OutboxEvent.objects.filter(organization_id=cast.organization.pk).order_by("pk").values_list("kind", flat=True)
    ) == [
        "project.published",
        "engagement.opened",
        "project.staffed",
        "invitation.accepted",
        "invitation.accepted",
        "engagement.confirmed",
        "engagement.started",
        "engagement.completed",
        "project.completed",
    ]


@pytest.mark.parametrize("started", [False, True], ids=["before the start", "after the start"])
def test_terminating_gives_every_hour_back(api: Api, cast: Cast, opened: Engagement, started: bool) -> None:
    if started:
        _started(opened)
    assert PersonWeek.objects.filter(booked__gt=0).exists()
    answer = _post(api(cast.recruiter), opened, "terminate", {"reason_code": "client_decision"})
    assert (answer.status_code, answer.json()["status"]) == (200, "terminated")
    assert _placements(opened) == {"ended"}
    assert not PersonWeek.objects.filter(booked__gt=0).exists()
    assert set(Booking.objects.values_list("status", flat=True)) == {"released"}
    assert Project.objects.get(pk=opened.project_id).status == "cancelled"
    assert AuditEvent.objects.get(subject=opened.public_id, action="engagement.terminated").data == {
        "reason_code": "client_decision"
    }


def test_days_already_worked_stay_booked(opened: Engagement) -> None:
    _started(opened)
    monday = dt.date.today() - dt.timedelta(days=dt.date.today().weekday())
    worked = monday - dt.timedelta(weeks=1)
    booking = Booking.objects.get(professional=opened.placements.first().professional)
    Booking.objects.filter(pk=booking.pk).update(starts_on=worked)
    for week in (worked, *(monday + dt.timedelta(weeks=k) for k in range((opened.starts_on - monday).days // 7 + 1))):
        PersonWeek.objects.update_or_create(
            professional=booking.professional, week=week, defaults={"capacity": 2400, "booked": 2400}
        )
    row = Engagement.objects.get(pk=opened.pk)
    engagements.terminate(engagement=row, version=row.version, reason_code="budget", actor=None)
    assert PersonWeek.objects.get(professional=booking.professional, week=worked).booked == 2400
    later = PersonWeek.objects.filter(professional=booking.professional, week__gt=monday)
    assert set(later.values_list("booked", flat=True)) == {0}


def test_an_unknown_reason_is_refused(api: Api, cast: Cast, opened: Engagement) -> None:
    before = _state(opened)
    refused = _post(api(cast.client), opened, "terminate", {"reason_code": "boredom"})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reason")
    assert "client_decision" in refused.json()["errors"][0]["data"]["known"]
    assert _state(opened) == before


@pytest.mark.parametrize("step", ["start", "complete", "terminate", "confirm"])
def test_a_rival_meets_404_or_403_and_moves_nothing(api: Api, cast: Cast, opened: Engagement, step: str) -> None:
    before = _state(opened)
    refused = _post(api(cast.rival), opened, step, {"reason_code": "other"} if step == "terminate" else None)
    # Clients have no placements to confirm: that step is not theirs, whose engagement it may be.
    assert refused.status_code == (403 if step == "confirm" else 404)
    assert _state(opened) == before


@pytest.mark.parametrize("step", ["start", "complete", "terminate"])
def test_a_professional_does_not_move_the_engagement(api: Api, cast: Cast, opened: Engagement, step: str) -> None:
    before = _state(opened)
    assert _post(api(cast.professional), opened, step).status_code == 403
    assert _state(opened) == before


@pytest.mark.parametrize("step", ["start", "complete", "terminate", "confirm"])
def test_an_engagement_that_is_over_stays_over(api: Api, cast: Cast, opened: Engagement, step: str) -> None:
    row = _started(opened)
    engagements.complete(engagement=row, version=row.version, actor=None)
    before = _state(opened)
    refused = _post(api(cast.recruiter), opened, step, {"reason_code": "other"} if step == "terminate" else None)
    assert refused.status_code == 409
    assert _state(opened) == before


@pytest.mark.parametrize("move", [projects.cancel, projects.complete])
def test_a_project_does_not_end_under_a_live_engagement(opened: Engagement, move: Callable[..., Project]) -> None:
    before = _state(opened)
    with pytest.raises(Conflict) as refusal:
        move(project=opened.project, actor=None)
    assert refusal.value.code == "engagement_live"
    assert _state(opened) == before


def test_a_placement_may_have_its_own_dates(cast: Cast) -> None:
    project = clients.project(cast.organization, published=True)
    later = project.starts_on + dt.timedelta(weeks=4)
    person: Professional = profiles.professional()
    with transaction.atomic():
        opened, (placement,) = engagements.open(
            project=project,
            proposal_id=uuid.uuid4(),
            starts_on=project.starts_on,
            ends_on=project.ends_on,
            monthly_cost=Decimal(1),
            currency="USD",
            placements=[
                engagements.PlacementTerms(
                    project.seats.first(), person, 1200, Decimal(40), "USD", Decimal(1), starts_on=later
                )
            ],
            actor=None,
        )
    stored = Placement.objects.get(pk=placement.pk)
    assert (stored.starts_on, stored.ends_on, opened.starts_on) == (later, project.ends_on, project.starts_on)

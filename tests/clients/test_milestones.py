"""Milestones: planned by the client or a recruiter, delivered by the people, taken or sent back by the client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.audit.models import AuditEvent
from marketplace.clients.models import Engagement, Milestone
from marketplace.clients.services import engagements, milestones
from marketplace.clients.states import MILESTONE, MilestoneStatus
from marketplace.delivery.models import Notification, OutboxEvent
from tests.clients.running import WEEK, actor, at, fresh, post, running
from tests.conftest import Cast
from tests.factories import profiles

Api = Callable[..., APIClient]
MILESTONES = "/api/v1/milestones"


@pytest.fixture
def work(cast: Cast) -> Engagement:
    return running(cast.organization, [cast.profile, profiles.professional()])[0]


def _plan(engagement: Engagement, cast: Cast, title: str = "Batch", weeks: int = 4, **fields: Any) -> Milestone:
    return milestones.plan(
        engagement=engagement,
        title=title,
        acceptance_criteria="Two month ends without a difference.",
        due_on=engagement.starts_on + weeks * WEEK,
        actor=actor(cast.client),
        **fields,
    )


def _titles(engagement: Engagement) -> list[tuple[int, str]]:
    return list(engagement.milestones.order_by("position").values_list("position", "title"))


def test_a_milestone_goes_from_plan_to_acceptance_by_those_whose_part_it_is(
    api: Api, cast: Cast, work: Engagement
) -> None:
    body = {
        "engagement": work.public_id,
        "title": "Reconciliation batch",
        "acceptance_criteria": "Two month ends run without a difference.",
        "due_on": (work.starts_on + 4 * WEEK).isoformat(),
    }
    planned = api(cast.client).post(MILESTONES, body, format="json")
    assert (planned.status_code, planned.json()["position"], planned.json()["late"]) == (201, 1, False)
    row = Milestone.objects.get()
    path = f"milestones/{row.public_id}"
    delivered = post(api(cast.professional), f"{path}/deliver", {"note": "In the branch."}, seen=row)
    assert (delivered.status_code, delivered.json()["status"]) == (200, "delivered")
    rejected = post(api(cast.client), f"{path}/reject", {"reason": "April differs."}, seen=row)
    assert (rejected.json()["status"], rejected.json()["rejection_reason"]) == ("rejected", "April differs.")
    post(api(cast.recruiter), f"{path}/deliver", seen=row)
    accepted = post(api(cast.client), f"{path}/accept", seen=row)
    assert (accepted.json()["status"], accepted.json()["rejection_reason"]) == ("accepted", "")
    stored = fresh(row)
    assert (stored.delivered_by, stored.decided_by) == (cast.recruiter.public_id, cast.client.public_id)
    told = AuditEvent.objects.filter(subject=work.public_id, action__startswith="milestone.").order_by("sequence")
    assert list(told.values_list("action", flat=True)) == [
        "milestone.planned",
        "milestone.delivered",
        "milestone.rejected",
        "milestone.delivered",
        "milestone.accepted",
    ]
    facts = OutboxEvent.objects.filter(subject=row.public_id).order_by("pk")
    assert [fact.data["status"] for fact in facts] == ["planned", "delivered", "rejected", "delivered", "accepted"]


@pytest.mark.parametrize("status", list(MilestoneStatus))
@pytest.mark.parametrize(
    ("step", "target"),
    [
        ("deliver", MilestoneStatus.DELIVERED),
        ("accept", MilestoneStatus.ACCEPTED),
        ("reject", MilestoneStatus.REJECTED),
    ],
)
def test_only_the_moves_of_the_table_are_made(
    api: Api, cast: Cast, work: Engagement, status: str, step: str, target: str
) -> None:
    row = _plan(work, cast)
    people, client = actor(cast.professional), actor(cast.client)
    if status != MilestoneStatus.PLANNED:
        milestones.deliver(milestone=row, version=1, actor=people)
    if status == MilestoneStatus.ACCEPTED:
        milestones.accept(milestone=row, version=2, actor=client)
    if status == MilestoneStatus.REJECTED:
        milestones.reject(milestone=row, version=2, reason="April.", actor=client)
    caller = cast.professional if step == "deliver" else cast.client
    body = {"reason": "May."} if step == "reject" else {}
    answer = post(api(caller), f"milestones/{row.public_id}/{step}", body, seen=row)
    allowed = target in MILESTONE[status]
    assert answer.status_code == (200 if allowed else 409)
    assert fresh(row).status == (target if allowed else status)


def test_positions_stay_a_list_without_gaps(api: Api, cast: Cast, work: Engagement) -> None:
    first, second, third = (_plan(work, cast, title) for title in ("a", "b", "c"))
    _plan(work, cast, "front", position=1)
    assert _titles(work) == [(1, "front"), (2, "a"), (3, "b"), (4, "c")]
    moved = api(cast.client).patch(
        f"{MILESTONES}/{third.public_id}",
        {"position": 2},
        format="json",
        headers={"If-Match": f'"{fresh(third).version}"'},
    )
    assert (moved.status_code, moved.json()["position"]) == (200, 2)
    assert _titles(work) == [(1, "front"), (2, "c"), (3, "a"), (4, "b")]
    gone = api(cast.client).delete(f"{MILESTONES}/{first.public_id}", headers={"If-Match": f'"{fresh(first).version}"'})
    assert gone.status_code == 204
    assert _titles(work) == [(1, "front"), (2, "c"), (3, "b")]
    assert fresh(second).position == 3


def test_what_is_delivered_is_neither_edited_nor_dropped(
    api: Api, cast: Cast, work: Engagement, nothing_changes: Any
) -> None:
    row = _plan(work, cast)
    milestones.deliver(milestone=row, version=1, actor=actor(cast.professional))
    client, path = api(cast.client), f"{MILESTONES}/{row.public_id}"
    with nothing_changes():
        edited = client.patch(path, {"title": "Other"}, format="json", headers={"If-Match": '"2"'})
        assert (edited.status_code, edited.json()["code"]) == (409, "already_delivered")
        assert client.delete(path, headers={"If-Match": '"2"'}).status_code == 409


def test_late_ones_are_flagged_and_told_of_once(
    api: Api, cast: Cast, work: Engagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, soon = _plan(work, cast, "late", 2), _plan(work, cast, "soon", 8)
    assert milestones.tell_late() == 0
    at(monkeypatch, work.starts_on + 3 * WEEK)
    rows = api(cast.client).get(MILESTONES, {"engagement": work.public_id}).json()["results"]
    assert {row["title"]: row["late"] for row in rows} == {"late": True, "soon": False}
    found = api(cast.recruiter).get(MILESTONES, {"late": "true"}).json()["results"]
    assert [row["id"] for row in found] == [late.public_id]
    found = api(cast.recruiter).get(MILESTONES, {"late": "false"}).json()["results"]
    assert [row["id"] for row in found] == [soon.public_id]
    assert (milestones.tell_late(), milestones.tell_late()) == (1, 0)
    assert OutboxEvent.objects.filter(kind="milestone.late").count() == 1
    told = Notification.objects.filter(kind="milestone.late").values_list("recipient_id", flat=True)
    assert {cast.client.pk, cast.professional.pk} <= set(told)


def test_a_day_outside_the_engagement_is_refused(api: Api, cast: Cast, work: Engagement, nothing_changes: Any) -> None:
    client = api(cast.client)
    body = {
        "engagement": work.public_id,
        "title": "Too late",
        "acceptance_criteria": "Whatever.",
        "due_on": (work.ends_on + dt.timedelta(days=1)).isoformat(),
    }
    with nothing_changes():
        refused = client.post(MILESTONES, body, format="json")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/due_on")


def test_roles_do_their_own_part_only(api: Api, cast: Cast, work: Engagement, nothing_changes: Any) -> None:
    row = _plan(work, cast)
    milestones.deliver(milestone=row, version=1, actor=actor(cast.professional))
    path = f"milestones/{row.public_id}"
    callers = [
        (api(cast.professional), "accept", 403),
        (api(cast.recruiter), "accept", 403),
        (api(cast.client), "deliver", 403),
        (api(cast.rival), "accept", 404),
        (api(profiles.professional().user), "deliver", 404),
    ]
    with nothing_changes():
        for client, step, status in callers:
            assert post(client, f"{path}/{step}", seen=row).status_code == status


def test_after_the_end_nothing_moves(api: Api, cast: Cast, work: Engagement) -> None:
    row = _plan(work, cast)
    engagement = fresh(work)
    engagements.complete(engagement=engagement, version=engagement.version, actor=None)
    refused = post(api(cast.recruiter), f"milestones/{row.public_id}/deliver", seen=row)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_running")
    assert fresh(row).status == "planned"


def test_the_list_takes_a_fixed_number_of_queries(
    api: Api, cast: Cast, work: Engagement, django_assert_max_num_queries: Any
) -> None:
    for title in "abcde":
        _plan(work, cast, title)
    client = api(cast.client)
    with django_assert_max_num_queries(4):
        assert len(client.get(MILESTONES).json()["results"]) == 5

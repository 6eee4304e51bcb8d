"""Every route of a running engagement, with rows that exist: whose they are not meets 404 or 403, and sees nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.clients.models import EngagementDocument
from marketplace.clients.services import changes, engagements, leaves, milestones, ratings
from profiles.models import Professional
from tests.clients.running import WEEK, actor, at, fresh, running
from tests.conftest import Cast
from tests.factories import accounts, profiles
from tests.trust.access import ACCESS

Api = Callable[..., APIClient]
OURS = ("engagement-changes", "leaves", "milestones", "engagement-documents", "ratings", "rating-bands")
ROUTES = [
    route
    for route in ACCESS
    if route.split(" ")[1].split("/")[1] in OURS or re.fullmatch(r"POST /engagements/{pk}/(pause|resume)", route)
]


@pytest.fixture
def colleague(db: None) -> Professional:
    return profiles.professional(given_names="Ximena", family_names="Zamarripa")


@pytest.fixture
def ids(cast: Cast, colleague: Professional, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the ids of one row of each kind, all about the colleague or the client, none about the professional."""
    profiles.claim(colleague, "cobol", 4)
    engagement, (_mine, theirs) = running(cast.organization, [cast.profile, colleague])
    client = actor(cast.client)
    milestone = milestones.plan(
        engagement=engagement,
        title="Batch",
        acceptance_criteria="No difference.",
        due_on=engagement.starts_on + 4 * WEEK,
        actor=client,
    )
    at(monkeypatch, engagement.starts_on + 8 * WEEK)
    first = engagement.starts_on + 12 * WEEK
    leave = leaves.ask(
        placement=theirs,
        starts_on=first,
        ends_on=first + dt.timedelta(days=4),
        reason_kind="vacation",
        actor=actor(colleague.user),
    )
    asked = changes.Asked("hours", "scope", placement_id=theirs.pk, starts_on=first, weekly_minutes=1200)
    change = changes.request(engagement=engagement, asked=asked, actor=client)
    document = EngagementDocument.objects.filter(placement=theirs).first()
    assert document is not None
    row = fresh(engagement)
    engagements.complete(engagement=row, version=row.version, actor=None)
    rating = ratings.rate(placement=theirs, overall=5, communication=5, actor=client)
    ratings.rate(placement=theirs, overall=5, communication=5, clarity=5, actor=actor(colleague.user))
    return {
        "engagements": engagement.public_id,
        "engagement-changes": change.public_id,
        "leaves": leave.public_id,
        "milestones": milestone.public_id,
        "engagement-documents": document.public_id,
        "ratings": rating.public_id,
        "placement": theirs.public_id,
    }


def _call(client: APIClient, route: str, ids: dict[str, str]) -> Any:
    method, template = route.split(" ")
    path = "/api/v1" + template.replace("{pk}", ids.get(template.split("/")[1], ""))
    return client.generic(
        method, path, data="" if method == "GET" else "{}", content_type="application/json", HTTP_IF_MATCH='"1"'
    )


def test_the_routes_are_those_that_were_meant() -> None:
    assert len(ROUTES) == 31


@pytest.mark.parametrize("who", ["rival", "key", "stranger"])
def test_outsiders_see_nothing_and_move_nothing(
    api: Api, cast: Cast, ids: dict[str, str], nothing_changes: Any, who: str
) -> None:
    caller: User | str = {
        "rival": lambda: cast.rival,
        "key": lambda: accounts.key(cast.rival_organization.pk)[1],
        "stranger": lambda: profiles.professional().user,
    }[who]()
    client = api(caller)
    with nothing_changes():
        for route in ROUTES:
            answer = _call(client, route, ids)
            if "{pk}" in route:
                assert answer.status_code in {403, 404}, (route, answer.content)
            text = answer.content.decode()
            assert not [key for key in ids.values() if key in text and "instance" not in text], route


def test_a_member_sees_nothing_of_what_concerns_another(api: Api, cast: Cast, ids: dict[str, str]) -> None:
    client = api(cast.professional)
    hidden = {ids[kind] for kind in ("engagement-changes", "leaves", "engagement-documents", "ratings", "placement")}
    for route in ROUTES:
        if not route.startswith("GET"):
            continue
        answer = _call(client, route, ids)
        if "{pk}" in route and "milestones" not in route:
            assert answer.status_code == 404, route
            continue
        text = answer.content.decode()
        assert not [key for key in hidden if key in text], route
        assert "Zamarripa" not in text


def test_the_client_and_recruiters_see_every_row(api: Api, cast: Cast, ids: dict[str, str]) -> None:
    for caller in (cast.client, cast.recruiter):
        client = api(caller)
        for route in ROUTES:
            if route.startswith("GET") and "{pk}" in route:
                assert _call(client, route, ids).status_code == 200, route

"""Every (state × action × caller): what the tables list happens, and nothing else happens at all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.audit.models import AuditEvent
from marketplace.clients.models import (
    ChangeKind,
    Engagement,
    EngagementChange,
    EngagementDocument,
    Invitation,
    LeaveReason,
    Placement,
    Project,
)
from marketplace.clients.services import changes, leaves, milestones
from marketplace.delivery.models import OutboxEvent
from marketplace.kernel.models import Record
from marketplace.privacy.services import requests
from matching.models import Offer, Replacement
from matching.services import offers
from profiles.models import Booking
from tests.conftest import Cast
from tests.factories import accounts, profiles
from tests.factories import matching as cells
from tests.factories.unguarded import write
from tests.trust.access import ACCESS
from tests.trust.machines import MACHINES, MOVED_ELSEWHERE, Action, Machine

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Stage:
    """One row of every machine, and who may come near them; P is the person whom all of them concern."""

    rows: dict[type[Record], Record]
    callers: dict[str, User | str]


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo what was done inside, so that the next try begins anew."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    client = Actor(user=cast.client)
    accepted = cells.offer_for(cells.composed_run(cells.published_project(cast.organization)).proposals.get(rank=1))
    engagement: Engagement = offers.accept(offer=accepted, seen_version=1, actor=client)
    run = cells.composed_run(cells.published_project(cast.organization, with_market=False))
    offer: Offer = cells.offer_for(run.proposals.get(rank=1))
    judged = run.proposals.get(rank=2) if run.exhausted is False and run.proposals.count() > 1 else offer.proposal
    invitation = Invitation.objects.filter(placement__engagement=engagement).order_by("pk").first()
    assert invitation is not None
    person = invitation.professional
    write(Engagement.objects.filter(pk=engagement.pk), status="active")
    write(Placement.objects.filter(engagement=engagement), status="active")
    write(
        Booking.objects.filter(placement_id__in=engagement.placements.values("pk")), status="confirmed", held_until=None
    )
    engagement.refresh_from_db()
    recruiter = Actor(user=cast.recruiter)
    milestone = milestones.plan(
        engagement=engagement,
        title="First release",
        acceptance_criteria="It runs.",
        due_on=engagement.ends_on,
        actor=recruiter,
    )
    change = changes.request(
        engagement=engagement,
        asked=changes.Asked(ChangeKind.EXTENSION, "scope", ends_on=engagement.ends_on + dt.timedelta(days=14)),
        actor=client,
    )
    # Complete enough to be submitted, should the profile be a draft.
    profiles.claim(person, "jcl", 3)
    replacement = Replacement.objects.create(engagement=engagement, status="proposed", cause="requested")
    leave = leaves.ask(
        placement=invitation.placement,
        starts_on=engagement.starts_on + dt.timedelta(days=7),
        ends_on=engagement.starts_on + dt.timedelta(days=11),
        reason_kind=LeaveReason.values[0],
        actor=Actor(user=person.user),
    )
    document = EngagementDocument.objects.filter(placement=invitation.placement, kind="nda").first()
    rows: list[Record | None] = [
        run.project,
        judged,
        offer,
        invitation,
        engagement,
        milestone,
        change,
        leave,
        document,
        person,
        replacement,
        requests.file(professional=person, kind="access", actor=Actor(user=person.user)),
    ]
    assert all(rows)
    return Stage(
        rows={type(row): row for row in rows if row is not None},
        callers={
            "C": cast.client,
            "K": accounts.key(cast.organization.pk)[1],
            "P": person.user,
            "R": cast.recruiter,
            "O": cast.operator,
        },
    )


def written() -> tuple[int, int]:
    """How much has been said to the audit log and to the world."""
    return AuditEvent.objects.count(), OutboxEvent.objects.count()


def tries(machine: Machine, status: str) -> Iterator[tuple[Action, str, str]]:
    """Yield every action with every caller that can name the row, and who may call it at all."""
    for action in machine.actions:
        if status not in action.elsewhere:
            for letter in "P" if action.own else "CKPRO":
                yield action, letter, ACCESS[f"{action.method} {action.path(machine.route)}"]


def ask(client: APIClient, machine: Machine, action: Action, row: Any) -> Any:
    path = action.path(f"/api/v1{machine.route}").format(pk=row.public_id)
    version = f'"{row.version}"'
    body = json.dumps(action.body)
    return client.generic(action.method, path, body, content_type="application/json", HTTP_IF_MATCH=version)


@pytest.mark.parametrize("machine", [pytest.param(machine, id=machine.model.__name__) for machine in MACHINES])
def test_only_listed_moves_happen_and_the_others_change_nothing(
    machine: Machine, stage: Stage, api: Callable[..., APIClient]
) -> None:
    row: Any = stage.rows[machine.model]
    clients = {letter: api(caller) for letter, caller in stage.callers.items()}
    for status in row.transitions:
        for action, letter, allowed in tries(machine, status):
            lawful = status in action.moves and letter in allowed and letter not in action.never
            with taken_back():
                machine.stage(row, status)
                row.refresh_from_db()
                before, said = (status, row.version), written()
                answer = ask(clients[letter], machine, action, row)
                row.refresh_from_db()
                told = (str(status), letter, action.name, answer.status_code, answer.content[:400])
                if lawful:
                    assert answer.status_code < 300, told
                    assert row.status == action.moves[status] or letter in action.in_part, told
                else:
                    again = status in action.again and letter in allowed
                    assert (answer.status_code < 300) if again else (400 <= answer.status_code < 500), told
                    assert ((row.status, row.version), written()) == (before, said), told


@pytest.mark.parametrize("machine", [pytest.param(machine, id=machine.model.__name__) for machine in MACHINES])
def test_the_database_refuses_what_the_tables_do_not_list(machine: Machine, stage: Stage) -> None:
    row: Any = stage.rows[machine.model]
    for status, targets in row.transitions.items():
        for target in set(row.transitions) - set(targets) - {status}:
            with taken_back():
                machine.stage(row, status)
                with pytest.raises(IntegrityError, match="cannot move"), transaction.atomic():
                    type(row)._default_manager.filter(pk=row.pk).update(status=target)


def test_every_action_on_a_row_with_states_is_in_the_tables() -> None:
    routes = {machine.route for machine in MACHINES}
    posts = {
        route
        for route in ACCESS
        if route.startswith("POST ") and ("/{pk}/" in route or "/me/" in route) and f"/{route.split('/')[1]}" in routes
    }
    known = {f"{action.method} {action.path(machine.route)}" for machine in MACHINES for action in machine.actions}
    assert {route for route in posts - known - MOVED_ELSEWHERE if not parts(route)} == set()


def parts(route: str) -> bool:
    """Whether a route is about a part of a profile, or a question: neither has states of its own here."""
    named = ("/skills", "/languages", "/certificates", "/experiences", "/availability", "/tax-ids", "/imports")
    return any(part in route for part in (*named, "/what-ifs"))


def test_the_project_of_the_stage_is_not_that_of_the_engagement(stage: Stage) -> None:
    engagement = stage.rows[Engagement]
    assert stage.rows[Project].pk != engagement.project_id  # type: ignore[attr-defined]
    assert isinstance(stage.rows[EngagementChange], EngagementChange)

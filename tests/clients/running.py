"""An engagement at work, and the ledger seen from outside: what tests of a running engagement share."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.accounts.actors import Actor
from marketplace.clients.models import Engagement, Organization, Placement
from marketplace.clients.services import engagements
from marketplace.kernel import clock
from marketplace.kernel.models import Record
from profiles.capacity import demand
from profiles.models import Booking, PersonWeek, Professional
from tests.factories import clients

WEEK = dt.timedelta(weeks=1)


def running(organization: Organization, people: list[Professional]) -> tuple[Engagement, list[Placement]]:
    """Return an engagement in which everybody has said yes and works, and its placements by seat."""
    opened, _placements = clients.engagement(organization, people)
    engagements.confirm(engagement=opened, actor=None)
    opened.refresh_from_db()
    row = engagements.start(engagement=opened, version=opened.version, actor=None)
    return row, list(row.placements.order_by("seat__position"))


def fresh(row: Any) -> Any:
    """Return the row as it is stored now."""
    return type(row).objects.get(pk=row.pk)


def post(client: APIClient, path: str, body: dict[str, Any] | None = None, *, seen: Record | None = None) -> Any:
    """Post to a path below ``/api/v1``, naming the version of ``seen`` that is stored now."""
    headers = {"If-Match": f'"{fresh(seen).version}"'} if seen is not None else {}
    return client.post(f"/api/v1/{path}", body or {}, format="json", headers=headers)


def booked(person: Professional, week: dt.date) -> int:
    """Return the minutes that the ledger has promised of somebody in a week."""
    row = PersonWeek.objects.filter(professional=person, week=clock.monday_of(week)).first()
    return row.booked if row else 0


def ledger_differs() -> list[Any]:
    """Return where the ledger is not the sum of what is promised, or above capacity; empty when all is well."""
    load: Counter[tuple[uuid.UUID, dt.date]] = Counter()
    for row in Booking.objects.exclude(status="released"):
        for week in clock.weeks_between(row.starts_on, row.ends_on):
            load[row.professional_id, week] += demand(row.weekly_minutes, week, row.starts_on, row.ends_on)
    rows = {(row.professional_id, row.week): row for row in PersonWeek.objects.all()}
    wrong: list[Any] = [key for key, row in rows.items() if row.booked != load[key] or row.booked > row.capacity]
    return wrong + [key for key, minutes in load.items() if minutes and key not in rows]


def at(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    """Let it be noon (UTC) of a day."""
    moment = dt.datetime.combine(day, dt.time(12), dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)


def actor(user: Any) -> Actor:
    return Actor(user=user)

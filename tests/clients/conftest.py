"""What the tests of demand share: bodies of requests, and an ear for what is announced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from marketplace.clients.events import ProjectPublished, ProjectWithdrawn
from marketplace.kernel import clock, events
from tests.factories import clients


@pytest.fixture
def body(db: None) -> dict[str, Any]:
    """Return a sound body of ``POST /projects`` whose skills are stored."""
    clients.skills()
    starts_on = clock.today() + dt.timedelta(weeks=6)
    return {
        "title": "Reconciliation batch in Java",
        "solution_type": "core_modernization",
        "external_id": "REQ-2041",
        "starts_on": starts_on.isoformat(),
        "ends_on": (starts_on + dt.timedelta(weeks=26)).isoformat(),
        "monthly_cap": {"amount": "21000.00", "currency": "USD"},
        "day_starts": "08:30",
        "day_ends": "17:30",
        "seats": [
            {
                "title_en": "Senior COBOL engineer",
                "function": "engineering",
                "min_seniority": "senior",
                "countries": ["MX"],
                "client_facing": True,
                "skills": [{"skill": "cobol", "level": 4}, {"skill": "jcl", "level": 3}],
                "languages": [{"language": "en", "activity": "speaking", "level": "b2", "evidence": "tested"}],
            }
        ],
        "needs": [{"skill": "sox-404", "level": 3, "count": 1, "weight": 6}],
    }


@pytest.fixture
def told() -> Iterator[list[events.Fact]]:
    """Collect what projects announce, as a floor above would hear it."""
    heard: list[events.Fact] = []
    events.subscribe(ProjectPublished, heard.append)
    events.subscribe(ProjectWithdrawn, heard.append)
    yield heard
    for listeners in events._subscribers.values():
        if heard.append in listeners:
            listeners.remove(heard.append)

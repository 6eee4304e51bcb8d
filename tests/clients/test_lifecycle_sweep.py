"""What time alone makes due in running engagements is done by one sweep, and by the next one not again."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.clients import subscriptions
from marketplace.clients.models import Engagement, EngagementChange, EngagementDocument, Milestone, RatingWindow
from marketplace.clients.services import changes, documents, engagements, milestones, pauses
from marketplace.delivery.models import OutboxEvent
from marketplace.kernel import clock
from profiles.models import Collaboration
from tests.clients.running import WEEK, actor, at, fresh, running
from tests.conftest import Cast
from tests.factories import profiles


def test_one_sweep_does_all_that_is_due_and_the_next_one_nothing(
    cast: Cast, nothing_changes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = actor(cast.client)
    over, _people = running(cast.organization, [profiles.professional(), profiles.professional()])
    row, (placement,) = running(cast.organization, [cast.profile])
    at(monkeypatch, row.starts_on + 8 * WEEK)
    milestones.plan(
        engagement=row, title="Batch", acceptance_criteria="No difference.", due_on=clock.today(), actor=client
    )
    paper = EngagementDocument.objects.get(placement=placement, kind="nda")
    given = documents.Provided(reference="vault/1", expires_on=clock.today())
    documents.provide(document=paper, version=1, provided=given, actor=actor(cast.professional))
    asked = changes.Asked("extension", "scope", ends_on=row.ends_on + WEEK)
    change = changes.request(engagement=row, asked=asked, actor=client)
    pauses.pause(
        engagement=row,
        version=fresh(row).version,
        starts_on=clock.today() + WEEK,
        reason_code="other",
        actor=client,
    )
    # As if whoever ended it had died before the rest was done.
    stored = fresh(over)
    engagements.complete(engagement=stored, version=stored.version, actor=None)
    RatingWindow.objects.all().delete()
    EngagementDocument.objects.filter(placement=placement, kind="w8ben").delete()

    at(monkeypatch, clock.today() + 2 * WEEK)
    subscriptions.sweep_running()

    assert Engagement.objects.get(pk=row.pk).status == "paused"
    assert EngagementChange.objects.get(pk=change.pk).status == "expired"
    assert Milestone.objects.get().told_late is True
    assert EngagementDocument.objects.get(pk=paper.pk).status == "expired"
    assert RatingWindow.objects.filter(engagement=over).exists()
    assert Collaboration.objects.get().times == 1
    kinds = set(OutboxEvent.objects.values_list("kind", flat=True))
    assert {"engagement.paused", "engagement.change_expired", "milestone.late", "document.expired"} <= kinds
    with nothing_changes():
        subscriptions.sweep_running()

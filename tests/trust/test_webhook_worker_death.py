"""``kill -9`` while a webhook is being sent, and Redis away while it is owed: it arrives, under the same id."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import standardwebhooks
from django.db import transaction

from marketplace.clients.models import Organization
from marketplace.delivery import outbox
from marketplace.delivery.models import WebhookAttempt, WebhookDelivery
from marketplace.kernel import clock
from marketplace.local import processes
from tests.delivery import receiver as receivers
from tests.delivery.conftest import authority, authority_file, endpoint_at, listen  # noqa: F401 - fixtures
from tests.factories import clients
from tests.trust.celery_worker import ROOT, database_url, kill, worker
from tests.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PUBLISH = """
import sys, uuid, django
django.setup()
from django.db import transaction
from marketplace.clients.models import Organization
from marketplace.delivery import outbox
organization = Organization.objects.get(pk=uuid.UUID(sys.argv[1]))
with transaction.atomic():
    outbox.publish(kind="offer.sent", subject=organization, organization_id=organization.pk)
print("published")
"""


def happens(organization: Organization) -> Any:
    with transaction.atomic():
        return outbox.publish(kind="offer.sent", subject=organization, organization_id=organization.pk)


def outbound(settings: Any) -> dict[str, str]:
    return {
        "DEBUG": "1",
        "OUTBOUND_ALLOWED_HOSTS": ",".join(settings.OUTBOUND_ALLOWED_HOSTS),
        "OUTBOUND_CA_FILE": settings.OUTBOUND_CA_FILE,
    }


def test_what_a_killed_worker_was_sending_arrives_again_under_the_same_id(
    tmp_path: Path,
    listen: Callable[..., receivers.Receiver],  # noqa: F811
    endpoint_at: Callable[..., tuple[Any, str]],  # noqa: F811
    settings: Any,
) -> None:
    organization = clients.organization()
    at = listen(receivers.one_after_another(lambda handler, _request: handler.hang(), receivers.ok))
    _endpoint, secret = endpoint_at(organization, at)
    event = happens(organization)
    with worker(tmp_path / "first.log", queues="webhooks", **outbound(settings)) as victim:
        eventually(lambda: at.received, what="the worker is in the middle of the request")
        kill(victim)
    row = WebhookDelivery.objects.get()
    assert (row.status, row.attempts, row.lease_token is None) == ("pending", 1, False)
    assert not WebhookAttempt.objects.exists()
    # The lease is a column: let its time come instead of waiting for it.
    WebhookDelivery.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))

    with worker(tmp_path / "second.log", queues="webhooks", **outbound(settings)):
        eventually(lambda: WebhookDelivery.objects.get().status == "delivered", what="another worker delivers it")
    assert [request.message_id for request in at.received] == [event.public_id] * 2
    assert standardwebhooks.Webhook(secret).verify(at.received[1].body, at.received[1].headers)["id"] == event.public_id
    assert WebhookDelivery.objects.get().attempts == 2
    assert WebhookAttempt.objects.count() == 1


def test_a_fact_published_while_redis_is_away_arrives_once_a_worker_is_back(
    tmp_path: Path,
    listen: Callable[..., receivers.Receiver],  # noqa: F811
    endpoint_at: Callable[..., tuple[Any, str]],  # noqa: F811
    settings: Any,
) -> None:
    organization = clients.organization()
    at = listen()
    endpoint_at(organization, at)
    nowhere = f"redis://127.0.0.1:{processes.free_port()}/0"
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, str(organization.pk)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": nowhere},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == ["published"], done.stderr
    assert WebhookDelivery.objects.get().status == "pending"
    with worker(tmp_path / "worker.log", queues="webhooks", **outbound(settings)):
        eventually(lambda: at.received, what="the sweep finds what is owed")
        eventually(lambda: WebhookDelivery.objects.get().status == "delivered", what="it is recorded")
    assert len(at.received) == 1

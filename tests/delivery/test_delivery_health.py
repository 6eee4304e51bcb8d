"""What is owed and stays is seen by those who run the service; settings that disagree are refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from marketplace.delivery import checks, health, outbox, relay
from marketplace.delivery.models import EmailMessage, WebhookDelivery
from marketplace.kernel import clock
from tests.factories import accounts, clients
from tests.factories import delivery as endpoints


@pytest.mark.django_db
def test_a_delivery_that_nobody_tries_degrades_readiness(client):
    organization = clients.organization()
    endpoints.endpoint(organization.pk)
    assert health.webhooks() == {"ok": True, "oldest_due_seconds": 0}
    with transaction.atomic():
        outbox.publish(kind="offer.sent", subject=organization, organization_id=organization.pk)
    assert health.webhooks()["ok"]
    WebhookDelivery.objects.update(next_attempt_at=clock.now() - dt.timedelta(minutes=10))
    assert not health.webhooks()["ok"]
    report = client.get("/readyz").json()
    assert report["status"] == "degraded"
    assert report["checks"]["webhooks"]["oldest_due_seconds"] >= 600
    # What is being sent, or rests, is not late.
    relay.claim(1)
    assert health.webhooks()["ok"]


@pytest.mark.django_db
def test_an_e_mail_that_nobody_sends_degrades_readiness():
    assert health.e_mails()["ok"]
    EmailMessage.objects.create(recipient=accounts.user(), next_attempt_at=clock.now() - dt.timedelta(minutes=10))
    assert not health.e_mails()["ok"]


def test_receivers_that_are_not_public_are_for_development_only(settings):
    settings.DEBUG = False
    assert checks.nothing_private_is_reachable(None) == []
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost:8443"]
    assert [fault.id for fault in checks.nothing_private_is_reachable(None)] == ["delivery.E001"]
    settings.DEBUG = True
    assert checks.nothing_private_is_reachable(None) == []


def test_leases_that_are_too_short_are_refused(settings, monkeypatch):
    assert checks.leases_outlive_requests(None) == []
    settings.EMAIL_TIMEOUT = 90
    monkeypatch.setattr(relay, "LEASE", dt.timedelta(seconds=30))
    assert [fault.id for fault in checks.leases_outlive_requests(None)] == ["delivery.E002", "delivery.E003"]

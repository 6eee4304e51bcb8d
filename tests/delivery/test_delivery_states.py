"""What the database itself refuses in the tables of this room, whoever writes."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from marketplace.delivery.models import EmailMessage, OutboxEvent, WebhookDelivery
from marketplace.kernel import clock, states
from marketplace.kernel.errors import IllegalTransition
from tests.factories import accounts, clients
from tests.factories import delivery as endpoints

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery():
    organization = clients.organization()
    event = OutboxEvent.objects.create(kind="offer.sent", subject="x", organization_id=organization.pk)
    return WebhookDelivery.objects.create(event=event, endpoint=endpoints.endpoint(organization.pk))


def refused(rows, **columns):
    before = rows.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**columns)
    assert rows.values().get() == before


def test_a_delivery_waits_with_a_next_attempt_or_has_ended_without_one(delivery):
    rows, now = WebhookDelivery.objects.filter(pk=delivery.pk), clock.now()
    refused(rows, status="delivered")
    refused(rows, status="delivered", finished_at=now)
    refused(rows, status="lost", finished_at=now, next_attempt_at=None)
    refused(rows, next_attempt_at=None)
    refused(rows, lease_token=uuid.uuid4())
    leased = {"lease_token": uuid.uuid4(), "lease_until": now}
    refused(rows, status="delivered", finished_at=now, next_attempt_at=None, **leased)
    assert rows.update(**leased) == 1
    assert rows.update(status="failed", finished_at=now, next_attempt_at=None, lease_token=None, lease_until=None) == 1


def test_a_fact_is_owed_once_to_an_endpoint(delivery):
    with pytest.raises(IntegrityError), transaction.atomic():
        WebhookDelivery.objects.create(event=delivery.event, endpoint=delivery.endpoint)


def test_an_endpoint_is_disabled_for_a_reason_and_enabled_for_none(delivery):
    rows = type(delivery.endpoint).objects.filter(pk=delivery.endpoint_id)
    refused(rows, status="disabled")
    refused(rows, status_reason="gone")
    refused(rows, status="disabled", status_reason="because")
    assert rows.update(status="disabled", status_reason="gone") == 1


def test_an_e_mail_has_a_lease_exactly_while_it_is_being_sent():
    rows = EmailMessage.objects.filter(pk=EmailMessage.objects.create(recipient=accounts.user()).pk)
    leased = {"lease_token": uuid.uuid4(), "lease_until": clock.now()}
    refused(rows, status="sending")
    refused(rows, **leased)
    refused(rows, status="sent", **leased)
    assert rows.update(status="sending", **leased) == 1


@pytest.mark.parametrize(
    ("status", "to"),
    [("deleted", "enabled"), ("deleted", "disabled"), ("enabled", "enabled"), ("disabled", "disabled")],
)
def test_an_endpoint_does_not_come_back_from_being_deleted(status, to):
    row = endpoints.endpoint(uuid.uuid4())
    row.status = status
    with pytest.raises(IllegalTransition):
        states.move(row, to)

"""Webhook endpoints of an organization, made and changed by its administrators."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.delivery import directory, facts, notifications, outbound, outbox, signatures
from marketplace.delivery.events import DeliveriesQueued
from marketplace.delivery.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from marketplace.delivery.states import DeliveryStatus, EndpointReason, EndpointStatus
from marketplace.kernel import clock, crypto, events, states
from marketplace.kernel.errors import Conflict, FieldError, Invalid
from marketplace.rest import etags

MOST_ENDPOINTS = 10
ROTATION_OVERLAP = dt.timedelta(hours=24)
LOG_DAYS = 30
MOST_RECOVERED = 10_000

_REFUSALS = {
    "url_too_long": _("A URL has at most 2,000 characters."),
    "url_not_https": _("Use a URL that begins with https://."),
    "url_malformed": _("This is not a plain https URL: no user name, no fragment, ASCII characters only."),
    "url_host_is_an_address": _("Use a name, not an IP address."),
    "url_host_not_public": _("This name does not belong to the public internet."),
    "url_port_not_allowed": _("Use port 443, or one from 1024 to 65535."),
    "address_not_public": _("This name leads to an address that does not belong to the public internet."),
}


def create(
    *, organization_id: uuid.UUID, url: str, description: str = "", kinds: Sequence[str] = (), actor: Actor
) -> tuple[WebhookEndpoint, str]:
    """Return a new endpoint and its secret, which cannot be had again. ``kinds`` left empty asks for every fact.

    Raises Invalid for a URL that must not be sent to (see ``addresses.destination``) and for unknown kinds, and
    Conflict ``too_many_endpoints``.
    """
    _check(url=url, kinds=kinds)
    with transaction.atomic():
        endpoint = WebhookEndpoint(
            organization_id=organization_id,
            url=url,
            description=description,
            kinds=sorted(set(kinds)),
            created_by=actor.user,
        )
        with connection.cursor() as cursor:
            # Two that make the last one allowed would not see each other.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [str(organization_id)])
        if WebhookEndpoint.objects.existing().filter(organization_id=organization_id).count() >= MOST_ENDPOINTS:
            raise Conflict(
                "too_many_endpoints",
                _("An organization has at most %(most)s endpoints.") % {"most": MOST_ENDPOINTS},
            )
        secret = signatures.new_secret()
        endpoint.secret_encrypted = crypto.encrypt(secret, bound_to=_bound(endpoint))
        endpoint.save(force_insert=True)
        audit.record(subject=endpoint, action="webhook.created", actor=actor, kinds=endpoint.kinds)
    return endpoint, secret


def update(
    *,
    endpoint: WebhookEndpoint,
    version: int,
    url: str | None = None,
    description: str | None = None,
    kinds: Sequence[str] | None = None,
    enabled: bool | None = None,
    actor: Actor,
) -> WebhookEndpoint:
    """Change what is given, as the endpoint was seen. Raises PreconditionFailed, and Invalid as ``create`` does.

    Disabling ends what waits for the endpoint; ``recover`` asks for it again.
    """
    _check(url=url, kinds=kinds)
    with transaction.atomic():
        row = _locked(endpoint)
        etags.require(row, version)
        changes = {
            "url": url,
            "description": description,
            "kinds": None if kinds is None else sorted(set(kinds)),
        }
        changed = [name for name, value in changes.items() if value is not None and value != getattr(row, name)]
        for name in changed:
            setattr(row, name, changes[name])
        if enabled is True and row.status == EndpointStatus.DISABLED:
            states.move(row, EndpointStatus.ENABLED)
            row.status_reason, row.failing_since, row.timeouts, row.resting_until = "", None, 0, None
            changed += ["status", "status_reason", "failing_since", "timeouts", "resting_until"]
        if enabled is False and row.status == EndpointStatus.ENABLED:
            _disable(row, EndpointReason.BY_ADMINISTRATOR)
            changed += ["status", "status_reason"]
        if changed:
            row.touch(*changed)
            audit.record(subject=row, action="webhook.updated", actor=actor, fields=sorted(changed), status=row.status)
    return row


@transaction.atomic
def delete(*, endpoint: WebhookEndpoint, actor: Actor) -> None:
    """End an endpoint: nothing more is sent to it, and its secrets are gone."""
    row = _locked(endpoint)
    states.move(row, EndpointStatus.DELETED)
    row.status_reason, row.secret_encrypted, row.previous_secret_encrypted, row.previous_until = "", b"", b"", None
    row.touch("status", "status_reason", "secret_encrypted", "previous_secret_encrypted", "previous_until")
    _end_waiting(row, "endpoint_deleted")
    audit.record(subject=row, action="webhook.deleted", actor=actor)


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint, actor: Actor) -> tuple[WebhookEndpoint, str]:
    """Return the endpoint and its new secret; for a day messages are signed by both, so that nothing is refused."""
    row = _locked(endpoint)
    before = crypto.decrypt(bytes(row.secret_encrypted), bound_to=_bound(row))
    secret = signatures.new_secret()
    row.previous_secret_encrypted = crypto.encrypt(before, bound_to=_bound(row, "previous_secret"))
    row.secret_encrypted = crypto.encrypt(secret, bound_to=_bound(row))
    row.previous_until = clock.now() + ROTATION_OVERLAP
    row.touch("secret_encrypted", "previous_secret_encrypted", "previous_until")
    audit.record(subject=row, action="webhook.secret_rotated", actor=actor)
    return row, secret


def secrets_of(endpoint: WebhookEndpoint) -> list[str]:
    """Return the secrets that sign now, the newest first. Raises crypto.Undecipherable."""
    found = [crypto.decrypt(bytes(endpoint.secret_encrypted), bound_to=_bound(endpoint))]
    if endpoint.previous_until is not None and endpoint.previous_until > clock.now():
        found.append(
            crypto.decrypt(bytes(endpoint.previous_secret_encrypted), bound_to=_bound(endpoint, "previous_secret"))
        )
    return found


@transaction.atomic
def send_test(*, endpoint: WebhookEndpoint, actor: Actor) -> WebhookDelivery:
    """Queue a ``webhook.test`` for this endpoint alone, whatever kinds it asks for. Raises Conflict when disabled."""
    row = _locked(endpoint)
    _require_enabled(row)
    event = OutboxEvent.objects.create(
        kind="webhook.test", subject=row.public_id, organization_id=row.organization_id, data={"status": row.status}
    )
    audit.record(subject=row, action="webhook.tested", actor=actor)
    return outbox.owe(event, [row.pk])[0]


@transaction.atomic
def redeliver(*, delivery: WebhookDelivery, actor: Actor) -> WebhookDelivery:
    """Send once more what was delivered, was given up, or waits for its next attempt; its id stays the same.

    Raises Conflict ``endpoint_disabled``.
    """
    endpoint = _locked(delivery.endpoint)
    _require_enabled(endpoint)
    row: WebhookDelivery = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    row.next_attempt_at, row.attempts = clock.now(), 0
    if row.status != DeliveryStatus.PENDING:
        states.move(row, DeliveryStatus.PENDING)
        row.finished_at = None
    row.touch("status", "next_attempt_at", "attempts", "finished_at")
    audit.record(subject=endpoint, action="webhook.redelivered", actor=actor, delivery=row.public_id)
    events.announce(DeliveriesQueued())
    return row


@transaction.atomic
def recover(*, endpoint: WebhookEndpoint, since: dt.datetime, actor: Actor) -> int:
    """Queue every fact from ``since`` on that the endpoint asks for and has not been delivered; return how many.

    That includes what happened while it was disabled or not there yet. Raises Conflict ``endpoint_disabled``, and
    Invalid for a time older than the log or for more facts than can be queued at once.
    """
    row = _locked(endpoint)
    _require_enabled(row)
    if since < clock.now() - dt.timedelta(days=LOG_DAYS):
        raise Invalid.field(
            "/since", "too_long_ago", _("Facts can be sent again for %(days)s days.") % {"days": LOG_DAYS}
        )
    wanted: QuerySet[OutboxEvent] = OutboxEvent.objects.filter(
        organization_id=row.organization_id, created_at__gte=since
    ).exclude(kind="webhook.test")
    if row.kinds:
        wanted = wanted.filter(kind__in=row.kinds)
    known = WebhookDelivery.objects.filter(endpoint=row)
    missing = list(wanted.exclude(pk__in=known.values("event_id")).order_by("pk")[: MOST_RECOVERED + 1])
    failed = known.filter(status=DeliveryStatus.FAILED, event__in=wanted)
    count = len(missing) + failed.count()
    if count > MOST_RECOVERED:
        raise Invalid.field("/since", "too_many_facts", _("These are too many facts at once: begin later."))
    # A fact whose transaction was under way when the endpoint was enabled may be written by both.
    WebhookDelivery.objects.bulk_create(
        [WebhookDelivery(event=event, endpoint=row) for event in missing], ignore_conflicts=True
    )
    now = clock.now()
    failed.update(status=DeliveryStatus.PENDING, next_attempt_at=now, attempts=0, finished_at=None, updated_at=now)
    audit.record(subject=row, action="webhook.recovered", actor=actor, since=since.isoformat(), facts=count)
    if count:
        events.announce(DeliveriesQueued())
    return count


def disable_by_itself(endpoint: WebhookEndpoint, reason: str) -> None:
    """Disable an endpoint that is gone or keeps failing, and tell those who can mend it.

    The caller holds the row locked, within a transaction.
    """
    _disable(endpoint, reason)
    endpoint.touch("status", "status_reason")
    audit.record(subject=endpoint, action="webhook.disabled", actor=None, reason=reason)
    outbox.publish(
        kind="webhook.disabled", subject=endpoint, organization_id=endpoint.organization_id, reason=str(reason)
    )
    notifications.notify(
        recipients=directory.administrators_of(endpoint.organization_id),
        kind=f"webhook.{reason}",
        subject=endpoint,
        data={"description": endpoint.description or endpoint.public_id},
        occasion=f"v{endpoint.version}",
    )


def _disable(endpoint: WebhookEndpoint, reason: str) -> None:
    states.move(endpoint, EndpointStatus.DISABLED)
    endpoint.status_reason = reason
    _end_waiting(endpoint, "endpoint_disabled")


def _end_waiting(endpoint: WebhookEndpoint, error: str) -> None:
    """Give up what waits; one that is being sent at this moment loses its lease, and what it brings is not written."""
    now = clock.now()
    WebhookDelivery.objects.filter(endpoint=endpoint, status=DeliveryStatus.PENDING).update(
        status=DeliveryStatus.FAILED,
        error=error,
        next_attempt_at=None,
        lease_token=None,
        lease_until=None,
        finished_at=now,
        updated_at=now,
    )


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    # Endpoint first, then its deliveries: the relay takes its locks in the same order.
    row: WebhookEndpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    return row


def _require_enabled(endpoint: WebhookEndpoint) -> None:
    if endpoint.status != EndpointStatus.ENABLED:
        raise Conflict("endpoint_disabled", _("This endpoint is disabled; enable it first."))


def _bound(endpoint: WebhookEndpoint, column: str = "secret") -> str:
    return f"{endpoint.public_id}/{column}"


def _check(*, url: str | None, kinds: Sequence[str] | None) -> None:
    """Raise Invalid with all that is wrong; outside any transaction, since names are resolved."""
    faults = []
    for position, kind in enumerate(kinds or ()):
        if not facts.is_known(kind):
            faults.append(FieldError(f"/kinds/{position}", "unknown_kind", _("There is no such kind of fact.")))
    if url is not None:
        try:
            outbound.client().check(url)
        except outbound.Refused as refusal:
            faults.append(FieldError("/url", str(refusal), _REFUSALS[str(refusal)]))
        except outbound.Unreachable:
            faults.append(FieldError("/url", "url_not_resolvable", _("This name cannot be resolved at the moment.")))
    if faults:
        raise Invalid.several(faults)

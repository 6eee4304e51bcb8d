"""Bring what is owed to the webhooks: claim under a lease, send outside any transaction, record if the lease is ours.

Delivery is at least once and in no promised order: a sender that dies loses its lease, and the message goes out again
under the same id. Requests run in threads, a few per endpoint at most, and an endpoint that lets them time out rests
for a while, so that a slow receiver does not hold up the others.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
import uuid
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import orjson
from django.db import connection, transaction

from marketplace.delivery import outbound, signatures, webhooks
from marketplace.delivery.models import OutboxEvent, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from marketplace.delivery.states import DeliveryStatus, EndpointReason, EndpointStatus
from marketplace.kernel import clock, crypto, identifiers, states

logger = logging.getLogger(__name__)

# The schedule that the specification of Standard Webhooks recommends, with up to a tenth more or less.
RETRY_SECONDS = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
MOST_ATTEMPTS = len(RETRY_SECONDS) + 1
LEASE = dt.timedelta(seconds=90)
FAILING_FOR = dt.timedelta(days=5)
THREADS = 16
PER_ENDPOINT = 4
LONGEST_REST = 600
LOOK_AGAIN_SECONDS = 0.5
LONGEST_RETRY_AFTER = 24 * 3600
AGENT = "Celula-Webhooks/1"

_CLAIM = """
WITH due AS (
    SELECT one.id, one.next_attempt_at FROM delivery_webhookendpoint endpoint
    CROSS JOIN LATERAL (
        SELECT waiting.id, waiting.next_attempt_at FROM delivery_webhookdelivery waiting
        WHERE waiting.endpoint_id = endpoint.id AND waiting.status = 'pending' AND waiting.next_attempt_at <= %(now)s
            AND (waiting.lease_until IS NULL OR waiting.lease_until <= %(now)s) AND waiting.attempts < %(attempts)s
        ORDER BY waiting.next_attempt_at, waiting.id
        LIMIT greatest(0, %(each)s - (
            SELECT count(*) FROM delivery_webhookdelivery busy
            WHERE busy.endpoint_id = endpoint.id AND busy.status = 'pending' AND busy.lease_until > %(now)s
        ))
    ) one
    WHERE endpoint.status = 'enabled' AND (endpoint.resting_until IS NULL OR endpoint.resting_until <= %(now)s)
    ORDER BY one.next_attempt_at, one.id LIMIT %(most)s
), claimed AS (
    SELECT delivery.id FROM delivery_webhookdelivery delivery JOIN due USING (id)
    WHERE delivery.status = 'pending' AND delivery.next_attempt_at <= %(now)s
        AND (delivery.lease_until IS NULL OR delivery.lease_until <= %(now)s)
    FOR UPDATE OF delivery SKIP LOCKED
)
UPDATE delivery_webhookdelivery delivery
SET lease_token = gen_random_uuid(), lease_until = %(until)s, attempts = delivery.attempts + 1
FROM claimed WHERE delivery.id = claimed.id
RETURNING delivery.id, delivery.lease_token
"""


@dataclass(frozen=True)
class Message:
    """What a thread needs to send: plain values, no rows."""

    delivery_id: uuid.UUID
    lease: uuid.UUID
    message_id: str
    url: str
    body: bytes
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Message {self.message_id}>"


@dataclass(frozen=True)
class Outcome:
    """``status`` is None where no answer came, ``error`` then says why; times in milliseconds and seconds."""

    status: int | None
    error: str
    milliseconds: int
    retry_after: int | None = None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def claim(most: int) -> list[Message]:
    """Take at most ``most`` due deliveries under a fresh lease each, few per endpoint, the longest due first."""
    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _CLAIM, {"now": now, "until": now + LEASE, "each": PER_ENDPOINT, "most": most, "attempts": MOST_ATTEMPTS}
        )
        leases = dict(cursor.fetchall())
    rows = WebhookDelivery.objects.filter(pk__in=leases).select_related("event", "endpoint")
    return [_message(row, leases[row.pk]) for row in rows.order_by("pk")]


def _message(delivery: WebhookDelivery, lease: uuid.UUID) -> Message:
    try:
        keys = tuple(webhooks.secrets_of(delivery.endpoint))
    except crypto.Undecipherable:
        logger.error("the secret of %s cannot be read", delivery.endpoint.public_id)
        keys = ()
    event = delivery.event
    return Message(delivery.pk, lease, event.public_id, delivery.endpoint.url, payload(event), keys)


def payload(event: OutboxEvent) -> bytes:
    """Return the body: the same bytes for the same fact, however often it is sent."""
    return orjson.dumps(
        {
            "id": event.public_id,
            "type": event.kind,
            "timestamp": event.created_at.isoformat().replace("+00:00", "Z"),
            "data": {**event.data, "subject": event.subject},
        },
        option=orjson.OPT_SORT_KEYS,
    )


def send(message: Message, client: outbound.Client) -> Outcome:
    """Make one request; every failure becomes an outcome."""
    if not message.secrets:
        return Outcome(None, "secret_unreadable", 0)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        **signatures.signed_headers(message_id=message.message_id, body=message.body, with_secrets=message.secrets),
    }
    started = time.monotonic()
    try:
        answer = client.post(message.url, body=message.body, headers=headers)
    except (outbound.Refused, outbound.Unreachable) as error:
        return Outcome(None, str(error), _since(started))
    except Exception:
        # A defect of ours must not keep the other messages from going out.
        logger.exception("sending %s failed in an unforeseen way", message.message_id)
        return Outcome(None, "internal", _since(started))
    reason = "" if 200 <= answer.status < 300 else "redirect" if 300 <= answer.status < 400 else "status"
    return Outcome(answer.status, reason, _since(started), answer.retry_after)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


@transaction.atomic
def record(message: Message, outcome: Outcome) -> bool:
    """Write what came of one attempt; False, with nothing written, when the lease was lost meanwhile."""
    endpoint_id = WebhookDelivery.objects.values_list("endpoint_id", flat=True).get(pk=message.delivery_id)
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)
    mine = WebhookDelivery.objects.select_for_update().filter(pk=message.delivery_id, lease_token=message.lease)
    row: WebhookDelivery | None = mine.first()
    if row is None or row.status != DeliveryStatus.PENDING:
        logger.warning("the lease of %s was lost before its outcome could be written", message.message_id)
        return False
    now = clock.now()
    WebhookAttempt.objects.create(
        delivery=row, at=now, response_status=outcome.status, error=outcome.error, milliseconds=outcome.milliseconds
    )
    row.response_status, row.error, row.milliseconds = outcome.status, outcome.error, outcome.milliseconds
    row.lease_token = row.lease_until = None
    if outcome.delivered or row.attempts >= MOST_ATTEMPTS or outcome.status == 410:
        states.move(row, DeliveryStatus.DELIVERED if outcome.delivered else DeliveryStatus.FAILED)
        row.next_attempt_at, row.finished_at = None, now
    else:
        row.next_attempt_at = now + dt.timedelta(seconds=_pause(row.attempts, outcome.retry_after))
    row.touch(
        "status", "response_status", "error", "milliseconds", "lease_token", "lease_until", "next_attempt_at",
        "finished_at",
    )  # fmt: skip
    _judge(endpoint, outcome, now)
    return True


def _pause(attempts: int, retry_after: int | None) -> float:
    """Return the seconds until the next attempt; a receiver may ask for more, not for less."""
    pause = RETRY_SECONDS[attempts - 1] * random.uniform(0.9, 1.1)
    return max(pause, min(retry_after or 0, LONGEST_RETRY_AFTER))


def _judge(endpoint: WebhookEndpoint, outcome: Outcome, now: dt.datetime) -> None:
    """Note how the endpoint, held locked, fares; disable one that says it is gone, or that has failed for days."""
    if outcome.delivered:
        endpoint.last_success_at, endpoint.failing_since = now, None
        endpoint.timeouts, endpoint.resting_until = 0, None
    else:
        endpoint.failing_since = endpoint.failing_since or now
        if outcome.error in {"timeout", "dns_timeout"}:
            endpoint.timeouts += 1
            rest = min(15 * 2 ** min(endpoint.timeouts - 1, 8), LONGEST_REST)
            endpoint.resting_until = now + dt.timedelta(seconds=rest)
    # Not an edit by anybody: the version that an administrator saw still holds.
    endpoint.save(update_fields=["last_success_at", "failing_since", "timeouts", "resting_until"])
    if endpoint.status != EndpointStatus.ENABLED:
        return
    if outcome.status == 410:
        webhooks.disable_by_itself(endpoint, EndpointReason.GONE)
    elif endpoint.failing_since is not None and now - endpoint.failing_since >= FAILING_FOR:
        webhooks.disable_by_itself(endpoint, EndpointReason.FAILING)


def run(*, seconds: float = 60.0, client: outbound.Client | None = None) -> int:
    """Send what is due until nothing is, or for about ``seconds``; return how many attempts were made.

    Only this thread touches the database; the others make requests.
    """
    way_out = client or outbound.client()
    end = time.monotonic() + seconds
    made = 0
    under_way: dict[Future[Outcome], Message] = {}
    with ThreadPoolExecutor(THREADS, thread_name_prefix="webhook") as pool:
        while True:
            if time.monotonic() < end and len(under_way) < THREADS:
                for message in claim(THREADS - len(under_way)):
                    under_way[pool.submit(send, message, way_out)] = message
            if not under_way:
                return made
            # Not for ever: meanwhile something may have become due for an endpoint that is quicker.
            finished, _rest = wait(under_way, timeout=LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
            for future in finished:
                record(under_way.pop(future), future.result())
                made += 1


def anything_due() -> bool:
    """Tell whether somebody should run now."""
    return WebhookDelivery.objects.due().exists()


def give_up_lost() -> int:
    """End deliveries that took the last of their senders with them, so that they do not go round for ever."""
    now = clock.now()
    lost = WebhookDelivery.objects.filter(
        status=DeliveryStatus.PENDING, attempts__gte=MOST_ATTEMPTS, lease_until__lte=now
    )
    return lost.update(
        status=DeliveryStatus.FAILED,
        error="sender_lost",
        next_attempt_at=None,
        lease_token=None,
        lease_until=None,
        finished_at=now,
        updated_at=now,
    )


def forget_old(*, batch: int = 1000) -> int:
    """Delete deliveries that ended and whose fact is older than the log; return how many."""
    first_kept = identifiers.first_at(clock.now() - dt.timedelta(days=webhooks.LOG_DAYS))
    old = WebhookDelivery.objects.filter(pk__lt=first_kept).exclude(status=DeliveryStatus.PENDING)
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:batch])
    WebhookDelivery.objects.filter(pk__in=keys).exclude(status=DeliveryStatus.PENDING).delete()
    return len(keys)

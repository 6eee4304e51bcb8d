"""``Idempotency-Key``: the same key and body get the same reply, and the reply commits together with its effect."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.kernel import clock, crypto
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rest.models import IdempotentReply
from marketplace.rest.scope import caller

RETENTION = dt.timedelta(hours=24)
RESERVED = dt.timedelta(minutes=2)
RUNNING = 0  # the status of a reply that is not there yet
_KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Content-Language", "Retry-After")


class Replay(Response):
    """A reply that was given before, already rendered."""

    def __init__(self, content: bytes, status: int, headers: dict[str, str]) -> None:
        super().__init__(None, status=status, headers={**headers, "Idempotent-Replayed": "true"})
        self.stored = content

    @property
    def rendered_content(self) -> bytes:  # type: ignore[override]
        return self.stored


def once(request: Request, perform: Callable[[], Response]) -> HttpResponseBase:
    """Run ``perform`` once per principal and key.

    Raises Conflict while another request with the key is running and Invalid when its body was another one. Replies of
    500 and above are not kept: they roll back, and a retry is welcome.
    """
    asked = _asked(request)
    if asked is None:
        return perform()
    with transaction.atomic():
        known = _known(asked)
        if known is not None:
            return known
        response = perform()
        if response.status_code < 500:
            _keep(asked, response)
        else:
            transaction.set_rollback(True)
    return response


def aside(request: Request, perform: Callable[[], Response]) -> HttpResponseBase:
    """As ``once`` for what works for seconds and outside of any transaction: the key is reserved first.

    The reply is kept after the work, in a transaction of its own. Whoever dies in between leaves a reservation that
    lapses after ``RESERVED``: what runs aside must do no harm when it is done twice.
    """
    asked = _asked(request)
    if asked is None:
        return perform()
    with transaction.atomic():
        known = _known(asked)
        if known is not None:
            return known
        reserved = _reserve(asked)
    kept = False
    try:
        response = perform()
        if response.status_code < 500:
            with transaction.atomic():
                # Somebody else has the key by now if this took longer than the reservation lasts.
                held = IdempotentReply.objects.select_for_update().filter(pk=reserved.pk).first()
                if held is not None:
                    held.delete()
                    _keep(asked, response)
            kept = True
    finally:
        if not kept:
            IdempotentReply.objects.filter(pk=reserved.pk, status=RUNNING).delete()
    return response


@dataclass(frozen=True)
class _Asked:
    """What a request with a key is known by."""

    principal: str
    key: str
    fingerprint: str

    @property
    def bound_to(self) -> str:
        return f"{self.principal}/{self.key}/reply"


def _asked(request: Request) -> _Asked | None:
    """Return the key of a request with all that makes it the same request; None without a key. Raises Invalid."""
    key = request.headers.get("Idempotency-Key")
    if not key:
        return None
    if len(key) > 255 or not key.isprintable():
        raise Invalid("invalid_idempotency_key", _("Idempotency-Key is at most 255 printable characters."))
    actor = caller(request)
    fingerprint = hashlib.sha256(
        b"\0".join([(request.method or "").encode(), request.get_full_path().encode(), request._request.body])
    ).hexdigest()
    return _Asked(actor.principal if actor else "", key, fingerprint)


def _known(asked: _Asked) -> Replay | None:
    """Return the reply that was given, within a transaction that no other request with the key is in.

    Raises Conflict while one is being answered, and Invalid when the key was used for something else.
    """
    with connection.cursor() as cursor:
        # Waiting would tie up a connection for as long as the first request takes: refuse at once instead.
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [asked.bound_to])
        if not cursor.fetchone()[0]:
            raise _in_flight()
    known: IdempotentReply | None = IdempotentReply.objects.filter(principal=asked.principal, key=asked.key).first()
    if known is None:
        return None
    if known.created_at <= clock.now() - (RESERVED if known.status == RUNNING else RETENTION):
        known.delete()
        return None
    if known.fingerprint != asked.fingerprint:
        raise Invalid("idempotency_mismatch", _("This key was used with another request."))
    if known.status == RUNNING:
        raise _in_flight()
    content = crypto.decrypt(bytes(known.content), bound_to=asked.bound_to).encode()
    return Replay(content, known.status, known.headers)


def _in_flight() -> Conflict:
    return Conflict("idempotency_in_flight", _("A request with this key is still being answered."))


def _reserve(asked: _Asked) -> IdempotentReply:
    row: IdempotentReply = IdempotentReply.objects.create(
        principal=asked.principal, key=asked.key, fingerprint=asked.fingerprint, status=RUNNING, content=b""
    )
    return row


def _keep(asked: _Asked, response: Response) -> None:
    content = response.rendered_content  # rendering is what sets the media type
    IdempotentReply.objects.create(
        principal=asked.principal,
        key=asked.key,
        fingerprint=asked.fingerprint,
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if name in response},
        content=crypto.encrypt(content.decode(), bound_to=asked.bound_to),
    )


def forget_expired() -> int:
    """Delete replies past their 24 hours; return how many."""
    return IdempotentReply.objects.filter(created_at__lt=clock.now() - RETENTION).delete()[0]

"""``Idempotency-Key``: the same key and body get the same reply, and the reply commits together with its effect."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

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
    key = request.headers.get("Idempotency-Key")
    if not key:
        return perform()
    if len(key) > 255 or not key.isprintable():
        raise Invalid("invalid_idempotency_key", _("Idempotency-Key is at most 255 printable characters."))
    actor = caller(request)
    principal = actor.principal if actor else ""
    fingerprint = hashlib.sha256(
        b"\0".join([(request.method or "").encode(), request.get_full_path().encode(), request._request.body])
    ).hexdigest()
    bound_to = f"{principal}/{key}/reply"
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Waiting would tie up a connection for as long as the first request takes: refuse at once instead.
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [bound_to])
            if not cursor.fetchone()[0]:
                raise Conflict("idempotency_in_flight", _("A request with this key is still being answered."))
        known = IdempotentReply.objects.filter(principal=principal, key=key).first()
        if known and known.created_at > clock.now() - RETENTION:
            if known.fingerprint != fingerprint:
                raise Invalid("idempotency_mismatch", _("This key was used with another request."))
            return Replay(crypto.decrypt(bytes(known.content), bound_to=bound_to).encode(), known.status, known.headers)
        if known:
            known.delete()
        response = perform()
        if response.status_code < 500:
            content = response.rendered_content  # rendering is what sets the media type
            IdempotentReply.objects.create(
                principal=principal,
                key=key,
                fingerprint=fingerprint,
                status=response.status_code,
                headers={name: response[name] for name in _KEPT_HEADERS if name in response},
                content=crypto.encrypt(content.decode(), bound_to=bound_to),
            )
        else:
            transaction.set_rollback(True)
    return response


def forget_expired() -> int:
    """Delete replies past their 24 hours; return how many."""
    return IdempotentReply.objects.filter(created_at__lt=clock.now() - RETENTION).delete()[0]

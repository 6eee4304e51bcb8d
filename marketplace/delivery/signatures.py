"""Secrets and signatures of webhooks, as Standard Webhooks 1.0 has them: ``v1,`` and a base64 HMAC-SHA-256."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from marketplace.kernel import clock

_PREFIX = "whsec_"
_BYTES = 32  # the specification asks for 24 to 64


def new_secret() -> str:
    """Return a random secret: ``whsec_`` and base64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed_headers(*, message_id: str, body: bytes, with_secrets: Iterable[str]) -> dict[str, str]:
    """Return the headers ``webhook-id``, ``-timestamp`` (Unix time) and ``-signature``, one for each secret."""
    timestamp = str(int(clock.now().timestamp()))
    content = b".".join([message_id.encode(), timestamp.encode(), body])
    signatures = []
    for secret in with_secrets:
        key = base64.b64decode(secret.removeprefix(_PREFIX))
        signatures.append("v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode())
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}

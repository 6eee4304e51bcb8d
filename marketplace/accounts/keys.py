"""Organization keys: made, rotated, revoked, recognized. Opaque random secrets, stored hashed, shown once."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiKey
from marketplace.accounts.permissions import SCOPES
from marketplace.kernel import clock
from marketplace.kernel.errors import Invalid

ROTATION_OVERLAP = dt.timedelta(hours=24)
_USED_RESOLUTION = dt.timedelta(minutes=5)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create(
    *,
    organization_id: uuid.UUID,
    name: str,
    scopes: Iterable[str],
    live: bool = True,
    expires_at: dt.datetime | None = None,
    actor: Actor | None,
) -> tuple[ApiKey, str]:
    """Return the stored key and its text, which cannot be had again. Raises Invalid."""
    wanted = list(dict.fromkeys(scopes))
    for position, scope in enumerate(wanted):
        if scope not in SCOPES:
            raise Invalid.field(
                f"/scopes/{position}", "unknown_scope", _("There is no such scope."), known=sorted(SCOPES)
            )
    if expires_at is not None and expires_at <= clock.now():
        raise Invalid.field("/expires_at", "in_the_past", _("This time has already passed."))
    lookup, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        organization_id=organization_id,
        name=name,
        live=live,
        lookup=lookup,
        digest=_digest(secret),
        scopes=wanted,
        expires_at=expires_at,
        created_by=actor.user if actor else None,
    )
    return key, f"cel_{'live' if live else 'test'}_{lookup}_{secret}"


@transaction.atomic
def rotate(*, key: ApiKey, actor: Actor | None) -> tuple[ApiKey, str]:
    """Return a successor with the same scopes; the old key lives on for a day so that nothing stops."""
    old = ApiKey.objects.select_for_update().get(pk=key.pk)
    if not old.usable:
        raise Invalid("key_not_usable", _("This key is revoked or has expired; make a new one."))
    successor = create(
        organization_id=old.organization_id, name=old.name, scopes=old.scopes, live=old.live, actor=actor
    )
    end = clock.now() + ROTATION_OVERLAP
    old.expires_at = min(old.expires_at, end) if old.expires_at else end
    old.touch("expires_at")
    return successor


@transaction.atomic
def revoke(*, key: ApiKey) -> ApiKey:
    """End a key at once; ending it again changes nothing."""
    row: ApiKey = ApiKey.objects.select_for_update().get(pk=key.pk)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.touch("revoked_at")
    return row


def recognize(text: str) -> ApiKey | None:
    """Return the usable key whose text this is, or None; the comparison takes the same time either way."""
    parts = text.split("_", 3)
    if len(parts) != 4 or parts[0] != "cel" or parts[1] not in {"live", "test"}:
        return None
    key: ApiKey | None = ApiKey.objects.filter(lookup=parts[2], live=parts[1] == "live").first()
    matches = hmac.compare_digest(key.digest if key else "0" * 64, _digest(parts[3]))
    if key is None or not matches or not key.usable:
        return None
    now = clock.now()
    if key.last_used_at is None or now - key.last_used_at > _USED_RESOLUTION:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key

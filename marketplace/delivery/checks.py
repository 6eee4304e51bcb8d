"""System checks of this room: settings that must agree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from marketplace.delivery import mail, outbound, relay


@register(Tags.security)
def nothing_private_is_reachable(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Receivers on private addresses are for development: anywhere else they are a way into the network."""
    faults: list[CheckMessage] = []
    if not settings.DEBUG and (settings.OUTBOUND_ALLOWED_HOSTS or settings.OUTBOUND_CA_FILE):
        faults.append(Error("OUTBOUND_ALLOWED_HOSTS and OUTBOUND_CA_FILE need DEBUG.", id="delivery.E001"))
    return faults


@register(Tags.compatibility)
def leases_outlive_requests(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """A lease must outlive what it covers, or a message would be sent twice although nobody died."""
    faults: list[CheckMessage] = []
    if relay.LEASE.total_seconds() <= 2 * outbound.TOTAL_SECONDS:
        faults.append(Error("The lease of a delivery must be longer than two requests.", id="delivery.E002"))
    if mail.LEASE.total_seconds() <= 2 * settings.EMAIL_TIMEOUT:
        faults.append(Error("The lease of an e-mail must be longer than EMAIL_TIMEOUT twice.", id="delivery.E003"))
    return faults

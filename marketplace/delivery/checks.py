"""System checks of this room: settings that must agree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from marketplace.delivery import outbound, relay


@register(Tags.security)
def nothing_private_is_reachable(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Receivers on private addresses are for development: anywhere else they are a way into the network."""
    faults: list[CheckMessage] = []
    if not settings.DEBUG and (settings.OUTBOUND_ALLOWED_HOSTS or settings.OUTBOUND_CA_FILE):
        faults.append(Error("OUTBOUND_ALLOWED_HOSTS and OUTBOUND_CA_FILE need DEBUG.", id="delivery.E001"))
    return faults


@register(Tags.compatibility)
def leases_outlive_requests(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """A lease must outlive the longest request, or a message would be sent twice although nobody died."""
    if relay.LEASE.total_seconds() <= 2 * outbound.TOTAL_SECONDS:
        return [Error("The lease of a delivery must be longer than two requests.", id="delivery.E002")]
    return []

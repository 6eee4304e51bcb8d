"""What /readyz asks of this room: does what is owed leave the house?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from marketplace.delivery.models import EmailMessage, Notification, WebhookDelivery
from marketplace.kernel import clock
from marketplace.rest import health

_LATE_SECONDS = 300


def webhooks() -> dict[str, Any]:
    """Report how long the oldest due delivery has waited to be tried."""
    return _report(
        WebhookDelivery.objects.due().order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()
    )


def e_mails() -> dict[str, Any]:
    """Report how long the oldest due e-mail has waited to be tried."""
    times = [
        EmailMessage.objects.due().order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first(),
        Notification.objects.waiting_for_email()
        .filter(email_due_at__lte=clock.now())
        .order_by("email_due_at")
        .values_list("email_due_at", flat=True)
        .first(),
    ]
    return _report(min((time for time in times if time is not None), default=None))


def _report(oldest: dt.datetime | None) -> dict[str, Any]:
    seconds = max(0, round((clock.now() - oldest).total_seconds())) if oldest else 0
    return {"ok": seconds < _LATE_SECONDS, "oldest_due_seconds": seconds}


health.register("webhooks", webhooks)
health.register("e-mails", e_mails)

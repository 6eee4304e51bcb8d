"""Personal columns of this room; every other column is declared plain, so that a new one is not forgotten."""

from marketplace.delivery.models import (
    EmailMessage,
    Notification,
    NotificationPreference,
    OutboxEvent,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from marketplace.kernel.personal_data import PersonalField, register

_RECORD = ["id", "created_at", "updated_at", "version"]


def _told(purpose: str) -> PersonalField:
    return PersonalField(purpose, "contract", "while the account lives", "row")


register(OutboxEvent, personal={}, plain=[*_RECORD, "organization_id", "kind", "subject", "data"])
register(
    Notification,
    personal={"recipient": _told("who is told"), "read_at": _told("show what is new")},
    plain=[
        *_RECORD, "kind", "category", "subject", "occasion", "data", "in_app", "urgent_until", "email_due_at", "email",
    ],
)  # fmt: skip
register(
    NotificationPreference,
    personal={
        "user": _told("whose choice it is"),
        "time_zone": _told("write at a fitting time of day"),
        "quiet_from": _told("write at a fitting time of day"),
        "quiet_until": _told("write at a fitting time of day"),
        "digest_at": _told("write at a fitting time of day"),
        "channels": _told("write only what is wanted"),
    },
    plain=_RECORD,
)
register(
    EmailMessage,
    personal={"recipient": _told("who is written to")},
    plain=[
        *_RECORD, "status", "attempts", "next_attempt_at", "lease_token", "lease_until", "last_error", "finished_at",
    ],
)  # fmt: skip
register(
    WebhookEndpoint,
    personal={},
    plain=[
        *_RECORD, "organization_id", "url", "description", "kinds", "status", "status_reason", "secret_encrypted",
        "previous_secret_encrypted", "previous_until", "failing_since", "last_success_at", "timeouts", "resting_until",
        "created_by",
    ],
)  # fmt: skip
register(
    WebhookDelivery,
    personal={},
    plain=[
        *_RECORD, "event", "endpoint", "status", "attempts", "next_attempt_at", "lease_token", "lease_until",
        "response_status", "error", "milliseconds", "finished_at",
    ],
)  # fmt: skip
register(
    WebhookAttempt,
    personal={},
    plain=["id", "delivery", "at", "response_status", "error", "milliseconds"],
)

"""Personal columns of this room; every other column is declared plain, so that a new one is not forgotten."""

from marketplace.audit.models import AuditEvent
from marketplace.kernel.personal_data import register

register(
    AuditEvent,
    personal={},
    plain=[
        "id", "created_at", "subject", "sequence", "action", "actor", "data", "previous_hash", "hash",
    ],
)  # fmt: skip

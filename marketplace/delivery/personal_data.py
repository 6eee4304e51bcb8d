"""Personal columns of this room; every other column is declared plain, so that a new one is not forgotten."""

from marketplace.delivery.models import OutboxEvent
from marketplace.kernel.personal_data import register

register(
    OutboxEvent,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "organization_id", "kind", "subject", "data",
    ],
)  # fmt: skip

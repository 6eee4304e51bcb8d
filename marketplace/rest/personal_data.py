"""Personal columns of this room; every other column is declared plain, so that a new one is not forgotten."""

from marketplace.kernel.personal_data import register
from marketplace.rest.models import IdempotentReply

register(
    IdempotentReply,
    personal={},
    plain=[
        "id", "principal", "key", "fingerprint", "status", "headers", "content", "created_at",
    ],
)  # fmt: skip

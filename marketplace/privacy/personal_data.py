"""Personal columns of this room; every other column is declared plain, so that a new one is not forgotten."""

from marketplace.kernel.personal_data import PersonalField, register
from marketplace.privacy.models import PrivacyRequest

register(
    PrivacyRequest,
    personal={"note": PersonalField("understand what the person asks for", "legitimate interest", "five years", "blank")},
    plain=[
        "id", "created_at", "updated_at", "version", "professional", "kind", "status", "due_on", "decided_at",
        "decided_by", "refusal_reason", "outcome",
    ],
)  # fmt: skip

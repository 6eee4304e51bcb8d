"""Personal columns of this room."""

from marketplace.accounts.models import ApiKey, User
from marketplace.kernel.personal_data import PersonalField, register

register(
    User,
    personal={
        "email": PersonalField("log in and be written to", "contract", "while the account lives", "blank"),
        "password": PersonalField("log in", "contract", "while the account lives", "blank"),
        "last_login": PersonalField("account security", "legitimate interest", "while the account lives", "blank"),
    },
    plain=["id", "created_at", "updated_at", "version", "role", "language", "is_active", "is_superuser"],
)
register(
    ApiKey,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "organization_id", "name", "live", "lookup", "digest", "scopes",
        "expires_at", "revoked_at", "last_used_at", "created_by",
    ],
)  # fmt: skip

"""Personal columns of this room; every other column is declared plain, so that a new one is not forgotten."""

from marketplace.clients.models import (
    Engagement,
    Invitation,
    Membership,
    Need,
    Organization,
    Placement,
    Project,
    ProjectText,
    Seat,
    SeatLanguage,
    SeatSkill,
)
from marketplace.kernel.personal_data import PersonalField, register

register(
    Engagement,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "organization", "project", "proposal_id", "status",
        "starts_on", "ends_on", "monthly_cost", "currency", "confirm_by", "first_confirm_by", "ended_reason",
    ],
)  # fmt: skip
register(
    Invitation,
    personal={
        "decline_reason": PersonalField("improve what people are asked", "contract", "two years", "row"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "placement", "professional", "status", "token_digest",
        "expires_at", "reminded_at", "decided_at", "decided_by", "channel",
    ],
)  # fmt: skip
register(
    Membership,
    personal={},
    plain=[
        "id", "organization", "user", "role",
    ],
)  # fmt: skip
register(
    Need,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "project", "position", "skill", "level", "count", "weight",
    ],
)  # fmt: skip
register(
    Organization,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "name", "slug", "industry", "regulators", "time_zone",
        "city", "demo",
    ],
)  # fmt: skip
register(
    Placement,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "engagement", "seat", "professional", "status",
        "starts_on", "ends_on", "weekly_minutes", "rate_amount", "rate_currency", "monthly_cost", "overlap_minutes",
        "vacant_from", "ended_reason", "replaced_by", "deadline_extended",
    ],
)  # fmt: skip
register(
    Project,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "organization", "external_id", "status", "title", "brief",
        "solution_type", "starts_on", "ends_on", "monthly_cap", "currency", "time_zone", "day_starts",
        "day_ends", "overlap_minutes", "evidence_floor", "bridges", "us_specialists", "size_least", "size_most",
        "cost_weight", "published_at",
    ],
)  # fmt: skip
register(ProjectText, personal={}, plain=["project", "skills", "words"])
register(
    Seat,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "project", "position", "title_en", "title_es", "function",
        "min_seniority", "countries", "weekly_minutes", "client_facing", "max_rate", "max_rate_currency",
        "least", "most",
    ],
)  # fmt: skip
register(
    SeatLanguage,
    personal={},
    plain=[
        "id", "seat", "language", "activity", "level", "evidence",
    ],
)  # fmt: skip
register(
    SeatSkill,
    personal={},
    plain=[
        "id", "seat", "skill", "level",
    ],
)  # fmt: skip

"""Personal columns of this room; every other column is declared plain, so that a new one is not forgotten."""

from marketplace.kernel.personal_data import register
from matching.models import (
    Coverage,
    Heartbeat,
    MatchRun,
    Offer,
    Proposal,
    ProposalMember,
    Reason,
    Replacement,
    ReviewClaim,
    ReviewComment,
    ReviewDecision,
    Snapshot,
    Vacancy,
    WhatIf,
)

register(
    Coverage,
    personal={},
    plain=[
        "id", "proposal", "need", "responsible", "backup", "holders", "points",
    ],
)  # fmt: skip
register(
    MatchRun,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "project", "project_version", "status", "cause",
        "requested_by", "attempts", "lease_token", "lease_until", "next_attempt_at", "last_error", "stage",
        "share", "best_value", "best_bound", "started_at", "finished_at", "solve_milliseconds", "candidates",
        "policy", "engine_version", "solver_version", "index_version", "exhausted", "diagnosis",
    ],
)  # fmt: skip
register(
    Offer,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "proposal", "number", "status", "terms", "expires_at", "decided_at",
        "decided_by", "decline_reason", "change_reason", "change_message", "withdrawn_reason",
    ],
)  # fmt: skip
register(
    Proposal,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "run", "project", "rank", "revision", "revises", "origin", "status",
        "status_reason", "value", "bound", "proof_status", "cohesion", "monthly_cost", "currency", "starts_on",
        "ends_on", "certificate", "approved_by", "approved_at",
    ],
)  # fmt: skip
register(
    ProposalMember,
    personal={},
    plain=[
        "id", "proposal", "seat", "professional", "pseudonym", "points", "weekly_minutes", "overlap_minutes",
        "rate_amount", "rate_currency", "monthly_cost", "seniority", "english_speaking", "country",
    ],
)  # fmt: skip
register(
    Reason,
    personal={},
    plain=[
        "id", "proposal", "position", "code", "data", "member", "need",
    ],
)  # fmt: skip
register(
    Replacement,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "engagement", "status", "status_reason", "cause", "requested_by",
        "relaxed", "excluded", "attempts", "lease_token", "lease_until", "next_attempt_at", "last_error", "started_at",
        "finished_at", "engagement_version", "starts_on", "terms", "current", "options", "exhausted", "diagnosis",
        "digest", "content", "people", "candidates", "milliseconds", "engine_version", "solver_version",
        "index_version", "chosen", "asks_client", "expires_at", "approved_by", "approved_at", "reason_code", "comment",
        "client_decided_by", "client_decided_at", "decline_reason",
    ],
)  # fmt: skip
register(Vacancy, personal={}, plain=["id", "replacement", "placement"])
register(
    ReviewClaim,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "proposal", "claimed_by", "lapses_at", "released_at",
    ],
)  # fmt: skip
register(
    ReviewComment,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "proposal", "author", "text",
    ],
)  # fmt: skip
register(
    ReviewDecision,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "proposal", "decision", "reason_code", "comment",
        "decided_by", "seen_version",
    ],
)  # fmt: skip
register(
    Snapshot,
    personal={},
    plain=[
        "id", "run", "digest", "content", "people", "created_at",
    ],
)  # fmt: skip
register(
    WhatIf,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "proposal", "proposal_version", "project_version", "asked_by",
        "outcome", "question", "terms", "cell", "difference", "diagnosis", "digest", "content", "people", "candidates",
        "milliseconds", "policy", "engine_version", "solver_version", "index_version", "expires_at", "kept_as",
    ],
)  # fmt: skip
register(Heartbeat, personal={}, plain=["name", "at"])

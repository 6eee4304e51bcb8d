"""Personal columns of what happens while an engagement runs; every other column is declared plain."""

from marketplace.clients.models import (
    ChangeAnswer,
    EngagementChange,
    EngagementDocument,
    Leave,
    Milestone,
    Pause,
    PlacementTerm,
    RatedSkill,
    Rating,
    RatingWindow,
    WorkedTogether,
)
from marketplace.kernel.personal_data import PersonalField, register

_AWAY = PersonalField("know when somebody is away", "contract", "two years after the engagement", "row")
_PAPERS = PersonalField("show that a document was there", "legal duty", "five years after the engagement", "blank")
_JUDGED = PersonalField("let both sides judge the work", "legitimate interest", "five years", "row")

register(
    ChangeAnswer,
    personal={
        "reason_code": PersonalField("know why a change was declined", "contract", "two years", "blank"),
    },
    plain=["id", "change", "placement", "accepted", "answered_by", "answered_at"],
)
register(
    EngagementChange,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "engagement", "kind", "status", "status_reason", "reason_code",
        "asked_by", "asked_side", "expires_at", "decided_at", "ends_on", "ends_on_before", "placement", "starts_on",
        "weekly_minutes", "weekly_minutes_before", "monthly_cost", "monthly_cost_before", "warnings",
    ],
)  # fmt: skip
register(
    EngagementDocument,
    personal={
        "reference": _PAPERS,
        "number_encrypted": _PAPERS,
        "planned_us_days": PersonalField("know where work is done", "legal duty", "five years", "blank"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "engagement", "placement", "kind", "skill", "required", "status",
        "sha256", "issued_on", "expires_on", "provided_at", "provided_by", "decided_at", "decided_by",
        "rejection_code",
    ],
)  # fmt: skip
register(
    Leave,
    personal={
        "starts_on": _AWAY,
        "ends_on": _AWAY,
        # A kind of leave may tell of health (LFPDPPP of 2025: sensitive data), so it goes first.
        "reason_kind": PersonalField("plan who stands in", "contract", "until the leave is over", "blank"),
    },
    plain=["id", "created_at", "updated_at", "version", "placement", "status", "asked_by", "exception_id"],
)
register(
    Milestone,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "engagement", "position", "title", "acceptance_criteria",
        "due_on", "status", "delivered_at", "delivered_by", "delivery_note", "decided_at", "decided_by",
        "rejection_reason", "told_late",
    ],
)  # fmt: skip
register(
    Pause,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "engagement", "starts_on", "kept_until", "began", "ended_on",
        "reason_code", "asked_by", "ended_by",
    ],
)  # fmt: skip
register(
    PlacementTerm,
    personal={},
    plain=["id", "placement", "starts_on", "weekly_minutes", "monthly_cost", "change"],
)
register(RatedSkill, personal={"score": _JUDGED}, plain=["id", "rating", "skill"])
register(
    Rating,
    personal={"overall": _JUDGED, "communication": _JUDGED, "clarity": _JUDGED},
    plain=[
        "id", "created_at", "updated_at", "version", "engagement", "placement", "side", "rated_by", "closes_at", "both",
        "evidence_kept",
    ],
)  # fmt: skip
register(RatingWindow, personal={}, plain=["id", "engagement", "closes_at"])
register(WorkedTogether, personal={}, plain=["id", "engagement", "first", "second", "weeks", "last_on"])

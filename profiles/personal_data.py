"""Personal columns of this room; every other column is declared plain, so that a new one is not forgotten."""

from marketplace.kernel.personal_data import PersonalField, register
from profiles.models import (
    AvailabilityException,
    Booking,
    Certificate,
    Collaboration,
    DuplicatePair,
    DuplicateScan,
    DuplicateTraces,
    ExchangeRate,
    Experience,
    LanguageProficiency,
    PersonWeek,
    Professional,
    ProfileMerge,
    ResumeExtras,
    ResumeImport,
    ResumeImportItem,
    SavedSearch,
    SavedSearchAlert,
    SavedSearchMatch,
    SearchClaim,
    SearchRow,
    SearchText,
    Skill,
    SkillAlias,
    SkillBroader,
    SkillClaim,
    SkillNeighbor,
    SupplyChange,
    SupplyFeed,
    TalentList,
    TalentListEntry,
    Verification,
)

register(
    AvailabilityException,
    personal={
        "starts_on": PersonalField("time that can be booked", "contract", "two years", "row"),
        "ends_on": PersonalField("time that can be booked", "contract", "two years", "row"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "professional", "weekly_minutes",
    ],
)  # fmt: skip
register(
    Booking,
    personal={},
    plain=[
        "id", "created_at", "updated_at", "version", "professional", "placement_id", "status", "starts_on",
        "ends_on", "weekly_minutes", "held_until",
    ],
)  # fmt: skip
register(
    Certificate,
    personal={
        "number": PersonalField("certificate evidence", "contract", "while the profile lives", "row"),
        "verify_url": PersonalField("certificate evidence", "contract", "while the profile lives", "row"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "professional", "skill", "issued_on", "expires_on",
        "evidence",
    ],
)  # fmt: skip
register(
    Collaboration,
    personal={},
    plain=[
        "id", "first", "second", "times", "last_year",
    ],
)  # fmt: skip
register(
    ExchangeRate,
    personal={},
    plain=[
        "id", "currency", "quote", "rate", "on", "source",
    ],
)  # fmt: skip
register(
    Experience,
    personal={
        "employer": PersonalField("show what the person has done", "contract", "while the profile lives", "row"),
        "title": PersonalField("show what the person has done", "contract", "while the profile lives", "row"),
        "starts_on": PersonalField("show what the person has done", "contract", "while the profile lives", "row"),
        "ends_on": PersonalField("show what the person has done", "contract", "while the profile lives", "row"),
        "summary_en": PersonalField("show what the person has done", "contract", "while the profile lives", "row"),
        "summary_es": PersonalField("show what the person has done", "contract", "while the profile lives", "row"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "professional",
    ],
)  # fmt: skip
register(
    LanguageProficiency,
    personal={
        "test": PersonalField("language evidence", "contract", "while the profile lives", "row"),
        "raw_score": PersonalField("language evidence", "contract", "while the profile lives", "row"),
        "section_scores": PersonalField("language evidence", "contract", "while the profile lives", "row"),
        "tested_on": PersonalField("language evidence", "contract", "while the profile lives", "row"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "professional", "language", "listening", "speaking",
        "reading", "writing", "native", "evidence", "evidence_expires_on", "scale_version",
    ],
)  # fmt: skip
register(
    PersonWeek,
    personal={},
    plain=[
        "id", "professional", "week", "capacity", "booked",
    ],
)  # fmt: skip
register(
    Professional,
    personal={
        "user": PersonalField("account of the person", "contract", "while the account lives", "blank"),
        "given_names": PersonalField("address the person; shown to a client after acceptance", "contract", "contract and five years of tax duty", "blank"),
        "family_names": PersonalField("address the person; shown to a client after acceptance", "contract", "contract and five years of tax duty", "blank"),
        "contact_email": PersonalField("write to the person", "contract", "while the profile lives", "blank"),
        "phone_encrypted": PersonalField("call the person", "consent", "while the profile lives", "blank"),
        "rfc_encrypted": PersonalField("invoicing under Mexican tax law", "legal duty", "five years after the last invoice", "blank"),
        "rfc_index": PersonalField("notice a duplicate", "legitimate interest", "as long as the RFC", "blank"),
        "curp_encrypted": PersonalField("register an employee", "legal duty", "five years after the last payroll", "blank"),
        "curp_index": PersonalField("notice a duplicate", "legitimate interest", "as long as the CURP", "blank"),
        "headline_en": PersonalField("present the person", "contract", "while the profile lives", "blank"),
        "headline_es": PersonalField("present the person", "contract", "while the profile lives", "blank"),
        "summary_en": PersonalField("present the person", "contract", "while the profile lives", "blank"),
        "summary_es": PersonalField("present the person", "contract", "while the profile lives", "blank"),
        "review_note": PersonalField("tell the person what to mend", "contract", "while the profile lives", "blank"),
        "city": PersonalField("shared hours and clusters", "contract", "while the profile lives", "blank"),
        "rate_amount": PersonalField("cost of a cell", "contract", "while the profile lives", "blank"),
        "rate_floor": PersonalField("least acceptable rate", "contract", "while the profile lives", "blank"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "status", "synthetic", "merged_into", "main_function", "functions",
        "seniority", "country", "region", "cluster", "time_zone", "work_starts", "work_ends", "rate_currency",
        "contract_route", "weekly_minutes", "available_from", "available_until",
    ],
)  # fmt: skip
register(
    Skill,
    personal={},
    plain=[
        "id", "code", "kind", "family", "name_en", "name_es", "esco_uri", "onet_code", "sfia_code",
        "validity_months", "active",
    ],
)  # fmt: skip
register(
    SkillAlias,
    personal={},
    plain=[
        "id", "skill", "language", "text", "normalized",
    ],
)  # fmt: skip
register(
    SkillBroader,
    personal={},
    plain=[
        "id", "skill", "broader",
    ],
)  # fmt: skip
register(
    SkillClaim,
    personal={
        "evidence_source": PersonalField("skill evidence", "contract", "while the profile lives", "row"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "professional", "skill", "level", "years", "last_used",
        "evidence", "evidence_on", "evidence_expires_on", "verified_by",
    ],
)  # fmt: skip
register(
    SkillNeighbor,
    personal={},
    plain=[
        "id", "skill", "neighbor", "weight_percent",
    ],
)  # fmt: skip
register(SupplyChange, personal={}, plain=["id", "professional_id", "transaction", "at"])
register(SupplyFeed, personal={}, plain=["id", "epoch", "forgotten", "forgotten_by"])
register(
    SearchClaim,
    personal={"rate_cents": PersonalField("find the person", "contract", "while the profile lives", "row")},
    plain=[
        "professional_id", "skill_id", "score", "level", "evidence", "evidence_until", "valid_until", "status", "functions",
        "seniority", "country", "english", "spanish", "available_from", "available_until", "weekly_minutes", "rate_currency",
    ],
)  # fmt: skip
register(
    SearchRow,
    personal={
        "city": PersonalField("find the person", "contract", "while the profile lives", "row"),
        "rate_cents": PersonalField("find the person", "contract", "while the profile lives", "row"),
    },
    plain=[
        "professional_id", "score", "standing", "cluster", "tested_until", "verified_until", "created_at", "updated_at",
        "status", "functions", "seniority", "country", "english", "spanish", "available_from", "available_until",
        "weekly_minutes", "rate_currency",
    ],
)  # fmt: skip
register(
    SearchText,
    personal={"words": PersonalField("find the person", "contract", "while the profile lives", "row")},
    plain=["professional_id"],
)
register(
    Verification,
    personal={
        "source": PersonalField("who saw what of a profile, and how", "contract", "while the profile lives", "row"),
        "seen": PersonalField("the proof as it was seen", "contract", "while the profile lives", "row"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "professional", "kind", "code", "level", "evidence", "verified_by",
        "expires_on",
    ],
)  # fmt: skip
register(
    ResumeExtras,
    personal={
        "content": PersonalField(
            "give the person their résumé back whole", "contract", "while the profile lives", "row"
        )
    },
    plain=["id", "created_at", "updated_at", "version", "professional"],
)
register(
    ResumeImport,
    personal={
        "content": PersonalField("read the résumé that was uploaded", "consent", "until the import is closed, at most 30 days", "row"),
        "document": PersonalField("read the résumé that was uploaded", "consent", "until the import is closed, at most 30 days", "row"),
        "duplicates": PersonalField("notice a duplicate", "legitimate interest", "while the profile lives", "row"),
        "possible_duplicate": PersonalField("notice a duplicate", "legitimate interest", "while the profile lives", "row"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "professional", "status", "media_type", "size", "format", "language",
        "pages", "notices", "failure", "attempts", "lease_token", "lease_until", "next_attempt_at", "finished_at",
    ],
)  # fmt: skip
register(
    ResumeImportItem,
    personal={
        "payload": PersonalField(
            "have the person confirm what was read", "consent", "accepted parts while the profile lives", "row"
        )
    },
    plain=[
        "id",
        "created_at",
        "updated_at",
        "version",
        "resume_import",
        "position",
        "section",
        "path",
        "status",
        "confidence",
    ],
)
register(
    SavedSearch,
    personal={
        "known": PersonalField("tell a recruiter of new people only", "legitimate interest", "while the search is followed", "keep"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "owner", "name", "shared", "query", "cadence", "epoch", "snapshot",
        "pesos", "looked_at", "next_look_at", "lease_token", "lease_until", "failures", "last_error",
    ],
)  # fmt: skip
register(
    SavedSearchAlert,
    personal={},
    plain=["id", "created_at", "updated_at", "version", "search", "people", "seen_at"],
)
register(SavedSearchMatch, personal={}, plain=["id", "alert", "search", "professional", "created_at"])
register(
    TalentList,
    personal={},
    plain=["id", "created_at", "updated_at", "version", "owner", "name", "description", "shared"],
)
register(
    TalentListEntry,
    personal={
        "note": PersonalField(
            "remember why somebody is on a list", "legitimate interest", "while the list lives", "row"
        )
    },
    plain=["id", "created_at", "updated_at", "version", "talent_list", "professional", "position", "added_by"],
)
register(
    DuplicateTraces,
    personal={
        "keys": PersonalField("notice a duplicate", "legitimate interest", "while the profile lives", "row"),
        "content": PersonalField("notice a duplicate", "legitimate interest", "while the profile lives", "row"),
    },
    plain=["professional"],
)
register(DuplicateScan, personal={}, plain=["id", "epoch", "snapshot", "reached", "lease_token", "lease_until"])
register(
    DuplicatePair,
    personal={
        "reasons": PersonalField("notice a duplicate", "legitimate interest", "while both profiles live", "row"),
        "note": PersonalField("remember why two people are not one", "legitimate interest", "while both profiles live", "row"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "first", "second", "status", "score", "decided_by", "decided_at",
    ],
)  # fmt: skip
register(
    ProfileMerge,
    personal={
        "before": PersonalField("undo a wrong merge; show what was decided", "legitimate interest", "while the profile lives", "blank"),
    },
    plain=[
        "id", "created_at", "updated_at", "version", "survivor", "merged", "merged_by", "after", "outcome", "undo_until",
        "undone_at", "undone_by",
    ],
)  # fmt: skip

"""What may be done, and the roles and scopes that bundle it. A route names one of these; nothing else decides."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    READ_SELF = "self:read"
    READ_REFERENCE = "reference:read"
    READ_NOTIFICATIONS = "notifications:read"
    # demand
    READ_PROJECTS = "projects:read"
    WRITE_PROJECTS = "projects:write"
    MANAGE_KEYS = "keys:manage"
    MANAGE_MEMBERS = "members:manage"
    MANAGE_WEBHOOKS = "webhooks:manage"
    READ_OFFERS = "offers:read"
    DECIDE_OFFERS = "offers:decide"
    READ_ENGAGEMENTS = "engagements:read"
    MANAGE_ENGAGEMENTS = "engagements:manage"
    CONFIRM_PLACEMENTS = "placements:confirm"
    CHANGE_ENGAGEMENTS = "engagements:change"
    VACATE_PLACEMENTS = "placements:vacate"
    DELIVER_MILESTONES = "milestones:deliver"
    DECIDE_MILESTONES = "milestones:decide"
    PROVIDE_DOCUMENTS = "documents:provide"
    VERIFY_DOCUMENTS = "documents:verify"
    READ_RATINGS = "ratings:read"
    WRITE_RATINGS = "ratings:write"
    READ_EVENTS = "events:read"
    # supply
    READ_OWN_PROFILE = "profile:read"
    WRITE_OWN_PROFILE = "profile:write"
    READ_SUPPLY = "supply:read"
    VERIFY_SUPPLY = "supply:verify"
    READ_IDENTIFIERS = "identifiers:read"
    # data rights
    READ_PRIVACY = "privacy:read"
    FILE_PRIVACY = "privacy:file"
    DECIDE_PRIVACY = "privacy:decide"
    # matching
    READ_RUNS = "runs:read"
    START_RUNS = "runs:start"
    READ_PROPOSALS = "proposals:read"
    REVIEW_PROPOSALS = "proposals:review"
    READ_AUDIT = "audit:read"


class Role(models.TextChoices):
    CLIENT = "client", _("Client")
    PROFESSIONAL = "professional", _("Professional")
    RECRUITER = "recruiter", _("Recruiter")
    OPERATOR = "operator", _("Operator")


_EVERYONE = frozenset({Permission.READ_SELF, Permission.READ_REFERENCE, Permission.READ_NOTIFICATIONS})
_CLIENT = _EVERYONE | {
    Permission.READ_PROJECTS,
    Permission.WRITE_PROJECTS,
    Permission.READ_OFFERS,
    Permission.DECIDE_OFFERS,
    Permission.READ_ENGAGEMENTS,
    Permission.READ_EVENTS,
    Permission.READ_RUNS,
    Permission.START_RUNS,
    Permission.READ_PROPOSALS,
    Permission.MANAGE_ENGAGEMENTS,
    Permission.CHANGE_ENGAGEMENTS,
    Permission.DECIDE_MILESTONES,
    Permission.READ_RATINGS,
    Permission.WRITE_RATINGS,
    Permission.MANAGE_KEYS,
    Permission.MANAGE_MEMBERS,
    Permission.MANAGE_WEBHOOKS,
}
_RECRUITER = _EVERYONE | {
    Permission.READ_PROJECTS,
    Permission.READ_SUPPLY,
    Permission.VERIFY_SUPPLY,
    Permission.READ_RUNS,
    Permission.START_RUNS,
    Permission.READ_PROPOSALS,
    Permission.REVIEW_PROPOSALS,
    Permission.READ_OFFERS,
    Permission.READ_ENGAGEMENTS,
    Permission.MANAGE_ENGAGEMENTS,
    Permission.CONFIRM_PLACEMENTS,
    Permission.CHANGE_ENGAGEMENTS,
    Permission.VACATE_PLACEMENTS,
    Permission.DELIVER_MILESTONES,
    Permission.PROVIDE_DOCUMENTS,
    Permission.VERIFY_DOCUMENTS,
    Permission.READ_RATINGS,
}

ROLES: dict[str, frozenset[Permission]] = {
    Role.CLIENT: _CLIENT,
    Role.PROFESSIONAL: _EVERYONE
    | {
        Permission.READ_OWN_PROFILE,
        Permission.WRITE_OWN_PROFILE,
        Permission.READ_ENGAGEMENTS,
        Permission.CONFIRM_PLACEMENTS,
        Permission.CHANGE_ENGAGEMENTS,
        Permission.DELIVER_MILESTONES,
        Permission.PROVIDE_DOCUMENTS,
        Permission.READ_RATINGS,
        Permission.WRITE_RATINGS,
        Permission.READ_PRIVACY,
        Permission.FILE_PRIVACY,
    },
    Role.RECRUITER: _RECRUITER,
    # An operator runs the market and does not judge cells.
    Role.OPERATOR: (_RECRUITER - {Permission.REVIEW_PROPOSALS})
    | {
        Permission.READ_AUDIT,
        Permission.READ_EVENTS,
        Permission.READ_IDENTIFIERS,
        Permission.READ_PRIVACY,
        Permission.DECIDE_PRIVACY,
    },
}

# A key acts for an organization: at most what its client members may do, short of making more keys or members, or of
# having facts sent elsewhere.
SCOPES: frozenset[Permission] = _CLIENT - {
    Permission.READ_NOTIFICATIONS,  # people are told, keys are not
    Permission.MANAGE_KEYS,
    Permission.MANAGE_MEMBERS,
    Permission.MANAGE_WEBHOOKS,
}

"""The actor: on whose behalf something happens. Services take one explicitly; None is the system itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from marketplace.accounts.models import ApiKey, User
from marketplace.accounts.permissions import ROLES, Permission, Role


@dataclass(frozen=True)
class Actor:
    """A logged-in person or an organization's key; exactly one of the two is set."""

    user: User | None = None
    key: ApiKey | None = None

    is_authenticated = True  # what DRF and django-structlog ask of ``request.user``

    @property
    def principal(self) -> str:
        """Name the actor in audit rows, counters and idempotency keys."""
        row = self.user or self.key
        assert row is not None
        return row.public_id

    @property
    def pk(self) -> str:
        return self.principal

    @property
    def role(self) -> str:
        return self.user.role if self.user else Role.CLIENT

    @property
    def organization_id(self) -> uuid.UUID | None:
        """The organization of a key; a person's organizations are memberships and are looked up where they live."""
        return self.key.organization_id if self.key else None

    def may(self, permission: str) -> bool:
        if self.key is not None:
            return permission in self.key.scopes
        return self.user is not None and Permission(permission) in ROLES[self.user.role]

    @property
    def is_staff_side(self) -> bool:
        """Recruiters and operators work for the marketplace and see across organizations."""
        return self.user is not None and self.user.role in {Role.RECRUITER, Role.OPERATOR}

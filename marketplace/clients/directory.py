"""What the delivery room must know of people and only this room can tell."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from marketplace.clients.models import Membership
from marketplace.clients.models.organization import MemberRole
from marketplace.delivery import directory


def administrators(organization_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the users who administer an organization."""
    rows = Membership.objects.filter(organization_id=organization_id, role=MemberRole.ADMIN)
    return list(rows.values_list("user_id", flat=True))


def zones(users: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the zone of the organization of each member; of several that of the first one joined."""
    rows = Membership.objects.filter(user__in=users).order_by("-pk")
    return dict(rows.values_list("user_id", "organization__time_zone"))


directory.register_administrators("clients", administrators)
directory.register_zones("clients", zones)

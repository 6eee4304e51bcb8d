"""What the delivery room must know of people and only this room can tell."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from marketplace.delivery import directory
from profiles.models import Professional


def zones(users: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the zone in which each professional lives."""
    return dict(Professional.objects.filter(user__in=users).values_list("user_id", "time_zone"))


directory.register_zones("profiles", zones)

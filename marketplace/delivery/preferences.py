"""How people want to be told: the defaults, what they changed, and the hours that follow from both."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.delivery import directory, kinds
from marketplace.delivery.models import NotificationPreference
from marketplace.delivery.schedule import Hours


@dataclass(frozen=True)
class Choice:
    """What one person has chosen, defaults filled in."""

    hours: Hours
    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def in_app(self, category: str) -> bool:
        return bool(self.channels.get(category, {}).get("in_app", True))

    def cadence(self, category: str) -> str:
        return str(self.channels.get(category, {}).get("email", kinds.DEFAULT_CADENCE[category]))


def choices_of(users: Collection[User]) -> dict[uuid.UUID, Choice]:
    """Return what each of these people has chosen, in a fixed number of queries."""
    rows = {row.user_id: row for row in NotificationPreference.objects.filter(user__in=users)}
    unknown = [user.pk for user in users if not (user.pk in rows and rows[user.pk].time_zone)]
    homes = directory.zones_of(unknown) if unknown else {}
    return {
        user.pk: choice_from(rows.get(user.pk) or NotificationPreference(user=user), homes.get(user.pk, ""))
        for user in users
    }


def choice_from(row: NotificationPreference, home: str) -> Choice:
    """Return what ``row`` says, in the zone ``home`` unless it names one."""
    nearest = "America/New_York" if row.user.role == Role.CLIENT else "America/Mexico_City"
    zone = row.time_zone or home or nearest
    return Choice(Hours(zone, row.quiet_from, row.quiet_until, row.digest_at), row.channels)

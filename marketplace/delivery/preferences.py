"""How people want to be told: the defaults, what they changed, and the hours that follow from both."""

from __future__ import annotations

import difflib
import uuid
import zoneinfo
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.delivery import directory, kinds
from marketplace.delivery.models import Notification, NotificationPreference
from marketplace.delivery.schedule import Hours, email_due
from marketplace.kernel import clock
from marketplace.kernel.errors import Invalid
from marketplace.rest import etags


@dataclass(frozen=True)
class Choice:
    """What one person has chosen, defaults filled in."""

    hours: Hours
    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def in_app(self, category: str) -> bool:
        return bool(self.channels.get(category, {}).get("in_app", True))

    def cadence(self, category: str) -> str:
        return str(self.channels.get(category, {}).get("email", kinds.DEFAULT_CADENCE[category]))


def row_of(user: User) -> NotificationPreference:
    """Return what the person has changed; an unsaved row of defaults for who has changed nothing."""
    return NotificationPreference.objects.filter(user=user).first() or NotificationPreference(user=user)


def choices_of(users: Collection[User]) -> dict[uuid.UUID, Choice]:
    """Return what each of these people has chosen, in a fixed number of queries."""
    rows = {row.user_id: row for row in NotificationPreference.objects.filter(user__in=users)}
    unknown = [user.pk for user in users if not (user.pk in rows and rows[user.pk].time_zone)]
    homes = directory.zones_of(unknown) if unknown else {}
    return {user.pk: _choice(rows.get(user.pk) or NotificationPreference(user=user), user, homes) for user in users}


def choice_of(user: User) -> Choice:
    """Return what one person has chosen."""
    return choices_of([user])[user.pk]


def _choice(row: NotificationPreference, user: User, homes: Mapping[uuid.UUID, str]) -> Choice:
    nearest = "America/New_York" if user.role == Role.CLIENT else "America/Mexico_City"
    zone = row.time_zone or homes.get(user.pk) or nearest
    return Choice(Hours(zone, row.quiet_from, row.quiet_until, row.digest_at), row.channels)


@transaction.atomic
def update(
    *,
    user: User,
    version: int,
    time_zone: str | None = None,
    quiet_from: int | None = None,
    quiet_until: int | None = None,
    digest_at: int | None = None,
    channels: Mapping[str, Mapping[str, Any]] | None = None,
    language: str | None = None,
) -> NotificationPreference:
    """Change what is given, as it was seen; e-mails that wait follow the new choice.

    Times are minutes from local midnight. An empty ``time_zone`` means that of the profile or organization again.
    ``channels`` changes the categories and channels it names. Raises PreconditionFailed and Invalid.
    """
    if time_zone and time_zone not in _zones():
        raise Invalid.field(
            "/time_zone",
            "unknown_time_zone",
            _("Use the name of an IANA time zone."),
            suggestions=difflib.get_close_matches(time_zone, sorted(_zones()), n=3, cutoff=0.6),
        )
    given = {"time_zone": time_zone, "quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at}
    if language is None and not channels and all(value is None for value in given.values()):
        unchanged = row_of(user)
        etags.require(unchanged, version)
        return unchanged
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    NotificationPreference.objects.get_or_create(user=person)
    row = NotificationPreference.objects.select_for_update().get(user=person)
    etags.require(row, version)
    for name, value in given.items():
        if value is not None:
            setattr(row, name, value)
    for category, changed in (channels or {}).items():
        row.channels[category] = {**row.channels.get(category, {}), **changed}
    row.touch("time_zone", "quiet_from", "quiet_until", "digest_at", "channels")
    if language is not None and language != person.language:
        person.language = language
        person.touch("language")
    _plan_again(person)
    return row


def _plan_again(user: User) -> None:
    """Give e-mails that wait the time that the new choice asks for."""
    choice, now = choice_of(user), clock.now()
    waiting = list(Notification.objects.waiting_for_email().filter(recipient=user).select_for_update())
    for row in waiting:
        row.email_due_at = email_due(
            hours=choice.hours, cadence=choice.cadence(row.category), now=now, urgent_until=row.urgent_until
        )
    Notification.objects.bulk_update(waiting, ["email_due_at"])


@lru_cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})

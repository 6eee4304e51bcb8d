"""What people are told of invitations and engagements: the kinds, and the functions that services call.

Everybody is told only what is theirs to know: the professional of their own invitation, the client of seats, never of
anybody's reasons; a recruiter of what waits for somebody to act.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.permissions import Role
from marketplace.clients import invitation_links
from marketplace.clients.models import Engagement, Invitation, Membership, Placement
from marketplace.delivery import notifications
from marketplace.delivery.notifications import Category
from profiles.models import Professional

_PERSON = [Role.PROFESSIONAL]
_CLIENT = [Role.CLIENT]
_BOTH_SIDES = [Role.CLIENT, Role.RECRUITER]

notifications.register(
    "invitation.sent",
    category=Category.INVITATIONS,
    title=_("You are invited to a cell"),
    body=_("A client has chosen you. Please answer by %(answer_by_at)s; until then your hours are held for it."),
    audience=_PERSON,
    required=True,
    link=invitation_links.path,
)
notifications.register(
    "invitation.expiring",
    category=Category.INVITATIONS,
    title=_("Your invitation is about to lapse"),
    body=_("Please answer by %(answer_by_at)s. After that your hours are free again and the seat goes to others."),
    audience=_PERSON,
    required=True,
    link=invitation_links.path,
)
notifications.register(
    "invitation.extended",
    category=Category.INVITATIONS,
    title=_("The cell needs a little more time"),
    body=_("Somebody else is being asked. Your hours stay held until %(answer_by_at)s."),
    audience=_PERSON,
    required=True,
)
notifications.register(
    "invitation.withdrawn",
    category=Category.INVITATIONS,
    title=_("An invitation was withdrawn"),
    body=_("The seat is no longer open to you, and your hours are free again."),
    audience=_PERSON,
    required=True,
)
notifications.register(
    "invitation.expired",
    category=Category.INVITATIONS,
    title=_("Your invitation has lapsed"),
    body=_("There was no answer in time, and your hours are free again."),
    audience=_PERSON,
    required=True,
)
notifications.register(
    "engagement.not_confirmed",
    category=Category.ENGAGEMENTS,
    title=_("A cell did not come about"),
    body=_("Not everybody said yes in time. All hours are free again."),
    audience=[Role.PROFESSIONAL, Role.CLIENT, Role.RECRUITER],
)
notifications.register(
    "engagement.confirmed",
    category=Category.ENGAGEMENTS,
    title=_("The cell is complete"),
    body=_("Everybody has said yes. Work begins on %(starts_on)s."),
    audience=[Role.PROFESSIONAL, Role.CLIENT, Role.RECRUITER],
)
notifications.register(
    "engagement.started",
    category=Category.ENGAGEMENTS,
    title=_("The work has begun"),
    body=_("The cell is at work from today on."),
    audience=[Role.PROFESSIONAL, Role.CLIENT, Role.RECRUITER],
)
notifications.register(
    "engagement.completed",
    category=Category.ENGAGEMENTS,
    title=_("The work is done"),
    body=_("The engagement was completed, and hours from today on are free again."),
    audience=[Role.PROFESSIONAL, Role.CLIENT, Role.RECRUITER],
)
notifications.register(
    "engagement.terminated",
    category=Category.ENGAGEMENTS,
    title=_("An engagement has ended early"),
    body=_("It ended before the work was done, and hours from today on are free again."),
    audience=[Role.PROFESSIONAL, Role.CLIENT, Role.RECRUITER],
    required=True,
)
notifications.register(
    "placement.vacated",
    category=Category.ENGAGEMENTS,
    title=_("A seat is empty"),
    body=_("From %(vacant_on)s nobody sits in one of the seats. A replacement is being looked for."),
    audience=_BOTH_SIDES,
)
notifications.register(
    "engagement.members_changed",
    category=Category.ENGAGEMENTS,
    title=_("Somebody joins the cell"),
    body=_("An empty seat has been given to somebody, who has until %(answer_by_at)s to answer."),
    audience=[Role.PROFESSIONAL, Role.CLIENT],
)


def client_users(engagement: Engagement) -> list[uuid.UUID]:
    """Return the ids of the client's people."""
    return list(Membership.objects.filter(organization_id=engagement.organization_id).values_list("user_id", flat=True))


def placed_users(placements: Iterable[Placement]) -> list[uuid.UUID | None]:
    """Return the ids of the users who sit in these placements; None for a profile without one."""
    ids = {placement.professional_id for placement in placements}
    return list(Professional.objects.filter(pk__in=ids).values_list("user_id", flat=True))


def invitation_sent(invitation: Invitation, engagement: Engagement) -> None:
    notifications.notify(
        recipients=placed_users([invitation.placement]),
        kind="invitation.sent",
        subject=invitation,
        data={"answer_by_at": invitation.expires_at, "engagement": engagement.public_id},
        urgent_until=invitation.expires_at,
    )


def invitation_expiring(invitation: Invitation) -> None:
    notifications.notify(
        recipients=placed_users([invitation.placement]),
        kind="invitation.expiring",
        subject=invitation,
        data={"answer_by_at": invitation.expires_at},
        urgent_until=invitation.expires_at,
        occasion=invitation.expires_at.isoformat(),
    )


def invitation_withdrawn(invitation: Invitation) -> None:
    notifications.notify(
        recipients=placed_users([invitation.placement]), kind="invitation.withdrawn", subject=invitation
    )


def invitation_expired(invitation: Invitation) -> None:
    notifications.notify(recipients=placed_users([invitation.placement]), kind="invitation.expired", subject=invitation)


def deadline_extended(engagement: Engagement, placements: Iterable[Placement]) -> None:
    assert engagement.confirm_by is not None
    notifications.notify(
        recipients=placed_users(placements),
        kind="invitation.extended",
        subject=engagement,
        data={"answer_by_at": engagement.confirm_by},
        urgent_until=engagement.confirm_by,
        occasion=engagement.confirm_by.isoformat(),
    )


def everybody(kind: str, engagement: Engagement, placements: Iterable[Placement]) -> None:
    """Tell the people placed, the client and the recruiters how an engagement stands."""
    notifications.notify(
        recipients=[*placed_users(placements), *client_users(engagement), *notifications.recruiters()],
        kind=kind,
        subject=engagement,
        data={"starts_on": engagement.starts_on},
    )


def seat_vacated(placement: Placement, engagement: Engagement) -> None:
    notifications.notify(
        recipients=[*client_users(engagement), *notifications.recruiters()],
        kind="placement.vacated",
        subject=engagement,
        data={"vacant_on": placement.vacant_from, "placement": placement.public_id},
        occasion=placement.public_id,
    )


def members_changed(engagement: Engagement, stayers: Iterable[Placement], answer_by: dt.datetime) -> None:
    notifications.notify(
        recipients=[*placed_users(stayers), *client_users(engagement)],
        kind="engagement.members_changed",
        subject=engagement,
        data={"answer_by_at": answer_by},
        occasion=f"{engagement.public_id}/{engagement.version}",
    )

"""What people are told of offers and replacements: the kinds, and the functions that services call.

The client is told of offers and of what waits for its answer; recruiters of what waits for them. No names, ever.
"""

from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.permissions import Role
from marketplace.clients import notices as engaged
from marketplace.clients.models import Engagement, Membership, Project
from marketplace.delivery import notifications
from marketplace.delivery.notifications import Category
from matching.models import Offer, Replacement

_CLIENT = [Role.CLIENT]
_RECRUITERS = [Role.RECRUITER]

notifications.register(
    "offer.sent",
    category=Category.OFFERS,
    title=_("A cell is offered to you"),
    body=_("Please look at it and answer by %(answer_by_at)s."),
    audience=_CLIENT,
)
notifications.register(
    "offer.withdrawn",
    category=Category.OFFERS,
    title=_("An offer was withdrawn"),
    body=_("It can no longer be accepted. The recruiters are working on another one."),
    audience=_CLIENT,
)
notifications.register(
    "offer.change_requested",
    category=Category.REVIEW,
    title=_("A client asks for a change"),
    body=_("An offered cell has come back with a message. It waits in the review inbox."),
    audience=_RECRUITERS,
)
notifications.register(
    "replacement.proposed",
    category=Category.REVIEW,
    title=_("A replacement waits for your decision"),
    body=_("A seat of an engagement is empty, and somebody who fits has been found."),
    audience=_RECRUITERS,
)
notifications.register(
    "replacement.impossible",
    category=Category.ENGAGEMENTS,
    title=_("Nobody fits an empty seat"),
    body=_("Nobody on the market can take the seat on its terms. The replacement says why, and what would change it."),
    audience=[Role.CLIENT, Role.RECRUITER],
)
notifications.register(
    "replacement.awaiting_client",
    category=Category.ENGAGEMENTS,
    title=_("A replacement changes what you accepted"),
    body=_("Please look at the new terms and answer by %(answer_by_at)s."),
    audience=_CLIENT,
    required=True,
)
notifications.register(
    "replacement.applied",
    category=Category.ENGAGEMENTS,
    title=_("An empty seat is filled"),
    body=_("Somebody was found for the seat and is being asked."),
    audience=[Role.CLIENT, Role.RECRUITER],
)
notifications.register(
    "replacement.declined",
    category=Category.REVIEW,
    title=_("A client has declined a replacement"),
    body=_("The seat is still empty. Look for another one, or end the engagement with the client."),
    audience=_RECRUITERS,
)


def offer_sent(offer: Offer, project: Project) -> None:
    notifications.notify(
        recipients=_members(project), kind="offer.sent", subject=offer, data={"answer_by_at": offer.expires_at}
    )


def offer_withdrawn(offer: Offer, project: Project) -> None:
    notifications.notify(recipients=_members(project), kind="offer.withdrawn", subject=offer)


def change_requested(offer: Offer) -> None:
    notifications.notify(recipients=notifications.recruiters(), kind="offer.change_requested", subject=offer)


def replacement(kind: str, row: Replacement, engagement: Engagement) -> None:
    """Tell those whom a kind is meant for how a replacement stands."""
    notifications.notify(
        recipients=[*engaged.client_users(engagement), *notifications.recruiters()],
        kind=kind,
        subject=row,
        data={"answer_by_at": row.expires_at, "engagement": engagement.public_id},
        urgent_until=row.expires_at,
    )


def _members(project: Project) -> list[uuid.UUID]:
    members = Membership.objects.filter(organization_id=project.organization_id)
    return list(members.values_list("user_id", flat=True))

"""What people are told of offers and replacements: the kinds, and the functions that services call.

The client is told of offers and of what waits for its answer; recruiters of what waits for them. No names, ever.
"""

from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.accounts.permissions import Role
from marketplace.clients import notices as engaged
from marketplace.clients.models import Engagement, Membership, Project
from marketplace.delivery import notifications
from marketplace.delivery.notifications import Category
from matching.models import MatchRun, Offer, Replacement

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
    "offer.accepted",
    category=Category.OFFERS,
    title=_("A client has accepted an offer"),
    body=_("Everybody in the cell is being asked now."),
    audience=_RECRUITERS,
)
notifications.register(
    "offer.declined",
    category=Category.OFFERS,
    title=_("A client has declined an offer"),
    body=_("The offer says why. Another cell can be offered while the project is open."),
    audience=_RECRUITERS,
)
notifications.register(
    "offer.expired",
    category=Category.OFFERS,
    title=_("An offer has lapsed"),
    body=_("Nobody answered it in time. Another cell can be offered while the project is open."),
    audience=[Role.CLIENT, Role.RECRUITER],
)
notifications.register(
    "run.composed",
    category=Category.REVIEW,
    title=_("Cells wait for review"),
    body=ngettext_lazy(
        "%(cells)d cell was composed for a project.", "%(cells)d different cells were composed for a project.", "cells"
    ),
    audience=_RECRUITERS,
)
notifications.register(
    "run.infeasible",
    category=Category.OFFERS,
    title=_("No cell is possible as the project stands"),
    body=_("The run says which wishes cannot hold together, and which change would allow a cell."),
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


def offer_decided(offer: Offer, project: Project) -> None:
    """Tell the recruiters what became of an offer, and the client too when it was time that decided."""
    notifications.notify(
        recipients=[*_members(project), *notifications.recruiters()],
        kind=f"offer.{offer.status}",
        subject=offer,
        data={"project": project.public_id},
    )


def run_ended(run: MatchRun, project: Project, *, cells: int) -> None:
    """Tell the recruiters of cells to review, or the client that there is none."""
    notifications.notify(
        recipients=[*_members(project), *notifications.recruiters()],
        kind=f"run.{run.status}",
        subject=run,
        data={"project": project.public_id, "cells": cells},
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

"""Who takes part in an engagement: on whose side an actor speaks, and whom to tell."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.clients.models import Membership, Party, Placement
from marketplace.clients.states import PlacementStatus
from profiles.models import Professional

WORKING_PLACEMENT = (PlacementStatus.CONFIRMED, PlacementStatus.ACTIVE)


def side_of(actor: Actor) -> Party:
    """Return the side on which an actor speaks; operators speak as recruiters do."""
    if actor.is_staff_side:
        return Party.RECRUITER
    return Party.PROFESSIONAL if actor.role == Role.PROFESSIONAL else Party.CLIENT


def is_own(actor: Actor, placement: Placement) -> bool:
    """Return whether the actor is the professional of a placement. Reads the professional."""
    return actor.user is not None and placement.professional.user_id == actor.user.pk


def members(organization_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the users of a client's organization."""
    return list(Membership.objects.filter(organization_id=organization_id).values_list("user_id", flat=True))


def people(placements: Iterable[Placement]) -> list[uuid.UUID | None]:
    """Return the users of the professionals of placements, None for who has no login."""
    keys = {row.professional_id for row in placements}
    return list(Professional.objects.filter(pk__in=keys).order_by("pk").values_list("user_id", flat=True))

"""What this room hears from below, and what time makes due in it; a fact is a doorbell, never the only record."""

from __future__ import annotations

from marketplace.clients import directory  # noqa: F401 - answers what the delivery room asks of people
from marketplace.clients.events import PlacementVacated
from marketplace.clients.services import (
    aftermath,
    changes,
    confirmation,
    documents,
    engagements,
    invitations,
    merged_people,
    milestones,
    pauses,
    placements,
    ratings,
)
from marketplace.kernel import events, sweeping
from profiles.events import HoldBroken
from profiles.services.merging import followers


def _hold_broken(fact: HoldBroken) -> None:
    invitations.drop_unavailable(fact.professional_id)


def sweep() -> None:
    """End what was not answered in time, empty the seats of who has gone, begin what is due, and remind."""
    confirmation.lapse_due()
    invitations.expire_due()
    invitations.drop_unavailable()
    placements.end_due()
    engagements.start_due()
    invitations.remind_due()


def _seat_vacated(fact: PlacementVacated) -> None:
    aftermath.note_departure(fact.engagement_id)


def sweep_running() -> None:
    """Begin pauses, close changes, mark what is late or has run out, and do what follows the end of an engagement."""
    pauses.begin_due()
    changes.expire_due()
    milestones.tell_late()
    documents.prepare_missing()
    documents.expire_due()
    aftermath.settle_missed()
    ratings.keep_due()


events.subscribe(HoldBroken, _hold_broken)
sweeping.register("engagements", sweep)
events.subscribe(PlacementVacated, _seat_vacated)
sweeping.register("running engagements", sweep_running)
followers.register(merged_people.FOLLOWER)

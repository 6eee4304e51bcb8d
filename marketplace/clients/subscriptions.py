"""What this room hears from below, and what time makes due in it; a fact is a doorbell, never the only record."""

from __future__ import annotations

from marketplace.clients.services import confirmation, engagements, invitations, placements
from marketplace.kernel import events, sweeping
from profiles.events import HoldBroken


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


events.subscribe(HoldBroken, _hold_broken)
sweeping.register("engagements", sweep)

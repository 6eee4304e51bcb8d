"""What time alone makes due. It runs on beat and in every worker, and running twice at once harms nothing."""

from __future__ import annotations

import datetime as dt
import logging

from marketplace.clients.services import projects
from marketplace.kernel import clock
from marketplace.kernel import sweeping as registered
from marketplace.rest import idempotency
from matching.models import Heartbeat
from matching.services import offers, runs, whatifs
from profiles import feed, search_upkeep

logger = logging.getLogger(__name__)

SWEEPER = "sweeper"
SUPPLY_DAYS = 7  # an index that has not looked for so long is built anew


def sweep() -> None:
    """End what has lapsed, ask for the runs that nobody asked for, and leave a sign of life."""
    lapsed = offers.lapse_due()
    projects.expire_overdue()
    missing = runs.request_missing()
    idempotency.forget_expired()
    whatifs.forget_expired()
    search_upkeep.lapse()
    registered.sweep()
    feed.forget(before=clock.now() - dt.timedelta(days=SUPPLY_DAYS))
    Heartbeat.objects.update_or_create(name=SWEEPER, defaults={"at": clock.now()})
    if lapsed or missing:
        logger.info("swept %d offers and %d projects", lapsed, missing)

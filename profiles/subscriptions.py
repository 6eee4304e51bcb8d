"""What this room hears from itself; all of it is a doorbell, none of it the only record."""

from __future__ import annotations

import logging
import uuid

from kombu.exceptions import OperationalError as BrokerError
from redis import RedisError

from marketplace.kernel import events, sweeping
from profiles import roster_subscriptions, tasks
from profiles.events import ResumeQueued
from profiles.services import imports

logger = logging.getLogger(__name__)


def _ring(import_id: uuid.UUID) -> None:
    """Tell a worker. With the broker away the row stays due, and the sweeper rings again."""
    try:
        tasks.read_resume.delay(str(import_id))
    except (BrokerError, RedisError) as error:
        logger.warning("the broker is away (%s); the sweeper will ring", type(error).__name__)


def _queued(fact: ResumeQueued) -> None:
    _ring(fact.import_id)


def sweep() -> None:
    """Close imports that nobody confirmed, and ring for those that a lost message left behind."""
    imports.discard_forgotten()
    for import_id in imports.due_ids():
        _ring(import_id)


events.subscribe(ResumeQueued, _queued)
sweeping.register("resume imports", sweep)
roster_subscriptions.subscribe()

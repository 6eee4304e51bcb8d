"""What this room hears from itself, and what it does as time passes; all of it is a doorbell."""

from __future__ import annotations

import logging
from typing import Any

from kombu.exceptions import OperationalError as BrokerError
from redis import RedisError

from marketplace.delivery import relay, tasks
from marketplace.delivery.events import DeliveriesQueued
from marketplace.kernel import events, sweeping

logger = logging.getLogger(__name__)


def _ring(task: Any) -> None:
    """Tell a worker. With the broker away the rows stay due, and the sweeper rings again."""
    try:
        task.delay()
    except (BrokerError, RedisError) as error:
        logger.warning("the broker is away (%s); the sweeper will ring", type(error).__name__)


def _queued(fact: DeliveriesQueued) -> None:
    _ring(tasks.send_webhooks)


def sweep_webhooks() -> None:
    """Ring for deliveries that a lost message left behind, or whose next attempt has come; forget the oldest."""
    relay.give_up_lost()
    relay.forget_old()
    if relay.anything_due():
        _ring(tasks.send_webhooks)


events.subscribe(DeliveriesQueued, _queued)
sweeping.register("webhooks", sweep_webhooks)

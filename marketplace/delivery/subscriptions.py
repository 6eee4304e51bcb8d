"""What this room hears from itself, and what it does as time passes; all of it is a doorbell."""

from __future__ import annotations

import logging
from typing import Any

from kombu.exceptions import OperationalError as BrokerError
from redis import RedisError

from marketplace.delivery import inbox, mail, relay, tasks
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


def sweep_emails() -> None:
    """Ring for e-mails that have become due; forget the oldest notifications and what was sent of them.

    Nobody rings when somebody is told: an e-mail that is some seconds late harms nobody.
    """
    inbox.forget_old()
    mail.forget_old()
    if mail.anything_due():
        _ring(tasks.send_emails)


events.subscribe(DeliveriesQueued, _queued)
sweeping.register("webhooks", sweep_webhooks)
sweeping.register("e-mails", sweep_emails)

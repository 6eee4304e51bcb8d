"""Work on many rows that time has made due: each in a transaction of its own, so that none keeps the others waiting."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from functools import partial

from marketplace.kernel.errors import DomainError
from marketplace.kernel.transactions import retrying

logger = logging.getLogger(__name__)


def each(work: Callable[[uuid.UUID], bool], keys: Iterable[uuid.UUID]) -> int:
    """Do ``work`` on every key and return how often it changed something.

    ``work`` looks again under lock, so two sweeps at once do everything once; what a decision has overtaken, or others
    keep locked, is left for the next time.
    """
    done = 0
    for key in list(keys):
        try:
            done += retrying(partial(work, key))
        except DomainError as refusal:
            logger.info("left alone: %s", refusal.code)
    return done

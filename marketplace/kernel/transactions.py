"""Transactions that contend: a bounded retry for what PostgreSQL refuses for the moment."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _
from psycopg import errors as pg

from marketplace.kernel.errors import Unavailable

logger = logging.getLogger(__name__)

ATTEMPTS = 3
_MOMENTARY = (pg.DeadlockDetected, pg.SerializationFailure, pg.LockNotAvailable)

T = TypeVar("T")


def retrying(work: Callable[[], T]) -> T:
    """Run ``work``, a whole transaction, at most three times while PostgreSQL reports contention.

    Raises Unavailable when the third attempt is refused too.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work()
        except OperationalError as error:
            if not isinstance(error.__cause__, _MOMENTARY):
                raise
            logger.warning("attempt %d met %s", attempt, type(error.__cause__).__name__)
            if attempt < ATTEMPTS:
                # A little randomness keeps two losers from meeting again at once.
                threading.Event().wait(random.uniform(0.01, 0.05) * attempt)
    raise Unavailable("busy", _("Others are changing the same people right now; try again in a moment."))

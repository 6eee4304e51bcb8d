"""Facts go up: a lower floor announces what happened, higher floors subscribe, without being known below.

A fact is told after commit and is a doorbell, never the only record of anything: what must not be lost is a row.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fact:
    """Base of everything announced. Fields are ids and plain values."""


F = TypeVar("F", bound=Fact)

_subscribers: dict[type[Fact], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[F], listener: Callable[[F], None]) -> None:
    """Call ``listener`` with every fact of ``kind``; idempotent. Used in ``subscriptions.py`` only."""
    if listener not in _subscribers[kind]:
        _subscribers[kind].append(listener)


def announce(fact: Fact) -> None:
    """Tell the subscribers once the transaction has committed; a listener that fails is logged and harms nobody."""
    transaction.on_commit(lambda: _tell(fact), robust=True)


def _tell(fact: Fact) -> None:
    for listener in _subscribers[type(fact)]:
        try:
            listener(fact)
        except Exception:
            logger.exception("a subscriber of %s failed", type(fact).__name__)

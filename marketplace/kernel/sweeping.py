"""Work that time alone makes due, registered by the room it belongs to and done by whoever sweeps."""

from __future__ import annotations

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

_sweeps: dict[str, Callable[[], None]] = {}


def register(name: str, sweep: Callable[[], None]) -> None:
    """Have ``sweep`` called every few seconds, by beat and by every worker: it must be safe to run twice at once."""
    _sweeps[name] = sweep


def sweep() -> None:
    """Do all that is registered; one that fails is logged and keeps the others from nothing."""
    for name, work in _sweeps.items():
        try:
            work()
        except Exception:
            logger.exception("sweeping %s failed", name)

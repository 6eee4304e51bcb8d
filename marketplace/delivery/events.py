"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.events import Fact


@dataclass(frozen=True)
class DeliveriesQueued(Fact):
    """There is something to send to webhooks."""

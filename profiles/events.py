"""What supply announces."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from marketplace.kernel.events import Fact


@dataclass(frozen=True)
class ResumeQueued(Fact):
    import_id: uuid.UUID


@dataclass(frozen=True)
class HoldBroken(Fact):
    """Somebody whose hours were held has closed the profile, paused it, or has too few hours left for it."""

    professional_id: uuid.UUID


@dataclass(frozen=True)
class ProfilesMerged(Fact):
    """Two profiles were of one person: ``merged`` is closed and leads to ``survivor`` from now on."""

    survivor: uuid.UUID
    merged: uuid.UUID

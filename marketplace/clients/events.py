"""What demand announces to the floors above."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from marketplace.kernel.events import Fact


@dataclass(frozen=True)
class ProjectPublished(Fact):
    project_id: uuid.UUID


@dataclass(frozen=True)
class ProjectWithdrawn(Fact):
    """It went back to draft, was canceled, or expired: whatever was proposed for it no longer counts."""

    project_id: uuid.UUID


@dataclass(frozen=True)
class PlacementVacated(Fact):
    """Somebody has left a seat, or will: who comes next? The row stays so until ``replaced_by`` is set."""

    engagement_id: uuid.UUID
    placement_id: uuid.UUID
    reason: str

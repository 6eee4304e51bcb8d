"""What supply announces."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from marketplace.kernel.events import Fact


@dataclass(frozen=True)
class ResumeQueued(Fact):
    import_id: uuid.UUID

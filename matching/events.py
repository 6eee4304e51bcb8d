"""What matching announces."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from marketplace.kernel.events import Fact


@dataclass(frozen=True)
class RunQueued(Fact):
    run_id: uuid.UUID


@dataclass(frozen=True)
class ReplacementQueued(Fact):
    replacement_id: uuid.UUID

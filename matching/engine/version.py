"""Which engine and which solver gave an answer: part of every replay record."""

from __future__ import annotations

import highspy

ENGINE_VERSION = "1.0"
SOLVER_VERSION = f"highs {highspy.Highs().version()}"  # type: ignore[no-untyped-call]

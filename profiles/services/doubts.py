"""What was kept although it looks wrong: told to whoever wrote it, and never a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.errors import Text


@dataclass(frozen=True)
class Doubt:
    """``pointer`` is a JSON pointer into what was written, ``code`` is stable."""

    pointer: str
    code: str
    detail: Text

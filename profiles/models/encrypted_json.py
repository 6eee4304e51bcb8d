"""JSON in an encrypted column."""

from __future__ import annotations

import json
from typing import Any

from marketplace.kernel import crypto


def sealed(content: dict[str, Any], *, bound_to: str) -> bytes:
    """Return ``content`` encrypted for one row and column; nothing for nothing."""
    return crypto.encrypt(json.dumps(content, ensure_ascii=False), bound_to=bound_to) if content else b""


def opened(blob: bytes | memoryview, *, bound_to: str) -> dict[str, Any]:
    """Return what ``sealed`` was given. Raises crypto.Undecipherable."""
    raw = bytes(blob)
    content: dict[str, Any] = json.loads(crypto.decrypt(raw, bound_to=bound_to)) if raw else {}
    return content

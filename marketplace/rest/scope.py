"""Who is asking, as far as HTTP needs to know."""

from __future__ import annotations

from typing import Protocol, cast

from rest_framework.request import Request


class Actor(Protocol):
    """``principal`` names the caller in counters and idempotency keys; ``may`` answers for one permission."""

    @property
    def principal(self) -> str: ...

    def may(self, permission: str) -> bool: ...


def caller(request: Request) -> Actor | None:
    """Return who is asking, or None when nobody has said so."""
    return cast("Actor | None", request.user)

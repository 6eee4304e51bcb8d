"""Waiting for another process or thread: until something holds, with a deadline, never for a fixed time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], *, seconds: float = 30.0, what: str = "") -> T:
    """Return the first true answer of ``condition``; fail when there is none within ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what or condition}"
        threading.Event().wait(0.02)

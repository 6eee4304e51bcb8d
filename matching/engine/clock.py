"""How long is left: the only thing the engine asks of the outside world, and only to know when to stop."""

from __future__ import annotations

from time import perf_counter


class Clock:
    """Counts down ``seconds`` from its making."""

    def __init__(self, seconds: float) -> None:
        self._start = perf_counter()
        self._seconds = seconds

    @property
    def elapsed(self) -> float:
        return perf_counter() - self._start

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self._seconds - self.elapsed)

    @property
    def expired(self) -> bool:
        return self.left <= 0.0

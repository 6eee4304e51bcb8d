"""Taking times on a machine that others use too: quantiles, ratios of neighbors in time, and how busy it was."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

import numpy as np

Result = TypeVar("Result")
Given = ParamSpec("Given")
Tell = Callable[[str, float], None]
"""Called with what is being measured and the share of it that is done, 0..1."""


def timed(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> tuple[Result, float]:
    """Return what ``work`` returns when called so, and the seconds it took by the wall clock."""
    began = time.perf_counter()
    result = work(*args, **kwargs)
    return result, time.perf_counter() - began


def computed(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> tuple[Result, float]:
    """Return what ``work`` returns when called so, and the seconds of processor time that this process spent on it.

    For work that neither waits nor runs elsewhere: on an idle machine it is the time by the clock, on a busy one it
    leaves out what others took.
    """
    began = time.process_time()
    result = work(*args, **kwargs)
    return result, time.process_time() - began


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest of ``values`` that at least ``share`` of them do not exceed. Raises ValueError for none."""
    if not values:
        raise ValueError("nothing was measured")
    return float(np.quantile(values, share, method="inverted_cdf"))


def median(values: Sequence[float]) -> float:
    """Return the quantile at one half."""
    return quantile(values, 0.5)


def milliseconds(seconds: float) -> str:
    """Return a time as people write it: three digits that count, in ms below ten seconds."""
    if seconds >= 10:
        return f"{seconds:.1f} s"
    return f"{1000 * seconds:,.0f} ms" if seconds >= 0.1 else f"{1000 * seconds:.3g} ms"


def people(count: int) -> str:
    """Return ``10k`` for ten thousand."""
    return f"{count // 1000}k" if count >= 1000 and count % 1000 == 0 else f"{count:,}"


class Load:
    """How busy the machine was with other work: load averages, and the time that its processors took from us."""

    def __init__(self) -> None:
        self._before = os.getloadavg()[0]
        self._wall, self._own = time.perf_counter(), time.process_time()

    def as_json(self) -> dict[str, object]:
        """Return the machine and its load from the beginning until now."""
        return {
            "processors": len(os.sched_getaffinity(0)),
            "machine": platform.machine(),
            "python": platform.python_version(),
            "load_before": round(self._before, 2),
            "load_after": round(os.getloadavg()[0], 2),
            "own_share_of_a_processor": round(
                (time.process_time() - self._own) / max(1e-9, time.perf_counter() - self._wall), 2
            ),
        }

"""Run a module as a program in a process whose clock can be set ahead while it runs.

``python -m tests.journeys.traveler FILE MODULE WORDS…``: FILE holds how many days ahead, and is read at each look. Only
the product's own clock moves; what libraries measure (timeouts, sessions) goes on as ever.
"""

from __future__ import annotations

import datetime as dt
import runpy
import sys
from pathlib import Path

from marketplace.kernel import clock

_present = clock.now


def travel(file: Path) -> None:
    """Have the clock of this process go as many days ahead as ``file`` says."""

    def now() -> dt.datetime:
        return _present() + dt.timedelta(days=int(file.read_text()))

    clock.now = now


if __name__ == "__main__":
    travel(Path(sys.argv[1]))
    module, sys.argv = sys.argv[2], sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)

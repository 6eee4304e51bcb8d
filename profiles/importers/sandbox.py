"""Reading in a child process, so that a file made to harm takes down nothing but its own reader."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from profiles.importers.reading import Reading, Refused

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Limits:
    """``cpu_seconds`` of computing, ``wall_seconds`` in all, ``memory`` bytes of address space."""

    cpu_seconds: int = 15
    wall_seconds: float = 30.0
    memory: int = 512 * 1024 * 1024


DEFAULT = Limits()


def read(raw: bytes, limits: Limits = DEFAULT) -> Reading:
    """Return what a file says, read in a process of its own that knows no key and no database.

    Raises Refused with the codes of ``formats.read``, or ``took_too_long``, ``too_much_memory``, ``reader_died``.
    """
    words = [sys.executable, "-m", "profiles.importers.child", str(limits.cpu_seconds), str(limits.memory)]
    process = subprocess.Popen(
        words,
        cwd=_ROOT,
        # Nothing of the worker's environment: it holds the keys of personal data and the address of the database.
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        output, _errors = process.communicate(raw, timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired as error:
        raise Refused("took_too_long", seconds=limits.wall_seconds) from error
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    if process.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        # The hard limit of processor time kills outright; nothing else here does.
        raise Refused("took_too_long", seconds=limits.cpu_seconds)
    if process.returncode != 0:
        logger.warning("the reader of a résumé ended with %s", process.returncode)
        raise Refused("reader_died")
    answer = json.loads(output)
    if refusal := answer.get("refused"):
        raise Refused(refusal["code"], pointer=refusal["pointer"], **refusal["data"])
    return Reading.from_json(answer["reading"])

"""A real Celery worker process on the test's own database and Redis, for tests of what happens when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    made = connection.settings_dict
    host = f"{made['HOST']}:{made['PORT']}" if made["PORT"] else made["HOST"]
    return f"postgres://{made['USER']}:{quote(made['PASSWORD'])}@{host}/{made['NAME']}"


@contextmanager
def worker(log: Path, *, queues: str = "match,default", **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker in a process group of its own; whatever is left of the group is killed at the end."""
    words = ["-m", "celery", "-A", "marketplace.celery", "worker", "--queues", queues, "--concurrency", "1"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *words, "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "REDIS_URL": settings.REDIS_URL,
                "REDIS_PREFIX": settings.REDIS_PREFIX,
                "INDEX_FOLDER": settings.INDEX_FOLDER,
                "SWEEP_SECONDS": "1",
                **environment,
            },
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """``kill -9`` the worker and its pool processes at once, and reap it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait()

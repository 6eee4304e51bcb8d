"""A whole service for the journeys: its own database, a web process, a Celery worker, and nothing shared with a test.

A journey knows the service by its URL; it never reads a row.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

from marketplace.kernel import clock
from marketplace.local import processes, supervisor
from tests.trust.celery_worker import ROOT
from tests.waiting import eventually

PASSWORD = "journeys-password-1"  # of synthetic people in a database that lives as long as the tests
PEOPLE, SEED = 2000, 1  # the demo market, in which its briefs are known to have cells
_TRAVELER = ["-m", "tests.journeys.traveler"]


@dataclass(frozen=True)
class Service:
    """Where it answers, and the file that says how many days ahead of us it lives."""

    url: str
    ahead: Path

    @property
    def today(self) -> dt.date:
        """The day on which the service lives."""
        return clock.today() + dt.timedelta(days=int(self.ahead.read_text()))

    def travel_to(self, day: dt.date) -> None:
        """Let time pass until ``day``; never back, since what has happened has happened."""
        days = (day - clock.today()).days
        assert days >= int(self.ahead.read_text())
        self.ahead.write_text(str(days))


@contextmanager
def running(folder: Path, name: str) -> Iterator[Service]:
    """Run a service on a database called ``name``, seeded with a synthetic market whose people can all log in."""
    letters, ahead = folder / "letters", folder / "ahead"
    letters.mkdir()
    ahead.write_text("0")
    with ExitStack() as stack:
        environment = {
            **os.environ,
            "DATABASE_URL": stack.enter_context(_database(name)),
            "REDIS_URL": settings.REDIS_URL,
            "REDIS_PREFIX": name,
            "INDEX_FOLDER": str(folder / "index"),
            "EMAIL_URL": f"filemail://{letters}",
            "CELULA_DEMO_PASSWORD": PASSWORD,
            "SWEEP_SECONDS": "1",
            # Twenty people from one address within a minute are what the limits are there to refuse.
            "THROTTLE": "0",
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        }
        for words in (
            ["manage.py", "migrate", "--verbosity", "0"],
            ["manage.py", "seed", "--logins", "--people", str(PEOPLE), "--seed", str(SEED)],
        ):
            done = subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, f"{' '.join(words)}: {done.stderr[-2000:]}"
        port = processes.free_port()
        stack.enter_context(_process([*_TRAVELER, str(ahead), *_web(port)], folder / "web.log", environment))
        log = folder / "worker.log"
        stack.enter_context(_process([*_TRAVELER, str(ahead), *_worker()], log, environment))
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: supervisor.answers(f"{url}/readyz"), seconds=60, what="the web process answers")
        eventually(lambda: " ready." in log.read_text(), seconds=60, what="the worker is ready")
        yield Service(url, ahead)


@contextmanager
def _database(name: str) -> Iterator[str]:
    made = settings.DATABASES["default"]
    server = {"host": made["HOST"], "port": made["PORT"], "user": made["USER"], "password": made["PASSWORD"]}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"postgres://{made['USER']}:{made['PASSWORD']}@{made['HOST']}:{made['PORT']}/{name}"
        finally:
            connection.execute(drop)


def _web(port: int) -> list[str]:
    served = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--no-ws"]
    return ["granian", *served, "--blocking-threads", "4", "marketplace.wsgi:application"]


def _worker() -> list[str]:
    words = ["worker", "--queues", "match,default,webhooks", "--concurrency", "1", "--loglevel", "INFO"]
    return ["celery", "-A", "marketplace.celery", *words, "--without-gossip", "--without-mingle"]


@contextmanager
def _process(words: list[str], log: Path, environment: dict[str, str]) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

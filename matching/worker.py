"""A thread in every worker that sweeps too, so that nothing depends on beat alone, and that ends a deaf worker.

Reconnects to Redis can leave a worker alive but deaf: if runs stay due for a minute while nobody claims any, it ends
itself and its supervisor starts another.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import threading
import time
from typing import Any

from celery.signals import worker_init, worker_ready, worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection

from marketplace.kernel import clock
from matching import engine
from matching.index import keeper
from matching.models import MatchRun
from matching.services import runs, sweeping
from matching.services.vacancies import requests

logger = logging.getLogger(__name__)

DEAF_AFTER = 60.0
_stopped = threading.Event()


def _overdue() -> bool:
    """Whether a run is due and nobody has started any for the last minute."""
    threshold = clock.now() - dt.timedelta(seconds=DEAF_AFTER)
    waiting = MatchRun.objects.due().filter(next_attempt_at__lt=threshold).exists()
    return waiting and not MatchRun.objects.filter(started_at__gte=threshold).exists()


def _watch(consumer: Any) -> None:
    deaf_since: float | None = None
    # One that only sends webhooks and e-mails needs no market.
    composes = "match" in consumer.app.amqp.queues.consume_from
    if composes:
        _find_or_build_index()
    while not _stopped.wait(settings.SWEEP_SECONDS):
        try:
            sweeping.sweep()
            if composes:
                keeper.rebuild_aside()
            for run_id in runs.due_ids():
                consumer.app.send_task("matching.tasks.compose", args=[str(run_id)], queue="match")
            for replacement_id in requests.due_ids():
                consumer.app.send_task("matching.tasks.replace", args=[str(replacement_id)], queue="match")
            if not (composes and _overdue()):
                deaf_since = None
            elif deaf_since is None:
                deaf_since = time.monotonic()
            elif time.monotonic() - deaf_since > DEAF_AFTER:
                logger.error("runs are due and none is claimed: this worker is deaf and ends itself")
                os.kill(os.getpid(), signal.SIGTERM)
                return
        except DatabaseError as error:
            logger.warning("the sweep met %s", type(error).__name__)
        except Exception as error:
            logger.warning("the sweep could not ring: %s", type(error).__name__)
        finally:
            connection.close()


def _find_or_build_index() -> None:
    """Have an index ready before the first run asks for it; a failure here is met again, and told, there."""
    try:
        keeper.rebuild_aside()
    except (DatabaseError, OSError) as error:
        logger.warning("the market index could not be prepared: %s", type(error).__name__)
    finally:
        connection.close()


@worker_init.connect
def _prepare(**_options: Any) -> None:
    """The compiled search before the processes are forked that work: they inherit it, and no run waits for it."""
    engine.prepare()


@worker_ready.connect
def _start(sender: Any, **_options: Any) -> None:
    threading.Thread(target=_watch, args=(sender,), name="sweeper", daemon=True).start()


@worker_shutting_down.connect
def _stop(**_options: Any) -> None:
    _stopped.set()

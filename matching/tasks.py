"""Celery's shells round the services: ids in, nothing out, safe to run twice."""

from __future__ import annotations

import uuid

from celery import shared_task

from matching.services import runs, sweeping
from matching.services.vacancies import composing, requests


@shared_task
def compose(run_id: str) -> None:
    """Work on one run, if it is still due."""
    runs.execute(uuid.UUID(run_id))


@shared_task
def replace(replacement_id: str) -> None:
    """Look for a replacement, if it is still due."""
    composing.execute(uuid.UUID(replacement_id))


@shared_task
def sweep() -> None:
    """Look for work that a lost message left behind."""
    sweeping.sweep()
    for run_id in runs.due_ids():
        compose.delay(str(run_id))
    for replacement_id in requests.due_ids():
        replace.delay(str(replacement_id))

"""Celery's shells round the services of supply: ids in, nothing out, safe to run twice."""

from __future__ import annotations

import uuid

from celery import shared_task

from profiles.services import imports

# The reader has its own, shorter limits; these are for what surrounds it.
_HARD_LIMIT = imports.LEASE_SECONDS - 30


@shared_task(soft_time_limit=_HARD_LIMIT - 15, time_limit=_HARD_LIMIT)
def read_resume(import_id: str) -> None:
    """Read one résumé, if it is still due."""
    imports.execute(uuid.UUID(import_id))

"""What this room hears from below and from itself; all of it is a doorbell, none of it the only record."""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError as BrokerError
from redis import RedisError

from marketplace.clients.events import ProjectPublished, ProjectWithdrawn
from marketplace.clients.models import Project
from marketplace.kernel import events
from matching import tasks, worker  # noqa: F401 - worker connects its signals
from matching.events import RunQueued
from matching.services import runs

logger = logging.getLogger(__name__)


def _request_run(fact: ProjectPublished) -> None:
    runs.request(project=Project.objects.get(pk=fact.project_id), cause="published", actor=None)


def _withdraw_runs(fact: ProjectWithdrawn) -> None:
    runs.withdraw(project_id=fact.project_id, reason="project_withdrawn")


def _ring(fact: RunQueued) -> None:
    """Tell a worker. With the broker away the row stays due, and the sweeper rings again."""
    try:
        tasks.compose.delay(str(fact.run_id))
    except (BrokerError, RedisError) as error:
        logger.warning("the broker is away (%s); the sweeper will ring", type(error).__name__)


events.subscribe(ProjectPublished, _request_run)
events.subscribe(ProjectWithdrawn, _withdraw_runs)
events.subscribe(RunQueued, _ring)

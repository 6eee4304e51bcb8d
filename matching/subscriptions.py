"""What this room hears from below and from itself; all of it is a doorbell, none of it the only record."""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError as BrokerError
from redis import RedisError

from marketplace.clients.events import PlacementVacated, ProjectPublished, ProjectWithdrawn
from marketplace.clients.models import Engagement, Project
from marketplace.kernel import events, sweeping
from marketplace.kernel.errors import Conflict
from matching import tasks, worker  # noqa: F401 - worker connects its signals
from matching.events import ReplacementQueued, RunQueued
from matching.services import runs
from matching.services.vacancies import decisions, requests

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


def _request_replacement(fact: PlacementVacated) -> None:
    try:
        requests.request(
            engagement=Engagement.objects.get(pk=fact.engagement_id), cause="placement_vacated", actor=None
        )
    except Conflict as refusal:
        logger.info("no replacement is looked for: %s", refusal.code)


def _ring_for_replacement(fact: ReplacementQueued) -> None:
    """Tell a worker, as for a run."""
    try:
        tasks.replace.delay(str(fact.replacement_id))
    except (BrokerError, RedisError) as error:
        logger.warning("the broker is away (%s); the sweeper will ring", type(error).__name__)


events.subscribe(ProjectPublished, _request_run)
events.subscribe(ProjectWithdrawn, _withdraw_runs)
events.subscribe(RunQueued, _ring)
events.subscribe(PlacementVacated, _request_replacement)
events.subscribe(ReplacementQueued, _ring_for_replacement)
sweeping.register("vacancies", decisions.sweep)

"""System checks of this room: settings that must agree."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.compatibility)
def leases_outlive_tasks(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """A lease must outlive the hard limit of its task, and that the visibility timeout, or work would run twice."""
    faults: list[CheckMessage] = []
    if settings.RUN_LEASE_SECONDS <= settings.CELERY_TASK_TIME_LIMIT:
        faults.append(Error("RUN_LEASE_SECONDS must be greater than CELERY_TASK_TIME_LIMIT.", id="matching.E001"))
    visibility = cast(int, settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"])
    if visibility <= settings.CELERY_TASK_TIME_LIMIT:
        faults.append(Error("CELERY_TASK_TIME_LIMIT must be less than the visibility timeout.", id="matching.E002"))
    if settings.RUN_SECONDS * 2 >= settings.CELERY_TASK_SOFT_TIME_LIMIT:
        faults.append(Error("Twice RUN_SECONDS must fit into CELERY_TASK_SOFT_TIME_LIMIT.", id="matching.E003"))
    return faults

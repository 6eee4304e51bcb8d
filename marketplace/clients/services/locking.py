"""Locks of demand in their one order: project, engagement, placements, then the people and weeks of ``bookings``."""

from __future__ import annotations

import uuid

from marketplace.clients.models import Engagement, Placement, Project
from marketplace.rest import etags


def project(key: uuid.UUID) -> Project:
    """Lock a project. NO KEY: a run that refers to it may be written meanwhile."""
    row: Project = Project.objects.select_for_update(no_key=True).get(pk=key)
    return row


def engagement(key: uuid.UUID, version: int | None = None) -> Engagement:
    """Lock an engagement, which is what every change of its placements goes through. Raises PreconditionFailed."""
    row: Engagement = Engagement.objects.select_for_update(no_key=True).get(pk=key)
    if version is not None:
        etags.require(row, version)
    return row


def live_placements(row: Engagement) -> list[Placement]:
    """Lock the live placements of a locked engagement and return them by id."""
    return list(Placement.objects.live().filter(engagement=row).select_for_update(no_key=True).order_by("pk"))


def placement(key: uuid.UUID) -> Placement:
    """Lock one placement of a locked engagement."""
    row: Placement = Placement.objects.select_for_update(no_key=True).get(pk=key)
    return row

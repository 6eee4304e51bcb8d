"""Asking for a replacement: by the fact that somebody has left, by a sweep, or by a recruiter."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import Engagement, Placement, Project
from marketplace.clients.services import locking
from marketplace.clients.states import LIVE_ENGAGEMENT
from marketplace.kernel import clock, events, states
from marketplace.kernel.errors import Conflict, DomainError, Invalid
from matching.events import ReplacementQueued
from matching.models import Replacement, Vacancy
from matching.services.vacancies import standing
from matching.states import LIVE_REPLACEMENT, ReplacementStatus


@transaction.atomic
def request(
    *,
    engagement: Engagement,
    cause: str,
    relaxed: Sequence[Mapping[str, Any]] = (),
    excluded: Sequence[uuid.UUID] = (),
    anew: bool = False,
    actor: Actor | None,
) -> Replacement:
    """Queue the search for whoever takes the empty seats of an engagement.

    A live one for the same seats is returned instead, unless asked ``anew``; one for other seats is superseded.
    ``relaxed`` are changes of a diagnosis to ask for less. Raises Conflict ``engagement_over``, ``nothing_vacant``
    and ``too_late`` when the engagement ends before anybody could begin.
    """
    Project.objects.select_for_update(no_key=True).get(pk=engagement.project_id)
    live: Replacement | None = (
        Replacement.objects.select_for_update().filter(engagement=engagement, status__in=LIVE_REPLACEMENT).first()
    )
    row = locking.engagement(engagement.pk)
    if row.status not in LIVE_ENGAGEMENT or row.has_lapsed:
        raise Conflict("engagement_over", _("This engagement is over."), data={"status": row.status})
    vacant = list(Placement.objects.vacant().filter(engagement=row).order_by("pk"))
    if not vacant:
        raise Conflict("nothing_vacant", _("No seat of this engagement is empty."))
    if standing.first_day(row, vacant) > row.ends_on:
        raise Conflict("too_late", _("The engagement ends before anybody could begin."))
    if live is not None:
        asked = set(live.vacancies.values_list("placement_id", flat=True))
        if not anew and asked == {placement.pk for placement in vacant}:
            return live
        supersede(live, "asked_anew" if anew else "another_seat_empty")
    made = Replacement.objects.create(
        engagement=row,
        cause=cause,
        requested_by=actor.principal if actor else audit.SYSTEM,
        relaxed=list(relaxed),
        excluded=[str(person) for person in excluded],
    )
    Vacancy.objects.bulk_create([Vacancy(replacement=made, placement=placement) for placement in vacant])
    audit.record(subject=made, action="replacement.requested", actor=actor, cause=cause, engagement=row.public_id)
    events.announce(ReplacementQueued(made.pk))
    return made


def again(
    *, engagement: Engagement, repair: int | None = None, exclude: Sequence[uuid.UUID] = (), actor: Actor
) -> Replacement:
    """Ask anew, without some people, or with the change at ``repair`` of the newest diagnosis.

    Raises as ``request``, and Invalid ``no_such_repair``.
    """
    relaxed: list[Any] = []
    if repair is not None:
        newest = Replacement.objects.filter(engagement=engagement, diagnosis__isnull=False).order_by("-pk").first()
        repairs = newest.diagnosis["repairs"] if newest is not None and newest.diagnosis else []
        if newest is None or not 0 <= repair < len(repairs):
            raise Invalid.field("/repair", "no_such_repair", _("There is no such repair."), count=len(repairs))
        relaxed = [*newest.relaxed, repairs[repair]["change"]]
    return request(engagement=engagement, cause="recruiter", relaxed=relaxed, excluded=exclude, anew=True, actor=actor)


def supersede(row: Replacement, reason: str) -> None:
    """End a locked live replacement whose question is no longer the right one."""
    states.move(row, ReplacementStatus.SUPERSEDED)
    row.status_reason, row.finished_at, row.lease_token, row.lease_until = reason, clock.now(), None, None
    row.touch("status", "status_reason", "finished_at", "lease_token", "lease_until")
    audit.record(subject=row, action="replacement.superseded", actor=None, reason=reason)


def request_missing() -> int:
    """Ask for replacements of vacancies that nobody asked about yet; return how many. A lost doorbell costs seconds."""
    known = Vacancy.objects.exclude(replacement__status=ReplacementStatus.SUPERSEDED).values("placement")
    waiting = Placement.objects.vacant().exclude(pk__in=known)
    count = 0
    for engagement in Engagement.objects.filter(placements__in=waiting).distinct().order_by("pk")[:100]:
        try:
            request(engagement=engagement, cause="swept", actor=None)
            count += 1
        except DomainError:  # over, filled, or too late: nothing to be done
            continue
    return count


@transaction.atomic
def _end_if_pointless(key: uuid.UUID) -> None:
    """Supersede a replacement whose engagement is over."""
    engagement_id, project_id = Replacement.objects.values_list("engagement_id", "engagement__project_id").get(pk=key)
    Project.objects.select_for_update(no_key=True).get(pk=project_id)
    row = Replacement.objects.select_for_update().get(pk=key)
    engagement = locking.engagement(engagement_id)
    if row.status in LIVE_REPLACEMENT and (engagement.status not in LIVE_ENGAGEMENT or engagement.has_lapsed):
        supersede(row, "engagement_over")


def end_pointless() -> int:
    """Supersede replacements of engagements that are over; return how many were looked at."""
    live = Replacement.objects.filter(status__in=LIVE_REPLACEMENT).exclude(engagement__status__in=LIVE_ENGAGEMENT)
    keys = list(live.values_list("pk", flat=True)[:100])
    for key in keys:
        _end_if_pointless(key)
    return len(keys)


def due_ids(limit: int = 100) -> list[uuid.UUID]:
    """Return the replacements that somebody should work on now, oldest first."""
    return list(Replacement.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:limit])

"""Requests follow their person; one that is open has to be answered before two profiles are made one."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Conflict
from marketplace.privacy.models import PrivacyRequest
from marketplace.privacy.states import RequestStatus
from profiles.services.merging.followers import Follower

_OPEN = (RequestStatus.RECEIVED, RequestStatus.BLOCKING)


def lock(people: Collection[uuid.UUID]) -> None:
    """Lock the requests of these people, before the people, as everywhere."""
    rows = PrivacyRequest.objects.filter(professional_id__in=people).select_for_update()
    list(rows.order_by("pk").values_list("pk"))


def move(merged: uuid.UUID, survivor: uuid.UUID) -> list[str]:
    """Give closed requests to the survivor. Raises Conflict ``privacy_request_open`` while either waits for an answer.

    What was asked of one profile must be answered of all that it held, and a merge would make that more.
    """
    waiting = PrivacyRequest.objects.filter(professional_id__in=[merged, survivor], status__in=_OPEN).order_by("pk")
    if found := list(waiting):
        raise Conflict(
            "privacy_request_open",
            _("A request about personal data waits for an answer; answer it first."),
            data={"requests": [row.public_id for row in found]},
        )
    return _give(PrivacyRequest.objects.filter(professional_id=merged), survivor)


def restore(moved: Any, merged: uuid.UUID, survivor: uuid.UUID) -> None:
    """Give them back."""
    _give(PrivacyRequest.objects.filter(pk__in=moved, professional_id=survivor), merged)


def _give(rows: Any, taker: uuid.UUID) -> list[str]:
    keys = [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)]
    rows.update(professional_id=taker)
    return keys


FOLLOWER = Follower("privacy", lock, move, restore)

"""Every row of two profiles as it stands: kept encrypted with a merge, compared and put back when it is undone."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection
from typing import Any

from django.db import models

from marketplace.accounts.models import User
from marketplace.kernel import clock
from profiles.models import (
    AvailabilityException,
    Booking,
    Certificate,
    Collaboration,
    Experience,
    LanguageProficiency,
    PersonWeek,
    Professional,
    ResumeExtras,
    ResumeImport,
    SkillClaim,
    Verification,
)

Rows = list[dict[str, Any]]
Memory = dict[str, Rows]

# What nothing else refers to is deleted and written again as it was, in this order.
_WHOLE: tuple[type[models.Model], ...] = (
    SkillClaim,
    LanguageProficiency,
    Certificate,
    Experience,
    AvailabilityException,
    Booking,
    PersonWeek,
    Verification,
    ResumeExtras,
    Collaboration,
)
# A file on its way into a profile goes on being read meanwhile: only whose it is belongs to the merge.
_OWNER_ONLY: tuple[type[models.Model], ...] = (ResumeImport,)


def of(people: Collection[uuid.UUID]) -> Memory:
    """Return every row of these people, columns as texts that can be read back."""
    memory: Memory = {
        "professionals": [_kept(row) for row in Professional.objects.filter(pk__in=people).order_by("pk")]
    }
    for model in _WHOLE:
        memory[model._meta.model_name or ""] = [_kept(row) for row in _rows(model, people).order_by("pk")]
    for model in _OWNER_ONLY:
        memory[model._meta.model_name or ""] = [
            {"id": str(key), "professional_id": str(owner)}
            for key, owner in _rows(model, people).order_by("pk").values_list("pk", "professional_id")
        ]
    owners = Professional.objects.filter(pk__in=people, user__isnull=False).values("user_id")
    memory["users"] = [
        {"id": str(key), "is_active": active}
        for key, active in User.objects.filter(pk__in=owners).order_by("pk").values_list("pk", "is_active")
    ]
    return memory


def digest(memory: Memory) -> str:
    """Return a digest of all that was kept: equal exactly when nothing has changed."""
    return hashlib.sha256(json.dumps(memory, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def put_back(memory: Memory, people: Collection[uuid.UUID]) -> None:
    """Make every row of these people what it was; the profiles themselves get a new version."""
    for model in _WHOLE:
        _rows(model, people).delete()
    now = Professional.objects.in_bulk(people)
    # What only one of them may have is let go by both first.
    Professional.objects.filter(pk__in=people).update(rfc_index="", curp_index="", user=None)
    for kept in memory["professionals"]:
        row = _again(Professional, kept)
        row.version, row.updated_at = now[row.pk].version + 1, clock.now()
        row.save(force_update=True)
    for model in _WHOLE:
        rows = [_again(model, kept) for kept in memory[model._meta.model_name or ""]]
        model._default_manager.bulk_create(rows, batch_size=500)
    for model in _OWNER_ONLY:
        for kept in memory[model._meta.model_name or ""]:
            model._default_manager.filter(pk=kept["id"]).update(professional_id=kept["professional_id"])
    for kept in memory["users"]:
        User.objects.filter(pk=kept["id"]).update(is_active=kept["is_active"])


def _rows(model: type[models.Model], people: Collection[uuid.UUID]) -> models.QuerySet[Any]:
    if model is Collaboration:
        return Collaboration.objects.filter(models.Q(first_id__in=people) | models.Q(second_id__in=people))
    return model._default_manager.filter(professional_id__in=people)


def _kept(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: None if getattr(row, field.attname) is None else field.value_to_string(row)
        for field in row._meta.concrete_fields
    }


def _again(model: type[models.Model], kept: dict[str, Any]) -> Any:
    values = {}
    for field in model._meta.concrete_fields:
        text = kept[field.attname]
        values[field.attname] = None if text is None else field.to_python(text)
    return model(**values)

"""The parts of two profiles: everything goes to the survivor; of two that say the same thing the better shown stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import models
from django.db.models import F

from marketplace.kernel import clock
from marketplace.kernel.models import Record
from profiles import likeness
from profiles.levels import Evidence
from profiles.models import (
    AvailabilityException,
    Booking,
    Certificate,
    Collaboration,
    Experience,
    LanguageProficiency,
    Professional,
    ResumeExtras,
    ResumeImport,
    SkillClaim,
    Verification,
)
from profiles.reference.validity import holds

R = TypeVar("R", bound=Record)
Outcome = dict[str, dict[str, int]]


def move(survivor: Professional, merged: Professional) -> Outcome:
    """Give the survivor all parts of both; return per kind how many ``moved``, ``replaced`` the survivor's, or not."""
    today = clock.today()
    outcome = {
        "skills": _better(SkillClaim, survivor, merged, lambda row: row.skill_id, lambda row: _claim(row, today)),
        "languages": _better(
            LanguageProficiency, survivor, merged, lambda row: row.language, lambda row: _language(row, today)
        ),
        "certificates": _better(
            Certificate, survivor, merged, lambda row: row.skill_id, lambda row: _certificate(row, today)
        ),
        "experiences": _better(Experience, survivor, merged, _position, _experience),
        "availability": _better(AvailabilityException, survivor, merged, _span, lambda row: ()),
        "verifications": _all(Verification, survivor, merged),
        "imports": _all(ResumeImport, survivor, merged),
        "bookings": _all(Booking, survivor, merged),
        "kept_resume": _better(ResumeExtras, survivor, merged, lambda row: None, lambda row: ()),
        "collaborations": _collaborations(survivor, merged),
    }
    return {kind: counts for kind, counts in outcome.items() if any(counts.values())}


def _claim(row: SkillClaim, today: dt.date) -> tuple[Any, ...]:
    return _evidence(row, today), row.level, row.years, row.last_used or 0


def _evidence(row: SkillClaim | LanguageProficiency, today: dt.date) -> int:
    return row.evidence if holds(row.evidence_expires_on, today) else Evidence.SELF_DECLARED


def _language(row: LanguageProficiency, today: dt.date) -> tuple[Any, ...]:
    return _evidence(row, today), row.speaking, row.listening + row.reading + row.writing, row.tested_on or dt.date.min


def _certificate(row: Certificate, today: dt.date) -> tuple[Any, ...]:
    return holds(row.expires_on, today), row.evidence, row.expires_on or dt.date.max, row.issued_on


def _position(row: Experience) -> Hashable:
    return likeness.folded(row.employer), likeness.folded(row.title), row.starts_on


def _experience(row: Experience) -> tuple[Any, ...]:
    return len(row.summary_en) + len(row.summary_es), row.ends_on is not None


def _span(row: AvailabilityException) -> Hashable:
    return row.starts_on, row.ends_on, row.weekly_minutes


def _better(
    model: type[R],
    survivor: Professional,
    merged: Professional,
    says: Callable[[Any], Hashable],
    rank: Callable[[Any], tuple[Any, ...]],
) -> dict[str, int]:
    """Keep one row of those that say the same: the higher in rank, of equals the survivor's."""
    rows: Any = model._default_manager
    mine: dict[Hashable, R] = {says(row): row for row in rows.filter(professional=survivor)}
    moved, worse = [], []
    replaced = 0
    for row in rows.filter(professional=merged).order_by("pk"):
        own = mine.get(says(row))
        if own is None:
            moved.append(row.pk)
        elif rank(row) > rank(own):
            replaced += 1
            moved.append(row.pk)
            worse.append(own.pk)
        else:
            worse.append(row.pk)
            continue
        mine[says(row)] = row
    rows.filter(pk__in=worse).delete()
    _give(rows.filter(pk__in=moved), survivor)
    return {"moved": len(moved) - replaced, "replaced": replaced, "not_better": len(worse) - replaced}


def _all(model: type[Record], survivor: Professional, merged: Professional) -> dict[str, int]:
    rows: Any = model._default_manager
    return {"moved": _give(rows.filter(professional=merged), survivor)}


def _give(rows: models.QuerySet[Any], survivor: Professional) -> int:
    return rows.update(professional=survivor, version=F("version") + 1, updated_at=clock.now())


def _collaborations(survivor: Professional, merged: Professional) -> dict[str, int]:
    """Add up who worked with whom; that the two worked together would mean nothing."""
    both = {survivor.pk, merged.pk}
    rows = Collaboration.objects.filter(models.Q(first_id__in=both) | models.Q(second_id__in=both))
    together: dict[Any, Collaboration] = {}
    moved = 0
    for row in rows.order_by("pk"):
        others = {row.first_id, row.second_id} - both
        if not others:
            continue
        (other,) = others
        moved += merged.pk in {row.first_id, row.second_id}
        first, second = sorted((survivor.pk, other))
        known = together.setdefault(other, Collaboration(first_id=first, second_id=second, times=0))
        known.times = min(known.times + row.times, 32_767)
        known.last_year = max(known.last_year or 0, row.last_year or 0) or None
    if moved:
        rows.delete()
        Collaboration.objects.bulk_create(together.values())
    return {"moved": moved}

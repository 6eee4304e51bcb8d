"""Where somebody has worked."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import clock
from marketplace.kernel.errors import FieldError, Invalid, NotFound
from marketplace.rest import etags
from profiles.models import Experience, Professional
from profiles.services import professionals

MOST_EXPERIENCES = 40


def of_professional(professional: Professional, experience_id: uuid.UUID) -> Experience:
    """Return one position of theirs. Raises NotFound."""
    found = Experience.objects.filter(professional=professional, pk=experience_id).first()
    if found is None:
        raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
    return found


@transaction.atomic
def add(*, professional: Professional, actor: Actor | None, **stated: Any) -> Experience:
    """Add a position: ``employer, title, starts_on, ends_on, summary_en, summary_es``. Raises Invalid."""
    row = professionals.locked(professional)
    experience = Experience(professional=row, **stated)
    _check(experience)
    if Experience.objects.filter(professional=row).count() >= MOST_EXPERIENCES:
        raise Invalid(
            "too_many_experiences", _("A profile has at most %(most)s positions.") % {"most": MOST_EXPERIENCES}
        )
    experience.save(force_insert=True)
    row.touch()
    log.record(subject=row, action="experience.add", actor=actor, experience=experience.public_id)
    return experience


@transaction.atomic
def update(
    *, professional: Professional, experience_id: uuid.UUID, version: int | None, actor: Actor | None, **stated: Any
) -> Experience:
    """Change a position as it stood at ``version``. Raises NotFound, Invalid, PreconditionFailed."""
    row = professionals.locked(professional)
    experience = of_professional(row, experience_id)
    if version is not None:
        etags.require(experience, version)
    for name, value in stated.items():
        setattr(experience, name, value)
    _check(experience)
    experience.touch(*stated)
    row.touch()
    log.record(subject=row, action="experience.update", actor=actor, experience=experience.public_id)
    return experience


@transaction.atomic
def remove(*, professional: Professional, experience_id: uuid.UUID, actor: Actor | None) -> None:
    """Take a position away. Raises NotFound."""
    row = professionals.locked(professional)
    experience = of_professional(row, experience_id)
    log.record(subject=row, action="experience.remove", actor=actor, experience=experience.public_id)
    experience.delete()
    row.touch()


def _check(experience: Experience) -> None:
    errors = []
    if experience.starts_on > clock.today():
        errors.append(FieldError("/starts_on", "in_the_future", _("This day is still to come.")))
    if experience.ends_on is not None and experience.ends_on < experience.starts_on:
        errors.append(FieldError("/ends_on", "ends_before_start", _("This is before the first day.")))
    if errors:
        raise Invalid.several(errors)

"""Languages by CEFR activity: levels as stated, the raw score of a test as given, nothing converted silently."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, FieldError, Invalid, NotFound
from profiles.levels import Cefr, Evidence
from profiles.models import LanguageProficiency, Professional
from profiles.services import professionals


@transaction.atomic
def set_one(
    *, professional: Professional, language: str, actor: Actor | None, **stated: Any
) -> tuple[LanguageProficiency, bool]:
    """State a language, or state it anew; return it and whether it is new. A changed statement loses its evidence.

    ``stated`` holds ``listening, speaking, reading, writing`` (``levels.Cefr``), ``native``, ``test``, ``raw_score``,
    ``scale_version`` and ``tested_on``. Raises Invalid with every fault.
    """
    row = professionals.locked(professional)
    errors = []
    if not stated.get("native") and stated.get("speaking", Cefr.NONE) == Cefr.NONE:
        errors.append(FieldError("/speaking", "required", _("Say at which level you speak it.")))
    tested_on = stated.get("tested_on")
    if tested_on and tested_on > clock.today():
        errors.append(FieldError("/tested_on", "in_the_future", _("This day is still to come.")))
    if stated.get("raw_score") and not (stated.get("test") and tested_on):
        errors.append(
            FieldError("/raw_score", "score_without_test", _("A score needs the name of its test and its day."))
        )
    if errors:
        raise Invalid.several(errors)
    if stated.get("native"):
        # A native speaker is at the top of the scale wherever they did not say otherwise.
        stated = {**dict.fromkeys(("listening", "speaking", "reading", "writing"), Cefr.C2), **stated}
    known = LanguageProficiency.objects.filter(professional=row, language=language).first()
    proficiency = known or LanguageProficiency(professional=row, language=language)
    changed = [name for name, value in stated.items() if getattr(proficiency, name) != value]
    for name in changed:
        setattr(proficiency, name, stated[name])
    if known is None:
        proficiency.save(force_insert=True)
    elif changed:
        proficiency.evidence = Evidence.SELF_DECLARED
        proficiency.touch(*changed, "evidence")
    row.touch()
    log.record(subject=row, action="language.set", actor=actor, language=language, new=known is None)
    return proficiency, known is None


@transaction.atomic
def remove(*, professional: Professional, language: str, actor: Actor | None) -> None:
    """Take a language back. Raises NotFound."""
    row = professionals.locked(professional)
    _of(row, language).delete()
    row.touch()
    log.record(subject=row, action="language.remove", actor=actor, language=language)


@transaction.atomic
def verify(
    *, professional: Professional, language: str, speaking: int, evidence: Evidence, actor: Actor
) -> LanguageProficiency:
    """Record what stands behind a language whose spoken level was seen as ``speaking``.

    Raises NotFound, Conflict ``language_changed`` when another level is stated by now.
    """
    row = professionals.locked(professional)
    proficiency = _of(row, language)
    if proficiency.speaking != speaking:
        raise Conflict("language_changed", _("Another level is stated by now; look at it again."))
    proficiency.evidence = evidence
    proficiency.touch("evidence")
    row.touch()
    log.record(
        subject=row,
        action="language.verify",
        actor=actor,
        language=language,
        speaking=Cefr(speaking).name.lower(),
        evidence=evidence.name.lower(),
    )
    return proficiency


def _of(row: Professional, language: str) -> LanguageProficiency:
    found = LanguageProficiency.objects.filter(professional=row, language=language).first()
    if found is None:
        raise NotFound("not_found", _("This language is not stated."))
    return found

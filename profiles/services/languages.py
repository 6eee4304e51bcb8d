"""Languages by CEFR activity: levels as stated, the raw score of a test as given, nothing converted silently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, FieldError, Invalid, NotFound
from profiles.levels import Activity, Cefr, Evidence
from profiles.models import LanguageProficiency, Professional, VerifiedKind
from profiles.reference import cefr
from profiles.reference.tables import OVERALL, Span
from profiles.reference.validity import holds
from profiles.services import professionals, verifications
from profiles.services.doubts import Doubt

_RESULT: dict[str, Any] = {"test": "", "raw_score": "", "section_scores": {}, "scale_version": "", "tested_on": None}


@dataclass(frozen=True)
class Reading:
    """What a stored score says: its levels by a named table, the last day it counts, and what to look at again."""

    derived: cefr.Derived | None
    expires_on: dt.date | None
    doubts: tuple[Doubt, ...]


@transaction.atomic
def set_one(
    *, professional: Professional, language: str, actor: Actor | None, **stated: Any
) -> tuple[LanguageProficiency, bool]:
    """State a language, or state it anew; return it and whether it is new. A changed statement loses its evidence.

    ``stated`` holds ``listening, speaking, reading, writing`` (``levels.Cefr``), ``native``, ``test``, ``raw_score``,
    ``section_scores`` (texts by ``levels.Activity``), ``scale_version`` and ``tested_on``; levels that contradict the
    score are kept, see ``reading``. Raises Invalid with every fault.
    """
    row = professionals.locked(professional)
    known = LanguageProficiency.objects.filter(professional=row, language=language).first()
    proficiency = known or LanguageProficiency(professional=row, language=language)
    if stated.get("native"):
        # A native speaker is at the top of the scale wherever they did not say otherwise.
        stated = {**dict.fromkeys(Activity.values, Cefr.C2), **stated}
    if _RESULT.keys() & stated.keys():
        # One result is stated as a whole: the scale of a former test says nothing about this one.
        stated = {**_RESULT, **stated}
    if errors := _faults(stated, language):
        raise Invalid.several(errors)
    changed = [name for name, value in stated.items() if getattr(proficiency, name) != value]
    for name in changed:
        setattr(proficiency, name, stated[name])
    if known is None:
        proficiency.save(force_insert=True)
    elif changed:
        proficiency.evidence, proficiency.evidence_expires_on = Evidence.SELF_DECLARED, None
        proficiency.touch(*changed, "evidence", "evidence_expires_on")
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
    *,
    professional: Professional,
    language: str,
    speaking: int,
    evidence: Evidence,
    source: str = "",
    actor: Actor,
) -> LanguageProficiency:
    """Record what stands behind a language whose spoken level was seen as ``speaking``.

    ``tested`` needs a stored test that still counts today, and lasts as long as its result. Raises NotFound, Conflict
    ``language_changed`` when another level is stated by now, Invalid ``no_test``, ``test_expired`` or
    ``speaking_not_tested``.
    """
    row = professionals.locked(professional)
    proficiency = _of(row, language)
    if proficiency.speaking != speaking:
        raise Conflict("language_changed", _("Another level is stated by now; look at it again."))
    expires_on = None
    if evidence == Evidence.TESTED:
        if not (proficiency.test and proficiency.tested_on):
            raise Invalid.field("/evidence", "no_test", _("No test is stated for this language."))
        expires_on = cefr.expires_on(proficiency.test, proficiency.tested_on)
        if not holds(expires_on, clock.today()):
            raise Invalid.field("/evidence", "test_expired", _("The result of this test no longer counts."))
        if Activity.SPEAKING not in _tested(_result(proficiency)):
            raise Invalid.field(
                "/evidence", "speaking_not_tested", _("Nobody speaks in this test, so it does not show a spoken level.")
            )
    proficiency.evidence, proficiency.evidence_expires_on = evidence, expires_on
    proficiency.touch("evidence", "evidence_expires_on")
    row.touch()
    verifications.add(
        professional=row,
        kind=VerifiedKind.LANGUAGE,
        code=language,
        level=speaking,
        evidence=evidence,
        source=source,
        expires_on=expires_on,
        seen=_seen(proficiency),
        actor=actor,
    )
    log.record(
        subject=row,
        action="language.verify",
        actor=actor,
        language=language,
        speaking=Cefr(speaking).name.lower(),
        evidence=evidence.name.lower(),
    )
    return proficiency


def _seen(row: LanguageProficiency) -> dict[str, Any]:
    """Return the stated result as a record keeps it; empty where no test is stated."""
    if not row.test:
        return {}
    tested_on = row.tested_on and row.tested_on.isoformat()
    return {**{name: getattr(row, name) for name in _RESULT}, "tested_on": tested_on}


def reading(proficiency: LanguageProficiency, by: dt.date | None = None) -> Reading:
    """Return what the stored score says, and what does not fit, such as a result that no longer counts on day ``by``.

    No query. ``by`` is the end of an engagement, today where it is left out.
    """
    result = _result(proficiency)
    derived = None
    if result.tested_on is not None and result.scores:
        derived = cefr.derive(result.test, result.score, result.scale_version, result.tested_on, result.sections)
    expires_on = cefr.expires_on(proficiency.test, proficiency.tested_on)
    return Reading(derived, expires_on, tuple(_doubts(proficiency, result, derived, expires_on, by or clock.today())))


def _faults(stated: dict[str, Any], language: str) -> list[FieldError]:
    errors = []
    if stated.get("speaking", Cefr.NONE) == Cefr.NONE:
        errors.append(FieldError("/speaking", "required", _("Say at which level you speak it.")))
    tested_on = stated.get("tested_on")
    if tested_on and tested_on > clock.today():
        errors.append(FieldError("/tested_on", "in_the_future", _("This day is still to come.")))
    for name in ("raw_score", "section_scores"):
        if stated.get(name) and not (stated.get("test") and tested_on):
            errors.append(
                FieldError(f"/{name}", "score_without_test", _("A score needs the name of its test and its day."))
            )
    result = cefr.Result(
        stated.get("test") or "",
        stated.get("raw_score") or "",
        stated.get("scale_version") or "",
        tested_on,
        stated.get("section_scores") or {},
    )
    return [*errors, *cefr.faults(result, language)]


def _doubts(
    row: LanguageProficiency, result: cefr.Result, derived: cefr.Derived | None, expires_on: dt.date | None, by: dt.date
) -> Iterator[Doubt]:
    if result.scores and derived is None:
        yield _not_converted(result)
    if derived is not None:
        for activity in Activity.values:
            span = derived.levels.get(activity)
            if span is not None and getattr(row, activity) and getattr(row, activity) not in span:
                yield _unlike(activity, getattr(row, activity), span)
        if derived.levels.keys() == {OVERALL}:
            yield from _unlike_overall(row, derived.levels[OVERALL], _tested(result))
    if expires_on is not None and not holds(expires_on, by):
        yield Doubt("/tested_on", "test_expires", _("The result of this test no longer counts on that day."))


def _tested(result: cefr.Result) -> tuple[str, ...]:
    """Return the activities that the test of a result has: nobody speaks in a test of listening and reading."""
    scale = cefr.scale_of(result)
    return tuple(Activity.values) if scale is None else scale.activities


def _unlike_overall(row: LanguageProficiency, span: Span, tested: Sequence[str]) -> Iterator[Doubt]:
    """An overall result is a mean: activities may lie a level beside it, but not further, and not all of them."""
    stated = {activity: getattr(row, activity) for activity in tested if getattr(row, activity)}
    one_sided = all(level > span.most for level in stated.values()) or all(
        level < span.least for level in stated.values()
    )
    for activity, level in stated.items():
        if one_sided or level > span.most + 1 or level < span.least - 1:
            yield _unlike(activity, level, span)


def _unlike(activity: str, stated: int, span: Span) -> Doubt:
    code, text = (
        ("above_score", _("You state %(stated)s; by your score it is %(derived)s."))
        if stated > span.most
        else ("below_score", _("You state %(stated)s; your score shows %(derived)s."))
    )
    return Doubt(f"/{activity}", code, text % {"stated": Cefr(stated).label, "derived": span.label})


def _not_converted(result: cefr.Result) -> Doubt:
    test = cefr.find_test(result.test)
    if test is None:
        return Doubt("/test", "unknown_test", _("We know no table for this test; the score is kept as it is."))
    if cefr.scale_of(result) is None:
        return Doubt("/scale_version", "scale_unclear", _("Say on which scale this score is; it could be on several."))
    return Doubt("/raw_score", "no_table", _("No table reads this score in CEFR levels; it is kept as it is."))


def _result(row: LanguageProficiency) -> cefr.Result:
    return cefr.Result(row.test, row.raw_score, row.scale_version, row.tested_on, row.section_scores)


def _of(row: Professional, language: str) -> LanguageProficiency:
    found = LanguageProficiency.objects.filter(professional=row, language=language).first()
    if found is None:
        raise NotFound("not_found", _("This language is not stated."))
    return found

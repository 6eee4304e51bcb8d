"""Claims to skills: what somebody says they can do, and what a recruiter has seen of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, FieldError, Invalid, NotFound
from profiles.levels import Evidence
from profiles.models import Professional, Skill, SkillClaim, VerifiedKind
from profiles.services import professionals, skills, verifications

MOST_CLAIMS = 80


@dataclass(frozen=True)
class Claimed:
    """``skill`` is a code or any name of it; ``level`` 1..5 (``levels.Level``); ``last_used`` a calendar year."""

    skill: str
    level: int
    years: int = 0
    last_used: int | None = None


@transaction.atomic
def set_one(*, professional: Professional, claimed: Claimed, actor: Actor | None) -> tuple[SkillClaim, bool]:
    """Claim a skill, or change the claim; return it and whether it is new. A changed claim loses its evidence.

    Raises Invalid ``unknown_skill`` with the nearest names, or ``last_used_in_future``.
    """
    row = professionals.locked(professional)
    found, errors = _check([claimed], pointers=[""])
    if errors:
        raise Invalid.several(errors)
    claim, new = _write(row, found[0], claimed)
    _require_few(row)
    row.touch()
    log.record(subject=row, action="skill_claim.set", actor=actor, skill=found[0].code, level=claimed.level, new=new)
    return claim, new


@transaction.atomic
def replace(
    *, professional: Professional, claimed: Sequence[Claimed], version: int | None, actor: Actor | None
) -> list[SkillClaim]:
    """Make ``claimed`` the whole list: claims that stay unchanged keep their evidence, the others go.

    Raises Invalid with every fault, pointers into ``/skills``, and PreconditionFailed.
    """
    row = professionals.locked(professional, version=version)
    found, errors = _check(claimed, pointers=[f"/skills/{position}" for position in range(len(claimed))])
    if errors:
        raise Invalid.several(errors)
    kept = [_write(row, skill, each)[0] for skill, each in zip(found, claimed, strict=True)]
    SkillClaim.objects.filter(professional=row).exclude(pk__in=[claim.pk for claim in kept]).delete()
    _require_few(row)
    row.touch()
    log.record(subject=row, action="skill_claim.replace", actor=actor, skills=sorted(skill.code for skill in found))
    return kept


@transaction.atomic
def remove(*, professional: Professional, code: str, actor: Actor | None) -> None:
    """Take a claim back. Raises NotFound."""
    row = professionals.locked(professional)
    _of(row, code).delete()
    row.touch()
    log.record(subject=row, action="skill_claim.remove", actor=actor, skill=code)


@transaction.atomic
def verify(
    *,
    professional: Professional,
    code: str,
    level: int,
    evidence: Evidence,
    source: str,
    expires_on: dt.date | None,
    actor: Actor,
) -> SkillClaim:
    """Record what stands behind a claim at ``level``, the level that the recruiter saw.

    Raises NotFound, Conflict ``claim_changed`` when the claim has another level by now, Invalid ``in_the_past``.
    """
    row = professionals.locked(professional)
    claim = _of(row, code)
    if claim.level != level:
        raise Conflict(
            "claim_changed",
            _("The claim is at level %(level)s now; look at it again.") % {"level": claim.level},
            data={"level": claim.level},
        )
    if expires_on is not None and expires_on <= clock.today():
        raise Invalid.field("/expires_on", "in_the_past", _("This day has already passed."))
    claim.evidence, claim.evidence_source, claim.verified_by = evidence, source, actor.principal
    claim.evidence_on, claim.evidence_expires_on = clock.today(), expires_on
    claim.touch("evidence", "evidence_source", "verified_by", "evidence_on", "evidence_expires_on")
    row.touch()
    verifications.add(
        professional=row,
        kind=VerifiedKind.SKILL,
        code=code,
        level=level,
        evidence=evidence,
        source=source,
        expires_on=expires_on,
        actor=actor,
    )
    log.record(
        subject=row, action="skill_claim.verify", actor=actor, skill=code, level=level, evidence=evidence.name.lower()
    )
    return claim


def _of(row: Professional, code: str) -> SkillClaim:
    claim = SkillClaim.objects.select_related("skill").filter(professional=row, skill__code=code).first()
    if claim is None:
        raise NotFound("not_found", _("There is no claim to this skill."))
    return claim


def _check(claimed: Sequence[Claimed], *, pointers: Sequence[str]) -> tuple[list[Skill], list[FieldError]]:
    """Return the skill of each claim, and every fault."""
    known = skills.resolve([each.skill for each in claimed])
    errors, seen = [], set()
    for each, pointer in zip(claimed, pointers, strict=True):
        skill = known.get(each.skill)
        if skill is None:
            errors.append(skills.unknown(each.skill, f"{pointer}/skill"))
        elif skill.pk in seen:
            errors.append(
                FieldError(f"{pointer}/skill", "skill_twice", _("“%(code)s” is named twice.") % {"code": skill.code})
            )
        else:
            seen.add(skill.pk)
        if each.last_used is not None and each.last_used > clock.today().year:
            errors.append(FieldError(f"{pointer}/last_used", "in_the_future", _("This year is still to come.")))
    return [known[each.skill] for each in claimed if each.skill in known], errors


def _write(row: Professional, skill: Skill, claimed: Claimed) -> tuple[SkillClaim, bool]:
    values: dict[str, Any] = {"level": claimed.level, "years": claimed.years, "last_used": claimed.last_used}
    claim = SkillClaim.objects.filter(professional=row, skill=skill).first()
    if claim is None:
        return SkillClaim.objects.create(professional=row, skill=skill, **values), True
    if {name: getattr(claim, name) for name in values} != values:
        # What was verified is no longer what is claimed.
        values |= {
            "evidence": Evidence.SELF_DECLARED,
            "evidence_source": "",
            "evidence_on": None,
            "evidence_expires_on": None,
            "verified_by": "",
        }
        for name, value in values.items():
            setattr(claim, name, value)
        claim.touch(*values)
    return claim, False


def _require_few(row: Professional) -> None:
    if SkillClaim.objects.filter(professional=row).count() > MOST_CLAIMS:
        raise Invalid("too_many_skills", _("A profile has at most %(most)s skills.") % {"most": MOST_CLAIMS})

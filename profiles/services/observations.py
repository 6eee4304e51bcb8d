"""What was seen of a skill at work, by whoever the work was for: evidence for a claim, never a score."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import clock
from profiles.levels import Evidence
from profiles.models import Professional, SkillClaim, Verification, VerifiedKind
from profiles.reference.validity import holds, months_after
from profiles.services import professionals

# As long as most language tests: what was seen at work two years ago says little about today.
LASTS_MONTHS = 24


@transaction.atomic
def observe(
    *, professional: Professional, code: str, source: str, on: dt.date, observed_by: str, actor: Actor | None
) -> Verification | None:
    """Record that the skill was seen at work on a day, at the level that is claimed now; None when nothing is claimed.

    ``observed_by`` is the principal who saw it, whoever writes it down. It counts as tested for two years. A claim that
    a recruiter has verified, or that was tested for longer, keeps what it has; the record is added beside it. Raises
    Conflict ``profile_closed``.
    """
    row = professionals.locked(professional)
    claim = SkillClaim.objects.filter(professional=row, skill__code=code).first()
    if claim is None:
        return None
    expires_on = months_after(on, LASTS_MONTHS)
    seen = Verification.objects.create(
        professional=row,
        kind=VerifiedKind.SKILL,
        code=code,
        level=claim.level,
        evidence=Evidence.TESTED,
        source=source,
        expires_on=expires_on,
        verified_by=observed_by,
    )
    if not _stronger(claim, expires_on):
        claim.evidence, claim.evidence_source, claim.verified_by = Evidence.TESTED, source, observed_by
        claim.evidence_on, claim.evidence_expires_on = on, expires_on
        claim.touch("evidence", "evidence_source", "verified_by", "evidence_on", "evidence_expires_on")
        row.touch()
    log.record(subject=row, action="skill_claim.observed", actor=actor, skill=code, level=claim.level)
    return seen


def _stronger(claim: SkillClaim, until: dt.date) -> bool:
    """Whether what the claim has is worth more: verified and in force, or tested for at least as long."""
    if not holds(claim.evidence_expires_on, clock.today()):
        return False
    lasts = claim.evidence_expires_on is None or claim.evidence_expires_on >= until
    return claim.evidence == Evidence.VERIFIED or (claim.evidence == Evidence.TESTED and lasts)

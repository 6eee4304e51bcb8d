"""The record of verifications: who saw what of a profile, when, how, and until when it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.kernel import clock
from profiles.levels import Evidence
from profiles.models import Certificate, LanguageProficiency, Professional, SkillClaim, Verification, VerifiedKind
from profiles.reference.validity import holds

MOST_SHOWN = 200


@dataclass(frozen=True)
class Entry:
    """``in_force``: it is the last of its kind, still counts today, and the claim is as it was when it was seen."""

    verification: Verification
    in_force: bool


def add(
    *,
    professional: Professional,
    kind: VerifiedKind,
    code: str,
    level: int = 0,
    evidence: Evidence,
    source: str,
    expires_on: dt.date | None = None,
    seen: Mapping[str, Any] | None = None,
    actor: Actor,
) -> Verification:
    """Write down one verification, within the transaction of the change that it explains.

    ``seen`` is the proof as it is stated now, as JSON can say it.
    """
    return Verification.objects.create(
        professional=professional,
        kind=kind,
        code=code,
        level=level,
        evidence=evidence,
        source=source,
        expires_on=expires_on,
        seen=dict(seen or {}),
        verified_by=actor.principal,
    )


def of(professional: Professional) -> list[Entry]:
    """Return the newest verifications of a profile, at most 200, newest first, in four queries."""
    standing = _standing(professional)
    seen: set[tuple[str, str]] = set()
    entries = []
    for row in Verification.objects.filter(professional=professional).order_by("-created_at", "-pk")[:MOST_SHOWN]:
        key = (row.kind, row.code)
        last = key not in seen
        seen.add(key)
        in_force = last and standing.get(key) == (row.level, row.evidence) and holds(row.expires_on, clock.today())
        entries.append(Entry(row, in_force))
    return entries


def _standing(professional: Professional) -> dict[tuple[str, str], tuple[int, int]]:
    """Return level and evidence of everything that the profile states now."""
    skills = SkillClaim.objects.filter(professional=professional).values_list("skill__code", "level", "evidence")
    spoken = LanguageProficiency.objects.filter(professional=professional)
    certificates = Certificate.objects.filter(professional=professional).values_list("skill__code", "evidence")
    return (
        {(VerifiedKind.SKILL.value, code): (level, evidence) for code, level, evidence in skills}
        | {
            (VerifiedKind.LANGUAGE.value, code): (level, evidence)
            for code, level, evidence in spoken.values_list("language", "speaking", "evidence")
        }
        | {(VerifiedKind.CERTIFICATE.value, code): (0, evidence) for code, evidence in certificates}
    )

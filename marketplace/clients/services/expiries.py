"""What stops counting before a day: certificates, language tests and evidence of the people in an engagement."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from marketplace.clients.models import Need, Placement, SeatLanguage, SeatSkill
from profiles.levels import Evidence
from profiles.models import Certificate, LanguageProficiency, SkillClaim
from profiles.reference import cefr
from profiles.reference.validity import holds


def before(day: dt.date, placements: Sequence[Placement]) -> list[dict[str, Any]]:
    """Return ``{code, placement, subject, expires_on, asked_for}`` of what no longer holds on ``day``, in six queries.

    ``code`` is ``certificate_expires``, ``language_test_expires`` or ``evidence_expires``; ``subject`` a skill's code
    or a language. What the seat or the cell asks for is ``asked_for``, of a language its evidence; evidence of other
    skills is left out.
    """
    of_person = {row.professional_id: row for row in placements}
    if not of_person:
        return []
    asked = _asked_for(placements)
    found: list[dict[str, Any]] = []

    def note(code: str, person: Any, subject: str, expires_on: dt.date | None, *, asked_for: bool) -> None:
        if expires_on is not None and not holds(expires_on, day):
            found.append(
                {
                    "code": code,
                    "placement": of_person[person].public_id,
                    "subject": subject,
                    "expires_on": expires_on.isoformat(),
                    "asked_for": asked_for,
                }
            )

    dated = Certificate.objects.filter(professional__in=of_person, expires_on__lt=day)
    for person, code, expires_on in dated.values_list("professional_id", "skill__code", "expires_on"):
        note("certificate_expires", person, code, expires_on, asked_for=code in asked[of_person[person].pk])
    tested = LanguageProficiency.objects.filter(professional__in=of_person, tested_on__isnull=False).exclude(test="")
    for person, language, test, tested_on in tested.values_list("professional_id", "language", "test", "tested_on"):
        demanded = language in asked[of_person[person].pk]
        note("language_test_expires", person, language, cefr.expires_on(test, tested_on), asked_for=demanded)
    claims = SkillClaim.objects.filter(professional__in=of_person, evidence_expires_on__lt=day)
    for person, code, expires_on in claims.values_list("professional_id", "skill__code", "evidence_expires_on"):
        if code in asked[of_person[person].pk]:
            note("evidence_expires", person, code, expires_on, asked_for=True)
    return sorted(found, key=lambda entry: (entry["expires_on"], entry["placement"], entry["code"], entry["subject"]))


def _asked_for(placements: Sequence[Placement]) -> dict[Any, set[str]]:
    """Return what the seat of each placement, or the whole cell, asks for: codes of skills, languages to be proven."""
    projects = {row.engagement.project_id for row in placements}
    whole = set(Need.objects.filter(project_id__in=projects).values_list("skill__code", flat=True))
    of_seat: dict[Any, set[str]] = defaultdict(set)
    seats = {row.seat_id for row in placements}
    for seat, code in SeatSkill.objects.filter(seat_id__in=seats).values_list("seat_id", "skill__code"):
        of_seat[seat].add(code)
    shown = SeatLanguage.objects.filter(seat_id__in=seats, evidence__gt=Evidence.SELF_DECLARED)
    for seat, language in shown.values_list("seat_id", "language"):
        of_seat[seat].add(language)
    return {row.pk: whole | of_seat[row.seat_id] for row in placements}

"""Noticing that a résumé belongs to somebody who is in the market already under another profile.

Told to recruiters and operators, never to whoever uploads: it would tell them who else is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from stdnum.mx import curp as curp_rules
from stdnum.mx import rfc as rfc_rules

from marketplace.kernel import crypto
from profiles.models import Professional
from profiles.models.professional import Folded
from profiles.services.tax_ids import GENERIC_RFC
from profiles.states import ProfessionalStatus
from profiles.taxonomy.text import strip_accents

SAME_NAME = 92  # of 100, by rapidfuzz's token sort ratio over names without accents
SAME_EMPLOYER = 88
_MOST_LIKE_NAMED = 50


@dataclass(frozen=True)
class Duplicate:
    """Another profile and what gave it away: ``email``, ``rfc``, ``curp`` or ``name_and_employer``; 0..100."""

    professional: Professional
    by: tuple[str, ...]
    similarity: int

    def as_json(self) -> dict[str, Any]:
        return {"professional": self.professional.public_id, "by": list(self.by), "similarity": self.similarity}


def find(document: dict[str, Any], identifiers: Iterable[str], professional: Professional) -> list[Duplicate]:
    """Return the other profiles that may be of the same person, the surest first.

    An e-mail address or a valid identifier is one person's; a name counts only with an employer in common.
    """
    others = Professional.objects.exclude(pk=professional.pk).exclude(status=ProfessionalStatus.ERASED)
    reasons: dict[Professional, dict[str, int]] = {}
    for row, by, similarity in [
        *_by_email(document, others),
        *_by_identifier(identifiers, others),
        *_by_name_and_employer(document, others),
    ]:
        reasons.setdefault(row, {})[by] = similarity
    found = [Duplicate(row, tuple(sorted(by)), max(by.values())) for row, by in reasons.items()]
    return sorted(found, key=lambda each: (-each.similarity, each.professional.public_id))


def _basics(document: dict[str, Any]) -> dict[str, Any]:
    basics = document.get("basics")
    return basics if isinstance(basics, dict) else {}


def _by_email(document: dict[str, Any], others: Any) -> list[tuple[Professional, str, int]]:
    email = str(_basics(document).get("email", "")).strip()
    if not email or len(email) > 254:
        return []
    # Two statements: one with OR over both tables would read them whole instead of their indexes.
    rows = [*others.filter(contact_email__iexact=email)[:_MOST_LIKE_NAMED], *others.filter(user__email=email.lower())]
    return [(row, "email", 100) for row in dict.fromkeys(rows)]


def _by_identifier(identifiers: Iterable[str], others: Any) -> list[tuple[Professional, str, int]]:
    found = []
    for text in identifiers:
        if rfc_rules.is_valid(text) and text not in GENERIC_RFC:
            index = crypto.blind_index(rfc_rules.compact(text), purpose="rfc")
            found += [(row, "rfc", 100) for row in others.filter(rfc_index=index)]
        elif curp_rules.is_valid(text):
            index = crypto.blind_index(curp_rules.compact(text), purpose="curp")
            found += [(row, "curp", 100) for row in others.filter(curp_index=index)]
    return found


def _by_name_and_employer(document: dict[str, Any], others: Any) -> list[tuple[Professional, str, int]]:
    name = _folded(str(_basics(document).get("name", "")))
    employers = [_folded(str(entry.get("name", ""))) for entry in document.get("work", []) if entry.get("name")]
    words = name.split()
    if len(words) < 2 or not employers:
        return []
    # Family names are how people are filed; which words of a text they are is not known, so any may be.
    filed = others.annotate(filed_under=Folded("family_names")).filter(filed_under__in=_family_names(words))
    found = []
    for row in filed.prefetch_related("experiences")[:_MOST_LIKE_NAMED]:
        similarity = fuzz.token_sort_ratio(name, _folded(f"{row.given_names} {row.family_names}"))
        if similarity < SAME_NAME:
            continue
        shared = max(
            (
                fuzz.token_sort_ratio(employer, _folded(experience.employer))
                for employer in employers
                for experience in row.experiences.all()
            ),
            default=0,
        )
        if shared >= SAME_EMPLOYER:
            found.append((row, "name_and_employer", round(min(similarity, shared))))
    return found


def _folded(text: str) -> str:
    return " ".join(strip_accents(text).casefold().split())


def _family_names(words: list[str]) -> list[str]:
    """Return the endings of a name, and its beginnings for “Family, Given”, as family names may stand there."""
    endings = [" ".join(words[start:]) for start in range(1, len(words))]
    return [*endings, *(" ".join(words[:end]).rstrip(",") for end in range(1, len(words)))]

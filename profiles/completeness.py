"""How complete a profile is, and the one next step that would help most."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import FieldError, Text
from profiles.levels import ContractRoute
from profiles.models import Professional

_FEWEST_SKILLS = 3


@dataclass(frozen=True)
class Part:
    """``weight`` is its share of a complete profile; a required part must be there before review."""

    code: str
    weight: int
    required: bool
    step: Text


PARTS = (
    Part("rate", 15, True, _("Set your hourly rate.")),
    Part("skills", 20, True, _("Add at least three skills with your level in each.")),
    Part("languages", 15, True, _("Say how well you speak English and Spanish.")),
    Part("headline", 10, True, _("Write a headline, in English or Spanish.")),
    Part("city", 5, True, _("Say which city you work from.")),
    Part("both_headlines", 5, False, _("Write your headline in both languages.")),
    Part("summary", 10, False, _("Write a short summary of what you do.")),
    Part("experience", 10, False, _("Add where you have worked.")),
    Part("availability", 5, False, _("Say from when you are available.")),
    Part("tax_ids", 5, False, _("Add your RFC, which invoices will need.")),
)


@dataclass(frozen=True)
class Completeness:
    """``share`` is 0..1, ``missing`` holds codes of ``PARTS``, heaviest first; ``next_step`` is the first of them."""

    share: float
    missing: tuple[Part, ...]

    @property
    def next_step(self) -> Part | None:
        return self.missing[0] if self.missing else None


def completeness(professional: Professional) -> Completeness:
    """Return what a profile has and lacks; reads the related rows, prefetched or not."""
    there = {
        "rate": professional.rate_amount > 0,
        "skills": len(professional.claims.all()) >= _FEWEST_SKILLS,
        "languages": bool(professional.languages.all()),
        "headline": bool(professional.headline_en or professional.headline_es),
        "city": bool(professional.city),
        "both_headlines": bool(professional.headline_en and professional.headline_es),
        "summary": bool(professional.summary_en or professional.summary_es),
        "experience": bool(professional.experiences.all()),
        "availability": professional.available_from is not None,
        # The tax identifier is Mexico's; a US specialist has none to give.
        "tax_ids": professional.contract_route == ContractRoute.US_SPECIALIST or bool(professional.rfc_index),
    }
    total = sum(part.weight for part in PARTS)
    missing = sorted(
        (part for part in PARTS if not there[part.code]), key=lambda part: (not part.required, -part.weight)
    )
    return Completeness(round(1 - sum(part.weight for part in missing) / total, 2), tuple(missing))


def faults(professional: Professional) -> list[FieldError]:
    """Return what keeps the profile from review, one fault per required part that is missing."""
    return [
        FieldError(f"/{part.code}", "incomplete", part.step)
        for part in completeness(professional).missing
        if part.required
    ]

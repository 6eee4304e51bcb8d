"""Supply: skills and people. Plain functions that write valid rows, with what a test cares about as keywords."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from profiles.levels import Cefr, Function, Seniority, SkillKind
from profiles.models import Certificate, ExchangeRate, LanguageProficiency, Professional, Skill, SkillClaim
from profiles.states import ProfessionalStatus
from tests.factories import accounts

_numbers = itertools.count(1)


def skill(code: str = "cobol", **fields: Any) -> Skill:
    """Return the skill of that code, stored at the first call."""
    defaults = {"kind": SkillKind.TECHNOLOGY, "name_en": code.upper(), "name_es": code.upper(), **fields}
    return Skill.objects.get_or_create(code=code, defaults=defaults)[0]


def professional(user: User | None = None, *, status: str = ProfessionalStatus.ACTIVE, **fields: Any) -> Professional:
    """Return a stored person of Guadalajara at 40 USD an hour who meets every check constraint."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "given_names": "María José",
        "family_names": f"Hernández Núñez {number}",
        "contact_email": f"persona.{number}@example.mx",
        "headline_en": "Mainframe engineer",
        "headline_es": "Ingeniera de mainframe",
        "main_function": Function.ENGINEERING,
        "functions": [Function.ENGINEERING],
        "seniority": Seniority.SENIOR,
        "city": "Guadalajara",
        "cluster": "guadalajara",
        "rate_amount": Decimal("40.00"),
        "rate_floor": Decimal("35.00"),
        **fields,
    }
    return Professional.objects.create(
        user=user or accounts.user(Role.PROFESSIONAL), status=status, synthetic=True, **values
    )


def claim(professional: Professional, code: str = "cobol", level: int = 4, **fields: Any) -> SkillClaim:
    """Return a claim to a skill, self-declared unless said otherwise."""
    return SkillClaim.objects.create(professional=professional, skill=skill(code), level=level, years=6, **fields)


def speaks(
    professional: Professional, language: str = "en", level: int = Cefr.C1, **fields: Any
) -> LanguageProficiency:
    """Return a language at one level in all four activities."""
    activities = dict.fromkeys(("listening", "speaking", "reading", "writing"), level)
    return LanguageProficiency.objects.create(professional=professional, language=language, **{**activities, **fields})


def certificate(professional: Professional, code: str = "cert-cissp", **fields: Any) -> Certificate:
    """Return a certificate issued in 2025 that lasts three years."""
    values = {"issued_on": dt.date(2025, 3, 3), "expires_on": dt.date(2028, 3, 3), **fields}
    return Certificate.objects.create(
        professional=professional, skill=skill(code, kind=SkillKind.CERTIFICATE), **values
    )


def pesos_rate(rate: str = "0.05400000", on: dt.date = dt.date(2026, 1, 5)) -> ExchangeRate:
    """Return what a peso was worth in dollars on a day."""
    return ExchangeRate.objects.create(currency="MXN", quote="USD", rate=Decimal(rate), on=on, source="fixture")

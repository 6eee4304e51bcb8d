"""The scales as the API writes them, so that OpenAPI can give each one name wherever it appears."""

from __future__ import annotations

from django.db.models import IntegerChoices

from marketplace.rest.fields import ScaleField
from profiles.levels import COUNTRY_CODES, Cefr, ContractRoute, Country, Evidence, Function, Seniority


def _choices(scale: type[IntegerChoices], **options: object) -> list[tuple[str, str]]:
    return list(ScaleField(scale, **options).choices.items())  # type: ignore[arg-type]


CEFR = _choices(Cefr)
CONTRACT_ROUTE = _choices(ContractRoute)
COUNTRY = _choices(Country, names=COUNTRY_CODES)
EVIDENCE = _choices(Evidence)
EVIDENCE_GIVEN = _choices(Evidence, without=(Evidence.SELF_DECLARED,))
FUNCTION = _choices(Function)
SENIORITY = _choices(Seniority)

"""The lines of a search's page, read in one query and made without records or serializers.

A page holds some hundreds of claims. As model instances under serializers they took most of the time of an answer; as
rows that the database has grouped by person, next to none. ``outputs.FoundProfessionalOutput`` says what a line looks
like, and a test compares the two.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.db.models import IntegerChoices, QuerySet
from django.db.models.expressions import RawSQL

from marketplace.kernel import identifiers
from marketplace.kernel.money import Money
from profiles.levels import COUNTRY_CODES, Cefr, ContractRoute, Evidence, Function, Seniority
from profiles.models import Professional


def _names(scale: type[IntegerChoices]) -> dict[int, str]:
    return {step.value: step.name.lower() for step in scale}


_CEFR, _EVIDENCE, _FUNCTION = _names(Cefr), _names(Evidence), _names(Function)
_ROUTE, _SENIORITY = _names(ContractRoute), _names(Seniority)

_AS_THEY_ARE = (
    "status", "synthetic", "given_names", "family_names", "headline_en", "headline_es", "city", "region", "cluster",
    "time_zone", "weekly_minutes", "available_from", "available_until",
)  # fmt: skip
_TRANSLATED = (
    "pk", "main_function", "functions", "seniority", "country", "rate_amount", "rate_currency", "contract_route",
    "created_at", "updated_at",
)  # fmt: skip
_CLAIM = (
    "skill", "name", "level", "years", "last_used", "evidence", "evidence_source", "evidence_on", "evidence_expires_on",
)  # fmt: skip
_LANGUAGE = (
    "language", "listening", "speaking", "reading", "writing", "native", "evidence", "evidence_expires_on", "test",
    "raw_score", "section_scores", "scale_version", "tested_on",
)  # fmt: skip
_LEVELS = ("listening", "speaking", "reading", "writing")

_CLAIMS = """(
    SELECT json_agg(json_build_array(s.code, {name}, c.level, c.years, c.last_used, c.evidence, c.evidence_source,
                                     c.evidence_on, c.evidence_expires_on) ORDER BY c.level DESC, s.code)::text
    FROM profiles_skillclaim AS c JOIN profiles_skill AS s ON s.id = c.skill_id
    WHERE c.professional_id = profiles_professional.id
)"""
_LANGUAGES = f"""(
    SELECT json_agg(json_build_array({", ".join(f"l.{column}" for column in _LANGUAGE)}) ORDER BY l.language)::text
    FROM profiles_languageproficiency AS l WHERE l.professional_id = profiles_professional.id
)"""


def lines(people: QuerySet[Professional], ids: Sequence[uuid.UUID], language: str) -> dict[uuid.UUID, dict[str, Any]]:
    """Return a line for each of ``ids`` that is among ``people``, with names of skills in ``language``; one query."""
    name = "s.name_es" if language.startswith("es") else "s.name_en"
    rows = people.filter(pk__in=ids).order_by()
    found = rows.values_list(*_AS_THEY_ARE, *_TRANSLATED, RawSQL(_CLAIMS.format(name=name), ()), RawSQL(_LANGUAGES, ()))
    return dict(_line(row) for row in found)


def _line(row: tuple[Any, ...]) -> tuple[uuid.UUID, dict[str, Any]]:
    said = dict(zip(_AS_THEY_ARE, row, strict=False))
    (
        key, main_function, functions, seniority, country, amount, currency, route, created_at, updated_at, claims,
        tongues,
    ) = row[len(_AS_THEY_ARE) :]  # fmt: skip
    return key, {
        "id": identifiers.encode(Professional.prefix, key),
        **said,
        "main_function": _FUNCTION[main_function],
        "functions": [_FUNCTION[function] for function in functions],
        "seniority": _SENIORITY[seniority],
        "country": COUNTRY_CODES[country],
        "rate": Money.of(amount, currency).as_json(),
        "contract_route": _ROUTE[route],
        "skills": [_claim(values) for values in _read(claims)],
        "languages": [_language(values) for values in _read(tongues)],
        "created_at": _time(created_at),
        "updated_at": _time(updated_at),
    }


def _read(written: str | None) -> Iterable[list[Any]]:
    return orjson.loads(written) if written else ()


def _claim(values: list[Any]) -> dict[str, Any]:
    made = dict(zip(_CLAIM, values, strict=True))
    made["evidence"] = _EVIDENCE[made["evidence"]]
    return made


def _language(values: list[Any]) -> dict[str, Any]:
    made = dict(zip(_LANGUAGE, values, strict=True))
    for activity in _LEVELS:
        made[activity] = _CEFR[made[activity]]
    made["evidence"] = _EVIDENCE[made["evidence"]]
    return made


def _time(moment: dt.datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")

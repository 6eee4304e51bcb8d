"""The blueprints as written in the JSON files beside this module, read once into plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from marketplace.clients.models.project import SolutionType
from marketplace.clients.specification import LanguageFloor, NeedSpecification, SeatSpecification, SkillFloor
from profiles.levels import COUNTRY_CODES, Cefr, Function, Seniority

HERE = Path(__file__).resolve().parent
_COUNTRIES = {code: value for value, code in COUNTRY_CODES.items()}


@dataclass(frozen=True)
class Blueprint:
    """A starting point for a project of one solution type; ``code`` is that type.

    ``regulations`` are needs whose skill is of kind regulation; ``months`` and ``overlap_minutes`` are suggestions.
    """

    code: str
    title_en: str
    title_es: str
    description_en: str
    description_es: str
    months: int
    overlap_minutes: int
    bridges: int
    us_specialists: int
    seats: tuple[SeatSpecification, ...]
    needs: tuple[NeedSpecification, ...]
    regulations: tuple[NeedSpecification, ...]

    @property
    def all_needs(self) -> tuple[NeedSpecification, ...]:
        """Needs and regulations, as a project holds them."""
        return self.needs + self.regulations

    def title(self, language: str) -> str:
        return self.title_es if language.startswith("es") else self.title_en

    def description(self, language: str) -> str:
        return self.description_es if language.startswith("es") else self.description_en


@lru_cache
def blueprints() -> Mapping[str, Blueprint]:
    """Return every blueprint under its code, in the order of the solution types.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` when a file is not as it should be: they ship with the code.
    """
    return MappingProxyType({code: _read(code) for code in SolutionType.values})


def _read(code: str) -> Blueprint:
    content: dict[str, Any] = json.loads((HERE / f"{code}.json").read_text(encoding="utf-8"))
    return Blueprint(
        code=code,
        **{
            **content,
            "seats": tuple(_seat(item) for item in content["seats"]),
            "needs": tuple(NeedSpecification(**item) for item in content["needs"]),
            "regulations": tuple(NeedSpecification(**item) for item in content["regulations"]),
        },
    )


def _seat(item: dict[str, Any]) -> SeatSpecification:
    return SeatSpecification(
        title_en=item["title_en"],
        title_es=item["title_es"],
        function=Function[item["function"].upper()],
        min_seniority=Seniority[item["seniority"].upper()],
        countries=tuple(_COUNTRIES[country] for country in item.get("countries", ())),
        weekly_minutes=item["weekly_minutes"],
        client_facing=item["client_facing"],
        skills=tuple(SkillFloor(skill, level) for skill, level in item["skills"].items()),
        languages=tuple(_language(key, level) for key, level in item["languages"].items()),
    )


def _language(key: str, level: str) -> LanguageFloor:
    language, activity = key.split(".")
    return LanguageFloor(language, Cefr[level.upper()], activity)

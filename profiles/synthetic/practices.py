"""The families of practice, read from the file beside this module and checked against the taxonomy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from profiles.levels import Function
from profiles.taxonomy.source import Taxonomy

SOURCE = Path(__file__).resolve().parent / "practices.toml"


@dataclass(frozen=True)
class Practice:
    """A trade: its weight per country, its functions, and the skills and certificates that go together in it.

    Probabilities are in 0..1; ``functions`` has one per function, in the order of ``Function``, and sums to 1.
    ``years`` is the mean experience; ``english`` is in standard deviations, ``rate`` a share of the rate band.
    """

    code: str
    title_en: str
    title_es: str
    mexico: float
    united_states: float
    functions: tuple[float, ...]
    years: float
    english: float
    rate: float
    families: tuple[str, ...]
    skills: Mapping[str, float]
    certificates: Mapping[str, float]


def read_practices(taxonomy: Taxonomy, source: Path = SOURCE) -> tuple[Practice, ...]:
    """Return the practices in the order of the file.

    Raises ``ValueError`` when one names a skill, certificate or family that the taxonomy has not, or its functions do
    not sum to 1.
    """
    entries = taxonomy.by_code()
    families = {entry.family for entry in taxonomy.entries}
    practices = []
    for code, row in tomllib.loads(source.read_text(encoding="utf-8")).items():
        practice = _practice(code, row)
        for skill in (*practice.skills, *practice.certificates):
            if skill not in entries:
                raise ValueError(f"practice {code!r} names {skill!r}, which the taxonomy has not")
        for family in practice.families:
            if family not in families:
                raise ValueError(f"practice {code!r} names the family {family!r}, which the taxonomy has not")
        if abs(sum(practice.functions) - 1.0) > 1e-9:
            raise ValueError(f"the functions of practice {code!r} sum to {sum(practice.functions)}")
        practices.append(practice)
    return tuple(practices)


def _practice(code: str, row: dict[str, Any]) -> Practice:
    functions = row.pop("functions")
    unknown = set(functions) - {function.name.lower() for function in Function}
    if unknown:
        raise ValueError(f"practice {code!r} names unknown functions: {', '.join(sorted(unknown))}")
    return Practice(
        code=code,
        functions=tuple(float(functions.get(function.name.lower(), 0.0)) for function in Function),
        families=tuple(row.pop("families")),
        **row,
    )

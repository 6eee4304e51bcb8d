"""Common names by locale. Combined at random they name nobody; the market marks every person as synthetic besides."""

from __future__ import annotations

import tomllib
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "names.toml"

_LISTS: dict[str, list[str]] = tomllib.loads(SOURCE.read_text(encoding="utf-8"))

FEMININE_ES = tuple(_LISTS["feminine_es"])
MASCULINE_ES = tuple(_LISTS["masculine_es"])
FAMILY_ES = tuple(_LISTS["family_es"])
FEMININE_EN = tuple(_LISTS["feminine_en"])
MASCULINE_EN = tuple(_LISTS["masculine_en"])
FAMILY_EN = tuple(_LISTS["family_en"])
EMPLOYERS_ES = tuple(_LISTS["employers_es"])
EMPLOYERS_EN = tuple(_LISTS["employers_en"])

# The columns of a market hold positions in these; the slices of each locale and gender lie next to each other.
GIVEN = (*FEMININE_ES, *MASCULINE_ES, *FEMININE_EN, *MASCULINE_EN)
FAMILY = (*FAMILY_ES, *FAMILY_EN)
EMPLOYERS = (*EMPLOYERS_ES, *EMPLOYERS_EN)

FIRST_MASCULINE_ES = len(FEMININE_ES)
FIRST_FEMININE_EN = FIRST_MASCULINE_ES + len(MASCULINE_ES)
FIRST_MASCULINE_EN = FIRST_FEMININE_EN + len(FEMININE_EN)
FIRST_FAMILY_EN = len(FAMILY_ES)

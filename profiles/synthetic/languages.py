"""Drawing languages: English as scarce as it is, Spanish of the US specialists as it varies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from profiles.levels import Cefr, Country, Evidence
from profiles.synthetic.drawing import Rng, banded, chance, pick
from profiles.synthetic.market import NONE, LanguageColumns, PersonColumns
from profiles.synthetic.places import PLACES
from profiles.synthetic.practices import Practice

ENGLISH, SPANISH = range(2)
LANGUAGES = ("en", "es")

# Spoken English of Mexican professionals, A1 to C2: 12 % advanced (C1 and up), a third at B2.
ENGLISH_SHARES = (0.08, 0.14, 0.33, 0.33, 0.10, 0.02)
_SPANISH_LEVELS = (Cefr.NONE, Cefr.A2, Cefr.B1, Cefr.B2, Cefr.C1, Cefr.C2)
_SPANISH_WEIGHTS = (34, 14, 18, 14, 12, 8)

_TESTED_SHARE, _INTERVIEWED_SHARE = 0.28, 0.12
_TEST_VALID_DAYS = 730


def draw_languages(rng: Rng, people: PersonColumns, practices: Sequence[Practice], as_of: dt.date) -> LanguageColumns:
    """Return one row per person and language held, ascending by person, English first."""
    size = len(people)
    specialist = np.array([place.country == Country.UNITED_STATES for place in PLACES])[people.place]
    mexican = ~specialist

    english = np.full(size, Cefr.C2, dtype=np.uint8)
    push = np.array([practice.english for practice in practices])[people.practice]
    score = rng.standard_normal(size) + push + 0.25 * (people.seniority - 2.0)
    english[mexican] = 1 + banded(score[mexican], ENGLISH_SHARES)
    spanish = np.where(specialist, pick(rng, _SPANISH_LEVELS, _SPANISH_WEIGHTS, size), Cefr.C2).astype(np.uint8)
    # Some US specialists grew up with Spanish: C2 among them is a native's.
    tables = [
        _rows(rng, ENGLISH, english, specialist, as_of),
        _rows(rng, SPANISH, spanish, mexican | (spanish == Cefr.C2), as_of),
    ]
    columns = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    order = np.lexsort((columns["language"], columns["person"]))
    return LanguageColumns(**{name: column[order] for name, column in columns.items()})


def _rows(
    rng: Rng, language: int, spoken: NDArray[np.uint8], native: NDArray[np.bool_], as_of: dt.date
) -> dict[str, NDArray[np.generic]]:
    """Return the columns of one language; people read better than they speak and write a little worse."""
    size = len(spoken)
    tested = chance(rng, _TESTED_SHARE, size) & ~native
    interviewed = chance(rng, _INTERVIEWED_SHARE, size) & ~native & ~tested
    evidence = np.where(tested, Evidence.TESTED, np.where(interviewed, Evidence.VERIFIED, Evidence.SELF_DECLARED))
    tested_on = np.where(tested, as_of.toordinal() - rng.integers(5, _TEST_VALID_DAYS, size), NONE)
    columns: dict[str, NDArray[np.generic]] = {
        "person": np.arange(size, dtype=np.int32),
        "language": np.full(size, language, dtype=np.uint8),
        "listening": _shifted(rng, spoken, native, up=0.35, down=0.05),
        "speaking": spoken,
        "reading": _shifted(rng, spoken, native, up=0.55, down=0.02),
        "writing": _shifted(rng, spoken, native, up=0.12, down=0.25),
        "native": native,
        "evidence": evidence.astype(np.uint8),
        "tested_on": tested_on.astype(np.int32),
    }
    held = spoken > Cefr.NONE
    return {name: column[held] for name, column in columns.items()}


def _shifted(
    rng: Rng, spoken: NDArray[np.uint8], native: NDArray[np.bool_], *, up: float, down: float
) -> NDArray[np.uint8]:
    lot = rng.random(len(spoken))
    step = np.where(lot < up, 1, np.where(lot > 1.0 - down, -1, 0))
    return np.where(native, spoken, np.clip(spoken + step, Cefr.A1, Cefr.C2)).astype(np.uint8)

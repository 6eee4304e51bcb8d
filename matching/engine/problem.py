"""What the engine is asked: a market in columns and the rules of one cell. Plain data, no judgment.

Units, everywhere in the engine:

* money in whole dollars of the project's currency; a monthly cost is rounded *up*, so rounding never passes a cap;
* working time in minutes (per week, or per day for shared hours);
* dates as proleptic ordinals (``date.toordinal``), 0 meaning "none";
* language levels as CEFR 1..6 (A1..C2), 0 meaning "none"; skill levels 1..5; seniority 1..5; evidence 0..2.

People are known by an opaque integer ``ref`` only: no name, sex, age, photograph or address ever enters.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


class Function:
    """The four functions that a cell covers, as bit positions of ``People.functions``."""

    BUSINESS, ARCHITECTURE, ENGINEERING, OPERATIONS = range(4)
    ALL = (BUSINESS, ARCHITECTURE, ENGINEERING, OPERATIONS)


class Country:
    MEXICO, UNITED_STATES = range(2)


class Evidence:
    SELF_DECLARED, TESTED, VERIFIED = range(3)


class Cefr:
    NONE, A1, A2, B1, B2, C1, C2 = range(7)


SPEAKING = "speaking"
ACTIVITIES = ("listening", "speaking", "reading", "writing")


def evidence_column(language: str) -> str:
    """Name of the column in ``People.languages`` that says what stands behind a language: ``en.evidence``."""
    return f"{language}.evidence"


@dataclass(frozen=True)
class People:
    """One row per person, ascending by ``ref``; every array has length n.

    ``free_minutes`` is the least weekly time left over the weeks of the engagement, ``overlap_minutes`` the shared
    working time with the client on the worst working day of the engagement. ``rate_cents`` is the asking rate per hour
    in hundredths of the project's currency, -1 when it cannot be expressed in it. ``available_from`` is an ordinal.
    ``languages`` maps ``"en.speaking"`` and the like to CEFR columns, and ``"en.evidence"`` to what still stands behind
    them on the last day of the engagement. ``routes`` is a bitmask of contract routes.
    """

    ref: NDArray[np.int64]
    functions: NDArray[np.uint8]
    main_function: NDArray[np.uint8]
    seniority: NDArray[np.uint8]
    country: NDArray[np.uint8]
    routes: NDArray[np.uint8]
    rate_cents: NDArray[np.int32]
    free_minutes: NDArray[np.int32]
    overlap_minutes: NDArray[np.int16]
    available_from: NDArray[np.int32]
    languages: dict[str, NDArray[np.uint8]]

    def __len__(self) -> int:
        return len(self.ref)


@dataclass(frozen=True)
class Posting:
    """Everybody who claims one skill: ``person`` are row numbers of ``People``, ascending; the others run beside it.

    ``valid_through`` is the ordinal on which the claim's certificate expires, 0 when it does not expire.
    """

    person: NDArray[np.int32]
    level: NDArray[np.uint8]
    years: NDArray[np.uint8]
    evidence: NDArray[np.uint8]
    valid_through: NDArray[np.int32]


@dataclass(frozen=True)
class Collaborations:
    """Pairs of people (row numbers, ``first`` < ``second``) who worked together, and how often (1..3).

    Ascending by ``first``, then by ``second``, each pair once.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    weight: NDArray[np.uint8]


@dataclass(frozen=True)
class Market:
    people: People
    postings: dict[int, Posting]
    collaborations: Collaborations


@dataclass(frozen=True)
class SkillFloor:
    """A must: the skill at ``level`` or above, with evidence of at least ``evidence``."""

    skill: int
    level: int
    evidence: int = Evidence.SELF_DECLARED


@dataclass(frozen=True)
class Seat:
    """A place in the cell for ``least``..``most`` people (1..1 in a cell of fixed seats).

    ``languages`` are floors such as ``("en.speaking", Cefr.B2)``; a client-facing seat carries that one at least.
    ``language_evidence`` are floors such as ``("en", Evidence.TESTED)``, to be met until the engagement ends.
    ``countries`` and ``routes`` list what is allowed. ``max_rate_cents`` of 0 means no limit of its own.
    """

    key: str
    function: int
    skills: tuple[SkillFloor, ...] = ()
    min_seniority: int = 1
    languages: tuple[tuple[str, int], ...] = ()
    language_evidence: tuple[tuple[str, int], ...] = ()
    countries: tuple[int, ...] = (Country.MEXICO, Country.UNITED_STATES)
    weekly_minutes: int = 2400
    min_overlap_minutes: int = 0
    max_rate_cents: int = 0
    client_facing: bool = False
    least: int = 1
    most: int = 1


@dataclass(frozen=True)
class Need:
    """Something the whole cell must hold: a skill or regulation at a level, or a language at a level.

    Exactly one of ``skill`` and ``language`` is given. ``count`` members must hold it; 0 makes it a wish that only
    earns points. ``weight`` (0..10) is what the strength of its best holder is worth.
    """

    key: str
    skill: int | None = None
    language: str | None = None
    level: int = 1
    evidence: int = Evidence.SELF_DECLARED
    count: int = 1
    weight: int = 5


@dataclass(frozen=True)
class Pin:
    """``ref`` must be in the cell, in ``seat`` (its position) if one is named."""

    ref: int
    seat: int | None = None


@dataclass(frozen=True)
class EarlierCell:
    """Members (refs) of a cell of which at most ``most_in_common`` may come back."""

    refs: tuple[int, ...]
    most_in_common: int


@dataclass(frozen=True)
class Policy:
    """The scoring weights of the objective, versioned: the same name and numbers give the same cells.

    All are integers in objective points. ``cost_per_point`` is how many dollars a month weigh as much as one point.
    ``cohesion_permille`` is the share of the objective that may be given up for a cell whose members know each other.
    """

    name: str = "2026-11"
    cost_per_point: int = 40
    main_function_points: int = 10
    seniority_step_points: int = 5
    language_step_points: int = 8
    steps_counted: int = 2
    prompt_start_points: int = 10
    skill_strength_divisor: int = 4
    cohesion_permille: int = 10


@dataclass(frozen=True)
class Problem:
    """One composition: a market and the rules of a cell.

    ``budget`` is the monthly cap in whole dollars. ``bridges`` members must speak ``bridge_language`` at C1 or above;
    ``specialists`` must be based in the United States. ``starts_on`` and ``ends_on`` are ordinals. ``least`` and
    ``most`` bound the size of an open cell (0 = the seats decide). ``allowed_routes`` is a bitmask of contract routes.
    """

    market: Market
    seats: tuple[Seat, ...]
    needs: tuple[Need, ...]
    budget: int
    starts_on: int
    ends_on: int
    bridges: int = 0
    bridge_language: str = "en.speaking"
    specialists: int = 0
    allowed_routes: int = 0xFF
    least: int = 0
    most: int = 0
    pins: tuple[Pin, ...] = ()
    banned: tuple[int, ...] = ()
    earlier: tuple[EarlierCell, ...] = ()
    policy: Policy = field(default_factory=Policy)

    @property
    def is_open(self) -> bool:
        """Whether the engine chooses how many people sit in some seat."""
        return any(seat.least != seat.most for seat in self.seats)

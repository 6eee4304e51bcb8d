"""How much is measured: sizes of markets and numbers of projects, for a quick and for a full run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """``sizes`` are people of the engine's markets, ascending; ``service_people`` those of the served one.

    ``enumerated`` tiny problems are enumerated; ``integer_projects`` are solved whole by HiGHS over
    ``integer_people``; ``projects`` are composed for on every size, ``cohesive_projects`` with denser and denser
    collaborations and, others, by HiGHS on their bands; ``replayed_projects`` three times over, and
    ``compared_projects`` by the simpler methods too. ``publishes`` and ``changes`` go to the served market. ``seed``
    gives the same markets and projects again.
    """

    sizes: tuple[int, ...]
    service_people: int
    enumerated: int
    integer_people: int
    integer_projects: int
    projects: int
    cohesive_projects: int
    replayed_projects: int
    compared_projects: int
    publishes: int
    changes: int
    seed: int = 1


FULL = Plan(
    sizes=(10_000, 100_000, 700_000),
    service_people=700_000,
    enumerated=600,
    integer_people=10_000,
    integer_projects=24,
    projects=40,
    cohesive_projects=20,
    replayed_projects=20,
    compared_projects=60,
    publishes=40,
    changes=100,
)
QUICK = Plan(
    sizes=(10_000, 100_000),
    service_people=2_000,
    enumerated=120,
    integer_people=10_000,
    integer_projects=2,
    projects=6,
    cohesive_projects=3,
    replayed_projects=3,
    compared_projects=10,
    publishes=6,
    changes=20,
)

"""What is asked of the product, row by row, and what one run of the harness found."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROWS = {
    "1": "the optimum is the brute-force optimum",
    "2": "the optimum is that of the unpruned integer program, sooner",
    "3": "five proven cells in a few passes over the market",
    "4": "cohesion costs little",
    "4b": "the same problem gives the same cells",
    "5": "retrieval and features near what the machine allows",
    "6": "time grows far slower than the market",
    "7": "a change is seen by matching at once",
    "8": "from publishing to stored cells, through every process",
    "9": "a worker's memory",
    "10": "joint allocation of many projects",
    "11": "what simpler methods give",
    "12": "names of skills and briefs in two languages are understood",
}
"""The rows of the table of targets, in its order."""

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {"≤": operator.le, "≥": operator.ge, "=": operator.eq}


@dataclass(frozen=True)
class Target:
    """``relation`` is ``≤``, ``≥`` or ``=``; ``limit`` has the unit of what is measured."""

    relation: str
    limit: float

    def met_by(self, value: float) -> bool:
        return _COMPARISONS[self.relation](value, self.limit)


@dataclass(frozen=True)
class Finding:
    """One measured figure of a row; ``beside`` says what it was measured against, in words and figures.

    ``unit`` is ``×``, ``%``, ``ms``, ``s``, ``MiB`` or empty for a count. Without a ``target`` the figure is told only.
    """

    row: str
    what: str
    value: float | None
    unit: str
    target: Target | None = None
    beside: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none or nothing could be measured."""
        if self.target is None or self.value is None:
            return None
        return self.target.met_by(self.value)

    def as_json(self) -> dict[str, Any]:
        """Return it with plain values."""
        target = self.target and {"relation": self.target.relation, "limit": self.target.limit}
        return {
            "row": self.row,
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "target": target,
            "met": self.met,
            "beside": self.beside,
        }

    @classmethod
    def of_json(cls, given: dict[str, Any]) -> Finding:
        """Return what ``as_json`` gave."""
        target = given["target"]
        return cls(
            row=given["row"],
            what=given["what"],
            value=given["value"],
            unit=given["unit"],
            target=Target(target["relation"], target["limit"]) if target else None,
            beside=given["beside"],
        )


@dataclass
class Measured:
    """What a part of the harness found: figures for the table, and raw samples (plain values) for JSON and plots.

    ``faults`` are sentences about what could not be measured although it should have been.
    """

    findings: list[Finding] = field(default_factory=list)
    samples: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(
        self, row: str, what: str, value: float | None, unit: str, target: Target | None = None, beside: str = ""
    ) -> None:
        """Note one figure."""
        self.findings.append(Finding(row, what, value, unit, target, beside))

    def extend(self, other: Measured) -> None:
        """Take over everything of another part."""
        self.findings += other.findings
        self.samples |= other.samples
        self.faults += other.faults


def at_most(limit: float) -> Target:
    return Target("≤", limit)


def at_least(limit: float) -> Target:
    return Target("≥", limit)

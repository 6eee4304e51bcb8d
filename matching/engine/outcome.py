"""What the engine answers: cells with their proof, or why there is none. Plain data, no judgment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["optimal", "within_gap"]


@dataclass(frozen=True)
class Limits:
    """``cells`` alternatives to look for, and the wall-clock ``seconds`` that all of them together may take."""

    cells: int = 5
    seconds: float = 30.0


@dataclass(frozen=True)
class Member:
    """One person in one seat. ``cost`` in whole dollars a month; ``points`` is what the pair adds, cost deducted."""

    ref: int
    seat: int
    points: int
    cost: int


@dataclass(frozen=True)
class Coverage:
    """Who holds a need: ``responsible`` is the best holder, ``backup`` the second (both refs), ``holders`` all of them.

    ``points`` is what the best holder earns. A must with no second holder is thin.
    """

    need: int
    responsible: int | None
    backup: int | None
    holders: tuple[int, ...]
    points: int


@dataclass(frozen=True)
class Reason:
    """A fact about a cell, a member of it or one need: a stable code and its numbers, put into words elsewhere."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)
    ref: int | None = None
    seat: int | None = None
    need: int | None = None


@dataclass(frozen=True)
class Cell:
    """A complete cell. ``bound`` is proven: no cell under the same rules is worth more; ``gap = bound - value``.

    ``cohesion`` counts past collaborations among the members; ``best_value`` is the optimum before cohesion was allowed
    to spend its share. ``certificate`` is JSON-able: what ``certify`` needs to check the bound again.
    """

    members: tuple[Member, ...]
    coverage: tuple[Coverage, ...]
    value: int
    best_value: int
    bound: int
    status: Status
    cost: int
    cohesion: int
    reasons: tuple[Reason, ...]
    certificate: dict[str, Any]

    @property
    def gap(self) -> int:
        return self.bound - self.value

    @property
    def refs(self) -> tuple[int, ...]:
        return tuple(member.ref for member in self.members)


@dataclass(frozen=True)
class Blocked:
    """A seat or need that nobody can fill, found without solving.

    ``removed`` lists the rules in the order in which they were applied with how many people each one removed;
    ``last_rule`` is the one that removed the last ones.
    """

    kind: Literal["seat", "need"]
    index: int
    last_rule: str
    removed: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Violation:
    """A rule that a cell breaks: ``rule`` is its stable code, ``data`` its numbers (what is asked, what was found)."""

    rule: str
    ref: int | None = None
    seat: int | None = None
    need: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What ``verify`` found: every broken rule, and the cell's numbers recomputed (0 and empty for strangers)."""

    violations: tuple[Violation, ...]
    value: int
    cost: int
    cohesion: int
    members: tuple[Member, ...]
    coverage: tuple[Coverage, ...]

    @property
    def holds(self) -> bool:
        """Whether the cell keeps every rule."""
        return not self.violations


@dataclass(frozen=True)
class Conflict:
    """A minimal set of rules that cannot hold together: leave any one out and the others can."""

    rules: tuple[str, ...]


@dataclass(frozen=True)
class Repair:
    """One change that alone makes the problem feasible. ``change`` is JSON-able and is understood by ``apply_repair``.

    ``price`` orders repairs, cheapest first; ``code`` and ``data`` put it into words.
    """

    code: str
    change: dict[str, Any]
    price: int
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Diagnosis:
    """``complete`` is False when the time ran out before every kind of repair was tried, or nothing was found to help.

    ``combination`` is given when no single repair suffices: the fewest rules to relax, proven, as repairs that together
    make the problem feasible. It leaves a seat empty only where nothing else helps.
    """

    blocked: tuple[Blocked, ...]
    conflict: Conflict | None
    repairs: tuple[Repair, ...]
    complete: bool = True
    combination: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class BetterCell:
    """The mildest change of one rule that admits a cell worth more than the given one.

    ``value`` is what the best cell is then worth under the points of the unchanged problem, ``gain`` how much more that
    is, and ``most`` the gain if the rule were loosened as far as it goes. All are exact.
    """

    change: Repair
    value: int
    gain: int
    most: int


@dataclass(frozen=True)
class ClientCounterfactuals:
    """``complete`` is False when the time ran out before every rule was tried."""

    value: int
    better: tuple[BetterCell, ...]
    complete: bool = True


@dataclass(frozen=True)
class PersonalChange:
    """The mildest change in one thing about a person that brings them into the best cell, in ``seat``.

    ``code`` is ``language``, ``skill``, ``rate``, ``hours``, ``date`` or ``seniority``; ``name`` says which language
    or skill; ``before`` and ``after`` are in the units of ``People`` and ``Posting``, 0 meaning none. ``value`` is
    what the best cell with them is then worth.
    """

    code: str
    name: str | int | None
    before: int
    after: int
    seat: int
    value: int


@dataclass(frozen=True)
class PersonCounterfactuals:
    """``value`` is what the best cell is worth (None: there is none), ``as_they_are`` the best one with this person in
    it (None: there is none).

    ``changes`` is empty for somebody who is in a best cell already. ``complete`` is False when the time ran out before
    everything was tried.
    """

    value: int | None
    as_they_are: int | None
    changes: tuple[PersonalChange, ...]
    complete: bool = True

    @property
    def enters(self) -> bool:
        """Whether a best cell takes this person as they are."""
        return self.as_they_are is not None and (self.value is None or self.as_they_are >= self.value)


@dataclass(frozen=True)
class Replay:
    """What is needed to get the same answer again."""

    problem_digest: str
    policy: str
    engine_version: str
    solver_version: str
    seconds: float


@dataclass(frozen=True)
class Composed:
    """At least one cell. ``exhausted`` says that no further different cell exists, with fewer than were asked for."""

    cells: tuple[Cell, ...]
    exhausted: bool
    replay: Replay


@dataclass(frozen=True)
class Infeasible:
    """Proven: no cell exists. ``proof`` names the kind (``eligibility``, ``relaxation``, ``cost``, ``search``).

    ``certificate`` is JSON-able: what ``certify_infeasible`` needs to check the proof again, whatever its kind.
    """

    proof: str
    replay: Replay
    certificate: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OutOfTime:
    """Neither a cell nor a proof that there is none. ``bound`` holds if one exists (None when not known)."""

    bound: int | None
    replay: Replay


Result = Composed | Infeasible | OutOfTime


@dataclass(frozen=True)
class Progress:
    """Told while solving: ``stage`` (features, bound, search, cohesion), ``share`` 0..1, and what is known."""

    stage: str
    share: float
    cell: int
    value: int | None = None
    bound: int | None = None

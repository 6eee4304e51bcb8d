"""Who comes when somebody has gone: the cell that disturbs those who are left least, proven level by level.

Lexicographic: first the fewest further members leave, then the fewest of those who stay change seat, then the best
objective. A level is a question to ``solve`` in its own words. "At least k of the members stay" is a need for k holders
of something that only they hold. "At least h of them keep their seat" is the same over *doubles*: a double of a member
fits no seat but the member's own, and at most one of the two is in the cell. So every level that is ruled out, and the
value at the level that is not, come with the certificates that ``solve`` gives, and are checked by the same judges.

Past collaborations do not count here: who stays is decided, and of those who come the best is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matching.engine.certify import Certification, certify, certify_infeasible
from matching.engine.clock import Clock
from matching.engine.codec import digest, mentioned_skills
from matching.engine.diagnose import diagnose
from matching.engine.eligibility import rows_of
from matching.engine.outcome import Composed, Coverage, Diagnosis, Infeasible, Limits, Member, OutOfTime, Replay, Result
from matching.engine.problem import (
    EarlierCell,
    Market,
    Need,
    People,
    Pin,
    Posting,
    Problem,
)
from matching.engine.solve import solve
from matching.engine.verify import verify
from matching.engine.version import ENGINE_VERSION, SOLVER_VERSION

Placed = tuple[int, int]  # (ref, seat)

HOME = 32  # the country of a double is this plus its seat: no real one is so high
NOWHERE = 255
LEAST_SECONDS = 0.05


@dataclass(frozen=True)
class Level:
    """At most ``leave`` of the members leave, and at most ``move`` of the others change seat; None leaves that open."""

    leave: int
    move: int | None

    def includes(self, other: Level) -> bool:
        """Whether every cell at ``other`` is at this level too."""
        if other.leave > self.leave:
            return False
        return self.move is None or (other.move is not None and other.move <= self.move)


@dataclass(frozen=True)
class Replacement:
    """A complete cell after somebody has gone.

    ``joins`` are the refs of those who come, ``leaves`` of the further members who go, ``moves`` of those who stay in
    another seat. ``bound`` is what a cell at this level could be worth at most. ``least`` says that every lesser level
    is ruled out, ``status`` the same of the value as in ``Cell``. ``certificate`` is for ``certify_replacement``.
    """

    members: tuple[Member, ...]
    coverage: tuple[Coverage, ...]
    value: int
    bound: int
    cost: int
    joins: tuple[int, ...]
    leaves: tuple[int, ...]
    moves: tuple[int, ...]
    least: bool
    status: Literal["optimal", "within_gap"]
    certificate: dict[str, Any] = field(repr=False)

    @property
    def proven(self) -> bool:
        """Whether both the disturbance and the value are the best there are."""
        return self.least and self.status == "optimal"


@dataclass(frozen=True)
class Replaced:
    """The least disturbing replacement, then others by the same order, each without all newcomers of one before it.

    ``exhausted`` says that there are no more, proven.
    """

    options: tuple[Replacement, ...]
    exhausted: bool
    replay: Replay


ReplacementResult = Replaced | Infeasible | OutOfTime


def _open(problem: Problem, current: Sequence[Placed], leaving: Collection[int]) -> tuple[Problem, tuple[Placed, ...]]:
    """The problem with everybody who is left free to stay, and those by ref. Raises ``ValueError`` for strangers."""
    gone, inside = set(leaving), {ref for ref, _ in current}
    staying = tuple(sorted(placed for placed in current if placed[0] not in gone))
    if len(rows_of(problem, [ref for ref, _ in staying])) < len(staying):
        raise ValueError("a member who could stay is not in the market")
    if any(not 0 <= seat < len(problem.seats) for _, seat in staying):
        raise ValueError("a member sits in a seat that does not exist")
    none = np.zeros(0, np.int32)
    together = replace(problem.market.collaborations, first=none, second=none, weight=np.zeros(0, np.uint8))
    base = replace(
        problem,
        market=replace(problem.market, collaborations=together),
        pins=tuple(pin for pin in problem.pins if pin.ref not in inside),
        banned=tuple(sorted((set(problem.banned) - inside) | gone)),
        policy=replace(problem.policy, cohesion_permille=0),
    )
    return base, staying


def at_level(base: Problem, staying: Sequence[Placed], level: Level) -> Problem:
    """The problem of all cells at ``level``: ``base`` and needs that only the members ``staying`` can fill."""
    count = len(staying) - level.leave
    free = max((*mentioned_skills(base), 0)) + 1
    refs = [ref for ref, _ in staying]
    if level.move is None:
        holders = {free: rows_of(base, refs)}
        return _asking(base, base.market, [("stays", free, count)], holders)
    people, doubles = _doubled(base, staying)
    own, first = rows_of(base, refs), len(base.market.people)
    twins = np.arange(first, first + len(staying), dtype=np.int32)
    abroad = np.flatnonzero(np.append(base.market.people.country, base.market.people.country[own]) == 1)
    needs, holders = [], {}
    if base.specialists:
        needs.append(("abroad", free + 2, base.specialists))
        holders[free + 2] = abroad.astype(np.int32)
    names = dict(zip(refs, doubles, strict=True))
    opened = replace(
        base,
        seats=tuple(replace(seat, countries=(*seat.countries, HOME + at)) for at, seat in enumerate(base.seats)),
        specialists=0,
        earlier=tuple(
            EarlierCell((*cell.refs, *(names[ref] for ref in cell.refs if ref in names)), cell.most_in_common)
            for cell in base.earlier
        ),
    )
    market = Market(people, _claims_of_doubles(base, own, twins), base.market.collaborations)
    if not level.move:
        needs.append(("stays", free, count))
        holders[free] = twins
        return _asking(replace(opened, banned=tuple(sorted({*base.banned, *refs}))), market, needs, holders)
    needs += [("stays", free, count), ("keeps its seat", free + 1, max(0, count - level.move))]
    holders |= {free: np.concatenate([own, twins]), free + 1: twins}
    once = tuple(EarlierCell((ref, double), 1) for ref, double in names.items())
    return _asking(replace(opened, earlier=(*opened.earlier, *once)), market, needs, holders)


def _asking(
    problem: Problem, market: Market, needs: Sequence[tuple[str, int, int]], holders: dict[int, NDArray[np.int32]]
) -> Problem:
    """The problem with needs (key, skill, count) that earn nothing, and who holds those skills."""
    return replace(
        problem,
        market=replace(market, postings={**market.postings, **{skill: _held(rows) for skill, rows in holders.items()}}),
        needs=(*problem.needs, *(Need(key, skill=skill, count=count, weight=0) for key, skill, count in needs)),
    )


def _held(rows: NDArray[np.int32]) -> Posting:
    ones, none = np.ones(len(rows), np.uint8), np.zeros(len(rows), np.uint8)
    return Posting(rows.astype(np.int32), ones, none, none, np.zeros(len(rows), np.int32))


def _doubled(base: Problem, staying: Sequence[Placed]) -> tuple[People, list[int]]:
    """Everybody, and behind them a double of each member whose country is their own seat; with the doubles' refs."""
    people = base.market.people
    rows = rows_of(base, [ref for ref, _ in staying])
    top = int(people.ref[-1]) if len(people) else 0
    refs = [top + 1 + number for number in range(len(staying))]
    # A double lives where its seat is, unless its member's own country is not allowed there.
    lives = [
        HOME + seat if int(people.country[row]) in base.seats[seat].countries else NOWHERE
        for row, (_, seat) in zip(rows, staying, strict=True)
    ]
    columns = {
        name: np.concatenate([column, column[rows]])
        for name, column in vars(people).items()
        if name not in ("ref", "country", "languages")
    }
    return replace(
        people,
        ref=np.concatenate([people.ref, np.array(refs, np.int64)]),
        country=np.concatenate([people.country, np.array(lives, np.uint8)]),
        languages={key: np.concatenate([column, column[rows]]) for key, column in people.languages.items()},
        **columns,
    ), refs


def _claims_of_doubles(base: Problem, own: NDArray[np.int32], twins: NDArray[np.int32]) -> dict[int, Posting]:
    """The postings that rules mention, with the claims of members repeated for their doubles."""
    postings = {}
    for skill in mentioned_skills(base):
        posting = base.market.postings.get(skill)
        if posting is None or not len(posting.person):
            continue
        at = np.minimum(np.searchsorted(posting.person, own), len(posting.person) - 1)
        held = posting.person[at] == own
        at = at[held]
        claims = {name: column[at] for name, column in vars(posting).items() if name != "person"}
        claims["person"] = twins[held]
        postings[skill] = Posting(
            **{name: np.concatenate([getattr(posting, name), added]) for name, added in claims.items()}
        )
    return postings


@dataclass(frozen=True)
class _Answer:
    level: Level
    result: Result


class _Search:
    """One search for replacements: levels asked so far, what was ruled out, and the time left."""

    def __init__(self, base: Problem, staying: tuple[Placed, ...], limits: Limits) -> None:
        self._base, self._staying, self._clock = base, staying, Clock(limits.seconds)
        self._refuted: list[tuple[Level, Infeasible]] = []
        self._unsure = False
        self.impossible: Infeasible | None = None  # of the widest level: there is no cell, whoever else left

    @property
    def seconds(self) -> float:
        return self._clock.elapsed

    @property
    def expired(self) -> bool:
        return self._clock.expired

    def without(self, newcomers: tuple[int, ...]) -> None:
        """Ask from now on for cells without all of these newcomers together."""
        cut = EarlierCell(newcomers, len(newcomers) - 1)
        self._base = replace(self._base, earlier=(*self._base.earlier, cut))

    def next(self) -> Replacement | Literal["none", "unknown"]:
        """The least disturbing cell under the cuts so far."""
        self._unsure = False
        found = self._found()
        if found is None:
            return "unknown" if self._unsure else "none"
        return self._replacement(found)

    def _found(self) -> _Answer | None:
        answer = self._ask(Level(0, 0))
        if isinstance(answer.result, Composed):
            return answer
        answer = self._ask(Level(0, None))
        if isinstance(answer.result, Composed):
            return self._with_fewest_moves(answer)
        # Where nothing is asked of the members there may be no cell either: better known at once than level by level.
        widest = self._ask(Level(len(self._staying), None))
        if isinstance(widest.result, Infeasible):
            self.impossible, self._unsure = widest.result, False
            return None
        known = isinstance(widest.result, Composed)
        most = len(self._disturbance(self._members(widest))[0]) if known else len(self._staying)
        for leave in range(1, most):
            answer = self._ask(Level(leave, None))
            if isinstance(answer.result, Composed):
                return self._with_fewest_moves(answer)
        return self._with_fewest_moves(self._best_of(widest, most)) if known else None

    def _best_of(self, widest: _Answer, leave: int) -> _Answer:
        """The cell found at the widest level, or the best one at the level that it turned out to be."""
        answer = self._ask(Level(leave, None))
        return answer if isinstance(answer.result, Composed) else widest

    def _with_fewest_moves(self, loose: _Answer) -> _Answer:
        """The cell of the same level with the fewest moves, given the best one with any number of them."""
        leave, most = loose.level.leave, len(self._disturbance(self._members(loose))[1])
        for move in range(most):
            answer = self._ask(Level(leave, move))
            if isinstance(answer.result, Composed):
                return answer
        return loose

    def _ask(self, level: Level) -> _Answer:
        """Solve a level, unless one that includes it is ruled out already."""
        for refuted, proof in self._refuted:
            if refuted.includes(level):
                return _Answer(level, proof)
        left = self._clock.left
        limits = Limits(1, max(LEAST_SECONDS, left if level == Level(0, 0) else left * 0.7))
        result = solve(at_level(self._base, self._staying, level), limits)
        if isinstance(result, Infeasible):
            self._refuted.append((level, result))
        elif isinstance(result, OutOfTime):
            self._unsure = True
        return _Answer(level, result)

    def _members(self, answer: _Answer) -> list[Placed]:
        """Members of a cell by their own refs."""
        assert isinstance(answer.result, Composed)
        top = int(self._base.market.people.ref[-1])
        return [
            (self._staying[member.ref - top - 1][0] if member.ref > top else member.ref, member.seat)
            for member in answer.result.cells[0].members
        ]

    def _disturbance(self, members: Sequence[Placed]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return disturbance(self._staying, members)

    def _replacement(self, answer: _Answer) -> Replacement:
        assert isinstance(answer.result, Composed)
        cell, members = answer.result.cells[0], self._members(answer)
        leaves, moves = self._disturbance(members)
        verdict = verify(self._base, members, cell.value)
        if not verdict.holds:
            raise ValueError(f"the judge refuses a replacement: {verdict.violations[0].rule}")
        lesser = _lesser(Level(len(leaves), len(moves)))
        refuted = [next((pair for pair in self._refuted if pair[0].includes(level)), None) for level in lesser]
        known = [pair for pair in refuted if pair is not None]
        inside = {ref for ref, _ in self._staying}
        return Replacement(
            members=verdict.members,
            coverage=verdict.coverage,
            value=verdict.value,
            bound=cell.bound,
            cost=verdict.cost,
            joins=tuple(sorted(ref for ref, _ in members if ref not in inside)),
            leaves=leaves,
            moves=moves,
            least=len(known) == len(lesser),
            status=cell.status,
            certificate={
                "format": 1,
                "problem": digest(self._base),
                "value": cell.value,
                "bound": cell.bound,
                "refuted": [_kept(level, proof.certificate) for level, proof in known],
                "cell": _kept(answer.level, cell.certificate),
            },
        )

    def replay(self) -> Replay:
        return Replay(digest(self._base), self._base.policy.name, ENGINE_VERSION, SOLVER_VERSION, self._clock.elapsed)


def disturbance(staying: Sequence[Placed], members: Sequence[Placed]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Who of ``staying`` is not among ``members``, and who is but in another seat; refs, ascending."""
    seats = dict(members)
    leaves = tuple(sorted(ref for ref, _ in staying if ref not in seats))
    return leaves, tuple(sorted(ref for ref, seat in staying if seats.get(ref, seat) != seat))


def _lesser(level: Level) -> list[Level]:
    """The levels that together are everything less disturbing than ``level``."""
    fewer = [Level(level.leave - 1, None)] if level.leave else []
    return [*fewer, Level(level.leave, level.move - 1)] if level.move else fewer


def _kept(level: Level, certificate: dict[str, Any]) -> dict[str, Any]:
    return {"leave": level.leave, "move": level.move, "certificate": certificate}


def least_disturbing(
    problem: Problem, current: Sequence[Placed], leaving: Collection[int], limits: Limits
) -> ReplacementResult:
    """Up to ``limits.cells`` replacements for the members ``leaving`` of the cell ``current``, given as (ref, seat).

    The first is the least disturbing cell there is; each further one is so among cells without all newcomers of one
    before it. ``Infeasible`` says that no cell exists whoever else left. Pins and bans of the problem on members are
    dropped: who of them stays is what is asked. Raises ``ValueError`` when one who could stay is not in the market.
    """
    base, staying = _open(problem, current, leaving)
    search = _Search(base, staying, limits)
    options: list[Replacement] = []
    while True:
        found = search.next()
        if not isinstance(found, Replacement):
            break
        options.append(found)
        if len(options) == limits.cells or search.expired or not found.joins:
            return Replaced(tuple(options), exhausted=False, replay=search.replay())
        search.without(found.joins)
    if options:
        return Replaced(tuple(options), exhausted=found == "none", replay=search.replay())
    if search.impossible is None:
        return OutOfTime(None, search.replay())
    return replace(search.impossible, replay=search.replay())


def diagnose_replacement(
    problem: Problem, current: Sequence[Placed], leaving: Collection[int], limits: Limits
) -> Diagnosis:
    """Why nobody fits while everybody else keeps their seat, and the cheapest single changes that mend it.

    Letting go of another member is no such change: that is what ``least_disturbing`` looks for.
    """
    base, staying = _open(problem, current, leaving)
    pinned = replace(base, pins=(*base.pins, *(Pin(ref, seat) for ref, seat in staying)))
    found = diagnose(pinned, limits)
    members = {ref for ref, _ in staying} | set(leaving)
    kept = tuple(repair for repair in found.repairs if repair.change.get("ref") not in members)
    combined = all(repair.change.get("ref") not in members for repair in found.combination)
    return replace(found, repairs=kept, combination=found.combination if combined else ())


def certify_replacement(
    problem: Problem,
    current: Sequence[Placed],
    leaving: Collection[int],
    replacement: Replacement,
    earlier: Sequence[Sequence[int]] = (),
    seconds: float = 20.0,
) -> Certification:
    """Confirms or refutes that no cell disturbs less, and that none at the same level is worth more than the bound.

    ``earlier`` are the newcomers of the replacements before it. Every lesser level is refuted anew from its stored
    prices and the bound re-priced, over everybody.
    """
    base, staying = _open(problem, current, leaving)
    base = replace(base, earlier=(*base.earlier, *(EarlierCell(tuple(refs), len(refs) - 1) for refs in earlier)))
    members = [(member.ref, member.seat) for member in replacement.members]
    certificate, clock = replacement.certificate, Clock(seconds)
    if not verify(base, members, replacement.value).holds:
        return Certification("refuted", "cell_breaks_rules", 0, 0)
    leaves, moves = disturbance(staying, members)
    priced = survivors = 0
    refuted = [(Level(entry["leave"], entry["move"]), entry["certificate"]) for entry in certificate["refuted"]]
    for level in _lesser(Level(len(leaves), len(moves))):
        proof = next((pair for pair in refuted if pair[0].includes(level)), None)
        if proof is None:
            return Certification("undecided", "level_not_refuted", priced, survivors)
        # Fewer cuts allow more cells: what an earlier search ruled out without the newest of them stays ruled out.
        checked = _first(
            (
                certify_infeasible(at_level(replace(base, earlier=cuts), staying, proof[0]), proof[1], clock.left)
                for cuts in _prefixes(base, len(earlier))
            ),
        )
        priced, survivors = priced + checked.priced, survivors + checked.survivors
        if checked.verdict != "confirmed":
            return replace(checked, priced=priced, survivors=survivors)
    entry = certificate["cell"]
    level = Level(entry["leave"], entry["move"])
    asked = at_level(base, staying, level)
    checked = certify(asked, _as_asked(base, staying, level, members), entry["certificate"], clock.left)
    return replace(checked, priced=priced + checked.priced, survivors=survivors + checked.survivors)


def _prefixes(base: Problem, own: int) -> list[tuple[EarlierCell, ...]]:
    given = len(base.earlier) - own
    return [base.earlier[: given + number] for number in range(own + 1)]


def _first(checks: Any) -> Certification:
    """The first of several checks that confirms, or the last."""
    checked = Certification("refuted", "another_problem", 0, 0)
    for checked in checks:
        if checked.verdict == "confirmed":
            break
    return checked


def _as_asked(base: Problem, staying: Sequence[Placed], level: Level, members: Sequence[Placed]) -> list[Placed]:
    """Members as the problem of a level knows them: those who keep their seat by the refs of their doubles."""
    if level.move is None:
        return list(members)
    top = int(base.market.people.ref[-1])
    doubles = {placed: top + 1 + number for number, placed in enumerate(staying)}
    return [(doubles.get(placed, placed[0]), placed[1]) for placed in members]

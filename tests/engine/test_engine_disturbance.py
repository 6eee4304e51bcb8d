"""Replacements against brute force: the fewest who leave, then the fewest who move, then the best value, all exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from matching.engine import (
    Composed,
    EarlierCell,
    Infeasible,
    Limits,
    OutOfTime,
    Pin,
    Problem,
    apply_repair,
    certify_infeasible,
    disturbance,
    solve,
)
from matching.engine.disturbance import (
    Level,
    Placed,
    Replaced,
    certify_replacement,
    diagnose_replacement,
    least_disturbing,
)
from tests.engine.instances import market_of, open_problem, project_of, tiny_problem
from tests.engine.oracle import Oracle

LIMITS = Limits(3, 60)
CASES_PER_PROBLEM = 4
Truth = tuple[int, int, int]  # (further members who leave, who change seat, value with its sign turned)


@dataclass(frozen=True)
class Case:
    """A cell that once kept every rule, who leaves it, and what is asked now."""

    problem: Problem
    current: tuple[Placed, ...]
    leaving: frozenset[int]

    @property
    def staying(self) -> list[Placed]:
        return [placed for placed in self.current if placed[0] not in self.leaving]


def drawn(seed: list[int]) -> Iterator[Case]:
    """Of one tiny problem some cells, one or two who leave each, and rules that have become stricter."""
    rng = np.random.default_rng(seed)
    problem = replace(open_problem(rng) if rng.random() < 0.15 else tiny_problem(rng), pins=())
    cells = feasible(problem)
    for _again in range(CASES_PER_PROBLEM if cells else 0):
        current = cells[int(rng.integers(len(cells)))]
        gone = rng.permutation(len(current))[: int(rng.integers(1, 3))]
        outsiders = [int(ref) for ref in problem.market.people.ref if ref not in dict(current)]
        banned = [ref for ref in outsiders if rng.random() < 0.1]
        stricter = replace(
            problem,
            banned=tuple(sorted({*problem.banned, *banned})),
            budget=int(problem.budget * rng.uniform(0.6, 1.0)),
        )
        yield Case(stricter, tuple(current), frozenset(current[at][0] for at in gone))


def drawn_cases(batch: int, count: int) -> Iterator[tuple[int, Case]]:
    for number in range(count):
        for case in drawn([31, batch, number]):
            yield number, case


def feasible(problem: Problem, earlier: tuple[EarlierCell, ...] = ()) -> list[list[Placed]]:
    return [members for members, _value in worth(problem, earlier)]


def worth(problem: Problem, earlier: tuple[EarlierCell, ...] = ()) -> Iterator[tuple[list[Placed], int]]:
    """Every cell that keeps the rules, as (ref, seat), with its value."""
    oracle, refs = Oracle(problem), problem.market.people.ref
    for members in oracle._assignments():
        value = oracle._worth(members, earlier)
        if value is not None:
            yield [(int(refs[row]), seat) for row, seat in members], value


def truth(case: Case, earlier: tuple[EarlierCell, ...] = ()) -> Truth | None:
    """The least of all cells without those who leave, by enumeration."""
    inside = {ref for ref, _ in case.current}
    banned = (set(case.problem.banned) - inside) | case.leaving
    found = []
    for members, value in worth(replace(case.problem, banned=tuple(sorted(banned))), earlier):
        seats = dict(members)
        leave = sum(ref not in seats for ref, _ in case.staying)
        move = sum(ref in seats and seats[ref] != seat for ref, seat in case.staying)
        found.append((leave, move, -value))
    return min(found, default=None)


def told(option: disturbance.Replacement) -> Truth:
    return len(option.leaves), len(option.moves), -option.value


def differing(case: Case) -> bool:
    """Whether the answer to a case is another one than brute force gives."""
    result, best = least_disturbing(case.problem, case.current, case.leaving, Limits(1, 60)), truth(case)
    if isinstance(result, Replaced):
        return told(result.options[0]) != best
    return best is not None


@pytest.mark.parametrize("batch", range(8))
def test_every_replacement_disturbs_as_little_and_is_worth_as_much_as_brute_force_says(batch: int) -> None:
    levels: Counter[tuple[int, int]] = Counter()
    refused = 0
    for number, case in drawn_cases(batch, 80):
        result = least_disturbing(case.problem, case.current, case.leaving, LIMITS)
        best = truth(case)
        if best is None:
            assert isinstance(result, Infeasible), number
            refused += 1
            continue
        assert isinstance(result, Replaced), number
        earlier: tuple[EarlierCell, ...] = ()
        for option in result.options:
            assert (told(option), option.proven, option.bound) == (truth(case, earlier), True, option.value), number
            earlier = (*earlier, EarlierCell(option.joins, len(option.joins) - 1))
        if len(result.options) < LIMITS.cells and result.options[-1].joins:
            assert result.exhausted
            assert truth(case, earlier) is None, number
        levels[best[:2]] += 1
    assert levels.total() >= 30
    assert levels.total() - levels[0, 0] >= 4
    assert refused >= 10


@pytest.mark.parametrize("batch", range(3))
def test_every_certificate_of_a_replacement_is_confirmed_and_no_forged_one_is(batch: int) -> None:
    levels = 0
    for number, case in drawn_cases(batch, 25):
        result = least_disturbing(case.problem, case.current, case.leaving, LIMITS)
        if isinstance(result, Infeasible):
            base, staying = disturbance._open(case.problem, case.current, case.leaving)
            widest = disturbance.at_level(base, staying, Level(len(staying), None))
            assert certify_infeasible(widest, result.certificate).verdict == "confirmed", number
            continue
        assert isinstance(result, Replaced)
        earlier: list[tuple[int, ...]] = []
        for option in result.options:
            given = (case.problem, case.current, case.leaving)
            assert certify_replacement(*given, option, earlier).verdict == "confirmed", number
            cell = option.certificate["cell"]
            lower = {**cell["certificate"], "bound": option.value - 1, "best_value": option.value - 1}
            forged = replace(option, certificate={**option.certificate, "cell": {**cell, "certificate": lower}})
            assert certify_replacement(*given, forged, earlier).verdict == "refuted"
            if option.certificate["refuted"]:
                levels += 1
                silent = replace(option, certificate={**option.certificate, "refuted": []})
                assert certify_replacement(*given, silent, earlier).verdict == "undecided"
            earlier.append(option.joins)
    assert levels >= 3


def test_a_cell_that_disturbs_more_than_it_need_is_not_certified() -> None:
    worse = 0
    for _number, case in drawn_cases(9, 40):
        result = least_disturbing(case.problem, case.current, case.leaving, Limits(1, 60))
        if not isinstance(result, Replaced) or told(result.options[0])[:2] != (0, 0):
            continue
        option = result.options[0]
        inside = {ref for ref, _ in case.current}
        banned = tuple(sorted((set(case.problem.banned) - inside) | case.leaving))
        opened = replace(case.problem, banned=banned)
        for members, value in worth(opened):
            if any(placed not in members for placed in case.staying):
                rows = tuple(
                    replace(option.members[0], ref=ref, seat=seat) for ref, seat in sorted(members, key=lambda m: m[1])
                )
                claimed = replace(option, members=rows, value=value)
                checked = certify_replacement(case.problem, case.current, case.leaving, claimed)
                assert checked.verdict != "confirmed"
                worse += 1
                break
    assert worse >= 5


MUTANTS = {
    "a level is skipped": lambda base, staying, level: (
        base,
        staying,
        Level(min(len(staying), level.leave + 1), level.move),
    ),
    "moves are not counted": lambda base, staying, level: (base, staying, Level(level.leave, None)),
    "one who could stay is forgotten": lambda base, staying, level: (
        base,
        staying[1:],
        Level(min(level.leave, max(0, len(staying) - 1)), level.move),
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_count_would_be_seen(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutants that show the comparison with brute force can fail."""
    sound = disturbance.at_level
    monkeypatch.setattr(disturbance, "at_level", lambda *given: sound(*MUTANTS[mutant](*given)))
    wrong = 0
    for _number, case in drawn_cases(0, 40):
        try:
            wrong += differing(case)
        except (IndexError, ValueError):  # its doubles are no longer those that it believes in
            wrong += 1
    assert wrong >= 3


def test_where_everybody_can_stay_nobody_is_asked_to_move() -> None:
    case = next(c for _n, c in drawn_cases(1, 110) if (truth(c) or (9, 9))[:2] == (0, 0))
    result = least_disturbing(case.problem, case.current, case.leaving, Limits(1, 60))
    assert isinstance(result, Replaced)
    option = result.options[0]
    seats = {member.ref: member.seat for member in option.members}
    assert all(seats[ref] == seat for ref, seat in case.staying)
    assert (option.leaves, option.moves, option.certificate["refuted"]) == ((), (), [])


def test_what_a_diagnosis_proposes_lets_everybody_else_keep_their_seat() -> None:
    mended = 0
    for _number, case in drawn_cases(2, 14):
        if least_disturbing(case.problem, case.current, case.leaving, Limits(1, 60)).__class__ is not Infeasible:
            continue
        found = diagnose_replacement(case.problem, case.current, case.leaving, Limits(1, 20))
        for repair in found.repairs:
            assert repair.code != "pin_removed"
            base, staying = disturbance._open(case.problem, case.current, case.leaving)
            pinned = replace(base, pins=tuple(Pin(ref, seat) for ref, seat in staying))
            assert isinstance(solve(apply_repair(pinned, repair), Limits(1, 20)), Composed)
            mended += 1
    assert mended >= 3


def test_without_time_nothing_is_claimed() -> None:
    for _number, case in drawn_cases(3, 40):
        result = least_disturbing(case.problem, case.current, case.leaving, Limits(1, 0.0))
        if isinstance(result, Replaced):
            assert not result.exhausted
            assert told(result.options[0]) >= (truth(case) or (9, 9, 0))
            if result.options[0].proven:
                assert told(result.options[0]) == truth(case)
        else:
            assert isinstance(result, OutOfTime | Infeasible)
            assert not isinstance(result, Infeasible) or truth(case) is None


def test_a_level_that_was_not_decided_is_not_called_the_least(monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(c for _n, c in drawn_cases(4, 110) if (truth(c) or (0,))[0] > 0)
    sound = disturbance.solve

    def hasty(problem: Problem, limits: Limits) -> object:
        result = sound(problem, limits)
        return OutOfTime(None, result.replay) if isinstance(result, Infeasible) else result

    monkeypatch.setattr(disturbance, "solve", hasty)
    result = least_disturbing(case.problem, case.current, case.leaving, Limits(1, 60))
    assert isinstance(result, Replaced)
    assert not result.options[0].least
    assert not result.options[0].proven


def test_somebody_who_could_stay_has_to_be_in_the_market() -> None:
    _number, case = next(drawn_cases(5, 110))
    with pytest.raises(ValueError, match="not in the market"):
        least_disturbing(case.problem, [*case.current, (10**6, 0)], case.leaving, LIMITS)
    with pytest.raises(ValueError, match="seat that does not exist"):
        least_disturbing(case.problem, [(ref, 99) for ref, _ in case.current], (), LIMITS)


def test_among_twelve_seats_and_thousands_of_people_the_level_is_proven_and_certified() -> None:
    market = market_of(np.random.default_rng(1), 3_000)
    levels = set()
    for number in (0, 5, 10):
        rng = np.random.default_rng([5, number])
        problem = project_of(rng, market, 12, 0.05)
        result = solve(problem, Limits(1, 60))
        assert isinstance(result, Composed)
        cell = result.cells[0]
        current = [(member.ref, member.seat) for member in cell.members]
        leaving = {current[at][0] for at in rng.permutation(12)[: int(rng.integers(1, 3))]}
        asked = replace(problem, budget=cell.cost)
        found = least_disturbing(asked, current, leaving, Limits(2, 60))
        assert isinstance(found, Replaced)
        option = found.options[0]
        assert option.proven
        assert certify_replacement(asked, current, leaving, option).verdict == "confirmed"
        levels.add(len(option.leaves))
    assert levels == {0, 1}

"""The budget as a rule in the bound: no cell is ever worth more, and the bound is hardly ever weaker than its price."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from matching.engine import EarlierCell
from matching.engine import kernel as kernels
from matching.engine import knapsack as knapsacks
from matching.engine import search as searches
from matching.engine.clock import Clock
from matching.engine.instance import Floats, Instance, build
from matching.engine.knapsack import sharpened, upper_within_budget
from matching.engine.optimum import lacks_people
from matching.engine.pricing import NOTHING, Duals, bound
from matching.engine.search import dive, search
from tests.engine.instances import tiny_problem

KERNELS = [None, kernels.descend, *([kernels.COMPILED] if kernels.COMPILED else [])]
ENDLESS = 10**9


def best_by_pair(instance: Instance) -> list[Floats]:
    """Per seat and pair the value of the best cell with it, by all combinations of pairs."""
    found = [np.full(len(seat.local), NOTHING) for seat in instance.seats]
    for pairs in product(*(range(len(seat.local)) for seat in instance.seats)):
        local = [int(seat.local[at]) for seat, at in zip(instance.seats, pairs, strict=True)]
        cost = sum(seat.cost[at] for seat, at in zip(instance.seats, pairs, strict=True))
        held = [need.lookup(np.array(local, np.int32))[0].sum() >= need.count for need in instance.needs]
        common = [np.isin(local, instance.cut_members(cut)).sum() <= cut.most for cut in instance.cuts]
        if len(set(local)) == len(local) and cost <= instance.budget and all(held) and all(common):
            value = instance.evaluate([(int(instance.people[person]), seat) for seat, person in enumerate(local)])
            for seat, at in enumerate(pairs):
                found[seat][at] = max(found[seat][at], value)
    return found


def drawn(number: int) -> tuple[Instance, Duals, list[Floats]] | None:
    """An instance with an earlier cell, any prices that are not negative, and the truth about every pair."""
    rng = np.random.default_rng([131, number])
    problem = tiny_problem(rng)
    refs = tuple(rng.permutation(problem.market.people.ref)[: len(problem.seats)].tolist())
    instance = build(replace(problem, earlier=(EarlierCell(refs, len(refs) // 2),)))
    if lacks_people(instance):
        return None
    none = np.zeros(0)
    duals = Duals(
        best=np.rint(rng.uniform(0, 60, len(instance.needs))),
        cover=np.rint(rng.uniform(0, 30, len(instance.needs))),
        budget=float(rng.choice([0.0, 1 / 64, 1 / 16])),
        cuts=np.rint(rng.uniform(0, 20, 1)),
        person_rows=none.astype(np.int32),
        person=none,
        bits=8,
    )
    return instance, duals, best_by_pair(instance)


@pytest.mark.parametrize("steps", [1, 7, 1_024])
def test_no_cell_is_worth_more_than_the_bound_of_any_of_its_pairs(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knapsacks, "MOST_STEPS", steps)
    tighter = feasible = 0
    for number in range(80):
        given = drawn(number)
        if given is None:
            continue
        instance, duals, truth = given
        priced = bound(instance, duals)
        masks = [np.ones(len(seat.local), bool) for seat in instance.seats]
        kept = upper_within_budget(instance, priced, masks)
        for ours, theirs, real in zip(kept, priced.upper(), truth, strict=True):
            assert (ours >= real).all()
            tighter += int((ours < theirs).sum())
            feasible += int((real > NOTHING).sum())
    assert feasible > 300
    assert tighter > 100


def test_bounds_of_the_most_promising_pairs_hold_for_cells_with_any_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, few in product(range(60), (1, 4, 9)):
        monkeypatch.setattr(knapsacks, "SHARPENED", few)
        given = drawn(number)
        if given is not None:
            instance, duals, truth = given
            priced = bound(instance, duals)
            for floor in (NOTHING, priced.value - 40):
                for ours, theirs, real in zip(sharpened(instance, priced, floor), priced.upper(), truth, strict=True):
                    assert (ours >= real).all()
                    assert (ours <= theirs).all()


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("few", [(0, 0), (0, 300), (60, 300)])
def test_the_search_finds_the_best_cell_that_differs_enough_whatever_the_prices(
    kernel: kernels.Kernel | None, few: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "VERY_FEW_PAIRS", few[0])
    monkeypatch.setattr(searches, "FEW_PAIRS", few[1])
    cells = 0
    for number in range(80):
        given = drawn(number)
        if given is None:
            continue
        instance, duals, truth = given
        best = max(float(values.max()) for values in truth)
        for target in (NOTHING, best) if best > NOTHING else (NOTHING,):
            answer = search(instance, duals, target, Clock(60), ENDLESS, kernel)
            assert answer.finished
            assert answer.value == best
        dived = dive(instance, duals, NOTHING, 3, Clock(60))
        if dived.members is not None:
            assert instance.evaluate(dived.members) == dived.value <= best
            cells += 1
    assert cells >= 20

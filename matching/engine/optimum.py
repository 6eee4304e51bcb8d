"""The optimum of one instance: bound, band, and, where no cell shows, the question what the cheapest cell costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching.engine.band import Band, Report, best_in_band
from matching.engine.bounding import BROKEN, contradiction, generate, seed
from matching.engine.clock import Clock
from matching.engine.eligibility import Mask
from matching.engine.instance import Instance, NeedList, Placement
from matching.engine.model import Model
from matching.engine.pricing import NOTHING, Bound, Duals, bound

PATIENCE = 300  # pairs searched without any cell before asking for the cheapest one
FEW_PAIRS = 2_000  # among which nothing is gained by looking near the top first
NEAR_SHARE, NEAR_POINTS = 0.08, 60.0  # of the bound, in points: how far below it pairs are still near the top


@dataclass(frozen=True)
class Optimum:
    """``ended``: ``proven``, ``narrow``, ``stopped`` or ``infeasible`` (then ``proof`` names the kind).

    ``value`` and ``upper`` are in units of the instance; ``bound`` is the relaxation that priced ``instance``, and
    ``outside`` bounds cells that use a pair which is not there. ``contradiction`` are the prices that prove that there
    is no cell, by themselves or for all pairs but a few. ``given`` is the relaxation over the whole instance asked for.
    """

    ended: str
    members: list[Placement] | None
    value: float
    upper: float
    instance: Instance
    outside: float
    bound: Bound | None
    proof: str = ""
    contradiction: Duals | None = None
    given: Bound | None = None


@dataclass(frozen=True)
class Cheapest:
    """``ended``: ``cell`` (proven cheapest), ``some`` (affordable, not proven cheapest), ``infeasible`` or ``stopped``.

    ``masks`` keep the pairs of affordable cells; ``cost`` is in dollars a month. ``contradiction`` are the prices that
    prove that there is none, by themselves or for all pairs but those that were searched.
    """

    ended: str
    members: list[Placement] | None = None
    cost: int = 0
    masks: list[Mask] | None = None
    proof: str = ""
    contradiction: Duals | None = None


def lacks_people(instance: Instance) -> bool:
    """Whether a seat has fewer eligible people, or a need fewer holders, than it asks for."""
    return (
        not instance.seats
        or any(len(seat.local) < seat.least or seat.most < seat.least for seat in instance.seats)
        or any(len(need.local) < need.count for need in instance.needs)
    )


def _priced_by_cost(instance: Instance, budget: int) -> Instance:
    """The same rules with the lowest cost as the objective, no points, and a row for a budget that never binds."""
    seats = tuple(replace(seat, value=-seat.cost, cost=np.zeros(len(seat.cost))) for seat in instance.seats)
    needs = tuple(NeedList(need.local, np.zeros(len(need.local)), need.count) for need in instance.needs)
    return replace(instance, seats=seats, needs=needs, budget=budget, unit=1.0)


def _as_contradiction(duals: Duals) -> Duals:
    """Prices that put the cheapest cell above the budget, as prices under which no cell can exist at all.

    With a dollar priced at one, the bound on an objective of nothing is the budget minus the least cost: below zero.
    """
    return replace(duals, best=np.zeros(len(duals.best)), budget=1.0, scored=False)


def cheapest(instance: Instance, clock: Clock, *, limit: int | None) -> Cheapest:
    """The cheapest cell under every rule but the budget; one above ``limit`` dollars counts as none.

    Minimizing cost finds or refutes a cell far faster than looking for any point of the full problem.
    """
    if lacks_people(instance):
        return Cheapest("infeasible", proof="eligibility")
    low = _priced_by_cost(instance, 0)
    model = Model(low)
    model.add_people(low, seed(low))
    relaxed = generate(low, model, clock)
    if relaxed.broken > BROKEN:
        refuted = contradiction(low, model, clock)
        if refuted is not None:
            return Cheapest("infeasible", proof="relaxation", contradiction=refuted.duals)
        relaxed = generate(low, model, clock)
    affordable = -float(limit) if limit is not None else NOTHING
    if relaxed.bound.value < affordable:
        return Cheapest("infeasible", proof="cost", contradiction=_as_contradiction(relaxed.bound.duals))
    masks = [upper >= affordable for upper in relaxed.bound.upper()]
    part = low.restrict(masks)
    proof = _as_contradiction(relaxed.bound.duals)
    if lacks_people(part):
        return Cheapest("infeasible", proof="cost", contradiction=proof)
    found = best_in_band(part, bound(part, relaxed.bound.duals), NOTHING, clock, at_least=affordable)
    if found.members is not None and found.value >= affordable:
        return Cheapest("cell" if found.ended == "proven" else "some", found.members, -int(found.value), masks)
    return (
        Cheapest("infeasible", proof="search", contradiction=proof) if found.ended == "proven" else Cheapest("stopped")
    )


def find_optimum(
    instance: Instance,
    model: Model,
    outside: float,
    clock: Clock,
    incumbent: list[Placement] | None = None,
    report: Report | None = None,
    at_most: float = np.inf,
) -> Optimum:
    """The best cell of the instance, proven, or why there is none, or how far the time went.

    ``model`` is the warm relaxation; ``outside`` bounds cells that use a pair not in the instance, and where it is not
    minus infinity nothing is concluded about there being no cell. ``at_most`` is the value of a cell known to be no
    worse, if there is one; nothing is proven by it.
    """
    if lacks_people(instance):
        if outside > NOTHING:
            return Optimum("narrow", incumbent, NOTHING, outside, instance, outside, None)
        return _none(instance, "eligibility")
    relaxed = generate(instance, model, clock)
    if relaxed.broken > BROKEN:
        refuted = contradiction(instance, model, clock)
        if refuted is not None:
            if outside > NOTHING:
                return Optimum("narrow", incumbent, NOTHING, outside, instance, outside, None)
            return _none(instance, "relaxation", None, refuted.duals)
        relaxed = generate(instance, model, clock)
    if outside == NOTHING and incumbent is None and instance.pairs > FEW_PAIRS:
        near, beyond = near_the_top(instance, relaxed.bound)
        if beyond > NOTHING and not lacks_people(near):
            narrow = bound(near, relaxed.bound.duals)
            found = best_in_band(near, narrow, beyond, clock, patience=PATIENCE, report=report)
            if found.ended == "proven" and found.members is not None:
                return Optimum(
                    "proven", found.members, found.value, found.upper, near, beyond, narrow, given=relaxed.bound
                )
            incumbent = found.members
    patience = PATIENCE if outside == NOTHING and incumbent is None else np.inf
    found = best_in_band(instance, relaxed.bound, outside, clock, incumbent, NOTHING, patience, report, at_most)
    if found.ended != "lost":
        return _conclude(found, found.upper, instance, outside, relaxed.bound)
    cheap = cheapest(instance, clock, limit=instance.budget)
    if cheap.members is None or cheap.masks is None:
        if cheap.ended == "infeasible":
            return _none(instance, cheap.proof, relaxed.bound, cheap.contradiction)
        return Optimum("stopped", None, NOTHING, relaxed.bound.value, instance, outside, relaxed.bound)
    part = instance.restrict(cheap.masks)
    fresh = Model(part)
    start = part.locate(np.array([row for row, _ in cheap.members], np.int32))[0]
    fresh.add_people(part, np.concatenate([seed(part), start]))
    tighter = generate(part, fresh, clock)
    found = best_in_band(part, tighter.bound, NOTHING, clock, cheap.members, report=report)
    # The certificate prices everybody, so it carries whichever duals bound the whole instance better.
    whole = bound(instance, tighter.bound.duals)
    kept = whole if whole.value < relaxed.bound.value else relaxed.bound
    return _conclude(found, found.upper if found.ended == "proven" else kept.value, instance, outside, kept)


def near_the_top(instance: Instance, found: Bound, value: float | None = None) -> tuple[Instance, float]:
    """The pairs whose bound is near the ``value`` (else near the bound), and what bounds cells with any other pair."""
    top = found.value if value is None else value
    floor = top - max(NEAR_POINTS, NEAR_SHARE * abs(top))
    masks = [upper >= floor for upper in found.upper()]
    if all(mask.all() for mask in masks):
        return instance, NOTHING
    return instance.restrict(masks), floor


def _none(instance: Instance, proof: str, kept: Bound | None = None, duals: Duals | None = None) -> Optimum:
    return Optimum("infeasible", None, NOTHING, NOTHING, instance, NOTHING, kept, proof, duals)


def _conclude(found: Band, upper: float, instance: Instance, outside: float, kept: Bound) -> Optimum:
    if found.ended == "proven" and found.members is None:
        return _none(instance, "search", kept)
    return Optimum(found.ended, found.members, found.value, upper, instance, outside, kept, given=kept)

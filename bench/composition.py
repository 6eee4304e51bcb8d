"""Rows 3, 4, 5 and 6: how long five proven cells take, in passes over the market, and how that grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bench import markets
from bench.plan import Plan
from bench.sampling import Tell, computed, median, milliseconds, people, quantile, timed
from bench.targets import Measured, at_least, at_most
from matching.engine import Collaborations, Composed, Limits, Market, Problem, certify, greedy, solve
from matching.engine.band import best_in_band
from matching.engine.bounding import generate, seed
from matching.engine.clock import Clock
from matching.engine.instance import Instance, build
from matching.engine.model import Model, solve_whole
from matching.engine.pricing import NOTHING, bound

CELLS = 5
TYPICAL_PASSES, TAIL_PASSES, LIMIT_PASSES = 8.0, 30.0, 150.0
SHORTEST_LIMIT = 0.5  # seconds: below it the clock of small markets measures the machine, not the engine
GENEROUS = 60.0
SPARSE, DENSE = 1.5, 3.0
MOST_FOR_DENSE, DENSE_NEIGHBORS = 100_000, 100
BAND_SECONDS = 20.0
TURNS, LONG = 3, 1.0  # a program that takes more seconds than this is measured once
GROWTH = 5.0
TOUCH_PASSES, REPEATS = 40.0, 5
SECONDS_OF_CERTIFY = 20.0


@dataclass
class Composition:
    """One solved project: ``feature`` is the pass over the market alone.

    ``seconds`` and ``feature`` are processor time, ``elapsed`` and ``limit`` time by the clock.
    """

    seconds: float
    feature: float
    elapsed: float
    limit: float
    cells: int
    proven: int
    worst_gap: float
    value: int | None

    @property
    def is_proven(self) -> bool:
        return self.cells > 0 and self.proven == self.cells


def without_collaborations(given: Market) -> Market:
    """Return the market in which nobody has worked with anybody."""
    none = np.zeros(0, np.int32)
    return replace(given, collaborations=Collaborations(none, none, np.zeros(0, np.uint8)))


def compose(problem: Problem, seconds: float) -> Composition:
    """Measure the feature pass, then five cells within ``seconds``."""
    _instance, feature = computed(build, problem)
    (result, taken), elapsed = timed(computed, solve, problem, Limits(CELLS, seconds))
    cells = result.cells if isinstance(result, Composed) else ()
    gaps = [(cell.bound - cell.best_value) / max(1, abs(cell.bound)) for cell in cells if cell.status != "optimal"]
    return Composition(
        seconds=taken,
        feature=feature,
        elapsed=elapsed,
        limit=seconds,
        cells=len(cells),
        proven=sum(cell.status == "optimal" for cell in cells),
        worst_gap=max(gaps, default=0.0),
        value=cells[0].best_value if cells else None,
    )


def times(plan: Plan, tell: Tell) -> Measured:
    """Rows 3, 5 (features) and 6. Sizes take turns project by project, so that a busy minute hits all alike."""
    found = Measured()
    drawn = {size: _plain_projects(plan, size) for size in plan.sizes}
    # A compiled kernel is compiled once, before anything is timed.
    solve(drawn[plan.sizes[0]][0], Limits(1, GENEROUS))
    feature = {size: median([computed(build, problem)[1] for problem in drawn[size][:5]]) for size in plan.sizes}
    limit = max(SHORTEST_LIMIT, LIMIT_PASSES * feature[plan.sizes[-1]])
    runs: dict[int, list[Composition]] = {size: [] for size in plan.sizes}
    for number in range(plan.projects):
        for size in plan.sizes:
            runs[size].append(compose(drawn[size][number], limit))
        tell("composing five cells", (number + 1) / plan.projects)
    for size in plan.sizes:
        _report_times(found, size, runs[size], largest=size == plan.sizes[-1])
    _report_middle(found, runs)
    _report_growth(found, {size: [run.seconds for run in runs[size]] for size in plan.sizes})
    for size in plan.sizes:
        _report_scan(found, size, drawn[size], runs[size])
    found.samples["composition"] = {str(size): [vars(run) for run in runs[size]] for size in plan.sizes}
    return found


def _plain_projects(plan: Plan, size: int) -> list[Problem]:
    return markets.projects(without_collaborations(markets.market(size, plan.seed)), plan.projects, plan.seed)


def _report_times(found: Measured, size: int, runs: list[Composition], *, largest: bool) -> None:
    base, taken = median([run.feature for run in runs]), [run.seconds for run in runs]
    name = people(size)
    for share, label, passes in ((0.5, "p50", TYPICAL_PASSES), (0.95, "p95", TAIL_PASSES)):
        reached = quantile(taken, share)
        beside = f"{milliseconds(reached)} beside a feature pass of {milliseconds(base)}"
        target = at_most(passes) if largest else None
        found.add("3", f"{name}: five cells, {label}, in feature passes", reached / base, "×", target, beside)
    proven = [run for run in runs if run.is_proven]
    limit = runs[0].limit
    beside = f"{len(runs)} projects, limit {milliseconds(limit)}"
    share_proven = 100 * len(proven) / len(runs)
    found.add("3", f"{name}: proven within {LIMIT_PASSES:.0f} passes", share_proven, "%", at_least(99.0), beside)
    rest = [run for run in runs if not run.is_proven]
    if rest:
        gap = max(run.worst_gap if run.cells else 1.0 for run in rest)
        overrun = max(run.elapsed / run.limit for run in rest) - 1
        found.add("3", f"{name}: worst stated gap of the rest", 100 * gap, "%", at_most(2.0), f"{len(rest)} projects")
        found.add("3", f"{name}: limit overrun by at most", 100 * overrun, "%", at_most(5.0), milliseconds(limit))


def _report_middle(found: Measured, runs: dict[int, list[Composition]]) -> None:
    """The tail over 100,000 people has the same limit in seconds as the one over 700,000."""
    middle, large = 100_000, 700_000
    if runs.keys() >= {middle, large}:
        base = median([run.feature for run in runs[large]])
        reached = quantile([run.seconds for run in runs[middle]], 0.95)
        what = f"{people(middle)}: five cells, p95, in feature passes over {people(large)}"
        found.add("3", what, reached / base, "×", at_most(TAIL_PASSES), f"{milliseconds(reached)}")


def _report_growth(found: Measured, taken: dict[int, list[float]]) -> None:
    """Row 6, on the smallest and the largest market. The target speaks of 70 times as many people."""
    small, large = min(taken), max(taken)
    if small == large:
        return
    target = at_most(GROWTH) if large / small == 70 else None
    for share, label in ((0.5, "p50"), (0.95, "p95")):
        ratio = quantile(taken[large], share) / quantile(taken[small], share)
        beside = f"{large / small:.0f} × the people: {people(small)} to {people(large)}"
        found.add("6", f"time grows, {label}", ratio, "×", target if label == "p50" else None, beside)


def _report_scan(found: Measured, size: int, problems: list[Problem], runs: list[Composition]) -> None:
    """Row 5: the feature pass beside one look at every number that it may read."""
    ratios, scans = [], []
    for problem in problems:
        arrays = list(read_by_features(problem))
        # In turns, by processor time: what others do on the machine at that moment then counts for neither.
        turns = [(computed(_touch, arrays)[1], computed(build, problem)[1]) for _ in range(REPEATS)]
        scan, feature = (min(column) for column in zip(*turns, strict=True))
        scans.append(scan)
        ratios.append(feature / scan)
    target = at_most(TOUCH_PASSES) if size >= 100_000 else None
    beside = f"touching every number once: {milliseconds(median(scans))}"
    found.add("5", f"{people(size)}: feature pass, p50", median(ratios), "×", target, beside)
    found.samples.setdefault("scan", {})[str(size)] = {
        "scan_seconds": scans,
        "feature_seconds": [run.feature for run in runs],
    }


def _touch(arrays: list[np.ndarray[Any, np.dtype[Any]]]) -> None:
    for array in arrays:
        array.max(initial=0)


def read_by_features(problem: Problem) -> Iterator[np.ndarray[Any, np.dtype[Any]]]:
    """Yield the columns and postings that the hard rules and points of a problem speak of, each once."""
    people_, market = problem.market.people, problem.market
    yield from (column for name, column in vars(people_).items() if name not in ("ref", "languages"))
    floors = {key for seat in problem.seats for key, _ in seat.languages}
    floors |= {need.language for need in problem.needs if need.language} | {problem.bridge_language}
    yield from (people_.languages[key] for key in sorted(floors & people_.languages.keys()))
    skills = {floor.skill for seat in problem.seats for floor in seat.skills}
    skills |= {need.skill for need in problem.needs if need.skill is not None}
    for skill in sorted(skills & market.postings.keys()):
        yield from vars(market.postings[skill]).values()


def cohesion(plan: Plan, tell: Tell) -> Measured:
    """Row 4: the same projects with nobody acquainted, with the market's own past, and with a dense one, in turns."""
    found = Measured()
    sizes = sorted({plan.sizes[-1], min(plan.sizes[-1], MOST_FOR_DENSE)})
    for position, size in enumerate(sizes):
        own = markets.market(size, plan.seed)
        kinds = {"none": without_collaborations(own), "sparse": own}
        if size <= MOST_FOR_DENSE:
            kinds["dense"] = markets.with_dense_collaborations(own, DENSE_NEIGHBORS, plan.seed)
        problems = markets.projects(kinds["none"], plan.cohesive_projects, plan.seed)
        taken: dict[str, list[float]] = {kind: [] for kind in kinds}
        for number, problem in enumerate(problems):
            for kind, given in kinds.items():
                variant = replace(problem, market=given)
                taken[kind].append(computed(solve, variant, Limits(CELLS, GENEROUS))[1])
            tell("cohesion", (position + (number + 1) / len(problems)) / len(sizes))
        for kind, factor in (("sparse", SPARSE), ("dense", DENSE)):
            if kind not in taken:
                continue
            for share, label in ((0.5, "p50"), (0.95, "p95")):
                with_, without = quantile(taken[kind], share), quantile(taken["none"], share)
                beside = f"{milliseconds(with_)} beside {milliseconds(without)} without"
                what = f"{people(size)}: {kind} collaborations, {label}"
                found.add("4", what, with_ / without, "×", at_most(factor), beside)
        found.samples.setdefault("cohesion", {})[str(size)] = taken
    return found


def bands(plan: Plan, tell: Tell) -> Measured:
    """Row 3: who is left after pricing, and HiGHS on the very same bands; greedy's time for comparison."""
    found = Measured()
    size = plan.sizes[-1]
    problems = markets.projects(
        without_collaborations(markets.market(size, plan.seed)), plan.cohesive_projects, plan.seed + 1
    )
    rows: list[dict[str, float]] = []
    for number, problem in enumerate(problems):
        row = _band(problem)
        if row is not None:
            rows.append(row)
        tell("HiGHS on the same bands", (number + 1) / len(problems))
    if not rows:
        return found
    ratios = [row["integer_program_seconds"] / row["search_seconds"] for row in rows]
    ours, theirs = (median([row[key] for row in rows]) for key in ("search_seconds", "integer_program_seconds"))
    beside = f"HiGHS {milliseconds(theirs)}, band search {milliseconds(ours)}"
    found.add(
        "3", f"{people(size)}: faster than HiGHS on the same band, p50", median(ratios), "×", at_least(10.0), beside
    )
    total = sum(row["integer_program_seconds"] for row in rows) / sum(row["search_seconds"] for row in rows)
    found.add("3", f"{people(size)}: the same, all of them together", total, "×", None, f"{len(rows)} bands")
    slowest = median([row["greedy_seconds"] for row in rows])
    what, beside = (
        f"{people(size)}: pairs left in the band, p50",
        f"of {median([r['pairs'] for r in rows]):,.0f} eligible",
    )
    found.add("3", what, median([row["band"] for row in rows]), "", None, beside)
    found.add("3", f"{people(size)}: greedy takes, p50", 1000 * slowest, "ms", None, "see row 11 for what it finds")
    found.samples["bands"] = {"people": size, "projects": rows}
    return found


def _band(problem: Problem) -> dict[str, float] | None:
    """Every pair that the priced market leaves for the optimum, solved by the band search and by HiGHS."""
    result = solve(problem, Limits(1, GENEROUS))
    if not isinstance(result, Composed) or result.cells[0].status != "optimal":
        return None
    cell, whole = result.cells[0], build(problem)
    model = Model(whole)
    model.add_people(whole, seed(whole))
    prices = generate(whole, model, Clock(GENEROUS)).bound
    masks = [upper >= cell.best_value - 0.5 for upper in prices.upper()]
    band: Instance = whole.restrict(masks)
    own = bound(band, prices.duals)
    # In turns, and the quickest of each: a search of half a millisecond is else measured with a cold cache.
    turns = []
    for _ in range(TURNS):
        ours = computed(best_in_band, band, own, NOTHING, Clock(GENEROUS))[1]
        turns.append((ours, computed(solve_whole, band, Clock(BAND_SECONDS))[1]))
        if turns[-1][1] > LONG:
            break
    ours, theirs = (min(column) for column in zip(*turns, strict=True))
    _baseline, impatient = computed(greedy, problem)
    members = [(member.ref, member.seat) for member in cell.members]
    checked = certify(problem, members, cell.certificate, SECONDS_OF_CERTIFY)
    return {
        "pairs": whole.pairs,
        "band": band.pairs,
        "survivors": checked.survivors,
        "search_seconds": ours,
        "integer_program_seconds": theirs,
        "greedy_seconds": impatient,
    }

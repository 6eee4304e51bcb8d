"""Row 11: what simpler methods give on the same projects, as objective against the optimum and as share that holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from bench import markets
from bench.composition import without_collaborations
from bench.plan import Plan
from bench.rarest_first import Graph, rarest_first
from bench.sampling import Tell, computed, median, milliseconds, people
from bench.targets import Measured
from matching.engine import Baseline, Composed, Limits, Problem, best_single_hires, greedy, solve, verify
from matching.engine.clock import Clock
from matching.engine.instance import build
from matching.engine.model import solve_whole

SECONDS = 60.0
POOL_PER_SEAT = 20
MOST_PEOPLE = 100_000
ENGINE = "this engine"


@dataclass
class Method:
    """What one method found: how many cells ``held``, and which rules the others broke.

    ``ratios`` of the optimum are known where a cell holds and the optimum is above zero, else None.
    """

    name: str
    held: int = 0
    ratios: list[float | None] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)

    def note(self, holds: bool, value: int, optimum: int, seconds: float, broken: set[str]) -> None:
        """Count one project."""
        self.seconds.append(seconds)
        self.held += holds
        self.ratios.append(value / optimum if holds and optimum > 0 else None)
        self.broken.update(broken)


def cheapest_pool(problem: Problem) -> Baseline:
    """The everyday way: fetch the cheapest people per seat, then solve exactly, but among those alone."""
    whole = build(problem)
    masks = [
        np.isin(np.arange(len(seat.local)), np.argsort(seat.cost, kind="stable")[:POOL_PER_SEAT])
        for seat in whole.seats
    ]
    members, _upper, _finished = solve_whole(whole.restrict(masks), Clock(SECONDS))
    refs = problem.market.people.ref
    placed = tuple((int(refs[row]), seat) for row, seat in members or ())
    return Baseline(placed, verify(problem, placed))


def compare(plan: Plan, tell: Tell) -> Measured:
    """Solve projects by every method on the largest market up to 100,000 people."""
    found = Measured()
    size = min(plan.sizes[-1], MOST_PEOPLE)
    own = markets.market(size, plan.seed)
    # The points alone are compared; who worked with whom is only for the method that looks at nothing else.
    given, graph = without_collaborations(own), Graph(own.collaborations, size)
    methods: dict[str, Callable[[Problem], Baseline]] = {
        "greedy": greedy,
        "RarestFirst (2009)": lambda problem: rarest_first(problem, graph),
        "best single hire per seat": best_single_hires,
        f"{POOL_PER_SEAT} cheapest per seat, then MIP": cheapest_pool,
    }
    kinds = {"tight": True, "loose": False}
    for position, (kind, hard) in enumerate(kinds.items()):
        kept = {name: Method(name) for name in (ENGINE, *methods)}
        problems = markets.projects(given, plan.compared_projects, plan.seed + 2, hard=hard)
        for number, problem in enumerate(problems):
            result, seconds = computed(solve, problem, Limits(1, SECONDS))
            if isinstance(result, Composed) and result.cells[0].status == "optimal":
                cell = result.cells[0]
                kept[ENGINE].note(True, cell.value, cell.best_value, seconds, set())
                for name, method in methods.items():
                    baseline, seconds = computed(method, problem)
                    broken = {violation.rule.partition(":")[0] for violation in baseline.verdict.violations}
                    broken = broken if baseline.members else {"no cell at all"}
                    kept[name].note(baseline.feasible, baseline.verdict.value, cell.best_value, seconds, broken)
            tell("simpler methods", (position + (number + 1) / len(problems)) / len(kinds))
        for name in methods:
            _report(found, f"{people(size)}, {kind} budgets: {name}", kept[name])
        found.samples.setdefault("quality", {})[kind] = {
            "people": size,
            "methods": {
                name: {
                    "held": method.held,
                    "ratios": method.ratios,
                    "seconds": method.seconds,
                    "broken": dict(method.broken),
                }
                for name, method in kept.items()
            },
        }
    return found


def _report(found: Measured, what: str, method: Method) -> None:
    if not method.seconds:
        return
    worst = ", ".join(f"{rule} {count}" for rule, count in method.broken.most_common(3))
    known = [ratio for ratio in method.ratios if ratio is not None]
    reached = f"those reach {100 * sum(known) / len(known):.1f} % of the optimum" if known else "none does"
    beside = f"{reached}; {milliseconds(median(method.seconds))}; broken: {worst or 'none'}"
    found.add("11", f"{what} keeps all rules", 100 * method.held / len(method.seconds), "%", None, beside)

"""The harness: measures the rows that were asked for, prints them, writes them, draws them."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench import composition, exactness, knowledge, plots, quality, replay, report, service
from bench.plan import FULL, QUICK, Plan
from bench.sampling import Load, Tell
from bench.targets import ROWS, Measured
from marketplace.local.faults import LocalFault, Terminated
from marketplace.local.supervisor import handled_signals
from matching.engine import ENGINE_VERSION, SOLVER_VERSION

RESULTS = Path(__file__).resolve().parent / "results"
WIDTH_OF_A_FILE = 120


@dataclass(frozen=True)
class Part:
    """One thing to measure, with the rows of the table of targets that it fills."""

    name: str
    rows: frozenset[str]
    measure: Callable[[Plan, Tell], Measured]


PARTS = (
    Part("brute-force", frozenset({"1"}), exactness.enumerate_all),
    Part("integer-program", frozenset({"2"}), exactness.against_integer_program),
    Part("times", frozenset({"3", "5", "6"}), composition.times),
    Part("bands", frozenset({"3"}), composition.bands),
    Part("cohesion", frozenset({"4"}), composition.cohesion),
    Part("replay", frozenset({"4b"}), replay.replay),
    Part("quality", frozenset({"11"}), quality.compare),
    Part("knowledge", frozenset({knowledge.ROW}), knowledge.measure),
    Part("service", frozenset({"3", "5", "7", "8", "9"}), service.measure),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and return the exit code: 0 measured (whatever was found), 1 a fault told in one sentence."""
    options = _options(arguments)
    plan = _plan(options)
    terminal = Console(highlight=False)
    console = terminal if terminal.is_terminal else Console(width=WIDTH_OF_A_FILE, highlight=False)
    chosen = [part for part in PARTS if not options.only or options.only & ({part.name} | part.rows)]
    began, load, found = time.monotonic(), Load(), Measured()
    try:
        with handled_signals():
            for part in chosen:
                try:
                    found.extend(_measure(part, plan))
                except LocalFault as fault:
                    # What was measured before took long enough to be kept.
                    found.faults.append(f"{part.name}: {fault.sentence}\n{fault.log_tail}".strip())
    except KeyboardInterrupt:
        return 130
    except Terminated as termination:
        return 128 + termination.signum
    context = {
        "command": " ".join(["./market bench", *(sys.argv[1:] if arguments is None else arguments)]),
        "seconds": round(time.monotonic() - began, 1),
        "engine": ENGINE_VERSION,
        "solver": SOLVER_VERSION,
        "load": load.as_json(),
        "notes": _notes(chosen),
    }
    report.print_report(console, found.findings)
    report.write(options.results, found, context)
    drawn = plots.draw(found.samples, options.results)
    console.print(f"Written to {options.results}: results.md, results.json, {', '.join(path.name for path in drawn)}")
    for sentence in found.faults:
        print(f"bench: {sentence}", file=sys.stderr)
    return 1 if found.faults else 0


def _notes(chosen: Sequence[Part]) -> list[str]:
    """Say what about the servers a reader of the results must know."""
    if all(part.measure is not service.measure for part in chosen):
        return []
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if not given:
        return ["The service ran on embedded servers of its own, PostgreSQL with fsync."]
    return [f"The service used servers that were given ({', '.join(given)})."]


def _measure(part: Part, plan: Plan) -> Measured:
    columns = (TextColumn("  · {task.description:<42}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(part.name, total=1.0)

        def tell(what: str, share: float) -> None:
            progress.update(task, description=what, completed=share)

        found = part.measure(plan, tell)
        progress.update(task, completed=1.0)
    return found


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./market bench", description="Measure every target beside its yardstick.")
    names = ", ".join([*(part.name for part in PARTS), *ROWS])
    parser.add_argument("--quick", action="store_true", help="smaller markets and fewer projects, about two minutes")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help=f"a part or a row: {names}")
    parser.add_argument(
        "--people", type=int, nargs="+", metavar="N", help="sizes of the markets; the last is served too"
    )
    parser.add_argument("--results", type=Path, help="folder to write to (default: bench/results, or quick beside it)")
    options = parser.parse_args(arguments)
    options.only = {name for names in options.only for name in names.split(",")}
    unknown = options.only - {part.name for part in PARTS} - ROWS.keys()
    if unknown:
        parser.error(f"there is nothing called {', '.join(sorted(unknown))} to measure; there are {names}")
    if options.people and min(options.people) < 1_000:
        parser.error("a market to measure on has at least 1,000 people")
    if options.results is None:
        # What is committed is a whole, full run; anything less goes beside it.
        whole = not (options.quick or options.only or options.people)
        options.results = RESULTS if whole else RESULTS.parent / "results-partial"
    return options


def _plan(options: argparse.Namespace) -> Plan:
    plan = QUICK if options.quick else FULL
    if options.people:
        sizes = tuple(sorted(set(options.people)))
        plan = replace(plan, sizes=sizes, service_people=sizes[-1])
    return plan

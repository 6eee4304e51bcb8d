"""What is measured from outside of a running service, over HTTP, and beside it in the database that it works on."""

from __future__ import annotations

import argparse
import bisect
import dataclasses
import json
import os
import random
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench import briefs, worker_memory
from bench.sampling import median, milliseconds, people, quantile, timed
from bench.targets import Measured, Target, at_least, at_most
from marketplace.clients.models import Project, Seat
from marketplace.kernel import clock, identifiers
from marketplace.kernel.money import Money
from marketplace.local.demo import cast
from marketplace.local.demo.caller import Caller
from matching import engine, snapshots
from matching.engine.clock import Clock
from matching.engine.instance import build
from matching.engine.model import solve_whole
from matching.index.keeper import Keeper
from matching.models import MatchRun
from matching.states import LIVE_RUN, MatchRunStatus
from profiles.models import Professional
from profiles.services import claims, professionals
from profiles.states import ProfessionalStatus

POLL_SECONDS = 0.01
PATIENCE_SECONDS = 120.0
WARM_UP = 3  # publishes before it counts: each process opens the index once
SEEN_WITHIN = 1.0
TYPICAL_STORED, TAIL_STORED = 1.0, 2.5
MEMORY = 1024  # MiB
POOL_PER_SEAT = 20
NAIVE_PROJECTS = 10
NAIVE_SECONDS = 60.0
MIB = 1024 * 1024


class Live:
    """One measurement of a served market of ``size`` people."""

    def __init__(self, url: str, size: int, seed: int) -> None:
        self._url, self._size, self._seed = url, size, seed
        self._name = people(size)
        self.found = Measured()
        self._runs: list[tuple[MatchRun, float]] = []

    def publish(self, count: int) -> None:
        """Row 8: from the request that publishes to the moment in which the stored cells can be read."""
        bodies = briefs.bodies(self._size, WARM_UP + count, self._seed, clock.today())
        cold: list[float] = []
        with Caller(self._url, cast.ORGANIZATIONS[0].admin, os.environ["CELULA_DEMO_PASSWORD"]) as client:
            for number, body in enumerate(bodies):
                project = client.post("/projects", body, expect=201)
                key = identifiers.decode(Project.prefix, project["id"])
                assert key is not None
                began = time.perf_counter()
                client.post(f"/projects/{project['id']}/publish")
                run = _ended(key)
                taken = time.perf_counter() - began
                if number < WARM_UP:
                    cold.append(taken)
                else:
                    self._runs.append((run, taken))
        self._report_publishing(cold)

    def _report_publishing(self, cold: list[float]) -> None:
        stored = [(run, taken) for run, taken in self._runs if run.status == MatchRunStatus.COMPOSED]
        outcomes = {status: sum(run.status == status for run, _ in self._runs) for status in MatchRunStatus.values}
        rows = [
            {
                "status": run.status,
                "seconds": taken,
                "solve_seconds": (run.solve_milliseconds or 0) / 1000,
                "candidates": run.candidates,
            }
            for run, taken in self._runs
        ]
        self.found.samples["publishing"] = {
            "people": self._size,
            "cold_seconds": cold,
            "runs": rows,
            "outcomes": {status: count for status, count in outcomes.items() if count},
        }
        if not stored:
            self.found.add("8", f"{self._name}: no project was composed for", None, "s")
            return
        alone = median([(run.solve_milliseconds or 0) / 1000 for run, _ in stored])
        taken_ = [taken for _, taken in stored]
        large = self._size >= 700_000
        for share, label, limit in ((0.5, "p50", TYPICAL_STORED), (0.95, "p95", TAIL_STORED)):
            beside = f"the engine alone {milliseconds(alone)} (p50); {len(stored)} of {len(self._runs)} composed"
            target = at_most(limit) if large else None
            what = f"{self._name}: publish over HTTP to stored, {label}"
            self.found.add("8", what, quantile(taken_, share), "s", target, beside)
        self.found.add("8", f"{self._name}: the first one, cold", cold[0], "s", None, "the index is opened and read")

    def change(self, count: int) -> None:
        """Row 7: from the commit of a change until the market that a run would be given holds it."""
        project = self._runs[0][0].project
        keeper = Keeper(Path(settings.INDEX_FOLDER))
        taken = snapshots.take_from_index(project, keeper)
        rng = random.Random(self._seed)
        ids = [taken.people[row] for row in rng.sample(range(len(taken.people)), count)]
        skill = project.seats.exclude(skills=None).values_list("skills__skill_id", "skills__skill__code").first()
        refreshed, seen, missed = [], [], 0
        for number, key in enumerate(ids):
            check = self._write(number, key, skill)
            committed = time.perf_counter()
            keeper.refresh()
            refreshed.append(time.perf_counter() - committed)
            missed += not check(snapshots.take_from_index(project, keeper))
            seen.append(time.perf_counter() - committed)
        beside = f"commit to refreshed index {milliseconds(quantile(refreshed, 0.95))} (p95)"
        what = f"{self._name}: change seen by matching, p95 of {count}"
        self.found.add("7", what, quantile(seen, 0.95), "s", at_most(SEEN_WITHIN), beside)
        what = f"{self._name}: changes that were not seen at once"
        self.found.add("7", what, float(missed), "", Target("=", 0.0), "rate, claim, pause; no rebuild")
        self.found.samples["changes"] = {"people": self._size, "refreshed": refreshed, "seen": seen, "missed": missed}

    def _write(self, number: int, key: uuid.UUID, skill: tuple[int, str] | None) -> Callable[[snapshots.Taken], bool]:
        """Commit one change and return what tells whether a market holds it."""
        person = Professional.objects.get(pk=key)
        kind = number % 3
        if kind == 0 or (kind == 1 and skill is None):
            cents = 3_000 + number
            rate = Money.of(f"{cents / 100:.2f}", "USD")
            professionals.update(
                professional=person, version=None, actor=None, rate=rate, rate_floor=Money.of("1.00", "USD")
            )
            return lambda taken: int(taken.problem.market.people.rate_cents[_row(taken, key)]) == cents
        if kind == 1:
            assert skill is not None
            level, code = 1 + number % 5, skill[1]
            claims.set_one(professional=person, claimed=claims.Claimed(code, level, years=2), actor=None)
            return lambda taken: _level(taken, key, skill[0]) == level
        professionals.pause(professional=person, actor=None)
        return lambda taken: _row(taken, key) < 0

    def memory(self, worker: int) -> None:
        """Row 9: the peak of each process of the worker, and how much of the index they share."""
        held = []
        for pid in worker_memory.family(worker):
            try:
                held.append(worker_memory.memory(pid))
            except OSError:
                continue
        mapped = [one for one in held if one.index_shared + one.index_private]
        peak = max(one.peak for one in held) / MIB
        target = at_most(MEMORY) if self._size >= 700_000 else None
        beside = f"{len(held)} processes, {len(mapped)} of them with the index mapped"
        self.found.add("9", f"{self._name}: peak of a worker process", peak, "MiB", target, beside)
        if mapped:
            shared = 100 * sum(m.index_shared for m in mapped) / sum(m.index_shared + m.index_private for m in mapped)
            size = max(m.index_shared + m.index_private for m in mapped) / MIB
            what = f"{self._name}: of the index shared"
            self.found.add("9", what, shared, "%", at_least(50.0), f"{size:,.0f} MiB are mapped and resident")
        self.found.samples["memory"] = [dataclasses.asdict(one) for one in held]

    def naive(self) -> None:
        """Row 3: the everyday way, a join per seat for the cheapest people and a MIP among those alone."""
        composed = [run for run, _ in self._runs if run.status == MatchRunStatus.COMPOSED][:NAIVE_PROJECTS]
        rows = []
        for run in composed:
            (pool, value), seconds = timed(_naive_cell, run.project)
            best = run.proposals.get(rank=1).certificate["best_value"]
            rows.append({"pool": pool, "value": value, "optimum": best, "seconds": seconds})
        if not rows:
            return
        ratios = [row["value"] / row["optimum"] for row in rows if row["value"] is not None and row["optimum"] > 0]
        beside = f"{milliseconds(median([row['seconds'] for row in rows]))} p50, most of it the joins"
        what = f"{self._name}: naive ORM pool, then MIP: finds a cell"
        self.found.add("3", what, 100 * len(ratios) / len(rows), "%", None, beside)
        mean = 100 * sum(ratios) / len(ratios) if ratios else None
        self.found.add("3", f"{self._name}: its cells, of the optimum", mean, "%", None, f"{len(rows)} projects")
        self.found.samples["naive_pool"] = {"people": self._size, "projects": rows}


def _ended(project: uuid.UUID) -> MatchRun:
    """Wait until the project's run has ended, looking often enough to time it. Raises TimeoutError."""
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < deadline:
        ended = MatchRun.objects.filter(project_id=project).exclude(status__in=LIVE_RUN)
        run: MatchRun | None = ended.select_related("project").first()
        if run is not None:
            return run
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"a run has not ended within {PATIENCE_SECONDS:.0f} s")


def _row(taken: snapshots.Taken, key: uuid.UUID) -> int:
    """The row of a person in a market that is sorted by id, -1 for strangers."""
    at = bisect.bisect_left(taken.people, key)
    return at if at < len(taken.people) and taken.people[at] == key else -1


def _level(taken: snapshots.Taken, key: uuid.UUID, skill: int) -> int:
    posting, row = taken.problem.market.postings[skill], _row(taken, key)
    at = bisect.bisect_left(posting.person, row)
    return int(posting.level[at]) if at < len(posting.person) and int(posting.person[at]) == row else 0


def _naive_cell(project: Project) -> tuple[int, int | None]:
    """(size of the pool, value of its best cell that keeps all rules)."""
    seats = project.seats.prefetch_related("skills", "languages").order_by("position")
    pool = {key for seat in seats for key in _cheapest(seat)}
    if not pool:
        return 0, None
    problem = snapshots.take(project, only=pool).problem
    members, _upper, _finished = solve_whole(build(problem), Clock(NAIVE_SECONDS))
    if members is None:
        return len(pool), None
    refs = problem.market.people.ref
    verdict = engine.verify(problem, [(int(refs[row]), seat) for row, seat in members])
    return len(pool), verdict.value if verdict.holds else None


def _cheapest(seat: Seat) -> list[uuid.UUID]:
    rows = Professional.objects.filter(
        status=ProfessionalStatus.ACTIVE, functions__contains=[seat.function], seniority__gte=seat.min_seniority
    )
    if seat.countries:
        rows = rows.filter(country__in=seat.countries)
    for floor in seat.skills.all():
        rows = rows.filter(claims__skill_id=floor.skill_id, claims__level__gte=floor.level)
    for spoken in seat.languages.all():
        rows = rows.filter(
            languages__language=spoken.language, **{f"languages__{spoken.activity}__gte": int(spoken.level)}
        )
    return list(rows.order_by("rate_amount", "pk").values_list("pk", flat=True)[:POOL_PER_SEAT])


def main() -> None:
    """Measure everything and write the findings as JSON."""
    parser = argparse.ArgumentParser(description="Measure a running service with a loaded market.")
    parser.add_argument("told", type=Path)
    parser.add_argument("--url", required=True)
    for name in ("worker", "people", "seed", "publishes", "changes"):
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    live = Live(options.url, options.people, options.seed)
    live.publish(options.publishes)
    live.memory(options.worker)
    live.change(options.changes)
    live.naive()
    options.told.write_text(
        json.dumps({"findings": [row.as_json() for row in live.found.findings], "samples": live.found.samples})
    )


if __name__ == "__main__":
    main()

"""What is measured from outside of a running service, over HTTP, and beside it in the database that it works on."""

from __future__ import annotations

import argparse
import bisect
import dataclasses
import json
import os
import random
import time
import traceback
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench import briefs, retrieval, worker_memory
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
MEMORY, COPIED = 1024, 10.0  # MiB, % of the index
ROUNDS, FASTER_THAN_JOIN, RAW_TIMES = 10, 100.0, 3.0
POOL_PER_SEAT = 20
NAIVE_PROJECTS = 10
NAIVE_SECONDS = 60.0
MIB = 1024 * 1024
LARGE = 700_000  # people, of whom the targets speak


def publishing(url: str, size: int, seed: int, count: int) -> tuple[Measured, list[MatchRun]]:
    """Row 8: from the request that publishes to the moment in which the stored cells can be read; and the runs."""
    runs: list[tuple[MatchRun, float]] = []
    bodies = briefs.bodies(size, WARM_UP + count, seed, clock.today())
    with Caller(url, cast.ORGANIZATIONS[0].admin, os.environ["CELULA_DEMO_PASSWORD"]) as client:
        # All at once, so that every process of the worker opens its index now.
        began = time.perf_counter()
        for key in [_published(client, body) for body in bodies[:WARM_UP]]:
            _ended(key)
        cold = time.perf_counter() - began
        for body in bodies[WARM_UP:]:
            key = _posted(client, body)
            began = time.perf_counter()
            _publish(client, key)
            run = _ended(key)
            runs.append((run, time.perf_counter() - began))
    return _published_times(size, runs, cold), [run for run, _ in runs]


def _published_times(size: int, runs: list[tuple[MatchRun, float]], cold: float) -> Measured:
    found = Measured()
    found.samples["publishing"] = {
        "people": size,
        "cold_seconds": cold,
        "runs": [
            {
                "status": run.status,
                "seconds": taken,
                "solve_seconds": (run.solve_milliseconds or 0) / 1000,
                "candidates": run.candidates,
            }
            for run, taken in runs
        ],
    }
    stored = [(run, taken) for run, taken in runs if run.status == MatchRunStatus.COMPOSED]
    if not stored:
        found.add("8", f"{people(size)}: no project was composed for", None, "s")
        return found
    alone = median([(run.solve_milliseconds or 0) / 1000 for run, _ in stored])
    for share, label, limit in ((0.5, "p50", TYPICAL_STORED), (0.95, "p95", TAIL_STORED)):
        beside = f"the engine alone {milliseconds(alone)} (p50); {len(stored)} of {len(runs)} composed"
        target = at_most(limit) if size >= LARGE else None
        reached = quantile([taken for _, taken in stored], share)
        found.add("8", f"{people(size)}: publish over HTTP to stored, {label}", reached, "s", target, beside)
    what = f"{people(size)}: the first {WARM_UP} at once, cold"
    found.add("8", what, cold, "s", None, "each process opens the index")
    return found


def changes(project: Project, size: int, seed: int, count: int) -> Measured:
    """Row 7: from the commit of a change until the market that a run would be given holds it."""
    keeper = Keeper(Path(settings.INDEX_FOLDER))
    taken = snapshots.take_from_index(project, keeper)
    rows = random.Random(seed).sample(range(len(taken.people)), min(count, len(taken.people)))
    ids = [taken.people[row] for row in rows]
    skill = project.seats.exclude(skills=None).values_list("skills__skill_id", "skills__skill__code").first()
    refreshed, seen, missed = [], [], 0
    for number, key in enumerate(ids):
        is_seen = _change(number, key, skill)
        committed = time.perf_counter()
        keeper.refresh()
        refreshed.append(time.perf_counter() - committed)
        missed += not is_seen(snapshots.take_from_index(project, keeper))
        seen.append(time.perf_counter() - committed)
    found = Measured()
    beside = f"commit to refreshed index {milliseconds(quantile(refreshed, 0.95))} (p95)"
    what = f"{people(size)}: change seen by matching, p95 of {len(ids)}"
    found.add("7", what, quantile(seen, 0.95), "s", at_most(SEEN_WITHIN), beside)
    what = f"{people(size)}: changes that were not seen at once"
    found.add("7", what, float(missed), "", Target("=", 0.0), "rate, claim, pause; no rebuild")
    found.samples["changes"] = {"people": size, "refreshed": refreshed, "seen": seen, "missed": missed}
    return found


def _change(number: int, key: uuid.UUID, skill: tuple[int, str] | None) -> Callable[[snapshots.Taken], bool]:
    """Commit one change of a rate, a claim or a status, and return what tells whether a market holds it."""
    person = Professional.objects.get(pk=key)
    kind = number % 3
    if kind == 0 or (kind == 1 and skill is None):
        cents = 3_000 + number
        rate, floor = Money.of(f"{cents / 100:.2f}", "USD"), Money.of("1.00", "USD")
        professionals.update(professional=person, version=None, actor=None, rate=rate, rate_floor=floor)
        return lambda taken: int(taken.problem.market.people.rate_cents[_row(taken, key)]) == cents
    if kind == 1:
        assert skill is not None
        level, (skill_id, code) = 1 + number % 5, skill
        claims.set_one(professional=person, claimed=claims.Claimed(code, level, years=2), actor=None)
        return lambda taken: _level(taken, key, skill_id) == level
    professionals.pause(professional=person, actor=None)
    return lambda taken: _row(taken, key) < 0


def memory(worker: int, size: int) -> Measured:
    """Row 9: the peak of each process of the worker, and how much of the index they share."""
    held = []
    for pid in worker_memory.family(worker):
        try:
            held.append(worker_memory.memory(pid))
        except OSError:
            continue
    found = Measured(samples={"memory": [dataclasses.asdict(one) for one in held]})
    mapped = [one for one in held if one.index]
    beside = f"{len(held)} processes, {len(mapped)} of them with the index mapped"
    target = at_most(MEMORY) if size >= LARGE else None
    found.add("9", f"{people(size)}: peak of a worker process", max(o.peak for o in held) / MIB, "MiB", target, beside)
    if mapped:
        copied = 100 * sum(one.index_copied for one in mapped) / sum(one.index for one in mapped)
        beside = f"{max(one.index for one in mapped) / MIB:,.0f} MiB resident, the rest is shared"
        what = f"{people(size)}: of the index that a process has copied for itself"
        found.add("9", what, copied, "%", at_most(COPIED) if size >= LARGE else None, beside)
    return found


def naive_pools(runs: list[MatchRun], size: int) -> Measured:
    """Row 3: the everyday way, a join per seat for the cheapest people and a MIP among those alone."""
    found, rows = Measured(), []
    for run in [run for run in runs if run.status == MatchRunStatus.COMPOSED][:NAIVE_PROJECTS]:
        (pool, value), seconds = timed(_naive_cell, run.project)
        best = run.proposals.get(rank=1).certificate["best_value"]
        rows.append({"pool": pool, "value": value, "optimum": best, "seconds": seconds})
    if not rows:
        return found
    ratios = [row["value"] / row["optimum"] for row in rows if row["value"] is not None and row["optimum"] > 0]
    reached = f"those reach {100 * sum(ratios) / len(ratios):.1f} % of the optimum" if ratios else "none does"
    beside = f"{reached}; {milliseconds(median([row['seconds'] for row in rows]))} p50"
    what = f"{people(size)}: naive ORM pool, then MIP, finds a cell"
    found.add("3", what, 100 * len(ratios) / len(rows), "%", None, beside)
    found.samples["naive_pool"] = {"people": size, "projects": rows}
    return found


def _posted(client: Caller, body: briefs.Json) -> uuid.UUID:
    key = identifiers.decode(Project.prefix, client.post("/projects", body, expect=201)["id"])
    assert key is not None
    return key


def _publish(client: Caller, key: uuid.UUID) -> None:
    client.post(f"/projects/{identifiers.encode(Project.prefix, key)}/publish")


def _published(client: Caller, body: briefs.Json) -> uuid.UUID:
    key = _posted(client, body)
    _publish(client, key)
    return key


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


def retrieving(size: int) -> Measured:
    """Row 5: a ranked page of the recruiter's search beside its own statement and beside the naive join."""
    retrieval.vacuum()
    told = retrieval.measure(ROUNDS)
    found = Measured(samples={"retrieval": told})
    ours, raw, naive = (milliseconds(told[way]["p50"]) for way in ("ranked", "raw_ranked", "naive_ranked"))
    what = f"{people(size)}: ranked retrieval, times faster than the naive join"
    target = at_least(FASTER_THAN_JOIN) if size >= LARGE else None
    found.add("5", what, told["naive_ranked_over_ranked"], "×", target, f"p50 {ours} beside {naive}")
    what = f"{people(size)}: ranked retrieval beside its statement as raw SQL"
    found.add("5", what, told["ranked_over_raw_ranked"], "×", at_most(RAW_TIMES), f"p50 {ours} beside {raw}")
    ours, raw, naive = (milliseconds(told[way]["p50"]) for way in ("http", "raw_page", "naive_page"))
    what = f"{people(size)}: whole page, request to bytes, times faster than the naive join"
    found.add("5", what, told["naive_page_over_http"], "×", target, f"p50 {ours} beside {naive}")
    what = f"{people(size)}: whole page, request to bytes, beside its statements as raw SQL"
    found.add("5", what, told["http_over_raw_page"], "×", at_most(RAW_TIMES), f"p50 {ours} beside {raw}")
    beside = "p50 {} and p95 {} with its session".format(*(milliseconds(told["http"][each]) for each in ("p50", "p95")))
    found.add("5", f"{people(size)}: page of a search, p95", told["page"]["p95"], "s", None, beside)
    what = f"{people(size)}: queries on which all ways name the same people"
    found.add("5", what, 100 * told["agree"] / told["queries"], "%", None, f"{told['queries']} queries, in order")
    return found


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
    found, runs = publishing(options.url, options.people, options.seed, options.publishes)
    steps: tuple[tuple[str, Callable[[], Measured]], ...] = (
        ("memory", partial(memory, options.worker, options.people)),
        ("naive pools", partial(naive_pools, runs, options.people)),
        ("retrieval", partial(retrieving, options.people)),
        ("changes", partial(changes, runs[0].project, options.people, options.seed, options.changes)),
    )
    for name, step in steps:
        try:
            found.extend(step())
        except Exception as error:  # loading the market took too long to lose the other steps with one
            traceback.print_exc()
            found.faults.append(f"{name}: {type(error).__name__}")
    findings = [finding.as_json() for finding in found.findings]
    options.told.write_text(json.dumps({"findings": findings, "samples": found.samples, "faults": found.faults}))


if __name__ == "__main__":
    main()

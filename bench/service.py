"""Rows 5, 7, 8 and 9 need the service itself: its servers, web, worker and beat as processes, and a loaded market."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.plan import Plan
from bench.sampling import Tell
from bench.targets import Finding, Measured
from marketplace.local import processes, supervisor
from marketplace.local.faults import LocalFault
from marketplace.local.supervisor import Services, Supervisor, manage, run

ROOT = Path(__file__).resolve().parents[1]


def measure(plan: Plan, tell: Tell) -> Measured:
    """Start everything on private servers, load the market, measure over HTTP from one more process, stop everything.

    Servers that DATABASE_URL and REDIS_URL name are used instead; such a database is empty, or holds the very market of
    the plan, which is then not loaded again. Raises LocalFault.
    """
    loading: dict[str, float] = {}
    with Services(None, durable=True, verb="bench") as services, tempfile.TemporaryDirectory() as folder:
        environment = services.environment
        environment |= {"THROTTLE": "0", "DEBUG": "0", "INDEX_FOLDER": str(Path(folder) / "index")}
        for name, words in (
            ("migrate", ["migrate", "--verbosity", "0"]),
            ("load", ["seed", "--if-empty", "--people", str(plan.service_people), "--seed", str(plan.seed)]),
            ("build_index", ["build_index"]),
        ):
            tell(f"service: {name.replace('_', ' ')}", 0.0)
            began = time.monotonic()
            _require(run(manage(*words), environment), f"`manage.py {name}`")
            loading[name] = time.monotonic() - began
        with Supervisor(services) as roles:
            tell("service: starting its processes", 0.3)
            port = processes.free_port()
            roles.start(supervisor.web(services, port))
            worker = _started(roles, services)
            roles.start(supervisor.beat(services))
            tell("service: publishing and changing", 0.4)
            told = Path(folder) / "live.json"
            command = [sys.executable, "-m", "bench.django_process", "bench.live", str(told)]
            command += ["--url", f"http://127.0.0.1:{port}", "--worker", str(worker)]
            command += ["--people", str(plan.service_people), "--seed", str(plan.seed)]
            command += ["--publishes", str(plan.publishes), "--changes", str(plan.changes)]
            code = run(command, environment)
            if code and (ended := roles.ended()):
                raise LocalFault(ended)
            _require(code, "The measuring process")
            return _found(json.loads(told.read_text()), loading)


def _started(roles: Supervisor, services: Services) -> int:
    """Start the worker and return its process id."""
    spec = supervisor.worker(services)
    roles.start(spec)
    return roles.pid_of(spec.name)


def _found(told: dict[str, Any], loading: dict[str, float]) -> Measured:
    found = Measured([Finding.of_json(row) for row in told["findings"]], told["samples"], told["faults"])
    found.samples["service_loading_seconds"] = loading
    return found


def _require(code: int, what: str) -> None:
    if code != 0:
        raise LocalFault(f"{what} failed with exit code {code}.")

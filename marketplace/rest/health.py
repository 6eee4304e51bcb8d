"""Health for those who run it: alive, and ready with reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from marketplace.rest import throttling

Check = Callable[[], dict[str, Any]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Let a higher room add a check, such as the age of the oldest due work; ``{"ok": bool, …}``."""
    _checks[name] = check


def livez(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "alive"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Database and migrations decide; Redis away is degraded, not down."""
    report: dict[str, Any] = {}
    try:
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        report["database"] = {"ok": True}
        report["migrations"] = {"ok": pending == 0, "pending": pending}
        for name, check in _checks.items():
            report[name] = check()
    except DatabaseError as error:
        report["database"] = {"ok": False, "error": type(error).__name__}
    try:
        throttling.connection().ping()
        degraded = False
    except redis.RedisError:
        degraded = True
    report["redis"] = {"ok": not degraded}
    ready = all(part["ok"] for name, part in report.items() if name in {"database", "migrations"})
    degraded = degraded or not all(part["ok"] for part in report.values())
    status = "ready" if not degraded else "degraded"
    return JsonResponse({"status": status if ready else "down", "checks": report}, status=200 if ready else 503)

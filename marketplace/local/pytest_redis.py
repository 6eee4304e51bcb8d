"""A pytest plugin that gives every xdist worker a logical database and key prefix of its own in the same Redis.

It acts when it is imported, because pytest-django loads the settings before any conftest could speak.
"""

from __future__ import annotations

import os

from marketplace.local.valkey import logical_database

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

if _WORKER and os.environ.get("REDIS_URL"):
    os.environ["REDIS_PREFIX"] = f"test-{_WORKER}"
    os.environ["REDIS_URL"] = logical_database(os.environ["REDIS_URL"], int(_WORKER.removeprefix("gw")) + 1)

"""Redis is a doorbell: with it away the service keeps accepting work, and nothing that was accepted is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.local import processes
from matching.models import MatchRun
from tests.factories import accounts
from tests.factories import matching as cells
from tests.trust.celery_worker import ROOT, database_url, worker
from tests.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PUBLISH = """
import os, sys, django
django.setup()
from rest_framework.test import APIClient
client = APIClient(raise_request_exception=False, SERVER_NAME="localhost")
client.credentials(HTTP_AUTHORIZATION="Bearer " + os.environ["KEY"])
answer = client.post(f"/api/v1/projects/{sys.argv[1]}/publish")
print(answer.status_code, answer.json().get("code", answer.json().get("status")))
"""


def test_a_project_published_while_redis_is_away_is_composed_for_once_a_worker_is_back(tmp_path: Path) -> None:
    project = cells.published_project(status="draft", published_at=None)
    _key, text = accounts.key(project.organization_id)
    nowhere = f"redis://127.0.0.1:{processes.free_port()}/0"
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, project.public_id],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": nowhere, "KEY": text, "THROTTLE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == ["200", "published"], done.stdout + done.stderr
    assert MatchRun.objects.get(project=project).status == "queued"

    with worker(tmp_path / "worker.log"):
        eventually(lambda: MatchRun.objects.filter(project=project, status="composed").exists(), what="the run ends")
    assert MatchRun.objects.filter(project=project).count() == 1

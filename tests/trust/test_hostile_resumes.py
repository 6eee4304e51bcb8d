"""Hostile files and a real worker: each import ends with its reason, and the same worker reads the next résumé."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from profiles.models import Professional, ResumeImport
from profiles.services import imports
from tests.factories import profiles
from tests.profiles.resumes import files, texts
from tests.trust.celery_worker import worker
from tests.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def queue(person: Professional, content: bytes) -> ResumeImport:
    return imports.request(professional=person, content=content, media_type="application/pdf", actor=None)


def test_a_worker_outlives_hostile_files_and_finds_what_no_message_told_it_of(tmp_path: Path) -> None:
    """Its key prefix is another one, so that every message is lost: the sweeper of the worker finds the rows."""
    first, second = profiles.professional(), profiles.professional()
    bombs = [files.inflating_pdf(100), files.page_tree_loop(), files.archive({"word/document.xml": b" " * 60_000_000})]
    rows = [queue(first, content) for content in bombs] + [queue(second, files.text_pdf(texts.ENGLISH))]
    with worker(tmp_path / "worker.log", REDIS_PREFIX=f"unheard-{uuid.uuid4().hex}") as process:
        eventually(
            lambda: not ResumeImport.objects.filter(status__in=("queued", "reading")).exists(), what="all are read"
        )
        assert process.poll() is None
    ended = [ResumeImport.objects.get(pk=row.pk) for row in rows]
    assert [row.status for row in ended] == ["failed", "failed", "failed", "read"]
    assert all(row.failure["code"] != "reader_failed" and row.attempts == 1 for row in ended[:3])

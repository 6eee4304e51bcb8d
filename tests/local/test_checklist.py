"""The check tells what is wrong and ends with a failure when one step does."""

from __future__ import annotations

from pathlib import Path

import pytest

from marketplace.local import checklist, places


def test_the_two_lock_files_of_the_repo_agree() -> None:
    assert checklist.lock_differences(places.ROOT) == []


def test_a_version_that_differs_or_is_absent_in_the_development_lock_is_named(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("django==5.2.1 \\\n    --hash=sha256:0\nredis==8.1\nnumpy==2.0\n")
    (tmp_path / "requirements-dev.txt").write_text("django==5.2.1\nnumpy==2.1\npytest==9.0\n")
    assert checklist.lock_differences(tmp_path) == [
        "redis is 8.1 in requirements.txt and absent in requirements-dev.txt",
        "numpy is 2.0 in requirements.txt and 2.1 in requirements-dev.txt",
    ]


def test_one_failing_step_fails_the_whole_and_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = {
        "sound": checklist.command("/bin/sh", "-c", "exit 0"),
        "broken": checklist.command("/bin/sh", "-c", "echo what went wrong >&2; exit 3"),
        "after it": checklist.command("/bin/sh", "-c", 'test "$GIVEN" = 1'),
    }
    monkeypatch.setattr(checklist, "steps", lambda: steps)
    assert checklist.run_all({"GIVEN": "1"}) == 1
    said = capsys.readouterr().out
    assert "what went wrong" in said
    assert "Failed: broken." in said
    del steps["broken"]
    assert checklist.run_all({"GIVEN": "1"}) == 0

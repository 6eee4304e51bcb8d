"""The script ``market`` on a bare interpreter: it makes the virtual environment, once per lock, and hands over."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEAKER = "import json, os, sys\nprint(json.dumps([sys.argv[1:], os.getcwd(), sys.prefix]))\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a path with blanks whose lock is empty and whose ``marketplace.local`` tells what it was given."""
    folder = tmp_path / "a check out"
    package = folder / "marketplace" / "local"
    package.mkdir(parents=True)
    shutil.copy(ROOT / "market", folder)
    (package / "__main__.py").write_text(SPEAKER)
    (folder / "requirements.txt").write_text("# nothing\n")
    return folder


def call(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(checkout / "market"), *words],
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], "HOME": "", "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull},
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_it_installs_once_per_lock_hands_over_words_and_folder_and_says_why_it_cannot_install(checkout: Path) -> None:
    first = call(checkout, "manage", "a b", "--keep")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout) == [["manage", "a b", "--keep"], "/", str(checkout / ".venv")]
    assert "making .venv" in first.stderr

    assert call(checkout, "serve").stderr == ""

    (checkout / "requirements.txt").write_text("# changed\n")
    assert "installing requirements.txt" in call(checkout, "serve").stderr

    # A lock that cannot be installed ends in a sentence, and is tried again by the next call.
    (checkout / "requirements.txt").write_text(f"absent-package==1.0 --hash=sha256:{'0' * 64}\n")
    for _ in range(2):
        answer = call(checkout, "serve")
        assert answer.returncode == 1
        assert answer.stdout == ""
        assert "No matching distribution found for absent-package" in answer.stderr
        assert answer.stderr.splitlines()[-1] == "market: pip could not install requirements.txt: see the lines above."


def test_the_help_needs_no_virtual_environment(checkout: Path) -> None:
    answer = call(checkout, "--help")
    assert answer.returncode == 0
    assert "demo" in answer.stdout
    assert not (checkout / ".venv").exists()

"""The walls of the house hold: each is broken on purpose in a copy, and the contract that guards it is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("marketplace", "profiles", "matching")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.csv", "*.po")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120
    )


def test_the_house_as_it_stands_keeps_every_contract(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(
    ("module", "violation", "contract"),
    [
        ("profiles/levels.py", "import marketplace.clients.states", "Calls go down, floor by floor"),
        ("marketplace/kernel/clock.py", "import marketplace.accounts.models", "Calls go down, floor by floor"),
        ("marketplace/clients/states.py", "import matching.states", "Calls go down, floor by floor"),
        ("marketplace/rest/etags.py", "import marketplace.audit.log", "Calls go down, floor by floor"),
        ("matching/engine/scoring.py", "import django.conf", "The engine is plain"),
        ("matching/engine/explain.py", "import matching.models", "The engine is plain"),
        ("matching/engine/verify.py", "import matching.engine.scoring", "The judge shares no judgment with the model"),
        ("matching/services/runs.py", "import highspy", "Only the engine knows the solver"),
        (
            "matching/services/runs.py",
            "import marketplace.clients.services.ratings",
            "Ratings feed evidence, not the objective",
        ),
        ("matching/models/run.py", "import matching.services.runs", "Inside matching"),
        ("marketplace/delivery/models/mail.py", "import marketplace.delivery.mail", "Inside delivery"),
        ("marketplace/delivery/webhooks.py", "import httpcore", "One way out"),
        ("profiles/services/claims.py", "import httpx", "One way out"),
        ("matching/services/runs.py", "import marketplace.privacy.models", "Calls go down, floor by floor"),
        ("marketplace/privacy/models.py", "import marketplace.privacy.api", "Inside privacy"),
        ("marketplace/clients/models/project.py", "import marketplace.clients.services.projects", "Inside clients"),
        ("profiles/models/skill.py", "import profiles.services.claims", "Inside profiles"),
        ("profiles/importers/reading.py", "import marketplace.kernel.crypto", "Readers of files are plain"),
    ],
)
def test_a_call_that_goes_up_fails_the_build(copy: Path, module: str, violation: str, contract: str) -> None:
    path = copy / module
    path.write_text(f"{path.read_text()}\n{violation}\n")
    done = lint(copy)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


def test_every_room_of_the_building_stands_on_a_floor() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["name"] == "Calls go down, floor by floor")
    placed = {module.strip() for layer in layers for module in layer.split(":")}
    modules = {
        f"marketplace.{path.stem}"
        for path in (ROOT / "marketplace").iterdir()
        if (path.is_dir() and (path / "__init__.py").exists()) or (path.suffix == ".py" and path.stem != "__init__")
    }
    assert modules | {"profiles", "matching"} == placed

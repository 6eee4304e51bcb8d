"""The steps of ``./market check``: what a reviewer would otherwise have to look for by hand."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from marketplace.local import translations
from marketplace.local.places import ROOT
from marketplace.local.supervisor import manage

_OUTPUT_LINES = 60
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*(?:\[[^\]]*\])?)==(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What one step said: an empty ``complaint`` means that it passed."""

    name: str
    complaint: str
    seconds: float


def run_all(environment: Mapping[str, str]) -> int:
    """Run every step with ``environment`` (database included), print a table, and return 0 or 1."""
    console = Console()
    outcomes = []
    for name, step in steps().items():
        began = time.monotonic()
        complaint = step(environment)
        outcomes.append(Outcome(name, complaint, time.monotonic() - began))
        if complaint:
            console.rule(f"[red]{name}")
            console.print(complaint, markup=False, highlight=False, soft_wrap=True)
    table = Table("step", "result", "seconds")
    table.columns[2].justify = "right"
    for outcome in outcomes:
        table.add_row(outcome.name, "[red]failed" if outcome.complaint else "[green]passed", f"{outcome.seconds:.1f}")
    console.print(table)
    failed = [outcome.name for outcome in outcomes if outcome.complaint]
    if failed:
        console.print(f"[red]Failed: {', '.join(failed)}.")
    return 1 if failed else 0


def steps() -> dict[str, Callable[[Mapping[str, str]], str]]:
    """Return the steps by name, in order; each takes the environment and answers with a complaint or an empty text."""
    return {
        "format": command(sys.executable, "-m", "ruff", "format", "--check", ".", "market"),
        "lint": command(sys.executable, "-m", "ruff", "check", "--no-fix", ".", "market"),
        "types": command(sys.executable, "-m", "mypy", "marketplace", "profiles", "matching", "bench"),
        # Not through the script in bin/, whose first line names the folder that the environment was made in.
        "floors": command(sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"),
        "system checks": command(*manage("check", "--fail-level", "WARNING")),
        "migrations": command(*manage("makemigrations", "--check", "--dry-run")),
        "translations": lambda environment: "\n".join(translations.problems(ROOT)),
        "openapi.yaml": _openapi,
        "locked versions": lambda environment: "\n".join(lock_differences(ROOT)),
    }


def spectacular(target: Path) -> list[str]:
    """Return the command that writes the OpenAPI document to ``target``, with warnings as failures."""
    return manage("spectacular", "--file", str(target), "--validate", "--fail-on-warn")


def lock_differences(root: Path) -> list[str]:
    """Say which versions the two lock files of ``root`` disagree on: tests must run what is installed elsewhere."""
    runtime, development = (
        dict(_PIN.findall((root / name).read_text())) for name in ("requirements.txt", "requirements-dev.txt")
    )
    return [
        f"{name} is {version} in requirements.txt and {development.get(name, 'absent')} in requirements-dev.txt"
        for name, version in runtime.items()
        if development.get(name) != version
    ]


def _openapi(environment: Mapping[str, str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "openapi.yaml"
        complaint = command(*spectacular(made))(environment)
        if complaint:
            return complaint
        committed = ROOT / "openapi.yaml"
        if not committed.exists() or committed.read_bytes() != made.read_bytes():
            return "openapi.yaml is not what the code gives: run `./market openapi` and commit it."
    return ""


def command(*words: str) -> Callable[[Mapping[str, str]], str]:
    """Make a step of a command: it fails with the last lines of its output when the exit code is not 0."""

    def run(environment: Mapping[str, str]) -> str:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return ""
        lines = done.stdout.strip().splitlines() or [f"exit code {done.returncode}"]
        left_out = len(lines) - _OUTPUT_LINES
        return "\n".join([*([f"… {left_out} lines before"] if left_out > 0 else []), *lines[-_OUTPUT_LINES:]])

    return run

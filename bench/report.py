"""The findings as a table that fits a terminal, as JSON, and as the Markdown that is committed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench.targets import ROWS, Finding, Measured

LATER = {"10": "comes with the allocation of many projects, a later part of the product"}
_MARKS = {True: ("met", "green"), False: ("missed", "red"), None: ("–", "dim")}
_UNITS = {"": "", "×": " ×", "%": " %", "ms": " ms", "s": " s", "MiB": " MiB"}


def figure(value: float | None, unit: str) -> str:
    """Return a measured value as people read it; a dash for what could not be measured."""
    if value is None:
        return "–"
    if unit == "" or value == int(value):
        return f"{value:,.0f}{_UNITS[unit]}"
    return f"{value:,.3g}{_UNITS[unit]}" if abs(value) < 100 else f"{value:,.1f}{_UNITS[unit]}"


def asked(finding: Finding) -> str:
    """Return the target, such as ``≤ 8 ×``."""
    if finding.target is None:
        return ""
    return f"{finding.target.relation} {figure(finding.target.limit, finding.unit)}"


def table(findings: list[Finding]) -> Table:
    """Return the table of targets; every row is there, measured in this run or not."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    shown.add_column("#")
    shown.add_column("what", ratio=5)
    shown.add_column("measured", justify="right", no_wrap=True)
    shown.add_column("asked", justify="right", no_wrap=True)
    shown.add_column("")
    shown.add_column("beside", ratio=4, style="dim")
    for row, title in ROWS.items():
        own = [finding for finding in findings if finding.row == row]
        shown.add_row(row, Text(title, "bold"), "", "", "", LATER.get(row, "" if own else "not measured in this run"))
        for finding in own:
            word, style = _MARKS[finding.met]
            value = figure(finding.value, finding.unit)
            shown.add_row("", finding.what, value, asked(finding), Text(word, style), finding.beside)
    return shown


def print_report(console: Console, findings: list[Finding]) -> None:
    """Print the table and how many targets were met."""
    console.print(table(findings))
    judged = [finding for finding in findings if finding.met is not None]
    missed = [finding for finding in judged if not finding.met]
    console.print(f"{len(judged) - len(missed)} of {len(judged)} measured targets are met.")
    for finding in missed:
        console.print(f"  missed: {finding.row} {finding.what}: {figure(finding.value, finding.unit)}", style="red")


def write(folder: Path, measured: Measured, context: dict[str, Any]) -> None:
    """Write ``results.json`` and ``results.md`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "measured_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        **context,
        "findings": [finding.as_json() for finding in measured.findings],
        "samples": _rounded(measured.samples),
    }
    (folder / "results.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    (folder / "results.md").write_text(markdown(told))


def read(folder: Path) -> tuple[Measured, dict[str, Any]]:
    """Return what ``write`` wrote, and the context."""
    told = json.loads((folder / "results.json").read_text())
    findings = [Finding.of_json(row) for row in told.pop("findings")]
    return Measured(findings, told.pop("samples")), told


def markdown(told: dict[str, Any]) -> str:
    """Return the table as Markdown, with what it was measured on."""
    load = told["load"]
    lines = [
        "# Measured",
        "",
        f"{told['measured_at']}, `{told['command']}`, {told['seconds']:.0f} s, {load['processors']} processors "
        f"({load['machine']}), Python {load['python']}, engine {told['engine']}, {told['solver']}; "
        f"load average {load['load_before']} before and {load['load_after']} after.",
        "",
        *(f"* {note}" for note in told.get("notes", [])),
        *([""] if told.get("notes") else []),
        "| # | what | measured | asked | | beside |",
        "|---|---|---:|---:|---|---|",
    ]
    findings = [Finding.of_json(row) for row in told["findings"]]
    for row, title in ROWS.items():
        own = [finding for finding in findings if finding.row == row]
        lines.append(f"| {row} | **{title}** | | | | {LATER.get(row, '' if own else 'not measured in this run')} |")
        for finding in own:
            cells = ("", finding.what, figure(finding.value, finding.unit), asked(finding), _MARKS[finding.met][0])
            lines.append(f"| {' | '.join((*cells, finding.beside))} |")
    return "\n".join(lines) + "\n"


def _rounded(value: Any) -> Any:
    """Samples with six digits: more would be noise, and make the file large."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    return [_rounded(entry) for entry in value] if isinstance(value, list | tuple) else value

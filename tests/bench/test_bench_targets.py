"""A finding is judged by its target, and survives being written down."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from bench import report
from bench.sampling import Load, milliseconds, people, quantile
from bench.targets import ROWS, Finding, Measured, Target, at_least, at_most

CONTEXT = {"command": "./market bench", "seconds": 1.0, "engine": "engine", "solver": "solver"}


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (at_most(8.0), 8.0, True),
        (at_most(8.0), 8.1, False),
        (at_least(50.0), 49.0, False),
        (at_least(50.0), 50.0, True),
        (Target("=", 100.0), 99.9, False),
        (Target("=", 100.0), 100.0, True),
        (at_most(8.0), None, None),
        (None, 3.0, None),
    ],
)
def test_a_target_is_met_missed_or_open(target: Target | None, value: float | None, met: bool | None) -> None:
    assert Finding("3", "time", value, "×", target).met is met


def test_findings_and_samples_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    found = Measured([Finding("3", "time", 7.25, "×", at_most(8.0), "a pass"), Finding("9", "memory", None, "MiB")])
    found.samples["composition"] = {"10000": [{"seconds": 0.123456789, "proven": 5}]}
    report.write(tmp_path, found, {**CONTEXT, "load": Load().as_json()})
    again, context = report.read(tmp_path)
    assert again.findings == found.findings
    assert again.samples == {"composition": {"10000": [{"seconds": 0.123457, "proven": 5}]}}
    assert context["command"] == "./market bench"


def test_the_table_has_every_row_and_says_what_was_not_measured() -> None:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(report.table([Finding("3", "five cells", 31.0, "×", at_most(30.0), "13 ms")]))
    text = " ".join(console.export_text().split())
    assert all(title.split()[0] in text for title in ROWS.values())
    assert "five cells 31 × ≤ 30 × missed 13 ms" in text
    assert text.count("not measured in this run") == len(ROWS) - 2  # row 10 is a later part
    assert "later part of the product" in text


def test_the_markdown_names_the_machine_and_every_row(tmp_path: Path) -> None:
    report.write(
        tmp_path, Measured([Finding("7", "seen", 0.5, "s", at_most(1.0))]), {**CONTEXT, "load": Load().as_json()}
    )
    text = (tmp_path / "results.md").read_text()
    assert "| seen | 0.5 s | ≤ 1 s | met |" in text
    assert "processors" in text
    assert all(f"| {row} |" in text for row in ROWS)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(None, "s", "–"), (100.0, "%", "100 %"), (0.0132, "s", "0.0132 s"), (1234.5, "×", "1,234.5 ×"), (21.0, "", "21")],
)
def test_figures_are_short(value: float | None, unit: str, text: str) -> None:
    assert report.figure(value, unit) == text


def test_quantiles_are_values_that_were_measured() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [quantile(values, share) for share in (0.5, 0.95, 1.0)] == [3.0, 5.0, 5.0]
    with pytest.raises(ValueError, match="nothing was measured"):
        quantile([], 0.5)


def test_times_and_sizes_are_told_briefly() -> None:
    assert [milliseconds(s) for s in (0.00123, 0.25, 12.0)] == ["1.23 ms", "250 ms", "12.0 s"]
    assert [people(n) for n in (700_000, 1_234)] == ["700k", "1,234"]

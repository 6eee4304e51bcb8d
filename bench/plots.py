"""The samples as small pictures: growth with size, the tail, quality against time, bands, publishing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.sampling import people, quantile

mpl.use("Agg")
SIZE, WIDE, DOTS = (7.0, 4.2), (10.0, 4.2), 100
MARKERS = "osD^v<>PX*"


def draw(samples: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw what the samples allow and return the files; what was not measured has no picture."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, needed, picture in PICTURES:
        if needed not in samples or not samples[needed]:
            continue
        figure = Figure(figsize=WIDE if picture is quality else SIZE, dpi=DOTS, layout="constrained")
        axes = figure.subplots()
        axes.grid(True, which="major", alpha=0.3)
        picture(axes, samples[needed])
        path = folder / f"{name}.png"
        figure.savefig(path, metadata={"Software": None})
        drawn.append(path)
    return drawn


def growth(axes: Axes, composition: Mapping[str, list[dict[str, Any]]]) -> None:
    """Time for five cells and for the feature pass against the size of the market."""
    sizes = sorted(int(size) for size in composition)
    for label, key, share in (
        ("five cells, p95", "seconds", 0.95),
        ("five cells, p50", "seconds", 0.5),
        ("feature pass, p50", "feature", 0.5),
    ):
        values = [1000 * quantile([run[key] for run in composition[str(size)]], share) for size in sizes]
        axes.plot(sizes, values, marker="o", label=label)
    first = 1000 * quantile([run["seconds"] for run in composition[str(sizes[0])]], 0.5)
    axes.plot(sizes, [first * size / sizes[0] for size in sizes], "--", color="gray", label="if time grew like people")
    axes.set(xscale="log", yscale="log", xlabel="people", ylabel="milliseconds", title="Time against size")
    axes.legend()


def tail(axes: Axes, composition: Mapping[str, list[dict[str, Any]]]) -> None:
    """The share of projects that take longer than a time."""
    for size in sorted(composition, key=int):
        taken = sorted(1000 * run["seconds"] for run in composition[size])
        left = [100 - 100 * number / len(taken) for number in range(len(taken))]
        axes.step(taken, left, where="pre", label=f"{people(int(size))} people")
    axes.set(xscale="log", xlabel="milliseconds for five cells", ylabel="% of projects that take longer")
    axes.set_title("The tail")
    axes.legend()


def quality(axes: Axes, kinds: Mapping[str, dict[str, Any]]) -> None:
    """Mean objective of the cells that hold against the time of a method; a mark's size is how often it holds."""
    for color, (kind, told) in enumerate(kinds.items()):
        for marker, (name, method) in zip(MARKERS, told["methods"].items(), strict=False):
            if not method["seconds"]:
                continue
            known = [ratio for ratio in method["ratios"] if ratio is not None]
            share = method["held"] / len(method["seconds"])
            axes.scatter(
                1000 * quantile(method["seconds"], 0.5),
                100 * sum(known) / len(known) if known else 0.0,
                s=20 + 180 * share,
                marker=marker,
                color=f"C{color}",
                alpha=0.8,
                label=f"{name} ({kind}): {100 * share:.0f} % keep all rules",
            )
    axes.set(xscale="log", xlabel="milliseconds for the first cell, p50", ylabel="% of the optimum (0: none holds)")
    axes.set_title("Quality against time")
    axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1.01, 1.0))


def bands(axes: Axes, told: Mapping[str, Any]) -> None:
    """Of the eligible pairs of each project, those that the bound leaves for the search."""
    rows = sorted(told["projects"], key=lambda row: float(row["pairs"]))
    places = range(1, len(rows) + 1)
    axes.bar(places, [row["pairs"] for row in rows], color="C0", alpha=0.35, label="eligible pairs")
    axes.bar(places, [max(1, row["band"]) for row in rows], color="C3", label="pairs left for the search")
    axes.locator_params(axis="x", integer=True)
    axes.set(yscale="log", xlabel="project", ylabel="pairs", title=f"Bands over {people(told['people'])} people")
    axes.legend()


def publishing(axes: Axes, told: Mapping[str, Any]) -> None:
    """How long publishing takes until cells are stored, and which part of it is the engine."""
    runs = sorted((run for run in told["runs"] if run["status"] == "composed"), key=lambda run: float(run["seconds"]))
    places = range(1, len(runs) + 1)
    axes.bar(places, [run["seconds"] for run in runs], color="C0", alpha=0.5, label="publish to stored")
    axes.bar(places, [run["solve_seconds"] for run in runs], color="C3", label="the engine alone")
    axes.set(xlabel="project", ylabel="seconds", title=f"Published over HTTP, {people(told['people'])} people")
    axes.legend()


PICTURES: tuple[tuple[str, str, Callable[[Axes, Any], None]], ...] = (
    ("growth", "composition", growth),
    ("tail", "composition", tail),
    ("quality", "quality", quality),
    ("bands", "bands", bands),
    ("publishing", "publishing", publishing),
)
"""(name of the file, samples that it needs, what draws it)."""

"""The harness end to end on tiny sizes: it agrees with itself, and notices an engine that is wrong."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bench import composition, exactness, plots, quality, replay, report, run
from bench.plan import FULL, QUICK, Plan
from bench.targets import Measured
from marketplace.local import cli
from matching.engine import Composed, Limits, Problem, Result, solve

TINY = Plan(
    sizes=(1_000, 2_000),
    service_people=1_000,
    enumerated=12,
    integer_people=1_000,
    integer_projects=1,
    projects=2,
    cohesive_projects=1,
    replayed_projects=1,
    compared_projects=2,
    publishes=1,
    changes=1,
)


@pytest.fixture(autouse=True)
def _markets_of_our_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn here is not read from, nor left in, the cache of whoever runs the tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp()))


def silent(what: str, share: float) -> None:
    assert 0.0 <= share <= 1.0, what


def by_row(found: Measured, row: str) -> dict[str, float | None]:
    return {finding.what: finding.value for finding in found.findings if finding.row == row}


def off_by_one(problem: Problem, limits: Limits) -> Result:
    """An engine that claims one point more for its best cell than it is worth."""
    result = solve(problem, limits)
    if not isinstance(result, Composed):
        return result
    first = dataclasses.replace(result.cells[0], best_value=result.cells[0].best_value + 1)
    return dataclasses.replace(result, cells=(first, *result.cells[1:]))


def test_enumeration_agrees_with_the_engine() -> None:
    values = by_row(exactness.enumerate_all(TINY, silent), "1")
    assert list(values.values()) == [100.0, 100.0]


def test_enumeration_notices_an_engine_that_is_one_point_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exactness, "solve", off_by_one)
    cells, _refusals = exactness.enumerate_all(TINY, silent).findings
    assert cells.met is False


def test_the_unpruned_integer_program_agrees_and_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    found = exactness.against_integer_program(TINY, silent)
    assert found.findings[0].value == 100.0
    assert found.samples["integer_program"]["projects"][0]["pairs"] > 0
    monkeypatch.setattr(exactness, "solve", off_by_one)
    assert exactness.against_integer_program(TINY, silent).findings[0].met is False


def test_times_are_told_beside_the_feature_pass_for_every_size() -> None:
    found = composition.times(TINY, silent)
    assert {what.partition(":")[0] for what in by_row(found, "3")} == {"1k", "2k"}
    assert all(value and value > 0 for value in by_row(found, "5").values())
    assert len(by_row(found, "6")) == 2
    runs = found.samples["composition"]["2000"]
    assert [set(entry) >= {"seconds", "feature", "proven", "limit"} for entry in runs] == [True, True]


def test_bands_and_cohesion_are_measured_on_the_same_projects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "DENSE_NEIGHBORS", 8)  # a hundred of a thousand people would be a clique
    found = composition.bands(TINY, silent)
    found.extend(composition.cohesion(TINY, silent))
    assert all(row["band"] <= row["pairs"] for row in found.samples["bands"]["projects"])
    assert {kind: len(times) for kind, times in found.samples["cohesion"]["2000"].items()} == {
        "none": 1,
        "sparse": 1,
        "dense": 1,
    }


def test_every_method_is_judged_on_every_project() -> None:
    found = quality.compare(TINY, silent)
    told = found.samples["quality"]
    assert set(told) == {"tight", "loose"}
    engine = told["tight"]["methods"][quality.ENGINE]
    assert engine["ratios"] == [1.0, 1.0]
    assert len(told["tight"]["methods"]) == 5
    assert all(len(method["ratios"]) == 2 for kind in told.values() for method in kind["methods"].values())
    held = [r for kind in told.values() for m in kind["methods"].values() for r in m["ratios"] if r is not None]
    assert max(held) <= 1.0  # nobody beats the optimum


def test_a_new_process_gives_the_same_cells() -> None:
    found = replay.replay(TINY, silent)
    assert [finding.met for finding in found.findings] == [True]
    assert found.samples["replay"]["cells"] >= 2 * len(replay.kernels())


def test_cells_in_another_order_are_not_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    here = replay.answers(1_000, 1, 1)
    monkeypatch.setattr(replay, "_in_another_process", lambda *given: [list(reversed(here[0]))])
    found = replay.replay(dataclasses.replace(TINY, sizes=(1_000,)), silent)
    assert [finding.met for finding in found.findings] == [False]


def test_a_chosen_part_is_measured_printed_written_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "QUICK", TINY)
    assert run.main(["--quick", "--only", "11", "--results", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "RarestFirst" in printed
    assert {path.name for path in tmp_path.iterdir()} == {"results.json", "results.md", "quality.png"}
    assert report.read(tmp_path)[1]["command"].startswith("./market bench --quick --only 11")


def test_only_a_whole_run_writes_what_is_committed() -> None:
    assert run._options([]).results == run.RESULTS
    for words in (["--quick"], ["--only", "3"], ["--people", "2000"]):
        assert run._options(words).results != run.RESULTS


def test_an_unknown_part_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        run.main(["--only", "3,dance"])
    assert refusal.value.code == 2
    assert "nothing called dance" in capsys.readouterr().err


def test_the_verb_hands_its_words_over(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "--only", "dance"]) == 2
    assert "nothing called dance" in capfd.readouterr().err


def test_the_sizes_can_be_chosen() -> None:
    plan = run._plan(run._options(["--people", "5000", "2000"]))
    assert (plan.sizes, plan.service_people, plan.projects) == ((2_000, 5_000), 5_000, FULL.projects)


def test_every_row_of_the_table_has_a_part_or_is_said_to_come_later() -> None:
    covered = frozenset().union(*(part.rows for part in run.PARTS))
    assert covered | report.LATER.keys() == report.ROWS.keys()
    assert not covered & report.LATER.keys()
    assert QUICK.enumerated < FULL.enumerated >= 500


def test_pictures_are_drawn_of_what_was_measured_only(tmp_path: Path) -> None:
    runs = [{"seconds": 0.2, "feature": 0.01}, {"seconds": 0.4, "feature": 0.02}]
    publishing = {"people": 10, "runs": [{"status": "composed", "seconds": 0.4, "solve_seconds": 0.1}]}
    drawn = plots.draw({"composition": {"1000": runs, "2000": runs}, "publishing": publishing}, tmp_path)
    assert [path.name for path in drawn] == ["growth.png", "tail.png", "publishing.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)

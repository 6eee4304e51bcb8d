"""The examples: bodies that the API takes, and a market of 2,000 that staffs three of them and never the fourth."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.clients.models import Project
from marketplace.kernel import clock
from matching import engine, snapshots
from profiles.synthetic.generate import generate
from profiles.synthetic.load import load
from profiles.taxonomy.source import read_taxonomy
from tests.conftest import Cast
from tests.factories.taxonomy import load_taxonomy

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.json"))
IMPOSSIBLE = EXAMPLES[-1]
SEATS = {"1-onboarding-kyc": 7, "2-data-governance": 6, "3-core-modernization": 8, "4-impossible": 8}


def _body(path: Path) -> dict[str, Any]:
    """Return the example, moved by whole weeks so that it starts at least a week from now."""
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    days = {field: dt.date.fromisoformat(body[field]) for field in ("starts_on", "ends_on")}
    late = (clock.today() + dt.timedelta(weeks=1) - days["starts_on"]).days
    shift = dt.timedelta(weeks=max(0, -(-late // 7)))
    return body | {field: (day + shift).isoformat() for field, day in days.items()}


def _publish(client: APIClient, path: Path) -> dict[str, Any]:
    made = client.post("/api/v1/projects", _body(path))
    assert made.status_code == 201, made.json()
    published = client.post(f"{made['Location']}/publish")
    assert published.status_code == 200, published.json()
    return dict(published.json())


def test_there_are_four_examples() -> None:
    assert [path.stem for path in EXAMPLES] == list(SEATS)


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_an_example_can_be_posted_and_published(path: Path, api: Callable[..., APIClient], cast: Cast) -> None:
    load_taxonomy()
    published = _publish(api(cast.client), path)
    assert len(published["seats"]) == SEATS[path.stem]
    assert published["warnings"] == []
    assert sum(seat["client_facing"] for seat in published["seats"]) >= 3


@pytest.mark.slow
def test_a_market_of_two_thousand_staffs_three_of_them_in_several_ways_and_not_the_fourth(
    api: Callable[..., APIClient], cast: Cast
) -> None:
    load_taxonomy()
    load(generate(2000, 1, read_taxonomy()))
    client = api(cast.client)
    results = {}
    for path in EXAMPLES:
        project = Project.objects.get(external_id=_publish(client, path)["external_id"])
        problem = snapshots.take(project).problem
        results[path] = (problem, engine.solve(problem))
    for path in EXAMPLES[:-1]:
        problem, result = results[path]
        assert isinstance(result, engine.Composed), path.stem
        assert len(result.cells) >= 3
        for cell in result.cells:
            assert engine.verify(problem, [(member.ref, member.seat) for member in cell.members]).holds
        # The point of cells: hiring the best person for each seat breaks a rule of the whole.
        assert not engine.best_single_hires(problem).verdict.holds
    problem, result = results[IMPOSSIBLE]
    assert isinstance(result, engine.Infeasible)
    repairs = engine.diagnose(problem).repairs
    assert repairs
    assert isinstance(engine.solve(engine.apply_repair(problem, repairs[0])), engine.Composed)

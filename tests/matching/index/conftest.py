"""An index folder of each test's own, and a synthetic market to be compared and changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from matching.index.keeper import Keeper
from profiles.services import taxonomy
from profiles.synthetic.generate import generate
from profiles.synthetic.load import load
from profiles.taxonomy.source import read_taxonomy


@pytest.fixture
def folder(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """Where this test's index lies, for workers' processes too."""
    settings.INDEX_FOLDER = str(tmp_path / "index")  # type: ignore[attr-defined]
    return tmp_path / "index"


@pytest.fixture
def keeper(folder: Path, transactional_db: None) -> Keeper:
    return Keeper(folder)


@pytest.fixture
def supply(transactional_db: None) -> Callable[[int], None]:
    """Return what commits a synthetic market of so many people."""

    def fill(people: int) -> None:
        loaded = read_taxonomy()
        taxonomy.load_taxonomy(loaded)
        load(generate(people, 3, loaded))

    return fill

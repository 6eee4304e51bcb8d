"""An index folder of each test's own, and a synthetic market that a whole module shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from matching.index.keeper import Keeper
from profiles.services import taxonomy
from profiles.synthetic.generate import generate
from profiles.synthetic.load import load
from profiles.taxonomy.source import read_taxonomy

PEOPLE = 2_000


@pytest.fixture
def folder(tmp_path: Path, settings: object) -> Path:
    """Where this test's index lies, for workers' processes too."""
    settings.INDEX_FOLDER = str(tmp_path / "index")  # type: ignore[attr-defined]
    return tmp_path / "index"


@pytest.fixture
def keeper(folder: Path) -> Keeper:
    return Keeper(folder)


@pytest.fixture(scope="module")
def supply(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A committed market of 2,000 people, which the tests of a module may change as they like."""
    with django_db_blocker.unblock():
        loaded = read_taxonomy()
        taxonomy.load_taxonomy(loaded)
        load(generate(PEOPLE, 3, loaded))
        try:
            yield
        finally:
            call_command("flush", interactive=False, verbosity=0)

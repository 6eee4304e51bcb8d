"""The world of the tests that try every route."""

from __future__ import annotations

import pytest

from tests.conftest import Cast
from tests.trust import world as worlds


@pytest.fixture
def world(cast: Cast) -> worlds.World:
    """A client's organization with a project, a run, an offered cell, an accepted one's engagement, and a key."""
    return worlds.of(cast)

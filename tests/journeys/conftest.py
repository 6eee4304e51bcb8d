"""One service for all journeys of a test process: starting it takes longer than most of them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from marketplace.local.demo.caller import Caller
from tests.journeys.service import PASSWORD, Service, running


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service on a database of its own."""
    name = f"journeys_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with running(tmp_path_factory.mktemp("journeys"), name) as started:
        yield started


class People:
    """Whoever takes part, logged in over HTTP at their first word."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._callers: dict[str, Caller] = {}

    def __getitem__(self, address: str) -> Caller:
        if address not in self._callers:
            self._callers[address] = Caller(self._service.url, address, PASSWORD)
        return self._callers[address]

    def leave(self) -> None:
        """Close every connection."""
        for caller in self._callers.values():
            caller.__exit__(None, None, None)


@pytest.fixture
def people(service: Service) -> Iterator[People]:
    """Everybody by address."""
    met = People(service)
    yield met
    met.leave()

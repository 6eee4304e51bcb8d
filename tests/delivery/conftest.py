"""Receivers that the service may reach, and endpoints at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import trustme

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.delivery import webhooks
from tests.delivery import receiver as receivers
from tests.factories import accounts


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def authority_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    return receivers.authority_file(authority, tmp_path_factory.mktemp("authority"))


@pytest.fixture
def listen(authority: trustme.CA, authority_file: str, settings: Any) -> Iterator[Callable[..., receivers.Receiver]]:
    """Return a function that starts a receiver which the settings allow to be reached."""
    settings.OUTBOUND_CA_FILE = authority_file
    settings.OUTBOUND_ALLOWED_HOSTS = []
    with ExitStack() as stack:

        def start(behavior: receivers.Behavior = receivers.ok, **options: Any) -> receivers.Receiver:
            made = stack.enter_context(receivers.receiver(authority, behavior, **options))
            settings.OUTBOUND_ALLOWED_HOSTS = [*settings.OUTBOUND_ALLOWED_HOSTS, f"localhost:{made.port}"]
            return made

        yield start


@pytest.fixture
def endpoint_at(db: None) -> Callable[..., tuple[Any, str]]:
    """Return a function that makes an endpoint of an organization at a receiver, and its secret."""

    def make(organization: Any, at: receivers.Receiver, **fields: Any) -> tuple[Any, str]:
        actor = Actor(user=accounts.user(Role.CLIENT))
        return webhooks.create(organization_id=organization.pk, url=at.url(), actor=actor, **fields)

    return make

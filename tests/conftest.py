"""What every test may use: a client that really authenticates, and the standing cast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from django.apps import apps
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.clients.models import Organization
from profiles.models import Professional
from tests.factories import accounts, clients, profiles

_OURS = ("audit", "delivery", "profiles", "clients", "matching")


@dataclass(frozen=True)
class Cast:
    """One of each, and a rival client who must always be refused what is the client's."""

    professional: User
    profile: Professional
    recruiter: User
    client: User
    organization: Organization
    rival: User
    rival_organization: Organization
    operator: User


@pytest.fixture(autouse=True)
def _no_throttle(settings: pytest.FixtureRequest) -> None:
    """Tests share one address; the tests of the limits switch them on again."""
    settings.THROTTLE = False  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _index_of_this_session(settings: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Runs outside a transaction compose from an index, which must not outlive the test database."""
    settings.INDEX_FOLDER = str(tmp_path_factory.getbasetemp() / "index")  # type: ignore[attr-defined]


@pytest.fixture
def cast(db: None) -> Cast:
    """The standing cast; the professional has an active profile."""
    professional = accounts.user(Role.PROFESSIONAL)
    organization, rival = clients.organization(), clients.organization()
    return Cast(
        professional=professional,
        profile=profiles.professional(professional),
        recruiter=accounts.user(Role.RECRUITER),
        client=clients.member(organization),
        organization=organization,
        rival=clients.member(rival),
        rival_organization=rival,
        operator=accounts.user(Role.OPERATOR),
    )


@pytest.fixture
def api(db: None) -> Callable[..., APIClient]:
    """Return a client for a user (by a session in the store), for the text of a key, or for nobody.

    Header values given as keywords go with every request: ``api(user, accept_language="es-MX")``.
    """

    def client(caller: User | str | None = None, **headers: str) -> APIClient:
        credentials = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        if isinstance(caller, User):
            credentials["HTTP_X_SESSION_TOKEN"] = accounts.session_token(caller)
        elif caller is not None:
            credentials["HTTP_AUTHORIZATION"] = f"Bearer {caller}"
        made = APIClient(raise_request_exception=False)
        made.credentials(**credentials)
        return made

    return client


@pytest.fixture
def nothing_changes(db: None) -> Callable[[], AbstractContextManager[None]]:
    """Return a context manager that fails when any row of ours is written inside it, audit and outbox included."""

    def rows() -> dict[str, list[dict[str, object]]]:
        ours = [model for label in _OURS for model in apps.get_app_config(label).get_models()]
        return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in ours}

    @contextmanager
    def watch() -> Iterator[None]:
        before = rows()
        yield
        assert rows() == before

    return watch

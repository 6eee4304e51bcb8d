"""Every route, every caller: what the reviewed table forbids is refused, and foreign rows look absent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from marketplace.accounts.models import ApiKey
from tests.factories import accounts
from tests.trust.access import ACCESS
from tests.trust.world import World

pytestmark = pytest.mark.django_db

_PARAMETER = re.compile(r"\(\?P<(\w+)>[^/]*\)|<\w+:(\w+)>")


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield (method, template, view class) of every route below ``/api/v1``, from the URL configuration itself."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.startswith("api/v1/"):
            named = _PARAMETER.sub(lambda found: f"{{{found[1] or found[2]}}}", path.removeprefix("api/v1"))
            # DRF adds HEAD beside GET once a route has answered for the first time: it is the same route.
            for method in pattern.callback.actions.keys() - {"head"}:  # type: ignore[attr-defined]
                yield method.upper(), re.sub(r"[\^$]", "", named), pattern.callback.cls  # type: ignore[attr-defined]


def call(client: APIClient, method: str, path: str) -> Any:
    body = {} if method in {"POST", "PATCH", "PUT"} else None
    return client.generic(
        method, path, data="{}" if body is not None else "", content_type="application/json", HTTP_IF_MATCH='"1"'
    )


def test_every_route_is_in_the_reviewed_table() -> None:
    assert {f"{method} {template}" for method, template, _view in routes()} == set(ACCESS)


@pytest.mark.parametrize("letter", ["N", "C", "K", "P", "R", "O"])
def test_what_the_table_forbids_is_refused_and_changes_nothing(
    letter: str,
    world: World,
    api: Callable[..., APIClient],
    nothing_changes: Callable[[], AbstractContextManager[None]],
) -> None:
    cast = world.cast
    caller = {
        "N": None,
        "C": cast.client,
        "K": accounts.key(cast.organization.pk)[1],
        "P": cast.professional,
        "R": cast.recruiter,
        "O": cast.operator,
    }[letter]
    client = api(caller)
    with nothing_changes():
        for route, allowed in ACCESS.items():
            method, template = route.split(" ")
            if letter in allowed:
                continue
            answer = call(client, method, world.path(template))
            assert answer.status_code == (401 if letter == "N" else 403), (route, answer.status_code, answer.content)
            assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["person", "key"])
def test_foreign_rows_look_absent_on_every_route_and_in_every_list(
    kind: str,
    world: World,
    api: Callable[..., APIClient],
    nothing_changes: Callable[[], AbstractContextManager[None]],
) -> None:
    rival = world.cast.rival if kind == "person" else accounts.key(world.cast.rival_organization.pk)[1]
    client = api(rival)
    with nothing_changes():
        for route, allowed in ACCESS.items():
            method, template = route.split(" ")
            if not set(allowed) & {"C", "K"}:
                continue
            answer = call(client, method, world.path(template))
            if "{" in template and "{code}" not in template:
                assert answer.status_code in {403, 404}, (route, answer.status_code, answer.content)
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            for hidden in world.hidden:
                assert hidden not in text.decode() or hidden in world.path(template), (route, hidden)


def test_a_key_without_scopes_may_do_nothing_that_needs_one(
    world: World, api: Callable[..., APIClient], nothing_changes: Callable[[], AbstractContextManager[None]]
) -> None:
    client = api(accounts.key(world.cast.organization.pk, scopes=[])[1])
    with nothing_changes():
        for route in ACCESS:
            method, template = route.split(" ")
            assert call(client, method, world.path(template)).status_code == 403, route


def test_a_revoked_key_is_nobody_at_once(world: World, api: Callable[..., APIClient]) -> None:
    key, text = accounts.key(world.cast.organization.pk)
    client = api(text)
    assert client.get("/api/v1/projects").status_code == 200
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=key.created_at)
    assert client.get("/api/v1/projects").json()["code"] == "key_not_usable"

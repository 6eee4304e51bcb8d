"""Every operation of the contract is asked wrongly, in English and in Spanish: each refusal is in its reader's words.

The operations, their parameters and their bodies are those of ``openapi.yaml``: nothing here knows a route, and what is
added there is asked as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection, transaction
from rest_framework.test import APIClient

from tests.english_words import english_words, spanish_words
from tests.factories import accounts
from tests.trust.access import ACCESS
from tests.trust.world import World

pytestmark = pytest.mark.django_db

WRITING = {"post", "put", "patch"}
# What is wrong for some kind of field, whatever the kind; the first ones are asked always.
WRONG: tuple[Any, ...] = ({}, ["¿?"], None, "", "¿?", 10**30, -1.5, [{}], "z" * 20_000)
BROKEN = ("{", "[]", "7", '"x"', '{"a": "\\ud800"}', "[" * 2000)
QUERIES = ("%C2%BF%3F", "-1", "cobol:9,x")
# A refusal may end in a list of the names that would have been right: names are the same in every language.
_NAMES = re.compile(r": \w+(, \w+)*\.$")

Asked = dict[str, Any]


@cache
def contract() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: dict[str, Any] = yaml.load((Path(settings.BASE_DIR) / "openapi.yaml").read_text(encoding="utf-8"), loader)
    return read


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that is meant where this one only names it."""
    while "$ref" in schema:
        schema = contract()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (method, template of the path as ``tests.trust.access`` writes it, operation) of the whole contract."""
    for path, methods in contract()["paths"].items():
        template = path.removeprefix("/api/v1").replace("{id}", "{pk}")
        for method, operation in methods.items():
            if method in WRITING | {"get", "delete"}:
                yield method, template, operation


def fields_of(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = resolved(content.get("schema", {}))
    found = {**schema.get("properties", {})}
    for part in schema.get("allOf", []) + schema.get("oneOf", []) + schema.get("anyOf", []):
        found |= resolved(part).get("properties", {})
    return found


def bodies(fields: dict[str, Any], wrongs: tuple[Any, ...]) -> Iterator[Any]:
    """Yield bodies with every field wrong in the same way, then with the fields of what is inside them wrong."""
    yield {}
    yield {"no_such_field": 1}
    inside = {}
    for name, schema in fields.items():
        inner = resolved(schema.get("items", schema))
        inner = resolved(inner["allOf"][0]) if inner.get("allOf") else inner
        if inner.get("properties"):
            inside[name] = (list(inner["properties"]), "items" in schema)
    for wrong in wrongs:
        if fields:
            yield dict.fromkeys(fields, wrong)
        if inside:
            made = {name: dict.fromkeys(names, wrong) for name, (names, _listed) in inside.items()}
            yield {name: [made[name]] if listed else made[name] for name, (_names, listed) in inside.items()}


def wrong_requests(method: str, operation: dict[str, Any], *, thorough: bool) -> Iterator[Asked]:
    """Yield how to ask an operation wrongly, as arguments of the test client's ``generic``."""
    as_json = {"content_type": "application/json"}
    if method in WRITING:
        for body in bodies(fields_of(operation), WRONG if thorough else WRONG[:2]):
            yield as_json | {"data": json.dumps(body), "HTTP_IF_MATCH": '"1"'}
    else:
        names = [each["name"] for each in operation.get("parameters", []) if each.get("in") == "query"]
        yield {"QUERY_STRING": "no_such_parameter=1"}
        for wrong in (QUERIES if thorough else QUERIES[:1]) if names else ():
            yield {"QUERY_STRING": "&".join(f"{name}={wrong}" for name in names)}
    if not thorough:
        return
    if method in WRITING:
        for text in BROKEN:
            yield as_json | {"data": text, "HTTP_IF_MATCH": '"1"'}
        yield {"data": "{}", "content_type": "text/plain"}
        yield as_json | {"data": "{}", "HTTP_IDEMPOTENCY_KEY": "k" * 300}
    for version in ({}, {"HTTP_IF_MATCH": '"99"'}, {"HTTP_IF_MATCH": "nonsense"}):
        yield as_json | ({"data": "{}"} if method in WRITING else {}) | version
    yield {"QUERY_STRING": "format=xml"}
    yield {"HTTP_ACCEPT": "image/png"}


def sentences(problem: dict[str, Any]) -> list[str]:
    return [problem["title"], problem["detail"], *(each["detail"] for each in problem["errors"])]


class Inquiry:
    """Asks one operation after the other in both languages, undoes what that did, and keeps what was refused."""

    def __init__(self, world: World, api: Callable[..., APIClient]) -> None:
        people = {"C": world.cast.client, "P": world.cast.professional}
        people |= {"R": world.cast.recruiter, "O": world.cast.operator, "N": None}
        callers = people | {"K": accounts.key(world.cast.organization.pk)[1]}
        self.world = world
        self.clients = {
            letter: [api(caller, accept_language=language) for language in ("en", "es-MX")]
            for letter, caller in callers.items()
        }
        with connection.cursor() as cursor:  # all of it is one transaction of the test, which may think for long
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        self.statuses: set[int] = set()
        self.refusals: set[tuple[str, str]] = set()
        self.faults: list[tuple[Any, ...]] = []

    def ask(self, letter: str, method: str, template: str, asked: Asked) -> None:
        answers = []
        for client in self.clients[letter]:
            with transaction.atomic():
                answers.append(client.generic(method.upper(), self.world.path(template), **asked))
                transaction.set_rollback(True)
        english, spanish = answers
        where = (letter, method, template, str(asked)[:300])
        if english.status_code != spanish.status_code or english.status_code >= 500:
            self.faults.append((*where, english.status_code, spanish.status_code))
            return
        self.statuses.add(english.status_code)
        if (english["Content-Language"], spanish["Content-Language"]) != ("en", "es-mx"):
            self.faults.append((*where, "Content-Language"))
        if any("Accept-Language" not in answer["Vary"] for answer in answers):
            self.faults.append((*where, "Vary"))
        if english.status_code >= 400:
            for one, other in zip(sentences(english.json()), sentences(spanish.json()), strict=True):
                self.refusals.add((one, other))
                told = _NAMES.sub(".", other)
                if one == other or english_words(told) or spanish_words(_NAMES.sub(".", one)):
                    self.faults.append((*where, one, other))


def test_whatever_is_wrong_is_said_in_the_readers_language(world: World, api: Callable[..., APIClient]) -> None:
    inquiry = Inquiry(world, api)
    seen = 0
    for method, template, operation in operations():
        allowed = ACCESS[f"{method.upper()} {template}"]
        seen += 1
        for asked in wrong_requests(method, operation, thorough=False):
            inquiry.ask(allowed.removeprefix("N")[0], method, template, asked)
    assert inquiry.faults == []
    assert seen > 200
    assert len(inquiry.refusals) > 90
    assert {400, 404, 409} <= inquiry.statuses


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["N", "C", "K", "P", "R", "O"])
def test_every_caller_is_refused_in_their_language_however_wrong_they_ask(
    letter: str, world: World, api: Callable[..., APIClient]
) -> None:
    inquiry = Inquiry(world, api)
    for method, template, operation in operations():
        allowed = ACCESS[f"{method.upper()} {template}"].removeprefix("N")
        asking = wrong_requests(method, operation, thorough=True)
        # One of those who may is asked for all of it: what they are told does not depend on who they are.
        for asked in asking if letter == allowed[0] else [next(asking)]:
            inquiry.ask(letter, method, template, asked)
    assert inquiry.faults == []
    assert {401, 403} & inquiry.statuses

"""The list of facts says what the code publishes, no more and no less."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation

from marketplace.delivery import facts, outbox
from marketplace.delivery.models import OutboxEvent
from tests.factories import clients

ROOT = Path(settings.BASE_DIR)
ROOMS = ("marketplace", "profiles", "matching")


@dataclass(frozen=True)
class Teller:
    """A function of ours that publishes the kind it is given as its parameter ``name`` (its ``position``-th)."""

    function: str
    name: str
    position: int


def functions() -> list[ast.FunctionDef]:
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return found


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def given(node: ast.Call, teller: Teller) -> ast.expr | None:
    """Return what a call gives for the kind."""
    for keyword in node.keywords:
        if keyword.arg == teller.name:
            return keyword.value
    return node.args[teller.position] if 0 <= teller.position < len(node.args) else None


def meanings(value: ast.expr, within: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield the texts, patterns and parameters that an expression may stand for."""
    if isinstance(value, ast.IfExp):
        yield from meanings(value.body, within)
        yield from meanings(value.orelse, within)
    elif isinstance(value, ast.Name):
        assigned = [
            node.value
            for node in ast.walk(within)
            if isinstance(node, ast.Assign) and any(getattr(each, "id", "") == value.id for each in node.targets)
        ]
        for each in assigned:
            yield from meanings(each, within)
        if not assigned:
            yield value
    else:
        yield value


def published() -> set[str]:
    """Return the kinds that the code publishes, as regular expressions."""
    calls: dict[str, list[tuple[ast.FunctionDef, ast.Call]]] = defaultdict(list)
    for function in functions():
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            calls[called(call)].append((function, call))
    tellers = {Teller("publish", "kind", -1)}
    while True:
        kinds: set[str] = set()
        found = set(tellers)
        for teller in tellers:
            for function, call in calls[teller.function]:
                value = given(call, teller)
                parameters = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
                for meaning in () if value is None else meanings(value, function):
                    if isinstance(meaning, ast.Constant) and "." in str(meaning.value):
                        kinds.add(re.escape(str(meaning.value)))
                    elif isinstance(meaning, ast.JoinedStr):
                        parts = [re.escape(str(getattr(part, "value", ""))) for part in meaning.values]
                        holes = [isinstance(part, ast.FormattedValue) for part in meaning.values]
                        kinds.add("".join("[a-z_]+" if hole else part for hole, part in zip(holes, parts, strict=True)))
                    elif isinstance(meaning, ast.Name) and meaning.id in parameters:
                        found.add(Teller(function.name, meaning.id, parameters.index(meaning.id)))
        if found == tellers:
            return kinds
        tellers = found


@pytest.fixture(scope="module")
def patterns() -> set[str]:
    return published()


def test_every_kind_that_the_code_publishes_is_in_the_list(patterns):
    known = [fact.kind for fact in facts.every_fact()]
    unknown = {pattern for pattern in patterns if not any(re.fullmatch(pattern, kind) for kind in known)}
    assert not unknown
    assert len(patterns) > 15


def test_every_kind_in_the_list_is_published_by_the_code(patterns):
    # A test message is written for one endpoint and published to nobody else.
    kinds = {fact.kind for fact in facts.every_fact()} - {"webhook.test"}
    assert {kind for kind in kinds if not any(re.fullmatch(pattern, kind) for pattern in patterns)} == set()


def test_kinds_are_listed_once_and_fit_their_column():
    kinds = [fact.kind for fact in facts.every_fact()]
    assert len(kinds) == len(set(kinds))
    for fact in facts.every_fact():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", fact.kind)
        assert len(fact.kind) <= OutboxEvent._meta.get_field("kind").max_length
        with translation.override("en"):
            assert str(fact.description).endswith(".")


@pytest.mark.django_db
def test_a_kind_that_is_not_in_the_list_cannot_be_published():
    organization = clients.organization()
    with transaction.atomic(), pytest.raises(LookupError, match=r"facts\.py"):
        outbox.publish(kind="project.imagined", subject=organization, organization_id=organization.pk)
    assert not OutboxEvent.objects.exists()

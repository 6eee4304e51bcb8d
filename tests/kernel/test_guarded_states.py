"""The database refuses moves that the state tables do not list, and its tables are those of the code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from marketplace.kernel.guarded_states import TRIGGER
from marketplace.kernel.states import Transitions
from tests.factories import clients


def machines() -> Iterator[tuple[type[models.Model], Transitions]]:
    """Yield every model of ours that has a table of moves."""
    for model in apps.get_models():
        table = getattr(model, "transitions", None)
        if isinstance(table, property):
            yield model, table.fget(model())  # type: ignore[misc]


def guarded(model: type[models.Model]) -> set[str]:
    """Return the moves that the database lets through, as ``from>to``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(tgargs, 'escape') FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass",
            [TRIGGER, model._meta.db_table],
        )
        row = cursor.fetchone()
    return set() if row is None else {move for move in row[0].split("\\000") if move}


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "table"), [pytest.param(*pair, id=pair[0].__name__) for pair in machines()])
def test_the_database_knows_the_same_moves_as_the_code(model: type[models.Model], table: Transitions) -> None:
    assert guarded(model) == {f"{source}>{target}" for source, targets in table.items() for target in targets}


@pytest.mark.django_db
def test_a_move_that_no_table_lists_is_refused_even_to_plain_sql() -> None:
    project = clients.project(clients.organization(), published=True)
    with pytest.raises(IntegrityError, match="cannot move from published to completed"), transaction.atomic():
        type(project).objects.filter(pk=project.pk).update(status="completed")
    project.refresh_from_db()
    assert project.status == "published"


@pytest.mark.django_db
def test_writing_the_status_that_a_row_already_has_is_no_move() -> None:
    project = clients.project(clients.organization(), published=True)
    assert type(project).objects.filter(pk=project.pk).update(status="published") == 1

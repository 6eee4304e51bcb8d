"""Bulk insertion by PostgreSQL's COPY: rows of tuples into a model's table, defaults of the model included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert ``rows`` (values of the fields ``columns``, foreign keys as ids) and return how many there were.

    Fields that are not listed get their default, evaluated once for all rows; numbered keys come from their sequence.
    The table's constraints are the judge: nothing is validated in Python. Runs in the caller's transaction. Raises
    Django's ``IntegrityError`` and its kin.
    """
    fields = [model._meta.get_field(name) for name in columns]
    rest = [
        field
        for field in model._meta.concrete_fields
        if field.name not in columns and not isinstance(field, models.AutoField)
    ]
    constants = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    named = [sql.Identifier(str(field.column)) for field in (*fields, *rest)]  # type: ignore[union-attr]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(named)
    )
    count = 0
    # COPY goes past Django's cursor, and so past its translation of errors.
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((*row, *constants))
            count += 1
    return count


def refresh_statistics(tables: Iterable[type[models.Model]]) -> None:
    """Tell PostgreSQL what the tables hold now; without that it plans for empty ones until it looks by itself."""
    names = sql.SQL(", ").join(sql.Identifier(model._meta.db_table) for model in tables)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(names))

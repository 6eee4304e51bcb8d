"""The shipped taxonomy, read and checked once per process: to copy its rows takes a tenth of the time."""

from __future__ import annotations

from typing import Any

from django.db import connection

from profiles.models import Skill, SkillAlias, SkillBroader, SkillNeighbor
from profiles.services import taxonomy

_TABLES = tuple(model._meta.db_table for model in (Skill, SkillAlias, SkillBroader, SkillNeighbor))
_kept: dict[str, bytes] = {}


def load_taxonomy() -> None:
    """Store all skills with their names and links, as the product's own loader does at the first call."""
    if not _kept or Skill.objects.exists():
        fresh = not Skill.objects.exists()
        taxonomy.load_taxonomy()
        if fresh:
            _kept.update({table: _copied(table) for table in _TABLES})
        return
    with connection.cursor() as cursor:
        for table, rows in _kept.items():
            with _raw(cursor).copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as into:
                into.write(rows)
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))"
            )


def _copied(table: str) -> bytes:
    with connection.cursor() as cursor, _raw(cursor).copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as out:
        return b"".join(bytes(block) for block in out)


def _raw(cursor: Any) -> Any:
    """Return psycopg's own cursor: Django has no word for COPY."""
    return cursor.cursor

"""The database's own refusal of moves that a state table does not list, as a migration operation.

Services ask ``kernel.states`` before they move anything; this holds when something else writes: a shell, a script, a
service that forgot. A trigger carries the table as arguments ``from>to``, which a test compares with the Python table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

TRIGGER = "guard_status"

_FUNCTION = """
CREATE OR REPLACE FUNCTION kernel_guard_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (OLD.status || '>' || NEW.status) = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% cannot move from % to %', TG_TABLE_NAME, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'guard_status', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$
"""


class GuardStates(Operation):
    """Refuse every change of ``model.status`` that ``moves`` (from → to…) does not list; replaces an earlier guard.

    ``unless`` is a condition over OLD and NEW under which a row is put back as it was, which is no move. ``earlier`` is
    the table that reversing brings back; without it reversing leaves the model unguarded.
    """

    reversible = True
    reduces_to_sql = True
    atomic = True

    def __init__(
        self,
        model: str,
        moves: Mapping[str, list[str]],
        unless: str = "",
        earlier: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.model, self.moves, self.unless, self.earlier = model, moves, unless, earlier

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing: Django's models do not know of triggers."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._set(to_state.apps.get_model(app_label, self.model)._meta.db_table, schema_editor, self.moves)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._set(to_state.apps.get_model(app_label, self.model)._meta.db_table, schema_editor, self.earlier)

    def _set(self, table: str, schema_editor: BaseDatabaseSchemaEditor, moves: Mapping[str, list[str]] | None) -> None:
        quoted = schema_editor.quote_name(table)
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER} ON {quoted}")
        if moves is None:
            return
        schema_editor.execute(_FUNCTION, params=None)  # its percent signs are its own
        excepted = f" AND NOT ({self.unless})" if self.unless else ""
        listed = ", ".join(f"'{source}>{target}'" for source in sorted(moves) for target in sorted(moves[source]))
        schema_editor.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE OF status ON {quoted} FOR EACH ROW"
            f" WHEN (OLD.status IS DISTINCT FROM NEW.status{excepted})"
            f" EXECUTE FUNCTION kernel_guard_status({listed})"
        )

    def describe(self) -> str:
        return f"Guard the states of {self.model}"

    @property
    def migration_name_fragment(self) -> str:
        return f"guard_{self.model.lower()}"

"""What changed in supply, written by the database itself: see ``profiles.feed``."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now


class TransactionId(models.Field):  # type: ignore[type-arg]
    """A 64-bit transaction id of PostgreSQL (``xid8``), which never wraps round."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: object, connection: object) -> int:
        return int(value)


class CurrentTransaction(models.Func):
    """The id of the transaction that writes the row."""

    function = "pg_current_xact_id"
    output_field = TransactionId()


class SupplyChange(models.Model):
    """Something of a person that matching reads was inserted, changed or deleted by a statement of ``transaction``.

    Triggers write it, once per statement and person. No foreign key: the fact outlives the person's row.
    """

    professional_id = models.UUIDField()
    transaction = TransactionId(db_default=CurrentTransaction())
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["transaction"], name="supply_change_order"),
            models.Index(fields=["at"], name="supply_change_age"),
        ]


class SupplyFeed(models.Model):
    """The one row that says which feed this is. A new ``epoch`` means: whoever followed must read everything anew.

    ``forgotten`` is the greatest transaction id of rows that were pruned, ``forgotten_by`` the transaction that did it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField(default=uuid.uuid4)
    forgotten = models.BigIntegerField(default=0)
    forgotten_by = TransactionId(db_default=CurrentTransaction())

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="supply_feed_is_one_row")]

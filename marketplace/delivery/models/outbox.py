"""The outbox: facts that somebody outside may want, written in the transaction that made them true."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import connection, models

from marketplace.kernel import identifiers
from marketplace.kernel.models import Record, ScopedQuerySet


class OutboxEventQuerySet(ScopedQuerySet):
    def of_organizations(self, organizations: models.QuerySet[Any]) -> OutboxEventQuerySet:
        """Return the facts that are the business of these organizations, which live on a floor above."""
        return self.filter(organization_id__in=organizations.values("pk"))

    def settled(self) -> OutboxEventQuerySet:
        """Return the facts that no transaction still under way can come before.

        Ids ascend with the time of writing, not of commit: a reader who remembers the last id would miss a fact that
        was written earlier and committed later. So whatever is younger than the oldest open writer waits for it.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT least(min(xact_start), clock_timestamp()) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
            )
            (horizon,) = cursor.fetchone()
        return self.filter(pk__lt=identifiers.first_at(horizon))


class OutboxEvent(Record):
    """A thin fact: ids and states, never personal data.

    ``organization_id`` is whose business it is; organizations live on a floor above, so it is no foreign key.
    """

    prefix: ClassVar[str] = "evt"

    organization_id = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    data = models.JSONField(default=dict)

    objects = OutboxEventQuerySet.as_manager()

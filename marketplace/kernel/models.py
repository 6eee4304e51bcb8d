"""What every table of ours has: an opaque id, times, a version, and a rule of who sees its rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models

from marketplace.kernel import clock, identifiers


class ScopedQuerySet(models.QuerySet[Any]):
    """Nothing is visible unless a rule says so: a model that is exposed overrides ``visible_to``."""

    def visible_to(self, actor: Any) -> Self:
        return self.none()


class Record(models.Model):
    """``version`` rises with every change of the aggregate and is what an ``ETag`` shows."""

    prefix: ClassVar[str] = ""

    id = models.UUIDField(primary_key=True, default=identifiers.uuid7, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def public_id(self) -> str:
        """The id as the API shows it, such as ``proj_01jd…``."""
        return identifiers.encode(self.prefix, self.id)

    def touch(self, *fields: str) -> None:
        """Save ``fields`` narrowly, with a new version and time."""
        self.version += 1
        self.updated_at = clock.now()
        self.save(update_fields=[*fields, "version", "updated_at"])


def one_of(field: str, choices: Iterable[str], name: str) -> models.CheckConstraint:
    """Return the database constraint that ``field`` holds one of ``choices``."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": list(choices)}), name=name)

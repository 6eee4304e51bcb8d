"""Filters that every list shares: opaque ids, times, and the repeatable status."""

from __future__ import annotations

import uuid
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from marketplace.kernel import identifiers

MOST_IDS = 100


class _OpaqueIdField(forms.Field):
    """One public id, or several with commas between them where ``several``."""

    def __init__(self, *, prefix: str, several: bool, **options: Any) -> None:
        self.prefix = prefix
        self.several = several
        super().__init__(**options)

    def to_python(self, value: Any) -> uuid.UUID | list[uuid.UUID] | None:
        if not value:
            return None
        parts = str(value).split(",") if self.several else [str(value)]
        if len(parts) > MOST_IDS:
            raise forms.ValidationError(_("Give at most %(most)s ids.") % {"most": MOST_IDS}, code="too_many_ids")
        found = [identifiers.decode(self.prefix, part) for part in parts]
        known = [item for item in found if item is not None]
        if len(known) < len(found):
            raise forms.ValidationError(
                _("This is not an id of the kind “%(prefix)s_…”.") % {"prefix": self.prefix}, code="invalid_id"
            )
        return known if self.several else known[0]


@extend_schema_field(OpenApiTypes.STR)
class IdFilter(django_filters.Filter):
    """Rows whose ``field_name`` is the row with this public id, such as ``project=proj_…``."""

    field_class = _OpaqueIdField

    def __init__(self, prefix: str, **options: Any) -> None:
        super().__init__(prefix=prefix, several=False, **options)


@extend_schema_field(OpenApiTypes.STR)
class IdsFilter(django_filters.Filter):
    """Rows with one of these public ids, commas between them, at most 100."""

    field_class = _OpaqueIdField

    def __init__(self, prefix: str, **options: Any) -> None:
        options.setdefault("field_name", "pk")
        options.setdefault("label", _("Public ids with commas between them, at most 100"))
        super().__init__(prefix=prefix, several=True, lookup_expr="in", **options)


class RecordFilterSet(filters.FilterSet):
    """``created_after`` and ``updated_after`` (RFC 3339, exclusive), as every list of records has them."""

    created_after = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gt", label="Made after this moment (RFC 3339)"
    )
    updated_after = filters.IsoDateTimeFilter(
        field_name="updated_at", lookup_expr="gt", label="Changed after this moment (RFC 3339)"
    )

"""The query of a saved search: the very parameters of ``GET /professionals``, read by the very same filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.kernel.errors import FieldError, Invalid
from profiles.api.filters import ProfessionalFilterSet
from profiles.api.ranked_pages import Search
from profiles.models import Professional
from profiles.search_statement import Criteria, Order

_MOST_VALUES = 10
_LONGEST = 4_000


def filters_of(query: Mapping[str, list[str]]) -> ProfessionalFilterSet:
    """Return the filters with a query filled in."""
    data = QueryDict(mutable=True)
    for name, values in query.items():
        data.setlist(name, values)
    return ProfessionalFilterSet(data, queryset=Professional.objects.none())


def read(query: Mapping[str, list[str]]) -> Criteria:
    """Return what a kept query asks for. Raises Invalid when it can no longer be read (a skill has gone, say)."""
    filters = filters_of(query)
    if not filters.is_valid():
        raise Invalid.several(
            [
                FieldError(f"/query/{name}", str(fault["code"] or "invalid"), str(fault["message"]))
                for name, faults in filters.errors.get_json_data().items()
                for fault in faults
            ]
        )
    return filters.criteria()


def search_of(query: Mapping[str, list[str]], people: Any) -> Search:
    """Return the search of a kept query among ``people``, the visible ones. Raises Invalid as ``read``."""
    criteria = read(query)
    return Search(people, criteria, (query.get("sort") or [Order.RANK])[0])


@extend_schema_field(
    {
        "type": "object",
        "description": "The parameters of `GET /professionals`, each a value or a list of values.",
        "additionalProperties": {
            "oneOf": [
                {"type": "string"},
                {"type": "number"},
                {"type": "array", "items": {"type": "string"}, "maxItems": _MOST_VALUES},
            ]
        },
        "example": {"skill": ["cobol:4", "db2"], "speaks": "en:b2", "country": "MX"},
    }
)
class QueryField(serializers.Field[Any, Any, Any, Any]):
    """Parameters as a JSON object; kept as texts, each in a list."""

    default_error_messages = {
        "not_an_object": _("Give the parameters of the search as an object."),
        "unknown_filter": _("The search of professionals has no such filter. Known: {known}."),
        "invalid_value": _("Give a text, a number, or a list of at most ten of them."),
        "too_long": _("The query is too long."),
    }

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        if not isinstance(data, dict):
            self.fail("not_an_object")
        known = sorted(ProfessionalFilterSet.base_filters)
        faults: dict[str, Any] = {}
        query: dict[str, list[str]] = {}
        for name, value in data.items():
            values = value if isinstance(value, list) else [value]
            if name not in known:
                faults[name] = self._fault("unknown_filter", known=", ".join(known))
            elif len(values) > _MOST_VALUES or not all(_plain(each) for each in values):
                faults[name] = self._fault("invalid_value")
            elif values:
                query[name] = [str(each) for each in values]
        if faults:
            raise serializers.ValidationError(faults)
        if sum(len(each) for values in query.values() for each in values) > _LONGEST:
            self.fail("too_long")
        return query

    def to_representation(self, value: Any) -> Any:
        return value

    def _fault(self, code: str, **values: str) -> list[serializers.ErrorDetail]:
        return [serializers.ErrorDetail(str(self.error_messages[code]).format(**values), code)]


def _plain(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool))

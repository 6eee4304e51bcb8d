"""Pages of projects: where words find nothing, what may have been meant is offered beside the empty page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.clients.services import project_search
from marketplace.clients.services.project_search import Suggestion
from marketplace.rest.pagination import CursorPagination

_SUGGESTION = {
    "type": "object",
    "required": ["written", "skill", "name"],
    "properties": {
        "written": {"type": "string", "description": "words of `q`", "example": "cobool"},
        "skill": {"type": "string", "description": "a skill spelled like them", "example": "cobol"},
        "name": {"type": "string", "description": "in the reader's language", "example": "COBOL"},
    },
}


class ProjectPagination(CursorPagination):
    """Cursor pages with ``suggestions``: empty unless ``q`` found nothing."""

    _suggestions: list[Suggestion]

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any] | None:
        page = super().paginate_queryset(queryset, request, view)
        asked = request.query_params.get("q", "")
        self._suggestions = [] if page or not asked else project_search.suggestions(asked, get_language() or "en")
        return page

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        response.data["suggestions"] = [vars(each) for each in self._suggestions]
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described = super().get_paginated_response_schema(schema)
        described["required"] = [*described.get("required", ()), "suggestions"]
        described["properties"]["suggestions"] = {"type": "array", "items": _SUGGESTION}
        return described

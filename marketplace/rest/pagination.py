"""Cursor pages: stable while rows come and go, at most 100 rows, newest first (UUIDv7 keys ascend with time)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as Unreadable
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import pagination
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response


class CursorPagination(pagination.CursorPagination):
    """``cursor`` and ``page_size`` in; ``next``, ``previous``, ``results`` and a ``Link`` header out."""

    ordering: tuple[str, ...] = ("-created_at", "-id")
    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"
    # Rows made in one statement share their moment. Past the thousand equals that the library counts, a page would
    # name itself as the next, and who follows it would never come to an end.
    offset_cutoff = 100_000

    def get_page_size(self, request: Request) -> int | None:
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        if not given.isascii() or not given.isdigit() or len(given) > 4 or not 1 <= int(given) <= self.max_page_size:
            raise ValidationError({"page_size": [_("Give a whole number from 1 to 100.")]}, code="invalid_page_size")
        return int(given)

    def decode_cursor(self, request: Request) -> Any:
        try:
            cursor = super().decode_cursor(request)
        except (NotFound, ValueError, OverflowError) as error:
            raise self._not_ours() from error
        if cursor is not None and "\0" in str(cursor.position or ""):  # no text of PostgreSQL holds it
            raise self._not_ours()
        return cursor

    @staticmethod
    def _not_ours() -> ValidationError:
        return ValidationError({"cursor": [_("This cursor was not given by a page.")]}, "invalid_cursor")

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, Unreadable) as error:
            if "cursor" not in request.query_params:
                raise
            # The envelope was ours, the position inside it is no value of the column.
            raise self._not_ours() from error

    def get_paginated_response(self, data: Any) -> Response:
        following, previous = self.get_next_link(), self.get_previous_link()
        links = [f'<{url}>; rel="{rel}"' for url, rel in ((following, "next"), (previous, "prev")) if url]
        headers = {"Link": ", ".join(links)} if links else {}
        return Response({"next": following, "previous": previous, "results": data}, headers=headers)

"""Answers to questions about a cell: read again, and kept."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.rest.viewsets import ScopedViewSet
from matching.api.outputs.proposals import ProposalSummaryOutput
from matching.api.outputs.what_ifs import WhatIfOutput
from matching.api.questions import KeepInput
from matching.models import WhatIf
from matching.services import whatifs


def show_answer(view: ScopedViewSet, answer: WhatIf, status: int = 200) -> Response:
    """Return an answer with the names of those whom it speaks of."""
    context = {**view.get_serializer_context(), "people": whatifs.people_of(answer)}
    headers = {"Location": f"/api/v1/what-ifs/{answer.public_id}"} if status == 201 else None
    return Response(WhatIfOutput(answer, context=context).data, status=status, headers=headers)


class WhatIfs(ScopedViewSet):
    model = WhatIf
    schema_tags = ("proposals",)
    permissions = {"retrieve": Permission.REVIEW_PROPOSALS, "keep": Permission.REVIEW_PROPOSALS}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("proposal", "kept_as").defer("content", "people")

    @extend_schema(
        operation_id="what_ifs_retrieve",
        summary="Read an answer again, until it is forgotten",
        responses=WhatIfOutput,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return show_answer(self, self.get_object())

    @extend_schema(
        operation_id="what_ifs_keep",
        summary="Make the answer a revision of the cell, with the reason",
        description=(
            "The revision is judged again on its own stored inputs and its members are read again; it then waits for "
            "review like any other cell. The cell that was asked about is superseded and stays as it was composed."
        ),
        request=KeepInput,
        responses={201: ProposalSummaryOutput},
        parameters=[
            OpenApiParameter(
                "Location", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The revision", response=[201]
            )
        ],
        examples=[OpenApiExample("Keep", {"reason": "The client asked for Chihuahua."}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: str) -> Response:
        answer = self.get_object()
        revision = whatifs.keep(what_if=answer, actor=self.actor, **self.read(KeepInput))
        where = f"/api/v1/proposals/{revision.public_id}"
        return self.show(ProposalSummaryOutput, revision, status=201, location=where)

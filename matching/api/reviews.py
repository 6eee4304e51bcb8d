"""The recruiters' inbox: find what waits, take it, talk about it."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.clients.models import Project
from marketplace.rest.fields import StrictSerializer
from marketplace.rest.filters import IdFilter, IdsFilter, RecordFilterSet
from marketplace.rest.viewsets import ScopedViewSet
from matching import selectors
from matching.api.outputs.inbox import CommentOutput, ReviewDetailOutput, ReviewOutput
from matching.models import Coverage, Proposal
from matching.services import review_claims, stages
from matching.states import ProposalStatus

INBOXES = (("unassigned", "Nobody has taken it"), ("mine", "Taken by the caller"), ("all", "Whoever has taken it"))


class NothingInput(StrictSerializer):
    """No fields."""


class CommentInput(StrictSerializer):
    text = serializers.CharField(max_length=4000)


class ReviewFilterSet(RecordFilterSet):
    ids = IdsFilter(Proposal.prefix)
    inbox = filters.ChoiceFilter(choices=INBOXES, method="in_inbox", label="Whose; all unless said")
    project = IdFilter(Project.prefix, field_name="project_id", label="Cells for this project")
    status = filters.MultipleChoiceFilter(
        choices=ProposalStatus.choices,
        label="Any of these stages; composed, approved and change_requested unless said; repeatable",
    )
    flag = filters.MultipleChoiceFilter(
        choices=[(code, code) for code in selectors.FLAGS], method="with_flags", label="Any of these flags; repeatable"
    )
    without_flags = filters.BooleanFilter(method="plain", label="Only cells that nothing speaks against")

    def in_inbox(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "unassigned":
            return rows.filter(claimed_by__isnull=True)
        return rows.filter(claimed_by=self.request.user.principal) if value == "mine" else rows

    def with_flags(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        wanted = Q()
        for code in value:
            wanted |= Q(**{code: True})
        return rows.filter(wanted)

    def plain(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        none = dict.fromkeys(selectors.FLAGS, False)
        return rows.filter(**none) if value else rows.exclude(**none)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["status"] else rows.filter(status__in=review_claims.IN_REVIEW)


class Reviews(ScopedViewSet):
    """Ids are those of the cells."""

    model = Proposal
    filterset_class = ReviewFilterSet
    schema_tags = ("reviews",)
    permissions = {
        "list": Permission.READ_SUPPLY,
        "retrieve": Permission.READ_SUPPLY,
        "claim": Permission.REVIEW_PROPOSALS,
        "release": Permission.REVIEW_PROPOSALS,
        "comment": Permission.REVIEW_PROPOSALS,
    }

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return Proposal.objects.none()
        rows = selectors.reviews(self.actor).select_related("project")
        needs = Prefetch("coverage", Coverage.objects.select_related("need"))
        return rows.prefetch_related("members", needs, "decisions", "offers")

    @extend_schema(
        operation_id="reviews_list",
        summary="Cells that wait for a recruiter, newest first, with what should give pause",
        responses=ReviewOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(ReviewOutput, self.get_queryset())

    @extend_schema(
        operation_id="reviews_retrieve",
        summary="A cell under review, with comments and how long it stood in each stage",
        responses=ReviewDetailOutput,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show()

    @extend_schema(
        operation_id="reviews_claim",
        summary="Take a cell to judge it",
        description="One recruiter at a time; it lapses after three days. 409 `already_claimed` says who was first.",
        request=NothingInput,
        responses=ReviewDetailOutput,
    )
    @action(detail=True, methods=["post"])
    def claim(self, request: Request, pk: str) -> Response:
        self.read(NothingInput)
        review_claims.claim(proposal=self.get_object(), actor=self.actor)
        return self._show()

    @extend_schema(
        operation_id="reviews_release",
        summary="Give back a cell that one has taken",
        request=NothingInput,
        responses=ReviewDetailOutput,
    )
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        self.read(NothingInput)
        review_claims.release(proposal=self.get_object(), actor=self.actor)
        return self._show()

    @extend_schema(
        operation_id="reviews_comment",
        summary="Note something for the others who judge the cell",
        request=CommentInput,
        responses={201: CommentOutput},
        examples=[OpenApiExample("A doubt", {"text": "Ask about the week of Easter."}, request_only=True)],
    )
    @action(detail=True, methods=["post"], url_path="comments")
    def comment(self, request: Request, pk: str) -> Response:
        made = review_claims.comment(proposal=self.get_object(), actor=self.actor, **self.read(CommentInput))
        return Response(CommentOutput(made).data, status=201)

    def _show(self) -> Response:
        row = self.get_object()
        context = {**self.get_serializer_context(), "stages": stages.of_proposal(row)}
        return Response(ReviewDetailOutput(row, context=context).data, headers={"ETag": f'"{row.version}"'})

"""Replacements for empty seats: judged by recruiters, confirmed by the client where they change what was accepted."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.clients.models import Engagement
from marketplace.kernel.errors import NotFound
from marketplace.rest import etags
from marketplace.rest.fields import IdField, StrictSerializer
from marketplace.rest.filters import IdFilter, IdsFilter, RecordFilterSet
from marketplace.rest.viewsets import ScopedViewSet
from matching.api.outputs.vacancies import (
    ClientReplacementOutput,
    RecruiterReplacementOutput,
    ReplacementProofOutput,
    ReplacementSummaryOutput,
    people_of,
)
from matching.models import Replacement, Vacancy
from matching.services.vacancies import decisions, proofs, requests
from matching.states import ReplacementStatus
from profiles.models import Professional

IF_MATCH = {"x-if-match": True}
MOST_EXCLUDED = 50


class ReplacementInput(StrictSerializer):
    engagement = IdField(Engagement.prefix, help_text="With an empty seat")
    exclude = serializers.ListField(
        child=IdField(Professional.prefix), max_length=MOST_EXCLUDED, required=False, help_text="Who is not to come"
    )
    repair = serializers.IntegerField(
        min_value=0, required=False, help_text="Ask for less: the change at this index of the newest diagnosis"
    )


class ReplacementApprovalInput(StrictSerializer):
    option = serializers.IntegerField(min_value=0, default=0, help_text="Which of the options; the first unless said")
    reason_code = serializers.CharField(max_length=48, help_text=", ".join(decisions.APPROVE_REASONS))
    comment = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class ReplacementRejectionInput(StrictSerializer):
    reason_code = serializers.CharField(max_length=48, help_text=", ".join(decisions.REJECT_REASONS))
    comment = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class ReplacementConfirmationInput(StrictSerializer):
    """No fields: what is confirmed is what `If-Match` names."""


class ReplacementDeclineInput(StrictSerializer):
    reason_code = serializers.CharField(max_length=48, help_text=", ".join(decisions.DECLINE_REASONS))


class OptionQuery(StrictSerializer):
    option = serializers.IntegerField(min_value=0, default=0)


class ReplacementFilterSet(RecordFilterSet):
    ids = IdsFilter(Replacement.prefix)
    engagement = IdFilter(Engagement.prefix, field_name="engagement_id", label="Replacements in this engagement")
    status = filters.MultipleChoiceFilter(choices=ReplacementStatus.choices, label="Any of these states; repeatable")


class Replacements(ScopedViewSet):
    model = Replacement
    filterset_class = ReplacementFilterSet
    schema_tags = ("engagements",)
    permissions = {
        "list": Permission.READ_OFFERS,
        "retrieve": Permission.READ_OFFERS,
        "create": Permission.REVIEW_PROPOSALS,
        "approve": Permission.REVIEW_PROPOSALS,
        "reject": Permission.REVIEW_PROPOSALS,
        "confirm": Permission.DECIDE_OFFERS,
        "decline": Permission.DECIDE_OFFERS,
        "proof": Permission.READ_SUPPLY,
    }
    action_parameters = {"proof": frozenset({"option"})}

    def get_queryset(self) -> QuerySet[Any]:
        seats = Prefetch("vacancies", Vacancy.objects.select_related("placement__seat"))
        rows = super().get_queryset().select_related("engagement").prefetch_related(seats)
        return rows.defer("content", "people")

    @extend_schema(
        operation_id="replacements_list",
        summary="List replacements, newest first",
        description="A client sees those that wait for its answer, what came of them, and where nobody fits.",
        responses=ReplacementSummaryOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(ReplacementSummaryOutput, self.get_queryset().defer("options", "content", "people"))

    @extend_schema(
        operation_id="replacements_retrieve",
        summary="See who would come, whom else it affects, what it costs, and what is proven",
        description="To a client newcomers are pseudonyms; once they are in the engagement, it shows them.",
        responses=RecruiterReplacementOutput,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(
        operation_id="replacements_create",
        summary="Look for a replacement anew",
        description=(
            "The first one is looked for by itself when a seat becomes empty. Ask again after one was rejected, "
            "declined, or impossible: without some people, or for a little less."
        ),
        request=ReplacementInput,
        responses={202: RecruiterReplacementOutput},
        parameters=[OpenApiParameter("Location", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[202])],
        examples=[
            OpenApiExample("For less", {"engagement": "eng_01jd9zt8e5f0h4m2q6r8s0v2x4", "repair": 0}, request_only=True)
        ],
    )
    def create(self, request: Request) -> Response:
        body = self.read(ReplacementInput)
        engagement = Engagement.objects.visible_to(self.actor).filter(pk=body.pop("engagement")).first()
        if engagement is None:
            raise NotFound("not_found", _("There is no such engagement, or it is not yours to see."))
        made = requests.again(engagement=engagement, actor=self.actor, **body)
        return self._show(self.get_queryset().get(pk=made.pk), status=202)

    @extend_schema(
        operation_id="replacements_approve",
        summary="Approve one of the options as it was seen",
        description=(
            "Where it changes what the client accepted (cost, seats, who leaves, dates, terms) the client is asked; "
            "else it is applied at once. 409 `engagement_changed`, `members_changed` or `people_not_free` means that "
            "things have moved on: nothing is applied, and a fresh replacement is looked for."
        ),
        request=ReplacementApprovalInput,
        responses=RecruiterReplacementOutput,
        examples=[OpenApiExample("The first", {"reason_code": "least_disturbance"}, request_only=True)],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        body = self.read(ReplacementApprovalInput)
        seen = etags.expected_version(request)
        decisions.approve(replacement=row, seen_version=seen, actor=self.actor, **body)
        return self._show(self.get_object())

    @extend_schema(
        operation_id="replacements_reject",
        summary="Reject what was found as it was seen",
        request=ReplacementRejectionInput,
        responses=RecruiterReplacementOutput,
        examples=[OpenApiExample("Reject", {"reason_code": "too_disturbing"}, request_only=True)],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        body = self.read(ReplacementRejectionInput)
        decisions.reject(replacement=row, seen_version=etags.expected_version(request), actor=self.actor, **body)
        return self._show(self.get_object())

    @extend_schema(
        operation_id="replacements_confirm",
        summary="Accept a replacement as it was seen",
        description=(
            "The newcomers are asked and their hours held, all or nobody's. 409 as in approval, or "
            "`replacement_expired`; 412 when it is no longer what was seen."
        ),
        request=ReplacementConfirmationInput,
        responses=RecruiterReplacementOutput,
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        self.read(ReplacementConfirmationInput)
        decisions.confirm(replacement=row, seen_version=etags.expected_version(request), actor=self.actor)
        return self._show(self.get_object())

    @extend_schema(
        operation_id="replacements_decline",
        summary="Decline a replacement as it was seen",
        request=ReplacementDeclineInput,
        responses=RecruiterReplacementOutput,
        examples=[OpenApiExample("Too dear", {"reason_code": "cost"}, request_only=True)],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        body = self.read(ReplacementDeclineInput)
        decisions.decline(replacement=row, seen_version=etags.expected_version(request), actor=self.actor, **body)
        return self._show(self.get_object())

    @extend_schema(
        operation_id="replacements_proof",
        summary="Check again that nothing disturbs the cell less",
        description="From the stored inputs: each lesser disturbance is refuted anew, and the bound recomputed.",
        responses={
            200: ReplacementProofOutput,
            (409, "application/problem+json"): {"$ref": "#/components/schemas/Problem"},
        },
        parameters=[OpenApiParameter("option", OpenApiTypes.INT, description="Which of the options")],
    )
    @action(detail=True, methods=["get"])
    def proof(self, request: Request, pk: str) -> Response:
        option = self.read_query(OptionQuery)["option"]
        return self.show(ReplacementProofOutput, proofs.recheck(replacement=self.get_object(), option=option))

    def _show(self, row: Replacement, status: int = 200) -> Response:
        staff = self.actor.may(Permission.READ_SUPPLY)
        shape = RecruiterReplacementOutput if staff else ClientReplacementOutput
        context = {**self.get_serializer_context(), "staff": staff, "people": people_of(row) if staff else {}}
        headers = {"ETag": etags.tag(row)}
        if status == 202:
            headers["Location"] = f"/api/v1/replacements/{row.public_id}"
        return Response(shape(row, context=context).data, status=status, headers=headers)

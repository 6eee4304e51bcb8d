"""Milestones of an engagement."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.clients.api.lifecycle_filters import MilestoneFilter
from marketplace.clients.api.serializers.milestones import (
    MilestoneDeliveryInput,
    MilestoneInput,
    MilestoneOutput,
    MilestonePatch,
    MilestoneRejectionInput,
)
from marketplace.clients.api.views.found import found
from marketplace.clients.models import Engagement, Milestone
from marketplace.clients.services import milestones
from marketplace.rest import etags
from marketplace.rest.viewsets import ScopedViewSet

_IF_MATCH = {"x-if-match": True}


class MilestoneViewSet(ScopedViewSet):
    """What is to be delivered by when, and whether the client took it."""

    model = Milestone
    filterset_class = MilestoneFilter
    schema_tags = ("milestones",)
    permissions = {
        "list": Permission.READ_ENGAGEMENTS,
        "retrieve": Permission.READ_ENGAGEMENTS,
        "create": Permission.MANAGE_ENGAGEMENTS,
        "partial_update": Permission.MANAGE_ENGAGEMENTS,
        "destroy": Permission.MANAGE_ENGAGEMENTS,
        "deliver": Permission.DELIVER_MILESTONES,
        "accept": Permission.DECIDE_MILESTONES,
        "reject": Permission.DECIDE_MILESTONES,
    }

    @extend_schema(
        operation_id="milestones_list",
        summary="List milestones, newest first",
        description="Their place in an engagement is `position`. `late=true` finds those whose day has passed.",
        responses=MilestoneOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(MilestoneOutput, self.get_queryset())

    @extend_schema(operation_id="milestones_retrieve", summary="See a milestone", responses=MilestoneOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(MilestoneOutput, self.get_object())

    @extend_schema(
        operation_id="milestones_create",
        summary="Plan a milestone",
        request=MilestoneInput,
        responses={201: MilestoneOutput},
        examples=[
            OpenApiExample(
                "A first batch",
                {
                    "engagement": "eng_01jd9zt8e5f0h4m2q6r8s0v2x4",
                    "title": "Reconciliation batch in Java",
                    "acceptance_criteria": "Two month ends run in parallel without a difference.",
                    "due_on": "2027-03-31",
                },
                request_only=True,
            )
        ],
    )
    def create(self, request: Request) -> Response:
        fields = self.read(MilestoneInput)
        engagement = found(Engagement, self.actor, fields.pop("engagement"))
        row = milestones.plan(engagement=engagement, actor=self.actor, **fields)
        return self.show(MilestoneOutput, row, status=201, location=f"/api/v1/milestones/{row.public_id}")

    @extend_schema(
        operation_id="milestones_update",
        summary="Change or move a milestone that is not delivered",
        request=MilestonePatch,
        responses=MilestoneOutput,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        fields = self.read(MilestonePatch)
        return self.show(MilestoneOutput, milestones.edit(milestone=row, version=version, actor=self.actor, **fields))

    @extend_schema(
        operation_id="milestones_delete",
        summary="Take a planned milestone out of the list",
        responses={204: None},
        extensions=_IF_MATCH,
    )
    def destroy(self, request: Request, pk: str) -> Response:
        milestones.drop(milestone=self.get_object(), version=etags.expected_version(request), actor=self.actor)
        return Response(status=204)

    @extend_schema(
        operation_id="milestones_deliver",
        summary="Say that a milestone is done",
        description="By somebody who works in the engagement, or a recruiter; again after the client sent it back.",
        request=MilestoneDeliveryInput,
        responses=MilestoneOutput,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        fields = self.read(MilestoneDeliveryInput)
        return self.show(
            MilestoneOutput, milestones.deliver(milestone=row, version=version, actor=self.actor, **fields)
        )

    @extend_schema(
        operation_id="milestones_accept",
        summary="Take what was delivered",
        request=None,
        responses=MilestoneOutput,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        return self.show(MilestoneOutput, milestones.accept(milestone=row, version=version, actor=self.actor))

    @extend_schema(
        operation_id="milestones_reject",
        summary="Send back what was delivered, with what is missing",
        request=MilestoneRejectionInput,
        responses=MilestoneOutput,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        fields = self.read(MilestoneRejectionInput)
        return self.show(MilestoneOutput, milestones.reject(milestone=row, version=version, actor=self.actor, **fields))

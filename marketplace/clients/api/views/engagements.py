"""Engagements: what came of an accepted cell."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from marketplace.accounts.permissions import Permission, Role
from marketplace.clients.api.filters import EngagementFilter
from marketplace.clients.api.serializers.engagements import (
    EngagementOutput,
    EngagementSummary,
    OwnEngagementOutput,
    TerminationInput,
)
from marketplace.clients.models import Engagement
from marketplace.clients.services import engagements
from marketplace.rest import etags
from marketplace.rest.viewsets import ScopedViewSet
from profiles.models import Professional

_EITHER = PolymorphicProxySerializer(
    component_name="EngagementDetail",
    serializers=[EngagementOutput, OwnEngagementOutput],
    resource_type_field_name=None,
)
_IF_MATCH = {"x-if-match": True}


class EngagementViewSet(ScopedViewSet):
    """What came of an accepted cell: who works in which seat, on the terms that were accepted."""

    model = Engagement
    filterset_class = EngagementFilter
    schema_tags = ("engagements",)
    permissions = {
        "list": Permission.READ_ENGAGEMENTS,
        "retrieve": Permission.READ_ENGAGEMENTS,
        "confirm": Permission.CONFIRM_PLACEMENTS,
        "start": Permission.MANAGE_ENGAGEMENTS,
        "complete": Permission.MANAGE_ENGAGEMENTS,
        "terminate": Permission.MANAGE_ENGAGEMENTS,
    }

    @extend_schema(
        operation_id="engagements_list",
        summary="List engagements, newest first",
        responses=EngagementSummary(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(EngagementSummary, self.get_queryset().select_related("organization", "project"))

    @extend_schema(
        operation_id="engagements_retrieve",
        summary="See an engagement with its placements",
        description="A professional sees their own placement only, and no total.",
        responses=_EITHER,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(
        operation_id="engagements_confirm",
        summary="Say yes to a placement",
        description="A professional confirms their own; a recruiter records the yes of everybody still held.",
        request=None,
        responses=_EITHER,
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        mine = None
        if self.actor.role == Role.PROFESSIONAL:
            mine = Professional.objects.visible_to(self.actor).get()
        return self._show(engagements.confirm(engagement=self.get_object(), professional=mine, actor=self.actor))

    @extend_schema(
        operation_id="engagements_start",
        summary="Begin the work once everybody has confirmed",
        request=None,
        responses=_EITHER,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        return self._show(engagements.start(engagement=row, version=version, actor=self.actor))

    @extend_schema(
        operation_id="engagements_complete",
        summary="End the work as done",
        request=None,
        responses=_EITHER,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        return self._show(engagements.complete(engagement=row, version=version, actor=self.actor))

    @extend_schema(
        operation_id="engagements_terminate",
        summary="End the work before it is done",
        description="Hours from today on are given back to the people, and the project is canceled.",
        request=TerminationInput,
        responses=_EITHER,
        extensions=_IF_MATCH,
        examples=[OpenApiExample("The client's decision", {"reason_code": "client_decision"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def terminate(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        fields = self.read(TerminationInput)
        return self._show(engagements.terminate(engagement=row, version=version, actor=self.actor, **fields))

    def _show(self, engagement: Engagement, **options: Any) -> Response:
        detailed = Engagement.objects.visible_to(self.actor).with_placements(self.actor).get(pk=engagement.pk)
        own = self.actor.role == Role.PROFESSIONAL
        form: type[BaseSerializer[Any]] = OwnEngagementOutput if own else EngagementOutput
        return self.show(form, detailed, **options)

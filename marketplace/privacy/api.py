"""Data rights over HTTP: the person asks, an operator answers."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from marketplace.accounts.permissions import Permission
from marketplace.kernel.errors import NotFound
from marketplace.privacy.models import PrivacyRequest, RequestKind
from marketplace.privacy.services import export, requests
from marketplace.privacy.states import RequestStatus
from marketplace.rest import etags
from marketplace.rest.fields import IdField, StrictSerializer
from marketplace.rest.viewsets import ScopedViewSet
from profiles.models import Professional

_IF_MATCH = {"x-if-match": True}


class PrivacyRequestInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=RequestKind.choices)
    note = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class RefusalInput(StrictSerializer):
    reason_code = serializers.CharField(max_length=48, help_text=f"One of {', '.join(requests.REFUSAL_REASONS)}")


class PrivacyRequestOutput(serializers.Serializer[Any]):
    """`outcome` says what an erasure did, in counts and names of columns."""

    id = IdField(PrivacyRequest.prefix)
    professional = IdField(Professional.prefix, source="professional_id")
    kind = serializers.ChoiceField(choices=RequestKind.choices)
    status = serializers.ChoiceField(choices=RequestStatus.choices)
    note = serializers.CharField()
    due_on = serializers.DateField(help_text="the last day to answer")
    decided_at = serializers.DateTimeField(allow_null=True)
    refusal_reason = serializers.CharField()
    outcome = serializers.DictField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class PersonalDataOutput(serializers.Serializer[Any]):
    """Rows by table, and for each personal column what it is for, on which basis, and for how long it is kept."""

    format = serializers.CharField()
    professional = serializers.CharField()
    identifiers = serializers.DictField(child=serializers.CharField())
    tables = serializers.DictField(child=serializers.ListField(child=serializers.DictField()))
    purposes = serializers.DictField(child=serializers.DictField())


class PrivacyRequestFilter(filters.FilterSet):
    kind = filters.MultipleChoiceFilter(choices=RequestKind.choices, label="What is asked for")
    status = filters.MultipleChoiceFilter(choices=RequestStatus.choices, label="Where it stands")
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lt", label="To be answered before this day")


class PrivacyRequestViewSet(ScopedViewSet):
    """What somebody asks about their own data: to see it, to have it used no more, to have it erased."""

    model = PrivacyRequest
    filterset_class = PrivacyRequestFilter
    schema_tags = ("privacy",)
    permissions = {
        "list": Permission.READ_PRIVACY,
        "retrieve": Permission.READ_PRIVACY,
        "create": Permission.FILE_PRIVACY,
        "withdraw": Permission.FILE_PRIVACY,
        "export": Permission.FILE_PRIVACY,
        "fulfil": Permission.DECIDE_PRIVACY,
        "refuse": Permission.DECIDE_PRIVACY,
    }

    @extend_schema(
        operation_id="privacy_requests_list",
        summary="List requests about personal data, newest first",
        responses=PrivacyRequestOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(PrivacyRequestOutput, self.get_queryset())

    @extend_schema(operation_id="privacy_requests_retrieve", summary="See one request", responses=PrivacyRequestOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(PrivacyRequestOutput, self.get_object())

    @extend_schema(
        operation_id="privacy_requests_create",
        summary="Ask to see your data, to have it used no more, or to have it erased",
        description="Answered within twenty business days of Mexico. To correct something, change your profile.",
        request=PrivacyRequestInput,
        responses={201: PrivacyRequestOutput},
        examples=[OpenApiExample("Everything that is kept", {"kind": "access"}, request_only=True)],
        parameters=[
            OpenApiParameter("Location", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[201], description="It")
        ],
    )
    def create(self, request: Request) -> Response:
        mine = Professional.objects.visible_to(self.actor).first()
        if mine is None:
            raise NotFound("not_found", requests.NO_PROFILE)
        row = requests.file(professional=mine, actor=self.actor, **self.read(PrivacyRequestInput))
        return self.show(PrivacyRequestOutput, row, status=201, location=f"/api/v1/privacy-requests/{row.public_id}")

    @extend_schema(
        operation_id="privacy_requests_withdraw",
        summary="Take your own request back before it is decided",
        request=None,
        responses=PrivacyRequestOutput,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self.show(PrivacyRequestOutput, requests.withdraw(request=self.get_object(), actor=self.actor))

    @extend_schema(
        operation_id="privacy_requests_export",
        summary="Read everything that is kept about you",
        description="Once a request of the kind `access` is fulfilled. The reading is written to the audit log.",
        responses=PersonalDataOutput,
    )
    @action(detail=True, methods=["get"])
    def export(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        requests.require_readable(row)
        found = export.everything_about(professional=row.professional, actor=self.actor)
        return Response(PersonalDataOutput(found).data, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="privacy_requests_fulfil",
        summary="Do what is asked",
        description="An erasure takes two calls: the first blocks the person, the second erases what is blocked.",
        request=None,
        responses=PrivacyRequestOutput,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def fulfil(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        return self.show(PrivacyRequestOutput, requests.fulfil(request=row, version=version, actor=self.actor))

    @extend_schema(
        operation_id="privacy_requests_refuse",
        summary="Refuse with a reason of the law",
        request=RefusalInput,
        responses=PrivacyRequestOutput,
        extensions=_IF_MATCH,
        examples=[OpenApiExample("Who is it?", {"reason_code": "identity_not_shown"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        given = self.read(RefusalInput)
        return self.show(PrivacyRequestOutput, requests.refuse(request=row, version=version, actor=self.actor, **given))


router = SimpleRouter(trailing_slash=False)
router.register("privacy-requests", PrivacyRequestViewSet, basename="privacy-request")

urlpatterns = router.urls

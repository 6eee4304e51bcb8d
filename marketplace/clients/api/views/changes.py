"""What changes while an engagement runs: pauses, new terms with everybody's yes, and leave."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from marketplace.accounts.permissions import Permission, Role
from marketplace.clients.api.lifecycle_filters import ChangeFilter, LeaveFilter
from marketplace.clients.api.serializers.changes import (
    ChangeAnswerInput,
    ChangeDeclineInput,
    ChangeOutput,
    ChangeSummary,
    EngagementChangeInput,
    LeaveInput,
    LeaveOutput,
    LeaveSummary,
    OwnChangeOutput,
    PauseInput,
    PauseOutput,
)
from marketplace.clients.api.serializers.engagements import EngagementSummary
from marketplace.clients.api.views.found import found
from marketplace.clients.models import Engagement, EngagementChange, Leave, Placement
from marketplace.clients.services import changes, leaves, pauses
from marketplace.rest import etags
from marketplace.rest.viewsets import ScopedViewSet

_CHANGE = PolymorphicProxySerializer(
    component_name="EngagementChangeDetail",
    serializers=[ChangeOutput, OwnChangeOutput],
    resource_type_field_name=None,
)
_LEAVE = PolymorphicProxySerializer(
    component_name="LeaveDetail", serializers=[LeaveOutput, LeaveSummary], resource_type_field_name=None
)
_LEAVES = PolymorphicProxySerializer(
    component_name="LeaveEntry", serializers=[LeaveOutput, LeaveSummary], resource_type_field_name=None, many=True
)
_IF_MATCH = {"x-if-match": True}


class EngagementPauseViewSet(ScopedViewSet):
    """The work rests for a while, and goes on with everybody or not at all."""

    model = Engagement
    schema_tags = ("engagements",)
    permissions = {
        "pause": Permission.MANAGE_ENGAGEMENTS,
        "resume": Permission.MANAGE_ENGAGEMENTS,
        "pauses": Permission.READ_ENGAGEMENTS,
    }

    @extend_schema(
        operation_id="engagements_pause",
        summary="Let the work rest from a day on",
        description=(
            f"Everybody's hours stay held for {pauses.HOURS_KEPT_FOR.days} days from the first day of rest; after that "
            "they are free for other work. The end of the engagement stays as it is: ask for an extension if need be."
        ),
        request=PauseInput,
        responses=EngagementSummary,
        extensions=_IF_MATCH,
        examples=[OpenApiExample("The client waits for access", {"reason_code": "waiting_for_access"})],
    )
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        fields = self.read(PauseInput)
        return self._show(pauses.pause(engagement=row, version=version, actor=self.actor, **fields))

    @extend_schema(
        operation_id="engagements_resume",
        summary="Go on with the work, or call off a pause that has not begun",
        description=(
            "Everybody's hours are booked again from today, or nobody's: 409 `people_not_free` names who has other "
            "work by now and in which weeks."
        ),
        request=None,
        responses=EngagementSummary,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        return self._show(pauses.resume(engagement=row, version=version, actor=self.actor))

    @extend_schema(
        operation_id="engagements_pauses",
        summary="See the pauses of an engagement, the last one first",
        responses=PauseOutput(many=True),
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def pauses(self, request: Request, pk: str) -> Response:
        rows = self.get_object().pauses.order_by("-pk")
        return Response(PauseOutput(rows, many=True).data)

    def _show(self, engagement: Engagement) -> Response:
        return self.show(
            EngagementSummary, Engagement.objects.select_related("organization", "project").get(pk=engagement.pk)
        )


class EngagementChangeViewSet(ScopedViewSet):
    """New terms that somebody asks for, and the answers of everybody whom they concern."""

    model = EngagementChange
    filterset_class = ChangeFilter
    schema_tags = ("engagement changes",)
    permissions = {
        "list": Permission.READ_ENGAGEMENTS,
        "retrieve": Permission.READ_ENGAGEMENTS,
        "create": Permission.CHANGE_ENGAGEMENTS,
        "accept": Permission.CHANGE_ENGAGEMENTS,
        "decline": Permission.CHANGE_ENGAGEMENTS,
        "withdraw": Permission.CHANGE_ENGAGEMENTS,
    }

    @extend_schema(
        operation_id="engagement_changes_list",
        summary="List changes, newest first",
        description="A professional sees those that ask for their own yes.",
        responses=ChangeSummary(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(ChangeSummary, self.get_queryset())

    @extend_schema(
        operation_id="engagement_changes_retrieve", summary="See a change with its answers", responses=_CHANGE
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(
        operation_id="engagement_changes_create",
        summary="Ask for new terms",
        description=(
            "An extension or an earlier end concerns the client and every member, other hours the client and that "
            "member; a professional can ask for other hours of their own. What is impossible now is refused with 409 "
            "`people_not_free`, naming people and weeks. Nothing changes before everybody has said yes; the cost "
            "follows from the frozen rates."
        ),
        request=EngagementChangeInput,
        responses={201: _CHANGE},
        examples=[
            OpenApiExample(
                "Three months more",
                {
                    "engagement": "eng_01jd9zt8e5f0h4m2q6r8s0v2x4",
                    "kind": "extension",
                    "reason_code": "scope",
                    "ends_on": "2027-09-30",
                },
                request_only=True,
            )
        ],
    )
    def create(self, request: Request) -> Response:
        fields = self.read(EngagementChangeInput)
        engagement = found(Engagement, self.actor, fields.pop("engagement"))
        asked = changes.Asked(placement_id=fields.pop("placement", None), **fields)
        change = changes.request(engagement=engagement, asked=asked, actor=self.actor)
        return self._show(change, status=201, location=f"/api/v1/engagement-changes/{change.public_id}")

    @extend_schema(
        operation_id="engagement_changes_accept",
        summary="Say yes to new terms",
        description=(
            "The last yes applies them: hours for everybody, or 409 `people_not_free` and the yes is not kept. A "
            "recruiter names the placement whose professional has said yes to them."
        ),
        request=ChangeAnswerInput,
        responses=_CHANGE,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        placement = self.read(ChangeAnswerInput).get("placement")
        return self._show(changes.accept(change=row, version=version, placement_id=placement, actor=self.actor))

    @extend_schema(
        operation_id="engagement_changes_decline",
        summary="Say no to new terms",
        request=ChangeDeclineInput,
        responses=_CHANGE,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        fields = self.read(ChangeDeclineInput)
        fields["placement_id"] = fields.pop("placement", None)
        return self._show(changes.decline(change=row, version=version, actor=self.actor, **fields))

    @extend_schema(
        operation_id="engagement_changes_withdraw",
        summary="Take back what one's own side has asked for",
        request=None,
        responses=_CHANGE,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        return self._show(changes.withdraw(change=row, version=version, actor=self.actor))

    def _show(self, change: EngagementChange, **options: Any) -> Response:
        detailed = EngagementChange.objects.visible_to(self.actor).with_answers(self.actor).get(pk=change.pk)
        own = self.actor.role == Role.PROFESSIONAL
        form: type[BaseSerializer[Any]] = OwnChangeOutput if own else ChangeOutput
        return self.show(form, detailed, **options)


class LeaveViewSet(ScopedViewSet):
    """Days on which somebody is away from their seat."""

    model = Leave
    filterset_class = LeaveFilter
    schema_tags = ("leaves",)
    permissions = {
        "list": Permission.READ_ENGAGEMENTS,
        "retrieve": Permission.READ_ENGAGEMENTS,
        "create": Permission.CONFIRM_PLACEMENTS,
        "cancel": Permission.CONFIRM_PLACEMENTS,
        "vacate": Permission.VACATE_PLACEMENTS,
    }

    @extend_schema(
        operation_id="leaves_list",
        summary="List leave, newest first",
        description="The client sees who is away when, never why.",
        responses=_LEAVES,
    )
    def list(self, request: Request) -> Response:
        return self.show_page(self._form(), self.get_queryset().select_related("placement"))

    @extend_schema(operation_id="leaves_retrieve", summary="See a leave", responses=_LEAVE)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(
        operation_id="leaves_create",
        summary="Take leave from a placement",
        description="The hours of these days are given back and the client is told. A recruiter may record it.",
        request=LeaveInput,
        responses={201: LeaveOutput},
        examples=[
            OpenApiExample(
                "A week in August",
                {
                    "placement": "place_01jd9zt8e5f0h4m2q6r8s0v2x4",
                    "starts_on": "2027-08-09",
                    "ends_on": "2027-08-13",
                    "reason_kind": "vacation",
                },
                request_only=True,
            )
        ],
    )
    def create(self, request: Request) -> Response:
        fields = self.read(LeaveInput)
        placement = found(Placement, self.actor, fields.pop("placement"))
        leave = leaves.ask(placement=placement, actor=self.actor, **fields)
        return self._show(leave, status=201, location=f"/api/v1/leaves/{leave.public_id}")

    @extend_schema(
        operation_id="leaves_cancel",
        summary="Call a leave off, or come back early",
        description="The hours from today or the first day on are booked again, or 409 `people_not_free`.",
        request=None,
        responses=LeaveOutput,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        return self._show(leaves.cancel(leave=row, version=version, actor=self.actor))

    @extend_schema(
        operation_id="leaves_vacate",
        summary="Seek somebody else for the seat during a long leave",
        description=f"For leave of {leaves.LONG_DAYS} days or more: the placement ends on its first day.",
        request=None,
        responses=LeaveOutput,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def vacate(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        leaves.vacate(leave=row, version=version, actor=self.actor)
        return self._show(row)

    def _form(self) -> type[BaseSerializer[Any]]:
        knows_why = self.actor.is_staff_side or self.actor.role == Role.PROFESSIONAL
        return LeaveOutput if knows_why else LeaveSummary

    def _show(self, leave: Leave, **options: Any) -> Response:
        row = Leave.objects.visible_to(self.actor).select_related("placement").get(pk=leave.pk)
        return self.show(self._form(), row, **options)

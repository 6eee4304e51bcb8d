"""Invitations: each person of an accepted cell is asked, and answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.throttling import BaseThrottle

from marketplace.accounts.permissions import Permission, Role
from marketplace.clients.api.filters import InvitationFilter
from marketplace.clients.api.serializers.invitations import (
    DeclineInvitationInput,
    InvitationAnswerInput,
    InvitationOutput,
    InvitationSummary,
    InvitationTokenInput,
    NoInput,
    RecruiterInvitationOutput,
    RecruiterInvitationSummary,
)
from marketplace.clients.models import Invitation
from marketplace.clients.services import invitations
from marketplace.rest import etags
from marketplace.rest.scope import caller
from marketplace.rest.throttling import SteadyRate
from marketplace.rest.viewsets import ScopedViewSet

_EITHER = PolymorphicProxySerializer(
    component_name="InvitationDetail",
    serializers=[InvitationOutput, RecruiterInvitationOutput],
    resource_type_field_name=None,
)
_IF_MATCH = {"x-if-match": True}
_TOKEN = "5f0c9d4e7a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5"
_BY_LINK = frozenset({"answer", "preview"})


class HoldsLink(BasePermission):
    """Nobody in particular, since the link says who it is; or somebody who may answer invitations."""

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = caller(request)
        return actor is None or actor.may(Permission.CONFIRM_PLACEMENTS)


class LinkRate(SteadyRate):
    """Few are enough for a person with a link, and of no use to whoever guesses; counted apart from other requests."""

    per_minute = anonymous_per_minute = 40

    def get_ident(self, request: Request) -> str:
        return f"link:{super().get_ident(request)}"


class InvitationViewSet(ScopedViewSet):
    """Who of an accepted cell is asked, until when, and what they said."""

    model = Invitation
    filterset_class = InvitationFilter
    schema_tags = ("invitations",)
    repeatable = frozenset({"preview"})
    permissions = {
        "list": Permission.CONFIRM_PLACEMENTS,
        "retrieve": Permission.CONFIRM_PLACEMENTS,
        "accept": Permission.CONFIRM_PLACEMENTS,
        "decline": Permission.CONFIRM_PLACEMENTS,
    }

    def get_permissions(self) -> Any:
        return [HoldsLink()] if self.action in _BY_LINK else super().get_permissions()

    def get_throttles(self) -> list[BaseThrottle]:
        return [*super().get_throttles(), LinkRate()] if self.action in _BY_LINK else super().get_throttles()

    @extend_schema(
        operation_id="invitations_list",
        summary="List invitations, newest first",
        description="A professional's own; recruiters see everybody's, and who is asked.",
        responses=InvitationSummary(many=True),
    )
    def list(self, request: Request) -> Response:
        own = self.actor.role == Role.PROFESSIONAL
        form: type[BaseSerializer[Any]] = InvitationSummary if own else RecruiterInvitationSummary
        return self.show_page(form, Invitation.objects.visible_to(self.actor).with_terms())

    @extend_schema(
        operation_id="invitations_retrieve",
        summary="See what one is invited to, and on which terms",
        responses=_EITHER,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(
        operation_id="invitations_accept",
        summary="Say yes",
        description=(
            "As the invited person, or as the recruiter who was told so. The last yes opens the engagement. Saying yes "
            "again changes nothing; 409 `already_answered`, `invitation_expired` or `invitation_withdrawn` otherwise."
        ),
        request=NoInput,
        responses=_EITHER,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        self.read(NoInput)
        return self._show(invitations.accept(invitation=row, version=version, actor=self.actor))

    @extend_schema(
        operation_id="invitations_decline",
        summary="Say no, with a reason",
        description="The hours are free at once. The client learns that the answer is no, never why.",
        request=DeclineInvitationInput,
        responses=_EITHER,
        extensions=_IF_MATCH,
        examples=[OpenApiExample("Other work", {"reason_code": "other_work"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        fields = self.read(DeclineInvitationInput)
        return self._show(invitations.decline(invitation=row, version=version, actor=self.actor, **fields))

    @extend_schema(
        operation_id="invitations_preview",
        summary="See an invitation by the link of its e-mail",
        description="Needs no session; one that is sent must be the invited person's.",
        request=InvitationTokenInput,
        responses=InvitationOutput,
        auth=[],
        examples=[OpenApiExample("From the link", {"token": _TOKEN}, request_only=True)],
    )
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        fields = self.read(InvitationTokenInput)
        return self.show(InvitationOutput, invitations.find(actor=self.actor, **fields))

    @extend_schema(
        operation_id="invitations_answer",
        summary="Answer an invitation by the link of its e-mail",
        description=(
            "Needs no session; one that is sent must be the invited person's. The same answer again gives the same "
            "state, another one 409 `already_answered`; after the deadline 409 `invitation_expired`."
        ),
        request=InvitationAnswerInput,
        responses=InvitationOutput,
        auth=[],
        examples=[
            OpenApiExample("Yes", {"token": _TOKEN, "answer": "accept"}, request_only=True),
            OpenApiExample("No", {"token": _TOKEN, "answer": "decline", "reason_code": "dates"}, request_only=True),
        ],
    )
    @action(detail=False, methods=["post"])
    def answer(self, request: Request) -> Response:
        fields = self.read(InvitationAnswerInput)
        row = invitations.answer(actor=self.actor, **fields)
        return self.show(InvitationOutput, Invitation.objects.with_terms().get(pk=row.pk))

    def _show(self, invitation: Invitation) -> Response:
        own = self.actor.role == Role.PROFESSIONAL
        form: type[BaseSerializer[Any]] = InvitationOutput if own else RecruiterInvitationOutput
        return self.show(form, Invitation.objects.visible_to(self.actor).with_terms().get(pk=invitation.pk))

"""Organizations, their keys and their members."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.models import ApiKey, User
from marketplace.accounts.permissions import Permission
from marketplace.clients.api.serializers.organizations import (
    KeyInput,
    KeyOutput,
    MemberInput,
    MemberOutput,
    NewKeyOutput,
    OrganizationOutput,
)
from marketplace.clients.models import Membership, Organization
from marketplace.clients.services import organizations
from marketplace.kernel import identifiers
from marketplace.kernel.errors import NotFound
from marketplace.rest.pagination import CursorPagination
from marketplace.rest.viewsets import ScopedViewSet

_ID = r"[0-9a-z]{26}"
ORGANIZATION_PATH = rf"organizations/(?P<organization>org_{_ID})"
_ORGANIZATION = OpenApiParameter("organization", OpenApiTypes.STR, OpenApiParameter.PATH)


class OrganizationViewSet(ScopedViewSet):
    """The firms that post projects."""

    model = Organization
    schema_tags = ("organizations",)
    permissions = {"list": Permission.READ_PROJECTS, "retrieve": Permission.READ_PROJECTS}

    @extend_schema(
        operation_id="organizations_list",
        summary="List the organizations that you act for",
        responses=OrganizationOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(OrganizationOutput, self.get_queryset())

    @extend_schema(operation_id="organizations_retrieve", summary="See an organization", responses=OrganizationOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(OrganizationOutput, self.get_object())


class PartOfOrganization(ScopedViewSet):
    """What belongs to one organization, which must be visible to the actor."""

    filter_backends = ()  # type: ignore[assignment]

    def organization(self, *, administrators_only: bool = True) -> Organization:
        key = identifiers.decode(Organization.prefix, self.kwargs["organization"])
        row: Organization | None = Organization.objects.visible_to(self.actor).filter(pk=key).first()
        if row is None:
            raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
        if administrators_only:
            organizations.require_administrator(organization=row, actor=self.actor)
        return row


@extend_schema(parameters=[_ORGANIZATION])
class OrganizationKeyViewSet(PartOfOrganization):
    """Keys with which an organization's systems come in; for its administrators only."""

    model = ApiKey
    schema_tags = ("organizations",)
    permissions = dict.fromkeys(("list", "create", "rotate", "revoke"), Permission.MANAGE_KEYS)

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return ApiKey.objects.none()
        return ApiKey.objects.of_organization(self.organization().pk)

    @extend_schema(operation_id="organization_keys_list", summary="List the keys", responses=KeyOutput(many=True))
    def list(self, request: Request, organization: str) -> Response:
        return self.show_page(KeyOutput, self.get_queryset())

    @extend_schema(
        operation_id="organization_keys_create",
        summary="Make a key; its text is shown this once",
        request=KeyInput,
        responses={201: NewKeyOutput},
        examples=[
            OpenApiExample(
                "For an applicant-tracking system",
                {"name": "Procurement sync", "scopes": ["projects:read", "projects:write", "events:read"]},
                request_only=True,
            )
        ],
    )
    def create(self, request: Request, organization: str) -> Response:
        key, text = organizations.create_key(organization=self.organization(), actor=self.actor, **self.read(KeyInput))
        return self._show_new(key, text)

    @extend_schema(
        operation_id="organization_keys_rotate",
        summary="Replace a key by a new one; the old works for another day",
        request=None,
        responses={201: NewKeyOutput},
    )
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, organization: str, pk: str) -> Response:
        key, text = organizations.rotate_key(organization=self.organization(), key=self.get_object(), actor=self.actor)
        return self._show_new(key, text)

    @extend_schema(
        operation_id="organization_keys_revoke", summary="End a key at once", request=None, responses=KeyOutput
    )
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, organization: str, pk: str) -> Response:
        revoked = organizations.revoke_key(organization=self.organization(), key=self.get_object(), actor=self.actor)
        return self.show(KeyOutput, revoked)

    def _show_new(self, key: ApiKey, text: str) -> Response:
        return Response(NewKeyOutput({"key": key, "secret": text}).data, status=201)


class _ByKey(CursorPagination):
    ordering = ("id",)


@extend_schema(parameters=[_ORGANIZATION])
class OrganizationMemberViewSet(PartOfOrganization):
    """People who act for an organization. Members see each other, administrators decide who they are."""

    model = Membership  # type: ignore[assignment]
    pagination_class = _ByKey
    schema_tags = ("organizations",)
    permissions = dict.fromkeys(("list", "create", "destroy"), Permission.MANAGE_MEMBERS)
    lookup_url_kwarg = "user"

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return Membership.objects.none()
        organization = self.organization(administrators_only=False)
        return organization.memberships.select_related("user")

    @extend_schema(
        operation_id="organization_members_list", summary="List the members", responses=MemberOutput(many=True)
    )
    def list(self, request: Request, organization: str) -> Response:
        return self.show_page(MemberOutput, self.get_queryset())

    @extend_schema(
        operation_id="organization_members_add",
        summary="Make somebody a member, or change their role",
        description="An account is made where the address has none; its owner sets the password by e-mail.",
        request=MemberInput,
        responses={201: MemberOutput},
        examples=[OpenApiExample("A member", {"email": "pat@bank.example", "role": "member"}, request_only=True)],
    )
    def create(self, request: Request, organization: str) -> Response:
        membership = organizations.add_member(
            organization=self.organization(), actor=self.actor, **self.read(MemberInput)
        )
        return self.show(MemberOutput, membership, status=201)

    @extend_schema(
        operation_id="organization_members_remove",
        summary="End a membership",
        parameters=[OpenApiParameter("user", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses={204: None},
    )
    def destroy(self, request: Request, organization: str, user: str) -> Response:
        self.organization()
        key = identifiers.decode(User.prefix, user)
        membership = self.get_queryset().filter(user_id=key).first()
        if membership is None:
            raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
        organizations.remove_member(membership=membership, actor=self.actor)
        return Response(status=204)

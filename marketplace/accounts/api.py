"""Who am I: the first thing an integration asks."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiKey, Language
from marketplace.accounts.permissions import ROLES, Permission, Role
from marketplace.rest.viewsets import ScopedViewSet


class MeOutput(serializers.Serializer[Actor]):
    """``permissions`` are what this session or key may do, by the names that keys call scopes."""

    id = serializers.CharField(source="principal")
    kind = serializers.ChoiceField(choices=["user", "key"])
    role = serializers.ChoiceField(choices=Role.choices)
    email = serializers.CharField(allow_null=True)
    language = serializers.ChoiceField(choices=Language.choices, allow_null=True)
    live = serializers.BooleanField(help_text="false for test keys")
    expires_at = serializers.DateTimeField(allow_null=True)
    permissions = serializers.ListField(child=serializers.CharField())


def _describe(actor: Actor) -> dict[str, Any]:
    user, key = actor.user, actor.key
    return {
        "principal": actor.principal,
        "kind": "user" if user else "key",
        "role": actor.role,
        "email": user.email if user else None,
        "language": user.language if user else None,
        "live": key.live if key else True,
        "expires_at": key.expires_at if key else None,
        "permissions": sorted(ROLES[user.role] if user else key.scopes if key else ()),
    }


class Me(ScopedViewSet):
    model = ApiKey
    permissions = {"retrieve": Permission.READ_SELF}
    serializer_class = MeOutput
    schema_tags = ("me",)

    @extend_schema(operation_id="me_read", summary="Who you are and what you may do", responses=MeOutput)
    def retrieve(self, request: Request) -> Response:
        return Response(MeOutput(_describe(self.request.user)).data)  # type: ignore[arg-type]

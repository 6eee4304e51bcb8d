"""Blueprints: where a project can start from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.clients.api.serializers.blueprints import BlueprintOutput, BlueprintSummary
from marketplace.clients.blueprints.catalog import blueprints
from marketplace.clients.models import Project
from marketplace.kernel.errors import NotFound
from marketplace.rest.viewsets import ScopedViewSet


class BlueprintViewSet(ScopedViewSet):
    """Sensible seats and needs for each solution type, to start a project from."""

    model = Project  # never asked: blueprints ship with the code and have no rows
    pagination_class = None
    filter_backends = ()  # type: ignore[assignment]
    permissions = {"list": Permission.READ_REFERENCE, "retrieve": Permission.READ_REFERENCE}
    schema_tags = ("blueprints",)
    lookup_url_kwarg = "code"
    lookup_value_regex = "[a-z_]{1,32}"

    @extend_schema(operation_id="blueprints_list", summary="List the blueprints", responses=BlueprintSummary(many=True))
    def list(self, request: Request) -> Response:
        return Response(BlueprintSummary(list(blueprints().values()), many=True).data)

    @extend_schema(
        operation_id="blueprints_retrieve",
        summary="See a blueprint with its seats and needs",
        responses=BlueprintOutput,
        parameters=[OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH)],
    )
    def retrieve(self, request: Request, code: str) -> Response:
        found = blueprints().get(code)
        if found is None:
            raise NotFound("not_found", _("There is no such blueprint."))
        return Response(BlueprintOutput(found).data)

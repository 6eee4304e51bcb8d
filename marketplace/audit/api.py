"""The audit log as operators read it."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from marketplace.accounts.permissions import Permission
from marketplace.audit.models import AuditEvent
from marketplace.rest.fields import IdField
from marketplace.rest.viewsets import ScopedViewSet


class AuditEventOutput(serializers.Serializer[Any]):
    """Who did what to which aggregate; `hash` covers the row and the `previous_hash` of the same subject."""

    id = IdField(AuditEvent.prefix)
    subject = serializers.CharField()
    sequence = serializers.IntegerField()
    action = serializers.CharField()
    actor = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]
    previous_hash = serializers.CharField()
    hash = serializers.CharField()
    created_at = serializers.DateTimeField()


class AuditEventFilter(filters.FilterSet):
    subject = filters.CharFilter(label="What it was done to, by its id")
    actor = filters.CharFilter(label="Who did it, by their id")
    action = filters.CharFilter(label="What was done, such as project.published")
    created_after = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gt", label="Made after this moment (RFC 3339)"
    )


class AuditEventViewSet(ScopedViewSet):
    """Who did what, in chains of hashes that show a gap or an edit."""

    model = AuditEvent  # type: ignore[assignment]
    filterset_class = AuditEventFilter
    schema_tags = ("audits",)
    permissions = {"list": Permission.READ_AUDIT}

    @extend_schema(
        operation_id="audits_list",
        summary="Read the audit log, newest first",
        responses=AuditEventOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(AuditEventOutput, self.get_queryset())


router = SimpleRouter(trailing_slash=False)
router.register("audits", AuditEventViewSet, basename="audit")

urlpatterns = router.urls

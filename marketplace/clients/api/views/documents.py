"""The checklist of documents of an engagement, and the rules that make it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from marketplace.accounts.permissions import Permission, Role
from marketplace.clients.api.lifecycle_filters import DocumentFilter
from marketplace.clients.api.serializers.documents import (
    DocumentInput,
    DocumentOutput,
    DocumentRejectionInput,
    DocumentRuleOutput,
    DocumentSummary,
    provided,
)
from marketplace.clients.models import EngagementDocument
from marketplace.clients.services import document_rules, documents
from marketplace.rest import etags
from marketplace.rest.viewsets import ScopedViewSet

_EITHER = PolymorphicProxySerializer(
    component_name="EngagementDocumentDetail",
    serializers=[DocumentOutput, DocumentSummary],
    resource_type_field_name=None,
)
_ENTRIES = PolymorphicProxySerializer(
    component_name="EngagementDocumentEntry",
    serializers=[DocumentOutput, DocumentSummary],
    resource_type_field_name=None,
    many=True,
)
_IF_MATCH = {"x-if-match": True}


class EngagementDocumentViewSet(ScopedViewSet):
    """Which documents there must be, whether they are there, and until when they hold."""

    model = EngagementDocument
    filterset_class = DocumentFilter
    schema_tags = ("documents",)
    permissions = {
        "list": Permission.READ_ENGAGEMENTS,
        "retrieve": Permission.READ_ENGAGEMENTS,
        "provide": Permission.PROVIDE_DOCUMENTS,
        "verify": Permission.VERIFY_DOCUMENTS,
        "reject": Permission.VERIFY_DOCUMENTS,
    }

    @extend_schema(
        operation_id="engagement_documents_list",
        summary="List documents, newest first",
        description="The client sees whether each is there, not where it is kept; a professional sees their own.",
        responses=_ENTRIES,
    )
    def list(self, request: Request) -> Response:
        return self.show_page(self._form(), self.get_queryset().select_related("engagement", "skill"))

    @extend_schema(operation_id="engagement_documents_retrieve", summary="See a document", responses=_EITHER)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(
        operation_id="engagement_documents_provide",
        summary="Say where a document is kept and what it says",
        description="A newer one takes the place of the former and is checked anew.",
        request=DocumentInput,
        responses=DocumentOutput,
        extensions=_IF_MATCH,
        examples=[
            OpenApiExample(
                "A W-8BEN without days in the United States",
                {"reference": "vault/2026/w8ben-117.pdf", "planned_us_days": 0, "issued_on": "2026-11-02"},
                request_only=True,
            )
        ],
    )
    @action(detail=True, methods=["post"])
    def provide(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        given = provided(self.read(DocumentInput))
        return self._show(documents.provide(document=row, version=version, provided=given, actor=self.actor))

    @extend_schema(
        operation_id="engagement_documents_verify",
        summary="Record that a document was seen and is what it says",
        request=None,
        responses=DocumentOutput,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        return self._show(documents.verify(document=row, version=version, actor=self.actor))

    @extend_schema(
        operation_id="engagement_documents_reject",
        summary="Send a document back",
        request=DocumentRejectionInput,
        responses=DocumentOutput,
        extensions=_IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        fields = self.read(DocumentRejectionInput)
        return self._show(documents.reject(document=row, version=version, actor=self.actor, **fields))

    def _form(self) -> type[BaseSerializer[Any]]:
        knows_where = self.actor.is_staff_side or self.actor.role == Role.PROFESSIONAL
        return DocumentOutput if knows_where else DocumentSummary

    def _show(self, document: EngagementDocument) -> Response:
        rows = EngagementDocument.objects.visible_to(self.actor).select_related("engagement", "skill")
        return self.show(self._form(), rows.get(pk=document.pk))


class DocumentRuleViewSet(ScopedViewSet):
    """When which document must be there, and on what grounds."""

    model = EngagementDocument  # never asked: the rules ship with the code and have no rows
    pagination_class = None
    schema_tags = ("reference",)
    filter_backends = ()  # type: ignore[assignment]
    permissions = {"list": Permission.READ_REFERENCE}

    @extend_schema(
        operation_id="document_rules_list",
        summary="Which documents an engagement must have, with the source of each rule",
        description="A checklist, not legal or tax advice.",
        responses=DocumentRuleOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return Response(DocumentRuleOutput(document_rules.RULES, many=True).data)

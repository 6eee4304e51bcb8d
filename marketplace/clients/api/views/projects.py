"""Projects: written, published, withdrawn, given up."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.clients.api.filters import ProjectFilter
from marketplace.clients.api.project_pages import ProjectPagination
from marketplace.clients.api.serializers.briefs import AnalysisOutput, BriefInput
from marketplace.clients.api.serializers.projects import (
    ProjectEdit,
    ProjectFacetsOutput,
    ProjectInput,
    ProjectOutput,
    ProjectSummary,
)
from marketplace.clients.briefs.analysis import analyze
from marketplace.clients.models import Project
from marketplace.clients.services import organizations, project_search, projects
from marketplace.kernel import clock
from marketplace.rest import etags
from marketplace.rest.viewsets import ScopedViewSet

_LOCATION = OpenApiParameter("Location", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[201])
_OPTIONAL_IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Publish only what you saw; 412 otherwise"
)
_FROM_BLUEPRINT = OpenApiExample(
    "From a blueprint",
    {
        "blueprint": "onboarding_kyc",
        "title": "Online account opening for retail customers",
        "starts_on": "2027-01-11",
        "monthly_cap": {"amount": "78000.00", "currency": "USD"},
        "external_id": "REQ-2041",
    },
    request_only=True,
)
_IN_FULL = OpenApiExample(
    "In full",
    {
        "title": "Reconciliation batch in Java",
        "solution_type": "core_modernization",
        "starts_on": "2027-01-11",
        "ends_on": "2027-07-09",
        "monthly_cap": {"amount": "21000.00", "currency": "USD"},
        "seats": [
            {
                "title_en": "Senior COBOL engineer",
                "function": "engineering",
                "min_seniority": "senior",
                "skills": [{"skill": "cobol", "level": 4}, {"skill": "jcl", "level": 3}],
                "languages": [{"language": "en", "activity": "speaking", "level": "b2"}],
            }
        ],
        "needs": [{"skill": "sox-404", "level": 3, "count": 1, "weight": 6}],
    },
    request_only=True,
)

_BRIEF = OpenApiExample(
    "A paragraph",
    {
        "text": "We need 2 senior Java developers and a bilingual project manager from March 2027 for six months, "
        "$40k per month. Kafka is a plus."
    },
    request_only=True,
)


class ProjectViewSet(ScopedViewSet):
    """What a client wants done: when, for how much, by a cell of which shape."""

    model = Project
    filterset_class = ProjectFilter
    pagination_class = ProjectPagination
    action_parameters: ClassVar = {"facets": frozenset(ProjectFilter.base_filters)}
    schema_tags = ("projects",)
    permissions = {
        "list": Permission.READ_PROJECTS,
        "facets": Permission.READ_PROJECTS,
        "retrieve": Permission.READ_PROJECTS,
        "create": Permission.WRITE_PROJECTS,
        "partial_update": Permission.WRITE_PROJECTS,
        "analyze": Permission.WRITE_PROJECTS,
        "publish": Permission.WRITE_PROJECTS,
        "withdraw": Permission.WRITE_PROJECTS,
        "cancel": Permission.WRITE_PROJECTS,
    }

    @extend_schema(
        operation_id="projects_list",
        summary="List or search projects, newest first",
        description="`q` is understood in English and Spanish, accents and case ignored: the name of a skill stands "
        "for every name of it and for what is narrower, wherever the project asks for it or speaks of it; other words "
        "are looked for in the text. A misspelling finds nothing: `suggestions` say what may have been meant.",
        responses=ProjectSummary(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(ProjectSummary, self.get_queryset())

    @extend_schema(
        operation_id="projects_facets",
        summary="Count what projects have in common",
        description="Takes the filters of the list. Counted are the newest 10,000; `at_least` tells of more.",
        responses=ProjectFacetsOutput,
        filters=True,
    )
    @action(detail=False, methods=["get"])
    def facets(self, request: Request) -> Response:
        return Response(ProjectFacetsOutput(project_search.facets(self.filter_queryset(self.get_queryset()))).data)

    @extend_schema(
        operation_id="projects_retrieve", summary="See a project with its seats and needs", responses=ProjectOutput
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(
        operation_id="projects_create",
        summary="Write a new project, from a blueprint or in full",
        description="It starts as a draft. Every fault is told at once, each with a JSON pointer into the body.",
        request=ProjectInput,
        responses={201: ProjectOutput},
        parameters=[_LOCATION],
        examples=[_FROM_BLUEPRINT, _IN_FULL],
    )
    def create(self, request: Request) -> Response:
        fields = self.read(ProjectInput)
        organization = organizations.acting_for(actor=self.actor, organization_id=fields.pop("organization", None))
        project = projects.create(organization=organization, actor=self.actor, **fields)
        return self._show(project, status=201, location=f"/api/v1/projects/{project.public_id}")

    @extend_schema(
        operation_id="projects_analyze",
        summary="Read a brief",
        description=(
            "Reads a plain brief in English or Spanish by fixed rules and the taxonomy, without a language model. "
            "Nothing is stored: correct `project` in the reply and send it to `POST /projects`."
        ),
        request=BriefInput,
        responses=AnalysisOutput,
        examples=[_BRIEF],
    )
    @action(detail=False, methods=["post"])
    def analyze(self, request: Request) -> Response:
        given = self.read(BriefInput)
        found = analyze(given["text"], today=clock.today(), language=given.get("language"))
        return Response(AnalysisOutput(found, context={"brief": given["text"].strip()}).data)

    @extend_schema(
        operation_id="projects_update",
        summary="Change a draft",
        description="`seats` and `needs` replace the whole list. A seat or need that stays as it was keeps its id.",
        request=ProjectEdit,
        responses=ProjectOutput,
        examples=[
            OpenApiExample(
                "A higher cap", {"monthly_cap": {"amount": "82000.00", "currency": "USD"}}, request_only=True
            )
        ],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        fields = self.read(ProjectEdit)
        return self._show(projects.update(project=row, version=version, actor=self.actor, **fields))

    @extend_schema(
        operation_id="projects_publish",
        summary="Open a draft to matching",
        description="A run of the composer starts by itself: see `GET /match-runs?project=…`.",
        request=None,
        responses=ProjectOutput,
        parameters=[_OPTIONAL_IF_MATCH],
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        version = etags.expected_version(request) if "If-Match" in request.headers else None
        return self._show(projects.publish(project=row, version=version, actor=self.actor))

    @extend_schema(
        operation_id="projects_withdraw",
        summary="Take a published project back to draft",
        description="Cells proposed for it no longer count.",
        request=None,
        responses=ProjectOutput,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self._show(projects.withdraw(project=self.get_object(), actor=self.actor))

    @extend_schema(
        operation_id="projects_cancel", summary="Give a project up for good", request=None, responses=ProjectOutput
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self._show(projects.cancel(project=self.get_object(), actor=self.actor))

    def _show(self, project: Project, **options: Any) -> Response:
        detailed = Project.objects.visible_to(self.actor).with_requirements().get(pk=project.pk)
        return self.show(ProjectOutput, detailed, **options)

"""Résumés into one's own profile and out of it, and what recruiters see of it."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Permission
from marketplace.kernel.errors import NotFound
from marketplace.rest.viewsets import ScopedViewSet
from profiles.api import import_shapes as shapes
from profiles.api.import_filters import OwnImportFilterSet, ResumeImportFilterSet
from profiles.api.inputs import NothingInput
from profiles.api.own_parts import part_id
from profiles.api.own_profile import OwnView
from profiles.api.resume_files import FILES, MEDIA_TYPES
from profiles.models import ResumeImport, ResumeImportItem
from profiles.services import import_confirmation, imports, resume_export

_READ, _WRITE = Permission.READ_OWN_PROFILE, Permission.WRITE_OWN_PROFILE
_ITEMS = Prefetch("items", queryset=ResumeImportItem.objects.order_by("position"))


def _mine(actor: Actor) -> QuerySet[ResumeImport]:
    """Return the actor's own imports, without the files: those may be megabytes each."""
    found: QuerySet[ResumeImport] = (
        ResumeImport.objects.visible_to(actor).filter(professional__user=actor.user).defer("content", "document")
    )
    return found


class OwnImports(OwnView):
    """Uploading, and the list of what was uploaded."""

    permissions = {"list": _READ, "create": _WRITE}
    serializer_class = shapes.ResumeImportSummaryOutput
    filterset_class = OwnImportFilterSet
    parser_classes = FILES
    schema_tags = ("résumés",)

    def get_queryset(self) -> QuerySet[ResumeImport]:
        if getattr(self, "swagger_fake_view", False):
            return ResumeImport.objects.none()
        return _mine(self.actor)

    @extend_schema(
        operation_id="own_imports_list", summary="Your imports", responses=shapes.ResumeImportSummaryOutput(many=True)
    )
    def list(self, request: Request) -> Response:
        return self.show_page(shapes.ResumeImportSummaryOutput, self.get_queryset())

    @extend_schema(
        operation_id="own_imports_upload",
        summary="Upload a résumé",
        description="The body is the file itself, at most 5 MB: PDF (also LinkedIn's and Europass's), DOCX, JSON "
        "Resume, Europass XML or JSON; English or Spanish. A worker reads it: ask for the import at `Location` until "
        "its status is `read` or `failed`. Nothing enters the profile before it is confirmed. 409 `too_many_imports` "
        "beyond three open ones.",
        request=dict.fromkeys(MEDIA_TYPES, OpenApiTypes.BINARY),
        responses={202: shapes.ResumeImportOutput},
    )
    def create(self, request: Request) -> Response:
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        content = request.data if isinstance(request.data, bytes) else b""
        row = imports.request(professional=self.own(), content=content, media_type=media_type, actor=self.actor)
        answer = self.show(
            shapes.ResumeImportOutput, row, status=202, location=f"/api/v1/professionals/me/imports/{row.public_id}"
        )
        answer["Retry-After"] = "1"
        return answer


class OwnImport(OwnView):
    """One import: what was read, and what of it is taken over."""

    permissions = {"retrieve": _READ, "confirm": _WRITE, "discard": _WRITE}
    serializer_class = shapes.ResumeImportOutput
    schema_tags = ("résumés",)

    def _import(self, part: str) -> ResumeImport:
        found: ResumeImport | None = _mine(self.actor).filter(pk=part_id("imp", part)).prefetch_related(_ITEMS).first()
        if found is None:
            raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
        return found

    @extend_schema(
        operation_id="own_imports_read",
        summary="What was read, part by part, each with its source",
        parameters=[OpenApiParameter("part", str, OpenApiParameter.PATH, description="the import, `imp_…`")],
        responses=shapes.ResumeImportOutput,
    )
    def retrieve(self, request: Request, part: str) -> Response:
        answer = self.show(shapes.ResumeImportOutput, self._import(part))
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(
        operation_id="own_imports_confirm",
        summary="Take the accepted parts over",
        description="All or none, and the import is closed; parts that are not named are forgotten. A part that "
        "contradicts the profile must be named in `overwrite`: 409 `overwrite_not_chosen` says which. `skills` "
        "corrects which skill a part names, or its level.",
        parameters=[OpenApiParameter("part", str, OpenApiParameter.PATH, description="the import, `imp_…`")],
        request=shapes.ConfirmInput,
        responses=shapes.ResumeImportOutput,
        examples=[
            OpenApiExample(
                "Two parts, one of them with another level",
                request_only=True,
                value={
                    "accept": ["item_01jd9zt8e5f0h4m2q6r8s0v2x4", "item_01jd9zt8e5f0h4m2q6r8s0v2x5"],
                    "skills": [{"item": "item_01jd9zt8e5f0h4m2q6r8s0v2x5", "level": 4}],
                },
            )
        ],
    )
    def confirm(self, request: Request, part: str) -> Response:
        asked = self.read(shapes.ConfirmInput)
        choices = [import_confirmation.SkillChoice(**each) for each in asked.pop("skills")]
        import_confirmation.confirm(resume=self._import(part), choices=choices, actor=self.actor, **asked)
        return self.retrieve(request, part)

    @extend_schema(
        operation_id="own_imports_discard",
        summary="Close an import and take nothing over",
        parameters=[OpenApiParameter("part", str, OpenApiParameter.PATH, description="the import, `imp_…`")],
        request=NothingInput,
        responses=shapes.ResumeImportOutput,
    )
    def discard(self, request: Request, part: str) -> Response:
        self.read(NothingInput)
        imports.discard(resume=self._import(part), actor=self.actor)
        return self.retrieve(request, part)


class OwnExport(OwnView):
    permissions = {"retrieve": _READ}
    schema_tags = ("résumés",)

    @extend_schema(
        operation_id="own_profile_export",
        summary="Your profile as a JSON Resume",
        description="With everything that was kept of confirmed résumés; texts that the profile has in both languages "
        "come in that of Accept-Language.",
        responses={(200, "application/json"): {"type": "object", "title": "JSON Resume", "properties": {}}},
    )
    def retrieve(self, request: Request) -> Response:
        document = resume_export.export(professional=self.own(), language=get_language() or "en", actor=self.actor)
        headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="resume.json"'}
        return Response(document, headers=headers)


class ResumeImports(ScopedViewSet):
    """Imports as recruiters and operators see them: whether somebody may be here twice, nothing of what was read."""

    model = ResumeImport
    permissions = {"list": Permission.READ_SUPPLY, "retrieve": Permission.READ_SUPPLY}
    filterset_class = ResumeImportFilterSet
    serializer_class = shapes.ResumeImportReviewOutput
    schema_tags = ("résumés",)

    def get_queryset(self) -> QuerySet[ResumeImport]:
        return super().get_queryset().defer("content", "document")

    @extend_schema(
        operation_id="resume_imports_list",
        summary="Imports, with those that may be of somebody who is here already",
        responses=shapes.ResumeImportReviewOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(shapes.ResumeImportReviewOutput, self.get_queryset())

    @extend_schema(operation_id="resume_imports_read", summary="One import", responses=shapes.ResumeImportReviewOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(shapes.ResumeImportReviewOutput, self.get_object())

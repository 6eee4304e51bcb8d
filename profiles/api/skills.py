"""The bilingual taxonomy."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.kernel.errors import NotFound
from marketplace.rest.pagination import CursorPagination
from marketplace.rest.viewsets import ScopedViewSet
from profiles.api import outputs
from profiles.api.filters import SkillFilterSet
from profiles.models import Skill
from profiles.services import skills
from profiles.taxonomy.lookup import Match

# Both publishers ask for these sentences wherever their classification is shown.
ATTRIBUTION = (
    "This service uses the ESCO classification of the European Commission. It includes information from the O*NET 29.3 "
    "Database by the U.S. Department of Labor, Employment and Training Administration (USDOL/ETA), used under the "
    "CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA. The information was selected and linked to other entries; "
    "USDOL/ETA has not approved, endorsed, or tested this."
)


class SkillPages(CursorPagination):
    """By code; the likeliest meaning first where something was asked for."""

    # One key without equals: a cursor that has to count rows behind an equal key stops counting at a thousand.
    ordering = ("place",)


def _place(number: int) -> Concat:
    """Return a key that sorts by ``number`` and then by code."""
    return Concat(Value(f"{number:03} "), F("code"), output_field=CharField())


class Skills(ScopedViewSet):
    model = Skill  # type: ignore[assignment]
    permissions = {"list": Permission.READ_REFERENCE, "retrieve": Permission.READ_REFERENCE}
    filterset_class = SkillFilterSet
    pagination_class = SkillPages
    serializer_class = outputs.SkillFoundOutput
    schema_tags = ("reference",)
    lookup_field = "code"
    lookup_value_regex = "[a-z0-9-]{1,64}"

    @cached_property
    def matches(self) -> dict[str, Match]:
        """What is asked for may mean these, surest first."""
        text = self.request.query_params.get("q", "") if self.action == "list" else ""
        return {match.code: match for match in skills.matches(text)} if text else {}

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "matches": self.matches}

    def get_queryset(self) -> QuerySet[Skill]:
        if getattr(self, "swagger_fake_view", False):
            return Skill.objects.none()
        likely = [When(code=code, then=_place(number)) for number, code in enumerate(self.matches)]
        place = Case(*likely, default=_place(len(likely)))
        found: QuerySet[Skill] = super().get_queryset().filter(active=True)
        return found.annotate(place=place)

    @extend_schema(
        operation_id="skills_list",
        summary="Search skills",
        description=ATTRIBUTION,
        responses=outputs.SkillFoundOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(outputs.SkillFoundOutput, self.get_queryset())

    @extend_schema(
        operation_id="skills_read",
        summary="One skill, with other names, broader and neighboring skills",
        description=ATTRIBUTION,
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, description="such as `cobol`")],
        responses=outputs.SkillDetailOutput,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        related = ("aliases", "broader_links__broader", "neighbor_links__neighbor")
        row = self.get_queryset().filter(code=code).prefetch_related(*related).first()
        if row is None:
            raise NotFound("not_found", _("No skill has this code."))
        return self.show(outputs.SkillDetailOutput, row)

"""A professional's own page of demand."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.kernel.errors import NotFound
from marketplace.rest.viewsets import ScopedViewSet
from matching.api.outputs.counterfactuals import DemandOutput
from matching.services import counterfactuals
from profiles.models import Professional, Skill


class OwnDemand(ScopedViewSet):
    model = Professional
    schema_tags = ("professionals",)
    permissions = {"retrieve": Permission.READ_OWN_PROFILE}

    @extend_schema(
        operation_id="professionals_me_demand",
        summary="In how many open cells one is, and what would bring one into more",
        description="Exact: each change by itself, at its mildest. No client or project is named.",
        responses=DemandOutput,
    )
    def retrieve(self, request: Request) -> Response:
        own = self.get_queryset().filter(user=self.actor.user).first()
        if own is None:
            raise NotFound("no_profile", _("You have no profile yet; register with POST /professionals."))
        found = counterfactuals.for_professional(professional=own)
        codes = [change.name for change in found.changes if change.code == "skill"]
        spoken = get_language() or "en"
        names = {row.code: row.name(spoken) for row in Skill.objects.filter(code__in=codes)} if codes else {}
        return Response(DemandOutput(found, context={**self.get_serializer_context(), "skills": names}).data)

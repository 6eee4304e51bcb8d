"""Runs of the composer: start one, watch it, mend what stands in its way."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.clients.models import Project
from marketplace.clients.states import ProjectStatus
from marketplace.kernel.errors import NotFound
from marketplace.rest.renderers import JSONRenderer
from marketplace.rest.viewsets import ScopedViewSet
from matching.api.filters import MatchRunFilterSet
from matching.api.inputs import MatchRunInput, RepairInput
from matching.api.outputs.match_runs import MatchRunDetailOutput, MatchRunOutput, RepairAppliedOutput
from matching.api.progress_stream import EventStreamRenderer, follow
from matching.models import MatchRun
from matching.services import repairs, runs
from matching.states import LIVE_RUN

_LOCATION = OpenApiParameter("Location", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[202])


def location(run: MatchRun) -> str:
    """Return where a run is watched."""
    return f"/api/v1/match-runs/{run.public_id}"


class MatchRuns(ScopedViewSet):
    model = MatchRun
    filterset_class = MatchRunFilterSet
    schema_tags = ("match-runs",)
    permissions = {
        "list": Permission.READ_RUNS,
        "retrieve": Permission.READ_RUNS,
        "events": Permission.READ_RUNS,
        "create": Permission.START_RUNS,
        # A repair edits the client's project: its money, its dates, its floors.
        "apply_repair": Permission.WRITE_PROJECTS,
    }

    @extend_schema(
        operation_id="match_runs_list",
        summary="List runs, newest first",
        responses=MatchRunOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(MatchRunOutput, self.get_queryset())

    @extend_schema(
        operation_id="match_runs_retrieve",
        summary="See a run: how far it is, what it found, or why no cell exists",
        description="While the run is live, `Retry-After` says when to look again.",
        responses=MatchRunDetailOutput,
        parameters=[OpenApiParameter("Retry-After", OpenApiTypes.INT, OpenApiParameter.HEADER, response=[200])],
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(
        operation_id="match_runs_create",
        summary="Compose cells for a published project",
        description="A live run for the project as it is now is returned instead of a second one.",
        request=MatchRunInput,
        responses={202: MatchRunDetailOutput},
        parameters=[_LOCATION],
        examples=[OpenApiExample("Compose", {"project": "proj_01jd9zt8e5f0h4m2q6r8s0v2x4"}, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        key = self.read(MatchRunInput)["project"]
        project = Project.objects.visible_to(self.actor).filter(pk=key).first()
        if project is None:
            raise NotFound("not_found", _("There is no such project, or it is not yours to see."))
        return self._show(runs.request(project=project, cause="requested", actor=self.actor), status=202)

    @extend_schema(
        operation_id="match_runs_apply_repair",
        summary="Change the project as a repair says, and compose again",
        request=RepairInput,
        responses={202: RepairAppliedOutput},
        parameters=[_LOCATION],
        examples=[OpenApiExample("The cheapest repair", {"repair": 0}, request_only=True)],
    )
    @action(detail=True, methods=["post"], url_path="apply-repair")
    def apply_repair(self, request: Request, pk: str) -> Response:
        run = self.get_object()
        index = self.read(RepairInput)["repair"]
        project = repairs.apply(run=run, index=index, actor=self.actor)
        again = None
        if project.status == ProjectStatus.PUBLISHED:
            again = runs.request(project=project, cause="repaired", actor=self.actor)
        body = RepairAppliedOutput({"project": project.public_id, "run": again and again.public_id})
        where = location(again) if again else f"/api/v1/projects/{project.public_id}"
        return Response(body.data, status=202, headers={"Location": where})

    @extend_schema(
        operation_id="match_runs_events",
        summary="Follow a run's progress as server-sent events",
        description="`progress` events carry the run; `end` is the last. The stream closes after a minute at most.",
        responses={(200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR, "A stream of events")},
    )
    @action(detail=True, methods=["get"], renderer_classes=[JSONRenderer, EventStreamRenderer])
    def events(self, request: Request, pk: str) -> StreamingHttpResponse:
        run = self.get_object()
        stream = StreamingHttpResponse(
            follow(run.pk, self.actor, get_language() or "en"), content_type="text/event-stream"
        )
        # A proxy that gathers the stream before passing it on would defeat its purpose.
        stream["Cache-Control"], stream["X-Accel-Buffering"] = "no-store", "no"
        return stream

    def _show(self, run: MatchRun, status: int = 200) -> Response:
        response = self.show(MatchRunDetailOutput, run, status=status, location=location(run) if status == 202 else "")
        if run.status in LIVE_RUN:
            response["Retry-After"] = "1"
        return response

"""Reference data: the scales by which people are described, and the zones in which they live."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerChoices
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.kernel import clock
from marketplace.rest.viewsets import ScopedViewSet
from profiles import levels, zones
from profiles.models import Skill


class StepOutput(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="as the API writes it")
    value = serializers.IntegerField(help_text="its place on the scale")
    label = serializers.CharField(help_text="in the reader's language")  # type: ignore[assignment]


class LevelsOutput(serializers.Serializer[Any]):
    skill_level = StepOutput(many=True)
    seniority = StepOutput(many=True)
    cefr = StepOutput(many=True)
    evidence = StepOutput(many=True)
    function = StepOutput(many=True)
    contract_route = StepOutput(many=True)
    country = StepOutput(many=True)


class ZoneOutput(serializers.Serializer[zones.Zone]):
    name = serializers.CharField(help_text="IANA")
    country = serializers.CharField()
    note = serializers.CharField()
    january = serializers.IntegerField(help_text="minutes from UTC")
    july = serializers.IntegerField(help_text="minutes from UTC")


class ZonesOutput(serializers.Serializer[Any]):
    zones = ZoneOutput(many=True)


def _steps(scale: type[IntegerChoices], names: dict[int, str] | None = None) -> list[dict[str, Any]]:
    return [
        {"name": (names or {}).get(step.value, step.name.lower()), "value": step.value, "label": step.label}
        for step in scale
    ]


class Reference(ScopedViewSet):
    model = Skill  # type: ignore[assignment]
    permissions = {"levels": Permission.READ_REFERENCE, "zones": Permission.READ_REFERENCE}
    serializer_class = LevelsOutput
    schema_tags = ("reference",)

    @extend_schema(
        operation_id="reference_levels", summary="Every scale, labeled in your language", responses=LevelsOutput
    )
    def levels(self, request: Request) -> Response:
        scales = {
            "skill_level": _steps(levels.Level, {level.value: str(level.value) for level in levels.Level}),
            "seniority": _steps(levels.Seniority),
            "cefr": _steps(levels.Cefr),
            "evidence": _steps(levels.Evidence),
            "function": _steps(levels.Function),
            "contract_route": _steps(levels.ContractRoute),
            "country": _steps(levels.Country, levels.COUNTRY_CODES),
        }
        return Response(LevelsOutput(scales).data)

    @extend_schema(
        operation_id="reference_zones", summary="Time zones of Mexico and the United States", responses=ZonesOutput
    )
    def zones(self, request: Request) -> Response:
        return Response(ZonesOutput({"zones": zones.zones(clock.today().year)}).data)

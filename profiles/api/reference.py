"""Reference data: the scales by which people are described, where they live, and when both countries rest."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerChoices
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.kernel import clock
from marketplace.rest.fields import StrictSerializer
from marketplace.rest.viewsets import ScopedViewSet
from profiles import levels, zones
from profiles.models import Skill
from profiles.reference import calendars, clusters

Output = serializers.Serializer


class StepOutput(Output[Any]):
    name = serializers.CharField(help_text="as the API writes it")
    value = serializers.IntegerField(help_text="its place on the scale")
    label = serializers.CharField(help_text="in the reader's language")  # type: ignore[assignment]


class LevelsOutput(Output[Any]):
    skill_level = StepOutput(many=True)
    seniority = StepOutput(many=True)
    cefr = StepOutput(many=True)
    evidence = StepOutput(many=True)
    function = StepOutput(many=True)
    contract_route = StepOutput(many=True)
    country = StepOutput(many=True)


class OffsetChangeOutput(Output[zones.OffsetChange]):
    at = serializers.DateTimeField()
    offset = serializers.IntegerField(help_text="minutes from UTC from then on")


class ZoneOutput(Output[Any]):
    name = serializers.CharField(help_text="IANA")
    country = serializers.CharField()
    note = serializers.CharField(help_text="of the IANA database, in English")
    january = serializers.IntegerField(help_text="minutes from UTC")
    july = serializers.IntegerField(help_text="minutes from UTC")
    changes_clocks = serializers.BooleanField(help_text="whether it keeps summer time")
    offset = serializers.IntegerField(help_text="minutes from UTC now")
    abbreviation = serializers.CharField()
    next_change = OffsetChangeOutput(allow_null=True)


class ZonesOutput(Output[Any]):
    zones = ZoneOutput(many=True)


class CityOutput(Output[clusters.City]):
    name = serializers.CharField()
    region = serializers.CharField()
    time_zone = serializers.CharField(help_text="IANA")


class ClusterOutput(Output[clusters.Cluster]):
    code = serializers.CharField(help_text="what the `cluster` of a profile holds")
    name = serializers.SerializerMethodField(help_text="in the reader's language")
    name_en = serializers.CharField()
    name_es = serializers.CharField()
    country = serializers.CharField()
    time_zones = serializers.ListField(child=serializers.CharField())
    cities = CityOutput(many=True)

    def get_name(self, row: clusters.Cluster) -> str:
        return row.name(get_language() or "en")


class ClustersOutput(Output[Any]):
    clusters = ClusterOutput(many=True)


class HolidaysInput(StrictSerializer):
    country = serializers.ChoiceField(choices=calendars.COUNTRIES, required=False, help_text="both without it")
    year = serializers.IntegerField(
        min_value=calendars.FIRST_YEAR, max_value=calendars.LAST_YEAR, required=False, help_text="this one without it"
    )


class HolidayOutput(Output[calendars.Holiday]):
    date = serializers.DateField(source="on")
    country = serializers.CharField()
    name = serializers.SerializerMethodField(help_text="in the reader's language")
    name_en = serializers.CharField()
    name_es = serializers.CharField()
    observed = serializers.BooleanField(help_text="the day of rest for a holiday on a weekend")
    on_working_day = serializers.BooleanField(help_text="Monday to Friday")

    def get_name(self, row: calendars.Holiday) -> str:
        return row.name(get_language() or "en")


class OneSidedDayOutput(Output[calendars.OneSidedDay]):
    date = serializers.DateField(source="on")
    resting = serializers.CharField()
    working = serializers.CharField()
    name = serializers.SerializerMethodField(help_text="of the holiday, in the reader's language")

    def get_name(self, row: calendars.OneSidedDay) -> str:
        return row.holiday.name(get_language() or "en")


class HolidaysOutput(Output[Any]):
    """`one_sided` lists the working days on which one country rests and the other works, whichever was asked for."""

    year = serializers.IntegerField()
    holidays = HolidayOutput(many=True)
    one_sided = OneSidedDayOutput(many=True)


def _steps(scale: type[IntegerChoices], names: dict[int, str] | None = None) -> list[dict[str, Any]]:
    return [
        {"name": (names or {}).get(step.value, step.name.lower()), "value": step.value, "label": step.label}
        for step in scale
    ]


class Levels(ScopedViewSet):
    model = Skill  # type: ignore[assignment]
    permissions = {"retrieve": Permission.READ_REFERENCE}
    serializer_class = LevelsOutput
    schema_tags = ("reference",)

    @extend_schema(
        operation_id="reference_levels", summary="Every scale, labeled in your language", responses=LevelsOutput
    )
    def retrieve(self, request: Request) -> Response:
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


class Zones(ScopedViewSet):
    model = Skill  # type: ignore[assignment]
    permissions = {"retrieve": Permission.READ_REFERENCE}
    serializer_class = ZonesOutput
    schema_tags = ("reference",)

    @extend_schema(
        operation_id="reference_zones",
        summary="Time zones of Mexico and the United States, with their rules",
        description="From the IANA database: who keeps summer time, the offset now and the next change.",
        responses=ZonesOutput,
    )
    def retrieve(self, request: Request) -> Response:
        now = clock.now()
        found = [vars(zone) | _rules(zones.rules(zone.name, now)) for zone in zones.zones(now.year)]
        return Response(ZonesOutput({"zones": found}).data)


class Clusters(ScopedViewSet):
    model = Skill  # type: ignore[assignment]
    permissions = {"retrieve": Permission.READ_REFERENCE}
    serializer_class = ClustersOutput
    schema_tags = ("reference",)

    @extend_schema(
        operation_id="reference_clusters",
        summary="Clusters: cities that share a labor market, with their time zones",
        responses=ClustersOutput,
    )
    def retrieve(self, request: Request) -> Response:
        return Response(ClustersOutput({"clusters": clusters.clusters()}).data)


class Holidays(ScopedViewSet):
    model = Skill  # type: ignore[assignment]
    permissions = {"retrieve": Permission.READ_REFERENCE}
    serializer_class = HolidaysOutput
    query_parameters = frozenset({"country", "year"})
    schema_tags = ("reference",)

    @extend_schema(
        operation_id="reference_holidays",
        summary="Public holidays by year, and the days on which only one country rests",
        description="Mexico: Ley Federal del Trabajo, article 74. United States: 5 U.S.C. § 6103.",
        parameters=[HolidaysInput],
        responses=HolidaysOutput,
    )
    def retrieve(self, request: Request) -> Response:
        asked = self.read_query(HolidaysInput)
        year = asked.get("year", clock.today().year)
        countries = [asked["country"]] if "country" in asked else calendars.COUNTRIES
        days = [day for country in countries for day in calendars.public_holidays(country, year)]
        found = {
            "year": year,
            "holidays": sorted(days, key=lambda day: (day.on, day.country)),
            "one_sided": calendars.one_sided_days(year),
        }
        return Response(HolidaysOutput(found).data)


def _rules(found: zones.ZoneRules) -> dict[str, Any]:
    return vars(found) | {"changes_clocks": found.changes_clocks}

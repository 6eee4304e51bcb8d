"""Reference data: the scales by which people are described, where they live, and when both countries rest."""

from __future__ import annotations

import datetime as dt
from typing import Any

from babel import dates
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


class ZonesInput(StrictSerializer):
    year = serializers.IntegerField(
        min_value=calendars.FIRST_YEAR,
        max_value=calendars.LAST_YEAR,
        required=False,
        help_text="of `changes`, `january` and `july`; this one without it",
    )


class ZoneOutput(Output[Any]):
    """`rule` is the law as it stands today; `changes` are what the clocks do in the year asked for."""

    name = serializers.CharField(help_text="IANA")
    label = serializers.CharField(help_text="in the reader's language")  # type: ignore[assignment]
    label_en = serializers.CharField()
    label_es = serializers.CharField()
    country = serializers.CharField()
    rule = serializers.CharField(help_text="of summer time, in the reader's language")
    source = serializers.CharField(help_text="the law")  # type: ignore[assignment]
    note = serializers.CharField(help_text="of the IANA database, in English")
    january = serializers.IntegerField(help_text="minutes from UTC")
    july = serializers.IntegerField(help_text="minutes from UTC")
    changes_clocks = serializers.BooleanField(help_text="whether it keeps summer time")
    offset = serializers.IntegerField(help_text="minutes from UTC now")
    abbreviation = serializers.CharField()
    next_change = OffsetChangeOutput(allow_null=True)
    changes = OffsetChangeOutput(many=True)


class ZonesOutput(Output[Any]):
    year = serializers.IntegerField()
    zones = ZoneOutput(many=True)


class CityOutput(Output[clusters.City]):
    """`name` and `region` are what a profile holds, in the language of the country."""

    name = serializers.CharField()
    region = serializers.CharField()
    label = serializers.SerializerMethodField(help_text="city and state, in the reader's language")  # type: ignore[assignment]
    time_zone = serializers.CharField(help_text="IANA")

    def get_label(self, row: clusters.City) -> str:
        return row.label(get_language() or "en")


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
    day = serializers.SerializerMethodField(help_text="the date in words, in the reader's language")
    country = serializers.CharField()
    name = serializers.SerializerMethodField(help_text="in the reader's language")
    name_en = serializers.CharField()
    name_es = serializers.CharField()
    observed = serializers.BooleanField(help_text="the day of rest for a holiday on a weekend")
    on_working_day = serializers.BooleanField(help_text="Monday to Friday")

    def get_name(self, row: calendars.Holiday) -> str:
        return row.name(get_language() or "en")

    def get_day(self, row: calendars.Holiday) -> str:
        return _in_words(row.on)


class OneSidedDayOutput(Output[calendars.OneSidedDay]):
    date = serializers.DateField(source="on")
    day = serializers.SerializerMethodField(help_text="the date in words, in the reader's language")
    resting = serializers.CharField()
    working = serializers.CharField()
    name = serializers.SerializerMethodField(help_text="of the holiday, in the reader's language")

    def get_name(self, row: calendars.OneSidedDay) -> str:
        return row.holiday.name(get_language() or "en")

    def get_day(self, row: calendars.OneSidedDay) -> str:
        return _in_words(row.on)


class LawOutput(Output[Any]):
    country = serializers.CharField()
    law = serializers.CharField(help_text="by its own name")


class HolidaysOutput(Output[Any]):
    """`one_sided` lists the working days on which one country rests and the other works, whichever was asked for."""

    year = serializers.IntegerField()
    laws = LawOutput(many=True)
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
    query_parameters = frozenset({"year"})
    schema_tags = ("reference",)

    @extend_schema(
        operation_id="reference_zones",
        summary="Time zones of Mexico and the United States, with their rules",
        description="From the IANA database: who keeps summer time, the offset now, the next change and all changes of "
        "a year. Most of Mexico has had no summer time since October 30, 2022; its northern border has.",
        parameters=[ZonesInput],
        responses=ZonesOutput,
    )
    def retrieve(self, request: Request) -> Response:
        now = clock.now()
        year = self.read_query(ZonesInput).get("year", now.year)
        found = [
            vars(zone)
            | _rules(zones.rules(zone.name, now))
            | _named(zone)
            | {"changes": zones.changes(zone.name, year)}
            for zone in zones.zones(year)
        ]
        return Response(ZonesOutput({"year": year, "zones": found}).data)


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
        description="Mexico: Ley Federal del Trabajo, article 74, with federal election days. United States: 5 U.S.C. "
        "§ 6103, with the day of rest for a holiday on a weekend. Days of states, banks and custom are not among them.",
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
            "laws": [{"country": country, "law": calendars.LAWS[country]} for country in countries],
            "holidays": sorted(days, key=lambda day: (day.on, day.country)),
            "one_sided": calendars.one_sided_days(year),
        }
        return Response(HolidaysOutput(found).data)


def _rules(found: zones.ZoneRules) -> dict[str, Any]:
    return vars(found) | {"changes_clocks": found.changes_clocks}


def _named(zone: zones.Zone) -> dict[str, str]:
    found, language = zones.zone_names()[zone.name], get_language() or "en"
    return {
        "label": found.name(language),
        "label_en": found.name_en,
        "label_es": found.name_es,
        "rule": found.rule(language),
        "source": found.source,
    }


def _in_words(day: dt.date) -> str:
    return dates.format_date(day, "full", locale="es_MX" if (get_language() or "en").startswith("es") else "en_US")

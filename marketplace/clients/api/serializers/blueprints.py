"""Blueprints as they are shown: what ``POST /projects`` would take."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.blueprints.catalog import Blueprint
from marketplace.clients.models.project import SolutionType
from marketplace.clients.specification import SeatSpecification
from marketplace.rest.fields import MoneySerializer, ScaleField
from profiles.levels import COUNTRY_CODES, Activity, Cefr, Country, Function, LanguageCode, Seniority


class BlueprintSkill(serializers.Serializer[Any]):
    skill = serializers.CharField()
    level = serializers.IntegerField()


class BlueprintLanguage(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=LanguageCode.choices)
    activity = serializers.ChoiceField(choices=Activity.choices)
    level = ScaleField(Cefr, without=(Cefr.NONE,))


class BlueprintSeat(serializers.Serializer[Any]):
    """A seat in the form that a new project takes."""

    title_en = serializers.CharField()
    title_es = serializers.CharField()
    function = ScaleField(Function)
    min_seniority = ScaleField(Seniority)
    countries = serializers.ListField(child=ScaleField(Country, names=COUNTRY_CODES))
    weekly_minutes = serializers.IntegerField()
    client_facing = serializers.BooleanField()
    max_rate = serializers.SerializerMethodField()
    least = serializers.IntegerField()
    most = serializers.IntegerField()
    skills = BlueprintSkill(many=True)
    languages = BlueprintLanguage(many=True)

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_max_rate(self, seat: SeatSpecification) -> dict[str, str] | None:
        return seat.max_rate.as_json() if seat.max_rate else None


class BlueprintNeed(serializers.Serializer[Any]):
    skill = serializers.CharField()
    level = serializers.IntegerField()
    count = serializers.IntegerField()
    weight = serializers.IntegerField()


class BlueprintSummary(serializers.Serializer[Any]):
    """A blueprint in the list; `title` and `description` are in the reader's language."""

    code = serializers.ChoiceField(choices=SolutionType.choices)
    title = serializers.SerializerMethodField()
    description = serializers.SerializerMethodField()
    title_en = serializers.CharField()
    title_es = serializers.CharField()
    description_en = serializers.CharField()
    description_es = serializers.CharField()
    months = serializers.IntegerField()

    def get_title(self, blueprint: Blueprint) -> str:
        return blueprint.title(get_language() or "en")

    def get_description(self, blueprint: Blueprint) -> str:
        return blueprint.description(get_language() or "en")


class BlueprintOutput(BlueprintSummary):
    overlap_minutes = serializers.IntegerField()
    bridges = serializers.IntegerField()
    us_specialists = serializers.IntegerField()
    seats = BlueprintSeat(many=True)
    needs = BlueprintNeed(many=True)
    regulations = BlueprintNeed(many=True, help_text="needs whose skill is a regulation")

"""Ratings by both sides, and the bands they make."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import Engagement, Party, Placement, Rating, Side
from marketplace.clients.services import ratings
from marketplace.clients.services.parties import side_of
from marketplace.rest.fields import IdField, StrictSerializer

_SCALE: dict[str, Any] = {"min_value": 1, "max_value": 5}


class RatedSkillInput(StrictSerializer):
    skill = serializers.SlugField(max_length=64)
    score = serializers.IntegerField(**_SCALE)


class RatingInput(StrictSerializer):
    """From 1 to 5. The client may rate skills; the professional says how clear the work was."""

    placement = IdField(Placement.prefix)
    overall = serializers.IntegerField(**_SCALE)
    communication = serializers.IntegerField(**_SCALE)
    clarity = serializers.IntegerField(required=False, **_SCALE)
    skills = RatedSkillInput(many=True, required=False, max_length=80)  # type: ignore[call-arg]

    def validate_skills(self, value: list[dict[str, Any]]) -> dict[str, int]:
        scores = {each["skill"]: each["score"] for each in value}
        if len(scores) < len(value):
            raise serializers.ValidationError(_("Name each skill once."), code="skill_twice")
        return scores


class RatedSkillOutput(serializers.Serializer[Any]):
    skill = serializers.CharField(source="skill.code")
    score = serializers.IntegerField()


class RatingOutput(serializers.Serializer[Any]):
    id = IdField(Rating.prefix)
    engagement = IdField(Engagement.prefix, source="engagement_id")
    placement = IdField(Placement.prefix, source="placement_id")
    side = serializers.ChoiceField(choices=Side.choices, help_text="who rates")
    overall = serializers.IntegerField()
    communication = serializers.IntegerField()
    clarity = serializers.IntegerField(allow_null=True)
    skills = RatedSkillOutput(many=True)
    closes_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()


class RateableSkillOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_en = serializers.CharField()
    name_es = serializers.CharField()


class PendingRatingOutput(serializers.Serializer[Any]):
    """What one's own side can still rate. `skills` are for the client to rate and empty for a professional."""

    placement = IdField(Placement.prefix, source="pk")
    engagement = IdField(Engagement.prefix, source="engagement_id")
    project_title = serializers.CharField(source="engagement.project.title")
    closes_at = serializers.DateTimeField(source="engagement.rating_window.closes_at")
    skills = serializers.SerializerMethodField()

    @extend_schema_field(RateableSkillOutput(many=True))
    def get_skills(self, placement: Placement) -> Any:
        if side_of(self.context["request"].user) != Party.CLIENT:
            return []
        return RateableSkillOutput(ratings.rateable(placement), many=True).data


class BandOutput(serializers.Serializer[Any]):
    """`band` is null while fewer than three engagements say something."""

    about = serializers.CharField(help_text="`overall`, `communication`, `clarity`, or `skill:` and its code")
    band = serializers.ChoiceField(choices=[name for _least, name in ratings.BANDS], allow_null=True)
    engagements = serializers.IntegerField()


class RatingBandsQuery(StrictSerializer):
    professional = IdField("prof", required=False, help_text="Of this person, for recruiters")
    organization = IdField("org", required=False, help_text="Of this client, for recruiters")

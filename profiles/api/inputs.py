"""What the API takes: shapes and formats; rules are for the services."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from marketplace.rest.fields import DayClockField, MoneySerializer, ScaleField, StrictSerializer
from profiles.levels import (
    COUNTRY_CODES,
    Cefr,
    ContractRoute,
    Country,
    Evidence,
    Function,
    LanguageCode,
    Level,
    Seniority,
)


class WorkingHoursInput(StrictSerializer):
    starts = DayClockField()
    ends = DayClockField()


class ProfileInput(StrictSerializer):
    """Every column that its owner may write; with ``partial`` only those that are given change."""

    given_names = serializers.CharField(max_length=80)
    family_names = serializers.CharField(max_length=120)
    contact_email = serializers.EmailField(max_length=254, required=False)
    phone = serializers.RegexField(
        r"^\+[1-9][0-9]{6,14}$", required=False, allow_blank=True, help_text="E.164, such as +523312345678"
    )
    headline_en = serializers.CharField(max_length=160, required=False, allow_blank=True)
    headline_es = serializers.CharField(max_length=160, required=False, allow_blank=True)
    summary_en = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    summary_es = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    main_function = ScaleField(Function, required=False)
    functions = serializers.ListField(child=ScaleField(Function), required=False, min_length=1, max_length=4)
    seniority = ScaleField(Seniority, required=False)
    country = ScaleField(Country, names=COUNTRY_CODES, required=False)
    city = serializers.CharField(max_length=80, required=False, allow_blank=True)
    region = serializers.CharField(max_length=80, required=False, allow_blank=True)
    cluster = serializers.CharField(max_length=80, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=48, required=False, help_text="IANA, such as America/Mexico_City")
    working_hours = WorkingHoursInput(required=False)
    rate = MoneySerializer(required=False)
    rate_floor = MoneySerializer(required=False)
    contract_route = ScaleField(ContractRoute, required=False)
    weekly_minutes = serializers.IntegerField(min_value=0, max_value=10080, required=False)
    available_from = serializers.DateField(required=False, allow_null=True)
    available_until = serializers.DateField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        hours = attrs.pop("working_hours", None)
        if hours:
            attrs |= {"work_starts": hours["starts"], "work_ends": hours["ends"]}
        if "functions" in attrs:
            attrs["functions"] = sorted(set(attrs["functions"]))
        return attrs


class SkillClaimInput(StrictSerializer):
    skill = serializers.CharField(max_length=120, help_text="a code, or any name in English or Spanish")
    level = serializers.IntegerField(min_value=Level.AWARE, max_value=Level.EXPERT)
    years = serializers.IntegerField(min_value=0, max_value=60, default=0)
    last_used = serializers.IntegerField(min_value=1960, max_value=2200, allow_null=True, default=None)


class SkillListInput(StrictSerializer):
    skills = serializers.ListField(child=SkillClaimInput(), max_length=80)


class SectionScoresInput(StrictSerializer):
    """Scores by activity, as the report of the test prints them."""

    listening = serializers.CharField(max_length=8, required=False)
    speaking = serializers.CharField(max_length=8, required=False)
    reading = serializers.CharField(max_length=8, required=False)
    writing = serializers.CharField(max_length=8, required=False)


class LanguageInput(StrictSerializer):
    language = serializers.ChoiceField(choices=LanguageCode.choices)
    listening = ScaleField(Cefr, required=False)
    speaking = ScaleField(Cefr, required=False)
    reading = ScaleField(Cefr, required=False)
    writing = ScaleField(Cefr, required=False)
    native = serializers.BooleanField(default=False)
    test = serializers.CharField(max_length=48, required=False, allow_blank=True, help_text="such as TOEFL iBT or DELE")
    raw_score = serializers.CharField(max_length=24, required=False, allow_blank=True, help_text="the overall result")
    section_scores = SectionScoresInput(required=False)
    scale_version = serializers.CharField(
        max_length=24, required=False, allow_blank=True, help_text="needed where the score could be on several scales"
    )
    tested_on = serializers.DateField(required=False, allow_null=True)


class CertificateInput(StrictSerializer):
    skill = serializers.CharField(max_length=120, help_text="a code, or any name in English or Spanish")
    issued_on = serializers.DateField()
    expires_on = serializers.DateField(required=False, allow_null=True)
    number = serializers.CharField(max_length=64, required=False, allow_blank=True)
    verify_url = serializers.URLField(max_length=200, required=False, allow_blank=True)


class ExperienceInput(StrictSerializer):
    employer = serializers.CharField(max_length=120)
    title = serializers.CharField(max_length=120)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    summary_en = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    summary_es = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class AvailabilityInput(StrictSerializer):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    weekly_minutes = serializers.IntegerField(min_value=0, max_value=10080, default=0)


class TaxIdsInput(StrictSerializer):
    rfc = serializers.CharField(max_length=32, required=False, allow_blank=True)
    curp = serializers.CharField(max_length=32, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(_("Give an RFC, a CURP, or both."), code="required")
        return attrs


class NoteInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000)


class EvidenceField(ScaleField):
    """What a recruiter can say stands behind a claim: ``tested`` or ``verified``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Evidence, without=(Evidence.SELF_DECLARED,), **options)


class VerifyClaimInput(StrictSerializer):
    level = serializers.IntegerField(min_value=1, max_value=5, help_text="the level that was seen")
    evidence = EvidenceField(required=False)
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]
    expires_on = serializers.DateField(required=False, allow_null=True)


class VerifyLanguageInput(StrictSerializer):
    speaking = ScaleField(Cefr, help_text="the spoken level that was seen")
    evidence = EvidenceField(required=False)
    source = serializers.CharField(max_length=200, required=False)  # type: ignore[assignment]


class VerifyCertificateInput(StrictSerializer):
    evidence = EvidenceField(required=False)
    source = serializers.CharField(max_length=200, required=False)  # type: ignore[assignment]


class NothingInput(StrictSerializer):
    """An action that takes no fields."""

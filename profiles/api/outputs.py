"""What the API shows of people, to themselves and to those who work for the marketplace. Clients never come here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.rest.fields import DayClockField, IdField, MoneySerializer, ScaleField
from profiles import completeness
from profiles.api.evidence import CertificateOutput, DoubtOutput, LanguageOutput, StatedLanguageOutput
from profiles.levels import COUNTRY_CODES, ContractRoute, Country, Evidence, Function, Seniority
from profiles.models import (
    AvailabilityException,
    Experience,
    Professional,
    Skill,
    SkillClaim,
)
from profiles.services import professionals
from profiles.states import ProfessionalStatus
from profiles.terms import Via

Output = serializers.Serializer


class SkillOutput(Output[Skill]):
    code = serializers.CharField()
    kind = serializers.CharField()
    family = serializers.CharField()
    name = serializers.SerializerMethodField(help_text="in the reader's language")
    name_en = serializers.CharField()
    name_es = serializers.CharField()
    validity_months = serializers.IntegerField(allow_null=True)
    esco_uri = serializers.CharField(help_text="the skill of ESCO that means exactly the same; empty where none does")
    onet_code = serializers.CharField(
        help_text="of O*NET: the occupation whose work this is (`15-1253.00`), or the commodity under which a "
        "technology is listed (`43232405`); empty where neither is certain"
    )

    def get_name(self, row: Skill) -> str:
        return row.name(get_language() or "en")


class SkillMatchOutput(Output[Any]):
    """How a text names a skill: `exact`, `alias`, `normalized`, `inflected`, `glued`, `described`; `fuzzy` guesses."""

    how = serializers.CharField()
    confidence = serializers.FloatField(min_value=0, max_value=1)


class SkillFoundOutput(SkillOutput):
    """A skill of a list; `match` is null where nothing was asked for, or only part of a name is the same."""

    match = serializers.SerializerMethodField()

    @extend_schema_field(SkillMatchOutput(allow_null=True))
    def get_match(self, row: Skill) -> Any:
        found = self.context.get("matches", {}).get(row.code)
        return SkillMatchOutput(found).data if found else None


class SkillDetailOutput(SkillOutput):
    aliases = serializers.SerializerMethodField()
    broader = serializers.SerializerMethodField()
    neighbors = serializers.SerializerMethodField()

    def get_aliases(self, row: Skill) -> list[str]:
        return sorted(alias.text for alias in row.aliases.all())

    def get_broader(self, row: Skill) -> list[str]:
        return sorted(link.broader.code for link in row.broader_links.all())

    @extend_schema_field(
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "weight_percent": {"type": "integer"}},
            },
        }
    )
    def get_neighbors(self, row: Skill) -> list[dict[str, Any]]:
        links = sorted(row.neighbor_links.all(), key=lambda link: (-link.weight_percent, link.neighbor.code))
        return [{"code": link.neighbor.code, "weight_percent": link.weight_percent} for link in links]


class SkillClaimOutput(Output[SkillClaim]):
    skill = serializers.CharField(source="skill.code")
    name = serializers.SerializerMethodField(help_text="in the reader's language")
    level = serializers.IntegerField()
    years = serializers.IntegerField()
    last_used = serializers.IntegerField(allow_null=True)
    evidence = ScaleField(Evidence)
    evidence_source = serializers.CharField()
    evidence_on = serializers.DateField(allow_null=True)
    evidence_expires_on = serializers.DateField(allow_null=True)

    def get_name(self, row: SkillClaim) -> str:
        return row.skill.name(get_language() or "en")


class ExperienceOutput(Output[Experience]):
    id = IdField("exp", source="pk")
    employer = serializers.CharField()
    title = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    summary_en = serializers.CharField()
    summary_es = serializers.CharField()


class AvailabilityExceptionOutput(Output[AvailabilityException]):
    id = IdField("avex", source="pk")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    weekly_minutes = serializers.IntegerField()


class AvailabilityOutput(Output[Professional]):
    """The usual week, its dates, and the exceptions to it."""

    weekly_minutes = serializers.IntegerField()
    available_from = serializers.DateField(allow_null=True)
    available_until = serializers.DateField(allow_null=True)
    exceptions = AvailabilityExceptionOutput(many=True, source="availability_exceptions")


class WorkingHoursOutput(Output[Professional]):
    starts = DayClockField(source="work_starts")
    ends = DayClockField(source="work_ends")


class ProfessionalSummaryOutput(Output[Professional]):
    """One line of a recruiter's search."""

    id = IdField("prof", source="pk")
    status = serializers.ChoiceField(choices=ProfessionalStatus.choices)
    synthetic = serializers.BooleanField()
    given_names = serializers.CharField()
    family_names = serializers.CharField()
    headline_en = serializers.CharField()
    headline_es = serializers.CharField()
    main_function = ScaleField(Function)
    functions = serializers.ListField(child=ScaleField(Function))
    seniority = ScaleField(Seniority)
    country = ScaleField(Country, names=COUNTRY_CODES)
    city = serializers.CharField()
    region = serializers.CharField()
    cluster = serializers.CharField()
    time_zone = serializers.CharField()
    rate = MoneySerializer()
    contract_route = ScaleField(ContractRoute)
    weekly_minutes = serializers.IntegerField()
    available_from = serializers.DateField(allow_null=True)
    available_until = serializers.DateField(allow_null=True)
    skills = SkillClaimOutput(many=True, source="claims")
    languages = StatedLanguageOutput(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class MatchOutput(Output[Any]):
    """Why somebody was found: a skill and how it was understood, or, without one, the words of the profile."""

    skill = serializers.CharField(allow_null=True)
    via = serializers.ChoiceField(choices=Via.choices)


class FoundProfessionalOutput(ProfessionalSummaryOutput):
    """A line of a search. Lines come ready from ``api.lines``; here it is said what they look like."""

    score = serializers.IntegerField(help_text="points that rank this search; compare them within one search only")
    matched = MatchOutput(many=True)

    def to_representation(self, instance: Any) -> Any:
        return instance if isinstance(instance, dict) else super().to_representation(instance)


class FacetValueOutput(Output[Any]):
    """`value` is what the filter of that name takes."""

    value = serializers.CharField()
    name = serializers.CharField(help_text="in the reader's language")
    people = serializers.IntegerField()


class FacetsOutput(Output[Any]):
    """What the first thousand people found have in common, the most frequent first."""

    people = serializers.IntegerField(help_text="how many were counted, at most 1,000")
    at_least = serializers.BooleanField(help_text="more than these were found")
    function = FacetValueOutput(many=True)
    seniority = FacetValueOutput(many=True)
    country = FacetValueOutput(many=True)
    english = FacetValueOutput(many=True, help_text="spoken CEFR level")  # type: ignore[call-arg]
    city = FacetValueOutput(many=True)
    cluster = FacetValueOutput(many=True)
    skill = FacetValueOutput(many=True)


class ProfessionalOutput(ProfessionalSummaryOutput):
    """A whole profile, without tax identifiers."""

    languages = LanguageOutput(many=True)
    contact_email = serializers.CharField()
    phone = serializers.SerializerMethodField()
    summary_en = serializers.CharField()
    summary_es = serializers.CharField()
    working_hours = WorkingHoursOutput(source="*")
    rate_floor = serializers.SerializerMethodField()
    review_note = serializers.CharField(help_text="what a recruiter asked to be mended")
    certificates = CertificateOutput(many=True)
    experiences = ExperienceOutput(many=True)
    availability_exceptions = AvailabilityExceptionOutput(many=True)

    def get_phone(self, row: Professional) -> str:
        return professionals.phone(row)

    @extend_schema_field(MoneySerializer)
    def get_rate_floor(self, row: Professional) -> dict[str, str]:
        return {"amount": f"{row.rate_floor:.2f}", "currency": row.rate_currency}


class NextStepOutput(Output[Any]):
    code = serializers.CharField()
    text = serializers.CharField(source="step")
    required = serializers.BooleanField()  # type: ignore[assignment]


class CompletenessOutput(Output[Any]):
    """``share`` is 0 to 1; ``missing`` lists what is lacking, the most useful first."""

    share = serializers.FloatField()
    missing = NextStepOutput(many=True)
    next_step = NextStepOutput(allow_null=True)


class OwnProfileOutput(ProfessionalOutput):
    """The profile as its owner sees it."""

    has_rfc = serializers.SerializerMethodField()
    has_curp = serializers.SerializerMethodField()
    completeness = serializers.SerializerMethodField()

    def get_has_rfc(self, row: Professional) -> bool:
        return bool(row.rfc_index)

    def get_has_curp(self, row: Professional) -> bool:
        return bool(row.curp_index)

    @extend_schema_field(CompletenessOutput)
    def get_completeness(self, row: Professional) -> Any:
        return CompletenessOutput(completeness.completeness(row)).data


class SkillClaimsOutput(Output[Any]):
    skills = SkillClaimOutput(many=True)


class ExperiencesOutput(Output[Any]):
    experiences = ExperienceOutput(many=True)


class TaxIdsStoredOutput(Output[Any]):
    """What is stored is not shown again here; reading it is an act of its own."""

    has_rfc = serializers.BooleanField()
    has_curp = serializers.BooleanField()
    warnings = DoubtOutput(many=True)


class TaxIdsOutput(Output[Any]):
    rfc = serializers.CharField()
    curp = serializers.CharField()

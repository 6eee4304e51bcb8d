"""Projects as they are written and shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import Need, Organization, Project, Seat
from marketplace.clients.models.project import SolutionType
from marketplace.clients.services import projects
from marketplace.clients.specification import LanguageFloor, NeedSpecification, SeatSpecification, SkillFloor
from marketplace.clients.states import ProjectStatus
from marketplace.kernel.money import Money
from marketplace.rest.fields import DayClockField, IdField, MoneySerializer, ScaleField, StrictSerializer
from profiles.levels import (
    COUNTRY_CODES,
    Activity,
    Cefr,
    Country,
    Evidence,
    Function,
    LanguageCode,
    Level,
    Seniority,
    SkillKind,
)

MOST_SEATS = 40
MOST_NEEDS = 60
MOST_PEOPLE = 200


# -- input ------------------------------------------------------------------------------------------------------------
class SkillFloorInput(StrictSerializer):
    skill = serializers.CharField(max_length=120, help_text="a code, or any name in English or Spanish")
    level = serializers.IntegerField(min_value=Level.AWARE, max_value=Level.EXPERT)

    def validate(self, attrs: dict[str, Any]) -> SkillFloor:  # type: ignore[override]
        return SkillFloor(**attrs)


class LanguageFloorInput(StrictSerializer):
    language = serializers.ChoiceField(choices=LanguageCode.choices)
    activity = serializers.ChoiceField(choices=Activity.choices, default=Activity.SPEAKING)
    level = ScaleField(Cefr, without=(Cefr.NONE,))
    evidence = ScaleField(
        Evidence,
        default=Evidence.SELF_DECLARED,
        help_text="what must stand behind the language until the engagement ends: a test that runs out earlier is none",
    )

    def validate(self, attrs: dict[str, Any]) -> LanguageFloor:  # type: ignore[override]
        return LanguageFloor(**attrs)


class SeatInput(StrictSerializer):
    """A place in the cell; `least` and `most` differ only where the size is open."""

    title_en = serializers.CharField(max_length=120)
    title_es = serializers.CharField(max_length=120, default="", allow_blank=True)
    function = ScaleField(Function)
    min_seniority = ScaleField(Seniority, default=Seniority.JUNIOR)
    countries = serializers.ListField(
        child=ScaleField(Country, names=COUNTRY_CODES), max_length=2, default=list, help_text="empty means any"
    )
    weekly_minutes = serializers.IntegerField(min_value=60, max_value=3600, default=2400)
    client_facing = serializers.BooleanField(
        default=False, help_text="such a seat needs spoken English at B2 even where no floor says so"
    )
    max_rate = MoneySerializer(allow_null=True, default=None, help_text="per hour")
    least = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, default=1)
    most = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE, default=1)
    skills = SkillFloorInput(many=True, default=list, max_length=20)  # type: ignore[call-arg]
    languages = LanguageFloorInput(many=True, default=list, max_length=8)  # type: ignore[call-arg]

    def validate(self, attrs: dict[str, Any]) -> SeatSpecification:  # type: ignore[override]
        tuples = {name: tuple(attrs[name]) for name in ("skills", "languages")}
        return SeatSpecification(**{**attrs, **tuples, "countries": tuple(sorted(set(attrs["countries"])))})


class NeedInput(StrictSerializer):
    """Something that the whole cell must hold; a `count` of 0 makes it a wish."""

    skill = serializers.CharField(max_length=120, help_text="a code, or any name in English or Spanish")
    level = serializers.IntegerField(min_value=Level.AWARE, max_value=Level.EXPERT, default=Level.INDEPENDENT)
    count = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, default=1)
    weight = serializers.IntegerField(min_value=0, max_value=10, default=5)

    def validate(self, attrs: dict[str, Any]) -> NeedSpecification:  # type: ignore[override]
        return NeedSpecification(**attrs)


class ProjectEdit(StrictSerializer):
    """Whatever is given changes; `seats` and `needs` replace the whole list."""

    external_id = serializers.CharField(max_length=120, required=False, allow_blank=True)
    title = serializers.CharField(max_length=160, required=False)
    brief = serializers.CharField(max_length=20000, required=False, allow_blank=True)
    solution_type = serializers.ChoiceField(choices=SolutionType.choices, required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)
    monthly_cap = MoneySerializer(required=False, help_text="what the whole cell may cost per month")
    time_zone = serializers.CharField(max_length=48, required=False, help_text="IANA, such as America/New_York")
    day_starts = DayClockField(required=False)
    day_ends = DayClockField(required=False)
    overlap_minutes = serializers.IntegerField(
        min_value=0, max_value=1440, required=False, help_text="hours shared with each person on the worst day"
    )
    evidence_floor = ScaleField(Evidence, required=False)
    bridges = serializers.IntegerField(
        min_value=0, max_value=MOST_PEOPLE, required=False, help_text="how many must speak English at C1"
    )
    us_specialists = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False)
    size_least = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False)
    size_most = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False)
    cost_weight = serializers.IntegerField(
        min_value=0, max_value=400, required=False, help_text="percent: how much cost weighs against fit"
    )
    seats = SeatInput(many=True, required=False, max_length=MOST_SEATS)  # type: ignore[call-arg]
    needs = NeedInput(many=True, required=False, max_length=MOST_NEEDS)  # type: ignore[call-arg]


class ProjectInput(ProjectEdit):
    """A new project. With a `blueprint` what is left out comes from it."""

    organization = IdField(
        Organization.prefix, required=False, help_text="needed only by those who act for several organizations"
    )
    blueprint = serializers.ChoiceField(choices=SolutionType.choices, required=False)
    starts_on = serializers.DateField()
    monthly_cap = MoneySerializer(help_text="what the whole cell may cost per month")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        missing = [] if "blueprint" in attrs else [n for n in ("title", "solution_type", "ends_on") if n not in attrs]
        if missing:
            raise serializers.ValidationError(
                {name: [_("This is needed where no blueprint is named.")] for name in missing}, code="required"
            )
        return attrs


# -- output -----------------------------------------------------------------------------------------------------------
class SeatSkillOutput(serializers.Serializer[Any]):
    skill = serializers.CharField(source="skill.code")
    name = serializers.SerializerMethodField()
    level = serializers.IntegerField()

    def get_name(self, row: Any) -> str:
        return str(row.skill.name(get_language() or "en"))


class SeatLanguageOutput(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=LanguageCode.choices)
    activity = serializers.ChoiceField(choices=Activity.choices)
    level = ScaleField(Cefr, without=(Cefr.NONE,))
    evidence = ScaleField(Evidence)


class SeatOutput(serializers.Serializer[Any]):
    id = IdField(Seat.prefix)
    position = serializers.IntegerField()
    title = serializers.SerializerMethodField(help_text="in the reader's language")
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
    skills = SeatSkillOutput(many=True)
    languages = SeatLanguageOutput(many=True)

    def get_title(self, seat: Seat) -> str:
        return seat.title(get_language() or "en")

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_max_rate(self, seat: Seat) -> dict[str, str] | None:
        return None if seat.max_rate is None else Money.of(seat.max_rate, seat.max_rate_currency).as_json()


class NeedOutput(serializers.Serializer[Any]):
    id = IdField(Need.prefix)
    position = serializers.IntegerField()
    skill = serializers.CharField(source="skill.code")
    name = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=SkillKind.choices, source="skill.kind")
    level = serializers.IntegerField()
    count = serializers.IntegerField()
    weight = serializers.IntegerField()

    def get_name(self, need: Need) -> str:
        return need.skill.name(get_language() or "en")


class WarningOutput(serializers.Serializer[Any]):
    """Something that does not forbid publishing but should be looked at."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()
    data = serializers.DictField(allow_null=True)  # type: ignore[assignment]


class ProjectSummary(serializers.Serializer[Any]):
    """A project in a list."""

    id = IdField(Project.prefix)
    organization = IdField(Organization.prefix, source="organization_id")
    external_id = serializers.CharField()
    status = serializers.ChoiceField(choices=ProjectStatus.choices)
    title = serializers.CharField()
    solution_type = serializers.ChoiceField(choices=SolutionType.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    monthly_cap = MoneySerializer(source="cap")
    published_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ProjectFacetOutput(serializers.Serializer[Any]):
    """`value` is what the filter of that name takes."""

    value = serializers.CharField()
    name = serializers.CharField(help_text="in the reader's language")
    projects = serializers.IntegerField()


class ProjectFacetsOutput(serializers.Serializer[Any]):
    """What the newest of the projects found have in common, the most frequent first."""

    projects = serializers.IntegerField(help_text="how many were counted, at most 10,000")
    at_least = serializers.BooleanField(help_text="more than these were found")
    status = ProjectFacetOutput(many=True)
    solution_type = ProjectFacetOutput(many=True)


class ProjectOutput(ProjectSummary):
    """A project with its seats and needs."""

    brief = serializers.CharField()
    time_zone = serializers.CharField()
    day_starts = DayClockField()
    day_ends = DayClockField()
    overlap_minutes = serializers.IntegerField()
    evidence_floor = ScaleField(Evidence)
    bridges = serializers.IntegerField()
    us_specialists = serializers.IntegerField()
    size_least = serializers.IntegerField()
    size_most = serializers.IntegerField()
    cost_weight = serializers.IntegerField()
    seats = SeatOutput(many=True)
    needs = NeedOutput(many=True)
    warnings = serializers.SerializerMethodField()

    @extend_schema_field(WarningOutput(many=True))
    def get_warnings(self, project: Project) -> Any:
        return WarningOutput(projects.warnings(project), many=True).data

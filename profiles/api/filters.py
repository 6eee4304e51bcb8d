"""The declared filters of supply: what a recruiter may narrow a search by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import IntegerChoices, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from marketplace.kernel.errors import FieldError
from marketplace.rest.filters import IdsFilter, RecordFilterSet
from profiles import search
from profiles.levels import COUNTRY_CODES, Cefr, Evidence, Function, LanguageCode, Level, Seniority, SkillKind
from profiles.models import Professional, Skill
from profiles.services import skills
from profiles.states import ProfessionalStatus

MOST_PAIRS = 10


def _names(scale: type[IntegerChoices]) -> list[tuple[str, Any]]:
    return [(step.name.lower(), step.label) for step in scale]


class _PairsField(forms.Field):
    """Repeatable ``name:step`` values."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[tuple[str, int]]:
        given = [str(each) for each in value or [] if str(each)]
        if len(given) > MOST_PAIRS:
            raise forms.ValidationError(_("Give at most %(most)s of these.") % {"most": MOST_PAIRS}, code="too_many")
        return [self.pair(each) for each in given]

    def pair(self, text: str) -> tuple[Any, int]:
        raise forms.ValidationError(text)


class _SkillsField(_PairsField):
    def pair(self, text: str) -> tuple[Skill, int]:
        name, colon, step = text.rpartition(":")
        if not colon:
            name, step = text, "1"
        if step not in {str(level) for level in Level.values}:
            raise forms.ValidationError(_("Write a skill and a level from 1 to 5, such as cobol:4."), code="invalid")
        skill = skills.resolve([name]).get(name)
        if skill is None:
            raise forms.ValidationError(_offering(skills.unknown(name, "")), code="unknown_skill")
        return skill, int(step)


class _LanguagesField(_PairsField):
    def pair(self, text: str) -> tuple[str, int]:
        language, _colon, step = text.lower().partition(":")
        levels = {level.name.lower(): level.value for level in Cefr}
        if language not in LanguageCode.values or step not in levels:
            raise forms.ValidationError(_("Write a language and a CEFR level, such as en:c1."), code="invalid")
        return language, levels[step]


def _offering(fault: FieldError) -> str:
    offered = ", ".join(each["code"] for each in (fault.data or {})["suggestions"])
    return f"{fault.detail} {_('Nearest')}: {offered}." if offered else str(fault.detail)


@extend_schema_field({"type": "array", "items": {"type": "string"}, "maxItems": MOST_PAIRS, "example": ["cobol:4"]})
class SkillsFilter(django_filters.Filter):
    field_class = _SkillsField


@extend_schema_field({"type": "array", "items": {"type": "string"}, "maxItems": MOST_PAIRS, "example": ["en:c1"]})
class LanguagesFilter(django_filters.Filter):
    field_class = _LanguagesField


@extend_schema_field(OpenApiTypes.STR)
class TextFilter(filters.CharFilter):
    """Text without the characters that PostgreSQL refuses."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=160, **options)


class ProfessionalFilterSet(RecordFilterSet):
    """``skill=cobol:4`` and ``speaks=en:c1`` may be repeated and must all hold."""

    ids = IdsFilter("prof")
    status = filters.MultipleChoiceFilter(
        choices=[choice for choice in ProfessionalStatus.choices if choice[0] != ProfessionalStatus.ERASED]
    )
    function = filters.MultipleChoiceFilter(choices=_names(Function), method="with_function")
    seniority_min = filters.ChoiceFilter(choices=_names(Seniority), method="with_seniority")
    country = filters.ChoiceFilter(choices=[(code, code) for code in COUNTRY_CODES.values()], method="in_country")
    city = TextFilter(method="based", label=_("City, accents and case ignored"))
    cluster = TextFilter(method="based", label=_("Cluster, accents and case ignored"))
    available_from = filters.DateFilter(method="available", label=_("Their dates include this day"))
    rate_max = filters.NumberFilter(
        method="affordable", min_value=0, max_value=100_000, label=_("US dollars an hour; pesos are converted")
    )
    skill = SkillsFilter(method="unchanged", label=_("A skill, by code or name, and the least level"))
    evidence_min = filters.ChoiceFilter(
        choices=_names(Evidence), method="unchanged", label=_("The least evidence of the skills asked for")
    )
    speaks = LanguagesFilter(method="speaking", label=_("A language and the least spoken CEFR level"))
    q = TextFilter(method="saying", label=_("Words of the headline or names of skills, in English or Spanish"))

    class Meta:
        model = Professional
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Professional]) -> QuerySet[Professional]:
        people = super().filter_queryset(queryset)
        evidence = Evidence[(self.form.cleaned_data["evidence_min"] or "self_declared").upper()]
        wanted = self.form.cleaned_data["skill"]
        for skill, level in wanted:
            people = search.holding(people, skill, level, evidence)
        return search.backed(people, evidence) if evidence and not wanted else people

    def unchanged(self, people: QuerySet[Professional], name: str, value: Any) -> QuerySet[Professional]:
        return people

    def with_function(self, people: QuerySet[Professional], name: str, value: list[str]) -> QuerySet[Professional]:
        wanted = [Function[each.upper()] for each in value]
        return people.filter(functions__overlap=wanted) if wanted else people

    def with_seniority(self, people: QuerySet[Professional], name: str, value: str) -> QuerySet[Professional]:
        return people.filter(seniority__gte=Seniority[value.upper()])

    def in_country(self, people: QuerySet[Professional], name: str, value: str) -> QuerySet[Professional]:
        return people.filter(country=next(number for number, code in COUNTRY_CODES.items() if code == value))

    def based(self, people: QuerySet[Professional], name: str, value: str) -> QuerySet[Professional]:
        return search.based_in(people, name, value)

    def available(self, people: QuerySet[Professional], name: str, value: Any) -> QuerySet[Professional]:
        return search.available_on(people, value)

    def affordable(self, people: QuerySet[Professional], name: str, value: Any) -> QuerySet[Professional]:
        return search.asking_at_most(people, value)

    def speaking(
        self, people: QuerySet[Professional], name: str, value: list[tuple[str, int]]
    ) -> QuerySet[Professional]:
        for language, level in value:
            people = search.speaking(people, language, level)
        return people

    def saying(self, people: QuerySet[Professional], name: str, value: str) -> QuerySet[Professional]:
        return search.saying(people, value)


class SkillFilterSet(filters.FilterSet):
    q = TextFilter(method="called", label=_("A name or part of one, in English or Spanish; typos are forgiven"))
    kind = filters.ChoiceFilter(choices=SkillKind.choices)
    family = TextFilter(field_name="family", lookup_expr="exact")

    class Meta:
        model = Skill
        fields: tuple[str, ...] = ()

    def called(self, found: QuerySet[Skill], name: str, value: str) -> QuerySet[Skill]:
        return search.skills_called(found, value)

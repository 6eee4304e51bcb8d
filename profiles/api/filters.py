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
from profiles.api.ranked_pages import Search
from profiles.levels import COUNTRY_CODES, Cefr, Evidence, Function, LanguageCode, Level, Seniority, SkillKind
from profiles.models import Professional, Skill
from profiles.search_criteria import Criteria, Order
from profiles.services import skills
from profiles.states import ProfessionalStatus
from profiles.terms import understand

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
        return self.pairs(given)

    def pairs(self, given: list[str]) -> list[tuple[Any, int]]:
        raise forms.ValidationError(given)


class _SkillsField(_PairsField):
    def pairs(self, given: list[str]) -> list[tuple[Skill, int]]:
        split = [self.split(text) for text in given]
        known = skills.resolve([name for name, _step in split])
        for name, _step in split:
            if name not in known:
                raise forms.ValidationError(_offering(skills.unknown(name, "")), code="unknown_skill")
        return [(known[name], step) for name, step in split]

    @staticmethod
    def split(text: str) -> tuple[str, int]:
        name, colon, step = text.rpartition(":")
        if not colon:
            name, step = text, "1"
        if step not in {str(level) for level in Level.values}:
            raise forms.ValidationError(_("Write a skill and a level from 1 to 5, such as cobol:4."), code="invalid")
        return name, int(step)


class _LanguagesField(_PairsField):
    def pairs(self, given: list[str]) -> list[tuple[str, int]]:
        return [self.pair(text) for text in given]

    @staticmethod
    def pair(text: str) -> tuple[str, int]:
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


@extend_schema_field(OpenApiTypes.DATE)
class DayFilter(filters.DateFilter):
    """A date, told to OpenAPI, which cannot know it from a column."""


@extend_schema_field(OpenApiTypes.NUMBER)
class AmountFilter(filters.NumberFilter):
    """A number, told to OpenAPI, which cannot know it from a column."""


class ProfessionalFilterSet(RecordFilterSet):
    """``skill=cobol:4`` and ``speaks=en:c1`` may be repeated and must all hold; the first skill ranks."""

    ids = IdsFilter("prof")
    status = filters.MultipleChoiceFilter(
        choices=[choice for choice in ProfessionalStatus.choices if choice[0] != ProfessionalStatus.ERASED]
    )
    function = filters.MultipleChoiceFilter(choices=_names(Function), method="stated")
    seniority_min = filters.ChoiceFilter(choices=_names(Seniority), method="stated")
    country = filters.ChoiceFilter(choices=[(code, code) for code in COUNTRY_CODES.values()], method="stated")
    city = TextFilter(method="stated", label=_("City, accents and case ignored"))
    cluster = TextFilter(method="stated", label=_("Cluster, accents and case ignored"))
    available_from = DayFilter(method="stated", label=_("Their dates include this day"))
    weekly_minutes_min = AmountFilter(
        method="stated", min_value=0, max_value=4800, label=_("Minutes of their usual week, at least")
    )
    rate_max = AmountFilter(
        method="stated", min_value=0, max_value=100_000, label=_("US dollars an hour; pesos are converted")
    )
    skill = SkillsFilter(method="stated", label=_("A skill, by code or name, and the least level"))
    evidence_min = filters.ChoiceFilter(
        choices=_names(Evidence), method="stated", label=_("The least evidence of the skills asked for")
    )
    speaks = LanguagesFilter(method="stated", label=_("A language and the least spoken CEFR level"))
    q = TextFilter(
        method="stated", label=_("Names of skills or words of the profile, in English or Spanish; all must be found")
    )
    sort = filters.ChoiceFilter(
        choices=[(Order.RANK.value, _("Best first")), (Order.NEWEST.value, _("Newest first"))],
        method="stated",
        label=_("Best first unless stated; the order has no other choices"),
    )

    class Meta:
        model = Professional
        fields: tuple[str, ...] = ()

    def stated(self, people: QuerySet[Professional], name: str, value: Any) -> QuerySet[Professional]:
        """Leave it to ``criteria``: one statement asks for everything at once."""
        return people

    def filter_queryset(self, queryset: QuerySet[Professional]) -> Search:
        """Return the search instead of narrowing ``queryset``, which says who is visible and what is read of them."""
        return Search(queryset, self.criteria(), self.form.cleaned_data["sort"] or Order.RANK)

    def criteria(self) -> Criteria:
        """Return what was asked for; words are looked up in one query, skills have been."""
        asked = self.form.cleaned_data
        spoken = dict.fromkeys(LanguageCode.values, 0)
        for language, level in asked["speaks"]:
            spoken[language] = max(spoken[language], level)
        terms = understand(asked["q"] or "")
        named = {skill.code: skill.pk for skill, _level in asked["skill"]}
        if unknown := {code for term in terms for code in term.skills} - named.keys():
            named |= dict(Skill.objects.filter(code__in=unknown).values_list("code", "pk"))
        countries = [number for number, code in COUNTRY_CODES.items() if code == asked["country"]]
        return Criteria(
            skills=tuple((skill.pk, level) for skill, level in asked["skill"]),
            evidence=Evidence[(asked["evidence_min"] or "self_declared").upper()],
            terms=terms,
            named=named,
            english=spoken[LanguageCode.ENGLISH],
            spanish=spoken[LanguageCode.SPANISH],
            functions=tuple(Function[each.upper()] for each in asked["function"]),
            status=tuple(asked["status"]),
            seniority=Seniority[asked["seniority_min"].upper()] if asked["seniority_min"] else 0,
            country=countries[0] if countries else None,
            city=asked["city"] or "",
            cluster=asked["cluster"] or "",
            available_on=asked["available_from"],
            weekly_minutes=int(asked["weekly_minutes_min"] or 0),
            dollars=asked["rate_max"],
            ids=tuple(asked["ids"] or ()),
            created_after=asked["created_after"],
            updated_after=asked["updated_after"],
        )


class SkillFilterSet(filters.FilterSet):
    q = TextFilter(method="called", label=_("A name or part of one, in English or Spanish; typos are forgiven"))
    kind = filters.ChoiceFilter(choices=SkillKind.choices)
    family = TextFilter(field_name="family", lookup_expr="exact", label="Such as mainframe, payments or security")

    class Meta:
        model = Skill
        fields: tuple[str, ...] = ()

    def called(self, found: QuerySet[Skill], name: str, value: str) -> QuerySet[Skill]:
        return search.skills_called(found, value)

"""Briefs as they are sent, and what is read from them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.api.serializers.projects import ProjectEdit
from marketplace.clients.briefs import assumptions, draft
from marketplace.clients.briefs.analysis import Analysis
from marketplace.clients.briefs.assumptions import Assumption
from marketplace.clients.briefs.attitudes import Attitude
from marketplace.clients.briefs.needs import NeedReading
from marketplace.clients.briefs.reading import Reading
from marketplace.clients.briefs.seat_reading import SeatReading
from marketplace.clients.briefs.spoken import LanguageDemand
from marketplace.clients.models.project import SolutionType
from marketplace.rest.fields import MoneySerializer, ScaleField, StrictSerializer
from profiles.levels import Cefr, Function, LanguageCode, Seniority, SkillKind
from profiles.services import skills

Output = serializers.Serializer


class BriefInput(StrictSerializer):
    """A brief in English or Spanish: a job ad, a statement of work, a paragraph."""

    # Empty and too long are judged by the service, which says how to mend them.
    text = serializers.CharField(allow_blank=True, trim_whitespace=False, help_text="at most 20,000 characters")
    language = serializers.ChoiceField(
        choices=LanguageCode.choices, required=False, help_text="guessed where it is left out"
    )


class EvidenceOutput(Output[Any]):
    """Words of the brief; `start` and `end` count its characters (Unicode code points)."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()


class _ReadingOutput(Output[Any]):
    confidence = serializers.FloatField(min_value=0, max_value=1)
    evidence = EvidenceOutput(many=True)


class SolutionReadingOutput(_ReadingOutput):
    value = serializers.ChoiceField(choices=SolutionType.choices)


class TextReadingOutput(_ReadingOutput):
    value = serializers.CharField()


class DateReadingOutput(_ReadingOutput):
    value = serializers.DateField()


class CountReadingOutput(_ReadingOutput):
    value = serializers.IntegerField()


class MoneyReadingOutput(_ReadingOutput):
    value = MoneySerializer()


class LanguageReadingOutput(_ReadingOutput):
    """How well a language must be spoken: by everybody, by `people` of the cell, by `roles` or by all other roles."""

    language = serializers.ChoiceField(choices=LanguageCode.choices, source="value.language")
    level = ScaleField(Cefr, without=(Cefr.NONE,), source="value.level")
    people = serializers.IntegerField(source="value.people", allow_null=True)
    roles = serializers.SerializerMethodField(help_text="whom it is meant for, empty for everybody")
    tested = serializers.BooleanField(source="value.tested", help_text="whether a test or certificate must prove it")
    others = serializers.BooleanField(source="value.rest", help_text="meant for whoever no other of them names")

    def get_roles(self, demand: Reading[LanguageDemand]) -> list[str]:
        return sorted(demand.value.roles)


class NeedReadingOutput(_ReadingOutput):
    """A skill; `level` is only usual, not read, where `level_stated` is false."""

    skill = serializers.CharField(source="code")
    name = serializers.SerializerMethodField(help_text="in the reader's language")
    kind = serializers.ChoiceField(choices=SkillKind.choices)
    must = serializers.SerializerMethodField(help_text="false for a wish")
    level = serializers.IntegerField(min_value=1, max_value=5)
    level_stated = serializers.BooleanField(source="stated")
    years = serializers.IntegerField(allow_null=True)

    def get_name(self, need: NeedReading) -> str:
        entry = skills.entries()[need.code]
        return entry.name_es if (get_language() or "en").startswith("es") else entry.name_en

    def get_must(self, need: NeedReading) -> bool:
        return need.attitude is Attitude.MUST


class SeatReadingOutput(_ReadingOutput):
    """Some people of one role, in the order of the seats of `project`."""

    title = serializers.CharField()
    least = serializers.IntegerField()
    most = serializers.IntegerField(source="count")
    function = ScaleField(Function)
    seniority = ScaleField(Seniority, allow_null=True)
    skills = serializers.SerializerMethodField(help_text="named for this seat or said by its role")

    def get_skills(self, seat: SeatReading) -> list[str]:
        return list(dict.fromkeys(mention.code for mention in seat.mentions))


class OpenQuestionOutput(Output[Any]):
    """What the brief leaves open; `pointer` is the field of `project` that the answer goes to."""

    code = serializers.CharField()
    pointer = serializers.CharField()
    question = serializers.CharField()


class AssumptionOutput(Output[Assumption]):
    """What the project takes for granted where the brief is silent; correct it in `project` at `pointer`."""

    code = serializers.CharField()
    pointer = serializers.CharField()
    value = serializers.JSONField(help_text="null where it comes from the organization")
    note = serializers.CharField()


class AnalysisOutput(Output[Analysis]):
    """What a brief says, each with the words it was read from, and a draft to correct and confirm.

    `project` is a body of `POST /projects` as far as the brief goes; what it lacks is among `open_questions`.
    """

    language = serializers.ChoiceField(choices=["en", "es", "mixed", "unknown"], help_text="of the brief")
    title = TextReadingOutput(allow_null=True)
    solution_type = SolutionReadingOutput(allow_null=True)
    seats = SeatReadingOutput(many=True)
    needs = NeedReadingOutput(many=True)
    regulations = serializers.SerializerMethodField(help_text="the skills among `needs` that are rules")
    excluded = NeedReadingOutput(many=True, help_text="skills that the brief rules out")
    languages = LanguageReadingOutput(many=True)
    time_zone = TextReadingOutput(source="places.time_zone", allow_null=True)
    overlap_minutes = CountReadingOutput(source="places.overlap_minutes", allow_null=True)
    starts_on = DateReadingOutput(allow_null=True)
    ends_on = DateReadingOutput(allow_null=True)
    months = CountReadingOutput(allow_null=True)
    monthly_cap = MoneyReadingOutput(allow_null=True)
    hourly_cap = MoneyReadingOutput(allow_null=True)
    project = serializers.SerializerMethodField(help_text="a draft in the shape that `POST /projects` takes")
    assumptions = serializers.SerializerMethodField(help_text="what `project` adds to the words of the brief")
    open_questions = OpenQuestionOutput(many=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_regulations(self, analysis: Analysis) -> list[str]:
        return [need.code for need in analysis.regulations]

    @extend_schema_field(ProjectEdit)
    def get_project(self, analysis: Analysis) -> dict[str, Any]:
        return self._body(analysis)

    @extend_schema_field(AssumptionOutput(many=True))
    def get_assumptions(self, analysis: Analysis) -> list[dict[str, Any]]:
        return [dict(AssumptionOutput(each).data) for each in assumptions.of(analysis, self._body(analysis))]

    def _body(self, analysis: Analysis) -> dict[str, Any]:
        return draft.body(analysis, self.context["brief"])

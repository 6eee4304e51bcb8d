"""Who could take a seat, and what each would gain and lose."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import Seat
from marketplace.kernel.money import Money
from marketplace.rest.fields import IdField, MoneySerializer, ScaleField
from matching import narrative
from matching.api.outputs.match_runs import DiagnosisOutput
from matching.api.outputs.proposals import full_name
from matching.services.replacements import Replacement, Replacements
from profiles.levels import COUNTRY_CODES, Cefr, Country, Seniority


class FactOutput(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="monthly_cost, seniority, english, overlap_minutes, need_strength, …")
    data = serializers.DictField(help_text="before, after, and the skill of a need")  # type: ignore[assignment]
    text = serializers.CharField()


class ReplacementOutput(serializers.Serializer[Any]):
    """Somebody who could take the seat. `value` and `monthly_cost` are of the whole cell with them."""

    professional = serializers.CharField(source="professional.public_id")
    name = serializers.SerializerMethodField()
    seniority = ScaleField(Seniority)
    english = ScaleField(Cefr, help_text="spoken, CEFR")
    country = ScaleField(Country, names=COUNTRY_CODES)
    overlap_minutes = serializers.IntegerField()
    points = serializers.IntegerField(help_text="what this person adds in this seat, cost deducted")
    own_monthly_cost = serializers.SerializerMethodField()
    value = serializers.IntegerField()
    value_change = serializers.SerializerMethodField(help_text="against the cell as it is, on the market as it is")
    monthly_cost = serializers.SerializerMethodField()
    gained = serializers.SerializerMethodField()
    lost = serializers.SerializerMethodField()

    def get_name(self, row: Replacement) -> str:
        return full_name(row.professional)

    @extend_schema_field(MoneySerializer)
    def get_own_monthly_cost(self, row: Replacement) -> dict[str, str]:
        return Money.of(row.own_monthly_cost, self.context["names"].currency).as_json()

    @extend_schema_field(MoneySerializer)
    def get_monthly_cost(self, row: Replacement) -> dict[str, str]:
        return Money.of(row.monthly_cost, self.context["names"].currency).as_json()

    def get_value_change(self, row: Replacement) -> int:
        return row.value - int(self.context["value"])

    @extend_schema_field(FactOutput(many=True))
    def get_gained(self, row: Replacement) -> list[dict[str, Any]]:
        return self._facts(row, better=True)

    @extend_schema_field(FactOutput(many=True))
    def get_lost(self, row: Replacement) -> list[dict[str, Any]]:
        return self._facts(row, better=False)

    def _facts(self, row: Replacement, *, better: bool) -> list[dict[str, Any]]:
        names = self.context["names"]
        return [
            {
                "code": fact.code,
                "data": _wire(fact.code, fact.data),
                "text": narrative.fact_text(fact.code, better, fact.data, names),
            }
            for fact in row.facts
            if fact.better == better
        ]


def _wire(code: str, data: Any) -> dict[str, Any]:
    """Return the numbers of a fact, scales by name."""
    scale = {"seniority": Seniority, "english": Cefr}.get(code)
    return {
        key: scale(value).name.lower() if scale is not None and key in {"before", "after"} else value
        for key, value in data.items()
    }


class ReplacementsOutput(serializers.Serializer[Any]):
    """The best ten for one seat while everybody else stays, best first."""

    member = serializers.CharField(source="member.professional.public_id", help_text="Who would be replaced")
    seat = IdField(Seat.prefix, source="member.seat_id")
    value = serializers.IntegerField(help_text="points of the cell as it is, on the market as it is")
    results = serializers.SerializerMethodField()
    proven = serializers.BooleanField(help_text="Each is the best of those that are left, by proof")
    exhausted = serializers.BooleanField(help_text="Nobody else could take the seat")
    diagnosis = serializers.SerializerMethodField(help_text="Where there is nobody: why, and what would change it")

    @extend_schema_field(ReplacementOutput(many=True))
    def get_results(self, row: Replacements) -> Any:
        return ReplacementOutput(row.results, many=True, context={**self.context, "value": row.value}).data

    @extend_schema_field(DiagnosisOutput(allow_null=True))
    def get_diagnosis(self, row: Replacements) -> Any:
        return None if row.diagnosis is None else narrative.diagnosis(row.diagnosis, self.context["names"])

"""A cell beside the best single hires. A client learns nothing of single people who are not in the cell."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.kernel.money import Money
from marketplace.rest.fields import IdField, MoneySerializer, ScaleField
from matching import landed_costs, narrative
from matching.api.outputs.comparisons import MonthSharedOutput
from matching.api.outputs.proposals import full_name
from matching.models import Proposal
from matching.services.augmentation import Augmentation, Held, Hire, Side
from profiles.levels import COUNTRY_CODES, Cefr, Country, Seniority


class HireOutput(serializers.Serializer[Any]):
    """Somebody of either side. Names and single costs of people outside the cell are shown to recruiters only."""

    seat_position = serializers.IntegerField(source="seat", help_text="Its position in the problem, from 0")
    pseudonym = serializers.CharField(help_text="Empty for somebody who is not in the cell")
    name = serializers.SerializerMethodField(help_text="To recruiters only; else null")
    seniority = ScaleField(Seniority)
    english = ScaleField(Cefr, help_text="spoken, CEFR")
    country = ScaleField(Country, names=COUNTRY_CODES)
    monthly_cost = serializers.SerializerMethodField(help_text="null to clients for people outside the cell")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_name(self, hire: Hire) -> str | None:
        return full_name(hire.professional) if self.context["names"] else None

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_monthly_cost(self, hire: Hire) -> dict[str, str] | None:
        if not self.context["names"] and not hire.pseudonym:
            return None
        return Money.of(hire.monthly_cost, self.context["currency"]).as_json()


class HeldOutput(serializers.Serializer[Any]):
    skill = serializers.CharField(source="skill.code")
    skill_name = serializers.SerializerMethodField()
    count = serializers.IntegerField(help_text="how many must hold it; 0 for a wish")
    holders = serializers.IntegerField()
    covered = serializers.BooleanField()

    def get_skill_name(self, line: Held) -> str:
        return line.skill.name(get_language() or "en")


class BrokenRuleOutput(serializers.Serializer[Any]):
    rule = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]
    text = serializers.CharField()


class LandedLineOutput(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="people, the code of a scenario, first_year_deduction")
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, help_text="a month; negative where it saves")


class LandedOutput(serializers.Serializer[Any]):
    """What a month costs under the scenarios that are switched on, in the currency of the cell."""

    lines = LandedLineOutput(many=True)
    before_tax = serializers.DecimalField(max_digits=14, decimal_places=2)
    after_tax = serializers.DecimalField(
        max_digits=14, decimal_places=2, help_text="less what the first year's deduction saves"
    )


class AugmentationSideOutput(serializers.Serializer[Any]):
    """One side of the table."""

    feasible = serializers.BooleanField(source="verdict.holds", help_text="keeps every rule of the cell")
    broken_rules = serializers.SerializerMethodField()
    hires = serializers.SerializerMethodField()
    empty_seats = serializers.IntegerField()
    value = serializers.IntegerField(source="verdict.value", help_text="points")
    monthly_cost = serializers.SerializerMethodField()
    coverage = HeldOutput(many=True)
    regulation = HeldOutput(many=True)
    bridges = serializers.IntegerField(help_text="people who speak English at C1 or above")
    facing_english = ScaleField(Cefr, allow_null=True, help_text="the lowest of those who face the client")
    worst_day_minutes = serializers.IntegerField(help_text="working time that everybody shares with the client")
    shared_by_month = MonthSharedOutput(many=True, source="months")
    points_of_contact = serializers.IntegerField(
        help_text="whom the client manages: of a cell those who face the client, else every single hire"
    )
    landed = LandedOutput()

    @extend_schema_field(BrokenRuleOutput(many=True))
    def get_broken_rules(self, side: Side) -> list[dict[str, Any]]:
        texts = narrative.broken_rules(self.context["proposal"], [row["violation"] for row in side.violations])
        spoken = get_language() or "en"
        called = {line.skill.code: line.skill.name(spoken) for line in side.coverage}
        return [
            {
                "rule": row["rule"],
                "data": row["data"],
                "text": _("%(skill)s, which too few hold") % {"skill": called[row["data"]["skill"]]}
                if "skill" in row["data"]
                else text,
            }
            for row, text in zip(side.violations, texts, strict=True)
        ]

    @extend_schema_field(HireOutput(many=True))
    def get_hires(self, side: Side) -> Any:
        return HireOutput(side.hires, many=True, context=self.context).data

    @extend_schema_field(MoneySerializer)
    def get_monthly_cost(self, side: Side) -> dict[str, str]:
        return Money.of(side.verdict.cost, self.context["currency"]).as_json()


class ScenarioOutput(serializers.Serializer[Any]):
    """A switch of the landed costs, with where its figures come from and how sure of them we are."""

    code = serializers.CharField()
    on = serializers.SerializerMethodField()
    applies_to = serializers.ListField(child=serializers.CharField(), help_text="cell, augmentation")
    figures = serializers.DictField(help_text="percent, years, or monthly_fee and currency")
    title = serializers.CharField()
    note = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    source_date = serializers.DateField()
    confidence = serializers.CharField(help_text="primary, secondary, assumption")

    def get_on(self, scenario: landed_costs.Scenario) -> bool:
        return scenario.code in self.context["switches"]


class NoticeOutput(serializers.Serializer[Any]):
    en = serializers.CharField()
    es = serializers.CharField()


class AugmentationOutput(serializers.Serializer[Any]):
    """A cell beside the best single hire per seat, chosen one by one out of the same people at the same moment."""

    proposal = IdField(Proposal.prefix)
    currency = serializers.CharField(source="proposal.currency")
    people = serializers.IntegerField(help_text="people of whom at least one seat would take each")
    bridges_asked = serializers.IntegerField()
    cell = serializers.SerializerMethodField()
    single_hires = serializers.SerializerMethodField()
    scenarios = serializers.SerializerMethodField()
    tax_percent = serializers.SerializerMethodField(help_text="of the deductions, with `tax_source`")
    tax_source = serializers.SerializerMethodField()
    reviewed_on = serializers.SerializerMethodField(help_text="when the reference data were last read through")
    notice = serializers.SerializerMethodField(help_text="What the landed costs are not, in both languages")

    @extend_schema_field(AugmentationSideOutput)
    def get_cell(self, row: Augmentation) -> Any:
        return self._side(row.cell, row)

    @extend_schema_field(AugmentationSideOutput)
    def get_single_hires(self, row: Augmentation) -> Any:
        return self._side(row.single_hires, row)

    def _side(self, side: Side, row: Augmentation) -> Any:
        context = {**self.context, "proposal": row.proposal, "currency": row.proposal.currency}
        return AugmentationSideOutput(side, context=context).data

    @extend_schema_field(ScenarioOutput(many=True))
    def get_scenarios(self, row: Augmentation) -> Any:
        known = landed_costs.reference().scenarios.values()
        return ScenarioOutput(known, many=True, context={**self.context, "switches": row.switches}).data

    def get_tax_percent(self, row: Augmentation) -> int:
        return landed_costs.reference().tax_percent

    def get_tax_source(self, row: Augmentation) -> str:
        return landed_costs.reference().tax_source

    @extend_schema_field(serializers.DateField())
    def get_reviewed_on(self, row: Augmentation) -> Any:
        return landed_costs.reference().reviewed_on.isoformat()

    @extend_schema_field(NoticeOutput)
    def get_notice(self, row: Augmentation) -> dict[str, str]:
        return landed_costs.reference().notice

"""Bodies of questions about a cell: what if somebody, or some rule, were different."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from marketplace.clients.api.serializers.projects import (
    MOST_NEEDS,
    MOST_PEOPLE,
    MOST_SEATS,
    LanguageFloorInput,
    NeedInput,
    SeatInput,
    SkillFloorInput,
)
from marketplace.clients.models import Need, Seat
from marketplace.rest.fields import IdField, MoneySerializer, ScaleField, StrictSerializer
from matching import landed_costs
from matching.models import Proposal
from matching.services.questions import Pin, Question, Swap
from profiles.levels import COUNTRY_CODES, Country, Evidence, Level, Seniority
from profiles.models import Professional

_WHOLE = (
    "monthly_cap", "starts_on", "ends_on", "overlap_minutes", "evidence_floor", "bridges", "us_specialists",
    "cost_weight",
)  # fmt: skip


class PinInput(StrictSerializer):
    professional = IdField(Professional.prefix)
    seat = IdField(Seat.prefix, required=False, help_text="Any seat unless one is named")

    def validate(self, attrs: dict[str, Any]) -> Pin:  # type: ignore[override]
        return Pin(**attrs)


class SwapInput(StrictSerializer):
    leaves = IdField(Professional.prefix, help_text="A member of the cell")
    comes = IdField(Professional.prefix, help_text="Takes the seat of the one who leaves")

    def validate(self, attrs: dict[str, Any]) -> Swap:  # type: ignore[override]
        return Swap(**attrs)


class SeatChangeInput(StrictSerializer):
    """Whatever is given changes; `skills` and `languages` replace the whole list of floors."""

    id = IdField(Seat.prefix)
    min_seniority = ScaleField(Seniority, required=False)
    countries = serializers.ListField(child=ScaleField(Country, names=COUNTRY_CODES), max_length=2, required=False)
    weekly_minutes = serializers.IntegerField(min_value=60, max_value=3600, required=False)
    client_facing = serializers.BooleanField(required=False)
    max_rate = MoneySerializer(allow_null=True, required=False, help_text="per hour; null for no limit")
    least = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False)
    most = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE, required=False)
    skills = SkillFloorInput(many=True, required=False, max_length=20)  # type: ignore[call-arg]
    languages = LanguageFloorInput(many=True, required=False, max_length=8)  # type: ignore[call-arg]

    def validate(self, attrs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:  # type: ignore[override]
        changes = {name: tuple(value) if isinstance(value, list) else value for name, value in attrs.items()}
        if "countries" in changes:
            changes["countries"] = tuple(sorted(set(changes["countries"])))
        return changes.pop("id"), changes


class NeedChangeInput(StrictSerializer):
    """Whatever is given changes; a `count` of 0 makes the need a wish."""

    id = IdField(Need.prefix)
    level = serializers.IntegerField(min_value=Level.AWARE, max_value=Level.EXPERT, required=False)
    count = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False)
    weight = serializers.IntegerField(min_value=0, max_value=10, required=False)

    def validate(self, attrs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:  # type: ignore[override]
        changes = dict(attrs)
        return changes.pop("id"), changes


class WhatIfInput(StrictSerializer):
    """Everything is optional; what is not said stays as it is in the cell's terms."""

    pins = PinInput(many=True, required=False, max_length=MOST_PEOPLE)  # type: ignore[call-arg]
    bans = serializers.ListField(
        child=IdField(Professional.prefix), required=False, max_length=MOST_PEOPLE, help_text="Must not be in the cell"
    )
    swaps = SwapInput(many=True, required=False, max_length=MOST_PEOPLE)  # type: ignore[call-arg]
    keep_others = serializers.BooleanField(
        required=False, help_text="Members whom the question does not speak of stay in their seats"
    )
    monthly_cap = MoneySerializer(required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)
    overlap_minutes = serializers.IntegerField(min_value=0, max_value=1440, required=False)
    evidence_floor = ScaleField(Evidence, required=False)
    bridges = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False)
    us_specialists = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False)
    cost_weight = serializers.IntegerField(min_value=0, max_value=400, required=False, help_text="percent")
    seats = SeatChangeInput(many=True, required=False, max_length=MOST_SEATS)  # type: ignore[call-arg]
    needs = NeedChangeInput(many=True, required=False, max_length=MOST_NEEDS)  # type: ignore[call-arg]
    drop_seats = serializers.ListField(child=IdField(Seat.prefix), required=False, max_length=MOST_SEATS)
    drop_needs = serializers.ListField(child=IdField(Need.prefix), required=False, max_length=MOST_NEEDS)
    add_seats = SeatInput(many=True, required=False, max_length=MOST_SEATS)  # type: ignore[call-arg]
    add_needs = NeedInput(many=True, required=False, max_length=MOST_NEEDS)  # type: ignore[call-arg]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        whole = {name: value for name, value in attrs.items() if name in _WHOLE}
        rest = {name: value for name, value in attrs.items() if name not in _WHOLE}
        return {"question": Question(**rest, whole=whole)}


class KeepInput(StrictSerializer):
    reason = serializers.CharField(max_length=4000, help_text="Why this cell is better; it stays in the record")


class BlindQuery(StrictSerializer):
    blind = serializers.BooleanField(required=False, default=False)


class ComparisonQuery(BlindQuery):
    ids = serializers.CharField(max_length=400)

    def validate_ids(self, given: str) -> list[Any]:
        one = IdField(Proposal.prefix)
        return [one.to_internal_value(part) for part in given.split(",")]


class ScenarioQuery(StrictSerializer):
    scenarios = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)

    def validate_scenarios(self, given: str) -> list[str]:
        codes = [code for code in given.split(",") if code]
        known = landed_costs.reference().scenarios
        if set(codes) - known.keys():
            raise serializers.ValidationError(
                _("Known here: %(known)s.") % {"known": ", ".join(sorted(known))}, code="unknown_scenario"
            )
        return codes


class ReplacementQuery(StrictSerializer):
    seat = IdField(Seat.prefix, required=False)
    member = IdField(Professional.prefix, required=False)

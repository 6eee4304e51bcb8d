"""Replacements for empty seats: with names for recruiters, with pseudonyms for the client who is asked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from marketplace.clients.models import Engagement, Placement, Seat
from marketplace.kernel import identifiers
from marketplace.kernel.money import Money
from marketplace.rest.fields import IdField, MoneySerializer, ScaleField
from matching import narrative
from matching.api.outputs.match_runs import DiagnosisOutput
from matching.api.outputs.proposals import full_name
from matching.api.outputs.reviews import CertificationOutput
from matching.models import Replacement, Vacancy
from matching.narrative import names, vacancies
from matching.services import proposals
from matching.states import ReplacementStatus
from profiles.levels import COUNTRY_CODES, Cefr, Country, Seniority
from profiles.models import Professional


def _placement(key: str) -> str:
    return identifiers.encode(Placement.prefix, uuid.UUID(key))


class VacancyOutput(serializers.Serializer[Any]):
    """An empty seat. Why somebody left it is their own affair."""

    placement = IdField(Placement.prefix, source="placement_id")
    seat = IdField(Seat.prefix, source="placement.seat_id")
    seat_title = serializers.SerializerMethodField()
    vacant_from = serializers.DateField(source="placement.vacant_from", allow_null=True)

    def get_seat_title(self, vacancy: Vacancy) -> str:
        return vacancy.placement.seat.title(get_language() or "en")


class AskedOutput(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="cost_higher, others_leave, seats_change, starts_later, terms_relaxed")
    text = serializers.CharField()


class ReplacedMemberOutput(serializers.Serializer[Any]):
    """A member of the cell as it would be. `professional`, `name` and `points` are shown to recruiters only."""

    pseudonym = serializers.CharField()
    seat = serializers.CharField()
    seat_title = serializers.CharField()
    change = serializers.CharField(help_text="stays, moves, joins")
    placement = serializers.CharField(allow_null=True, help_text="Of somebody who is in the cell already")
    replaces = serializers.CharField(allow_null=True, help_text="The placement that a newcomer follows")
    seniority = ScaleField(Seniority)
    english = ScaleField(Cefr, help_text="spoken, CEFR")
    country = ScaleField(Country, names=COUNTRY_CODES)
    weekly_minutes = serializers.IntegerField()
    overlap_minutes = serializers.IntegerField(help_text="Working time shared with the client on the worst day")
    monthly_cost = MoneySerializer()
    starts_on = serializers.DateField()
    professional = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    points = serializers.IntegerField(required=False)


class ReplacementLineOutput(serializers.Serializer[Any]):
    skill = serializers.CharField()
    holders = serializers.IntegerField()
    thin = serializers.BooleanField(help_text="A must that one member holds")


class ReplacementOptionOutput(serializers.Serializer[Any]):
    """One way to fill the empty seats. `value`, `bound` and `gap` are shown to recruiters only."""

    text = serializers.CharField(help_text="Whom else it affects")
    proof = serializers.CharField()
    proven = serializers.BooleanField()
    further_leave = serializers.ListField(child=serializers.CharField(), help_text="Placements that end as well")
    change_seat = serializers.ListField(child=serializers.CharField(), help_text="Placements of those who move")
    monthly_cost = MoneySerializer()
    members = ReplacedMemberOutput(many=True)
    coverage = ReplacementLineOutput(many=True)
    value = serializers.IntegerField(required=False)
    bound = serializers.IntegerField(required=False)
    gap = serializers.IntegerField(required=False)


class ReplacementSummaryOutput(serializers.Serializer[Any]):
    """A search for whoever takes the empty seats of an engagement."""

    id = serializers.CharField(source="public_id")
    engagement = IdField(Engagement.prefix, source="engagement_id")
    status = serializers.ChoiceField(choices=ReplacementStatus.choices)
    vacancies = VacancyOutput(many=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Until when the client is waited for")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def _told(row: Replacement, option: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """One option in words; with people where the reader may know them."""
    currency, staff, people = row.engagement.currency, context["staff"], context["people"]
    titles = {seat["id"]: seat for seat in (row.terms or {}).get("seats", ())}
    spanish = (get_language() or "en").startswith("es")

    def member(entry: Mapping[str, Any]) -> dict[str, Any]:
        seat, person = titles[entry["seat"]], uuid.UUID(entry["professional"])
        held = entry["placement"] or entry["was"]
        plain = {
            "pseudonym": proposals.pseudonym(row.engagement.project_id, person),
            "seat": identifiers.encode(Seat.prefix, uuid.UUID(entry["seat"])),
            "seat_title": (spanish and seat["title_es"]) or seat["title_en"],
            "change": "stays" if entry["placement"] else "moves" if entry["was"] else "joins",
            "placement": _placement(held) if held else None,
            "replaces": _placement(entry["replaces"]) if entry["replaces"] else None,
            "seniority": ScaleField(Seniority).to_representation(entry["seniority"]),
            "english": ScaleField(Cefr).to_representation(entry["english"]),
            "country": ScaleField(Country, names=COUNTRY_CODES).to_representation(entry["country"]),
            "weekly_minutes": entry["weekly_minutes"],
            "overlap_minutes": entry["overlap_minutes"],
            "monthly_cost": Money.of(entry["monthly_cost"], currency).as_json(),
            "starts_on": entry["starts_on"],
        }
        if not staff:
            return plain
        who = people.get(entry["professional"])
        public = Professional(pk=person).public_id
        return {**plain, "professional": public, "name": full_name(who) if who else "", "points": entry["points"]}

    told = {
        "text": vacancies.disturbance(option),
        "proof": vacancies.proof(option),
        "proven": option["proven"],
        "further_leave": [_placement(key) for key in option["leaves"]],
        "change_seat": [_placement(key) for key in option["moves"]],
        "monthly_cost": Money.of(option["monthly_cost"], currency).as_json(),
        "members": [member(entry) for entry in option["members"]],
        "coverage": [{key: line[key] for key in ("skill", "holders", "thin")} for line in option["coverage"]],
    }
    numbers = {"value": option["value"], "bound": option["bound"], "gap": option["bound"] - option["value"]}
    return {**told, **numbers} if staff else told


class ClientReplacementOutput(ReplacementSummaryOutput):
    """What a client is asked, or what came of it."""

    asks_client = serializers.SerializerMethodField(help_text="What differs from what was accepted; empty: nothing")
    monthly_cost_before = serializers.SerializerMethodField(help_text="As accepted")
    chosen = serializers.SerializerMethodField(help_text="What was approved; null before that")
    why_nobody = serializers.SerializerMethodField(help_text="Where nobody fits: why, in a sentence; else empty")
    ways_out = serializers.SerializerMethodField(help_text="Where nobody fits: what would change that, cheapest first")
    decline_reason = serializers.CharField(help_text="Empty unless declined")

    def _option(self, row: Replacement) -> Any:
        return row.options[row.chosen] if row.chosen is not None and row.options else None

    @extend_schema_field(AskedOutput(many=True))
    def get_asks_client(self, row: Replacement) -> list[dict[str, str]]:
        option, before = self._option(row), (row.current or {}).get("monthly_cost", "0")
        return [
            {"code": code, "text": vacancies.asked(code, option, before, row.engagement.currency)}
            for code in row.asks_client
        ]

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_monthly_cost_before(self, row: Replacement) -> dict[str, str] | None:
        if not row.current:
            return None
        return Money.of(row.current["monthly_cost"], row.engagement.currency).as_json()

    @extend_schema_field(ReplacementOptionOutput(allow_null=True))
    def get_chosen(self, row: Replacement) -> Any:
        option = self._option(row)
        return None if option is None else _told(row, option, self.context)

    def _diagnosis(self, row: Replacement) -> dict[str, Any] | None:
        if row.diagnosis is None or row.status != ReplacementStatus.IMPOSSIBLE:
            return None
        return narrative.diagnosis(row.diagnosis, names.of_terms(row.terms or {}, row.engagement.currency))

    def get_why_nobody(self, row: Replacement) -> str:
        told = self._diagnosis(row)
        return "" if told is None else " ".join([told["text"], *(entry["text"] for entry in told["blocked"])])

    def get_ways_out(self, row: Replacement) -> list[str]:
        told = self._diagnosis(row)
        return [] if told is None else [entry["text"] for entry in told["repairs"]]


@extend_schema_field(ReplacementOptionOutput(many=True))
class OptionsField(serializers.Field[Any, Any, Any, Replacement]):
    """Every option in words. Not a method field: those would be required in the schema, and clients never get it."""

    def to_representation(self, value: Replacement) -> Any:
        return [_told(value, option, self.context) for option in value.options]


@extend_schema_field(DiagnosisOutput(allow_null=True))
class DiagnosisField(serializers.Field[Any, Any, Any, Replacement]):
    """Why nobody fits, or why somebody else has to go, and what would change that."""

    def to_representation(self, value: Replacement) -> Any:
        if value.diagnosis is None:
            return None
        return narrative.diagnosis(value.diagnosis, names.of_terms(value.terms or {}, value.engagement.currency))


@extend_schema_serializer(component_name="EngagementReplacementOutput")
class RecruiterReplacementOutput(ClientReplacementOutput):
    """A replacement. What follows `decline_reason` is shown to recruiters only."""

    cause = serializers.CharField(required=False)
    status_reason = serializers.CharField(required=False)
    last_error = serializers.CharField(required=False)
    options = OptionsField(source="*", required=False, help_text="Best first; each without all newcomers of another")
    exhausted = serializers.BooleanField(required=False, help_text="There is nobody else")
    diagnosis = DiagnosisField(
        source="*", required=False, help_text="Why nobody fits while everybody else keeps their seat"
    )
    approved_by = serializers.CharField(required=False)
    approved_at = serializers.DateTimeField(required=False, allow_null=True)
    reason_code = serializers.CharField(required=False)
    comment = serializers.CharField(required=False)


class ReplacementProofOutput(serializers.Serializer[Any]):
    """The least disturbance and the value, checked again from the stored inputs."""

    holds = serializers.BooleanField(help_text="Every lesser disturbance is refuted again and the bound is confirmed")
    snapshot_digest = serializers.CharField(help_text="SHA-256 of what the engine was given")
    people = serializers.IntegerField(help_text="people in the snapshot")
    certification = CertificationOutput()
    checked_at = serializers.DateTimeField()


def people_of(row: Replacement) -> dict[str, Professional]:
    """Return everybody whom the options of a replacement speak of, by id, in one query."""
    keys = {member["professional"] for option in _options(row) for member in option["members"]}
    return {str(person.pk): person for person in Professional.objects.filter(pk__in=keys)}


def _options(row: Replacement) -> Sequence[Mapping[str, Any]]:
    options: Sequence[Mapping[str, Any]] = row.options
    return options

"""Offers: frozen terms, and the engagement that accepting opens."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import Engagement, Project
from marketplace.clients.states import EngagementStatus
from marketplace.kernel.money import Money
from marketplace.rest.fields import IdField, MoneySerializer
from matching.models import Offer, Proposal
from matching.states import OfferStatus


class TermsMemberOutput(serializers.Serializer[Any]):
    seat = serializers.CharField()
    pseudonym = serializers.CharField()
    weekly_minutes = serializers.IntegerField()
    monthly_cost = MoneySerializer()


class TermsOutput(serializers.Serializer[Any]):
    """What the client was shown and accepts; it does not change while the offer stands."""

    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    monthly_cost = MoneySerializer()
    members = TermsMemberOutput(many=True)


class OfferOutput(serializers.Serializer[Any]):
    """An approved cell before the client."""

    id = serializers.CharField(source="public_id")
    proposal = IdField(Proposal.prefix, source="proposal_id")
    project = IdField(Project.prefix, source="proposal.project_id")
    number = serializers.IntegerField(help_text="Counts the offers of one cell: each has terms of its own")
    status = serializers.ChoiceField(choices=OfferStatus.choices)
    terms = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decline_reason = serializers.CharField(help_text="Empty unless declined")
    change_reason = serializers.CharField(help_text="Empty unless a change was asked for")
    change_message = serializers.CharField(help_text="What the client would have different, in its own words")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(TermsOutput)
    def get_terms(self, offer: Offer) -> Any:
        return offer.terms


class AcceptedOutput(serializers.Serializer[Any]):
    """The engagement that acceptance opened, in short."""

    id = serializers.CharField(source="public_id")
    status = serializers.ChoiceField(choices=EngagementStatus.choices)
    project = IdField(Project.prefix, source="project_id")
    proposal = IdField(Proposal.prefix, source="proposal_id")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    monthly_cost = serializers.SerializerMethodField()
    placements = serializers.SerializerMethodField(help_text="people held")

    @extend_schema_field(MoneySerializer)
    def get_monthly_cost(self, engagement: Engagement) -> dict[str, str]:
        return Money.of(engagement.monthly_cost, engagement.currency).as_json()

    def get_placements(self, engagement: Engagement) -> int:
        return engagement.placements.count()

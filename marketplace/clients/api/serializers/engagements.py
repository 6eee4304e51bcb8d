"""Engagements as the client and the recruiter see them, and as a professional sees their own part."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import Engagement, Organization, Placement, Project, Seat
from marketplace.clients.services import documents
from marketplace.clients.services.engagements import TERMINATION_REASONS
from marketplace.clients.services.placements import VACANCY_REASONS
from marketplace.clients.states import EngagementStatus, InvitationStatus, PlacementStatus
from marketplace.kernel.money import Money
from marketplace.rest.fields import IdField, MoneySerializer, StrictSerializer
from profiles.models import Professional

_ANSWERS = tuple(str(status) for status in InvitationStatus)


class TerminationInput(StrictSerializer):
    reason_code = serializers.CharField(max_length=48, help_text=f"One of {', '.join(TERMINATION_REASONS)}")


class PlacedSeat(serializers.Serializer[Any]):
    id = IdField(Seat.prefix)
    title = serializers.SerializerMethodField()

    def get_title(self, seat: Seat) -> str:
        return seat.title(get_language() or "en")


class PlacedProfessional(serializers.Serializer[Any]):
    """Known by name since the cell was accepted."""

    id = IdField(Professional.prefix)
    given_names = serializers.CharField()
    family_names = serializers.CharField()


class SeatAnswers(serializers.Serializer[Any]):
    """How many of the people asked have answered what."""

    waiting = serializers.IntegerField()
    accepted = serializers.IntegerField()
    declined = serializers.IntegerField()
    expired = serializers.IntegerField()
    withdrawn = serializers.IntegerField()


def _answer(placement: Placement) -> str:
    """Return the newest invitation's status; reads ``invitations``, which the caller prefetches."""
    newest = max(placement.invitations.all(), key=lambda row: row.pk, default=None)
    return str(newest.shown_status) if newest else ""


class AgreedHours(serializers.Serializer[Any]):
    starts_on = serializers.DateField()
    weekly_minutes = serializers.IntegerField()


class PlacementOutput(serializers.Serializer[Any]):
    id = IdField(Placement.prefix)
    status = serializers.ChoiceField(choices=PlacementStatus.choices)
    answer = serializers.SerializerMethodField(help_text="`sent` while it is awaited")
    vacant_from = serializers.DateField(allow_null=True, help_text="the day from which the seat is empty")
    vacant_because = serializers.SerializerMethodField(help_text="in general terms, empty unless the seat is left")
    replaced_by = IdField(Placement.prefix, source="replaced_by_id", allow_null=True)
    seat = PlacedSeat()
    professional = PlacedProfessional()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    weekly_minutes = serializers.IntegerField(help_text="as agreed last; `hours` says since when, where they changed")
    hours = AgreedHours(source="terms", many=True)
    rate = serializers.SerializerMethodField(help_text="per hour, in the professional's own currency")
    monthly_cost = serializers.SerializerMethodField(help_text="in the engagement's currency")

    def get_answer(self, placement: Placement) -> str:
        return _answer(placement)

    def get_vacant_because(self, placement: Placement) -> str:
        return VACANCY_REASONS.get(placement.ended_reason, "") if placement.vacant_from else ""

    @extend_schema_field(MoneySerializer)
    def get_rate(self, placement: Placement) -> dict[str, str]:
        return Money.of(placement.rate_amount, placement.rate_currency).as_json()

    @extend_schema_field(MoneySerializer)
    def get_monthly_cost(self, placement: Placement) -> dict[str, str]:
        return Money.of(placement.monthly_cost, placement.engagement.currency).as_json()


class EngagementSummary(serializers.Serializer[Any]):
    """What everybody in an engagement sees of it."""

    id = IdField(Engagement.prefix)
    organization = IdField(Organization.prefix, source="organization_id")
    organization_name = serializers.CharField(source="organization.name")
    project = IdField(Project.prefix, source="project_id")
    project_title = serializers.CharField(source="project.title")
    status = serializers.ChoiceField(choices=EngagementStatus.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class EngagementOutput(EngagementSummary):
    """`monthly_cost` is left out for professionals, and `placements` are only their own."""

    confirm_by = serializers.DateTimeField(
        allow_null=True, help_text="until when everybody has to say yes; after it all hours are free again"
    )
    ended_reason = serializers.CharField(help_text="why it was terminated, empty otherwise")
    answers = serializers.SerializerMethodField()
    monthly_cost = serializers.SerializerMethodField()
    documents_outstanding = serializers.SerializerMethodField(
        help_text="required documents that are not there, or no longer hold"
    )
    placements = PlacementOutput(many=True)

    @extend_schema_field(SeatAnswers)
    def get_answers(self, engagement: Engagement) -> dict[str, int]:
        counted = Counter(_answer(placement) for placement in engagement.placements.all())
        return {"waiting" if status == InvitationStatus.SENT else status: counted[status] for status in _ANSWERS}

    def get_documents_outstanding(self, engagement: Engagement) -> int:
        return documents.outstanding(engagement)

    @extend_schema_field(MoneySerializer)
    def get_monthly_cost(self, engagement: Engagement) -> dict[str, str]:
        return Money.of(engagement.monthly_cost, engagement.currency).as_json()


class OwnPlacementOutput(serializers.Serializer[Any]):
    """A placement as its professional sees it."""

    id = IdField(Placement.prefix)
    status = serializers.ChoiceField(choices=PlacementStatus.choices)
    answer = serializers.SerializerMethodField(help_text="what you have answered, `sent` while you have not")
    seat = PlacedSeat()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    weekly_minutes = serializers.IntegerField(help_text="as agreed last; `hours` says since when, where they changed")
    hours = AgreedHours(source="terms", many=True)
    rate = serializers.SerializerMethodField()

    def get_answer(self, placement: Placement) -> str:
        return _answer(placement)

    @extend_schema_field(MoneySerializer)
    def get_rate(self, placement: Placement) -> dict[str, str]:
        return Money.of(placement.rate_amount, placement.rate_currency).as_json()


class OwnEngagementOutput(EngagementSummary):
    """An engagement as one of its professionals sees it: their own placement, nobody else's, no total."""

    placements = OwnPlacementOutput(many=True)

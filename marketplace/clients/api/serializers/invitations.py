"""Invitations as the invited person and the recruiter see them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.api.serializers.engagements import PlacedProfessional, PlacedSeat
from marketplace.clients.models import AnswerChannel, Engagement, Invitation, Placement
from marketplace.clients.models.project import SolutionType
from marketplace.clients.services.invitations import DECLINE_REASONS
from marketplace.clients.states import InvitationStatus
from marketplace.kernel.money import Money
from marketplace.rest.fields import IdField, MoneySerializer, StrictSerializer

_REASONS = f"One of {', '.join(DECLINE_REASONS)}"


class NoInput(StrictSerializer):
    """A body without members."""


class DeclineInvitationInput(StrictSerializer):
    reason_code = serializers.CharField(max_length=48, help_text=_REASONS)


class InvitationTokenInput(StrictSerializer):
    token = serializers.CharField(max_length=128, help_text="what follows `#token=` in the link of the e-mail")


class InvitationAnswerInput(InvitationTokenInput):
    answer = serializers.ChoiceField(choices=[("accept", _("Yes")), ("decline", _("No"))])
    reason_code = serializers.CharField(max_length=48, required=False, help_text=f"For a no. {_REASONS}")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = "reason_code" in attrs
        if given == (attrs["answer"] == "accept"):
            message = _("A yes has no reason.") if given else _("Give a reason for a no.")
            raise serializers.ValidationError({"reason_code": [message]}, code="unexpected" if given else "required")
        return attrs


class InvitationSummary(serializers.Serializer[Any]):
    """Past its deadline an unanswered invitation shows as `expired`."""

    id = IdField(Invitation.prefix)
    status = serializers.ChoiceField(choices=InvitationStatus.choices, source="shown_status")
    expires_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    engagement = IdField(Engagement.prefix, source="placement.engagement_id")
    placement = IdField(Placement.prefix, source="placement_id")
    organization_name = serializers.CharField(source="placement.engagement.organization.name")
    project_title = serializers.CharField(source="placement.engagement.project.title")
    seat = PlacedSeat(source="placement.seat")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class InvitationOutput(InvitationSummary):
    """What the person is asked, on which terms; they hold for the whole time, whatever the profile says later."""

    brief = serializers.CharField(source="placement.engagement.project.brief")
    solution_type = serializers.ChoiceField(
        choices=SolutionType.choices, source="placement.engagement.project.solution_type"
    )
    client_facing = serializers.BooleanField(source="placement.seat.client_facing")
    starts_on = serializers.DateField(source="placement.starts_on")
    ends_on = serializers.DateField(source="placement.ends_on")
    weekly_minutes = serializers.IntegerField(source="placement.weekly_minutes")
    rate = serializers.SerializerMethodField(help_text="per hour, in your own currency")
    overlap_minutes = serializers.IntegerField(
        source="placement.overlap_minutes",
        allow_null=True,
        help_text="shared with the client's working day on the worst day of the engagement",
    )
    client_time_zone = serializers.CharField(source="placement.engagement.project.time_zone")
    channel = serializers.ChoiceField(choices=AnswerChannel.choices, allow_blank=True)
    decline_reason = serializers.CharField(help_text="empty unless declined")

    @extend_schema_field(MoneySerializer)
    def get_rate(self, invitation: Invitation) -> dict[str, str]:
        return Money.of(invitation.placement.rate_amount, invitation.placement.rate_currency).as_json()


class RecruiterInvitationSummary(InvitationSummary):
    """An invitation in the recruiter's list: who is asked as well."""

    professional = PlacedProfessional()


class RecruiterInvitationOutput(InvitationOutput):
    """An invitation as the recruiter sees it: who is asked as well."""

    professional = PlacedProfessional()

"""Bodies of requests: shape and format only; what is allowed is for the services to say."""

from __future__ import annotations

from rest_framework import serializers

from marketplace.clients.models import Project
from marketplace.rest.fields import IdField, StrictSerializer
from matching.services.offers import CHANGE_REASONS, DECLINE_REASONS, WITHDRAWAL_REASONS
from matching.services.reviews import APPROVE_REASONS, REJECT_REASONS


class MatchRunInput(StrictSerializer):
    project = IdField(Project.prefix, help_text="A published project")


class RepairInput(StrictSerializer):
    repair = serializers.IntegerField(min_value=0, max_value=999, help_text="`index` in `diagnosis.repairs`")


class _ReviewInput(StrictSerializer):
    comment = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)


class ApprovalInput(_ReviewInput):
    reason_code = serializers.CharField(max_length=48, help_text=f"One of {', '.join(APPROVE_REASONS)}")


class RejectionInput(_ReviewInput):
    reason_code = serializers.CharField(max_length=48, help_text=f"One of {', '.join(REJECT_REASONS)}")


class OfferInput(StrictSerializer):
    expires_at = serializers.DateTimeField(required=False, help_text="Two weeks from now unless given; 90 days at most")


class AcceptanceInput(StrictSerializer):
    """No fields: what is accepted is the offer at the version that If-Match names."""


class DeclineInput(StrictSerializer):
    reason_code = serializers.CharField(max_length=48, help_text=f"One of {', '.join(DECLINE_REASONS)}")


class ChangeRequestInput(StrictSerializer):
    reason_code = serializers.CharField(max_length=48, help_text=", ".join(CHANGE_REASONS))
    message = serializers.CharField(max_length=4000, help_text="What should be different, in your own words")


class WithdrawalInput(StrictSerializer):
    reason_code = serializers.CharField(max_length=48, help_text=", ".join(WITHDRAWAL_REASONS))

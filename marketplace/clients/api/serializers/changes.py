"""Pauses, changes of terms and leave: what is sent, and what each side sees of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import (
    ChangeAnswer,
    ChangeKind,
    Engagement,
    EngagementChange,
    Leave,
    Pause,
    Placement,
    Side,
)
from marketplace.clients.models.change import LeaveReason, Party
from marketplace.clients.services import changes, leaves, pauses
from marketplace.clients.states import ChangeStatus, LeaveStatus
from marketplace.kernel.money import Money
from marketplace.rest.fields import IdField, MoneySerializer, StrictSerializer


class PauseInput(StrictSerializer):
    starts_on = serializers.DateField(required=False, help_text="The first day of rest; today unless given")
    reason_code = serializers.CharField(max_length=48, help_text=f"One of {', '.join(pauses.REASONS)}")


class PauseOutput(serializers.Serializer[Any]):
    id = IdField(Pause.prefix)
    starts_on = serializers.DateField()
    kept_until = serializers.DateField(help_text="the last day on which everybody's hours are held for it")
    began = serializers.BooleanField(help_text="false while its day is still to come, and where it was called off")
    ended_on = serializers.DateField(allow_null=True)
    reason_code = serializers.CharField()
    created_at = serializers.DateTimeField()


class EngagementChangeInput(StrictSerializer):
    """`ends_on` for an extension or an earlier end; `placement`, `starts_on` and `weekly_minutes` for other hours."""

    engagement = IdField(Engagement.prefix)
    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    reason_code = serializers.CharField(max_length=48, help_text=f"One of {', '.join(changes.REASONS)}")
    ends_on = serializers.DateField(required=False, help_text="The new last day of everybody")
    placement = IdField(Placement.prefix, required=False, help_text="Whose hours change")
    starts_on = serializers.DateField(required=False, help_text="The first day of the new hours")
    weekly_minutes = serializers.IntegerField(required=False, min_value=0, max_value=10_000)


class ChangeAnswerInput(StrictSerializer):
    placement = IdField(
        Placement.prefix, required=False, help_text="Whose answer a recruiter records; left out by everybody else"
    )


class ChangeDeclineInput(ChangeAnswerInput):
    reason_code = serializers.CharField(max_length=48, help_text=f"One of {', '.join(changes.DECLINE_REASONS)}")


class LeaveInput(StrictSerializer):
    placement = IdField(Placement.prefix)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day away")
    reason_kind = serializers.ChoiceField(
        choices=LeaveReason.choices, help_text="No finer than this: never a diagnosis. The client does not see it"
    )


class ChangeWarningOutput(serializers.Serializer[Any]):
    """What to look at before saying yes; new codes may appear."""

    code = serializers.CharField(help_text="such as `certificate_expires`, `language_test_expires`, `evidence_expires`")
    placement = serializers.CharField(required=False)
    subject = serializers.CharField(required=False, help_text="the code of a skill, or a language")
    expires_on = serializers.DateField(required=False)
    asked_for = serializers.BooleanField(required=False, help_text="the seat or the cell asks for it")
    monthly_cap = serializers.CharField(required=False)


class ChangeAnswerOutput(serializers.Serializer[Any]):
    """Whose yes is needed, and what they have said; `accepted` is null while they have not."""

    party = serializers.SerializerMethodField()
    placement = IdField(Placement.prefix, source="placement_id", allow_null=True)
    accepted = serializers.BooleanField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.ChoiceField(choices=Side.choices))
    def get_party(self, answer: ChangeAnswer) -> str:
        return Side.CLIENT if answer.placement_id is None else Side.PROFESSIONAL


class ChangeSummary(serializers.Serializer[Any]):
    """What everybody whom it concerns sees of a change."""

    id = IdField(EngagementChange.prefix)
    engagement = IdField(Engagement.prefix, source="engagement_id")
    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    status = serializers.SerializerMethodField(help_text="what waits past its time is `expired`, swept or not")
    status_reason = serializers.CharField()
    reason_code = serializers.CharField()
    asked_side = serializers.ChoiceField(choices=Party.choices)
    expires_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    ends_on_before = serializers.DateField()
    placement = IdField(Placement.prefix, source="placement_id", allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    weekly_minutes = serializers.IntegerField(allow_null=True)
    weekly_minutes_before = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ChoiceField(choices=ChangeStatus.choices))
    def get_status(self, change: EngagementChange) -> str:
        return ChangeStatus.EXPIRED if change.is_over_time else change.status


class ChangeOutput(ChangeSummary):
    """A change as the client and the recruiter see it."""

    monthly_cost = serializers.SerializerMethodField(help_text="of everybody, once it is applied")
    monthly_cost_before = serializers.SerializerMethodField()
    warnings = ChangeWarningOutput(many=True)
    answers = ChangeAnswerOutput(many=True)

    @extend_schema_field(MoneySerializer)
    def get_monthly_cost(self, change: EngagementChange) -> dict[str, str]:
        return Money.of(change.monthly_cost, change.engagement.currency).as_json()

    @extend_schema_field(MoneySerializer)
    def get_monthly_cost_before(self, change: EngagementChange) -> dict[str, str]:
        return Money.of(change.monthly_cost_before, change.engagement.currency).as_json()


class OwnChangeOutput(ChangeSummary):
    """A change as a professional sees it: the client's answer and their own, their own warnings, no cost."""

    warnings = serializers.SerializerMethodField()
    answers = ChangeAnswerOutput(many=True)

    @extend_schema_field(ChangeWarningOutput(many=True))
    def get_warnings(self, change: EngagementChange) -> list[dict[str, Any]]:
        own = {answer.placement.public_id for answer in change.answers.all() if answer.placement is not None}
        return [warning for warning in change.warnings if warning.get("placement") in own]


class LeaveSummary(serializers.Serializer[Any]):
    """Leave as the client sees it: who is away when, not why."""

    id = IdField(Leave.prefix)
    placement = IdField(Placement.prefix, source="placement_id")
    engagement = IdField(Engagement.prefix, source="placement.engagement_id")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    long = serializers.SerializerMethodField(
        help_text=f"{leaves.LONG_DAYS} days or more: somebody else may be sought for the seat"
    )
    status = serializers.ChoiceField(choices=LeaveStatus.choices)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_long(self, leave: Leave) -> bool:
        return leaves.is_long(leave)


class LeaveOutput(LeaveSummary):
    """Leave as the person and recruiters see it."""

    reason_kind = serializers.CharField()

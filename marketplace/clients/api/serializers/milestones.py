"""Milestones: what is planned, delivered and decided."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from marketplace.clients.models import Engagement, Milestone
from marketplace.clients.states import MilestoneStatus
from marketplace.rest.fields import IdField, StrictSerializer


class MilestonePatch(StrictSerializer):
    title = serializers.CharField(max_length=160, required=False)
    acceptance_criteria = serializers.CharField(
        max_length=4000, required=False, help_text="How both sides will know that it is done"
    )
    due_on = serializers.DateField(required=False)
    position = serializers.IntegerField(
        min_value=1, max_value=1000, required=False, help_text="Its place in the list, from 1; the others move"
    )


class MilestoneInput(StrictSerializer):
    engagement = IdField(Engagement.prefix)
    title = serializers.CharField(max_length=160)
    acceptance_criteria = serializers.CharField(max_length=4000, help_text="How both sides will know that it is done")
    due_on = serializers.DateField()
    position = serializers.IntegerField(
        min_value=1, max_value=1000, required=False, help_text="Its place in the list, from 1; the last unless given"
    )


class MilestoneDeliveryInput(StrictSerializer):
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class MilestoneRejectionInput(StrictSerializer):
    reason = serializers.CharField(max_length=4000, help_text="What is missing")


class MilestoneOutput(serializers.Serializer[Any]):
    id = IdField(Milestone.prefix)
    engagement = IdField(Engagement.prefix, source="engagement_id")
    position = serializers.IntegerField()
    title = serializers.CharField()
    acceptance_criteria = serializers.CharField()
    due_on = serializers.DateField()
    status = serializers.ChoiceField(choices=MilestoneStatus.choices)
    late = serializers.BooleanField(help_text="its day has passed and it is not accepted")
    delivered_at = serializers.DateTimeField(allow_null=True)
    delivery_note = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    rejection_reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

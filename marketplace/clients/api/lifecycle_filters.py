"""Filters of what happens while an engagement runs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from marketplace.clients.models import ChangeKind, DocumentKind, Engagement, Placement
from marketplace.clients.states import ChangeStatus, DocumentStatus, LeaveStatus, MilestoneStatus
from marketplace.kernel import clock
from marketplace.rest.filters import IdFilter, RecordFilterSet


class ChangeFilter(RecordFilterSet):
    engagement = IdFilter(Engagement.prefix, field_name="engagement_id", label="Changes of this engagement")
    kind = filters.MultipleChoiceFilter(choices=ChangeKind.choices, label="Any of these kinds; repeatable")
    status = filters.MultipleChoiceFilter(choices=ChangeStatus.choices, label="Any of these states; repeatable")


class LeaveFilter(RecordFilterSet):
    engagement = IdFilter(Engagement.prefix, field_name="placement__engagement_id", label="Leave in this engagement")
    placement = IdFilter(Placement.prefix, field_name="placement_id", label="Leave from this placement")
    status = filters.MultipleChoiceFilter(choices=LeaveStatus.choices, label="Any of these states; repeatable")


class MilestoneFilter(RecordFilterSet):
    engagement = IdFilter(Engagement.prefix, field_name="engagement_id", label="Milestones of this engagement")
    status = filters.MultipleChoiceFilter(choices=MilestoneStatus.choices, label="Any of these states; repeatable")
    late = filters.BooleanFilter(method="only_late", label="Only those whose day has passed, or only the others")

    def only_late(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        overdue = rows.filter(due_on__lt=clock.today()).exclude(status=MilestoneStatus.ACCEPTED)
        return overdue if value else rows.exclude(pk__in=overdue.values("pk"))


class DocumentFilter(RecordFilterSet):
    engagement = IdFilter(Engagement.prefix, field_name="engagement_id", label="Documents of this engagement")
    placement = IdFilter(Placement.prefix, field_name="placement_id", label="Documents of this placement")
    kind = filters.MultipleChoiceFilter(choices=DocumentKind.choices, label="Any of these kinds; repeatable")
    status = filters.MultipleChoiceFilter(choices=DocumentStatus.choices, label="Any of these states; repeatable")
    required = filters.BooleanFilter(label="Only those that must be there, or only the others")


class RatingFilter(RecordFilterSet):
    engagement = IdFilter(Engagement.prefix, field_name="engagement_id", label="Ratings of this engagement")
    placement = IdFilter(Placement.prefix, field_name="placement_id", label="Ratings about this placement")

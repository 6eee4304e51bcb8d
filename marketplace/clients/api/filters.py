"""Filters of projects, engagements and events."""

from __future__ import annotations

from django_filters import rest_framework as filters

from marketplace.clients.models import Engagement, Organization, Project
from marketplace.clients.models.project import SolutionType
from marketplace.clients.states import EngagementStatus, ProjectStatus
from marketplace.delivery.models import OutboxEvent
from marketplace.rest.filters import IdFilter, IdsFilter, RecordFilterSet


class ProjectFilter(RecordFilterSet):
    ids = IdsFilter(Project.prefix)
    organization = IdFilter(Organization.prefix, field_name="organization_id", label="Projects of this organization")
    status = filters.MultipleChoiceFilter(choices=ProjectStatus.choices, label="Any of these states; repeatable")
    solution_type = filters.MultipleChoiceFilter(choices=SolutionType.choices, label="Any of these; repeatable")
    external_id = filters.CharFilter(label="Your own id of it")
    starts_after = filters.DateFilter(field_name="starts_on", lookup_expr="gt")
    starts_before = filters.DateFilter(field_name="starts_on", lookup_expr="lt")


class EngagementFilter(RecordFilterSet):
    ids = IdsFilter(Engagement.prefix)
    project = IdFilter(Project.prefix, field_name="project_id", label="Engagements of this project")
    status = filters.MultipleChoiceFilter(choices=EngagementStatus.choices, label="Any of these states; repeatable")


class EventFilter(filters.FilterSet):
    kind = filters.CharFilter(label="Only this kind, such as project.published")
    subject = filters.CharFilter(label="Only facts about what has this id")
    after = IdFilter(OutboxEvent.prefix, field_name="pk", lookup_expr="gt", label="Facts after the one with this id")

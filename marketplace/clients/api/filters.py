"""Filters of projects, engagements, invitations and events."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from marketplace.clients.models import Engagement, Invitation, Organization, Project
from marketplace.clients.models.project import SolutionType
from marketplace.clients.services import project_search
from marketplace.clients.states import EngagementStatus, InvitationStatus, ProjectStatus
from marketplace.delivery.models import OutboxEvent
from marketplace.kernel import clock
from marketplace.rest.filters import IdFilter, IdsFilter, RecordFilterSet


class ProjectFilter(RecordFilterSet):
    q = filters.CharFilter(
        method="found",
        max_length=160,
        label="Words in English or Spanish, all of which must be found: names of skills stand for narrower ones too",
    )
    ids = IdsFilter(Project.prefix)
    organization = IdFilter(Organization.prefix, field_name="organization_id", label="Projects of this organization")
    status = filters.MultipleChoiceFilter(choices=ProjectStatus.choices, label="Any of these states; repeatable")
    solution_type = filters.MultipleChoiceFilter(choices=SolutionType.choices, label="Any of these; repeatable")
    external_id = filters.CharFilter(label="Your own id of it")
    starts_after = filters.DateFilter(field_name="starts_on", lookup_expr="gt", label="Starts after this day")
    starts_before = filters.DateFilter(field_name="starts_on", lookup_expr="lt", label="Starts before this day")

    def found(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return project_search.matching(projects, value)


class EngagementFilter(RecordFilterSet):
    ids = IdsFilter(Engagement.prefix)
    project = IdFilter(Project.prefix, field_name="project_id", label="Engagements of this project")
    status = filters.MultipleChoiceFilter(choices=EngagementStatus.choices, label="Any of these states; repeatable")


class InvitationFilter(RecordFilterSet):
    ids = IdsFilter(Invitation.prefix)
    engagement = IdFilter(Engagement.prefix, field_name="placement__engagement_id", label="Of this engagement")
    status = filters.MultipleChoiceFilter(
        choices=InvitationStatus.choices, method="by_shown_status", label="Any of these states; repeatable"
    )

    def by_shown_status(self, rows: QuerySet[Any], name: str, wanted: list[str]) -> QuerySet[Any]:
        """Take an unanswered invitation past its deadline for expired, as it is shown."""
        lapsed = Q(status=InvitationStatus.SENT, expires_at__lte=clock.now())
        kept = Q(status__in=wanted)
        if InvitationStatus.SENT not in wanted and InvitationStatus.EXPIRED in wanted:
            kept |= lapsed
        elif InvitationStatus.SENT in wanted and InvitationStatus.EXPIRED not in wanted:
            kept &= ~lapsed
        return rows.filter(kept) if wanted else rows


class EventFilter(filters.FilterSet):
    kind = filters.CharFilter(label="Only this kind, such as project.published")
    subject = filters.CharFilter(label="Only facts about what has this id")
    after = IdFilter(OutboxEvent.prefix, field_name="pk", lookup_expr="gt", label="Facts after the one with this id")

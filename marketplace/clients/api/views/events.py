"""The outbox as a feed to pull from, for those who take no webhooks."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.clients.api.filters import EventFilter
from marketplace.clients.api.serializers.events import EventOutput
from marketplace.clients.models import Organization
from marketplace.delivery.models import OutboxEvent
from marketplace.rest.pagination import CursorPagination
from marketplace.rest.viewsets import ScopedViewSet


class OldestFirst(CursorPagination):
    ordering = ("id",)


class EventViewSet(ScopedViewSet):
    """What happened to your projects, offers and engagements."""

    model = OutboxEvent
    filterset_class = EventFilter
    pagination_class = OldestFirst
    schema_tags = ("events",)
    permissions = {"list": Permission.READ_EVENTS}

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return OutboxEvent.objects.none()
        return OutboxEvent.objects.of_organizations(Organization.objects.visible_to(self.actor)).settled()

    @extend_schema(
        operation_id="events_list",
        summary="Pull the facts of your organization, oldest first",
        description=(
            "Follow `next` to the end, keep the id of the last fact, and ask again with `after`: nothing is missed and "
            "nothing comes twice. A fact appears once no earlier one can still be on its way."
        ),
        responses=EventOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(EventOutput, self.get_queryset())

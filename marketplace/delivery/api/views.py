"""One's own notifications, and how one wants to be told."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.delivery import inbox, preferences
from marketplace.delivery.api.serializers import (
    MarkAllInput,
    MarkedOutput,
    NotificationOutput,
    PreferenceEdit,
    PreferenceOutput,
    UnreadOutput,
)
from marketplace.delivery.models import Category, Notification, NotificationPreference
from marketplace.rest import etags
from marketplace.rest.filters import IdsFilter, RecordFilterSet
from marketplace.rest.viewsets import ScopedViewSet


class NotificationFilter(RecordFilterSet):
    ids = IdsFilter(Notification.prefix)
    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull", label="Only what is unread, or read")
    category = filters.MultipleChoiceFilter(choices=Category.choices, label="Any of these; repeatable")
    kind = filters.CharFilter(label="Only this kind, such as offer.sent")
    subject = filters.CharFilter(label="Only about what has this id")


class NotificationViewSet(ScopedViewSet):
    """What you were told, newest first, for a year."""

    model = Notification
    filterset_class = NotificationFilter
    schema_tags = ("notifications",)
    permissions = dict.fromkeys(
        ("list", "retrieve", "read_one", "read_all", "unread_count"), Permission.READ_NOTIFICATIONS
    )

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        user = getattr(self.actor, "user", None)
        if user is not None:
            context["zone"] = preferences.choice_of(user).hours.zone
        return context

    @extend_schema(
        operation_id="notifications_list",
        summary="List your notifications, newest first",
        responses=NotificationOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(NotificationOutput, self.get_queryset())

    @extend_schema(operation_id="notifications_retrieve", summary="See a notification", responses=NotificationOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(NotificationOutput, self.get_object())

    @extend_schema(
        operation_id="notifications_read",
        summary="Mark a notification as read; it is not mailed any more",
        request=None,
        responses=NotificationOutput,
    )
    @action(detail=True, methods=["post"], url_path="read")
    def read_one(self, request: Request, pk: str) -> Response:
        return self.show(NotificationOutput, inbox.mark_read(notification=self.get_object()))

    @extend_schema(
        operation_id="notifications_read_all",
        summary="Mark all as read, up to a time or in one category",
        request=MarkAllInput,
        responses=MarkedOutput,
        examples=[OpenApiExample("Up to the newest shown", {"up_to": "2026-11-22T15:04:05Z"}, request_only=True)],
    )
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        marked = inbox.mark_all_read(user=self.actor.user, **self.read(MarkAllInput))
        return Response(MarkedOutput({"marked": marked}).data)

    @extend_schema(operation_id="notifications_unread_count", summary="Count what is unread", responses=UnreadOutput)
    @action(detail=False, methods=["get"], url_path="unread-count")
    def unread_count(self, request: Request) -> Response:
        counts = inbox.unread_by_category(self.actor.user)
        return Response(UnreadOutput({"unread": sum(counts.values()), "by_category": counts}).data)


class NotificationPreferenceViewSet(ScopedViewSet):
    """How you want to be told: by category and channel, in which language, and when not."""

    model = NotificationPreference
    schema_tags = ("notifications",)
    permissions = dict.fromkeys(("retrieve", "partial_update"), Permission.READ_NOTIFICATIONS)

    def get_queryset(self) -> QuerySet[Any]:
        return NotificationPreference.objects.none()

    @extend_schema(
        operation_id="notification_preferences_retrieve",
        summary="See how you are told",
        responses=PreferenceOutput,
    )
    def retrieve(self, request: Request) -> Response:
        return self._show(preferences.row_of(self.actor.user))

    @extend_schema(
        operation_id="notification_preferences_update",
        summary="Choose how you are told",
        description=(
            "What is left out stays. E-mails wait for the end of the quiet hours, unless they would come too late to "
            "be of use. What must be told by law or contract shows in the app whatever is chosen."
        ),
        request=PreferenceEdit,
        responses=PreferenceOutput,
        examples=[
            OpenApiExample(
                "A daily digest of offers, quiet from nine to seven",
                {"quiet_hours": {"from": "21:00", "until": "07:00"}, "channels": {"offers": {"email": "digest"}}},
                request_only=True,
            )
        ],
    )
    def partial_update(self, request: Request) -> Response:
        version, given = etags.expected_version(request), self.read(PreferenceEdit)
        quiet = given.pop("quiet_hours", None)
        if quiet is not None:
            given["quiet_from"], given["quiet_until"] = quiet["from"], quiet["until"]
        return self._show(preferences.update(user=self.actor.user, version=version, **given))

    def _show(self, row: NotificationPreference) -> Response:
        shown = PreferenceOutput(row, context={"choice": preferences.choice_of(row.user)}).data
        return Response(shown, headers={"ETag": etags.tag(row)})

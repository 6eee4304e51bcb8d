"""Routes of this room, below ``api/v1/``; webhooks have theirs below their organization, a floor above."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from marketplace.delivery.api.views import NotificationPreferenceViewSet, NotificationViewSet

router = SimpleRouter(trailing_slash=False)
router.register("notifications", NotificationViewSet, basename="notification")

urlpatterns = [
    path(
        "notifications/preferences",
        NotificationPreferenceViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
    ),
    *router.urls,
]

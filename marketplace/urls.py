"""Every route of the service."""

from __future__ import annotations

from django.urls import include, path

from marketplace.rest import health

urlpatterns = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("_allauth/", include("allauth.headless.urls")),
]

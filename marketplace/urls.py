"""Every route of the service."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from marketplace.accounts.api import Me
from marketplace.rest import health

urlpatterns = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("_allauth/", include("allauth.headless.urls")),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema")),
    path("api/v1/", include("marketplace.delivery.api.urls")),
    path("api/v1/me", Me.as_view({"get": "retrieve"})),
    path("api/v1/", include("profiles.api.urls")),
    path("api/v1/", include("marketplace.clients.api.urls")),
    path("api/v1/", include("marketplace.audit.api")),
    path("api/v1/", include("matching.api.urls")),
    path("api/v1/", include("marketplace.privacy.api")),
]

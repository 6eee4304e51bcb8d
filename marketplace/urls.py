"""Every route of the service."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from marketplace.accounts.api import Me
from marketplace.rest import health


@csrf_exempt
def absent(request: HttpRequest) -> HttpResponse:
    """Answer that there is nothing here."""
    return HttpResponseNotFound()


urlpatterns = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    # No account has a telephone here, and allauth would end in an error looking for it.
    re_path(r"^_allauth/app/v1/(?:account|auth)/phone", absent),
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

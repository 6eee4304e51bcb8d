"""Routes of what recruiters do with supply: saved searches, lists, duplicates."""

from __future__ import annotations

from django.urls import path

from profiles.api.saved_searches import SavedSearchAlerts, SavedSearches, SavedSearchMatches, SavedSearchPeople

_SEARCHES = "saved-searches"

urlpatterns = [
    path(_SEARCHES, SavedSearches.as_view({"get": "list", "post": "create"})),
    path(
        f"{_SEARCHES}/<slug:pk>",
        SavedSearches.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path(f"{_SEARCHES}/<slug:pk>/run", SavedSearches.as_view({"post": "run"})),
    path(f"{_SEARCHES}/<slug:pk>/seen", SavedSearches.as_view({"post": "seen"})),
    path(f"{_SEARCHES}/<slug:pk>/professionals", SavedSearchPeople.as_view({"get": "list"})),
    path(f"{_SEARCHES}/<slug:pk>/alerts", SavedSearchAlerts.as_view({"get": "list"})),
    path(f"{_SEARCHES}/<slug:pk>/matches", SavedSearchMatches.as_view({"get": "list"})),
]

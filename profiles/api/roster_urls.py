"""Routes of what recruiters do with supply: saved searches, lists, duplicates."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from profiles.api.duplicates import Duplicates
from profiles.api.merges import Merges, ProfessionalAudits
from profiles.api.saved_searches import SavedSearchAlerts, SavedSearches, SavedSearchMatches, SavedSearchPeople
from profiles.api.talent_lists import TalentListEntries, TalentListExport, TalentLists

_SEARCHES, _LISTS = "saved-searches", "talent-lists"

router = SimpleRouter(trailing_slash=False)
router.register("duplicates", Duplicates, basename="duplicate")
router.register("merges", Merges, basename="merge")

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
    path(_LISTS, TalentLists.as_view({"get": "list", "post": "create"})),
    path(
        f"{_LISTS}/<slug:pk>",
        TalentLists.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path(f"{_LISTS}/<slug:pk>/entries", TalentListEntries.as_view({"get": "list", "post": "create"})),
    path(
        f"{_LISTS}/<slug:pk>/entries/<slug:part>",
        TalentListEntries.as_view({"patch": "partial_update", "delete": "destroy"}),
    ),
    path(f"{_LISTS}/<slug:pk>/entries/<slug:part>/move", TalentListEntries.as_view({"post": "move"})),
    path(f"{_LISTS}/<slug:pk>/export", TalentListExport.as_view({"get": "retrieve"})),
    path("professionals/<slug:pk>/audits", ProfessionalAudits.as_view({"get": "list"})),
    *router.urls,
]

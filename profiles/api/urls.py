"""Routes of supply."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from profiles.api.cefr_tables import CefrTables
from profiles.api.certificate_terms import CertificateTerms
from profiles.api.imports import OwnExport, OwnImport, OwnImports, ResumeImports
from profiles.api.own_parts import (
    OwnAvailability,
    OwnCertificates,
    OwnExperiences,
    OwnLanguages,
    OwnSkills,
    OwnTaxIds,
    OwnVerifications,
)
from profiles.api.own_profile import OwnProfile
from profiles.api.professionals import Professionals
from profiles.api.reference import Clusters, Holidays, Levels, Zones
from profiles.api.roster_urls import urlpatterns as rosters
from profiles.api.skills import Skills

router = SimpleRouter(trailing_slash=False)
router.register("professionals", Professionals, basename="professional")
router.register("skills", Skills, basename="skill")
router.register("resume-imports", ResumeImports, basename="resume-import")

_OWN = "professionals/me"
_READ_ADD: dict[str, Any] = {"get": "retrieve", "post": "create"}
_REMOVE: dict[str, Any] = {"delete": "destroy"}

urlpatterns = [
    path(_OWN, OwnProfile.as_view({"get": "retrieve", "patch": "partial_update"})),
    path(f"{_OWN}/submit", OwnProfile.as_view({"post": "submit"})),
    path(f"{_OWN}/pause", OwnProfile.as_view({"post": "pause"})),
    path(f"{_OWN}/resume", OwnProfile.as_view({"post": "resume"})),
    path(f"{_OWN}/archive", OwnProfile.as_view({"post": "archive"})),
    path(f"{_OWN}/skills", OwnSkills.as_view({**_READ_ADD, "put": "update"})),
    path(f"{_OWN}/skills/<slug:part>", OwnSkills.as_view(_REMOVE)),
    path(f"{_OWN}/languages", OwnLanguages.as_view(_READ_ADD)),
    path(f"{_OWN}/languages/<slug:part>", OwnLanguages.as_view(_REMOVE)),
    path(f"{_OWN}/certificates", OwnCertificates.as_view(_READ_ADD)),
    path(f"{_OWN}/certificates/<slug:part>", OwnCertificates.as_view(_REMOVE)),
    path(f"{_OWN}/experiences", OwnExperiences.as_view(_READ_ADD)),
    path(
        f"{_OWN}/experiences/<slug:part>",
        OwnExperiences.as_view({"get": "retrieve_one", "patch": "partial_update", **_REMOVE}),
    ),
    path(f"{_OWN}/availability", OwnAvailability.as_view(_READ_ADD)),
    path(f"{_OWN}/availability/<slug:part>", OwnAvailability.as_view(_REMOVE)),
    path(f"{_OWN}/verifications", OwnVerifications.as_view({"get": "retrieve"})),
    path(f"{_OWN}/tax-ids", OwnTaxIds.as_view(_READ_ADD)),
    path(f"{_OWN}/imports", OwnImports.as_view({"get": "list", "post": "create"})),
    path(f"{_OWN}/imports/<slug:part>", OwnImport.as_view({"get": "retrieve"})),
    path(f"{_OWN}/imports/<slug:part>/confirm", OwnImport.as_view({"post": "confirm"})),
    path(f"{_OWN}/imports/<slug:part>/discard", OwnImport.as_view({"post": "discard"})),
    path(f"{_OWN}/export", OwnExport.as_view({"get": "retrieve"})),
    path("reference/levels", Levels.as_view({"get": "retrieve"})),
    path("reference/zones", Zones.as_view({"get": "retrieve"})),
    path("reference/clusters", Clusters.as_view({"get": "retrieve"})),
    path("reference/holidays", Holidays.as_view({"get": "retrieve"})),
    path("reference/cefr-tables", CefrTables.as_view({"get": "retrieve"})),
    path("reference/certificates", CertificateTerms.as_view({"get": "retrieve"})),
    *rosters,
    *router.urls,
]

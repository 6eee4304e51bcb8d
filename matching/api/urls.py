"""Routes of this room, below ``api/v1/``."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from matching.api.demand import OwnDemand
from matching.api.match_runs import MatchRuns
from matching.api.offers import Offers
from matching.api.proposals import Proposals
from matching.api.reviews import Reviews
from matching.api.shared_time import SharedTimes, SharedTimesCalendar
from matching.api.vacancies import Replacements
from matching.api.what_ifs import WhatIfs

router = SimpleRouter(trailing_slash=False)
router.register("match-runs", MatchRuns, basename="match-run")
router.register("proposals", Proposals, basename="proposal")
router.register("reviews", Reviews, basename="review")
router.register("what-ifs", WhatIfs, basename="what-if")
router.register("offers", Offers, basename="offer")
router.register("replacements", Replacements, basename="replacement")

urlpatterns = [
    path("professionals/me/demand", OwnDemand.as_view({"get": "retrieve"})),
    path("reference/overlap", SharedTimes.as_view({"get": "retrieve"})),
    path("reference/overlap.ics", SharedTimesCalendar.as_view({"get": "retrieve"})),
    *router.urls,
]

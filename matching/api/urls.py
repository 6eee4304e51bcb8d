"""Routes of this room, below ``api/v1/``."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from matching.api.match_runs import MatchRuns
from matching.api.offers import Offers
from matching.api.proposals import Proposals

router = SimpleRouter(trailing_slash=False)
router.register("match-runs", MatchRuns, basename="match-run")
router.register("proposals", Proposals, basename="proposal")
router.register("offers", Offers, basename="offer")

urlpatterns = router.urls

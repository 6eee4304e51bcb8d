"""A client's published project, composed for by a real run, and the routes of its cell."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from marketplace.clients.models import Project
from matching.models import MatchRun, Offer, Proposal
from tests.conftest import Cast
from tests.factories import matching as cells


@dataclass(frozen=True)
class Story:
    """What the client has in hand after one run."""

    project: Project
    run: MatchRun
    best: Proposal

    @property
    def cell(self) -> str:
        return f"/api/v1/proposals/{self.best.public_id}"

    def offered(self) -> Offer:
        """Return the offer of the best cell, approved and sent by a recruiter."""
        return cells.offer_for(Proposal.objects.get(pk=self.best.pk))


@pytest.fixture
def story(cast: Cast) -> Story:
    project = cells.published_project(cast.organization)
    run = cells.composed_run(project)
    return Story(project, run, run.proposals.get(rank=1))


@pytest.fixture
def stuck(cast: Cast) -> MatchRun:
    """Return a run that found no cell, because the cap is far too low."""
    from_a_poor_project = cells.published_project(cast.organization, monthly_cap=9_000)
    return cells.composed_run(from_a_poor_project)

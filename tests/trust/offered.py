"""Offered cells made straight from rows, for tests of what happens when they are accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from marketplace.clients.models import Organization, Project, Seat
from marketplace.kernel import clock
from matching.models import MatchRun, Offer, Proposal, ProposalMember
from profiles.models import Professional

STARTS = clock.monday_of(clock.today()) + dt.timedelta(weeks=5)
ENDS = STARTS + dt.timedelta(weeks=12, days=4)


def offered_cell(organization: Organization, people: Sequence[Professional], weekly_minutes: int = 2400) -> Offer:
    """Return an offer of a published project whose cell is ``people``, one per seat."""
    now = clock.now()
    project = Project.objects.create(
        organization=organization,
        title="Onboarding",
        solution_type="onboarding_kyc",
        status="published",
        published_at=now,
        starts_on=STARTS,
        ends_on=ENDS,
        monthly_cap=Decimal(100_000),
        time_zone="America/New_York",
    )
    seats = [
        Seat.objects.create(
            project=project, position=position, title_en="Engineer", function=2, weekly_minutes=weekly_minutes
        )
        for position in range(len(people))
    ]
    run = MatchRun.objects.create(project=project, project_version=project.version, status="composed", finished_at=now)
    proposal = Proposal.objects.create(
        run=run,
        project=project,
        rank=1,
        status="offered",
        value=100,
        bound=100,
        proof_status="optimal",
        monthly_cost=Decimal(6_000) * len(people),
        currency="USD",
        starts_on=STARTS,
        ends_on=ENDS,
        certificate={},
        approved_by="user_test",
        approved_at=now,
    )
    ProposalMember.objects.bulk_create(
        [
            ProposalMember(
                proposal=proposal,
                seat=seat,
                professional=person,
                pseudonym=f"AA-{position:04d}",
                points=10,
                weekly_minutes=weekly_minutes,
                overlap_minutes=420,
                rate_amount=person.rate_amount,
                rate_currency=person.rate_currency,
                monthly_cost=Decimal(6_000),
                seniority=person.seniority,
                english_speaking=5,
                country=person.country,
            )
            for position, (seat, person) in enumerate(zip(seats, people, strict=True))
        ]
    )
    return Offer.objects.create(proposal=proposal, terms={}, expires_at=now + dt.timedelta(days=7))

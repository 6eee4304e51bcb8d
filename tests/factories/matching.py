"""Cells: a small published project with a market that can staff it, and what comes of a run."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.clients.models import Need, Organization, Project, Seat, SeatSkill
from marketplace.kernel import clock
from matching.models import MatchRun, Offer, Proposal
from matching.services import offers, reviews, runs
from profiles.levels import Cefr, Function, Seniority
from profiles.models import Professional
from tests.factories import accounts, clients, profiles

STARTS = clock.monday_of(clock.today()) + dt.timedelta(weeks=6)
ENDS = STARTS + dt.timedelta(weeks=12, days=4)
_FUNCTIONS = (Function.BUSINESS, Function.ENGINEERING, Function.OPERATIONS)


def market(people_per_function: int = 4) -> list[Professional]:
    """Return active people of three functions with COBOL and KYC at various levels, all of whom speak English."""
    made = []
    for function in _FUNCTIONS:
        for number in range(people_per_function):
            person = profiles.professional(
                main_function=function,
                functions=[function],
                seniority=Seniority.SENIOR,
                given_names=f"Xóchitl{function}{number}",
                family_names=f"Zamarripa{function}{number}",
                rate_amount=Decimal(40 + 3 * number),
            )
            profiles.claim(person, "cobol", 3 + number % 3)
            profiles.claim(person, "kyc", 2 + number % 4)
            profiles.speaks(person, "en", Cefr.C1 if number % 2 else Cefr.B2)
            made.append(person)
    return made


def published_project(organization: Organization | None = None, *, with_market: bool = True, **fields: Any) -> Project:
    """Return a published project of three seats and two needs, and unless told otherwise a market that can staff it."""
    if with_market:
        market()
    values: dict[str, Any] = {
        "organization": organization or clients.organization(),
        "title": "Core migration",
        "solution_type": "core_modernization",
        "status": "published",
        "published_at": clock.now(),
        "starts_on": STARTS,
        "ends_on": ENDS,
        "monthly_cap": Decimal(60_000),
        "time_zone": "America/New_York",
        "overlap_minutes": 240,
        **fields,
    }
    project = Project.objects.create(**values)
    for position, function in enumerate(_FUNCTIONS):
        seat = Seat.objects.create(
            project=project,
            position=position,
            title_en=f"Seat {position}",
            title_es=f"Puesto {position}",
            function=function,
            min_seniority=Seniority.MID,
            client_facing=position == 0,
        )
        SeatSkill.objects.create(seat=seat, skill=profiles.skill("cobol"), level=2)
    Need.objects.create(project=project, position=0, skill=profiles.skill("kyc"), level=3, count=1, weight=5)
    Need.objects.create(project=project, position=1, skill=profiles.skill("cobol"), level=3, count=2, weight=5)
    return project


def composed_run(project: Project | None = None) -> MatchRun:
    """Return a run that a worker's own function has really executed."""
    run = runs.request(project=project or published_project(), cause="requested", actor=None)
    runs.execute(run.pk)
    run.refresh_from_db()
    return run


def offer_for(proposal: Proposal) -> Offer:
    """Return the offer of a proposal that as many recruiters have approved as the policy asks for."""
    recruiter = Actor(user=accounts.user(Role.RECRUITER))
    while proposal.status == "composed":
        approver = Actor(user=accounts.user(Role.RECRUITER))
        reviews.approve(proposal=proposal, seen_version=proposal.version, reason_code="best_value", actor=approver)
        proposal.refresh_from_db()
    return offers.send(proposal=proposal, seen_version=proposal.version, actor=recruiter)


def person(key: uuid.UUID) -> Professional:
    return Professional.objects.get(pk=key)

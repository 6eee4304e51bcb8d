"""Demand: organizations, their members, projects and engagements, made by the services that the product uses."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.clients.models import Engagement, Invitation, Membership, Organization, Placement, Project
from marketplace.clients.models.organization import Industry, MemberRole
from marketplace.clients.models.project import SolutionType
from marketplace.clients.services import engagements, projects
from marketplace.clients.specification import LanguageFloor, NeedSpecification, SeatSpecification, SkillFloor
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from profiles.levels import Cefr, Function, Seniority, SkillKind
from profiles.models import Booking, Professional
from tests.factories import accounts, profiles

_numbers = itertools.count(1)


def organization(**fields: Any) -> Organization:
    """Return a stored bank in New York."""
    number = next(_numbers)
    values = {"name": f"Bank {number}", "slug": f"bank-{number}", "industry": Industry.BANKING, **fields}
    return Organization.objects.create(**values)


def member(organization: Organization, role: str = MemberRole.ADMIN, user: User | None = None) -> User:
    """Return a client user who belongs to the organization."""
    person = user or accounts.user(Role.CLIENT)
    Membership.objects.create(organization=organization, user=person, role=role)
    return person


def seat(**fields: Any) -> SeatSpecification:
    """Return what a senior COBOL engineer's seat asks for."""
    values = {
        "title_en": "Senior COBOL engineer",
        "title_es": "Ingeniera sénior de COBOL",
        "function": Function.ENGINEERING,
        "min_seniority": Seniority.SENIOR,
        "skills": (SkillFloor("cobol", 4), SkillFloor("jcl", 3)),
        "languages": (LanguageFloor("en", Cefr.B2),),
        **fields,
    }
    return SeatSpecification(**values)


def seats() -> tuple[SeatSpecification, ...]:
    """Return one seat of each function."""
    return (
        seat(),
        seat(title_en="Business analyst", function=Function.BUSINESS, skills=(), client_facing=True),
        seat(title_en="Architect", function=Function.ARCHITECTURE, skills=(SkillFloor("java", 4),)),
        seat(title_en="Operator", function=Function.OPERATIONS, skills=(), languages=()),
    )


def skills() -> None:
    """Store the skills that ``seat`` and ``project`` name."""
    for code in ("cobol", "jcl", "java"):
        profiles.skill(code)
    profiles.skill("sox-404", kind=SkillKind.REGULATION, name_en="SOX 404", name_es="SOX 404")


def project(organization: Organization, *, published: bool = False, **fields: Any) -> Project:
    """Return a stored project with one seat of each function, a draft unless ``published``."""
    skills()
    starts_on = clock.today() + dt.timedelta(weeks=6)
    values = {
        "title": "Reconciliation batch in Java",
        "solution_type": SolutionType.CORE_MODERNIZATION,
        "starts_on": starts_on,
        "ends_on": starts_on + dt.timedelta(weeks=26),
        "monthly_cap": Money.of(60_000, "USD"),
        "seats": seats(),
        "needs": (NeedSpecification("sox-404"), NeedSpecification("cobol", level=4, weight=7)),
        **fields,
    }
    made = projects.create(organization=organization, actor=None, **values)
    return projects.publish(project=made, actor=None) if published else made


def engagement(organization: Organization, people: list[Professional]) -> tuple[Engagement, list[Placement]]:
    """Return the engagement of an accepted cell, with everybody's hours held as acceptance does it."""
    accepted = project(organization, published=True)
    with transaction.atomic():
        opened, placements = engagements.open(
            project=accepted,
            proposal_id=uuid.uuid4(),
            starts_on=accepted.starts_on,
            ends_on=accepted.ends_on,
            monthly_cost=Decimal("7000.00") * len(people),
            currency="USD",
            placements=[
                engagements.PlacementTerms(
                    seat=place,
                    professional=person,
                    weekly_minutes=2400,
                    rate_amount=person.rate_amount,
                    rate_currency=person.rate_currency,
                    monthly_cost=Decimal("7000.00"),
                )
                for place, person in zip(accepted.seats.all(), people, strict=False)
            ],
            actor=None,
        )
        projects.mark_staffed(project=accepted, actor=None)
    return opened, placements


def invitation(placement: Placement) -> Invitation:
    """Return the newest invitation to a placement."""
    return placement.invitations.order_by("-pk").first()


def out_of_time(engagement: Engagement, by: dt.timedelta = dt.timedelta(seconds=1)) -> None:
    """Let the time for everybody's answer be over, with nobody having swept: the deadlines lie in the past."""
    past = clock.now() - by
    Engagement.objects.filter(pk=engagement.pk).update(confirm_by=past)
    Invitation.objects.filter(placement__engagement=engagement, status="sent").update(expires_at=past)
    Booking.objects.filter(placement_id__in=engagement.placements.values("pk"), status="held").update(held_until=past)

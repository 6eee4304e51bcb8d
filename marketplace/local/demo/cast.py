"""The organizations and accounts of the demo. All of them are invented; the addresses cannot receive mail."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.clients.models import Organization
from marketplace.clients.models.organization import Industry, MemberRole
from marketplace.clients.services import organizations
from profiles.models import Professional


@dataclass(frozen=True)
class DemoOrganization:
    """``brief`` names the file of ``examples/`` that this organization posts."""

    name: str
    slug: str
    industry: str
    regulators: tuple[str, ...]
    city: str
    time_zone: str
    brief: str

    @property
    def admin(self) -> str:
        return f"admin@{self.slug}.example"


ORGANIZATIONS = (
    DemoOrganization(
        "Hudson Harbor Bank (demo)",
        "hudson-harbor",
        Industry.BANKING,
        ("OCC", "NYDFS"),
        "New York",
        "America/New_York",
        "1-onboarding-kyc.json",
    ),
    DemoOrganization(
        "Lakefront Mutual Insurance (demo)",
        "lakefront-mutual",
        Industry.INSURANCE,
        ("NAIC", "IDOI"),
        "Chicago",
        "America/Chicago",
        "2-data-governance.json",
    ),
    DemoOrganization(
        "Piedmont Trust (demo)",
        "piedmont-trust",
        Industry.BANKING,
        ("OCC", "FRB"),
        "Charlotte",
        "America/New_York",
        "3-core-modernization.json",
    ),
    DemoOrganization(
        "Mesa Verde Payments (demo)",
        "mesa-verde",
        Industry.PAYMENTS,
        ("CFPB",),
        "Denver",
        "America/Denver",
        "4-impossible.json",
    ),
)
RECRUITER = "recruiter@celula.example"
SECOND_RECRUITER = "recruiter.2@celula.example"
OPERATOR = "operator@celula.example"
PROFESSIONAL = "professional@celula.example"


@transaction.atomic
def enter(password: str) -> int:
    """Make the organizations and accounts that are not there yet, give all of them ``password``; return how many."""
    for planned in ORGANIZATIONS:
        organization = Organization.objects.filter(slug=planned.slug).first() or organizations.create(
            name=planned.name,
            slug=planned.slug,
            industry=planned.industry,
            regulators=list(planned.regulators),
            city=planned.city,
            time_zone=planned.time_zone,
            demo=True,
            actor=None,
        )
        _account(planned.admin, Role.CLIENT, password)
        organizations.add_member(organization=organization, email=planned.admin, role=MemberRole.ADMIN, actor=None)
    _account(RECRUITER, Role.RECRUITER, password)
    _account(SECOND_RECRUITER, Role.RECRUITER, password)
    _account(OPERATOR, Role.OPERATOR, password)
    professional = _account(PROFESSIONAL, Role.PROFESSIONAL, password)
    if not Professional.objects.filter(user=professional).exists():
        first = Professional.objects.filter(user=None, synthetic=True).order_by("pk").first()
        if first is not None:
            first.user = professional
            first.touch("user")
    return len(ORGANIZATIONS) + 4


@transaction.atomic
def enter_people(password: str) -> int:
    """Give every synthetic person without an account one, all with ``password``; return how many."""
    hashed = make_password(password)  # once: two thousand different hashes would take minutes
    people = list(Professional.objects.filter(user=None, synthetic=True).order_by("pk"))
    users = [User(email=address_of(row.public_id), role=Role.PROFESSIONAL, password=hashed) for row in people]
    for person, user in zip(people, User.objects.bulk_create(users, batch_size=1000), strict=True):
        person.user = user
    Professional.objects.bulk_update(people, ["user"], batch_size=1000)
    return len(people)


def address_of(professional: str) -> str:
    """Return the address with which a synthetic person logs in, from their public id."""
    return f"{professional}@people.example"


def _account(email: str, role: Role, password: str) -> User:
    known = User.objects.filter(email=email).first()
    if known is None:
        return User.objects.create_user(email, password, role=role)
    # Servers of one's own outlive the folder that keeps the password.
    if not known.check_password(password):
        known.set_password(password)
        known.save(update_fields=["password"])
    return known

"""Demand: organizations and their members."""

from __future__ import annotations

import itertools
from typing import Any

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.clients.models import Membership, Organization
from marketplace.clients.models.organization import Industry, MemberRole
from tests.factories import accounts

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

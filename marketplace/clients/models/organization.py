"""Client organizations and their members."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.kernel.models import Record, ScopedQuerySet, one_of


class MemberRole(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    MEMBER = "member", _("Member")


class Industry(models.TextChoices):
    BANKING = "banking", _("Banking")
    INSURANCE = "insurance", _("Insurance")
    PAYMENTS = "payments", _("Payments")
    ASSET_MANAGEMENT = "asset_management", _("Asset management")
    HEALTH = "health", _("Health")
    OTHER = "other", pgettext_lazy("industry", "Other")


def of_actor(actor: Actor, path: str = "organization") -> Q:
    """Return the condition that the organization at ``path`` is the key's own or one of the person's memberships.

    A test key sees its organization only while that is the demo one.
    """
    if actor.key is not None:
        own = Q(**{f"{path}_id" if path else "id": actor.organization_id})
        return own if actor.key.live else own & Q(**{f"{path}__demo" if path else "demo": True})
    through = f"{path}__memberships__user" if path else "memberships__user"
    return Q(**{through: actor.user})


class OrganizationQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> OrganizationQuerySet:
        return self if actor.is_staff_side else self.filter(of_actor(actor, ""))


class Organization(Record):
    """A US firm that posts projects. ``regulators`` are names such as ``OCC`` or ``NYDFS``."""

    prefix: ClassVar[str] = "org"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=64, unique=True)
    industry = models.CharField(max_length=24, choices=Industry.choices, default=Industry.OTHER)
    regulators = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    time_zone = models.CharField(max_length=48, default="America/New_York")
    city = models.CharField(max_length=80, blank=True)
    demo = models.BooleanField(default=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [one_of("industry", Industry.values, "organization_industry_known")]


class Membership(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=MemberRole.choices, default=MemberRole.MEMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="membership_once"),
            one_of("role", MemberRole.values, "membership_role_known"),
        ]

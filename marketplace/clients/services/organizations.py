"""Client organizations: their members and their keys."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import keys
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiKey, User
from marketplace.accounts.permissions import Role
from marketplace.audit import log as audit
from marketplace.clients.models import Membership, Organization
from marketplace.clients.models.organization import Industry, MemberRole
from marketplace.clients.services import rules
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed


@transaction.atomic
def create(
    *,
    name: str,
    slug: str,
    industry: str = Industry.OTHER,
    regulators: Iterable[str] = (),
    time_zone: str = "America/New_York",
    city: str = "",
    demo: bool = False,
    actor: Actor | None,
) -> Organization:
    """Return a new organization. Raises Invalid, and Conflict ``slug_taken``."""
    if time_zone not in rules.known_zones():
        raise Invalid.field("/time_zone", "unknown_time_zone", _("Use the name of an IANA time zone."))
    try:
        with transaction.atomic():
            organization = Organization.objects.create(
                name=name,
                slug=slug,
                industry=industry,
                regulators=list(regulators),
                time_zone=time_zone,
                city=city,
                demo=demo,
            )
    except IntegrityError as error:
        raise Conflict("slug_taken", _("Another organization has this short name.")) from error
    audit.record(subject=organization, action="organization.created", actor=actor)
    return organization


@transaction.atomic
def add_member(
    *, organization: Organization, email: str, role: str = MemberRole.MEMBER, actor: Actor | None
) -> Membership:
    """Make a client account with this address a member, or change its role; the account is made where there is none.

    A new account has no password: its owner sets one through the reset by e-mail. Raises Conflict
    ``account_has_another_role`` for the address of somebody who is not a client.
    """
    _lock(organization)
    user = User.objects.filter(email=email.strip().lower()).first() or User.objects.create_user(
        email.strip(), role=Role.CLIENT
    )
    if user.role != Role.CLIENT:
        raise Conflict("account_has_another_role", _("This account does not belong to a client."))
    known = Membership.objects.filter(organization=organization, user=user).first()
    if known is not None and known.role == MemberRole.ADMIN and role != MemberRole.ADMIN:
        _require_another_administrator(known)
    membership, _created = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    audit.record(subject=organization, action="member.added", actor=actor, user=user.public_id, role=role)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, actor: Actor | None) -> None:
    """End a membership. Raises Conflict ``last_administrator``."""
    organization = _lock(membership.organization)
    _require_another_administrator(membership)
    user = membership.user
    membership.delete()
    audit.record(subject=organization, action="member.removed", actor=actor, user=user.public_id)


@transaction.atomic
def create_key(
    *,
    organization: Organization,
    name: str,
    scopes: Iterable[str],
    live: bool = True,
    expires_at: dt.datetime | None = None,
    actor: Actor | None,
) -> tuple[ApiKey, str]:
    """Return a new key and its text, which cannot be had again. Test keys are for the demo organization only.

    Raises Invalid ``test_key_needs_demo``, and what ``accounts.keys.create`` raises.
    """
    if not live and not organization.demo:
        raise Invalid.field("/live", "test_key_needs_demo", _("Test keys work on the demo organization only."))
    key, text = keys.create(
        organization_id=organization.pk, name=name, scopes=scopes, live=live, expires_at=expires_at, actor=actor
    )
    audit.record(
        subject=organization, action="key.created", actor=actor, key=key.public_id, scopes=list(key.scopes), live=live
    )
    return key, text


@transaction.atomic
def rotate_key(*, organization: Organization, key: ApiKey, actor: Actor | None) -> tuple[ApiKey, str]:
    """Return a successor of the key and its text; the old one works for another day. Raises Invalid."""
    successor, text = keys.rotate(key=key, actor=actor)
    audit.record(
        subject=organization, action="key.rotated", actor=actor, key=key.public_id, successor=successor.public_id
    )
    return successor, text


@transaction.atomic
def revoke_key(*, organization: Organization, key: ApiKey, actor: Actor | None) -> ApiKey:
    """End a key at once."""
    revoked = keys.revoke(key=key)
    audit.record(subject=organization, action="key.revoked", actor=actor, key=key.public_id)
    return revoked


def require_administrator(*, organization: Organization, actor: Actor) -> None:
    """Raise NotAllowed ``administrators_only`` unless the actor is a person who administers the organization."""
    administers = Membership.objects.filter(organization=organization, user=actor.user, role=MemberRole.ADMIN)
    if actor.user is None or not administers.exists():
        raise NotAllowed("administrators_only", _("Only administrators of the organization may do this."))


def acting_for(*, actor: Actor, organization_id: uuid.UUID | None) -> Organization:
    """Return the organization on whose behalf the actor works; it may be left unnamed where there is only one.

    Raises Invalid ``organization_required`` with several, ``unknown_organization`` for a foreign or absent one, and
    NotAllowed ``no_organization`` without any.
    """
    own: list[Organization] = list(Organization.objects.visible_to(actor).order_by("pk"))
    if organization_id is not None:
        for row in own:
            if row.pk == organization_id:
                return row
        raise Invalid.field("/organization", "unknown_organization", _("You do not act for this organization."))
    if not own:
        raise NotAllowed("no_organization", _("You do not act for any organization."))
    if len(own) > 1:
        raise Invalid.field(
            "/organization",
            "organization_required",
            _("You act for several organizations: say which one."),
            organizations=[row.public_id for row in own],
        )
    return own[0]


def _lock(organization: Organization) -> Organization:
    row: Organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    return row


def _require_another_administrator(membership: Membership) -> None:
    others = Membership.objects.filter(organization_id=membership.organization_id, role=MemberRole.ADMIN).exclude(
        pk=membership.pk
    )
    if membership.role == MemberRole.ADMIN and not others.exists():
        raise Conflict("last_administrator", _("An organization keeps at least one administrator."))

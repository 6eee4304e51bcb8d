"""Users and the ways they come in."""

from __future__ import annotations

import itertools
import uuid

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from marketplace.accounts import keys
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiKey, User
from marketplace.accounts.permissions import SCOPES, Role

_numbers = itertools.count(1)


def user(role: Role = Role.PROFESSIONAL, **fields: object) -> User:
    """Return a stored user without a password: they come in by a session (see ``session_token``)."""
    email = fields.pop("email", None) or f"{role}.{next(_numbers)}@example.com"
    return User.objects.create_user(str(email), role=role, **fields)


def session_token(user: User) -> str:
    """Return the token of a session that really is in the store, as logging in would have made it."""
    request = RequestFactory().post("/")
    request.session = SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    return str(request.session.session_key)


def key(organization_id: uuid.UUID, *, scopes: list[str] | None = None, **fields: object) -> tuple[ApiKey, str]:
    """Return an organization's key and its text; every scope unless some are named."""
    return keys.create(
        organization_id=organization_id,
        name="Integration",
        scopes=sorted(SCOPES) if scopes is None else scopes,
        actor=None,
        **fields,  # type: ignore[arg-type]
    )


def actor(of: User) -> Actor:
    """Return the actor that a logged-in user is."""
    return Actor(user=of)

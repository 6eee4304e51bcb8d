"""How a request says who it is: a person's opaque session token, or an organization's key."""

from __future__ import annotations

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from marketplace.accounts import keys
from marketplace.accounts.actors import Actor


class SessionToken(BaseAuthentication):
    """``X-Session-Token``, as given by ``POST /_allauth/app/v1/auth/login``."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        if not request.headers.get("X-Session-Token"):
            return None
        found = XSessionTokenAuthentication().authenticate(request)
        if not found:
            raise AuthenticationFailed(_("This session has ended; log in again."), code="session_ended")
        user = found[0]
        if not user.is_active:
            raise AuthenticationFailed(_("This account is not active."), code="account_inactive")
        if not request.headers.get("Accept-Language"):
            # Who states no language now has stated one before. The middleware puts the thread's language back.
            translation.activate(user.language)
        return Actor(user=user), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="celula"'


class OrganizationKey(BaseAuthentication):
    """``Authorization: Bearer cel_live_…``."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer":
            raise AuthenticationFailed(_("Use “Authorization: Bearer …”."), code="unknown_scheme")
        key = keys.recognize(text.strip())
        if key is None:
            raise AuthenticationFailed(_("This key is unknown, revoked or has expired."), code="key_not_usable")
        return Actor(key=key), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="celula"'

"""Accounts that end: shut at once, or emptied of everything that says whose they were."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection

from marketplace.accounts.models import User

# RFC 2606 reserves .invalid: nothing can ever be sent there.
NOWHERE = "erased.invalid"


def deactivate(*, user: User) -> User:
    """Let nobody in as ``user`` any more, sessions under way included, within the caller's transaction."""
    row = _locked(user)
    row.is_active = False
    row.touch("is_active")
    _end_sessions(row)
    return row


def erase(*, user: User) -> User:
    """Empty the account within the caller's transaction; its id stays, since audit rows name it."""
    row = _locked(user)
    row.email, row.is_active, row.last_login = f"{row.pk.hex}@{NOWHERE}", False, None
    row.set_unusable_password()
    row.touch("email", "is_active", "last_login", "password")
    EmailAddress.objects.filter(user=row).delete()
    Authenticator.objects.filter(user=row).delete()
    _end_sessions(row)
    return row


def _end_sessions(row: User) -> None:
    for session in UserSession.objects.filter(user=row):
        session.end()


def _locked(user: User) -> User:
    if not connection.in_atomic_block:
        raise RuntimeError("an account ends in the transaction of what ends it")
    row: User = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return row

"""Two logins of one person: one stays, the other one is closed with its sessions."""

from __future__ import annotations

from marketplace.accounts import closing
from marketplace.accounts.models import User
from profiles.models import Professional
from profiles.services.merging.fields import Side


def join(survivor: Professional, merged: Professional, kept: str) -> str | None:
    """Give the survivor the login that stays, and the alias the other one, closed; return whose login was closed.

    With one login there is nothing to choose. Both rows are locked and saved by the caller, who first lets both go
    (``Professional.user`` is one person's only).
    """
    users = {
        row.pk: row
        for row in User.objects.select_for_update()
        .filter(pk__in=[key for key in (survivor.user_id, merged.user_id) if key])
        .order_by("pk")
    }
    if not users:
        return None
    staying = merged.user_id if (kept == Side.MERGED and merged.user_id) or not survivor.user_id else survivor.user_id
    leaving = next((key for key in users if key != staying), None)
    survivor.user_id, merged.user_id = staying, leaving
    if leaving is None:
        return None
    return closing.deactivate(user=users[leaving]).public_id

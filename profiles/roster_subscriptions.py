"""What rosters do as time passes, and what they tell people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.permissions import Role
from marketplace.delivery import notifications
from marketplace.kernel import sweeping
from profiles.api import saved_queries
from profiles.services import duplicate_scan, saved_searches


def look_for_new_people() -> None:
    """Do the looks of saved searches that are due."""
    saved_searches.look_due(saved_queries.read)


def look_for_duplicates() -> None:
    """Look for duplicates among whoever has changed, for a few seconds."""
    duplicate_scan.step()


def subscribe() -> None:
    """Register what is due by time and the kinds of notification; called once, while the apps get ready."""
    sweeping.register("saved searches", look_for_new_people)
    sweeping.register("duplicates", look_for_duplicates)
    notifications.register(
        saved_searches.TELLING,
        category=notifications.Category.ALERTS,
        title=_("New people for “%(search)s”"),
        body=_("People who match your saved search for the first time: %(people)s."),
        audience=[Role.RECRUITER, Role.OPERATOR],
    )

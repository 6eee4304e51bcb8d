"""What people are told while an engagement runs and after it: the kinds, with their words.

The client is told that somebody is away, never why; a professional what concerns their own work.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.permissions import Role
from marketplace.delivery import notifications
from marketplace.delivery.notifications import Category

_BOTH = (Role.CLIENT, Role.PROFESSIONAL)
_ALL = (*_BOTH, Role.RECRUITER)
_PAPERS = (Role.PROFESSIONAL, Role.RECRUITER)

_KINDS: tuple[tuple[str, tuple[Role, ...], Promise, Promise], ...] = (
    (
        "engagement.pause_planned",
        _BOTH,
        _("A pause is planned"),
        _("The work rests from %(starts_on)s. Hours stay held until %(kept_until_on)s."),
    ),
    (
        "engagement.pause_called_off",
        _BOTH,
        _("A pause was called off"),
        _("The work goes on as agreed; there is no pause on %(starts_on)s."),
    ),
    (
        "engagement.paused",
        _BOTH,
        _("The work is paused"),
        _("The work rests from %(starts_on)s. Hours stay held until %(kept_until_on)s; after that they are free."),
    ),
    ("engagement.resumed", _BOTH, _("The work goes on"), _("The pause is over, and hours are booked as before.")),
    (
        "engagement.change_requested",
        _BOTH,
        _("Somebody asks for other terms"),
        _("Please answer by %(expires_at)s. Nothing changes unless everybody agrees."),
    ),
    (
        "engagement.change_applied",
        _BOTH,
        _("New terms hold"),
        _("Everybody has agreed, and the engagement has new terms."),
    ),
    ("engagement.change_declined", _BOTH, _("A change was declined"), _("The terms stay as they are.")),
    (
        "engagement.change_expired",
        _BOTH,
        _("A change was not answered in time"),
        _("The terms stay as they are. The change can be asked for again."),
    ),
    ("engagement.change_withdrawn", _BOTH, _("A change was withdrawn"), _("The terms stay as they are.")),
    (
        "engagement.change_superseded",
        _BOTH,
        _("A change no longer applies"),
        _("The engagement has changed since it was asked for. The terms stay as they are."),
    ),
    (
        "engagement.leave_granted",
        _ALL,
        _("Somebody will be away"),
        _("One of the people is on leave from %(starts_on)s to %(ends_on)s."),
    ),
    (
        "engagement.leave_cancelled",
        _ALL,
        _("Somebody is back earlier"),
        _("Leave from %(starts_on)s was called off or cut short."),
    ),
    ("milestone.planned", _BOTH, _("A milestone was added"), _("It is due on %(due_on)s.")),
    ("milestone.delivered", _BOTH, _("A milestone was delivered"), _("It waits for the client to accept it.")),
    ("milestone.accepted", _BOTH, _("A milestone was accepted"), _("The client took what was delivered.")),
    ("milestone.rejected", _BOTH, _("A milestone was sent back"), _("The client says what is missing.")),
    ("milestone.late", _BOTH, _("A milestone is late"), _("It was due on %(due_on)s and is not delivered.")),
    ("document.provided", _PAPERS, _("A document waits to be checked"), _("It was provided for an engagement.")),
    ("document.verified", _PAPERS, _("A document was checked"), _("It is as it should be.")),
    ("document.rejected", _PAPERS, _("A document was sent back"), _("Please look at the reason and provide it anew.")),
    ("document.expired", _PAPERS, _("A document has run out"), _("Please provide a newer one.")),
    (
        "rating.open",
        _BOTH,
        _("How was the work?"),
        _("You can rate it until %(closes_at)s. Each side reads the other's rating when both have rated."),
    ),
    ("rating.revealed", _BOTH, _("Both sides have rated"), _("You can read the other side's rating now.")),
)

for _name, _audience, _title, _body in _KINDS:
    notifications.register(_name, category=Category.ENGAGEMENTS, title=_title, body=_body, audience=_audience)

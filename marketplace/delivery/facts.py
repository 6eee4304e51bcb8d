"""Every kind of fact that a client can pull or be sent, in one list. What is not in it cannot be published."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FactKind:
    """``subject`` is the prefix of the ids that facts of this kind are about."""

    kind: str
    subject: str
    description: Promise | str


_ALL = (
    FactKind("project.published", "proj", _("The project is open, and a cell is looked for.")),
    FactKind("project.amended", "proj", _("What the project asks for was changed while it is open.")),
    FactKind("project.withdrawn", "proj", _("The project is a draft again; cells for it no longer count.")),
    FactKind("project.staffed", "proj", _("A cell was accepted for the project.")),
    FactKind("project.reopened", "proj", _("The accepted cell did not come about, and the project is open again.")),
    FactKind("project.completed", "proj", _("The work of the project is done.")),
    FactKind("project.cancelled", "proj", _("The project was canceled.")),
    FactKind("project.expired", "proj", _("The start of the project has passed without a cell.")),
    FactKind("run.composed", "run", _("Cells were composed for the project and wait for review.")),
    FactKind("run.infeasible", "run", _("No cell is possible as the project stands; the run says why.")),
    FactKind("offer.sent", "offer", _("A reviewed cell is offered; it can be accepted or declined.")),
    FactKind("offer.accepted", "offer", _("The offer was accepted, and an engagement is open.")),
    FactKind("offer.declined", "offer", _("The offer was declined.")),
    FactKind("offer.change_requested", "offer", _("A change of the offered cell was asked for.")),
    FactKind("offer.expired", "offer", _("The offer lapsed before anybody decided.")),
    FactKind("offer.withdrawn", "offer", _("The offer no longer stands; a new cell is looked for.")),
    FactKind("engagement.opened", "eng", _("An engagement is open, and everybody is asked to confirm.")),
    FactKind("invitation.accepted", "eng", _("Somebody invited to the engagement has said yes.")),
    FactKind("invitation.declined", "eng", _("Somebody invited to the engagement has said no.")),
    FactKind("invitation.expired", "eng", _("Somebody invited to the engagement did not answer in time.")),
    FactKind("placement.vacated", "eng", _("A seat of the engagement is empty or will be.")),
    FactKind("engagement.members_changed", "eng", _("Somebody was chosen for an empty seat and is asked to confirm.")),
    FactKind("engagement.confirmed", "eng", _("Everybody has said yes.")),
    FactKind("engagement.not_confirmed", "eng", _("Not everybody said yes in time, and the engagement has ended.")),
    FactKind("engagement.started", "eng", _("The work has begun.")),
    FactKind("replacement.awaiting_client", "repl", _("A replacement changes what was accepted; please answer.")),
    FactKind("replacement.applied", "repl", _("Somebody was found for an empty seat and is being asked.")),
    FactKind("replacement.declined", "repl", _("The replacement was declined; the seat is still empty.")),
    FactKind("replacement.expired", "repl", _("The replacement was not answered in time; the seat is still empty.")),
    FactKind("replacement.impossible", "repl", _("Nobody fits an empty seat; the replacement says why.")),
    FactKind("engagement.joined", "eng", _("Somebody who came later has begun to work.")),
    FactKind("engagement.pause_planned", "eng", _("A pause of the whole engagement is planned.")),
    FactKind("engagement.pause_called_off", "eng", _("A planned pause will not take place.")),
    FactKind("engagement.paused", "eng", _("The work rests.")),
    FactKind("engagement.resumed", "eng", _("The work goes on after a pause.")),
    FactKind("engagement.change_requested", "chg", _("A change of the engagement is proposed and waits for answers.")),
    FactKind("engagement.change_applied", "chg", _("A change of the engagement was agreed to and holds.")),
    FactKind("engagement.change_declined", "chg", _("A change of the engagement was declined.")),
    FactKind("engagement.change_expired", "chg", _("A change of the engagement was not answered in time.")),
    FactKind("engagement.change_withdrawn", "chg", _("A change of the engagement was taken back.")),
    FactKind("engagement.change_superseded", "chg", _("A change of the engagement no longer fits and has ended.")),
    FactKind("engagement.leave_granted", "leave", _("Somebody of the cell will be away for some days.")),
    FactKind("engagement.leave_cancelled", "leave", _("Somebody of the cell will not be away after all.")),
    FactKind("milestone.planned", "mile", _("A milestone was added to the engagement.")),
    FactKind("milestone.changed", "mile", _("A milestone was changed.")),
    FactKind("milestone.dropped", "mile", _("A milestone was taken out.")),
    FactKind("milestone.delivered", "mile", _("A milestone was delivered and waits to be accepted.")),
    FactKind("milestone.accepted", "mile", _("A milestone was accepted.")),
    FactKind("milestone.rejected", "mile", _("A milestone was sent back.")),
    FactKind("milestone.late", "mile", _("A milestone is past its date.")),
    FactKind("document.provided", "doc", _("A document of the engagement was provided and waits to be checked.")),
    FactKind("document.verified", "doc", _("A document of the engagement was checked.")),
    FactKind("document.rejected", "doc", _("A document of the engagement was sent back.")),
    FactKind("document.expired", "doc", _("A document of the engagement has run out.")),
    FactKind("rating.revealed", "place", _("Both sides have rated, and the ratings can be seen.")),
    FactKind("engagement.completed", "eng", _("The work of the engagement is done.")),
    FactKind("engagement.terminated", "eng", _("The engagement ended before the work was done.")),
    FactKind("webhook.test", "whk", _("Somebody asked for a test message to this endpoint.")),
    FactKind("webhook.disabled", "whk", _("An endpoint gets nothing any more, because it is gone or kept failing.")),
)
_BY_KIND = {fact.kind: fact for fact in _ALL}


def every_fact() -> tuple[FactKind, ...]:
    """Return all kinds in the order of their lives."""
    return _ALL


def is_known(kind: str) -> bool:
    """Tell whether facts of this kind can be published."""
    return kind in _BY_KIND


def require(kind: str) -> None:
    """Raise LookupError for a kind that is not declared here."""
    if kind not in _BY_KIND:
        raise LookupError(f"declare the fact {kind!r} in marketplace/delivery/facts.py before it is published")
